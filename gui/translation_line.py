"""Below the search field: the English that encoders which know no Vietnamese are asked with."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from engine.search.wording import Wording
from gui.engine_sentences import translated
from gui.flat_button import FlatButton
from gui.theme import icon

_ICON = 16


class TranslationLine(QWidget):
    """Shows the translation of a query, lets it be edited, and says whom it could not reach.

    Signals:
        edited: the user's own English. arg1: str, "" for the translator's.
        models_wanted: the user wants to see which models there are.
        left: Escape was pressed in the field.

    Args:
        parent: Qt's.
    """

    edited = Signal(str)
    models_wanted = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self._has_something = False
        self._beside_results = True
        self.field = _EnglishField(self)
        self.back_button = FlatButton("refresh", self.tr("Back to the translation"), self)
        self.left_out = QLabel(self)
        self.models_button = QPushButton(self.tr("Models…"), self)
        self._lay_out()
        self._connect()
        self.show_wording(None)

    def show_wording(self, wording: Wording | None, *, own: bool = False) -> None:
        """Show how the query was put to the encoders; nothing where all read what was typed.

        Args:
            wording: of the newest answer.
            own: whether its English is the user's.
        """
        english = wording.english if wording else None
        reasons = list(wording.left_out.values()) if wording else []
        if english is not None and not self.field.isModified():
            self._shown = english
            self.field.setText(english)
        self._sentence.setVisible(english is not None)
        self.back_button.setVisible(own)
        self.left_out.setText("\n".join(translated(reason) for reason in reasons))
        self._reasons.setVisible(bool(reasons))
        self._has_something = english is not None or bool(reasons)
        self._show_or_hide()

    def stand_beside_results(self, on: bool) -> None:
        """Whether results are in sight, which it belongs to."""
        self._beside_results = on
        self._show_or_hide()

    def forget(self) -> None:
        """Something else is searched for: what was being edited no longer belongs to it."""
        self.field.setModified(False)

    def _show_or_hide(self) -> None:
        self.setVisible(self._has_something and self._beside_results)

    def _lay_out(self) -> None:
        name = QLabel(self.tr("In English:"), self)
        name.setProperty("role", "hint")
        name.setBuddy(self.field)
        self.field.setAccessibleName(self.tr("The query in English"))
        self.field.setToolTip(self.tr("Edit it and press Enter to search with your own words."))
        self._sentence = _row(name, self.field, self.back_button)
        sign = QLabel(self)
        sign.setPixmap(icon("info").pixmap(QSize(_ICON, _ICON)))
        self.left_out.setProperty("role", "hint")
        self.left_out.setWordWrap(True)
        self.left_out.setTextFormat(Qt.TextFormat.PlainText)
        self.models_button.setProperty("role", "quiet")
        self._reasons = _row(sign, self.left_out, self.models_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._sentence)
        column.addWidget(self._reasons)

    def _connect(self) -> None:
        self.field.returnPressed.connect(self._tell)
        self.field.escaped.connect(self._give_up)
        self.back_button.clicked.connect(self._go_back)
        self.models_button.clicked.connect(self.models_wanted)

    def _tell(self) -> None:
        self.field.setModified(False)
        self.edited.emit(self.field.text().strip())

    def _go_back(self) -> None:
        self.field.setModified(False)
        self.edited.emit("")

    def _give_up(self) -> None:
        """Put back what was there, or leave."""
        if self.field.isModified():
            self.field.setText(self._shown)  # which Qt calls unmodified
        else:
            self.left.emit()


class _EnglishField(QLineEdit):
    """As a text until it is pointed at.

    Signals:
        escaped: Escape was pressed.
    """

    escaped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


def _row(first: QWidget, middle: QWidget, last: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(first, 0, Qt.AlignmentFlag.AlignVCenter)
    row.addWidget(middle, 1)
    row.addWidget(last)
    return holder
