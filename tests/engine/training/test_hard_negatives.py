import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.models.encoder import FloatArray
from engine.search.fusion import IntArray
from engine.training.hard_negatives import hard_order


def unit(rows: FloatArray) -> FloatArray:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def twins(pairs: int, cosine: float, width: int = 64) -> FloatArray:
    """Rows 2 i and 2 i + 1 have this cosine; all others are strangers at right angles."""
    rows = np.zeros((2 * pairs, width), np.float32)
    rows[0::2, :pairs] = rows[1::2, :pairs] = np.sqrt(cosine) * np.eye(pairs)
    rows[np.arange(2 * pairs) % 2 == 0, -2] = rows[1::2, -1] = np.sqrt(1 - cosine)
    return rows


def together(order: IntArray, batch_size: int) -> float:
    """The share of photos whose twin is in the same batch."""
    batch_of = np.argsort(order) // batch_size
    return float(np.mean(batch_of[0::2] == batch_of[1::2]))


@given(
    st.integers(0, 10_000),
    st.integers(0, 60),
    st.integers(1, 20),
    st.floats(0, 1),
    st.sampled_from([1, 2, 5]),
)
def test_no_photo_is_lost_or_doubled(
    seed: int, photos: int, batch_size: int, share: float, width: int
) -> None:
    random = np.random.default_rng(seed)
    embeddings = unit(random.normal(size=(80, width)).astype(np.float32))
    embeddings[random.random(80) < 0.3] = 0
    drawn = random.permutation(80)[:photos]
    order = hard_order(drawn.copy(), embeddings, batch_size, share, random)
    assert order.dtype == np.int64
    assert sorted(order) == sorted(drawn)


def test_a_share_of_none_leaves_the_order_and_the_generator_alone() -> None:
    random = np.random.default_rng(1)
    drawn = random.permutation(40)
    state = random.bit_generator.state
    assert hard_order(drawn, twins(20, 0.8), 8, 0.0, random).tolist() == drawn.tolist()
    assert random.bit_generator.state == state


def test_half_a_batch_brings_nearly_every_photo_its_nearest() -> None:
    drawn = np.random.default_rng(2).permutation(60)
    embeddings, random = twins(30, 0.8), np.random.default_rng(3)
    assert together(drawn, 12) < 0.4
    # Not all: where a seed's twin is a seed as well, it takes somebody else's.
    assert together(hard_order(drawn, embeddings, 12, 0.5, random), 12) > 0.7


def test_each_batch_holds_the_nearest_of_its_seeds() -> None:
    random = np.random.default_rng(4)
    embeddings = unit(random.normal(size=(50, 8)).astype(np.float32))
    drawn = random.permutation(50)
    order = hard_order(drawn, embeddings, 50, 0.1, random)
    seeds, sought = order[:45].tolist(), order[45:].tolist()
    assert seeds == drawn[:45].tolist()
    assert sorted(sought) == sorted(drawn[45:].tolist())
    one = hard_order(drawn[:40], embeddings, 4, 0.5, random)
    batch = next(b for b in one.reshape(10, 4).tolist() if b[0] == drawn[0])
    left = drawn[2:40].tolist()
    for seed in batch[:2]:
        nearest = max(left, key=lambda row: float(embeddings[row] @ embeddings[seed]))
        assert nearest in batch
        left.remove(nearest)


def test_a_larger_share_makes_batches_harder() -> None:
    random = np.random.default_rng(5)
    centres = random.normal(size=(20, 16))
    rows = centres[random.integers(20, size=400)] + 0.5 * random.normal(size=(400, 16))
    embeddings = unit(rows.astype(np.float32))
    drawn = random.permutation(400)

    def hardness(share: float) -> float:
        order = hard_order(drawn, embeddings, 20, share, np.random.default_rng(6))
        cosines = [embeddings[batch] @ embeddings[batch].T for batch in order.reshape(20, 20)]
        return float(np.mean(cosines))

    assert hardness(0) + 0.02 < hardness(0.3) + 0.01 < hardness(0.6)


def test_near_duplicates_are_not_brought_together() -> None:
    """Not to the seed itself, to another seed, nor to one that was brought in before."""
    drawn = np.random.default_rng(7).permutation(60)
    order = hard_order(drawn, twins(30, 0.99), 6, 0.5, np.random.default_rng(8))
    assert together(order, 6) <= together(drawn, 6)
    lenient = hard_order(drawn, twins(30, 0.99), 6, 0.5, np.random.default_rng(8), too_near=0.995)
    assert together(lenient, 6) > 0.7
    # Around row 0 ten that are alike to one another, and strangers.
    axes = np.eye(12, dtype=np.float32)
    alike = np.tile(0.8 * axes[0] + 0.6 * axes[1], (10, 1))
    embeddings = np.concatenate([axes[:1], alike, axes[2:]])
    order = hard_order(np.arange(21), embeddings, 4, 0.75, np.random.default_rng(9))
    first = next(batch for batch in order[:20].reshape(5, 4).tolist() if batch[0] == 0)
    assert sum(1 <= row <= 10 for row in first) == 1


def test_where_all_photos_are_one_the_order_is_still_whole() -> None:
    embeddings = np.tile(np.eye(3, dtype=np.float32)[:1], (30, 1))
    order = hard_order(np.arange(30), embeddings, 7, 0.5, np.random.default_rng(10))
    assert sorted(order) == list(range(30))


def test_photos_not_yet_known_are_taken_as_they_were_drawn() -> None:
    drawn = np.random.default_rng(11).permutation(30)
    order = hard_order(drawn, np.zeros((30, 4), np.float32), 10, 0.4, np.random.default_rng(12))
    assert sorted(order.reshape(3, 10).tolist()) == sorted(drawn.reshape(3, 10).tolist())


def test_the_hardest_batches_do_not_always_come_first() -> None:
    drawn = np.random.default_rng(13).permutation(60)
    firsts = {
        int(hard_order(drawn, twins(30, 0.8), 6, 0.5, np.random.default_rng(seed))[0])
        for seed in range(20)
    }
    assert len(firsts) > 3


def test_the_same_generator_gives_the_same_order() -> None:
    drawn = np.random.default_rng(14).permutation(60)
    one, two = (
        hard_order(drawn, twins(30, 0.8), 6, 0.5, np.random.default_rng(15)) for _ in range(2)
    )
    assert one.tolist() == two.tolist()


def test_memory_does_not_grow_with_every_pair_of_photos() -> None:
    random = np.random.default_rng(16)
    embeddings = unit(random.normal(size=(20_000, 4)).astype(np.float32))
    embeddings[:2000] = 0
    drawn = random.permutation(20_000)
    tracemalloc.start()
    try:
        order = hard_order(drawn, embeddings, 11_000, 0.1, random, 1.0)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 22e6  # the cosines of 1,100 seeds to 10,100 others would be twice that
    assert np.sort(order).tolist() == list(range(20_000))


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_is_between_none_and_all(share: float) -> None:
    with pytest.raises(ValueError, match="a share of"):
        hard_order(np.arange(4), twins(2, 0.8), 2, share, np.random.default_rng(17))
