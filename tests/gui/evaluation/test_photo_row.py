from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.images.thumbnails import make_thumbnail, save_thumbnail
from gui.evaluation.photo_row import SIDE, PhotoRow, load_thumbnails


@pytest.fixture
def row(qtbot: QtBot) -> PhotoRow:
    row = PhotoRow("Ranked first", 5)
    qtbot.addWidget(row)
    row.show()
    return row


def test_photos_stand_side_by_side_with_their_words(row: PhotoRow) -> None:
    images = [QImage(32, 24, QImage.Format.Format_RGB32) for _ in range(3)]
    for image, colour in zip(images, ("red", "green", "blue"), strict=True):
        image.fill(QColor(colour))
    row.show_photos([7, 9, 8], ["1", "2", "3"], images)
    assert row.ids() == [7, 9, 8]
    assert [row.item(place).text() for place in range(3)] == ["1", "2", "3"]
    shown = row.item(1).icon().pixmap(QSize(24, 24)).toImage()
    assert shown.pixelColor(12, 12) == QColor("green")
    row.show_photos([5], ["1"], images[:1])
    assert row.ids() == [5]


def test_a_photo_without_a_thumbnail_is_shown_so(row: PhotoRow) -> None:
    row.show_photos([7], ["1"], [QImage()])
    assert not row.item(0).icon().isNull()


def test_a_double_click_opens_the_photo(qtbot: QtBot, row: PhotoRow) -> None:
    row.show_photos([7, 9], ["1", "2"], [QImage(), QImage()])
    middle = row.visualItemRect(row.item(1)).center()
    QTest.mouseClick(row.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    with qtbot.waitSignal(row.opened) as opened:
        QTest.mouseDClick(row.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert opened.args == [9]


def test_thumbnails_are_read_as_large_as_they_are_shown(tmp_path: Path) -> None:
    save_thumbnail(tmp_path, 1234, make_thumbnail(Image.new("RGB", (640, 320), "red")))
    found, missing = load_thumbnails(tmp_path, [1234, 5])
    assert missing.isNull()
    assert (found.width(), found.height()) == (2 * SIDE, SIDE)
    assert found.devicePixelRatio() == 2
