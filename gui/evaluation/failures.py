"""The failed queries, each with the right photo and those that were ranked above it."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QLocale, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gui.evaluation.failure_model import QUERY, RANK, SORT_ROLE, FailureModel
from gui.evaluation.photo_row import PhotoRow, load_thumbnails
from gui.tasks import Task, TaskRunner

if TYPE_CHECKING:
    from engine.evaluation.evaluating import Evaluation, Failure

_ABOVE = 5
_RANK_WIDTH = 96  # pixels
_LEAST = (320, 152)  # pixels: a few words, a few rows


class FailureView(QFrame):
    """Lists what was not found among the first ten.

    Args:
        tasks: reads the thumbnails.
        parent: Qt's.

    Signals:
        photo_wanted: the id of a photo that was double-clicked.
    """

    photo_wanted = Signal(int)

    def __init__(self, tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._tasks = tasks
        self._reading: Task | None = None
        self._thumbnails = Path()
        self._make_table()
        self.heading = QLabel()
        self.heading.setProperty("role", "heading")
        self.right = PhotoRow(self.tr("The right photo"), 1)
        self.above = PhotoRow(self.tr("Ranked first"), _ABOVE)
        for row in (self.right, self.above):
            row.opened.connect(self.photo_wanted)
        self._lay_out()

    def show_evaluation(self, evaluation: "Evaluation", thumbnails: Path) -> None:
        """Show the failures of an evaluation, the worst first."""
        self._thumbnails = thumbnails
        self.model.show_evaluation(evaluation)
        failed, queries = len(evaluation.failures), len(evaluation.texts)
        self.heading.setText(
            self.tr("{failed} of {queries} queries have no right photo among the first ten").format(
                failed=QLocale().toString(failed), queries=QLocale().toString(queries)
            )
        )
        self.table.sortByColumn(RANK, Qt.SortOrder.DescendingOrder)
        self._photos.setVisible(failed > 0)
        self.table.setVisible(failed > 0)
        self.table.selectionModel().setCurrentIndex(
            self.sorted.index(0, QUERY),
            QItemSelectionModel.SelectionFlag.ClearAndSelect
            | QItemSelectionModel.SelectionFlag.Rows,
        )

    def _make_table(self) -> None:
        self.model = FailureModel()
        self.sorted = QSortFilterProxyModel(self)
        self.sorted.setSourceModel(self.model)
        self.sorted.setSortRole(SORT_ROLE)
        self.sorted.setSortLocaleAware(True)
        self.table = QTableView()
        self.table.setModel(self.sorted)
        self.table.setAccessibleName(self.tr("Failed queries"))
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.table.setSortingEnabled(True)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QUERY, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(RANK, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(RANK, _RANK_WIDTH)
        self.table.setMinimumSize(*_LEAST)
        self.table.selectionModel().currentRowChanged.connect(self._show_photos)

    def _lay_out(self) -> None:
        self._photos = QWidget()
        photos = QHBoxLayout(self._photos)
        photos.setContentsMargins(0, 0, 0, 0)
        photos.setSpacing(16)
        for row, share in ((self.right, 1), (self.above, _ABOVE)):
            word = QLabel(row.accessibleName())
            word.setProperty("role", "hint")
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(word)
            column.addWidget(row)
            column.addStretch(1)
            photos.addLayout(column, share)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addWidget(self.table, 1)
        columns.addWidget(self._photos)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.addWidget(self.heading)
        layout.addLayout(columns, 1)

    def _show_photos(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        current = self.sorted.mapToSource(self.table.currentIndex())
        if not current.isValid():
            return
        failure = self.model.failure(current.row())
        ids = [failure.photo_id, *failure.above]
        self._reading = self._tasks.run(
            partial(load_thumbnails, self._thumbnails, ids),
            partial(self._show_images, failure),
            thread="evaluation thumbnails",
        )

    def _show_images(self, failure: "Failure", images: list[QImage]) -> None:
        rank = QLocale().toString(failure.rank)
        word = self.tr("Rank {rank}").format(rank=rank)
        self.right.show_photos([failure.photo_id], [word], images[:1])
        words = [QLocale().toString(place) for place in range(1, len(failure.above) + 1)]
        self.above.show_photos(failure.above, words, images[1:])
