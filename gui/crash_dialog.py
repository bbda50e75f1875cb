"""What the user sees of a bug: a plain sentence, the trace, and a way to go on."""

import platform
from pathlib import Path

import PySide6
from PySide6.QtCore import Qt, Signal, qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.version import program_version
from gui.theme import WARNING_COLOUR, icon

MOST_SHOWN = 20


class CrashDialog(QDialog):
    """Shows unexpected errors; the window behind it stays usable.

    Signals:
        quit_wanted: the user would rather end the program.
    """

    quit_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._traces: list[str] = []
        self._count = 0
        self.setWindowTitle(self.tr("Unexpected error"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(720, 440)
        self._sentence = self._make_sentence()
        self._view = self._make_view()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        layout.addLayout(self._head())
        layout.addWidget(self._view, 1)
        layout.addLayout(self._buttons())
        self._go_on.setFocus()

    def add(self, trace: str) -> None:
        """Show one more error; the same one again is only counted."""
        self._count += 1
        if trace not in self._traces and len(self._traces) < MOST_SHOWN:
            self._traces.append(trace)
            self._view.setPlainText(self._shown())
        if self._count > 1:
            self._sentence.setText(self.tr("%n unexpected error(s) occurred.", "", self._count))

    def sentence(self) -> str:
        """What it says above the traces."""
        return self._sentence.text()

    def copy(self) -> None:
        """Put the traces and the versions of everything involved on the clipboard."""
        QGuiApplication.clipboard().setText(f"{versions()}\n\n{self._shown()}")
        self._copied.setVisible(True)

    def _shown(self) -> str:
        return without_home("\n".join(self._traces))

    def _head(self) -> QHBoxLayout:
        side = 40
        picture = QLabel()
        picture.setPixmap(icon("problems", WARNING_COLOUR).pixmap(side, side))
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._sentence)
        words.addWidget(self._make_advice())
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        return head

    def _make_sentence(self) -> QLabel:
        sentence = QLabel(self.tr("Something unexpected went wrong in Ảnh Ơi."))
        sentence.setProperty("role", "heading")
        sentence.setWordWrap(True)
        return sentence

    def _make_advice(self) -> QLabel:
        advice = QLabel(
            self.tr(
                "Your photos are untouched. You can go on; what you just did may have to be done "
                "again. If you report this error, please copy the text below into your message."
            )
        )
        advice.setWordWrap(True)
        return advice

    def _make_view(self) -> QPlainTextEdit:
        view = QPlainTextEdit()
        view.setReadOnly(True)
        view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        view.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        view.setAccessibleName(self.tr("Details of the error"))
        view.setTabChangesFocus(True)
        return view

    def _buttons(self) -> QHBoxLayout:
        copy = QPushButton(self.tr("&Copy"))
        copy.setToolTip(self.tr("Copy the details and the versions of program and system"))
        copy.clicked.connect(self.copy)
        self._copied = QLabel(self.tr("Copied."))
        self._copied.hide()
        leave = QPushButton(self.tr("&Quit Ảnh Ơi"))
        leave.clicked.connect(self.quit_wanted)
        self._go_on = QPushButton(self.tr("&Go on"))
        self._go_on.setDefault(True)
        self._go_on.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (copy, self._copied):
            row.addWidget(widget)
        row.addStretch()
        for widget in (leave, self._go_on):
            row.addWidget(widget)
        return row


def versions() -> str:
    """What ran, for a report: nothing about the user or the photos."""
    return (
        f"Ảnh Ơi {program_version()}, Python {platform.python_version()}, "
        f"PySide6 {PySide6.__version__}, Qt {qVersion()} ({QGuiApplication.platformName()}), "
        f"{platform.platform()}"
    )


def without_home(trace: str) -> str:
    """A trace without the user's name in its paths."""
    return trace.replace(str(Path.home()), "~")
