"""A window that folders and files may be dropped on, anywhere."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from gui.dropping import local_paths


class DropWindow(QMainWindow):
    """Takes what lies on this machine; what is dragged out of itself does not come back.

    Signals:
        dragged_over: arg1: bool, whether something that may be dropped is over the window.
        dropped: arg1: list[bytes], paths.
    """

    dragged_over = Signal(bool)
    dropped = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_paths(event.mimeData()) and event.source() is None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.dragged_over.emit(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.dragged_over.emit(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.dragged_over.emit(False)
        event.acceptProposedAction()
        self.dropped.emit(local_paths(event.mimeData()))
