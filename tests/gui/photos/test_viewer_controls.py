from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from gui.photos.viewer_controls import Caption, ControlBar


def _texts(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel)]


def test_a_button_does_its_action_and_tells_the_key(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    action = QAction("Zoom in", window)
    action.setShortcut("+")
    bar = ControlBar([[action]], window)
    button = bar.findChild(QToolButton)
    assert isinstance(button, QToolButton)
    assert (button.accessibleName(), button.toolTip()) == ("Zoom in", "Zoom in (+)")
    with qtbot.waitSignal(action.triggered):
        button.click()


def test_the_scale_is_told_in_percent(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    bar = ControlBar([], window)
    bar.show_scale(0.333)
    assert _texts(bar) == ["33%"]


def test_the_caption_tells_name_and_place(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    caption = Caption(window)
    caption.show_text("Tết.jpg", 3, 120)
    assert sorted(_texts(caption)) == ["3 / 120", "Tết.jpg"]
    names = [label.accessibleName() for label in caption.findChildren(QLabel)]
    assert "Photo 3 of 120" in names
