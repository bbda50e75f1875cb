from collections.abc import Sequence

import numpy as np
import pytest

from engine.errors import CaptionsError
from engine.evaluation.metrics import Metrics, ranks
from engine.evaluation.sweep import ALONE, WEIGHTS, Sweep, choose, fusions, rank_all
from engine.models.encoder import FloatArray
from engine.search.fusion import NORMALISATIONS, BoolArray, IntArray, Normalisation, fuse


def searches(
    captions: int = 200, photos: int = 60, signal: tuple[float, float] = (1.0, 1.0), seed: int = 0
) -> tuple[FloatArray, IntArray]:
    """Noise, in which each encoder sees the right photo as clearly as `signal` says."""
    rng = np.random.default_rng(seed)
    scores = rng.standard_normal((2, captions, photos)).astype(np.float32)
    columns = np.arange(captions) % photos
    for encoder, strength in enumerate(signal):
        scores[encoder, np.arange(captions), columns] += strength
    return scores, columns.astype(np.int64)


def sweep(
    scores: FloatArray,
    photos: IntArray,
    normalisations: Sequence[Normalisation] = NORMALISATIONS,
    weights: Sequence[float] = WEIGHTS,
    seed: int = 0,
) -> Sweep:
    tried = dict(rank_all(scores, photos, fusions(normalisations, weights)))
    alone = [ranks(fuse(one[np.newaxis], ALONE), photos) for one in scores]
    return choose(tried, alone, photos, seed)


def test_every_normalisation_is_tried_with_every_weight() -> None:
    result = sweep(*searches())
    tried = [(row.fusion.normalisation, row.fusion.weights[1]) for row in result.rows]
    assert tried == [(name, weight) for name in NORMALISATIONS for weight in WEIGHTS]
    assert len(WEIGHTS) == 21
    assert (WEIGHTS[0], WEIGHTS[6], WEIGHTS[-1]) == (0, 0.3, 1)


def test_each_row_is_what_evaluating_its_fusion_gives() -> None:
    scores, photos = searches()
    for row in sweep(scores, photos, weights=(0, 0.35, 1)).rows:
        found = ranks(fuse(scores, row.fusion), photos)
        assert row.metrics == Metrics.from_ranks(found, seed=None)


def test_an_encoder_that_knows_nothing_gets_little_weight() -> None:
    weight = sweep(*searches(signal=(2.5, 0.0))).chosen.weights[1]
    assert weight <= 0.3


def test_two_encoders_that_know_the_same_share_the_weight() -> None:
    result = sweep(*searches(captions=2000, signal=(1.5, 1.5)))
    assert 0.3 <= result.chosen.weights[1] <= 0.7
    assert all(result.held_out.r10 > alone.r10 for alone in result.held_out_alone)


def test_among_equals_the_most_balanced_weight_of_the_first_normalisation_wins() -> None:
    scores, photos = searches(signal=(100.0, 100.0))
    result = sweep(scores, photos, normalisations=("minmax", "zscore"))
    assert result.chosen.normalisation == "minmax"
    assert result.chosen.weights == (0.5, 0.5)


def test_the_captions_of_a_photo_stay_in_one_half() -> None:
    # Photo 0 has 90 of the 100 captions, so the halves are of 90 and more, and of 10 and less.
    scores, _ = searches(captions=100, photos=11)
    photos = np.r_[np.zeros(90, np.int64), np.arange(1, 11)]
    for seed in range(5):
        result = sweep(scores, photos, weights=(0.5,), seed=seed)
        sizes = sorted([result.tuning.queries, result.held_out.queries])
        assert sum(sizes) == 100
        assert sizes[0] <= 10


def test_the_choice_does_not_look_at_the_held_out_half() -> None:
    scores, photos = searches(captions=40, photos=20)
    first = sweep(scores, photos)
    held_out = ~tuning_captions(scores, photos)
    assert held_out.sum() == first.held_out.queries == 20
    spoilt = scores.copy()
    spoilt[:, held_out] = np.random.default_rng(9).random((2, 20, 20))
    again = sweep(spoilt, photos)
    assert (again.chosen, again.tuning) == (first.chosen, first.tuning)
    assert again.held_out != first.held_out


def tuning_captions(scores: FloatArray, photos: IntArray) -> BoolArray:
    """Which captions decide, seen from outside: to rank one last changes the tuning figures."""
    before = sweep(scores, photos, ("none",), (0.5,)).tuning.mean_rank
    decides = np.zeros(len(photos), dtype=np.bool_)
    for caption, photo in enumerate(photos):
        changed = scores.copy()
        changed[:, caption, photo] -= 100
        decides[caption] = sweep(changed, photos, ("none",), (0.5,)).tuning.mean_rank != before
    return decides


def test_single_encoders_are_measured_on_the_held_out_half() -> None:
    scores, photos = searches()
    result = sweep(scores, photos)
    both = [alone.queries for alone in result.held_out_alone]
    assert both == [result.held_out.queries] * 2
    swapped = sweep(scores[::-1], photos)
    assert swapped.held_out_alone == result.held_out_alone[::-1]
    assert ALONE.weights == (1.0,)


def test_the_same_seed_gives_the_same_result() -> None:
    scores, photos = searches()
    assert sweep(scores, photos, seed=3) == sweep(scores, photos, seed=3)


def test_a_photo_that_one_encoder_lacks_is_ranked_in_every_fusion() -> None:
    scores, photos = searches()
    scores[1, :, ::4] = np.nan
    for row in sweep(scores, photos, weights=(0, 0.35, 1)).rows:
        found = ranks(fuse(scores, row.fusion), photos)
        assert row.metrics == Metrics.from_ranks(found, seed=None)


def test_one_photo_cannot_be_cut_in_half() -> None:
    scores, _ = searches(captions=3)
    with pytest.raises(CaptionsError, match="two photos"):
        sweep(scores, np.zeros(3, np.int64))
