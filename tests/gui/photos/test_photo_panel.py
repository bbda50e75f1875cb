import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from gui.photos.photo_panel import PhotoPanel
from gui.photos.preview_loader import PreviewLoader
from gui.photos.shown_photo import ShownPhoto
from tests.gui.photos.rows import row_of

MakePhoto = Callable[..., Path]
Button = Qt.MouseButton


@pytest.fixture
def loader(qtbot: QtBot) -> Iterator[PreviewLoader]:
    loader = PreviewLoader()
    yield loader
    loader.close()


@pytest.fixture
def panel(qtbot: QtBot, loader: PreviewLoader) -> PhotoPanel:
    panel = PhotoPanel(loader)
    qtbot.addWidget(panel)
    panel.resize(320, 700)
    panel.show()
    return panel


@pytest.fixture
def shown(tmp_path: Path, make_photo: MakePhoto) -> ShownPhoto:
    photo = row_of(make_photo(tmp_path / "Tết.jpg", 1, (400, 300)), 5, size=(400, 300))
    return ShownPhoto(photo, online=True, favourite=False)


def _says(panel: PhotoPanel, text: str) -> bool:
    return any(one.isVisible() and text in one.text() for one in panel.findChildren(QLabel))


def test_without_a_photo_it_says_what_to_do(panel: PhotoPanel, shown: ShownPhoto) -> None:
    assert _says(panel, "Choose a photo")
    panel.show_photo(shown)
    assert not _says(panel, "Choose a photo")
    panel.show_photo(None)
    assert _says(panel, "Choose a photo")


def test_the_picture_of_the_photo_comes(qtbot: QtBot, panel: PhotoPanel, shown: ShownPhoto) -> None:
    panel.show_photo(shown)
    qtbot.waitUntil(lambda: panel.picture.has_picture)


def test_the_picture_of_another_photo_is_not_shown(
    qtbot: QtBot, panel: PhotoPanel, loader: PreviewLoader, shown: ShownPhoto
) -> None:
    panel.show_photo(replace(shown, photo=replace(shown.photo, id=6), online=False))
    with qtbot.waitSignal(loader.ready):
        loader.request(shown.photo, 100)
    assert not panel.picture.has_picture


def test_several_photos_are_counted_with_their_size(panel: PhotoPanel) -> None:
    panel.show_many(12, 5_600_000)
    assert _says(panel, "12 photo(s) chosen\n5.6 MB")


def test_a_photo_that_cannot_be_read_tells_why(
    qtbot: QtBot, panel: PhotoPanel, shown: ShownPhoto
) -> None:
    os.truncate(shown.photo.path, 0)
    panel.show_photo(shown)
    qtbot.waitUntil(lambda: panel.picture.sentence == "The file is empty.")


def test_nothing_is_read_from_a_drive_that_is_off_line(
    qtbot: QtBot, panel: PhotoPanel, loader: PreviewLoader, shown: ShownPhoto
) -> None:
    with qtbot.assertNotEmitted(loader.ready, wait=50):
        panel.show_photo(replace(shown, online=False))
    assert panel.picture.sentence == "Its drive or folder is not connected."
    panel.show_photo(shown)
    qtbot.waitUntil(lambda: panel.picture.has_picture)


def test_the_thumbnail_of_what_is_off_line_is_shown(
    qtbot: QtBot, loader: PreviewLoader, shown: ShownPhoto
) -> None:
    thumbnail = QPixmap(20, 20)
    thumbnail.fill(QColor("red"))
    panel = PhotoPanel(loader, lambda _: thumbnail)
    qtbot.addWidget(panel)
    panel.show_photo(replace(shown, online=False))
    assert panel.picture.has_picture
    assert panel.facts.notice == "Its drive or folder is not connected."


def test_the_same_photo_with_other_marks_is_not_read_again(
    qtbot: QtBot, panel: PhotoPanel, loader: PreviewLoader, shown: ShownPhoto
) -> None:
    panel.show_photo(shown)
    qtbot.waitUntil(lambda: panel.picture.has_picture)
    with qtbot.assertNotEmitted(loader.ready):
        panel.show_photo(replace(shown, favourite=True))
    assert panel.picture.has_picture
    assert panel.facts.favourite.isChecked()


def test_the_buttons_tell_which_photo(qtbot: QtBot, panel: PhotoPanel, shown: ShownPhoto) -> None:
    panel.show_photo(replace(shown, query="biển"))
    with qtbot.waitSignal(panel.similar_wanted) as similar:
        QTest.mouseClick(panel.similar, Button.LeftButton)
    with qtbot.waitSignal(panel.relevance_marked) as marked:
        QTest.mouseClick(panel.right_photo, Button.LeftButton)
    with qtbot.waitSignal(panel.favourite_marked) as favourite:
        QTest.mouseClick(panel.facts.favourite, Button.LeftButton)
    with qtbot.waitSignal(panel.opened) as opened:
        QTest.mouseDClick(panel.picture, Button.LeftButton)
    assert [one.args for one in (similar, marked, favourite, opened)] == [
        [5],
        [5, True],
        [5, True],
        [5],
    ]


def test_a_photo_is_marked_as_right_for_a_text_only(panel: PhotoPanel, shown: ShownPhoto) -> None:
    panel.show_photo(shown)
    assert not panel.right_photo.isEnabled()
    assert panel.right_photo.toolTip().startswith("Search with words first.")
    panel.show_photo(replace(shown, query="biển", marked=True))
    assert panel.right_photo.isEnabled()
    assert panel.right_photo.isChecked()
    assert "“biển”" in panel.right_photo.toolTip()


def test_everything_fits_the_narrowest_width(panel: PhotoPanel, shown: ShownPhoto) -> None:
    long = row_of(Path("/nơi/rất/xa/" + "một_cái_tên_rất_dài_" * 8 + ".jpg"), camera="Máy " * 20)
    panel.show_photo(
        replace(
            shown,
            photo=long,
            query="a",
            score=-1.5,
            cosines=(None, -0.5),
            position=10**6,
            total=10**6,
            ranks=(None, 10**6),
        )
    )
    panel.resize(280, 700)
    inner = panel.facts.parentWidget()
    assert inner is not None
    assert inner.minimumSizeHint().width() <= 280


def test_every_button_has_a_name(panel: PhotoPanel, shown: ShownPhoto) -> None:
    panel.show_photo(shown)
    buttons = [one for one in panel.findChildren(QAbstractButton) if one.isVisible()]
    assert buttons
    assert all(button.accessibleName() or button.text() for button in buttons)
