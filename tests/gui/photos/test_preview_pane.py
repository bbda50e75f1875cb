import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.photos.preview_pane import PreviewPane


@pytest.fixture
def pane(qtbot: QtBot) -> PreviewPane:
    pane = PreviewPane()
    qtbot.addWidget(pane)
    pane.resize(400, 300)
    pane.show()
    return pane


def _red(width: int, height: int) -> QImage:
    picture = QImage(width, height, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    return picture


def test_the_whole_picture_is_shown_in_its_aspect(pane: PreviewPane) -> None:
    pane.show_picture([_red(1600, 400)])
    drawn = pane.grab().toImage()
    assert drawn.pixelColor(10, 150) == QColor("red")
    assert drawn.pixelColor(200, 110) == QColor("red")
    assert drawn.pixelColor(200, 90) != QColor("red")


def test_a_small_picture_is_not_enlarged(pane: PreviewPane) -> None:
    pane.show_picture([_red(20, 20)])
    drawn = pane.grab().toImage()
    assert drawn.pixelColor(200, 150) == QColor("red")
    assert drawn.pixelColor(180, 150) != QColor("red")


def test_a_sentence_takes_the_place_of_the_picture(pane: PreviewPane) -> None:
    pane.show_picture([_red(1600, 1200)])
    before = pane.grab().toImage()
    pane.show_sentence("The file is empty.")
    assert pane.sentence == "The file is empty."
    assert not pane.has_picture
    assert pane.grab().toImage() != before


def test_it_is_opened_by_a_double_click_and_by_enter(qtbot: QtBot, pane: PreviewPane) -> None:
    with qtbot.waitSignal(pane.opened):
        QTest.mouseDClick(pane, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(pane.opened):
        QTest.keyClick(pane, Qt.Key.Key_Return)


def test_its_height_follows_its_width(pane: PreviewPane) -> None:
    assert pane.heightForWidth(400) == 300
