"""What the pages of the settings dialog have in common."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from gui.settings import Settings

T = TypeVar("T")
ChooseFolder = Callable[[QWidget, str], str]  # parent, title -> path; "" where none was chosen
LABEL_WIDTH = 160  # pixels; the fields of all pages stand in one line
FIELD_WIDTH = 336


def ask_for_folder(parent: QWidget, title: str) -> str:
    """Let the user choose a folder."""
    return QFileDialog.getExistingDirectory(parent, title)


class SettingsPage(QWidget):
    """A page of labelled fields.

    Signals:
        edited: the user changed something on it.

    Args:
        title: stands above.
        parent: Qt's.
    """

    edited = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        heading = QLabel(title)
        heading.setProperty("role", "title")
        self._grid = QGridLayout()
        self._grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        self._grid.setColumnStretch(1, 1)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 24, 24, 24)
        self._column.setSpacing(20)
        self._column.addWidget(heading)
        self._column.addLayout(self._grid)

    def show_settings(self, settings: Settings) -> None:
        """Show the values of these settings."""
        raise NotImplementedError

    def edited_settings(self, settings: Settings) -> Settings:
        """These settings with what stands on this page."""
        raise NotImplementedError

    def _add_row(
        self, label: str, field: QWidget, hint: QLabel | None = None, *, wide: bool = False
    ) -> None:
        """Add a field with its label before and a hint below; no label where it has its own."""
        row = self._grid.rowCount()
        if label:
            words = QLabel(label)
            words.setBuddy(field)
            words.setWordWrap(True)
            words.setFixedWidth(LABEL_WIDTH)
            words.setContentsMargins(0, 8, 0, 0)
            self._grid.addWidget(words, row, 0, Qt.AlignmentFlag.AlignTop)
            field.setAccessibleName(label)
        if wide:
            self._grid.addWidget(field, row, 1)
        else:
            self._grid.addWidget(field, row, 1, Qt.AlignmentFlag.AlignLeft)
        if hint:
            self._grid.addWidget(hint, row + 1, 1)
        self._grid.setRowMinimumHeight(row + 2, 12)


def hint_label(text: str) -> QLabel:
    """Small print that explains a field."""
    label = QLabel(text)
    label.setProperty("role", "hint")
    label.setWordWrap(True)
    return label


def combo(choices: Mapping[str, str], on_change: Callable[[], None]) -> QComboBox:
    """A field with these choices: the value that is kept and what it is called."""
    box = QComboBox()
    for value, text in choices.items():
        box.addItem(text, value)
    box.setFixedWidth(FIELD_WIDTH)
    box.currentIndexChanged.connect(lambda index: on_change())
    return box


def choose(box: QComboBox, value: str) -> None:
    """Show this value in a field with choices, also one that belongs to another system."""
    if box.findData(value) < 0:
        box.addItem(value, value)
    box.setCurrentIndex(box.findData(value))


def check_box(text: str, on_change: Callable[[], None]) -> QCheckBox:
    """A field that is on or off."""
    box = QCheckBox(text)
    box.toggled.connect(lambda on: on_change())
    return box
