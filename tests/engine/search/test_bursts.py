import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.models.encoder import FloatArray
from engine.search.bursts import ALIKE, SAME, SECONDS, find_bursts

NAN = math.nan


def turned(*degrees: float) -> FloatArray:
    """Embeddings in a plane, so turned."""
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def found(seconds: list[float], *vectors: FloatArray) -> dict[int, tuple[int, ...]]:
    """Groups of photos 10, 11, 12, ..., ranked in this order."""
    return find_bursts(np.arange(len(seconds)) + 10, np.array(seconds, np.float64), vectors)


def test_photos_of_one_moment_are_led_by_the_best_of_them() -> None:
    degrees = turned(0, 90, 15, 5)
    assert found([3, 3, 0, 1], degrees, degrees) == {10: (12, 13)}


def test_photos_alike_that_were_taken_at_other_times_stay_apart() -> None:
    degrees = turned(0, 15, -15)
    assert found([0, SECONDS + 1, NAN], degrees, degrees) == {}


def test_copies_are_found_whatever_their_times() -> None:
    degrees = turned(0, 1, 1, 1)
    assert found([0, 1e9, NAN, NAN], degrees, degrees) == {10: (11, 12, 13)}


def test_both_encoders_have_to_find_photos_alike() -> None:
    assert found([0, 0], turned(0, 1), turned(0, 40)) == {}
    assert found([0, 0], turned(0, 40), turned(0, 1)) == {}


def test_what_an_encoder_lacks_is_by_itself() -> None:
    lacking = turned(0, 0, 0)
    lacking[1] = NAN
    assert found([0, 0, 0], turned(0, 0, 0), lacking) == {10: (12,)}


def test_small_steps_make_no_chain() -> None:
    steps = turned(*range(0, 100, 20))  # each is alike to the next one only
    assert math.cos(math.radians(20)) > ALIKE > math.cos(math.radians(40))
    assert found([0] * 5, steps, steps) == {10: (11,), 12: (13,)}


def test_no_photos_make_no_groups() -> None:
    nothing = np.empty((0, 4), np.float32)
    assert found([], nothing, nothing) == {}


@given(
    st.lists(
        st.tuples(
            st.sampled_from([0.0, 6.0, 12.0, NAN]),
            st.sampled_from([0.0, 2.0, 20.0, 30.0, 90.0]),
        ),
        max_size=12,
    )
)
def test_groups_agree_with_the_definition(photos: list[tuple[float, float]]) -> None:
    seconds, degrees = ([pair[row] for pair in photos] for row in (0, 1))
    left, expected = list(range(len(photos))), {}
    while left:
        leader = left.pop(0)
        group = []
        for other in left:
            cosine = math.cos(math.radians(degrees[leader] - degrees[other]))
            near = abs(seconds[leader] - seconds[other]) <= SECONDS
            if cosine >= SAME or (near and cosine >= ALIKE):
                group.append(other)
        left = [photo for photo in left if photo not in group]
        if group:
            expected[10 + leader] = tuple(10 + photo for photo in group)
    vectors = turned(*degrees)
    assert found(seconds, vectors, vectors) == expected
