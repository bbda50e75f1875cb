from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from gui.evaluation.empty_page import EmptyPage
from gui.palettes import DARK, palette


def test_the_drawing_follows_the_theme(qtbot: QtBot, qapp: QApplication) -> None:
    page = EmptyPage()
    qtbot.addWidget(page)
    page.show()
    drawing = page.findChildren(QLabel)[0]
    before = qapp.palette()
    light = drawing.pixmap().toImage()
    qapp.setPalette(palette(DARK))
    try:
        qtbot.waitUntil(lambda: drawing.pixmap().toImage() != light)
        image = drawing.pixmap().toImage()
        colours = {
            image.pixelColor(x, y).name()
            for x in range(image.width())
            for y in range(image.height())
            if image.pixelColor(x, y).alpha() == 255
        }
        assert QColor(DARK.placeholder).name() in colours
    finally:
        qapp.setPalette(before)
