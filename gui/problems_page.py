"""The page that tells what could not be read, why, and what can be done."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from engine.library.photo import Failure
from engine.paths import shown_path
from gui.folder_state import FolderState
from gui.problem_model import AGAIN, FOLDER, NAME, REASON, WHEN, Problem, ProblemModel
from gui.theme import SUCCESS_COLOUR, WARNING_COLOUR, icon

COLUMN_WIDTHS = {NAME: 168, FOLDER: 208, AGAIN: 152, WHEN: 136}  # pixels; the reason takes the rest
ROW_HEIGHT = 32


class ProblemsPage(QWidget):
    """Lists every photo and directory that could not be read, with its reason in plain words.

    Signals:
        retry_wanted: arg1: list[bytes], paths to be tried again.
        open_wanted: arg1: bytes, a path to be shown in the file manager.

    Args:
        parent: Qt's.
    """

    retry_wanted = Signal(list)
    open_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ProblemModel()
        self.model.setParent(self)
        self.filter = self._make_filter()
        self.table = self._make_table()
        self.open_button = self._button("reveal", self.tr("Show in the folder"))
        self.retry_button = self._button("refresh", self.tr("Try selected again"))
        self.retry_all_button = self._button("refresh", self.tr("Try all again"))
        self._count = QLabel()
        self._noticed: list[tuple[str, str, str]] = []
        self._cards: list[QFrame] = []
        self._notices = QVBoxLayout()
        self._bodies = QStackedWidget()
        self._lay_out()
        self._connect()
        self.show_problems([], [], 0)

    def show_problems(
        self, failures: Sequence[Failure], folders: Sequence[FolderState], restarts: int
    ) -> None:
        """Show how things stand.

        Args:
            failures: of photos and directories.
            folders: all that are watched; those off-line are told of.
            restarts: how often the model process died and was started anew since the program was.
        """
        with self._selection_kept():
            self.model.show_failures(failures)
        self._show_notices(folders, restarts)
        self._show_counts()

    def selected(self) -> list[Problem]:
        """What the user has selected, from top to bottom."""
        rows = self.table.selectionModel().selectedRows()
        return self.model.problems(sorted(index.row() for index in rows))

    def _make_filter(self) -> QLineEdit:
        line = QLineEdit()
        line.setPlaceholderText(self.tr("Filter by name, folder or reason"))
        line.setAccessibleName(self.tr("Filter the problems"))
        line.setClearButtonEnabled(True)
        line.setAcceptDrops(False)  # what is dropped anywhere on the window is added
        line.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        line.setMinimumWidth(280)
        return line

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName(self.tr("What could not be read"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.setTabKeyNavigation(False)
        table.setIconSize(QSize(18, 18))
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(REASON, QHeaderView.ResizeMode.Stretch)
        for column, width in COLUMN_WIDTHS.items():
            table.setColumnWidth(column, width)
        table.setSortingEnabled(True)
        table.sortByColumn(WHEN, Qt.SortOrder.DescendingOrder)
        return table

    def _button(self, icon_name: str, text: str) -> QPushButton:
        button = QPushButton(icon(icon_name), text)
        button.setIconSize(QSize(18, 18))
        return button

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Problems"))
        title.setProperty("role", "title")
        self._count.setProperty("role", "hint")
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(title)
        top.addWidget(self._count, 1)
        top.addWidget(self.filter)
        self._notices.setSpacing(8)
        self._bodies.addWidget(self._make_list())
        self._bodies.addWidget(self._all_well())
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 24)
        column.setSpacing(16)
        column.addLayout(top)
        column.addLayout(self._notices)
        column.addWidget(self._bodies, 1)

    def _make_list(self) -> QWidget:
        body = QWidget()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.open_button)
        buttons.addStretch()
        buttons.addWidget(self.retry_button)
        buttons.addWidget(self.retry_all_button)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self.table, 1)
        column.addLayout(buttons)
        return body

    def _all_well(self) -> QWidget:
        body = QWidget()
        sign, title = QLabel(), QLabel(self.tr("Everything could be read."))
        hint = QLabel(self.tr("Photos that cannot be opened will be listed here with the reason."))
        sign.setPixmap(icon("check", SUCCESS_COLOUR).pixmap(56, 56))
        title.setProperty("role", "heading")
        hint.setProperty("role", "hint")
        column = QVBoxLayout(body)
        column.setSpacing(8)
        column.addStretch(2)
        for label in (sign, title, hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addStretch(3)
        return body

    def _connect(self) -> None:
        self.filter.textChanged.connect(self._filter)
        self.table.selectionModel().selectionChanged.connect(self._show_choice)
        self.model.modelReset.connect(self._show_choice)
        self.table.activated.connect(self._open)
        self.open_button.clicked.connect(self._open)
        self.retry_button.clicked.connect(
            lambda: self.retry_wanted.emit([each.failure.path for each in self.selected()])
        )
        self.retry_all_button.clicked.connect(lambda: self.retry_wanted.emit(self.model.paths))

    def _filter(self, text: str) -> None:
        with self._selection_kept():
            self.model.filter(text)
        self._show_counts()

    @contextmanager
    def _selection_kept(self) -> Iterator[None]:
        """Select the same files again after the rows have been arranged anew."""
        paths = [problem.failure.path for problem in self.selected()]
        yield
        selection = QItemSelection()
        for first, last in _runs(self.model.rows_of(paths)):
            selection.select(self.model.index(first, NAME), self.model.index(last, WHEN))
        # At once: told row by row, thousands of selected rows would take minutes.
        command = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.table.selectionModel().select(selection, command)

    def _open(self) -> None:
        for problem in self.selected()[:1]:
            self.open_wanted.emit(problem.failure.path)

    def _show_choice(self) -> None:
        chosen = len(self.table.selectionModel().selectedRows())
        self.open_button.setEnabled(chosen == 1)
        self.retry_button.setEnabled(chosen > 0)

    def _show_counts(self) -> None:
        total, shown = self.model.total, self.model.rowCount()
        self.filter.setVisible(total > 0)
        self._bodies.setCurrentIndex(0 if total else 1)
        if shown < total:
            words = self.tr("{shown} of {total} shown").format(
                shown=QLocale().toString(shown), total=QLocale().toString(total)
            )
        else:
            words = self.tr("%Ln file(s) could not be read", "", total) if total else ""
        self._count.setText(words)

    def _show_notices(self, folders: Sequence[FolderState], restarts: int) -> None:
        notices = [
            ("folder-off", *self._about_folder(folder)) for folder in folders if not folder.online
        ]
        if restarts:
            notices.append(("refresh", *self._about_restarts(restarts)))
        if notices == self._noticed:
            return
        self._noticed = notices
        for card in self._cards:
            card.deleteLater()
        self._cards = [_notice(*notice) for notice in notices]
        for card in self._cards:
            self._notices.addWidget(card)

    def _about_folder(self, folder: FolderState) -> tuple[str, str]:
        what = self.tr("The folder {path} cannot be reached.").format(path=shown_path(folder.path))
        count = self.tr("%Ln photo(s) of it can still be found, but not opened.", "", folder.photos)
        act = self.tr("Connect its disk or network drive: it is then looked through by itself.")
        return what, f"{count} {act}"

    def _about_restarts(self, restarts: int) -> tuple[str, str]:
        what = self.tr(
            "The process that runs the models broke off and was started anew %Ln time(s).",
            "",
            restarts,
        )
        act = self.tr(
            "Nothing was lost. If it goes on, close other large programs, or let indexing use "
            "less of the machine in the settings."
        )
        return what, act


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending rows as first and last of each unbroken run."""
    breaks = [at for at in range(1, len(rows)) if rows[at] != rows[at - 1] + 1]
    starts, ends = [0, *breaks], [*breaks, len(rows)]
    return [(rows[start], rows[end - 1]) for start, end in zip(starts, ends, strict=True) if rows]


def _notice(icon_name: str, what: str, act: str) -> QFrame:
    """A card: what is the matter, and what to do."""
    card, sign, texts = QFrame(), QLabel(), QLabel()
    card.setProperty("role", "card")
    sign.setPixmap(icon(icon_name, WARNING_COLOUR).pixmap(24, 24))
    sign.setAlignment(Qt.AlignmentFlag.AlignTop)
    texts.setText(f"{what}\n{act}")
    texts.setTextFormat(Qt.TextFormat.PlainText)
    texts.setWordWrap(True)
    texts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    texts.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    texts.setForegroundRole(QPalette.ColorRole.WindowText)
    row = QHBoxLayout(card)
    row.setContentsMargins(16, 12, 16, 12)
    row.setSpacing(12)
    row.addWidget(sign)
    row.addWidget(texts, 1)
    return card
