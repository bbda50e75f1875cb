import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.evaluating import Failure, Progress, evaluate_table
from engine.evaluation.metrics import Metrics, ranks
from engine.evaluation.queries import Queries
from engine.models.encoder import FloatArray
from engine.search.fusion import Fusion, IntArray, best, fuse
from tests.engine.evaluation.tables import NAMES, evaluated, queries_about, table_of

FUSION = Fusion("zscore", (0.3, 0.7))
COSINE = Fusion("none", (0.3, 0.7))
ALONE = Fusion("none", (1.0,))


def searches() -> tuple[FloatArray, IntArray]:
    rng = np.random.default_rng(0)
    scores = rng.standard_normal((2, 40, 32)).astype(np.float32)
    photos = (np.arange(40) % 30).astype(np.int64)  # two photos have no caption
    scores[:, np.arange(40), photos] += 1
    return scores, photos


def turned(scores: FloatArray) -> FloatArray:
    return np.ascontiguousarray(scores.swapaxes(1, 2))


def test_each_encoder_and_the_fusion_are_measured_both_ways() -> None:
    scores, photos = searches()
    found = evaluated(scores, photos, FUSION)
    cases = {
        "openclip": (scores[:1], ALONE),
        "beit3": (scores[1:], ALONE),
        "fused": (scores, FUSION),
    }
    assert list(found.text_to_image) == list(found.image_to_text) == list(cases)
    right_texts = photos == np.arange(30)[:, np.newaxis]
    for name, (part, fusion) in cases.items():
        forward = ranks(fuse(part, fusion), photos)
        backward = ranks(fuse(turned(part), fusion)[:30], right_texts)
        np.testing.assert_array_equal(found.text_to_image[name], forward)
        np.testing.assert_array_equal(found.image_to_text[name], backward)
        assert found.report.text_to_image[name] == Metrics.from_ranks(forward)
        assert found.report.image_to_text[name] == Metrics.from_ranks(backward)
    assert found.report.photos == 32
    assert found.report.names == NAMES


def test_perfect_scores_give_perfect_figures_and_no_failure() -> None:
    scores = np.stack([np.eye(15, dtype=np.float32)] * 2)
    found = evaluated(scores, np.arange(15), FUSION)
    perfect = {"r1": 100.0, "r5": 100.0, "r10": 100.0, "mean_rank": 1.0, "median_rank": 1.0}
    for metrics in (*found.report.text_to_image.values(), *found.report.image_to_text.values()):
        assert metrics.as_dict() == perfect
        assert metrics.intervals["r1"] == (100, 100)
    assert found.failures == ()


def test_a_failed_query_is_told_with_what_was_ranked_above() -> None:
    # Twelve photos with scores 12, 11, …, 1 for both queries: the ids are 10 to 21.
    scores = np.tile(np.arange(12, 0, -1, dtype=np.float32), (2, 2, 1))
    found = evaluated(scores, np.array([9, 10]), COSINE)
    assert found.text_to_image["fused"].tolist() == [10, 11]
    assert found.failures == (Failure(1, 11, 20, (10, 11, 12, 13, 14)),)


def test_of_several_right_photos_the_best_ranked_counts() -> None:
    scores = np.tile(np.arange(20, 0, -1, dtype=np.float32), (2, 3, 1))
    queries = Queries(
        texts=("một", "hai", "ba"),
        photo_ids=np.arange(100, 120),
        rows=np.array([0, 0, 1, 2, 2]),
        columns=np.array([2, 19, 0, 14, 17]),
    )
    found = evaluated(scores, queries, COSINE)
    for places in found.text_to_image.values():
        assert places.tolist() == [3, 1, 15]
    assert found.failures == (Failure(2, 15, 114, (100, 101, 102, 103, 104)),)
    assert found.texts == ("một", "hai", "ba")
    assert found.report.image_to_text["fused"].queries == 5


def test_the_same_is_found_in_blocks_and_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    scores, photos = searches()
    scores[1, :, ::4] = np.nan
    whole = evaluated(scores, photos, FUSION)
    monkeypatch.setattr("engine.evaluation.metrics._BLOCK", 200)
    parts = evaluated(scores, photos, FUSION)
    assert parts.report == whole.report
    assert parts.failures == whole.failures
    assert len(whole.failures) > 2
    for name, found in whole.text_to_image.items():
        np.testing.assert_array_equal(found, parts.text_to_image[name])
        np.testing.assert_array_equal(whole.image_to_text[name], parts.image_to_text[name])


@given(st.integers(0, 50))
def test_failures_are_what_the_fused_ranking_shows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 9, (2, 6, 25)).astype(np.float32)  # with ties
    photos = rng.integers(0, 25, 6)
    found = evaluated(scores, photos, FUSION)
    fused = fuse(scores, FUSION)
    failed = {failure.query: failure for failure in found.failures}
    assert set(failed) == set(np.flatnonzero(found.text_to_image["fused"] > 10))
    for row, failure in failed.items():
        order = 10 + best(fused[row], 25)
        assert order[failure.rank - 1] == failure.photo_id == 10 + photos[row]
        assert failure.above == tuple(order[:5])


def test_an_image_ranks_where_any_of_its_captions_does() -> None:
    scores = np.random.default_rng(0).random((2, 40, 9), dtype=np.float32)
    photos = np.random.default_rng(1).integers(0, 5, 40)  # four photos have no caption
    fused = fuse(scores, COSINE)
    found = evaluated(scores, photos, COSINE).image_to_text["fused"]
    for k in (1, 5, 10):
        hits = [
            bool(set(np.argsort(-fused[:, photo])[:k]) & set(np.flatnonzero(photos == photo)))
            for photo in range(5)
        ]
        assert (found <= k).tolist() == hits


def test_a_photo_not_embedded_by_one_encoder_is_ranked_by_the_other() -> None:
    scores = np.array([[[0.9, 0.2]], [[np.nan, 0.3]]], dtype=np.float32)
    found = evaluated(scores, np.array([0]), COSINE).text_to_image
    assert {name: places.tolist() for name, places in found.items()} == {
        "openclip": [1],
        "beit3": [2],
        "fused": [1],
    }


def test_captions_of_one_photo_are_evaluated_without_a_sweep() -> None:
    scores, _ = searches()
    assert evaluated(scores, np.zeros(40, np.int64), FUSION).report.sweep is None


def test_better_weights_are_looked_for_over_the_same_scores() -> None:
    scores, photos = searches()
    sweep = evaluated(scores, photos, FUSION).report.sweep
    assert sweep is not None
    assert len(sweep.rows) == 84
    row = next(row for row in sweep.rows if row.fusion == FUSION)
    assert row.metrics == Metrics.from_ranks(ranks(fuse(scores, FUSION), photos), seed=None)


def test_an_evaluation_can_be_left_at_every_step() -> None:
    scores, photos = searches()
    steps = evaluate_table(table_of(scores), queries_about(photos, 32), FUSION, NAMES)
    told = [step for step in steps if isinstance(step, Progress)]
    assert len(told) > 84  # one a fusion tried
    assert [step.share for step in told if step.part == "ranking"][-1] == 1
