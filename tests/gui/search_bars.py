"""What the tests of the search bar share."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QInputMethodEvent,
    QKeyEvent,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractItemView, QWidget
from pytestqt.qtbot import QtBot

from engine.search.composing import Wish
from gui.search_bar import DEBOUNCE_MS, SearchBar
from gui.tasks import TaskRunner

_COPY = Qt.DropAction.CopyAction
LEFT = Qt.MouseButton.LeftButton
_NONE = Qt.KeyboardModifier.NoModifier


class Heard:
    """What a search bar told."""

    def __init__(self, bar: SearchBar) -> None:
        self.wishes: list[Wish] = []
        self.cleared = 0
        self.escaped = 0
        bar.wish_changed.connect(self.wishes.append)
        bar.cleared.connect(self._on_cleared)
        bar.escaped.connect(self._on_escaped)

    def _on_cleared(self) -> None:
        self.cleared += 1

    def _on_escaped(self) -> None:
        self.escaped += 1


def type_letters(bar: SearchBar, text: str) -> None:
    """Press keys that bear any letters; QTest knows those of ASCII only."""
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(bar.line, QKeyEvent(kind, 0, _NONE, letter))


def compose(bar: SearchBar, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QCoreApplication.sendEvent(bar.line, event)


def resting(qtbot: QtBot) -> None:
    """Come back when every debounce that began before is over."""
    longer = QTimer(singleShot=True, interval=2 * DEBOUNCE_MS)
    with qtbot.waitSignal(longer.timeout):
        longer.start()


def drag_enter(bar: QWidget, data: QMimeData) -> bool:
    event = QDragEnterEvent(QPoint(300, 20), _COPY, data, LEFT, _NONE)
    QCoreApplication.sendEvent(bar, event)
    return event.isAccepted()


def drop(bar: QWidget, data: QMimeData) -> None:
    assert drag_enter(bar, data)
    QCoreApplication.sendEvent(bar, QDropEvent(QPointF(300, 20), _COPY, data, LEFT, _NONE))


def file_data(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def image_data() -> QMimeData:
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    data = QMimeData()
    data.setImageData(image)
    return data


def open_bar(qtbot: QtBot, tasks: TaskRunner) -> SearchBar:
    """A search bar with the focus; photo 7 has a thumbnail."""
    square = QPixmap(32, 32)
    square.fill(QColor("teal"))
    bar = SearchBar(tasks, lambda photo_id: square if photo_id == 7 else None)
    qtbot.addWidget(bar)
    bar.resize(800, 60)
    bar.show()
    qtbot.waitExposed(bar)
    bar.activateWindow()
    bar.setFocus()
    qtbot.waitUntil(bar.line.hasFocus)
    return bar


def history_list(bar: SearchBar) -> QAbstractItemView:
    """The list of earlier searches."""
    popup = bar.completer.popup()
    assert popup is not None
    return popup
