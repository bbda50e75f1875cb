"""Which normalisation and which weights find the right photos best."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from engine.errors import CaptionsError
from engine.evaluation.metrics import Metrics, ranks
from engine.models.encoder import FloatArray
from engine.search.fusion import (
    NORMALISATIONS,
    BoolArray,
    Fusion,
    IntArray,
    Normalisation,
    average,
    normalise,
)

WEIGHTS = tuple(round(0.05 * step, 2) for step in range(21))
ALONE = Fusion("none", (1.0,))  # the ranking of one encoder by itself


@dataclass(frozen=True, slots=True)
class SweepRow:
    """One fusion that was tried, and its figures over all queries, without intervals."""

    fusion: Fusion
    metrics: Metrics


@dataclass(frozen=True, slots=True)
class Sweep:
    """What was tried, what was chosen, and what that choice is worth on queries it has not seen.

    Attributes:
        rows: everything tried, over all queries.
        chosen: the best on the tuning half.
        tuning: of `chosen`, on the half it was chosen on.
        held_out: of `chosen`, on the other half.
        held_out_alone: of each encoder by itself, on that other half.
    """

    rows: tuple[SweepRow, ...]
    chosen: Fusion
    tuning: Metrics
    held_out: Metrics
    held_out_alone: tuple[Metrics, ...]


def fusions(
    normalisations: Iterable[Normalisation] = NORMALISATIONS, weights: Sequence[float] = WEIGHTS
) -> list[Fusion]:
    """Every normalisation with every weight.

    Args:
        normalisations: which to try.
        weights: of the second encoder, 0 to 1; the first has the rest.
    """
    return [
        Fusion(normalisation, (round(1 - weight, 6), weight))
        for normalisation in normalisations
        for weight in weights
    ]


def rank_all(
    scores: FloatArray, relevant: BoolArray | IntArray, tried: Iterable[Fusion]
) -> Iterator[tuple[Fusion, IntArray]]:
    """Rank the right photo of each query under each fusion.

    Args:
        scores: shape (2, q, n), float32, as `engine.search.fusion.fuse` takes them.
        relevant: as `engine.evaluation.metrics.ranks` takes it.
        tried: those of one normalisation together; it is computed once for them.

    Yields:
        Each fusion with ranks of shape (q,), int64.
    """
    for normalisation, group in groupby(tried, key=lambda fusion: fusion.normalisation):
        values = normalise(scores, normalisation)
        for fusion in group:
            yield fusion, ranks(average(values, fusion.weights), relevant)


def choose(
    tried: Mapping[Fusion, IntArray],
    alone: Sequence[IntArray],
    photos: IntArray,
    seed: int = 0,
) -> Sweep:
    """Choose the best fusion on the queries of one half of the photos, measure it on the other.

    The best is that with the highest R@10, then R@5, then R@1; among equals the weight nearest
    0.5 wins, then the fusion named first.

    Args:
        tried: ranks by fusion, each of shape (q,), int64.
        alone: ranks by each encoder itself, likewise.
        photos: shape (q,), int64: each query's photo; queries of one photo stay together.
        seed: of the halves and of the intervals.

    Raises:
        CaptionsError: fewer than two photos are asked for.
    """
    tuning = _tuning_half(photos, seed)
    on_half = {
        fusion: Metrics.from_ranks(found[tuning], seed=None) for fusion, found in tried.items()
    }
    chosen = max(on_half, key=lambda fusion: _merit(fusion, on_half[fusion]))
    return Sweep(
        rows=tuple(
            SweepRow(fusion, Metrics.from_ranks(found, seed=None))
            for fusion, found in tried.items()
        ),
        chosen=chosen,
        tuning=Metrics.from_ranks(tried[chosen][tuning], seed),
        held_out=Metrics.from_ranks(tried[chosen][~tuning], seed),
        held_out_alone=tuple(Metrics.from_ranks(found[~tuning], seed) for found in alone),
    )


def _tuning_half(photos: IntArray, seed: int) -> BoolArray:
    """Which captions are chosen on, shape (q,): all or none of a photo's."""
    captioned = np.unique(photos)
    if captioned.size < 2:
        raise CaptionsError("At least two photos with captions are needed to choose weights.")
    shuffled = np.random.default_rng(seed).permutation(captioned)
    return np.isin(photos, shuffled[: captioned.size // 2])


def _merit(fusion: Fusion, metrics: Metrics) -> tuple[float, float, float, float]:
    balance = -round(abs(fusion.weights[1] - 0.5), 6)
    return metrics.r10, metrics.r5, metrics.r1, balance
