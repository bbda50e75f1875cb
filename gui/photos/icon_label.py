"""An icon that is only looked at."""

from PySide6.QtGui import QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget


class IconLabel(QWidget):
    """Draws an icon, in the colours of the moment, whatever theme comes."""

    def __init__(self, icon: QIcon, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setFixedSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._icon.paint(QPainter(self), self.rect())
