"""Recall against the weight of BEiT3, a line for each normalisation."""

import math

from PySide6.QtCharts import QLineSeries, QScatterSeries, QValueAxis
from PySide6.QtCore import QLocale, QPointF, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QWidget

from engine.evaluation.metrics import Metrics
from engine.evaluation.reports import Report
from engine.evaluation.sweep import WEIGHTS
from engine.search.fusion import NORMALISATIONS, Fusion, Normalisation
from gui.evaluation.chart_view import ChartView, pen, set_points
from gui.evaluation.wording import decimal, normalisation_names
from gui.theme import FAVOURITE_COLOUR, WARNING_COLOUR

RECALLS = {"r1": "R@1", "r5": "R@5", "r10": "R@10"}
_STYLES: dict[Normalisation, Qt.PenStyle] = {
    "none": Qt.PenStyle.DotLine,
    "zscore": Qt.PenStyle.SolidLine,
    "minmax": Qt.PenStyle.DashLine,
    "rrf": Qt.PenStyle.DashDotLine,
}
_MARK = 13.0  # pixels
_ROOM = 0.04  # of an axis, beyond its ends: half a mark
_STEPS = (2, 5, 10, 20)  # between the lines across, in percent
_MOST_STEPS = 5


class RecallChart(ChartView):
    """Shows what a sweep has tried; the fusion in use and the best one are marked.

    Attributes:
        lines: by normalisation.
        in_use: the mark of the fusion that was evaluated.
        best: the mark of the one that the sweep chose.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        self._across, self._up = QValueAxis(), QValueAxis()
        super().__init__((self._across, self._up), parent)
        self.setAccessibleName(self.tr("Recall against the weight of BEiT3"))
        self._across.setRange(-_ROOM, 1 + _ROOM)
        self._across.setLabelFormat("%.1f")
        self._up.setLabelFormat("%.0f")  # not "%g", which Qt cannot write in another language
        for axis, interval in ((self._across, 0.2), (self._up, _STEPS[0])):
            axis.setTickType(QValueAxis.TickType.TicksDynamic)
            axis.setTickInterval(interval)
        self._across.setTitleText(self.tr("Weight of BEiT3 (0: OpenCLIP alone, 1: BEiT3 alone)"))
        self._recall = "r10"
        self._report: Report | None = None
        self.lines = {name: self._add(shown) for name, shown in normalisation_names().items()}
        self.in_use, self.best = QScatterSeries(), QScatterSeries()
        self.in_use.setName(self.tr("In use"))
        self.best.setName(self.tr("Best"))
        for mark in (self.in_use, self.best):
            mark.setMarkerSize(_MARK)
            self.add_series(mark)
        self.best.setMarkerShape(QScatterSeries.MarkerShape.MarkerShapeStar)
        self.paint_in_theme()

    def show_report(self, report: Report) -> None:
        """Show the sweep of a report that has one."""
        self._report = report
        self._draw()

    def show_recall(self, recall: str) -> None:
        """Show another one of `RECALLS`."""
        self._recall = recall
        self._draw()

    def words_at(self, value: QPointF) -> str:
        nearest = min(range(len(WEIGHTS)), key=lambda place: abs(WEIGHTS[place] - value.x()))
        weight = QLocale().toString(WEIGHTS[nearest], "f", 2)
        title = self.tr("{recall} with weight {weight} of BEiT3")
        heights = [
            f"{line.name()}: {decimal(line.at(nearest).y())}"
            for line in self.lines.values()
            if line.count()
        ]
        return "\n".join([title.format(recall=RECALLS[self._recall], weight=weight), *heights])

    def paint_in_theme(self) -> None:
        super().paint_in_theme()
        colours = self._colours()
        for name, line in self.lines.items():
            line.setPen(pen(colours[name], _STYLES[name]))
        text, base = self.colour(QPalette.ColorRole.Text), self.colour(QPalette.ColorRole.Base)
        for mark, inside in ((self.in_use, base), (self.best, text)):
            mark.setColor(inside)
            mark.setBorderColor(text)

    def _colours(self) -> dict[Normalisation, QColor]:
        raw = self.colour(QPalette.ColorRole.Dark)
        accent = self.colour(QPalette.ColorRole.Highlight)
        colours = (raw, accent, WARNING_COLOUR, FAVOURITE_COLOUR)
        return dict(zip(NORMALISATIONS, colours, strict=True))

    def _add(self, name: str) -> QLineSeries:
        line = QLineSeries()
        line.setName(name)
        self.add_series(line)
        return line

    def _draw(self) -> None:
        if self._report is None or self._report.sweep is None:
            return
        heights = {row.fusion: self._figure(row.metrics) for row in self._report.sweep.rows}
        for name, line in self.lines.items():
            tried = [fusion for fusion in heights if fusion.normalisation == name]
            set_points(line, [(_weight(fusion), heights[fusion]) for fusion in tried])
        chosen, used = self._report.sweep.chosen, self._report.fusion
        set_points(self.best, [(_weight(chosen), heights[chosen])])
        height = self._figure(self._report.text_to_image["fused"])
        set_points(self.in_use, [(_weight(used), height)])
        self._fit([*heights.values(), height])

    def _fit(self, heights: list[float]) -> None:
        """Make the lines fill the chart, with room for the marks at its edges."""
        low, high = min(heights), max(heights)
        step = next((step for step in _STEPS if high - low <= _MOST_STEPS * step), _STEPS[-1])
        bottom, top = step * math.floor(low / step), step * math.ceil(high / step)
        if top == bottom:  # all the same, mostly 100
            bottom = max(0, top - _MOST_STEPS * step)
            top = max(top, bottom + step)
        room = _ROOM * (top - bottom)
        self._up.setTickInterval(step)
        self._up.setRange(bottom - room, top + room)
        self._up.setTitleText(self.tr("{recall} in percent").format(recall=RECALLS[self._recall]))

    def _figure(self, metrics: Metrics) -> float:
        return float(getattr(metrics, self._recall))


def _weight(fusion: Fusion) -> float:
    """BEiT3's share of the weights."""
    return fusion.weights[1] / sum(fusion.weights)
