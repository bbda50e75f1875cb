import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.metrics import (
    FIGURES,
    Metrics,
    best_right,
    blocks,
    ranks,
)
from engine.models.encoder import FloatArray
from engine.search.fusion import BoolArray, IntArray, best


def integers(values: list[int]) -> IntArray:
    return np.array(values, dtype=np.int64)


@st.composite
def searches(draw: st.DrawFn) -> tuple[FloatArray, BoolArray]:
    """Scores with many ties, and one or more right answers a query."""
    queries, photos = draw(st.integers(1, 4)), draw(st.integers(1, 6))
    score = st.sampled_from([0.0, 0.25, 0.5, -np.inf])
    scores = [[draw(score) for _ in range(photos)] for _ in range(queries)]
    relevant = np.array([[draw(st.booleans()) for _ in range(photos)] for _ in range(queries)])
    relevant[:, draw(st.integers(0, photos - 1))] = True
    return np.array(scores, dtype=np.float32), relevant


@given(searches())
def test_a_rank_is_the_place_in_the_full_stable_sort(search: tuple[FloatArray, BoolArray]) -> None:
    scores, relevant = search
    order = np.argsort(-scores, axis=1, kind="stable")
    expected = [1 + int(np.argmax(right[row])) for right, row in zip(relevant, order, strict=True)]
    assert ranks(scores, relevant).tolist() == expected


@given(searches())
def test_one_right_answer_may_be_given_by_its_column(search: tuple[FloatArray, BoolArray]) -> None:
    scores, relevant = search
    columns = np.argmax(relevant, axis=1)
    only = np.zeros_like(relevant)
    np.put_along_axis(only, columns[:, np.newaxis], values=True, axis=1)
    assert ranks(scores, columns).tolist() == ranks(scores, only).tolist()


def test_a_rank_agrees_with_what_the_user_sees() -> None:
    scores = np.random.default_rng(0).integers(0, 20, (50, 200)).astype(np.float32)
    columns = np.random.default_rng(1).integers(0, 200, 50)
    for row, column, rank in zip(scores, columns, ranks(scores, columns), strict=True):
        assert best(row, 200)[rank - 1] == column


def test_equal_scores_do_not_flatter() -> None:
    assert ranks(np.zeros((1, 100), np.float32), integers([99])).tolist() == [100]


def test_a_query_without_a_right_answer_is_refused() -> None:
    with pytest.raises(ValueError, match="no right answer"):
        ranks(np.zeros((2, 3), np.float32), np.array([[True, False, False], [False] * 3]))


def test_figures_are_what_their_names_say() -> None:
    metrics = Metrics.from_ranks(integers([1, 1, 2, 5, 6, 10, 11, 100]))
    assert metrics.as_dict() == {
        "r1": 25.0,
        "r5": 50.0,
        "r10": 75.0,
        "mean_rank": 17.0,
        "median_rank": 5.5,
    }
    assert metrics.queries == 8


def test_figures_are_rounded_for_reading_only() -> None:
    metrics = Metrics.from_ranks(integers([1, 2, 2]))
    assert metrics.r1 == pytest.approx(100 / 3)
    assert metrics.as_dict()["r1"] == 33.33


def test_no_ranks_are_refused() -> None:
    with pytest.raises(ValueError, match="no ranks"):
        Metrics.from_ranks(integers([]))


@given(st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_intervals_are_ordered_and_inside_what_was_seen(found: list[int]) -> None:
    metrics = Metrics.from_ranks(integers(found))
    assert set(metrics.intervals) == set(FIGURES)
    assert all(low <= high for low, high in metrics.intervals.values())
    low, high = metrics.intervals["median_rank"]
    assert min(found) <= low <= high <= max(found)


def test_intervals_agree_with_the_binomial_law() -> None:
    found = np.where(np.arange(2000) < 800, 1, 20)  # R@1 is 40 %
    low, high = Metrics.from_ranks(found).intervals["r1"]
    half = 1.96 * 100 * np.sqrt(0.4 * 0.6 / 2000)
    assert low == pytest.approx(40 - half, abs=0.3)
    assert high == pytest.approx(40 + half, abs=0.3)


def test_the_same_seed_gives_the_same_intervals() -> None:
    found = np.random.default_rng(0).integers(1, 100, 300)
    first, again, other = (Metrics.from_ranks(found, seed) for seed in (1, 1, 2))
    assert first == again
    assert first.intervals != other.intervals


def test_without_a_seed_there_are_no_intervals() -> None:
    assert Metrics.from_ranks(integers([1, 2]), seed=None).intervals == {}


def test_intervals_of_many_queries_need_little_memory() -> None:
    found = np.random.default_rng(0).integers(1, 1000, 25_000)
    tracemalloc.start()
    Metrics.from_ranks(found)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 80e6  # all resamples at once would take 200 MB


@pytest.mark.parametrize(("rows", "width"), [(0, 5), (1, 10**9), (3, 0), (7, 900_000), (10, 1)])
def test_blocks_cover_every_row_once(rows: int, width: int) -> None:
    covered = [row for block in blocks(rows, width) for row in range(rows)[block]]
    assert covered == list(range(rows))


@given(searches())
def test_the_best_right_answer_is_the_one_that_the_rank_is_of(
    search: tuple[FloatArray, BoolArray],
) -> None:
    scores, relevant = search
    columns = best_right(scores, relevant)
    assert relevant[np.arange(len(columns)), columns].all()
    assert ranks(scores, columns).tolist() == ranks(scores, relevant).tolist()
