import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from engine.library.photo import Photo
from gui.photos.image_view import ImageView
from gui.photos.photo_viewer import PhotoViewer
from gui.photos.preview_loader import PreviewLoader
from tests.gui.photos.rows import among, row_of

MakePhoto = Callable[..., Path]
Key = Qt.Key
SIZE = (3200, 2400)


@pytest.fixture
def photos(tmp_path: Path, make_photo: MakePhoto) -> list[Photo]:
    paths = [make_photo(tmp_path / f"Tết {number}.jpg", number, (64, 48)) for number in range(5)]
    return [row_of(path, number) for number, path in enumerate(paths, start=1)]


@pytest.fixture
def loader(qtbot: QtBot) -> Iterator[PreviewLoader]:
    loader = PreviewLoader()
    yield loader
    loader.close()


@pytest.fixture
def viewer(qtbot: QtBot, loader: PreviewLoader, photos: list[Photo]) -> Iterator[PhotoViewer]:
    viewer = PhotoViewer(among(photos), loader)
    qtbot.addWidget(viewer)
    viewer.resize(800, 600)
    viewer.show_photos([photo.id for photo in photos], 1)
    yield viewer
    viewer.close()


def _view(viewer: PhotoViewer) -> ImageView:
    view = viewer.findChild(ImageView)
    assert isinstance(view, ImageView)
    return view


def _says(viewer: PhotoViewer, text: str) -> bool:
    labels = viewer.findChildren(QLabel)
    return any(label.isVisible() and label.text() == text for label in labels)


def _has_picture(viewer: PhotoViewer) -> bool:
    middle = _view(viewer).rect().center()
    ground = _view(viewer).grab().toImage().pixelColor(1, 1)
    return _view(viewer).grab().toImage().pixelColor(middle) != ground


def test_it_opens_at_the_chosen_photo(qtbot: QtBot, viewer: PhotoViewer) -> None:
    assert viewer.current_id == 2
    assert viewer.windowTitle() == "Tết 1.jpg"
    assert _says(viewer, "2 / 5")
    qtbot.waitUntil(lambda: _has_picture(viewer))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (Key.Key_Right, 3),
        (Key.Key_PageDown, 3),
        (Key.Key_Left, 1),
        (Key.Key_PageUp, 1),
        (Key.Key_Home, 1),
        (Key.Key_End, 5),
    ],
)
def test_the_keys_go_through_the_photos(
    qtbot: QtBot, viewer: PhotoViewer, key: Qt.Key, expected: int
) -> None:
    with qtbot.waitSignal(viewer.current_changed) as waiting:
        QTest.keyClick(viewer, key)
    assert waiting.args == [expected]


def test_the_ends_are_ends(viewer: PhotoViewer) -> None:
    viewer.go_to(99)
    assert viewer.current_id == 5
    assert not viewer.commands.next.isEnabled()
    viewer.go_to(-3)
    assert viewer.current_id == 1
    assert not viewer.commands.previous.isEnabled()


def test_the_neighbours_are_read_ahead(
    qtbot: QtBot, viewer: PhotoViewer, loader: PreviewLoader, photos: list[Photo]
) -> None:
    qtbot.waitUntil(lambda: all(loader.kept(photos[at]) is not None for at in (0, 1, 2)))
    assert loader.kept(photos[4]) is None


def test_delete_does_nothing(qtbot: QtBot, viewer: PhotoViewer, photos: list[Photo]) -> None:
    QTest.keyClick(viewer, Key.Key_Delete)
    assert viewer.current_id == 2
    assert all(os.path.exists(photo.path) for photo in photos)


def test_a_photo_that_left_the_library_is_told_so(viewer: PhotoViewer) -> None:
    viewer.show_photos([1, 77], 1)
    assert _says(viewer, "This photo is no longer in the library.")
    assert not _has_picture(viewer)


def test_a_file_that_vanished_is_told_so(
    qtbot: QtBot, viewer: PhotoViewer, photos: list[Photo]
) -> None:
    os.unlink(photos[4].path)
    viewer.go_to(4)
    qtbot.waitUntil(lambda: _says(viewer, "The file is no longer there."))


def test_every_pixel_is_read_when_it_is_zoomed(
    qtbot: QtBot, loader: PreviewLoader, tmp_path: Path, make_photo: MakePhoto
) -> None:
    photo = row_of(make_photo(tmp_path / "large.jpg", 1, SIZE), 9)
    viewer = PhotoViewer(among([photo]), loader)
    qtbot.addWidget(viewer)
    viewer.show_photos([9], 0)
    qtbot.waitUntil(lambda: loader.kept(photo) is not None)
    fitted = loader.kept(photo)
    assert fitted is not None
    assert not fitted.is_full
    QTest.keyClick(viewer, Key.Key_1)

    def is_full() -> bool:
        kept = loader.kept(photo)
        return kept is not None and kept.is_full

    qtbot.waitUntil(is_full)
    assert _view(viewer).scale == 1.0
    viewer.close()


def test_the_keys_zoom(qtbot: QtBot, viewer: PhotoViewer) -> None:
    qtbot.waitUntil(lambda: _has_picture(viewer))
    view = _view(viewer)
    QTest.keyClick(viewer, Key.Key_Plus)
    assert view.scale == 1.25
    QTest.keyClick(viewer, Key.Key_Minus)
    assert view.scale == 1.0
    QTest.keyClick(viewer, Key.Key_Equal)
    QTest.keyClick(viewer, Key.Key_0)
    assert view.is_fitting


def test_a_thumbnail_stands_in_until_the_picture_is_read(
    qtbot: QtBot, loader: PreviewLoader, tmp_path: Path
) -> None:
    thumbnail = QPixmap(32, 24)
    thumbnail.fill(QColor("lime"))
    gone = row_of(tmp_path / "slow.jpg", 1, size=(640, 480))
    viewer = PhotoViewer(among([gone]), loader, lambda _: thumbnail)
    qtbot.addWidget(viewer)
    viewer.show_photos([1], 0)
    view = _view(viewer)
    assert view.grab().toImage().pixelColor(view.rect().center()) == QColor("lime")
    viewer.close()


def test_full_screen_and_back_and_closed(qtbot: QtBot, viewer: PhotoViewer) -> None:
    QTest.keyClick(viewer, Key.Key_F11)
    assert viewer.isFullScreen()
    QTest.keyClick(viewer, Key.Key_Escape)
    assert not viewer.isFullScreen()
    assert viewer.isVisible()
    QTest.keyClick(viewer, Key.Key_Escape)
    assert not viewer.isVisible()


def test_a_slideshow_goes_round_and_stops_at_closing(qtbot: QtBot, viewer: PhotoViewer) -> None:
    viewer.set_slideshow_seconds(0.01)
    seen: list[int] = []
    viewer.current_changed.connect(seen.append)
    QTest.keyClick(viewer, Key.Key_F5)
    qtbot.waitUntil(lambda: seen[:5] == [3, 4, 5, 1, 2])
    viewer.close()
    count = len(seen)
    with qtbot.assertNotEmitted(viewer.current_changed, wait=100):
        assert not viewer.commands.slideshow.isChecked()
    assert len(seen) == count


def test_space_pauses_the_slideshow(qtbot: QtBot, viewer: PhotoViewer) -> None:
    viewer.set_slideshow_seconds(0.01)
    with qtbot.waitSignal(viewer.current_changed):
        QTest.keyClick(viewer, Key.Key_Space)
    QTest.keyClick(viewer, Key.Key_Space)
    with qtbot.assertNotEmitted(viewer.current_changed, wait=100):
        assert not viewer.commands.slideshow.isChecked()


def test_a_slideshow_passes_over_what_cannot_be_read(
    qtbot: QtBot, viewer: PhotoViewer, photos: list[Photo]
) -> None:
    os.unlink(photos[3].path)
    viewer.go_to(3)
    viewer.set_slideshow_seconds(0.01)
    with qtbot.waitSignal(viewer.current_changed) as waiting:
        viewer.commands.slideshow.trigger()
    assert waiting.args == [5]


def test_favourites_are_shown_and_marked(qtbot: QtBot, viewer: PhotoViewer) -> None:
    viewer.set_favourites([2])
    assert viewer.commands.favourite.isChecked()
    with qtbot.waitSignal(viewer.favourite_marked) as waiting:
        QTest.keyClick(viewer, Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert waiting.args == [2, False]
    QTest.keyClick(viewer, Key.Key_Right)
    viewer.commands.favourite.trigger()
    QTest.keyClick(viewer, Key.Key_Left)
    assert not viewer.commands.favourite.isChecked()
    QTest.keyClick(viewer, Key.Key_Right)
    assert viewer.commands.favourite.isChecked()


def test_every_button_has_a_name_and_tells_its_key(viewer: PhotoViewer) -> None:
    buttons = viewer.findChildren(QToolButton)
    assert len(buttons) == 9
    assert all(button.accessibleName() and "(" in button.toolTip() for button in buttons)


def test_the_menu_is_that_of_the_photo(qtbot: QtBot, viewer: PhotoViewer) -> None:
    asked: list[list[int]] = []
    menu = QMenu()
    menu.addAction("a")

    def menu_of(ids: list[int]) -> QMenu:
        asked.append(ids)
        return menu

    viewer.set_menu_provider(menu_of)
    at = viewer.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, viewer.mapToGlobal(at))
    QApplication.sendEvent(viewer, event)
    assert asked == [[2]]
    menu.hide()


def test_nothing_to_show_is_no_error(qtbot: QtBot, loader: PreviewLoader) -> None:
    viewer = PhotoViewer(among([]), loader)
    qtbot.addWidget(viewer)
    viewer.show_photos([], 0)
    assert viewer.current_id is None
    viewer.commands.slideshow.trigger()
    viewer.commands.favourite.trigger()
    viewer.close()


def test_a_file_that_is_replaced_is_shown_anew(
    qtbot: QtBot, viewer: PhotoViewer, photos: list[Photo], make_photo: MakePhoto
) -> None:
    qtbot.waitUntil(lambda: _has_picture(viewer))
    path = make_photo(Path(os.fsdecode(photos[1].path)), 9, (48, 64))
    photos[1] = row_of(path, 2)
    viewer._photos_of = among(photos)
    viewer.look_again([1, 3])
    assert _has_picture(viewer)
    viewer.look_again([2])
    qtbot.waitUntil(lambda: _view(viewer)._size.height() == 64)


def test_it_tells_when_it_is_closed(qtbot: QtBot, viewer: PhotoViewer) -> None:
    with qtbot.waitSignal(viewer.closed):
        viewer.close()


def test_its_photo_is_the_current_one_again_when_it_is_gone_back_to(
    qtbot: QtBot, viewer: PhotoViewer
) -> None:
    other = QLabel("another window")
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: not viewer.isActiveWindow())
    with qtbot.waitSignal(viewer.current_changed) as told:
        viewer.activateWindow()
    assert told.args == [2]
