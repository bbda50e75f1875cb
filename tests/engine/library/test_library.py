import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.errors import LibraryBusyError, LibraryError
from engine.library import database, schema
from engine.library.library import Library
from engine.library.photo import FoundFile

AddPhotos = Callable[..., list[int]]
OnASmallDisk = Callable[[str], None]
ROOT = Path(__file__).parents[3]

HOLDS_AND_WAITS = """
import sys; from pathlib import Path; from engine.library.library import Library
library = Library.open(Path(sys.argv[1]))
print("holds", flush=True)
sys.stdin.read()
"""
ADDS_PHOTOS_FOR_EVER = """
import itertools, sys; from pathlib import Path
import numpy as np
from engine.library.library import Library
from engine.library.photo import FoundFile
library = Library.open(Path(sys.argv[1]))
folder = library.folders.add(b"/a")
for number in itertools.count():
    with library.transaction():
        first = library.photos.add(folder.id, FoundFile(b"/a/%d.%d" % (folder.id, number), 1, 1))
        library.embeddings.add(first, "a", np.ones(8, np.float16))
        library.embeddings.add(first, "b", np.ones(8, np.float16))
    if number % 20 == 0:
        print(number, flush=True)
"""


def start(script: str, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, str(folder)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)


def finish(process: subprocess.Popen[str]) -> None:
    with process:
        process.kill()


def test_a_library_is_begun_where_there_is_none(tmp_path: Path) -> None:
    with Library.open(tmp_path / "a" / "thư viện") as library:
        assert library.set_aside is None
        assert library.writable
        assert library.paths.database.exists()
        assert library.photos.count() == 0


def test_what_was_added_is_there_after_closing(tmp_path: Path) -> None:
    with Library.open(tmp_path) as library:
        folder = library.folders.add(b"/\xff")
        photo_id = library.photos.add(folder.id, FoundFile(b"/\xff/a.jpg", 1, 2))
        library.remember("beit3", "starter")
        library.mark_relevant("tết ở Huế", photo_id)
    for opened in (Library.open, Library.open_to_read):
        with opened(tmp_path) as library:
            assert library.photos.ids([b"/\xff"]).tolist() == [photo_id]
            assert library.setting("beit3") == "starter"
            assert library.relevance_marks() == [("tết ở Huế", photo_id)]
            library.check()


def test_a_setting_is_what_was_remembered_last(library: Library) -> None:
    assert library.setting("openclip") is None
    for value in ("first", "", "thứ hai ' \""):
        library.remember("openclip", value)
        assert library.setting("openclip") == value


def test_a_relevance_mark_is_there_once_until_it_is_taken_back(
    library: Library, add_photos: AddPhotos
) -> None:
    first, second = add_photos(b"1.jpg", b"2.jpg")
    for query, photo_id in (("tết", first), ("tết", first), ("tết", second), ("biển", first)):
        library.mark_relevant(query, photo_id)
    library.unmark_relevant("tết", second)
    library.unmark_relevant("never marked", second)
    assert sorted(library.relevance_marks()) == [("biển", first), ("tết", first)]


def test_a_transaction_takes_in_the_changes_of_all_tables(
    library: Library, add_photos: AddPhotos
) -> None:
    with pytest.raises(ValueError, match="stop"), library.transaction():  # noqa: PT012
        add_photos(b"1.jpg")
        library.folders.merge(library.folders.add(b"/photos").id, library.folders.add(b"/").id)
        library.failures.add(b"/x", None, "broken", permanent=True)
        library.remember("name", "value")
        raise ValueError("stop")
    assert library.folders.all() == []
    assert library.failures.all() == []
    assert library.setting("name") is None


@pytest.mark.parametrize(
    "content", [b"no library at all" * 300, b"SQLite format 3\x00" + bytes(9000)]
)
def test_a_damaged_library_is_set_aside_and_a_new_one_begun(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "library.sqlite").write_bytes(content)
    with Library.open(tmp_path) as library:
        assert library.set_aside is not None
        assert library.set_aside.read_bytes() == content
        assert library.photos.count() == 0
    with Library.open(tmp_path) as library:
        assert library.set_aside is None


def test_damage_met_at_work_is_told_and_set_aside_by_the_next_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LARGEST_CHECKED_ON_OPENING", 1)
    with Library.open(tmp_path) as library, library.transaction():
        for number in range(400):
            library.remember(str(number), "value" * 300)
    with (tmp_path / "library.sqlite").open("r+b") as file:
        file.seek(80 * 4096)
        file.write(bytes(100 * 4096))
    with Library.open(tmp_path) as library:
        with pytest.raises(LibraryError, match="set aside at the next indexing"):
            library.check()
        assert library.set_aside is None
    with Library.open(tmp_path) as library:
        assert library.set_aside is not None


def test_a_reader_of_a_damaged_library_is_told_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite").write_bytes(b"no library at all" * 300)
    with pytest.raises(LibraryError, match="damaged"):
        Library.open_to_read(tmp_path)
    assert (tmp_path / "library.sqlite").read_bytes() == b"no library at all" * 300


def test_a_second_writer_is_refused_and_a_reader_is_not(library: Library) -> None:
    library.remember("a", "1")
    with pytest.raises(LibraryBusyError, match="Another"):
        Library.open(library.paths.folder)
    with Library.open_to_read(library.paths.folder) as reader, library.transaction():
        assert not reader.writable
        library.remember("a", "2")
        assert reader.setting("a") == "1"
    library.remember("b", "still writing")


def test_a_writer_in_another_process_is_noticed_until_it_is_killed(tmp_path: Path) -> None:
    holder = start(HOLDS_AND_WAITS, tmp_path)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "holds\n"
        with pytest.raises(LibraryBusyError):
            Library.open(tmp_path)
        with Library.open_to_read(tmp_path) as reader:
            assert reader.photos.count() == 0
    finally:
        finish(holder)
    Library.open(tmp_path).close()


def test_a_refused_library_can_be_opened_later(tmp_path: Path) -> None:
    with Library.open(tmp_path) as library:
        library._connection.run("PRAGMA user_version = 99")
    with pytest.raises(LibraryError, match="newer"):
        Library.open(tmp_path)
    with sqlite3.connect(tmp_path / "library.sqlite") as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION}")
    connection.close()
    Library.open(tmp_path).close()


def test_killed_at_any_time_a_library_holds_whole_transactions(tmp_path: Path) -> None:
    for _ in range(3):
        adder = start(ADDS_PHOTOS_FOR_EVER, tmp_path)
        try:
            assert adder.stdout is not None
            told = [adder.stdout.readline() for _ in range(3)]
            assert told[-1].strip() == "40"
        finally:
            finish(adder)
        with Library.open(tmp_path) as library:
            library.check()
            ids = library.photos.ids().tolist()
            assert len(ids) > 40
            assert library.embeddings.photo_ids("a").tolist() == ids
            assert library.embeddings.photo_ids("b").tolist() == ids
            library.folders.remove(library.folders.add(b"/a").id)


def test_a_folder_that_cannot_hold_a_library_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LibraryError, match=r"cannot be kept in .*file"):
        Library.open(tmp_path / "file")
    with pytest.raises(LibraryError, match="cannot be kept in"):
        Library.open(tmp_path / "file" / "below")
    (tmp_path / "library.sqlite").mkdir()
    with pytest.raises(LibraryError, match=r"opened|permissions"):
        Library.open(tmp_path)


def test_closing_in_another_thread_is_a_mistake_that_changes_nothing(library: Library) -> None:
    with ThreadPoolExecutor(1) as threads, pytest.raises(sqlite3.ProgrammingError, match="thread"):
        threads.submit(library.close).result()
    library.remember("a", "1")
    with pytest.raises(LibraryBusyError):
        Library.open(library.paths.folder)


def test_a_library_may_be_closed_twice(tmp_path: Path) -> None:
    library = Library.open(tmp_path)
    library.close()
    library.close()
    Library.open(tmp_path).close()


def test_a_full_disk_is_told_in_a_sentence_and_the_library_goes_on_when_there_is_room(
    on_a_small_disk: OnASmallDisk,
) -> None:
    on_a_small_disk("""
        filler = folder / "other"
        filler.write_bytes(bytes(os.statvfs(folder).f_bavail * os.statvfs(folder).f_bsize - 4096))
        try:
            Library.open(folder / "library")
        except LibraryError as error:
            assert "full" in str(error) or "space" in str(error), error
        else:
            raise AssertionError("there is no room for a library")
        filler.unlink()
        with Library.open(folder / "library") as library:
            assert library.set_aside is None
            library.remember("a", "b")
        """)


def test_a_library_on_a_disk_that_cannot_be_written_is_read_and_not_written(
    on_a_small_disk: OnASmallDisk,
) -> None:
    on_a_small_disk("""
        with Library.open(folder) as library:
            library.remember("a", "b")
        assert os.system(f"mount -o remount,ro {folder}") == 0
        with Library.open_to_read(folder) as library:
            assert library.setting("a") == "b"
        try:
            Library.open(folder)
        except LibraryError as error:
            assert "written" in str(error) or "Read-only" in str(error), error
        else:
            raise AssertionError("the disk cannot be written")
        """)


def test_an_emptied_library_is_set_aside_with_its_caches(tmp_path: Path) -> None:
    with Library.open(tmp_path) as library:
        library.remember("a", "b")
        library.paths.indexes.mkdir()
        (library.paths.indexes / "a.faiss").touch()
    library.paths.database.write_bytes(b"")
    with Library.open(tmp_path) as library:
        assert library.set_aside is not None
        assert library.set_aside.read_bytes() == b""
        assert not library.paths.indexes.exists()


def test_a_library_whose_first_opening_was_killed_is_simply_begun(tmp_path: Path) -> None:
    (tmp_path / "library.sqlite").touch()
    with Library.open(tmp_path) as library:
        assert library.set_aside is None


def test_a_closed_library_that_another_has_taken_over_is_not_waited_for(library: Library) -> None:
    library.close()
    with (
        Library.open(library.paths.folder),
        pytest.raises(LibraryBusyError, match="Another"),
        library.again(),
    ):
        pass


def test_long_questions_are_given_up_and_short_ones_are_not(library: Library) -> None:
    count = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ?) "
        "SELECT sum(i) FROM n"
    )
    unwanted: list[bool] = []
    library.give_up_when(lambda: bool(unwanted))
    assert library._connection.value(count, (100_000,)) == 5_000_050_000
    unwanted.append(True)
    with pytest.raises(LibraryError, match="interrupted"):
        library._connection.value(count, (100_000,))
    library.remember("word", "chợ nổi")
    assert library.setting("word") == "chợ nổi"


def test_two_threads_may_write_to_one_library(library: Library) -> None:
    """The second one sees what the first has committed, and the other way round."""
    seen = []

    def write() -> None:
        with library.again() as other:
            seen.append(other.setting("first"))
            other.remember("second", "2")
            assert other.writable

    library.remember("first", "1")
    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
    assert seen == ["1"]
    assert library.setting("second") == "2"
    library.close()
    with Library.open(library.paths.folder) as opened:  # the right to write was given back
        assert opened.setting("first") == "1"
