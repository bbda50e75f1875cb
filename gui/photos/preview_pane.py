"""The picture at the top of the details."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.photos.preview import level_for
from gui.theme import icon

_ASPECT = 3 / 4
_WIDTH = 320
_RADIUS = 8.0
_MARGIN = 16
_ICON_SIDE = 32


class PreviewPane(QWidget):
    """Shows one picture as large as it is wide, or a sentence in its place."""

    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._levels: Sequence[QImage] = ()
        self._sentence = ""
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(self.tr("Double-click to see it large"))

    @property
    def sentence(self) -> str:
        """What stands in place of the picture; "" while there is one."""
        return self._sentence

    @property
    def has_picture(self) -> bool:
        return bool(self._levels)

    def show_picture(self, levels: Sequence[QImage]) -> None:
        """Show a picture, each level half the size of the one before."""
        self._levels, self._sentence = levels, ""
        self.update()

    def show_sentence(self, sentence: str) -> None:
        """Say why there is no picture; "" while it is on its way."""
        self._levels, self._sentence = (), sentence
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, self.heightForWidth(_WIDTH))

    def heightForWidth(self, width: int) -> int:
        return round(width * _ASPECT)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        self._paint_ground(painter)
        if self._levels:
            self._paint_picture(painter)
        elif self._sentence:
            self._paint_sentence(painter)

    def _paint_ground(self, painter: QPainter) -> None:
        role = QPalette.ColorRole
        edge = role.Highlight if self.hasFocus() else role.Mid
        painter.setPen(QPen(self.palette().color(edge), 1))
        painter.setBrush(self.palette().color(role.Base))
        half = 0.5  # of a pixel, so that the line is sharp
        ground = QRectF(self.rect()).adjusted(half, half, -half, -half)
        painter.drawRoundedRect(ground, _RADIUS, _RADIUS)

    def _paint_picture(self, painter: QPainter) -> None:
        room = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        largest = self._levels[0].size()
        ratio = self.devicePixelRatioF()
        scale = min(room.width() / largest.width(), room.height() / largest.height(), 1 / ratio)
        target = QRectF(0, 0, largest.width() * scale, largest.height() * scale)
        target.moveCenter(room.center())
        level = level_for(self._levels, target.width() * ratio)
        painter.drawImage(target, level, QRectF(level.rect()))

    def _paint_sentence(self, painter: QPainter) -> None:
        room = self.rect().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        text = self.fontMetrics().boundingRect(room, int(flags), self._sentence)
        top = room.center().y() - (text.height() + _ICON_SIDE + _MARGIN) // 2
        drawing = icon("broken-photo", QPalette.ColorRole.PlaceholderText)
        drawing.paint(painter, room.x(), top, room.width(), _ICON_SIDE)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        text.moveTop(top + _ICON_SIDE + _MARGIN)
        painter.drawText(text, int(flags), self._sentence)
