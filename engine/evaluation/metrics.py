"""How well rankings find what they should: ranks, recall, intervals."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from engine.models.encoder import FloatArray
from engine.search.fusion import BoolArray, IntArray

Interval = tuple[float, float]
FIGURES = ("r1", "r5", "r10", "mean_rank", "median_rank")
RESAMPLES = 1_000
_BLOCK = 2_000_000  # numbers held at a time, so that memory does not grow with the data set


@dataclass(frozen=True, slots=True)
class Metrics:
    """What is reported about the ranks of the right answers.

    Attributes:
        r1: queries whose right answer is first, in percent; likewise r5 (first five), r10.
        mean_rank: of the right answers; 1 is the best.
        median_rank: likewise.
        queries: how many there are.
        intervals: 95 % interval of each figure by its name; empty where not asked for. Queries
            are taken as independent, so several captions a photo make them slightly narrow.
    """

    r1: float
    r5: float
    r10: float
    mean_rank: float
    median_rank: float
    queries: int
    intervals: dict[str, Interval] = field(default_factory=dict)

    @classmethod
    def from_ranks(cls, ranks: IntArray, seed: int | None = 0) -> "Metrics":
        """Sum up ranks.

        Args:
            ranks: shape (q,), int64, q >= 1, 1 the best.
            seed: of the bootstrap; None leaves the intervals out.

        Returns:
            The figures and their percentile bootstrap intervals.

        Raises:
            ValueError: there is no rank.

        Source: Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
        """
        if not ranks.size:
            raise ValueError("no ranks to sum up")
        r1, r5, r10, mean, median = _figures(ranks[np.newaxis])[:, 0].tolist()
        intervals = {} if seed is None else _bootstrap(ranks, np.random.default_rng(seed))
        return cls(r1, r5, r10, mean, median, queries=ranks.size, intervals=intervals)

    def as_dict(self) -> dict[str, float]:
        """The five figures by name, rounded to two decimals."""
        return {name: round(float(getattr(self, name)), 2) for name in FIGURES}

    def intervals_as_dict(self) -> dict[str, list[float]]:
        """The low and the high end of each interval by name, rounded to two decimals."""
        return {name: [round(end, 2) for end in ends] for name, ends in self.intervals.items()}


def ranks(scores: FloatArray, relevant: BoolArray | IntArray) -> IntArray:
    """Find the rank of the best-ranked right answer of each query.

    Equal scores rank by position, as in `engine.search.fusion.best`: a right answer is behind
    all that score the same and stand before it.

    Args:
        scores: shape (q, n), float32, without NaN.
        relevant: shape (q, n), bool: the right answers; or shape (q,), int64: the one right
            answer's column.

    Returns:
        Shape (q,), int64; 1 is the best.

    Raises:
        ValueError: a query has no right answer.
    """
    targets = best_right(scores, relevant)
    target_scores = np.take_along_axis(scores, targets[:, np.newaxis], axis=1)
    above = np.count_nonzero(scores > target_scores, axis=1)
    before = np.arange(scores.shape[1]) < targets[:, np.newaxis]
    before &= scores == target_scores
    return np.asarray(1 + above + np.count_nonzero(before, axis=1), dtype=np.int64)


def best_right(scores: FloatArray, relevant: BoolArray | IntArray) -> IntArray:
    """Find the best-ranked right answer of each query; the arguments are those of `ranks`.

    Returns:
        Its column, shape (q,), int64.

    Raises:
        ValueError: a query has no right answer.
    """
    if relevant.dtype != np.bool_:
        return relevant.astype(np.int64, copy=False)
    if not relevant.any(axis=1).all():
        raise ValueError("a query has no right answer")
    highest = np.where(relevant, scores, -np.inf).max(axis=1, keepdims=True)
    return np.asarray(np.argmax(relevant & (scores == highest), axis=1), dtype=np.int64)


def blocks(rows: int, width: int) -> Iterator[slice]:
    """Cut rows of `width` numbers each into slices that fit into little memory."""
    step = max(1, _BLOCK // max(width, 1))
    return (slice(start, min(start + step, rows)) for start in range(0, rows, step))


def _figures(samples: IntArray) -> npt.NDArray[np.float64]:
    """The figures, in the order of FIGURES, of each row of ranks: shape (5, rows)."""
    recalls = [100 * np.mean(samples <= k, axis=1) for k in (1, 5, 10)]
    return np.array([*recalls, samples.mean(axis=1), np.median(samples, axis=1)])


def _bootstrap(ranks: IntArray, rng: np.random.Generator) -> dict[str, Interval]:
    parts = [
        _figures(ranks[rng.integers(ranks.size, size=(block.stop - block.start, ranks.size))])
        for block in blocks(RESAMPLES, ranks.size)
    ]
    resampled = np.concatenate(parts, axis=1)
    low, high = np.percentile(resampled, (2.5, 97.5), axis=1)
    return {name: (float(a), float(b)) for name, a, b in zip(FIGURES, low, high, strict=True)}
