import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.errors import IndexFileError
from engine.index import upkeep
from engine.index.upkeep import complete, open_index, save_index
from engine.index.vector_index import VectorIndex
from engine.library.library import Library
from engine.library.photo import Float16Array, FoundFile

DIMENSION = 8
KEY = "starter-1.0@abcdef"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as opened:
        yield opened


def vector(seed: int) -> Float16Array:
    direction = np.random.default_rng(seed).standard_normal(DIMENSION)
    return (direction / np.linalg.norm(direction)).astype(np.float16)


def add(library: Library, count: int, *, like: int = 0, key: str = KEY) -> list[int]:
    """Add photos with embeddings that follow from their ids, and `like`."""
    folder = library.folders.add(b"/a")
    ids = []
    with library.transaction():
        for _ in range(count):
            name = b"/a/%d" % (len(library.photos.known_files(folder.id)))
            photo_id = library.photos.add(folder.id, FoundFile(name, 1, 1))
            library.embeddings.add(photo_id, key, vector(photo_id + like))
            ids.append(photo_id)
    return ids


def is_level(index: VectorIndex, library: Library, key: str = KEY) -> bool:
    """Whether an index holds exactly what the library tells, bit for bit."""
    ids, vectors = library.embeddings.read(key, library.embeddings.photo_ids(key))
    order = np.argsort(index.ids)
    columns = [index.scores(unit)[1] for unit in np.eye(DIMENSION, dtype=np.float32)]
    rows = np.stack(columns, axis=1)[order]
    return np.array_equal(index.ids[order], ids) and np.array_equal(
        rows, vectors.reshape(-1, DIMENSION).astype(np.float32)
    )


def index_file(library: Library) -> Path:
    return library.paths.indexes / f"{KEY}.faiss"


def files(library: Library) -> dict[str, bytes]:
    folder = library.paths.folder
    return {str(f): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def test_an_index_is_made_from_the_library_where_there_is_none(
    library: Library, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "READ_AT_ONCE", 3)
    add(library, 10)
    add(library, 2, key="another")
    index = open_index(library, KEY, DIMENSION)
    assert len(index) == 10
    assert is_level(index, library)
    assert not caplog.records
    assert not library.paths.indexes.exists()


def test_without_embeddings_an_index_is_empty(library: Library) -> None:
    index = open_index(library, KEY, DIMENSION)
    assert (len(index), index.newest) == (0, 0)


def test_a_saved_index_is_opened_without_reading_embeddings(library: Library) -> None:
    add(library, 5)
    save_index(open_index(library, KEY, DIMENSION), library, KEY)
    index = VectorIndex.load(index_file(library), DIMENSION)
    assert complete(index, library, KEY) == 0
    assert is_level(index, library)


def test_what_came_since_is_completed(library: Library) -> None:
    add(library, 5)
    save_index(open_index(library, KEY, DIMENSION), library, KEY)
    added = add(library, 3)
    index = VectorIndex.load(index_file(library), DIMENSION)
    assert complete(index, library, KEY) == len(added)
    assert is_level(index, library)


def test_photos_that_go_missing_leave_and_come_back(library: Library) -> None:
    first, *_ = add(library, 5)
    index = open_index(library, KEY, DIMENSION)
    library.photos.mark_missing([first])
    complete(index, library, KEY)
    assert first not in index.ids
    library.photos.touch(first, FoundFile(b"/a/0", 1, 1))
    complete(index, library, KEY)
    assert first in index.ids
    assert is_level(index, library)


def test_replaced_and_removed_embeddings_are_noticed(library: Library) -> None:
    first, second, *_ = add(library, 5)
    index = open_index(library, KEY, DIMENSION)
    library.embeddings.add(first, KEY, vector(99))
    library.photos.change(second, FoundFile(b"/a/1", 2, 2))
    assert complete(index, library, KEY) == 1
    assert is_level(index, library)
    library.folders.remove(library.folders.add(b"/a").id)
    complete(index, library, KEY)
    assert len(index) == 0


def test_a_removed_newest_embedding_does_not_make_the_file_foreign(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    *_, last = add(library, 5)
    save_index(open_index(library, KEY, DIMENSION), library, KEY)
    library.photos.change(last, FoundFile(b"/a/4", 2, 2))
    assert is_level(open_index(library, KEY, DIMENSION), library)
    assert not caplog.records


@pytest.mark.parametrize("damage", [b"", b"garbage", "truncated", "flipped", "of 16 dimensions"])
def test_a_damaged_file_is_told_of_and_made_again(
    damage: bytes | str, library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    add(library, 5)
    save_index(open_index(library, KEY, DIMENSION), library, KEY)
    path = index_file(library)
    whole = path.read_bytes()
    match damage:
        case "truncated":
            path.write_bytes(whole[:-50])
        case "flipped":
            path.write_bytes(whole[:80] + bytes([whole[80] ^ 4]) + whole[81:])
        case "of 16 dimensions":
            VectorIndex(16).save(path)
        case bytes():
            path.write_bytes(damage)
    index = open_index(library, KEY, DIMENSION)
    assert is_level(index, library)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "made again" in caplog.text
    save_index(index, library, KEY)
    caplog.clear()
    assert is_level(open_index(library, KEY, DIMENSION), library)
    assert not caplog.records


@pytest.mark.parametrize("killed_before_saving", [True, False])
@pytest.mark.parametrize("damaged", [True, False])
def test_an_index_of_an_earlier_library_gives_no_photo_anothers_embedding(
    damaged: bool, killed_before_saving: bool, library: Library
) -> None:
    folder = library.paths.folder
    add(library, 5)
    save_index(open_index(library, KEY, DIMENSION), library, KEY)
    library.close()
    if damaged:
        library.paths.database.write_bytes(b"garbage" * 1000)
    else:
        library.paths.database.unlink()
    with Library.open(folder) as new:
        index = open_index(new, KEY, DIMENSION)
        add(new, 7, like=100)  # more than before, under the same ids
        complete(index, new, KEY)
        assert is_level(index, new)
        if not killed_before_saving:
            save_index(index, new, KEY)
    with Library.open(folder) as new:
        assert is_level(open_index(new, KEY, DIMENSION), new)


def test_a_reader_beside_a_writer_completes_its_own_copy_and_writes_nothing(
    library: Library,
) -> None:
    add(library, 5)
    save_index(open_index(library, KEY, DIMENSION), library, KEY)
    add(library, 5)
    for damage in (b"", b"damaged"):
        with index_file(library).open("ab") as file:
            file.write(damage)
        before = files(library)
        script = (
            "import sys; from pathlib import Path\n"
            "from engine.index.upkeep import open_index\n"
            "from engine.library.library import Library\n"
            "with Library.open_to_read(Path(sys.argv[1])) as library:\n"
            f"    assert len(open_index(library, {KEY!r}, {DIMENSION})) == 10"
        )
        command = [sys.executable, "-c", script, str(library.paths.folder)]
        subprocess.run(command, cwd=Path(__file__).parents[3], check=True, capture_output=True)
        after = files(library)
        shared_memory = str(library.paths.database) + "-shm"  # where SQLite notes its readers
        assert before.keys() == after.keys()
        assert all(before[name] == after[name] for name in before if name != shared_memory)


def test_a_reader_does_not_delete_an_index_that_is_ahead(library: Library) -> None:
    add(library, 3)
    ahead = VectorIndex(DIMENSION)
    ahead.newest = 1000
    ahead.save(index_file(library))
    with Library.open_to_read(library.paths.folder) as reader:
        assert is_level(open_index(reader, KEY, DIMENSION), reader)
        assert index_file(library).exists()


def test_an_index_that_cannot_be_saved_is_told_in_a_sentence(library: Library) -> None:
    library.paths.indexes.write_text("")
    with pytest.raises(IndexFileError, match="the library has lost nothing"):
        save_index(VectorIndex(DIMENSION), library, KEY)
