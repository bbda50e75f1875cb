import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.models.encoder import FloatArray
from engine.search.relevance import FEWEST, Cut, cut_off


def library(count: int, matches: int = 0, above: float = 6, seed: int = 0) -> FloatArray:
    """A normal bulk, and photos that score so many deviations above it."""
    random = np.random.default_rng(seed)
    bulk = random.standard_normal(count - matches)
    return ordered(np.concatenate([bulk, above + 0.5 * random.standard_normal(matches)]))


def ordered(scores: npt.NDArray[np.floating]) -> FloatArray:
    return np.sort(scores.astype(np.float32))[::-1]


@pytest.mark.parametrize(
    ("count", "matches"),
    [(50, 5), (1_000, 1), (1_000, 30), (1_000, 250), (100_000, 3), (100_000, 20_000)],
)
def test_matches_that_stand_clear_of_the_library_are_strong(count: int, matches: int) -> None:
    cut = cut_off(library(count, matches))
    assert 0.9 * matches <= cut.strong <= 1.1 * matches + 1
    assert cut.strong <= cut.possible <= 1.5 * matches + 5


@pytest.mark.parametrize("count", [10, 60, 1_000, 20_000])
def test_a_query_that_fits_nothing_seldom_has_strong_matches(count: int) -> None:
    cuts = [cut_off(library(count, seed=seed)) for seed in range(100)]
    assert sum(cut.strong > 0 for cut in cuts) <= 18
    assert sum(cut.possible > 0 for cut in cuts) <= 70


def test_common_things_are_found_that_drag_the_median_along() -> None:
    cut = cut_off(library(2_000, matches=700, above=4))
    assert 500 <= cut.strong <= 770


def test_a_bulk_that_ends_early_needs_no_match_beyond_a_normal_one() -> None:
    random = np.random.default_rng(0)
    bulk = (random.beta(2.5, 2.5, 5_000) - 0.5) / 0.204  # in deviations; none above 2.45
    beyond = random.uniform(2.55, 2.8, 60)
    cut = cut_off(ordered(np.concatenate([bulk, beyond])))
    assert cut.strong == 0  # a normal bulk has as many there
    assert 55 <= cut.possible <= 150


def test_the_cut_follows_the_query_and_no_threshold() -> None:
    scores = library(1_000, 20)
    cut = cut_off(scores)
    assert cut_off(ordered(scores * 0.01 + 0.3)) == cut
    assert cut_off(ordered(scores - 50)) == cut
    wider = ordered(np.concatenate([scores[:20], 4 * library(980, seed=1)]))
    assert cut_off(wider).strong == 0


@pytest.mark.parametrize("count", [0, 1, 2, 4])
def test_a_handful_of_photos_tells_nothing(count: int) -> None:
    assert cut_off(library(count)) == Cut(0, 0)


@pytest.mark.parametrize("count", [1, 5, 49, 50, 1_000])
def test_scores_that_are_all_the_same_tell_nothing(count: int) -> None:
    assert cut_off(np.full(count, 0.25, np.float32)) == Cut(0, 0)


def test_copies_that_fill_most_of_the_library_make_no_photo_a_match() -> None:
    scores = np.concatenate([np.linspace(0.9, 0.5, 40), np.full(60, 0.4)])
    assert cut_off(ordered(scores)) == Cut(0, 0)


@pytest.mark.parametrize("matches", [1, 3, 8])
def test_a_small_library_is_parted_at_its_widest_gap(matches: int) -> None:
    background = np.linspace(0, 0.3, 20 - matches)
    scores = ordered(np.concatenate([background, np.linspace(0.8, 0.9, matches)]))
    assert cut_off(scores) == Cut(matches, matches)


def test_a_gap_that_is_no_wonder_parts_only_possible_matches() -> None:
    scores = ordered(np.concatenate([np.linspace(0, 0.75, 17), [0.95, 0.975, 1]]))
    assert cut_off(scores) == Cut(0, 3)
    assert cut_off(ordered(np.linspace(0, 1, 20))) == Cut(0, 0)


@given(
    st.lists(
        st.one_of(st.floats(-1, 1, width=32), st.integers(-1, 1).map(float)),
        max_size=2 * FEWEST,
    ),
    st.integers(1, 3),
)
def test_any_scores_have_a_cut_within_them(scores: list[float], copies: int) -> None:
    cut = cut_off(ordered(np.array(scores * copies)))
    assert 0 <= cut.strong <= cut.possible <= len(scores) * copies
