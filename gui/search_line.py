"""The line that a query is typed into."""

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QTextCharFormat,
)
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.given_picture import holds_picture
from gui.theme import DANGER_COLOUR

_ACCEPTING = (Qt.Key.Key_Right, Qt.Key.Key_End)
_PLAIN = "SearchLine { border: none; background: transparent; padding: 0 4px; }"


class SearchLine(QLineEdit):
    """A line of text that knows when an input method is in the middle of a word.

    What completes the text is shown in grey behind it, not in a list: a list that opens by itself
    ends the composition of some input methods.

    Signals:
        composing_changed: an input method began (True) or ended (False) composing; in between,
            the text is not what the user means yet.
        picture_pasted: the clipboard holds a picture instead of text, and it is wanted.
        history_wanted: earlier searches are asked for.
        erased_before_start: the user erases to the left although there is no text there.
        escaped: Escape was pressed.
        focus_changed: the line has the focus (True) or lost it.
    """

    composing_changed = Signal(bool)
    picture_pasted = Signal()
    history_wanted = Signal()
    erased_before_start = Signal()
    escaped = Signal()
    focus_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.composing = False
        self._marked = False
        self._completion = ""
        self.setFrame(False)
        self.setStyleSheet(_PLAIN)
        self.setAcceptDrops(False)  # the bar around it takes drops
        self.textChanged.connect(self.clear_mark)

    def mark(self, start: int, end: int) -> None:
        """Underline the characters at fault, until the text is changed."""
        if self.composing or not start < end <= len(self.text()):
            return
        wavy = QTextCharFormat()
        wavy.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        wavy.setUnderlineColor(QColor(DANGER_COLOUR))
        kind = QInputMethodEvent.AttributeType.TextFormat
        place = QInputMethodEvent.Attribute(kind, start - self.cursorPosition(), end - start, wavy)
        self._format([place])
        self._marked = True

    def clear_mark(self) -> None:
        """Take the underline away."""
        if self._marked:
            self._format([])

    @property
    def completion(self) -> str:
        """What is offered to follow the text; "" where nothing is."""
        text = self.text()
        offered = self._completion[len(text) :]
        fits = self._completion.casefold().startswith(text.casefold())
        at_end = self.cursorPosition() == len(text) and not self.hasSelectedText()
        return offered if fits and at_end and not self.composing and self.hasFocus() else ""

    def offer(self, whole: str) -> None:
        """Offer a text that begins like the one that is typed; "" offers nothing."""
        self._completion = whole
        self.update()

    @property
    def marked(self) -> bool:
        """Whether something is underlined."""
        return self._marked

    def _format(self, attributes: list[QInputMethodEvent.Attribute]) -> None:
        # The only way into the text layout of a QLineEdit: an input method without a word.
        QCoreApplication.sendEvent(self, QInputMethodEvent("", attributes))

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._marked = False  # each such event brings its own formats
        super().inputMethodEvent(event)
        composing = bool(event.preeditString())
        if composing != self.composing:
            self.composing = composing
            self.composing_changed.emit(composing)

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()  # before any shortcut of the window
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste) and _picture_at_hand():
            self.picture_pasted.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.history_wanted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif event.key() in _ACCEPTING and not event.modifiers() and self.completion:
            self.setText(self._completion)
        else:
            self._erase_before_start(event)
            super().keyPressEvent(event)

    def _erase_before_start(self, event: QKeyEvent) -> None:
        at_start = self.cursorPosition() == 0 and not self.hasSelectedText()
        if event.key() == Qt.Key.Key_Backspace and at_start and not event.isAutoRepeat():
            self.erased_before_start.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if offered := self.completion:
            painter = QPainter(self)
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            room = self.rect()
            room.setLeft(self.cursorRect().center().x() + 1)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, offered)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit(False)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.createStandardContextMenu()
        if _picture_at_hand():
            menu.addSeparator()
            menu.addAction(self.tr("Search with the copied picture"), self.picture_pasted.emit)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())


def _picture_at_hand() -> bool:
    return holds_picture(QGuiApplication.clipboard().mimeData())
