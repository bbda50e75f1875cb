"""The table of figures: three rankings, five figures, their intervals."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from engine.evaluation.metrics import FIGURES, Metrics
from engine.evaluation.reports import RANKINGS
from gui.evaluation.wording import decimal, figure_names, ranking_names

_RANKS = ("mean_rank", "median_rank")  # the figures of which a lower one is better
_SMALL = 0.85  # of the font


class FiguresTable(QWidget):
    """Shows figures, the best of each column bold, with the 95 % interval beneath.

    Attributes:
        cells: by ranking and figure.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cells = {(row, column): FigureCell() for row in RANKINGS for column in FIGURES}
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        for column, name in enumerate(figure_names().values(), 1):
            grid.addWidget(_header(name, Qt.AlignmentFlag.AlignRight), 0, column)
        for row, name in enumerate(ranking_names().values(), 1):
            grid.addWidget(QLabel(name), row, 0, Qt.AlignmentFlag.AlignTop)
        for (ranking, figure), cell in self.cells.items():
            grid.addWidget(cell, RANKINGS.index(ranking) + 1, FIGURES.index(figure) + 1)

    def add_row(self, name: str, cells: Mapping[str, "FigureCell"]) -> None:
        """Put a row of other figures beneath the rankings."""
        row = self._grid.rowCount()
        self._grid.addWidget(QLabel(name), row, 0, Qt.AlignmentFlag.AlignTop)
        for figure, cell in cells.items():
            self._grid.addWidget(cell, row, FIGURES.index(figure) + 1)

    def show_metrics(self, by_ranking: Mapping[str, Metrics]) -> None:
        """Show the figures of these rankings; the others are without."""
        for cell in self.cells.values():
            cell.clear()
        rankings, figures = ranking_names(), figure_names()
        for figure in FIGURES:
            best_of = min if figure in _RANKS else max
            best = best_of(getattr(metrics, figure) for metrics in by_ranking.values())
            for ranking, metrics in by_ranking.items():
                name = f"{rankings[ranking]}, {figures[figure]}"
                value = getattr(metrics, figure)
                cell = self.cells[ranking, figure]
                cell.show_figure(name, value, metrics.intervals[figure], is_best=value == best)


class FigureCell(QWidget):
    """One figure with its interval."""

    def __init__(self) -> None:
        super().__init__()
        self.value, self.interval = QLabel(), QLabel()
        self.interval.setProperty("role", "hint")
        small = QFont(self.font())
        small.setPointSizeF(_SMALL * small.pointSizeF())
        self.interval.setFont(small)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for label in (self.value, self.interval):
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
            layout.addWidget(label)

    def clear(self) -> None:
        """Show that there is no figure."""
        self.value.setText("–")
        self.interval.clear()
        self.setAccessibleName("")
        self.setToolTip("")

    def show_figure(
        self,
        name: str,
        value: float,
        interval: tuple[float, float],
        *,
        is_best: bool,
        written: Callable[[float], str] = decimal,
    ) -> None:
        """Show a value; `name` says of what, to those who hear it."""
        low, high = map(written, interval)
        shown = written(value)
        self.value.setText(f"<b>{shown}</b>" if is_best else shown)
        self.interval.setText(f"{low} – {high}")
        said = self.tr("{name}: {value}, with 95 % certainty {low} to {high}")
        self.setAccessibleName(said.format(name=name, value=shown, low=low, high=high))
        self.setToolTip(self.accessibleName())


def _header(name: str, alignment: Qt.AlignmentFlag) -> QLabel:
    label = QLabel(name)
    label.setProperty("role", "hint")
    label.setAlignment(alignment)
    return label
