from collections.abc import Callable
from sqlite3 import IntegrityError

import numpy as np
import pytest

from engine.library import failures
from engine.library.embeddings import CheckpointEmbeddings, Unembedded
from engine.library.library import Library
from engine.library.photo import Float16Array

AddPhotos = Callable[..., list[int]]
Vector = Callable[[int], Float16Array]
NOW = 1_000


def queue(library: Library, *keys: str, after: int = 0, limit: int = 100) -> list[int]:
    found = library.embeddings.unembedded(keys, after=after, limit=limit)
    return [photo.photo_id for photo in found]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    return lambda now: monkeypatch.setattr(failures, "time", lambda: float(now))


def test_an_embedding_comes_back_bit_for_bit(library: Library, add_photos: AddPhotos) -> None:
    (photo_id,) = add_photos(b"1.jpg")
    extremes = np.array([0.0, -0.0, 6e-8, -65504, 1 / 3, np.pi, 1, -1], np.float16)
    library.embeddings.add(photo_id, "a", extremes)
    ids, vectors = library.embeddings.read("a", [photo_id])
    assert ids.tolist() == [photo_id]
    assert ids.dtype == np.int64
    assert vectors.dtype == np.float16
    assert vectors.tobytes() == extremes.tobytes()


def test_embeddings_are_read_ascending_where_there_are_any(
    library: Library, add_photos: AddPhotos, vector: Vector
) -> None:
    ids = add_photos(*(b"%d.jpg" % number for number in range(5)))
    for photo_id in (ids[3], ids[0], ids[2]):
        library.embeddings.add(photo_id, "a", vector(photo_id))
    found, vectors = library.embeddings.read("a", np.array([ids[4], ids[3], ids[0], ids[3], 999]))
    assert found.tolist() == [ids[0], ids[3]]
    assert np.array_equal(vectors, np.stack([vector(ids[0]), vector(ids[3])]))


@pytest.mark.parametrize("key", ["a", "never heard of"])
def test_where_there_are_none_the_shapes_are_empty(key: str, library: Library) -> None:
    found, vectors = library.embeddings.read(key, [1, 2])
    assert (found.shape, vectors.shape[0]) == ((0,), 0)
    assert library.embeddings.photo_ids(key).shape == (0,)
    assert (library.embeddings.count(key), library.embeddings.last_id()) == (0, 0)


def test_a_photo_has_one_embedding_by_each_checkpoint_the_latest(
    library: Library, add_photos: AddPhotos, vector: Vector
) -> None:
    (photo_id,) = add_photos(b"1.jpg")
    for key, seed in (("a", 1), ("b", 2), ("a", 3)):
        library.embeddings.add(photo_id, key, vector(seed))
    for key, seed in (("a", 3), ("b", 2)):
        ids, vectors = library.embeddings.read(key, [photo_id])
        assert len(ids) == 1
        assert np.array_equal(vectors[0], vector(seed))


def test_a_replaced_embedding_is_newer_than_all_before(
    library: Library, add_photos: AddPhotos, vector: Vector
) -> None:
    first, second = add_photos(b"1.jpg", b"2.jpg")
    for photo_id in (first, second):
        library.embeddings.add(photo_id, "a", vector(photo_id))
    seen = library.embeddings.last_id()
    assert library.embeddings.replaced_since("a", seen).tolist() == []
    library.embeddings.add(first, "a", vector(9))
    assert library.embeddings.last_id() > seen
    assert library.embeddings.replaced_since("a", seen).tolist() == [first]
    assert library.embeddings.replaced_since("b", seen).tolist() == []
    assert library.embeddings.replaced_since("a", 0).tolist() == [first, second]


def test_the_last_id_stays_when_the_newest_embedding_goes(
    library: Library, add_photos: AddPhotos, vector: Vector
) -> None:
    (photo_id,) = add_photos(b"1.jpg")
    library.embeddings.add(photo_id, "a", vector(1))
    seen = library.embeddings.last_id()
    library.folders.remove(library.folders.add(b"/photos").id)
    assert library.embeddings.last_id() == seen


def test_an_embedding_of_a_photo_that_is_not_there_is_refused(
    library: Library, vector: Vector
) -> None:
    with pytest.raises(IntegrityError):
        library.embeddings.add(1, "a", vector(1))


def test_missing_photos_are_not_among_those_to_be_found(
    library: Library, add_photos: AddPhotos, vector: Vector
) -> None:
    first, second = add_photos(b"1.jpg", b"2.jpg")
    for photo_id in (first, second):
        library.embeddings.add(photo_id, "a", vector(photo_id))
    library.photos.mark_missing([first])
    assert library.embeddings.photo_ids("a").tolist() == [second]
    assert library.embeddings.count("a") == 1


def test_a_second_file_of_the_same_content_is_given_all_embeddings(
    library: Library, add_photos: AddPhotos, vector: Vector
) -> None:
    first, second = add_photos(b"1.jpg", b"2.jpg")
    for key, seed in (("a", 1), ("b", 2)):
        library.embeddings.add(first, key, vector(seed))
    library.embeddings.add(second, "b", vector(3))
    library.embeddings.copy(first, second)
    for key, seed in (("a", 1), ("b", 2)):
        ids, vectors = library.embeddings.read(key, [first, second])
        assert ids.tolist() == [first, second]
        assert np.array_equal(vectors, np.stack([vector(seed)] * 2))


def test_more_embeddings_than_one_chunk_are_read_whole(
    library: Library, add_photos: AddPhotos, monkeypatch: pytest.MonkeyPatch, vector: Vector
) -> None:
    monkeypatch.setattr("engine.library.connection.CHUNK", 3)
    ids = add_photos(*(b"%d.jpg" % number for number in range(7)))
    for photo_id in ids:
        library.embeddings.add(photo_id, "a", vector(photo_id))
    found, vectors = library.embeddings.read("a", range(100_000))
    assert found.tolist() == ids
    assert np.array_equal(vectors, np.stack([vector(photo_id) for photo_id in ids]))


def test_the_queue_says_which_embeddings_each_photo_lacks(
    library: Library, add_photos: AddPhotos, vector: Vector
) -> None:
    both, one, none = add_photos(b"1.jpg", b"\xff.jpg", b"3.jpg")
    library.embeddings.add(none, "a", vector(1))
    library.embeddings.add(none, "b", vector(1))
    library.embeddings.add(one, "a", vector(1))
    found = library.embeddings.unembedded(["a", "b"], after=0, limit=10)
    assert found == [
        Unembedded(both, b"/photos/1.jpg", 100, 1_000, ("a", "b")),
        Unembedded(one, b"/photos/\xff.jpg", 100, 1_000, ("b",)),
    ]
    assert library.embeddings.count_unembedded(["a", "b"]) == 2
    assert queue(library) == []


def test_the_queue_is_gone_through_once_by_ascending_ids(
    library: Library, add_photos: AddPhotos
) -> None:
    ids = add_photos(*(b"%d.jpg" % number for number in range(7)))
    seen: list[int] = []
    while batch := queue(library, "a", "b", after=seen[-1] if seen else 0, limit=3):
        seen += batch
    assert seen == ids


def test_the_queue_can_be_narrowed_down_to_some_photos(
    library: Library, add_photos: AddPhotos
) -> None:
    ids = add_photos(*(b"%d.jpg" % number for number in range(5)))
    only = np.array([ids[4], ids[1], 999])
    found = library.embeddings.unembedded(["a"], after=0, limit=9, only=only)
    assert [photo.photo_id for photo in found] == [ids[1], ids[4]]
    assert library.embeddings.count_unembedded(["a"], only=only) == 2
    assert library.embeddings.count_unembedded(["a"], only=[]) == 0


def test_missing_photos_and_those_of_off_line_folders_wait(
    library: Library, add_photos: AddPhotos
) -> None:
    missing, there = add_photos(b"1.jpg", b"2.jpg")
    (away,) = add_photos(b"1.jpg", folder=b"/drive")
    drive = library.folders.add(b"/drive")
    library.photos.mark_missing([missing])
    library.folders.set_online(drive.id, False)
    assert queue(library, "a") == [there]
    library.folders.set_online(drive.id, True)
    assert queue(library, "a") == [there, away]


def test_a_permanent_failure_is_not_tried_again_and_a_transient_one_is(
    library: Library, add_photos: AddPhotos
) -> None:
    never, again, _ = ids = add_photos(b"1.jpg", b"2.jpg", b"3.jpg")
    library.failures.add(b"1", never, "reason", permanent=True)
    library.failures.add(b"2", again, "reason", permanent=False)
    assert queue(library, "a") == ids[1:]
    assert library.embeddings.count_unembedded(["a"]) == 2


def test_what_each_checkpoint_has_embedded_is_counted(
    library: Library, add_photos: AddPhotos, vector: Vector
) -> None:
    assert library.embeddings.by_checkpoint() == []
    ids = add_photos(b"1.jpg", b"2.jpg", b"3.jpg")
    for photo_id in ids:
        library.embeddings.add(photo_id, "b", vector(photo_id))
    library.embeddings.add(ids[0], "a", vector(1))
    library.photos.mark_missing([ids[0]])  # its embeddings are kept, and take room
    size = vector(1).nbytes
    assert library.embeddings.by_checkpoint() == [
        CheckpointEmbeddings("a", 1, size),
        CheckpointEmbeddings("b", 3, 3 * size),
    ]


def test_one_checkpoint_is_forgotten_batch_by_batch_and_no_other(
    library: Library, add_photos: AddPhotos, vector: Vector
) -> None:
    for photo_id in add_photos(*(b"%d.jpg" % number for number in range(5))):
        for key in ("a", "b"):
            library.embeddings.add(photo_id, key, vector(photo_id))
    assert [library.embeddings.forget_some("a", limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert (library.embeddings.count("a"), library.embeddings.count("b")) == (0, 5)
    assert len(queue(library, "a")) == 5
    library.embeddings.forget("b")
    library.embeddings.forget("never heard of")
    assert library.embeddings.by_checkpoint() == []
