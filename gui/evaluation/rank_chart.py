"""How many right answers are found up to which rank, a line for each ranking."""

from collections.abc import Mapping

import numpy as np
from PySide6.QtCharts import QLineSeries, QLogValueAxis, QValueAxis
from PySide6.QtCore import QLocale, QPointF, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QWidget

from engine.evaluation.reports import RANKINGS
from engine.search.fusion import IntArray
from gui.evaluation.chart_view import ChartView, pen, set_points
from gui.evaluation.wording import decimal, ranking_names
from gui.theme import BEIT3_COLOUR, OPENCLIP_COLOUR

_POINTS = 200  # of a line; as many as it has pixels between two that can be told apart
_STYLES = (Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.SolidLine)


class RankChart(ChartView):
    """Shows the distribution of ranks: the share of queries found up to each rank.

    Attributes:
        lines: by ranking.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        self._across, self._up = QLogValueAxis(), QValueAxis()
        super().__init__((self._across, self._up), parent)
        self.setAccessibleName(self.tr("Distribution of the ranks"))
        self._across.setBase(10)
        self._across.setMinorTickCount(-1)  # 2, 3, 4, … between the powers of ten
        self._across.setLabelFormat("%.0f")
        self._across.setTitleText(self.tr("Rank of the right answer (logarithmic)"))
        self._up.setRange(0, 100)
        self._up.setTickCount(6)
        self._up.setLabelFormat("%.0f")
        self._up.setTitleText(self.tr("Found, in percent"))
        self.lines = {name: QLineSeries() for name in RANKINGS}
        for name, shown in ranking_names().items():
            self.lines[name].setName(shown)
            self.add_series(self.lines[name])
        self.paint_in_theme()

    def show_ranks(self, by_ranking: Mapping[str, IntArray], candidates: int) -> None:
        """Show the ranks of these rankings.

        Args:
            by_ranking: each of shape (q,), int64.
            candidates: the largest rank there can be.
        """
        last = max(candidates, 2)  # a logarithmic axis needs two ends
        places = np.unique(np.geomspace(1, last, _POINTS).round().astype(np.int64))
        for name, found in by_ranking.items():
            shares = 100 * np.searchsorted(np.sort(found), places, side="right") / found.size
            set_points(self.lines[name], list(zip(places.tolist(), shares.tolist(), strict=True)))
        self._across.setRange(1, last)

    def words_at(self, value: QPointF) -> str:
        rank = max(1, round(value.x()))
        title = self.tr("Among the first {rank}, in percent")
        shares = [
            f"{line.name()}: {decimal(max(p.y() for p in line.points() if p.x() <= rank))}"
            for line in self.lines.values()
            if line.count()
        ]
        return "\n".join([title.format(rank=QLocale().toString(rank)), *shares])

    def paint_in_theme(self) -> None:
        super().paint_in_theme()
        for line, colour, style in zip(self.lines.values(), self._colours(), _STYLES, strict=True):
            line.setPen(pen(colour, style))

    def _colours(self) -> tuple[QColor, ...]:
        return OPENCLIP_COLOUR, BEIT3_COLOUR, self.colour(QPalette.ColorRole.Highlight)
