"""How far down a ranking photos still stand out from the rest of the library."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.models.encoder import FloatArray

STRONG = 0.05  # share of chance hits that is accepted among the strong matches,
POSSIBLE = 0.2  # and among all that may be matches
FEWEST = 50  # photos whose bulk can be told from its tail
FEWEST_FOR_A_GAP = 5

# Mean shift: a window of 0.6 spreads finds the bulk within 0.1 spreads of where it is for 1,000
# photos, and still does while a quarter of them are matches, which drag the median along.
_WINDOW = 0.6
_STEPS = 50
_CLOSE_ENOUGH = 1e-3  # in spreads
_SAMPLE = 4_096  # photos that the bulk is sought in
_MAD_TO_DEVIATION = 1.4826  # of a normal distribution
_STANDARD_ERROR = 1.65  # of a deviation from the MAD of half of n normal values, times root n
# The widest gap in the upper half of n normal values is wider than so many root-nths of their
# range in 1 of 20 samples, and in 1 of 2 (4,000 samples each of 5 to 49 values).
_STRIKING_GAP = 1.4
_WIDE_GAP = 0.7

DoubleArray = npt.NDArray[np.float64]

_DEVIATIONS = np.linspace(0, 9, 1_801)
_TAIL = np.array([math.erfc(z / math.sqrt(2)) / 2 for z in _DEVIATIONS])


@dataclass(frozen=True, slots=True)
class Cut:
    """Where the sections of a ranking end.

    Attributes:
        strong: so many of the first are strong matches; 0 where nothing fits well.
        possible: up to here they may be matches; at least `strong`.
    """

    strong: int
    possible: int


def cut_off(scores: FloatArray) -> Cut:
    """Find how many of the best photos stand out from the others, by this query alone.

    Most photos of a library have nothing to do with a query: theirs is the bulk of the scores.
    Its centre is where the scores lie densest, its spread comes from the scores below that,
    where no match is. How many of the bulk come as high as a photo by chance is foreseen from a
    normal distribution and, because the bulk of a small encoder ends sooner than that, from the
    scores below the centre mirrored at it. Strong matches are as many as keep the share of chance
    hits within `STRONG` by the former, possible ones within `POSSIBLE` by either. Where the
    ranking ends no higher than its mirror, both are 0.

    Fewer than `FEWEST` photos have no bulk: they are parted at the widest gap in their upper
    half, where it is wider than chance makes it.

    Args:
        scores: shape (n,), float32, descending, of the whole library; cosines or what is affine
            in them. Reciprocal ranks have no such distribution: see `Scores.cut`.

    Source: Benjamini & Hochberg, J. R. Stat. Soc. B 57, 1995, with a null distribution from the
    data as in Efron, J. Am. Stat. Assoc. 99, 2004; for the mirror Barber & Candès, Ann. Stat. 43,
    2015.
    """
    ordered = scores.astype(np.float64)
    if len(ordered) < FEWEST:
        return _cut_at_gap(ordered)
    centre, spread = _bulk(ordered)
    if spread == 0:  # more than half are the same: nothing tells how far a photo may stray
        return Cut(0, 0)
    split = int(np.searchsorted(-ordered, -centre))
    above, below = ordered[:split] - centre, centre - ordered[split:]
    by_normal = _chance(above / spread) * min(len(ordered), 2 * len(below))
    by_mirror = 1 + len(below) - np.searchsorted(below, above)
    strong = _last_within(by_normal, STRONG)
    possible = _last_within(np.minimum(by_normal, by_mirror), POSSIBLE)
    return Cut(strong, max(strong, possible))


def _chance(deviations: DoubleArray) -> DoubleArray:
    """How likely a normal value is to lie so far above its centre, or farther."""
    chances: DoubleArray = np.interp(deviations, _DEVIATIONS, _TAIL)
    return chances


def _last_within(by_chance: DoubleArray, accepted: float) -> int:
    """The longest beginning of a ranking whose share of chance hits is accepted."""
    within = np.flatnonzero(by_chance <= accepted * np.arange(1, len(by_chance) + 1))
    return int(within[-1]) + 1 if within.size else 0


def _bulk(scores: DoubleArray) -> tuple[float, float]:
    """Centre and standard deviation of the background; the latter rather too large than small."""
    sample = scores[:: -(-len(scores) // _SAMPLE)]
    centre = float(np.median(sample))
    window = _WINDOW * _MAD_TO_DEVIATION * float(np.median(np.abs(sample - centre)))
    if window == 0:
        return centre, 0.0
    for _ in range(_STEPS):
        weights = np.exp(-0.5 * ((sample - centre) / window) ** 2)
        before, centre = centre, float(weights @ sample / weights.sum())
        if abs(centre - before) < _CLOSE_ENOUGH * window:
            break
    below = centre - scores[np.searchsorted(-scores, -centre) :]
    deviation = _MAD_TO_DEVIATION * float(np.median(below))
    return centre, deviation * (1 + _STANDARD_ERROR / math.sqrt(len(scores)))


def _cut_at_gap(scores: DoubleArray) -> Cut:
    if len(scores) < FEWEST_FOR_A_GAP or scores[0] == scores[-1]:
        return Cut(0, 0)
    gaps = -np.diff(scores)[: len(scores) // 2] / (scores[0] - scores[-1])
    split = int(np.argmax(gaps)) + 1
    width = float(gaps[split - 1]) * math.sqrt(len(scores))
    return Cut(split if width >= _STRIKING_GAP else 0, split if width >= _WIDE_GAP else 0)
