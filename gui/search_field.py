"""The field of the search bar, and its sign of work under way."""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from gui.flat_button import FlatButton
from gui.picture_chip import PictureChip
from gui.search_line import SearchLine
from gui.theme import icon

FIELD_HEIGHT = 48
_RADIUS = 12.0
_LARGER = 1.15  # times the usual letters
_STEP_MS = 40
_DEGREES_A_STEP = 14
_PATIENCE_MS = 250  # an answer that comes sooner needs no sign of work


class SearchField(QFrame):
    """What can be filled in and pressed, in a rounded frame.

    It stands out while it has the focus and while a drop comes that it would take.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drop_coming = False
        self.setFixedHeight(FIELD_HEIGHT)
        self.glass = SearchGlass(self)
        self.chip = PictureChip(self)
        self.chip.hide()
        self.line = self._line()
        self.line.focus_changed.connect(self.update)
        self.clear_button = FlatButton("close", self.tr("Clear the search"), self)
        self.clear_button.hide()
        self.help_button = FlatButton("help", self.tr("How to search"), self)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(6)
        for widget in (self.glass, self.chip, self.line, self.clear_button, self.help_button):
            row.addWidget(widget)

    @property
    def outstanding(self) -> bool:
        """Whether it is drawn in the colour of what is chosen."""
        return self._drop_coming or self.line.hasFocus()

    def set_drop_coming(self, coming: bool) -> None:
        """Show that what is dragged may be dropped here, or no more."""
        self._drop_coming = coming
        self.update()

    def _line(self) -> SearchLine:
        line = SearchLine(self)
        line.setAccessibleName(self.tr("Search"))
        line.setPlaceholderText(self.tr("Describe a photo, e.g. “một con chó chạy trên bãi cỏ”"))
        font = line.font()
        font.setPointSizeF(font.pointSizeF() * _LARGER)
        line.setFont(font)
        return line

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, outstanding = self.palette(), self.outstanding
        line = palette.highlight().color() if outstanding else palette.mid().color()
        painter.setPen(QPen(line, 2 if outstanding else 1))
        painter.setBrush(palette.base())
        inside = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(inside, _RADIUS, _RADIUS)


class SearchGlass(QWidget):
    """The magnifying glass; while a search takes long, an arc that goes round instead."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(24, 24))
        self._angle = 0
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._turning = QTimer(self, interval=_STEP_MS)
        self._patience.timeout.connect(self._turning.start)
        self._turning.timeout.connect(self._turn)

    @property
    def busy(self) -> bool:
        """Whether a search is known to be under way, though it may not show yet."""
        return self._patience.isActive() or self._turning.isActive()

    def show_busy(self, busy: bool) -> None:
        """Begin or end showing that a search is under way."""
        if busy and not self.busy:
            self._patience.start()
        elif not busy:
            self._patience.stop()
            self._turning.stop()
            self.update()

    def _turn(self) -> None:
        self._angle = (self._angle + _DEGREES_A_STEP) % 360
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self._turning.isActive():
            icon("search", QPalette.ColorRole.PlaceholderText).paint(
                painter, self.rect().adjusted(2, 2, -2, -2)
            )
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self.palette().highlight().color(), 2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(QRectF(self.rect()).adjusted(4, 4, -4, -4), -self._angle * 16, 270 * 16)
