"""Which photos of a ranking are shown, under which headings, with bursts behind their leaders."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from engine.library.photo import IdArray

if TYPE_CHECKING:
    from gui.searching import Found

NEAREST = 24  # shown where nothing fits well
MORE = 200  # revealed at a time

DateArray = npt.NDArray[np.datetime64]
DatesOf = Callable[[IdArray], DateArray]


class Part(Enum):
    """What a row that spans the grid says."""

    BEST = 1
    POSSIBLE = 2
    NEAREST = 3
    LESS_LIKELY = 4
    MORE = 5


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a ranking as it is shown.

    Attributes:
        positions: in the ranking, from 0; -1 for rows that span the grid. Shape (n,), int64.
        wide: rows that span the grid, in order; each with how many photos it speaks of.
    """

    positions: IdArray
    wide: dict[int, tuple[Part, int]]


def by_relevance(found: "Found", revealed: int, expanded: Collection[int]) -> Rows:
    """Arrange a ranking in sections, best first.

    Args:
        found: the ranking, its cut-off and its bursts.
        revealed: how many photos below the cut-off have been asked for.
        expanded: leaders of bursts whose members are shown after them.
    """
    pieces: list[IdArray] = []
    wide: dict[int, tuple[Part, int]] = {}

    def head(part: Part, count: int) -> None:
        wide[sum(map(len, pieces))] = (part, count)
        pieces.append(np.array([-1], np.int64))

    for part, start, stop in _sections(found, revealed):
        leading = _leading(found, start, stop)
        if len(leading):
            head(part, stop - start)
            pieces.append(_unfolded(found, leading, expanded))
    if left := len(found.ranking.ids) - _shown(found, revealed):
        head(Part.MORE, min(MORE, left))
    return Rows(_joined(pieces), wide)


def by_date(found: "Found", revealed: int, expanded: Collection[int], dates_of: DatesOf) -> Rows:
    """Arrange the same photos without sections, the newest first, those without a date last.

    Args:
        found: the ranking, its cut-off and its bursts.
        revealed: how many photos below the cut-off have been asked for.
        expanded: leaders of bursts whose members are shown after them.
        dates_of: gives the dates of photos, NaT where there is none.
    """
    shown = _leading(found, 0, _shown(found, revealed))
    dates = dates_of(found.ranking.ids[shown])
    order = np.argsort(dates, kind="stable")  # NaT last
    dated = order[: np.count_nonzero(~np.isnat(dates))]
    newest_first = shown[np.concatenate([dated[::-1], order[len(dated) :]])]
    positions = _unfolded(found, newest_first, expanded)
    left = len(found.ranking.ids) - _shown(found, revealed)
    if not left:
        return Rows(positions, {})
    return Rows(np.append(positions, -1), {len(positions): (Part.MORE, min(MORE, left))})


def _sections(found: "Found", revealed: int) -> list[tuple[Part, int, int]]:
    """Each section with the positions where it starts and stops."""
    cut, above, shown = found.cut, _above_cut(found), _shown(found, revealed)
    sections = [
        (Part.BEST, 0, cut.strong),
        (Part.POSSIBLE, cut.strong, above),
        (Part.LESS_LIKELY, above, shown),
    ]
    if cut.strong == 0:
        sections[:2] = [(Part.NEAREST, 0, above)]
    return sections


def _above_cut(found: "Found") -> int:
    wanted = found.cut.possible if found.cut.strong else NEAREST
    return min(wanted, len(found.ranking.ids))


def _shown(found: "Found", revealed: int) -> int:
    return min(_above_cut(found) + revealed, len(found.ranking.ids))


def _leading(found: "Found", start: int, stop: int) -> IdArray:
    """Positions from `start` to `stop`, those of photos behind a leader left out."""
    positions = np.arange(start, stop, dtype=np.int64)
    behind = [member for members in found.bursts.values() for member in members]
    return positions[~np.isin(found.ranking.ids[start:stop], behind)] if behind else positions


def _unfolded(found: "Found", positions: IdArray, expanded: Collection[int]) -> IdArray:
    """The same with the members of expanded bursts right after their leaders."""
    pieces: list[IdArray] = []
    start = 0
    leaders = np.flatnonzero(np.isin(found.ranking.ids[positions], list(expanded)))
    for place in leaders.tolist():
        members = found.bursts.get(int(found.ranking.ids[positions[place]]), ())
        pieces += [positions[start : place + 1], _positions_of(found, members)]
        start = place + 1
    return _joined([*pieces, positions[start:]])


def _positions_of(found: "Found", ids: Collection[int]) -> IdArray:
    return np.flatnonzero(np.isin(found.ranking.ids, list(ids))).astype(np.int64)


def _joined(pieces: list[IdArray]) -> IdArray:
    return np.concatenate([np.empty(0, np.int64), *pieces])
