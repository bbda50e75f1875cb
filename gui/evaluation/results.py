"""All that an evaluation found, on one page."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from engine.search.fusion import Fusion
from gui.evaluation.best_card import BestCard
from gui.evaluation.charts import Charts
from gui.evaluation.comparison_card import ComparisonCard
from gui.evaluation.failures import FailureView
from gui.evaluation.figures_card import TO_IMAGE, FiguresCard
from gui.evaluation.running import Outcome
from gui.tasks import TaskRunner


class Results(QWidget):
    """Figures, best weights, charts and failures of one evaluation.

    Args:
        tasks: reads the thumbnails.
        parent: Qt's.

    Signals:
        fusion_chosen: the best `Fusion` shall be used.
        photo_wanted: the id of a photo of the user's library.
    """

    fusion_chosen = Signal(object)
    photo_wanted = Signal(int)

    def __init__(self, tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outcome: Outcome | None = None
        self.figures, self.best, self.charts = FiguresCard(), BestCard(), Charts()
        self.comparison = ComparisonCard()
        self.comparison.hide()
        self.failures = FailureView(tasks)
        self.figures.direction_chosen.connect(self._show_ranks)
        self.best.fusion_chosen.connect(self.fusion_chosen)
        self.failures.photo_wanted.connect(self._want_photo)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(12)
        grid.addWidget(self.comparison, 0, 0, 1, 2)
        grid.addWidget(self.figures, 1, 0)
        grid.addWidget(self.best, 2, 0)
        grid.addWidget(self.charts, 1, 1, 2, 1)
        grid.addWidget(self.failures, 3, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(1, 3)
        grid.setRowStretch(3, 2)

    @property
    def outcome(self) -> Outcome | None:
        """What is shown."""
        return self._outcome

    def show_outcome(self, outcome: Outcome, in_use: Fusion) -> None:
        """Show this, in place of what was there before."""
        self._outcome = outcome
        evaluation = outcome.evaluation
        self.comparison.setVisible(outcome.comparison is not None)
        if outcome.comparison:
            self.comparison.show_comparison(evaluation.report, outcome.comparison)
        self.figures.show_evaluation(evaluation)
        self.best.show_report(evaluation.report, in_use)
        self.charts.show_report(evaluation.report)
        self.failures.show_evaluation(evaluation, outcome.thumbnails)
        self._show_ranks()

    def _show_ranks(self) -> None:
        if self._outcome is None:
            return
        found = self._outcome.evaluation
        if self.figures.direction.key == TO_IMAGE:
            self.charts.show_ranks(found.text_to_image, found.report.photos)
        else:
            self.charts.show_ranks(found.image_to_text, len(found.texts))

    def _want_photo(self, photo_id: int) -> None:
        # Those of a caption file are in a library that the window does not show.
        if self._outcome is not None and self._outcome.of_marks:
            self.photo_wanted.emit(photo_id)
