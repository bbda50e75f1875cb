"""The settings, page by page."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.data_location import sizes
from gui.library_moving import Move
from gui.settings import Settings
from gui.settings_pages.data_page import DataPage
from gui.settings_pages.general_page import GeneralPage
from gui.settings_pages.indexing_page import IndexingPage
from gui.settings_pages.models_page import ModelsPage
from gui.settings_pages.page import ChooseFolder, ask_for_folder
from gui.tasks import Task, TaskRunner
from gui.theme import icon

SIZE = QSize(840, 640)
PAGES_WIDTH = 176


@dataclass(frozen=True, slots=True)
class Facts:
    """What the dialog tells of beside the settings.

    Attributes:
        library_folder: where the open library lies.
        pair: names of the checkpoints it is searched with, OpenCLIP's first.
    """

    library_folder: Path
    pair: tuple[str, str]


class SettingsDialog(QDialog):
    """Shows the settings, and tells what the user made of them by OK or Apply.

    Signals:
        changed: arg1: Settings.
        models_wanted: the user wants to see which models there are.
        data_action: arg1: "clear_thumbnails", "clear_indexes" or "move", confirmed by the user;
            arg2: Path | None, where to. `measure` or `show_move` tell what became of it.

    Args:
        settings: as they are.
        facts: what else is shown.
        tasks: counts the library's size in the background.
        parent: Qt's.
        choose_folder: asks the user for a folder.
    """

    changed = Signal(object)
    models_wanted = Signal()
    data_action = Signal(str, object)

    def __init__(
        self,
        settings: Settings,
        facts: Facts,
        tasks: TaskRunner,
        parent: QWidget | None = None,
        choose_folder: ChooseFolder = ask_for_folder,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self._settings, self._tasks = settings, tasks
        self._folder = facts.library_folder
        self._counting: Task | None = None
        self.general = GeneralPage()
        self.indexing = IndexingPage(choose_folder)
        self.models = ModelsPage(facts.pair)
        self.data = DataPage(facts.library_folder, choose_folder)
        self._pages = (self.general, self.indexing, self.models, self.data)
        self.list = self._make_list()
        self._stack = QStackedWidget()
        self.ok_button = QPushButton(self.tr("OK"))
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self.apply_button = QPushButton(self.tr("Apply"))
        self._lay_out()
        for page in self._pages:
            page.show_settings(settings)
        self._connect()
        self._show_edited()

    def measure(self, library_folder: Path) -> None:
        """Show a library's place and count its size anew; to be called after a `data_action`."""
        self._folder = library_folder
        self.data.show_place(library_folder)
        if self._counting:
            self._counting.cancel()
        self._counting = self._tasks.follow(
            lambda: sizes(library_folder), self.data.show_sizes, thread="sizes"
        )

    def show_move(self, move: Move) -> None:
        """Show how far a move is."""
        self.data.show_move(move)

    def done(self, result: int) -> None:
        if self._counting:
            self._counting.cancel()
        super().done(result)

    def _make_list(self) -> QListWidget:
        names = ("settings", "search", "similar", "folder")
        made = QListWidget()
        made.setProperty("role", "pages")
        made.setAccessibleName(self.tr("Pages"))
        made.setIconSize(QSize(18, 18))
        made.setFixedWidth(PAGES_WIDTH)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for page, name in zip(self._pages, names, strict=True):
            item = QListWidgetItem(icon(name), page.title)
            item.setSizeHint(QSize(0, 40))
            made.addItem(item)
        return made

    def _lay_out(self) -> None:
        for page in self._pages:
            area = QScrollArea()
            area.setWidget(page)
            area.setWidgetResizable(True)
            area.setFrameShape(QFrame.Shape.NoFrame)
            self._stack.addWidget(area)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.setContentsMargins(24, 12, 24, 16)
        buttons.addStretch()
        for button in (self.cancel_button, self.apply_button, self.ok_button):
            button.setMinimumWidth(96)
            button.setAutoDefault(False)
            buttons.addWidget(button)
        self.ok_button.setDefault(True)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addLayout(column, 1)
        self.resize(SIZE.boundedTo(self.screen().availableSize()))

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(self._turn_to)
        self.list.setCurrentRow(0)
        for page in self._pages:
            page.edited.connect(self._show_edited)
        self.models.models_wanted.connect(self.models_wanted)
        self.data.action.connect(self.data_action)
        self.ok_button.clicked.connect(self._accept)
        self.apply_button.clicked.connect(self._apply)
        self.cancel_button.clicked.connect(self.reject)

    def _turn_to(self, row: int) -> None:
        self._stack.setCurrentIndex(row)
        if self._pages[row] is self.data and not self._counting:
            self.measure(self._folder)

    def _edited(self) -> Settings:
        settings = self._settings
        for page in self._pages:
            settings = page.edited_settings(settings)
        return settings

    def _show_edited(self) -> None:
        self.apply_button.setEnabled(self._edited() != self._settings)

    def _apply(self) -> None:
        settings = self._edited()
        if settings != self._settings:
            self._settings = settings
            self.changed.emit(settings)
        self._show_edited()

    def _accept(self) -> None:
        self._apply()
        self.accept()
