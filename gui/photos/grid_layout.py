"""Where each row of the grid lies, by arithmetic: a million photos cost no more than one."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from PySide6.QtCore import QPoint, QRect


@dataclass(frozen=True, slots=True)
class _Band:
    """Rows that follow each other: one wide row, or cells up to the next wide row."""

    first: int
    count: int
    top: int
    wide: bool


@dataclass(frozen=True, slots=True)
class CellSize:
    """How large the cells are, in pixels.

    Attributes:
        width: about this wide; they are stretched or squeezed until the columns fill the grid.
        below: how much higher than wide.
        wide_height: of rows that span the grid.
    """

    width: int
    below: int
    wide_height: int


class GridLayout:
    """Cells in columns of one width, interrupted by rows that span the grid.

    Args:
        rows: how many there are.
        wide_rows: those that span the grid, ascending.
        left: where the first column begins, in pixels.
        width: of all columns together, in pixels.
        size: of the cells.

    Attributes:
        columns: at least one.
        cell_height: in pixels.
        height: of everything, in pixels.
    """

    def __init__(
        self, rows: int, wide_rows: Sequence[int], left: int, width: int, size: CellSize
    ) -> None:
        self._left = left
        self._width = max(1, width)
        self._wide_height = size.wide_height
        self.columns = max(1, round(self._width / size.width))
        self.cell_height = self._width // self.columns + size.below
        self._bands: list[_Band] = []
        self.height = 0
        for row in wide_rows:
            self._add_cells_up_to(row)
            self._add(1, wide=True)
        self._add_cells_up_to(rows)

    def rect(self, row: int) -> QRect:
        """The place of a row."""
        band = self._band_of(row)
        if band.wide:
            return QRect(self._left, band.top, self._width, self._wide_height)
        line, column = divmod(row - band.first, self.columns)
        x = self._left + column * self._width // self.columns
        y = band.top + line * self.cell_height
        return QRect(x, y, self._width // self.columns, self.cell_height)

    def sight(self, row: int) -> QRect:
        """What should be seen with a row: its place, and the wide row it stands right under."""
        rect, band = self.rect(row), self._band_of(row)
        if not band.wide and row < band.first + self.columns and band.first > 0:
            rect.setTop(self.rect(band.first - 1).top())
        return rect

    def row_at(self, point: QPoint) -> int | None:
        """The row under a point."""
        row = self.row_near(point)
        return row if row is not None and self.rect(row).contains(point) else None

    def row_near(self, point: QPoint) -> int | None:
        """The row in the line at a point's height that is nearest to it; None without rows."""
        if not self._bands:
            return None
        index = bisect_right(self._bands, point.y(), key=attrgetter("top")) - 1
        band = self._bands[max(0, index)]
        if band.wide:
            return band.first
        last_line = (band.count - 1) // self.columns
        line = min(max(0, point.y() - band.top) // self.cell_height, last_line)
        column = (point.x() - self._left) * self.columns // self._width
        row = line * self.columns + min(max(0, column), self.columns - 1)
        return band.first + min(row, band.count - 1)

    def rows_between(self, top: int, bottom: int) -> range:
        """The rows of all lines that a strip touches; `bottom` belongs to it."""
        first = self.row_near(QPoint(self._left, top))
        last = self.row_near(QPoint(self._left + self._width, bottom))
        return range(0) if first is None or last is None else range(first, last + 1)

    def runs_within(self, area: QRect) -> Iterator[tuple[int, int]]:
        """Runs of rows that an area touches, a line each; the last row of a run belongs to it."""
        top, bottom = area.top(), min(area.bottom(), self.height - 1)
        while top <= bottom:
            first = self.row_near(QPoint(area.left(), top))
            last = self.row_near(QPoint(area.right(), top))
            if first is None or last is None:
                return
            line = self.rect(first)
            if area.intersects(line):
                yield first, last
            top = line.bottom() + 1

    def _band_of(self, row: int) -> _Band:
        return self._bands[bisect_right(self._bands, row, key=attrgetter("first")) - 1]

    def _add_cells_up_to(self, row: int) -> None:
        first = self._bands[-1].first + self._bands[-1].count if self._bands else 0
        if row > first:
            self._add(row - first, wide=False)

    def _add(self, count: int, *, wide: bool) -> None:
        first = self._bands[-1].first + self._bands[-1].count if self._bands else 0
        self._bands.append(_Band(first, count, self.height, wide))
        lines = -(-count // self.columns)
        self.height += self._wide_height if wide else lines * self.cell_height
