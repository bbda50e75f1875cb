"""What could not be read, as the rows of a table that is sorted and filtered at once."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from PySide6.QtCore import (
    QT_TRANSLATE_NOOP,
    QAbstractTableModel,
    QCoreApplication,
    QDateTime,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)

from engine.library.photo import Failure
from engine.paths import shown_path
from engine.search.vietnamese import remove_diacritics
from gui.engine_sentences import translated
from gui.language import collation_key
from gui.theme import icon

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
NAME, FOLDER, REASON, AGAIN, WHEN = range(5)
TITLES: tuple[Any, ...] = (  # all str; PySide6 says object
    QT_TRANSLATE_NOOP("ProblemModel", "Name"),
    QT_TRANSLATE_NOOP("ProblemModel", "Folder"),
    QT_TRANSLATE_NOOP("ProblemModel", "Reason"),
    QT_TRANSLATE_NOOP("ProblemModel", "Tried again"),
    QT_TRANSLATE_NOOP("ProblemModel", "Last tried"),
)


@dataclass(frozen=True)
class Problem:
    """A failure, and its reason in the words of the window."""

    failure: Failure
    reason: str

    @property
    def name(self) -> str:
        path = shown_path(self.failure.path)
        return os.path.basename(path) or path

    @property
    def folder(self) -> str:
        return os.path.dirname(shown_path(self.failure.path))

    @cached_property
    def sought(self) -> str:
        """What the filter looks into."""
        return plain(f"{self.name}\n{self.folder}\n{self.reason}")

    @property
    def again(self) -> str:
        """When it is tried again without being asked."""
        if self.failure.permanent:
            return QCoreApplication.translate("ProblemModel", "when the file changes")
        return QCoreApplication.translate("ProblemModel", "by itself")


def plain(text: str) -> str:
    """A text as it is compared: without capital letters and diacritics."""
    return remove_diacritics(text).casefold()


def _moment(moment: datetime) -> str:
    shown = QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
    return QLocale().toString(shown, QLocale.FormatType.ShortFormat)


class ProblemModel(QAbstractTableModel):
    """One row a file or directory that could not be read.

    Sorting and filtering by Qt's own proxy would ask Python for every cell, over and over.
    """

    def __init__(self) -> None:
        super().__init__()
        self._problems: list[Problem] = []
        self._rows: list[Problem] = []
        self._reasons: dict[str, str] = {}
        self._filter = ""
        self._column, self._order = WHEN, Qt.SortOrder.DescendingOrder
        self._icons = {True: icon("broken-photo"), False: icon("refresh")}

    def show_failures(self, failures: Sequence[Failure]) -> None:
        """Show these, in the order and through the filter that are set."""
        if [problem.failure for problem in self._problems] == list(failures):
            return  # the user's selection and place stay
        known = {problem.failure: problem for problem in self._problems}
        self._problems = [
            known.get(failure) or Problem(failure, self._words(failure.reason))
            for failure in failures
        ]
        self._arrange()

    def filter(self, text: str) -> None:
        """Show only those whose name, folder or reason holds each of these words."""
        self._filter = text
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column, self._order = column, order
        self._arrange()

    def problems(self, rows: Iterable[int]) -> list[Problem]:
        """What stands in these rows."""
        return [self._rows[row] for row in rows]

    def rows_of(self, paths: Sequence[bytes]) -> list[int]:
        """Where these paths stand, as far as they are shown."""
        wanted = set(paths)
        return [row for row, problem in enumerate(self._rows) if problem.failure.path in wanted]

    @property
    def total(self) -> int:
        """How many there are, shown or not."""
        return len(self._problems)

    @property
    def paths(self) -> list[bytes]:
        """Of all there are."""
        return [problem.failure.path for problem in self._problems]

    def _words(self, reason: str) -> str:
        if reason not in self._reasons:  # thousands of photos share a few
            self._reasons[reason] = translated(reason)
        return self._reasons[reason]

    def _arrange(self) -> None:
        words = plain(self._filter).split()
        found = [
            problem
            for problem in self._problems
            if not words or all(word in problem.sought for word in words)
        ]
        self.beginResetModel()
        self._rows = _sorted(found, self._column, self._order == Qt.SortOrder.DescendingOrder)
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(TITLES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return QCoreApplication.translate("ProblemModel", TITLES[section])
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        problem = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _TEXTS[index.column()](problem)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{shown_path(problem.failure.path)}\n{problem.reason}"
        if role == Qt.ItemDataRole.DecorationRole and index.column() == NAME:
            return self._icons[problem.failure.permanent]
        return None


def _sorted(problems: list[Problem], column: int, descending: bool) -> list[Problem]:
    if column == WHEN:
        return sorted(problems, key=lambda problem: problem.failure.failed_at, reverse=descending)
    text = _TEXTS[column]
    # Each text is compared once, and thousands of photos share a few folders and reasons.
    texts = sorted({text(problem) for problem in problems}, key=collation_key)
    ranks = {text: rank for rank, text in enumerate(texts)}
    return sorted(problems, key=lambda problem: ranks[text(problem)], reverse=descending)


_TEXTS: dict[int, Callable[[Problem], str]] = {
    NAME: lambda problem: problem.name,
    FOLDER: lambda problem: problem.folder,
    REASON: lambda problem: problem.reason,
    AGAIN: lambda problem: problem.again,
    WHEN: lambda problem: _moment(problem.failure.failed_at),
}
