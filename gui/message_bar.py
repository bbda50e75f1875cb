"""One line of news below the search bar."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from gui.flat_button import FlatButton
from gui.theme import WARNING_COLOUR, blended, icon

SHOWN_MS = 8_000
_RADIUS = 8.0
_ICON = 18
_SIDE = 8  # left and right of the frame, in line with the search bar


@dataclass(frozen=True, slots=True)
class _Message:
    sentence: str
    action_text: str | None
    action: Callable[[], None] | None
    lasting: bool
    alarming: bool


class MessageBar(QWidget):
    """Shows the newest message; those that must be answered or closed wait behind it.

    Signals:
        emptied: the last message is gone.
    """

    emptied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._messages: list[_Message] = []
        self._hiding = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._hiding.timeout.connect(self.close_message)
        self._build()
        self.hide()

    def tell(
        self,
        sentence: str,
        action_text: str | None = None,
        action: Callable[[], None] | None = None,
        *,
        lasting: bool = False,
    ) -> None:
        """Show a sentence, above those before it.

        Args:
            sentence: in the window's language.
            action_text: on a button, None for none.
            action: what the button does; the message is closed then.
            lasting: stays until it is closed, as an error must, and looks like one. One with an
                action stays as well, but as calm as the others.
        """
        stays = lasting or action is not None
        message = _Message(sentence, action_text, action, stays, alarming=lasting)
        self._messages = [
            other for other in self._messages if other.lasting and other.sentence != sentence
        ]
        self._messages.append(message)
        self._show_last()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def close_message(self) -> None:
        """Close the one that is shown; the one before it comes back."""
        if self._messages:
            self._messages.pop()
            self._show_last()

    def withdraw(self, sentence: str) -> None:
        """Close the one that says this, if it is open: it is no longer true."""
        left = [message for message in self._messages if message.sentence != sentence]
        if len(left) < len(self._messages):
            self._messages = left
            self._show_last()

    @property
    def sentences(self) -> list[str]:
        """All that are open, the shown one last."""
        return [message.sentence for message in self._messages]

    def _build(self) -> None:
        self.label = QLabel(self)
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)  # names of files may look like markup
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.more_label = QLabel(self)
        self.more_label.setProperty("role", "hint")
        self.action_button = QPushButton(self)
        self.close_button = FlatButton("close", self.tr("Close the message"), self)
        self.action_button.clicked.connect(self._act)
        self.close_button.clicked.connect(self.close_message)
        row = QHBoxLayout(self)
        row.setContentsMargins(_SIDE + 12 + _ICON + 10, 6, _SIDE + 6, 6)
        row.setSpacing(12)
        row.addWidget(self.label, 1)
        for widget in (self.more_label, self.action_button, self.close_button):
            row.addWidget(widget)

    def _show_last(self) -> None:
        self._hiding.stop()
        if not self._messages:
            self.hide()
            self.emptied.emit()
            return
        message = self._messages[-1]
        self.label.setText(message.sentence)
        self.setAccessibleName(message.sentence)
        self._show_waiting(len(self._messages) - 1)
        self.action_button.setText(message.action_text or "")
        self.action_button.setVisible(message.action is not None)
        if not message.lasting:
            self._hiding.start()
        self.show()
        self.update()

    def _show_waiting(self, count: int) -> None:
        self.more_label.setText(self.tr("%Ln more", "", count))
        self.more_label.setVisible(count > 0)

    def _act(self) -> None:
        action = self._messages[-1].action
        self.close_message()
        if action:
            action()

    def paintEvent(self, event: QPaintEvent) -> None:
        palette, alarming = self.palette(), bool(self._messages) and self._messages[-1].alarming
        colour = WARNING_COLOUR if alarming else palette.highlight().color()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(blended(colour, palette.window().color(), 0.45))
        painter.setBrush(blended(colour, palette.window().color(), 0.12))
        frame = QRectF(self.rect()).adjusted(_SIDE + 0.5, 0.5, -_SIDE - 0.5, -0.5)
        painter.drawRoundedRect(frame, _RADIUS, _RADIUS)
        sign = QRect(_SIDE + 12, (self.height() - _ICON) // 2, _ICON, _ICON)
        icon("problems" if alarming else "info", colour).paint(painter, sign)
