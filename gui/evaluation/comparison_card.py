"""Two pairs of checkpoints side by side, and whether one finds better."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from engine.evaluation.metrics import FIGURES
from engine.evaluation.reports import Report
from gui.elided_label import ElidedLabel
from gui.engine_sentences import translated
from gui.evaluation.comparing import FEWEST_QUERIES, Comparison, Difference
from gui.evaluation.figures_table import FigureCell, FiguresTable
from gui.evaluation.wording import decimal, figure_names, fusion_name

_BETWEEN = 24


class ComparisonCard(QFrame):
    """The figures of the pair in use and of another one, over the same queries and photos.

    Attributes:
        tables: of the pair in use and of the other one.
        differences: of the fused figures, by figure.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.verdict = QLabel()
        self.verdict.setProperty("role", "heading")
        self.verdict.setWordWrap(True)
        self.names = ElidedLabel(), ElidedLabel()
        self.settings = ElidedLabel(), ElidedLabel()
        self.tables = FiguresTable(), FiguresTable()
        self.differences = {name: FigureCell() for name in FIGURES}
        for setting in self.settings:
            setting.setProperty("role", "hint")
        self._lay_out()

    def show_comparison(self, in_use: Report, comparison: Comparison) -> None:
        """Show both pairs."""
        in_words = self.tr("{fusion}, in use"), "{fusion}"
        for place, report in enumerate((in_use, comparison.report)):
            self.names[place].show_text(" + ".join(report.names))
            words = in_words[place].format(fusion=fusion_name(report.fusion))
            left_out = map(translated, report.left_out.values())
            self.settings[place].show_text(" · ".join([words, *left_out]))
            self.tables[place].show_metrics(report.text_to_image)
        figures = figure_names()
        for name, difference in comparison.differences.items():
            self._show_difference(figures[name], self.differences[name], difference)
        self.verdict.setText(self._verdict(in_use, comparison))

    def _show_difference(self, figure: str, cell: FigureCell, difference: Difference) -> None:
        low, high = difference.interval
        name = self.tr("Difference, {figure}").format(figure=figure)
        cell.show_figure(
            name, difference.value, (low, high), is_best=difference.is_certain, written=signed
        )

    def _verdict(self, in_use: Report, comparison: Comparison) -> str:
        queries = in_use.text_to_image["fused"].queries
        if queries < FEWEST_QUERIES:
            return self.tr("%Ln query(s) are too few to tell which pair finds better.", "", queries)
        difference = comparison.differences["r10"]
        if not comparison.is_certain:
            words = self.tr("Which pair finds better cannot be told: R@10 {value} may be chance.")
            return words.format(value=signed(difference.value))
        better = comparison.report if difference.value > 0 else in_use
        words = self.tr("{pair} finds better: R@10 {value}, which is more than chance.")
        return words.format(pair=" + ".join(better.names), value=signed(abs(difference.value)))

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(_BETWEEN)
        grid.setVerticalSpacing(4)
        for place in (0, 1):
            grid.setColumnStretch(place, 1)
            grid.addWidget(self.names[place], 0, place)
            grid.addWidget(self.settings[place], 1, place)
            grid.addWidget(self.tables[place], 2, place, Qt.AlignmentFlag.AlignTop)
        self.tables[1].add_row(self.tr("Difference"), self.differences)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(12)
        layout.addWidget(self.verdict)
        layout.addLayout(grid)


def signed(value: float) -> str:
    """A difference with one decimal and its sign."""
    return ("+" if value > 0 else "") + decimal(value)
