from pathlib import Path

import pytest

from engine.errors import FolderError
from engine.library.library import Library
from engine.paths import LibraryPaths
from gui import data_location
from gui.data_location import Sizes, clear_indexes, clear_thumbnails, sizes


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library with thumbnails and indexes of known sizes."""
    folder = tmp_path / "thư viện"
    Library.open(folder).close()
    paths = LibraryPaths(folder)
    for number in range(5):
        thumbnail = paths.thumbnails / str(number % 2) / f"{number}.jpg"
        thumbnail.parent.mkdir(parents=True, exist_ok=True)
        thumbnail.write_bytes(b"x" * 100)
    paths.indexes.mkdir()
    (paths.indexes / "starter@1.faiss").write_bytes(b"y" * 3000)
    return folder


def whole(folder: Path) -> Sizes:
    return list(sizes(folder))[-1]


def test_each_part_is_counted(library: Path) -> None:
    counted = whole(library)
    assert counted.thumbnails == 500
    assert counted.indexes == 3000
    names = [path for path in library.iterdir() if path.name.startswith("library.")]
    assert counted.database == sum(path.stat().st_size for path in names) > 4096
    assert counted.total == counted.database + 3500


def test_what_does_not_belong_to_the_library_is_not_counted(library: Path) -> None:
    before = whole(library)
    (library / "my novel.txt").write_text("not the program's")
    assert whole(library) == before


def test_what_was_set_aside_counts_too(library: Path) -> None:
    before = whole(library)
    (library / "library.sqlite.damaged-2024").write_bytes(b"z" * 70)
    aside = library / "indexes.damaged-2024"
    aside.mkdir()
    (aside / "a.faiss").write_bytes(b"z" * 11)
    after = whole(library)
    assert after.database - before.database == 70
    assert after.indexes - before.indexes == 11


def test_a_folder_on_another_disk_is_counted(library: Path, tmp_path: Path) -> None:
    paths = LibraryPaths(library)
    paths.indexes.rename(tmp_path / "elsewhere")
    paths.indexes.symlink_to(tmp_path / "elsewhere")
    assert whole(library).indexes == 3000


def test_many_files_are_reported_on_the_way(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_location, "COUNTED_AT_ONCE", 2)
    counted = list(sizes(library))
    assert len(counted) > 3
    totals = [part.total for part in counted]
    assert totals == sorted(totals)


def test_a_library_that_is_not_there_yet_takes_nothing(tmp_path: Path) -> None:
    assert list(sizes(tmp_path / "none")) == [Sizes()]


def test_a_place_that_is_no_folder_is_an_error_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match="cannot be used: Not a directory"):
        list(sizes(tmp_path / "file"))


def test_clearing_thumbnails_leaves_all_else(library: Path) -> None:
    before = whole(library)
    list(clear_thumbnails(library))
    after = whole(library)
    assert after == Sizes(before.database, 0, before.indexes)
    assert not LibraryPaths(library).thumbnails.exists()


def test_clearing_indexes_leaves_all_else(library: Path) -> None:
    before = whole(library)
    list(clear_indexes(library))
    assert whole(library) == Sizes(before.database, before.thumbnails, 0)
    with Library.open(library) as opened:
        assert opened.set_aside is None


def test_clearing_twice_is_no_mistake(library: Path) -> None:
    list(clear_thumbnails(library))
    list(clear_thumbnails(library))
    assert whole(library).thumbnails == 0


def test_what_a_kill_left_is_cleared_too(library: Path) -> None:
    LibraryPaths(library).thumbnails.rename(library / "thumbnails.leaving")
    assert whole(library).thumbnails == 500
    list(clear_thumbnails(library))
    assert whole(library).thumbnails == 0


def test_clearing_can_be_given_up_between_two_parts(library: Path) -> None:
    steps = clear_thumbnails(library)
    next(steps)
    steps.close()
    assert 0 < whole(library).thumbnails < 500
    list(clear_thumbnails(library))
    assert whole(library).thumbnails == 0


def test_what_cannot_be_cleared_is_an_error_with_a_sentence(library: Path) -> None:
    (library / "thumbnails.leaving").write_text("a file in the way")
    with pytest.raises(FolderError, match=r"thumbnails\.leaving cannot be used: Not a directory"):
        list(clear_thumbnails(library))
    assert LibraryPaths(library).thumbnails.exists()
