"""The picture that takes part in a search, in small, within the search bar."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.flat_button import FlatButton
from gui.theme import icon

_SIDE = 32
_RADIUS = 8.0


class PictureChip(QWidget):
    """A small rounded picture with a cross.

    Signals:
        removal_wanted: the cross was pressed.
    """

    removal_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixmap = QPixmap()
        self.setAccessibleName(self.tr("Picture to search with"))
        self.setToolTip(self.tr("Photos that look like this picture are searched"))
        self.remove_button = FlatButton("close", self.tr("Search without this picture"), self)
        self.remove_button.setIconSize(QSize(14, 14))
        self.remove_button.clicked.connect(self.removal_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(_SIDE + 6, 0, 2, 0)
        row.addWidget(self.remove_button)
        self.setFixedHeight(_SIDE + 4)

    def show_pixmap(self, pixmap: QPixmap | None) -> None:
        """Show this picture; None shows a sign for any picture."""
        self._pixmap = pixmap or QPixmap()
        self.update()

    @property
    def pixmap(self) -> QPixmap:
        """What is shown; null where it is the sign."""
        return self._pixmap

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().midlight())
        painter.drawRoundedRect(QRectF(self.rect()), _RADIUS, _RADIUS)
        square = QRectF(2, 2, _SIDE, _SIDE)
        if self._pixmap.isNull():
            icon("photos").paint(painter, square.toRect().adjusted(6, 6, -6, -6))
            return
        rounded = QPainterPath()
        rounded.addRoundedRect(square, _RADIUS - 2, _RADIUS - 2)
        painter.setClipPath(rounded)
        painter.drawPixmap(square, self._pixmap, _middle(self._pixmap))


def _middle(pixmap: QPixmap) -> QRectF:
    """The largest square in the middle."""
    width, height = pixmap.width(), pixmap.height()
    side = min(width, height)
    return QRectF((width - side) / 2, (height - side) / 2, side, side)
