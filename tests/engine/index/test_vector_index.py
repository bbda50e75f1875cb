import os
import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import IndexFileError
from engine.index import vector_index
from engine.index.vector_index import VectorIndex

DIMENSION = 8
QUERY = np.linspace(-1, 1, DIMENSION, dtype=np.float32)
Vectors = npt.NDArray[np.float32]
Change = tuple[str, list[int]]


def vectors(count: int, seed: int = 0, dimension: int = DIMENSION) -> Vectors:
    """Unit-length, and exact in float16 so that equal means equal."""
    found = np.random.default_rng(seed).standard_normal((count, dimension))
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found.astype(np.float16).astype(np.float32)


def filled(count: int = 10) -> VectorIndex:
    index = VectorIndex(DIMENSION)
    index.add(np.arange(count) * 10, vectors(count))
    index.newest = 2**40 + count
    return index


def contents(index: VectorIndex) -> dict[int, tuple[float, ...]]:
    """What an index holds, as its scores with the unit vectors tell."""
    columns = [index.scores(unit)[1] for unit in np.eye(index.dimension, dtype=np.float32)]
    rows = np.stack(columns, axis=1).tolist()
    return dict(zip(index.ids.tolist(), map(tuple, rows), strict=True))


def expected(model: dict[int, Vectors]) -> dict[int, tuple[float, ...]]:
    return {id_: tuple(vector.tolist()) for id_, vector in model.items()}


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove"]),
        st.lists(st.integers(0, 30), unique=True, max_size=12),
    ),
    max_size=12,
)


@pytest.mark.parametrize("block_rows", [1, 3, 4, 1000])
def test_any_changes_leave_what_a_dict_would_hold(
    block_rows: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(vector_index, "BLOCK_ROWS", block_rows)

    @settings(max_examples=60, deadline=None)
    @given(CHANGES)
    def holds(changes: list[Change]) -> None:
        index, model = VectorIndex(3), dict[int, Vectors]()
        for number, (change, ids) in enumerate(changes):
            new = vectors(len(ids), number, 3)
            if change == "add":
                index.add(np.array(ids, np.int64), new)
                model |= zip(ids, new, strict=True)
            else:
                index.remove(np.array(ids, np.int64))
                model = {id_: vector for id_, vector in model.items() if id_ not in ids}
            assert len(index) == len(index.ids) == len(model)
            assert contents(index) == expected(model)
        index.save(tmp_path / "a.faiss")
        assert contents(VectorIndex.load(tmp_path / "a.faiss", 3)) == expected(model)

    holds()


def test_scores_are_those_of_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_index, "BLOCK_ROWS", 7)
    index, rows = VectorIndex(DIMENSION), vectors(50)
    index.add(np.arange(50), rows)
    ids, scores = index.scores(QUERY)
    assert ids.dtype == np.int64
    assert scores.dtype == np.float32
    assert ids.tolist() == list(range(50))
    np.testing.assert_allclose(scores, rows @ QUERY, rtol=1e-6, atol=1e-7)


def test_an_empty_index_scores_nothing_and_can_be_kept(tmp_path: Path) -> None:
    VectorIndex(DIMENSION).save(tmp_path / "a.faiss")
    ids, scores = VectorIndex.load(tmp_path / "a.faiss", DIMENSION).scores(QUERY)
    assert ids.shape == scores.shape == (0,)


def test_embeddings_of_another_shape_are_refused() -> None:
    index = filled()
    for wrong in (vectors(3), vectors(2, dimension=DIMENSION + 1), vectors(1)[0]):
        with pytest.raises(ValueError, match="is not"):
            index.add(np.arange(2), wrong)
    assert contents(index) == contents(filled())


def test_ids_that_were_handed_out_do_not_change() -> None:
    index = filled()
    ids, scores = index.scores(QUERY)
    before = ids.copy(), scores.copy()
    index.remove(np.array([0, 50]))
    index.add(np.array([7]), vectors(1))
    assert np.array_equal(ids, before[0])
    assert np.array_equal(scores, before[1])


@pytest.mark.parametrize("name", ["a.faiss", "Ảnh 1.0.faiss", "\udcff.faiss"])
def test_what_was_saved_is_loaded(name: str, tmp_path: Path) -> None:
    index, path = filled(), tmp_path / "new" / name
    index.save(path)
    loaded = VectorIndex.load(path, DIMENSION)
    assert np.array_equal(loaded.ids, index.ids)
    assert contents(loaded) == contents(index)
    assert loaded.newest == index.newest
    assert os.listdir(os.fsencode(tmp_path / "new")) == [os.fsencode(name)]


def test_a_loaded_index_does_not_depend_on_its_file(tmp_path: Path) -> None:
    filled().save(tmp_path / "a.faiss")
    loaded = VectorIndex.load(tmp_path / "a.faiss", DIMENSION)
    (tmp_path / "a.faiss").unlink()
    loaded.add(np.array([999]), vectors(1))
    assert len(loaded) == 11


def test_faiss_by_itself_reads_the_file_and_finds_the_same_photos(tmp_path: Path) -> None:
    index = VectorIndex(DIMENSION)
    index.add(np.arange(500) * 10 + 2**33, vectors(500))
    index.remove(np.arange(100) * 10 + 2**33)
    index.save(tmp_path / "a.faiss")
    stored = faiss.read_index(str(tmp_path / "a.faiss"))
    assert isinstance(stored, faiss.IndexIDMap)
    half = faiss.downcast_index(stored.index)
    assert isinstance(half, faiss.IndexScalarQuantizer)
    assert half.sq.qtype == faiss.ScalarQuantizer.QT_fp16
    assert stored.metric_type == faiss.METRIC_INNER_PRODUCT
    scores, ids = stored.search(QUERY[None], 20)
    own_ids, own_scores = index.scores(QUERY)
    best = np.argsort(-own_scores)[:20]
    assert ids[0].tolist() == own_ids[best].tolist()
    np.testing.assert_allclose(scores[0], own_scores[best], rtol=1e-5)


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def test_a_single_wrong_bit_is_noticed_wherever_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.faiss"
    filled(2).save(path)
    for at in range(path.stat().st_size):
        flip(path, at)
        with pytest.raises(IndexFileError, match="damaged"):
            VectorIndex.load(path, DIMENSION)
        flip(path, at)
    VectorIndex.load(path, DIMENSION)


def test_a_file_that_ends_too_soon_or_too_late_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.faiss"
    filled(2).save(path)
    whole = path.read_bytes()
    for data in [*(whole[:size] for size in range(len(whole))), whole + b"\0", whole * 2]:
        path.write_bytes(data)
        with pytest.raises(IndexFileError, match="cannot be read"):
            VectorIndex.load(path, DIMENSION)


@given(data=st.binary(max_size=200))
def test_no_bytes_are_taken_for_an_index(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.faiss"
    path.write_bytes(data)
    with pytest.raises(IndexFileError):
        VectorIndex.load(path, DIMENSION)


@pytest.mark.parametrize("count", [0, 10])
def test_an_index_of_another_dimension_is_refused(count: int, tmp_path: Path) -> None:
    filled(count).save(tmp_path / "a.faiss")
    with pytest.raises(IndexFileError, match="8 dimensions, not 16"):
        VectorIndex.load(tmp_path / "a.faiss", 16)


def test_a_missing_file_and_a_directory_are_told_in_a_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "a.faiss", tmp_path):
        with pytest.raises(IndexFileError, match="cannot be read"):
            VectorIndex.load(path, DIMENSION)


def test_a_save_that_does_not_come_to_its_end_leaves_the_file_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.faiss"
    filled(3).save(path)

    def fails(*paths: Path) -> None:
        raise OSError("killed")

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(IndexFileError, match="could not be written"):
        filled(5).save(path)
    assert len(VectorIndex.load(path, DIMENSION)) == 3
    assert [file.name for file in tmp_path.iterdir()] == ["a.faiss"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the full disk of Linux")
@pytest.mark.parametrize("count", [1, 50_000])
def test_on_a_full_disk_the_file_before_is_kept(count: int, tmp_path: Path) -> None:
    path = tmp_path / "a.faiss"
    filled(3).save(path)
    path.with_name(".a.faiss.part").symlink_to("/dev/full")
    with pytest.raises(IndexFileError, match="No space left"):
        filled(count).save(path)
    assert len(VectorIndex.load(path, DIMENSION)) == 3
    filled(count).save(path)
    assert len(VectorIndex.load(path, DIMENSION)) == count


def test_what_a_killed_save_left_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / ".a.faiss.part").write_bytes(bytes(10_000))
    filled().save(tmp_path / "a.faiss")
    assert [file.name for file in tmp_path.iterdir()] == ["a.faiss"]


def test_a_folder_that_is_a_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "indexes").write_text("")
    with pytest.raises(IndexFileError, match="could not be written"):
        filled().save(tmp_path / "indexes" / "a.faiss")


def in_threads(*works: Callable[[], None]) -> None:
    """Run the first to its end and the others over and over meanwhile; errors are raised."""
    done, errors = threading.Event(), list[BaseException]()

    def repeat(work: Callable[[], None]) -> None:
        try:
            while not done.is_set():
                work()
        except BaseException as error:  # noqa: BLE001 - raised again below
            errors.append(error)

    threads = [threading.Thread(target=repeat, args=(work,)) for work in works[1:]]
    for thread in threads:
        thread.start()
    try:
        works[0]()
    finally:
        done.set()
        for thread in threads:
            thread.join()
    for error in errors:
        raise error


def test_one_thread_may_change_an_index_while_others_search_and_save(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_index, "BLOCK_ROWS", 64)
    index, rows = VectorIndex(DIMENSION), vectors(1000)
    cosines = rows @ QUERY

    def change() -> None:
        for start, end in pairwise(range(0, 1000, 9)):
            index.add(np.arange(start, end), rows[start:end])
            index.remove(np.arange(start - 40, start - 36))

    def search() -> None:
        ids, scores = index.scores(QUERY)
        assert len(set(ids.tolist())) == len(ids) == len(scores)
        np.testing.assert_allclose(scores, cosines[ids], rtol=1e-5, atol=1e-6)

    def save() -> None:
        index.save(tmp_path / "a.faiss")
        loaded = VectorIndex.load(tmp_path / "a.faiss", DIMENSION)
        np.testing.assert_allclose(
            loaded.scores(QUERY)[1], cosines[loaded.ids], rtol=1e-5, atol=1e-6
        )

    in_threads(change, search, search, save)
    search()


def test_removing_a_tenth_of_many_photos_moves_only_the_gaps() -> None:
    index = VectorIndex(32)
    index.add(np.arange(200_000), np.ones((200_000, 32), np.float32))
    index.remove(np.arange(0, 200_000, 10))
    ids, scores = index.scores(np.ones(32, np.float32))
    assert len(np.unique(ids)) == 180_000
    assert not np.any(ids % 10 == 0)
    assert np.all(scores == 32)
    assert ids[1] == 1  # it stayed where it was
