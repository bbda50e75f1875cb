"""Selections as runs of rows: a selection of 100,000 photos is one run, not 100,000 indexes."""

from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import QAbstractItemModel, QItemSelection

Run = tuple[int, int]  # first and last row, both in it


def selection_of(model: QAbstractItemModel, runs: Iterable[Run]) -> QItemSelection:
    """Qt's form of runs of rows."""
    selection = QItemSelection()
    for first, last in runs:
        selection.select(model.index(first, 0), model.index(last, 0))
    return selection


def runs_in(selection: QItemSelection) -> list[Run]:
    """The runs of a selection, ascending."""
    ranges = [selection.at(place) for place in range(selection.count())]
    return sorted((range_.top(), range_.bottom()) for range_ in ranges)


def runs_of(rows: Sequence[int]) -> list[Run]:
    """The runs that rows make, which are given ascending."""
    if not rows:
        return []
    runs = np.split(np.array(rows), np.flatnonzero(np.diff(rows) > 1) + 1)
    return [(int(run[0]), int(run[-1])) for run in runs]
