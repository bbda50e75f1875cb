"""Files that macOS asks a running program to open; there, no second start tells of them."""

import os

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication


class Application(QApplication):
    """Qt's, which hears them; a filter would see every event of every widget.

    Signals:
        files_opened: arg1: list[bytes], absolute paths.
    """

    files_opened = Signal(list)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and event.file():  # else it is an address
            self.files_opened.emit([os.fsencode(event.file())])
            return True
        return super().event(event)
