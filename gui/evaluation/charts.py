"""The card with the two charts and what they can be switched to."""

from pathlib import Path

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from engine.evaluation.reports import Report
from engine.search.fusion import IntArray
from gui.evaluation.chart_view import ChartView
from gui.evaluation.rank_chart import RankChart
from gui.evaluation.recall_chart import RECALLS, RecallChart
from gui.segmented_control import SegmentedControl

WEIGHTS, RANKS = "weights", "ranks"


class Charts(QFrame):
    """Shows one of the two charts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.recall, self.ranks = RecallChart(), RankChart()
        self.missing = QLabel(
            self.tr("Other weights cannot be tried on the captions of one photo.")
        )
        self.missing.setProperty("role", "hint")
        self.missing.setWordWrap(True)
        self._pages = QStackedWidget()
        for page in (self.recall, self.ranks, self.missing):
            self._pages.addWidget(page)
        self.which = SegmentedControl(
            {WEIGHTS: self.tr("Recall by weight"), RANKS: self.tr("Ranks")}
        )
        self.which.setAccessibleName(self.tr("Chart"))
        self.at = SegmentedControl(RECALLS)
        self.at.setAccessibleName(self.tr("Recall among the first"))
        self.at.choose("r10")
        self.which.chosen.connect(self._show_page)
        self.at.chosen.connect(self.recall.show_recall)
        self._has_sweep = True
        self._lay_out()

    def show_report(self, report: Report) -> None:
        """Show what other weights would have given."""
        self._has_sweep = report.sweep is not None
        self.recall.show_report(report)
        self._show_page()

    def show_ranks(self, ranks: dict[str, IntArray], candidates: int) -> None:
        """Show the distribution of these ranks; see `RankChart.show_ranks`."""
        self.ranks.show_ranks(ranks, candidates)

    def save_picture(self, path: Path) -> None:
        """Write the chart that is shown; see `ChartView.save_picture`."""
        self._shown().save_picture(path)

    def _shown(self) -> ChartView:
        return self.ranks if self.which.key == RANKS else self.recall

    def _show_page(self) -> None:
        of_weights = self.which.key == WEIGHTS
        self.at.setVisible(of_weights and self._has_sweep)
        missing = of_weights and not self._has_sweep
        self._pages.setCurrentWidget(self.missing if missing else self._shown())

    def _lay_out(self) -> None:
        switches = QHBoxLayout()
        switches.addWidget(self.which)
        switches.addStretch(1)
        switches.addWidget(self.at)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(switches)
        layout.addWidget(self._pages, 1)
