"""Which normalisation and which weights find the right photos best."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.errors import CaptionsError
from engine.evaluation.metrics import Metrics, blocks, ranks, text_to_image_ranks
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


def sweep(
    scores: FloatArray,
    photos: IntArray,
    normalisations: Sequence[Normalisation] = NORMALISATIONS,
    weights: Sequence[float] = WEIGHTS,
    seed: int = 0,
) -> Sweep:
    """Try every normalisation with every weight, text to image.

    The best is chosen on the captions of one half of the photos by R@10, then R@5, then R@1;
    among equals the weight nearest 0.5 wins, then the normalisation named first.

    Args:
        scores: shape (2, q, n), float32, as `engine.search.fusion.fuse` takes them.
        photos: shape (q,), int64: the column of each caption's photo.
        normalisations: which to try.
        weights: of the second encoder, 0 to 1; the first has the rest.
        seed: of the halves and of the intervals.

    Returns:
        All that was tried and the one chosen.

    Raises:
        CaptionsError: fewer than two photos have captions.
    """
    tuning = _tuning_half(photos, seed)
    tried = dict(_all_ranks(scores, photos, _fusions(normalisations, weights)))
    on_half = {
        fusion: Metrics.from_ranks(found[tuning], seed=None) for fusion, found in tried.items()
    }
    chosen = max(on_half, key=lambda fusion: _merit(fusion, on_half[fusion]))
    alone = [text_to_image_ranks(one[np.newaxis], photos, ALONE) for one in scores]
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


def _fusions(normalisations: Iterable[Normalisation], weights: Sequence[float]) -> list[Fusion]:
    return [
        Fusion(normalisation, (round(1 - weight, 6), weight))
        for normalisation in normalisations
        for weight in weights
    ]


def _tuning_half(photos: IntArray, seed: int) -> BoolArray:
    """Which captions are chosen on, shape (q,): all or none of a photo's."""
    captioned = np.unique(photos)
    if captioned.size < 2:
        raise CaptionsError("At least two photos with captions are needed to choose weights.")
    shuffled = np.random.default_rng(seed).permutation(captioned)
    return np.isin(photos, shuffled[: captioned.size // 2])


def _all_ranks(
    scores: FloatArray, photos: IntArray, fusions: Sequence[Fusion]
) -> Iterator[tuple[Fusion, IntArray]]:
    """The rank of each caption's photo under each fusion; each normalised once a block."""
    found = {fusion: np.empty(len(photos), dtype=np.int64) for fusion in fusions}
    for rows in blocks(scores.shape[1], scores.shape[0] * scores.shape[2]):
        values: dict[Normalisation, FloatArray] = {}
        for fusion, places in found.items():
            if fusion.normalisation not in values:
                values = {fusion.normalisation: normalise(scores[:, rows], fusion.normalisation)}
            fused = average(values[fusion.normalisation], fusion.weights)
            places[rows] = ranks(fused, photos[rows])
    yield from found.items()


def _merit(fusion: Fusion, metrics: Metrics) -> tuple[float, float, float, float]:
    balance = -round(abs(fusion.weights[1] - 0.5), 6)
    return metrics.r10, metrics.r5, metrics.r1, balance
