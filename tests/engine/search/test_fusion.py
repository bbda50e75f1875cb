import math
from typing import cast

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.models.encoder import FloatArray
from engine.search.fusion import (
    NORMALISATIONS,
    RRF_K,
    Fusion,
    Normalisation,
    best,
    contributions,
    fuse,
    normalise,
)

NAN = math.nan
COSINES = st.integers(-100, 100).map(lambda hundredths: hundredths / 100)
WEIGHT_PAIRS = st.tuples(st.integers(0, 10), st.integers(0, 10)).filter(any)
NORMALISATION = st.sampled_from(NORMALISATIONS)


def array(values: npt.ArrayLike) -> FloatArray:
    return np.array(values, dtype=np.float32)


@st.composite
def score_matrices(draw: st.DrawFn, missing: bool = True) -> FloatArray:
    """Two encoders' scores of 1 to 12 photos, many of them equal or missing."""
    count = draw(st.integers(1, 12))
    score = st.one_of(COSINES, st.just(NAN)) if missing else COSINES
    row = st.lists(score, min_size=count, max_size=count)
    return array([draw(row), draw(row)])


def slow_normalise(row: list[float], normalisation: Normalisation) -> list[float]:
    known = [value for value in row if not math.isnan(value)]
    if normalisation == "none" or not known:
        return row
    if normalisation == "rrf":
        return [
            value if math.isnan(value) else 1 / (RRF_K + 1 + slow_better(row, place))
            for place, value in enumerate(row)
        ]
    if normalisation == "minmax":
        shift, scale = min(known), max(known) - min(known)
    else:
        shift = math.fsum(known) / len(known)
        scale = math.sqrt(math.fsum((value - shift) ** 2 for value in known) / len(known))
    constant = len(set(known)) == 1
    return [value * 0 if constant else (value - shift) / scale for value in row]


def slow_better(row: list[float], place: int) -> int:
    """How many rank before the one at `place`."""
    return sum(
        other > row[place] or (other == row[place] and position < place)
        for position, other in enumerate(row)
    )


def slow_fuse(scores: FloatArray, fusion: Fusion) -> list[float]:
    rows = [slow_normalise(row.tolist(), fusion.normalisation) for row in scores]
    fused = []
    for photo in zip(*rows, strict=True):
        known = [
            (weight, value)
            for weight, value in zip(fusion.weights, photo, strict=True)
            if not math.isnan(value)
        ]
        if known and not any(weight for weight, _ in known):
            known = [(1.0, value) for _, value in known]
        total = sum(weight for weight, _ in known)
        fused.append(sum(w * v for w, v in known) / total if known else -math.inf)
    return fused


@given(score_matrices(), NORMALISATION, WEIGHT_PAIRS)
def test_fusing_agrees_with_the_definition(
    scores: FloatArray, normalisation: Normalisation, weights: tuple[int, int]
) -> None:
    fusion = Fusion(normalisation, weights)
    fused = fuse(scores, fusion)
    assert fused.dtype == np.float32
    np.testing.assert_allclose(fused, slow_fuse(scores, fusion), rtol=2e-5, atol=2e-5)
    given = contributions(normalise(scores, normalisation), weights)
    np.testing.assert_array_equal(given.sum(axis=0), fused)


def test_the_weighted_mean_of_raw_cosines_is_what_it_says() -> None:
    scores = array([[0.5, 0.1, 0.0], [0.1, 0.5, 0.0]])
    fused = fuse(scores, Fusion("none", (0.3, 0.7)))
    np.testing.assert_allclose(fused, [0.22, 0.38, 0.0], rtol=1e-6)


def test_z_scores_use_the_population_deviation() -> None:
    fused = fuse(array([[1.0, 2.0, 3.0]]), Fusion("zscore", (1.0,)))
    np.testing.assert_allclose(fused, [-math.sqrt(1.5), 0, math.sqrt(1.5)], rtol=1e-6)


def test_min_max_reaches_both_ends_exactly() -> None:
    fused = fuse(array([[0.1, 0.3, 0.7], [0.7, 0.2, 0.9]]), Fusion("minmax", (1.0, 0.0)))
    assert (fused[0], fused[2]) == (0, 1)


def test_reciprocal_ranks_give_ties_to_the_smaller_position() -> None:
    values = normalise(array([[0.2, 0.9, 0.2, NAN, 0.9]]), "rrf")
    expected = array([1 / 63, 1 / 61, 1 / 64, NAN, 1 / 62])
    np.testing.assert_array_equal(values[0], expected)


@given(
    st.lists(
        st.one_of(
            st.floats(width=32, allow_infinity=False), st.sampled_from([0.0, -0.0, NAN, 1.0])
        ),
        min_size=1,
    )
)
def test_reciprocal_ranks_order_any_floats_as_a_stable_sort_does(scores: list[float]) -> None:
    known = [place for place, score in enumerate(scores) if not math.isnan(score)]
    values = normalise(array([scores]), "rrf")[0]
    assert best(values, len(scores)).tolist() == sorted(known, key=lambda place: -scores[place])


@pytest.mark.parametrize("normalisation", ["zscore", "minmax"])
def test_constant_scores_say_nothing(normalisation: Normalisation) -> None:
    scores = array([[0.1] * 1000, np.linspace(0, 1, 1000).tolist()])
    assert not normalise(scores, normalisation)[0].any()
    fused = fuse(scores, Fusion(normalisation, (0.9, 0.1)))
    assert best(fused, 3).tolist() == [999, 998, 997]


def test_a_photo_of_one_encoder_is_ranked_by_that_one_and_not_as_if_the_other_said_zero() -> None:
    scores = array([[0.30, 0.20, 0.25], [0.32, 0.22, NAN]])
    fused = fuse(scores, Fusion("none", (0.3, 0.7)))
    assert fused[2] == np.float32(0.25)
    assert best(fused, 3).tolist() == [0, 2, 1]


def test_a_photo_known_only_to_an_encoder_of_weight_zero_is_still_ranked() -> None:
    fused = fuse(array([[0.5, NAN], [0.1, 0.4]]), Fusion("none", (1.0, 0.0)))
    np.testing.assert_array_equal(fused, array([0.5, 0.4]))


@pytest.mark.parametrize("normalisation", NORMALISATIONS)
def test_a_photo_without_any_embedding_gets_minus_infinity(normalisation: Normalisation) -> None:
    fused = fuse(array([[0.5, NAN, 0.2], [0.1, NAN, 0.3]]), Fusion(normalisation, (0.5, 0.5)))
    assert np.isneginf(fused).tolist() == [False, True, False]


@pytest.mark.parametrize("normalisation", NORMALISATIONS)
def test_an_encoder_that_has_embedded_nothing_yet_is_no_obstacle(
    normalisation: Normalisation,
) -> None:
    scores = array([[0.5, 0.1, 0.2], [NAN] * 3])
    alone = fuse(scores[:1], Fusion(normalisation, (1.0,)))
    np.testing.assert_array_equal(fuse(scores, Fusion(normalisation, (0.3, 0.7))), alone)


@pytest.mark.parametrize("normalisation", NORMALISATIONS)
@pytest.mark.parametrize("missing", [False, True])
def test_query_axes_are_fused_one_by_one(normalisation: Normalisation, missing: bool) -> None:
    scores = np.random.default_rng(0).random((2, 3, 4, 50), dtype=np.float32)
    if missing:
        scores[1, 0, :, ::3] = NAN
    fusion = Fusion(normalisation, (0.3, 0.7))
    fused = fuse(scores, fusion)
    assert fused.shape == (3, 4, 50)
    for query in np.ndindex(3, 4):
        np.testing.assert_allclose(fused[query], fuse(scores[:, *query], fusion), atol=1e-6)


@pytest.mark.parametrize("normalisation", NORMALISATIONS)
def test_a_library_without_photos_gives_no_scores(normalisation: Normalisation) -> None:
    assert fuse(np.empty((2, 0), np.float32), Fusion(normalisation, (1, 1))).shape == (0,)


@given(score_matrices(), NORMALISATION, WEIGHT_PAIRS)
def test_the_scores_given_are_not_changed(
    scores: FloatArray, normalisation: Normalisation, weights: tuple[int, int]
) -> None:
    before = scores.copy()
    assert not np.shares_memory(fuse(scores, Fusion(normalisation, weights)), scores)
    np.testing.assert_array_equal(scores, before)


@given(st.data(), NORMALISATION, WEIGHT_PAIRS)
def test_the_order_of_the_photos_does_not_matter(
    data: st.DataObject, normalisation: Normalisation, weights: tuple[int, int]
) -> None:
    scores = data.draw(score_matrices())
    if normalisation == "rrf":  # ties go by position there
        scores += np.arange(scores.shape[1], dtype=np.float32) / 10_000
    order = data.draw(st.permutations(range(scores.shape[1])))
    fusion = Fusion(normalisation, weights)
    moved = fuse(scores[:, order], fusion)
    np.testing.assert_allclose(moved, fuse(scores, fusion)[order], atol=1e-5)


@given(
    score_matrices(),
    st.sampled_from(["zscore", "minmax"]),
    st.floats(0.1, 10),
    st.floats(-1, 1),
    WEIGHT_PAIRS,
)
def test_an_affine_change_of_one_encoder_changes_no_normalised_score(
    scores: FloatArray,
    normalisation: Normalisation,
    scale: float,
    shift: float,
    weights: tuple[int, int],
) -> None:
    fusion = Fusion(normalisation, weights)
    changed = scores.copy()
    # Equal scores stay equal, so a constant row stays constant.
    changed[0] = changed[0] * np.float32(scale) + np.float32(shift)
    np.testing.assert_allclose(fuse(changed, fusion), fuse(scores, fusion), atol=2e-3)


@given(score_matrices(), NORMALISATION, WEIGHT_PAIRS, st.sampled_from([1e-3, 0.5, 1e3]))
def test_only_the_ratio_of_the_weights_counts(
    scores: FloatArray, normalisation: Normalisation, weights: tuple[int, int], factor: float
) -> None:
    scaled = Fusion(normalisation, (weights[0] * factor, weights[1] * factor))
    np.testing.assert_allclose(
        fuse(scores, scaled), fuse(scores, Fusion(normalisation, weights)), atol=1e-6
    )


@given(score_matrices(), NORMALISATION, WEIGHT_PAIRS)
def test_no_photo_with_an_embedding_is_lost(
    scores: FloatArray, normalisation: Normalisation, weights: tuple[int, int]
) -> None:
    ranked = best(fuse(scores, Fusion(normalisation, weights)), scores.shape[1])
    embedded = np.flatnonzero(~np.isnan(scores).all(axis=0))
    assert sorted(ranked.tolist()) == embedded.tolist()


def test_statistics_stay_accurate_over_a_million_photos() -> None:
    rng = np.random.default_rng(0)
    scores = (0.9 + 0.001 * rng.standard_normal((1, 1_000_000))).astype(np.float32)
    exact = scores.astype(np.float64)
    expected = (exact - exact.mean()) / exact.std()
    fused = fuse(scores, Fusion("zscore", (1.0,)))
    assert np.abs(fused - expected[0]).max() < 1e-4


@pytest.mark.parametrize(
    ("normalisation", "weights"),
    [
        ("zscore", ()),
        ("zscore", (0.0, 0.0)),
        ("zscore", (-0.1, 1.0)),
        ("zscore", (NAN, 1.0)),
        ("zscore", (math.inf, 1.0)),
        ("softmax", (1.0, 1.0)),
    ],
)
def test_a_fusion_that_makes_no_sense_cannot_be_made(
    normalisation: str, weights: tuple[float, ...]
) -> None:
    with pytest.raises(ValueError, match=r"weight|none of"):
        Fusion(cast("Normalisation", normalisation), weights)


def test_weights_must_be_as_many_as_encoders() -> None:
    with pytest.raises(ValueError, match="1 weights for the scores of 2 encoders"):
        fuse(np.zeros((2, 3), np.float32), Fusion("none", (1.0,)))


def test_a_label_names_normalisation_and_weights() -> None:
    assert Fusion("zscore", (0.3, 0.7)).label() == "z-score 0.3 : 0.7"
    assert Fusion("rrf", (1, 1)).label() == "RRF 1 : 1"


@given(
    st.lists(st.one_of(st.integers(-3, 3).map(float), st.sampled_from([-math.inf, NAN, -0.0]))),
    st.integers(-1, 15),
)
def test_the_best_are_those_of_a_full_stable_sort(scores: list[float], count: int) -> None:
    real = [place for place, score in enumerate(scores) if score > -math.inf]
    expected = sorted(real, key=lambda place: -scores[place])[: max(count, 0)]
    found = best(array(scores), count)
    assert found.tolist() == expected
    assert found.dtype == np.int64


@pytest.mark.parametrize("count", [1, 99, 1000, 50_000])
def test_the_best_of_many_with_ties_across_the_cut_are_exact(count: int) -> None:
    scores = np.random.default_rng(0).integers(0, 500, 50_000).astype(np.float32)
    expected = np.argsort(-scores, kind="stable")[:count]
    np.testing.assert_array_equal(best(scores, count), expected)
