import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.models.encoder import FloatArray
from engine.search.fusion import NORMALISATIONS, Fusion, best, fuse
from engine.search.relevance import Cut, cut_off
from engine.search.scores import MODES, Mode, Scores, join

NAN = math.nan
NORMALISATION = st.sampled_from(NORMALISATIONS)
WEIGHTS = st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(any)
EQUAL = Fusion("none", (0.5, 0.5))


def array(values: npt.ArrayLike) -> FloatArray:
    return np.array(values, dtype=np.float32)


def scores_of(values: FloatArray) -> Scores:
    """Photos 10, 20, 30, ... ranked by their cosines."""
    return Scores(np.arange(1, values.shape[1] + 1) * 10, values, values)


@st.composite
def some_scores(draw: st.DrawFn) -> Scores:
    count = draw(st.integers(0, 12))
    cosine = st.one_of(st.integers(-9, 9).map(lambda tenths: tenths / 10), st.just(NAN))
    row = st.lists(cosine, min_size=count, max_size=count)
    return scores_of(array([draw(row), draw(row)]))


ALLOWED = st.none() | st.sets(st.integers(1, 12)).map(
    lambda photos: np.array(sorted(photos), np.int64) * 10
)


@given(some_scores(), st.sampled_from(MODES), NORMALISATION, WEIGHTS, ALLOWED)
def test_a_ranking_holds_what_each_encoder_gives_to_its_scores(
    scores: Scores,
    mode: Mode,
    normalisation: str,
    weights: tuple[int, int],
    allowed: npt.NDArray[np.int64] | None,
) -> None:
    fusion = Fusion(normalisation, weights)  # type: ignore[arg-type]
    ranking = scores.ranking(mode, fusion, allowed)
    rows = np.searchsorted(scores.ids, ranking.ids)
    np.testing.assert_array_equal(ranking.parts.sum(axis=0), ranking.scores)
    np.testing.assert_array_equal(ranking.cosines, scores.cosines[:, rows])
    lacking = np.isnan(ranking.cosines)
    assert not ranking.parts[lacking].any()
    if mode == "fused":
        expected = fuse(scores.values, fusion)
    else:
        alone = MODES.index(mode) - 1
        expected = np.where(np.isnan(scores.values[alone]), -np.inf, scores.values[alone])
        assert not ranking.parts[1 - alone].any()
    if allowed is not None:
        expected[~np.isin(scores.ids, allowed)] = -np.inf
    order = best(expected.astype(np.float32), len(scores.ids))
    assert ranking.ids.tolist() == scores.ids[order].tolist()
    np.testing.assert_array_equal(ranking.scores, expected[order].astype(np.float32))
    assert len(ranking) == len(ranking.ids)


@given(some_scores(), NORMALISATION, st.integers(0, 14), ALLOWED)
def test_a_limit_shows_the_first_of_the_whole_ranking(
    scores: Scores, normalisation: str, limit: int, allowed: npt.NDArray[np.int64] | None
) -> None:
    fusion = Fusion(normalisation, (0.3, 0.7))  # type: ignore[arg-type]
    whole = scores.rank("fused", fusion, allowed=allowed)
    assert scores.rank("fused", fusion, limit, allowed) == whole[:limit]
    ranking = scores.ranking("fused", fusion, allowed)
    assert [result.photo_id for result in whole] == ranking.ids.tolist()
    assert [result.score for result in whole] == ranking.scores.tolist()
    for result, pair in zip(whole, ranking.cosines.T.tolist(), strict=True):
        assert [cosine is None for cosine in result.cosines] == [math.isnan(c) for c in pair]


def test_the_parts_are_weight_times_score_and_all_from_one_where_the_other_lacks() -> None:
    scores = scores_of(array([[0.5, NAN, 0.2, NAN], [0.1, 0.4, NAN, NAN]]))
    ranking = scores.ranking("fused", Fusion("none", (0.3, 0.7)))
    assert ranking.ids.tolist() == [20, 10, 30]
    np.testing.assert_allclose(ranking.parts, [[0, 0.15, 0.2], [0.4, 0.07, 0]], rtol=1e-6)


def test_what_is_ranked_by_may_differ_from_the_cosines_that_are_shown() -> None:
    cosines = array([[0.5, 0.1], [0.5, 0.1]])
    ranking = Scores(np.array([1, 2]), cosines, -cosines).ranking("openclip", EQUAL)
    assert ranking.ids.tolist() == [2, 1]
    np.testing.assert_array_equal(ranking.cosines, cosines[:, ::-1])
    np.testing.assert_array_equal(ranking.scores, array([-0.1, -0.5]))


@given(some_scores(), ALLOWED)
def test_places_are_those_in_the_rankings_of_each_encoder(
    scores: Scores, allowed: npt.NDArray[np.int64] | None
) -> None:
    alone = [scores.ranking(mode, EQUAL, allowed) for mode in MODES[1:]]
    for photo_id in [*scores.ids.tolist(), 5, 999]:
        expected = tuple(ranking.position(photo_id) for ranking in alone)
        assert scores.places(photo_id, allowed) == expected


def test_a_position_counts_from_one() -> None:
    ranking = scores_of(array([[0.1, 0.3, 0.2], [0.1, 0.3, 0.2]])).ranking("fused", EQUAL)
    assert [ranking.position(photo_id) for photo_id in (20, 30, 10, 40)] == [1, 2, 3, None]


@pytest.fixture(scope="module")
def with_matches() -> Scores:
    """2,000 photos; 40 of them fit, by both encoders."""
    values = np.random.default_rng(0).standard_normal((2, 2_000), np.float32)
    values[:, 500:540] += 6
    return scores_of(values)


@pytest.mark.parametrize("mode", MODES)
def test_a_cut_is_that_of_the_ranking(with_matches: Scores, mode: Mode) -> None:
    fusion = Fusion("zscore", (0.5, 0.5))
    cut = with_matches.cut(mode, fusion)
    assert cut == cut_off(with_matches.ranking(mode, fusion).scores)
    assert 38 <= cut.strong <= 45


def test_reciprocal_ranks_are_cut_where_z_scores_are(with_matches: Scores) -> None:
    z_scores = with_matches.cut("fused", Fusion("zscore", (0.3, 0.7)))
    assert with_matches.cut("fused", Fusion("rrf", (0.3, 0.7))) == z_scores


def test_a_cut_among_some_photos_is_learnt_from_the_whole_library(with_matches: Scores) -> None:
    fusion = Fusion("zscore", (0.5, 0.5))
    whole = with_matches.cut("fused", fusion)
    matching = with_matches.ids[510:520]
    others = with_matches.ids[:400]
    assert with_matches.cut("fused", fusion, matching) == Cut(10, 10)
    assert with_matches.cut("fused", fusion, others).strong <= 3
    assert with_matches.cut("fused", fusion, with_matches.ids) == whole
    assert with_matches.cut("fused", fusion, others[:0]) == Cut(0, 0)


@given(some_scores(), st.sampled_from(MODES), NORMALISATION, ALLOWED)
def test_a_cut_lies_within_its_ranking(
    scores: Scores, mode: Mode, normalisation: str, allowed: npt.NDArray[np.int64] | None
) -> None:
    fusion = Fusion(normalisation, (0.3, 0.7))  # type: ignore[arg-type]
    cut = scores.cut(mode, fusion, allowed)
    assert 0 <= cut.strong <= cut.possible <= len(scores.ranking(mode, fusion, allowed))


one_encoder = st.dictionaries(st.integers(1, 2**40), st.floats(-1, 1, width=32), max_size=8)


@given(st.lists(one_encoder, min_size=1, max_size=3))
def test_joining_loses_no_photo_and_mixes_no_two(found: list[dict[int, float]]) -> None:
    scores = join(
        [
            (np.array(list(scored), np.int64), np.array(list(scored.values()), np.float32))
            for scored in found
        ]
    )
    assert scores.ids.tolist() == sorted(set().union(*found))
    assert scores.cosines.shape == (len(found), len(scores.ids))
    assert scores.cosines.dtype == np.float32
    np.testing.assert_array_equal(scores.values, scores.cosines)
    for row, scored in zip(scores.cosines, found, strict=True):
        for id_, cosine in zip(scores.ids.tolist(), row.tolist(), strict=True):
            assert cosine == scored[id_] if id_ in scored else np.isnan(cosine)
