"""The side panel: all photos, favourites and the watched folders with their state."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QListView,
    QMenu,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.folder_delegate import FolderDelegate
from gui.folder_model import ROW_ROLE, FolderModel
from gui.folder_rows import CollationKey, FolderRows, Key, Row
from gui.progress import Progress
from gui.theme import icon

if TYPE_CHECKING:
    from gui.folder_state import FolderState

_PLAIN = "QListView { border: none; background: transparent; }"


class FolderPanel(QWidget):
    """Says what is watched and in what state it is; chooses what is shown.

    Args:
        collation_key: sorts the names.
        parent: Qt's.

    Signals:
        add_wanted: of another folder.
        remove_wanted: the user has said yes. arg1: the folder's id, as in all that follow.
        look_through_wanted: for new, changed and lost photos.
        confirm_missing_wanted: the user has said that the missing photos are gone.
        open_wanted: in the file manager.
        folder_chosen: show this one. arg1: int, or None for all photos.
        favourites_chosen: show these.
        problems_wanted: show what could not be read.
    """

    add_wanted = Signal()
    remove_wanted = Signal(int)
    look_through_wanted = Signal(int)
    confirm_missing_wanted = Signal(int)
    open_wanted = Signal(int)
    folder_chosen = Signal(object)
    favourites_chosen = Signal()
    problems_wanted = Signal()

    def __init__(
        self,
        collation_key: CollationKey = str.casefold,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._states: Sequence[FolderState] = ()
        self._progress = Progress()
        self._favourites = 0
        self._chosen: Key = "all"
        self._rows = FolderRows(collation_key, self)
        self._build()
        self._connect()
        self._refresh()

    def show_folders(self, states: Sequence["FolderState"]) -> None:
        """Show these; what is chosen stays so."""
        self._states = states
        self._refresh()

    def show_progress(self, progress: Progress) -> None:
        """Say at which folder the work is."""
        self._progress = progress
        self._refresh()

    def show_favourites(self, count: int) -> None:
        """Say how many favourites there are."""
        self._favourites = count
        self._refresh()

    @property
    def chosen(self) -> Key:
        """What is chosen: "all", "favourites" or the id of a folder."""
        return self._chosen

    def choose(self, key: Key) -> None:
        """Choose this, as a click does; what is not there is left alone."""
        if (row := self.model.row_of(key)) is not None:
            self.list.setCurrentIndex(self.model.index(row))

    def menu(self, row: Row) -> QMenu:
        """What can be done with a folder; empty for the other rows."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if not isinstance(folder := row.key, int):
            return menu
        menu.addAction(
            icon("folder"), self.tr("Show only this folder"), lambda: self.choose(folder)
        )
        if row.call != "none":
            menu.addAction(icon("problems"), self._question(row), lambda: self._answer(row))
        menu.addAction(
            icon("refresh"),
            self.tr("Look through again") + "\tF5",
            lambda: self.look_through_wanted.emit(folder),
        )
        menu.addAction(
            icon("reveal"),
            self.tr("Open in the file manager"),
            lambda: self.open_wanted.emit(folder),
        )
        menu.addSeparator()
        remove = self.tr("Remove from the library…") + "\t" + _native("Del")
        menu.addAction(icon("cancel"), remove, lambda: self._ask_to_remove(row))
        return menu

    def _question(self, row: Row) -> str:
        problems = row.call == "problems"
        return self.tr("Show the problems") if problems else self.tr("Confirm what is missing…")

    def _build(self) -> None:
        self.model = FolderModel(self)
        self.delegate = FolderDelegate(self)
        self.list = _FolderList(self)
        self.list.setModel(self.model)
        self.list.setItemDelegate(self.delegate)
        self.list.setAccessibleName(self.tr("Folders"))
        self.add_button = QPushButton(icon("folder-add"), self.tr("Add a folder…"), self)
        self.hint = QLabel(self.tr("or drop it into the window"), self)
        self.hint.setProperty("role", "hint")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 12)
        column.setSpacing(8)
        column.addWidget(self.list, 1)
        column.addWidget(self.add_button)
        column.addWidget(self.hint)

    def _connect(self) -> None:
        self.add_button.clicked.connect(self.add_wanted)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.list.customContextMenuRequested.connect(self._on_menu)
        self.delegate.called.connect(self._answer)
        for keys, act in (("Del", self._ask_to_remove), ("F5", self._look_through)):
            shortcut = QShortcut(QKeySequence(keys), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda act=act: act(self._current_row()))

    def _refresh(self) -> None:
        self.model.show_rows(self._rows.rows(self._states, self._progress, self._favourites))
        # After a reset nothing is current; where what was chosen is gone, all photos are.
        row = self.model.row_of(self._chosen) or 0
        if self.list.currentIndex().row() != row:
            self.list.setCurrentIndex(self.model.index(row))

    def _current_row(self) -> Row:
        row: Row = self.list.currentIndex().data(ROW_ROLE)
        return row

    def _on_current(self, index: QModelIndex) -> None:
        if not index.isValid() or self._current_row().key == self._chosen:
            return
        self._chosen = self._current_row().key
        if self._chosen == "favourites":
            self.favourites_chosen.emit()
        else:
            self.folder_chosen.emit(None if self._chosen == "all" else self._chosen)

    def _on_menu(self, position: QPoint) -> None:
        index = self.list.indexAt(position)
        if index.isValid() and not (menu := self.menu(index.data(ROW_ROLE))).isEmpty():
            menu.popup(self.list.viewport().mapToGlobal(position))

    def _look_through(self, row: Row) -> None:
        if isinstance(row.key, int):
            self.look_through_wanted.emit(row.key)

    def _answer(self, row: Row) -> None:
        if row.call == "problems":
            self.problems_wanted.emit()
        elif row.call == "confirm":
            self._ask_to_confirm(row)

    def _ask_to_remove(self, row: Row) -> None:
        if not isinstance(folder := row.key, int):
            return
        self._ask(
            self.tr("Remove “{name}” from the library?").format(name=row.name),
            self.tr(
                "Your photos stay where they are; no file is touched. Favourites and marks of "
                "this folder are forgotten, and searching for its photos again means indexing "
                "it again."
            ),
            self.tr("Remove"),
            lambda: self.remove_wanted.emit(folder),
        )

    def _ask_to_confirm(self, row: Row) -> None:
        if not isinstance(folder := row.key, int):
            return
        self._ask(
            self.tr("Are the missing photos of “{name}” gone?").format(name=row.name),
            self.tr(
                "So many photos have vanished at once that the disk may only be unplugged. If "
                "you have moved or deleted them, the library forgets them; otherwise bring the "
                "disk back."
            ),
            self.tr("They are gone"),
            lambda: self.confirm_missing_wanted.emit(folder),
        )

    def _ask(self, question: str, more: str, yes: str, act: Callable[[], None]) -> None:
        box = QMessageBox(
            QMessageBox.Icon.Question,
            self.window().windowTitle(),
            question,
            QMessageBox.StandardButton.Cancel,
            self,
        )
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(more)
        box.addButton(yes, QMessageBox.ButtonRole.AcceptRole).clicked.connect(act)
        box.setDefaultButton(QMessageBox.StandardButton.Cancel)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()


class _FolderList(QListView):
    """A list in which the right mouse button opens the menu without choosing."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet(_PLAIN)
        self.setMouseTracking(True)  # for the row below the mouse
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.RightButton:
            super().mousePressEvent(event)


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
