"""Which photos are looked through, and how much of the machine that may take."""

import os
import sys
from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from engine.inference.messages import Share
from engine.paths import shown_path
from gui.settings import Settings
from gui.settings_pages.page import (
    ChooseFolder,
    SettingsPage,
    check_box,
    choose,
    combo,
    hint_label,
)
from gui.theme import icon


class IndexingPage(SettingsPage):
    """What concerns finding and embedding photos.

    Args:
        choose_folder: asks for a folder to be left out.
        parent: Qt's.
    """

    def __init__(self, choose_folder: ChooseFolder, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Indexing"), parent)
        self._choose_folder = choose_folder
        self._folders: tuple[str, ...] = ()
        self.shares: dict[Share, QRadioButton] = {}
        self.device = combo(self._devices(), self.edited.emit)
        self.precision = combo(
            {
                "auto": self.tr("The fastest without a loss"),
                "float32": self.tr("Always full (float32)"),
            },
            self.edited.emit,
        )
        self.hidden = check_box(
            self.tr("Also look into hidden folders and files"), self.edited.emit
        )
        self.excluded = self._make_list()
        self.add_button = QPushButton(icon("folder-add"), self.tr("Add…"))
        self.remove_button = QPushButton(icon("close"), self.tr("Remove"))
        self._lay_out()
        self._connect()

    def show_settings(self, settings: Settings) -> None:
        self.shares[settings.machine_share].setChecked(True)
        choose(self.device, settings.device)
        choose(self.precision, settings.precision)
        self.hidden.setChecked(settings.hidden_files)
        self.show_excluded(settings.excluded_folders)

    def edited_settings(self, settings: Settings) -> Settings:
        return replace(
            settings,
            machine_share=next(name for name, button in self.shares.items() if button.isChecked()),
            device=self.device.currentData(),
            precision=self.precision.currentData(),
            hidden_files=self.hidden.isChecked(),
            excluded_folders=self.excluded_folders(),
        )

    def excluded_folders(self) -> tuple[str, ...]:
        """What stands in the list of folders that are left out."""
        return self._folders

    def show_excluded(self, folders: Iterable[str]) -> None:
        """List these folders."""
        self._folders = tuple(folders)  # Qt would lose names that are no UTF-8
        self.excluded.clear()
        for folder in self._folders:
            item = QListWidgetItem(icon("folder"), shown_path(os.fsencode(folder)))
            item.setSizeHint(QSize(0, 32))
            self.excluded.addItem(item)

    def _devices(self) -> dict[str, str]:
        graphics = (
            {"mps": self.tr("Graphics of the Apple chip")}
            if sys.platform == "darwin"
            else {"cuda": self.tr("Graphics card (CUDA)")}
        )
        return {"auto": self.tr("The best there is"), "cpu": self.tr("Processor (CPU)")} | graphics

    def _make_list(self) -> QListWidget:
        made = QListWidget()
        made.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        made.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        made.setIconSize(QSize(18, 18))
        made.setFixedHeight(112)
        return made

    def _lay_out(self) -> None:
        self._add_row(self.tr("Share of the machine"), self._make_shares(), wide=True)
        self._add_row(self.tr("Device"), self.device)
        why = self.tr("Full precision is slower and changes results hardly ever.")
        self._add_row(self.tr("Precision"), self.precision, hint_label(why))
        self._add_row(self.tr("Folders left out"), self._make_excluded(), wide=True)
        self._add_row("", self.hidden)
        self._column.addStretch()

    def _make_shares(self) -> QWidget:
        field = QWidget()
        column = QVBoxLayout(field)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(0)
        shares: tuple[tuple[Share, str, str], ...] = (
            ("gentle", self.tr("Gentle"), self.tr("Leaves a core free; slowest.")),
            ("normal", self.tr("Normal"), self.tr("All cores, but other programs come first.")),
            ("full", self.tr("Full"), self.tr("Fastest; other programs may feel it.")),
        )
        for share, name, hint in shares:
            column.addLayout(self._make_share(share, name, hint))
        return field

    def _make_share(self, share: Share, name: str, hint: str) -> QHBoxLayout:
        button = QRadioButton(name)
        button.setAccessibleDescription(hint)
        button.setMinimumWidth(96)
        self.shares[share] = button
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(button)
        row.addWidget(hint_label(hint), 1)
        return row

    def _make_excluded(self) -> QWidget:
        field = QWidget()
        self.excluded.setAccessibleName(self.tr("Folders left out"))
        buttons = QVBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.add_button)
        buttons.addWidget(self.remove_button)
        buttons.addStretch()
        row = QHBoxLayout(field)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.excluded, 1)
        row.addLayout(buttons)
        return field

    def _connect(self) -> None:
        for button in self.shares.values():
            button.toggled.connect(lambda on: self.edited.emit())
        self.add_button.clicked.connect(self._add)
        self.remove_button.clicked.connect(self._remove)
        self.excluded.itemSelectionChanged.connect(self._show_choice)
        self._show_choice()

    def _add(self) -> None:
        chosen = self._choose_folder(self, self.tr("Choose a folder to leave out"))
        folder = os.path.abspath(chosen) if chosen else ""
        if folder and folder not in self.excluded_folders():
            self.show_excluded((*self.excluded_folders(), folder))
            self.edited.emit()

    def _remove(self) -> None:
        gone = {index.row() for index in self.excluded.selectedIndexes()}
        self.show_excluded(folder for row, folder in enumerate(self._folders) if row not in gone)
        self.edited.emit()

    def _show_choice(self) -> None:
        self.remove_button.setEnabled(bool(self.excluded.selectedItems()))
