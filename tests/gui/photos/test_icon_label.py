from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from gui.photos.icon_label import IconLabel
from gui.theme import icon


def test_the_icon_is_drawn_at_its_size(qtbot: QtBot) -> None:
    label = IconLabel(icon("photos", QColor("red")), 32)
    qtbot.addWidget(label)
    drawn = label.grab().toImage()
    reds = [drawn.pixelColor(x, y).red() > 200 for x in range(32) for y in range(32)]
    assert drawn.deviceIndependentSize().toTuple() == (32, 32)
    assert any(reds)
