"""Joining the scores of several encoders into one ranking of every photo."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from engine.models.encoder import FloatArray

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
Normalisation = Literal["none", "zscore", "minmax", "rrf"]
NORMALISATIONS: tuple[Normalisation, ...] = get_args(Normalisation)
RRF_K = 60  # damping, in ranks; as in the source

_LABELS = {"none": "raw cosine", "zscore": "z-score", "minmax": "min-max", "rrf": "RRF"}


@dataclass(frozen=True, slots=True)
class Fusion:
    """How the scores of the encoders are joined.

    Attributes:
        normalisation: what is done to each encoder's scores before they are averaged.
        weights: one an encoder, in the order of the scores; finite, not negative, not all zero.
            Only their ratios count.

    Raises:
        ValueError: the normalisation is unknown or the weights are not as said above.
    """

    normalisation: Normalisation
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if self.normalisation not in NORMALISATIONS:
            raise ValueError(f"{self.normalisation!r} is none of {', '.join(NORMALISATIONS)}")
        if not all(math.isfinite(weight) and weight >= 0 for weight in self.weights):
            raise ValueError(f"weights must be finite and not negative, not {self.weights}")
        if not any(self.weights):
            raise ValueError("at least one weight must be above zero")

    def label(self) -> str:
        """Name the fusion in a few letters, for tables and logs: "z-score 0.3 : 0.7"."""
        return f"{_LABELS[self.normalisation]} {' : '.join(f'{w:g}' for w in self.weights)}"


def fuse(scores: FloatArray, fusion: Fusion) -> FloatArray:
    """Join the scores of all encoders for every photo.

    A photo that some encoders have not embedded yet is ranked by the others: its fused score is
    the weighted mean over the encoders that have it, or their plain mean where all of those have
    weight 0.

    Args:
        scores: shape (m, ..., n), float32: m encoders, any query axes, n photos in the order of
            their ids. NaN where the encoder has not embedded the photo; finite otherwise.
        fusion: with m weights.

    Returns:
        Fused scores, shape (..., n), float32; -inf for a photo that no encoder has embedded.

    Raises:
        ValueError: the number of weights is not m.
    """
    return average(normalise(scores, fusion.normalisation), fusion.weights)


def normalise(scores: FloatArray, normalisation: Normalisation) -> FloatArray:
    """Make the scores of different encoders comparable, each query over the whole library.

    Args:
        scores: shape (m, ..., n), float32; NaN where there is none.
        normalisation: "none" gives the scores themselves; "zscore" subtracts the mean and divides
            by the population's standard deviation; "minmax" maps to [0, 1]; "rrf" gives
            1 / (RRF_K + rank), rank 1 the best, ties by smaller position. Scores that are all the
            same become 0 under "zscore" and "minmax".

    Returns:
        Shape (m, ..., n), float32; NaN where `scores` has it. A new array, but under "none"
        `scores` itself.

    Source: for "rrf" Cormack, Clarke & Buettcher, SIGIR 2009.
    """
    scores = np.asarray(scores, dtype=np.float32)
    if normalisation == "none" or not scores.size:
        return scores
    transform = {"zscore": _standardise, "minmax": _rescale, "rrf": _reciprocal_ranks}
    return transform[normalisation](scores)


def average(values: FloatArray, weights: tuple[float, ...]) -> FloatArray:
    """Average normalised scores over the encoders that have them.

    Args:
        values: shape (m, ..., n), float32, as `normalise` gives them; NaN where there is none.
        weights: m of them, as in `Fusion`.

    Returns:
        Shape (..., n), float32; -inf where all m are missing.

    Raises:
        ValueError: the number of weights is not m.
    """
    values, shares, missing = _shared_out(values, weights)
    fused: FloatArray = values[0] * shares[0]
    scratch = np.empty_like(fused)
    for value, share in zip(values[1:], shares[1:], strict=True):
        fused += np.multiply(value, share, out=scratch)
    if missing is not None:
        fused[missing.all(axis=0)] = -np.inf
    return fused


def contributions(values: FloatArray, weights: tuple[float, ...]) -> FloatArray:
    """What each encoder gives to the average; the arguments are those of `average`.

    Returns:
        Shape (m, ..., n), float32; they add up to the average. 0 where one of m is missing, -inf
        where all are.
    """
    values, shares, missing = _shared_out(values, weights)
    given: FloatArray = values * shares
    if missing is not None:
        given[:, missing.all(axis=0)] = -np.inf
    return given


def best(scores: FloatArray, count: int) -> IntArray:
    """Find the highest scores.

    Args:
        scores: shape (n,), float32.
        count: how many positions are wanted.

    Returns:
        Positions, best first, shape (at most `count`,), int64; ties by smaller position, also
        across the cut. Scores of -inf and NaN are left out.
    """
    count = min(count, scores.size)
    if count <= 0:
        return np.empty(0, dtype=np.int64)
    if count == scores.size:
        return _best_first(scores)[: np.count_nonzero(scores > -np.inf)]
    costs = -scores
    # NaN sorts last, so a cut that is NaN means that all real scores are wanted.
    cut = np.fmin(np.partition(costs, count - 1)[count - 1], np.float32(np.inf))
    better = np.flatnonzero(costs < cut)
    tied = np.flatnonzero(costs == cut)[: count - better.size]
    positions = np.concatenate([better, tied])
    positions = positions[costs[positions] < np.inf]
    ordered: IntArray = positions[np.argsort(costs[positions], kind="stable")]
    return ordered


def _shared_out(
    values: FloatArray, weights: tuple[float, ...]
) -> tuple[FloatArray, FloatArray, BoolArray | None]:
    """Values with 0 for what is missing, each encoder's share in them, and where it is missing."""
    if len(weights) != len(values):
        raise ValueError(f"{len(weights)} weights for the scores of {len(values)} encoders")
    relative = np.array(weights, dtype=np.float64) / max(weights)  # the sum cannot overflow
    shares = (relative / relative.sum()).astype(np.float32).reshape(-1, *[1] * (values.ndim - 1))
    if not _any_missing(values):
        return values, shares, None
    missing = np.isnan(values)
    return np.where(missing, np.float32(0), values), _shares_of_present(~missing, shares), missing


def _any_missing(scores: FloatArray) -> bool:
    """Whether NaN is in it, at the cost of one pass and no mask."""
    return bool(np.isnan(scores.min(initial=0)))


def _shares_of_present(present: BoolArray, shares: FloatArray) -> FloatArray:
    """Weights of each photo over the encoders that have it, summing to 1 (to 0 where none has)."""
    weights: FloatArray = np.where(present, shares, np.float32(0))
    unweighted = weights.sum(axis=0) == 0
    weights = np.where(unweighted, present.astype(np.float32), weights)
    total = weights.sum(axis=0)
    weights /= np.where(total == 0, np.float32(1), total)
    return weights


def _standardise(scores: FloatArray) -> FloatArray:
    present = ~np.isnan(scores) if _any_missing(scores) else None
    where = True if present is None else present
    count = np.maximum(np.sum(np.broadcast_to(where, scores.shape), axis=-1, keepdims=True), 1)
    mean = np.sum(scores, axis=-1, dtype=np.float64, keepdims=True, where=where) / count
    centred: FloatArray = scores - mean.astype(np.float32)
    known = centred if present is None else np.where(present, centred, np.float32(0))
    deviation = np.sqrt(np.vecdot(known, known)[..., np.newaxis] / count).astype(np.float32)
    centred /= np.where(deviation > 0, deviation, np.float32(1))
    return centred


def _rescale(scores: FloatArray) -> FloatArray:
    low = np.fmin.reduce(scores, axis=-1, keepdims=True)
    span = np.fmax.reduce(scores, axis=-1, keepdims=True) - low
    rescaled = scores - low
    rescaled /= np.where(span > 0, span, np.float32(1))
    return rescaled


def _reciprocal_ranks(scores: FloatArray) -> FloatArray:
    best_first = _best_first(scores)
    by_rank = 1 / np.arange(RRF_K + 1, RRF_K + 1 + scores.shape[-1], dtype=np.float64)
    values = np.empty_like(scores)
    np.put_along_axis(values, best_first, by_rank.astype(np.float32), axis=-1)
    if _any_missing(scores):
        values[np.isnan(scores)] = np.nan
    return values


def _best_first(scores: FloatArray) -> IntArray:
    """All positions in order, ties by smaller position, NaN last.

    One plain sort of integers, made of score and position, takes a sixth of a stable argsort.
    """
    costs = np.where(np.isnan(scores), np.float32(np.inf), 0 - scores)  # 0 - 0 has no sign
    bits = costs.view(np.uint32)
    # As integers, negative floats stand in reverse and behind the positive ones.
    bits ^= np.where(bits >> 31, np.uint32(0xFFFFFFFF), np.uint32(0x80000000))
    keys = bits.astype(np.uint64) << np.uint64(32)
    keys |= np.arange(scores.shape[-1], dtype=np.uint64)
    keys.sort(axis=-1)
    return (keys & np.uint64(0xFFFFFFFF)).astype(np.int64)
