"""The failed queries of an evaluation as a table."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QLocale, QModelIndex, QPersistentModelIndex, Qt

if TYPE_CHECKING:
    from engine.evaluation.evaluating import Evaluation, Failure

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
QUERY, RANK = range(2)  # the columns
SORT_ROLE = Qt.ItemDataRole.UserRole


class FailureModel(QAbstractTableModel):
    """A row for each failed query: its text, and the rank of the right photo."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: Sequence[str] = ()
        self._failures: Sequence[Failure] = ()

    def show_evaluation(self, evaluation: "Evaluation") -> None:
        """Show the failures of this evaluation."""
        self.beginResetModel()
        self._texts, self._failures = evaluation.texts, evaluation.failures
        self.endResetModel()

    def failure(self, row: int) -> "Failure":
        """The failure in this row."""
        return self._failures[row]

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._failures)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else 2

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        if not index.isValid():
            return None
        failure = self._failures[index.row()]
        if index.column() == QUERY:
            shown = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, SORT_ROLE)
            return self._texts[failure.query] if role in shown else None
        if role == Qt.ItemDataRole.DisplayRole:
            return QLocale().toString(failure.rank)
        return failure.rank if role == SORT_ROLE else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Failed query"), self.tr("Rank"))[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return super().headerData(section, orientation, role)
