"""Where the library lies and how large it is; clearing and moving it."""

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.paths import shown_path
from gui.data_location import Sizes
from gui.elided_label import ElidedLabel
from gui.library_moving import Move
from gui.models.wording import data_size
from gui.settings import Settings
from gui.settings_pages.page import ChooseFolder, SettingsPage, hint_label
from gui.theme import icon

FOLDER_NAME = "anhoi-library"  # of a library that is moved into a folder with other things


class DataPage(SettingsPage):
    """Tells of the library's files.

    Signals:
        action: arg1: str, "clear_thumbnails", "clear_indexes" or "move"; arg2: Path | None, where
            to; the user has confirmed it.

    Args:
        library_folder: where the library lies.
        choose_folder: asks for the folder to move it to.
        parent: Qt's.
    """

    action = Signal(str, object)

    def __init__(
        self, library_folder: Path, choose_folder: ChooseFolder, parent: QWidget | None = None
    ) -> None:
        super().__init__(self.tr("Data"), parent)
        self._choose_folder = choose_folder
        self._folder = library_folder
        self._place = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self._numbers = {
            part: QLabel("…") for part in ("database", "thumbnails", "indexes", "total")
        }
        self.open_button = QPushButton(icon("reveal"), self.tr("Open folder"))
        self.move_button = QPushButton(icon("export"), self.tr("Move…"))
        self.thumbnails_button = QPushButton(self.tr("Clear…"))
        self.indexes_button = QPushButton(self.tr("Clear…"))
        self.progress = QProgressBar()
        self._progress_words = hint_label("")
        self._lay_out()
        self._connect()
        self.show_place(library_folder)

    def show_settings(self, settings: Settings) -> None:
        """Nothing here is a setting."""

    def edited_settings(self, settings: Settings) -> Settings:
        return settings

    def show_place(self, folder: Path) -> None:
        """The library lies here, and nothing is being done to it."""
        self._folder = folder
        self._place.show_text(shown_path(os.fsencode(folder)))
        self._set_busy(False)

    def show_sizes(self, sizes: Sizes) -> None:
        """So large it is, as far as it has been counted."""
        for part, label in self._numbers.items():
            label.setText(data_size(getattr(sizes, part)))

    def show_move(self, move: Move) -> None:
        """So far the library has been moved."""
        self._set_busy(True)
        self.progress.setVisible(True)
        self.progress.setMaximum(1000)
        self.progress.setValue(1000 * move.done // max(move.total, 1))
        words = self.tr("{done} of {total} moved").format(
            done=data_size(move.done), total=data_size(move.total)
        )
        self._progress_words.setText(words)

    def _lay_out(self) -> None:
        promise = self.tr(
            "What Ảnh Ơi knows of your photos lies here. The photos themselves stay in their own "
            "folders and are never changed."
        )
        self._column.insertWidget(1, hint_label(promise))
        self._column.addWidget(self._make_place())
        self._column.addWidget(self._make_sizes())
        self._column.addWidget(self.progress)
        self._column.addWidget(self._progress_words)
        self._column.addStretch()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Moving the library"))

    def _make_place(self) -> QFrame:
        card = _card()
        row = QHBoxLayout(card)
        row.setContentsMargins(16, 12, 12, 12)
        row.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(4)
        title = QLabel(self.tr("Place of the library"))
        title.setProperty("role", "heading")
        words.addWidget(title)
        words.addWidget(self._place)
        row.addLayout(words, 1)
        row.addWidget(self.open_button)
        row.addWidget(self.move_button)
        return card

    def _make_sizes(self) -> QFrame:
        card = _card()
        self._rows = QGridLayout(card)
        self._rows.setContentsMargins(16, 12, 12, 12)
        self._rows.setHorizontalSpacing(16)
        self._rows.setVerticalSpacing(8)
        self._rows.setColumnStretch(0, 1)
        self._rows.setColumnMinimumWidth(2, 112)
        embeddings = self.tr("Folders, photos, embeddings, marks; cannot be made again")
        self._add_part("database", self.tr("Library"), embeddings)
        small = self.tr("Small copies for the grid; made again as you look at photos")
        self._add_part("thumbnails", self.tr("Thumbnails"), small, self.thumbnails_button)
        quick = self.tr("Make searching quick; made again from the library")
        self._add_part("indexes", self.tr("Indexes"), quick, self.indexes_button)
        self._add_part("total", self.tr("Together"), "")
        return card

    def _add_part(self, part: str, name: str, hint: str, button: QPushButton | None = None) -> None:
        row = self._rows.rowCount()
        words = QVBoxLayout()
        words.setSpacing(0)
        title = QLabel(name)
        words.addWidget(title)
        if hint:
            words.addWidget(hint_label(hint))
        self._rows.addLayout(words, row, 0)
        self._rows.addWidget(self._numbers[part], row, 1, Qt.AlignmentFlag.AlignRight)
        if button:
            button.setAccessibleName(self.tr("Clear: {part}").format(part=name))
            self._rows.addWidget(button, row, 2)

    def _connect(self) -> None:
        self.open_button.clicked.connect(
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))
        )
        self.move_button.clicked.connect(self._ask_to_move)
        self.thumbnails_button.clicked.connect(
            lambda: self._ask(
                self.tr("Delete all thumbnails?"),
                self.tr("They are made again as you look at your photos."),
                self.tr("Delete"),
                lambda: self._act("clear_thumbnails"),
            )
        )
        self.indexes_button.clicked.connect(
            lambda: self._ask(
                self.tr("Delete the indexes?"),
                self.tr("They are made again from the library; nothing has to be embedded."),
                self.tr("Delete"),
                lambda: self._act("clear_indexes"),
            )
        )

    def _ask_to_move(self) -> None:
        chosen = self._choose_folder(self, self.tr("Choose where the library shall lie"))
        if not chosen:
            return
        target = _target(Path(chosen))
        self._ask(
            self.tr("Move the library to {folder}?").format(folder=target),
            self.tr("Until it has arrived, nothing can be searched or indexed."),
            self.tr("Move"),
            lambda: self._act("move", target),
        )

    def _ask(self, question: str, more: str, yes: str, act: Callable[[], None]) -> None:
        box = QMessageBox(QMessageBox.Icon.Question, self.title, question, parent=self)
        box.setInformativeText(more)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
        box.accepted.connect(act)
        box.open()

    def _act(self, name: str, target: Path | None = None) -> None:
        self._set_busy(True)
        self.action.emit(name, target)

    def _set_busy(self, busy: bool) -> None:
        for button in (self.move_button, self.thumbnails_button, self.indexes_button):
            button.setEnabled(not busy)
        if not busy:
            self.progress.hide()
            self._progress_words.clear()


def _target(chosen: Path) -> Path:
    """The folder itself where it is empty, else one in it."""
    try:
        is_empty = not os.listdir(chosen)
    except OSError:
        return chosen  # moving there will tell what is the matter
    return chosen if is_empty else chosen / FOLDER_NAME


def _card() -> QFrame:
    card = QFrame()
    card.setProperty("role", "card")
    return card
