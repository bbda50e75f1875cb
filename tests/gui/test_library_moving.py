import os
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from engine.errors import FolderError, LibraryBusyError
from engine.library.library import Library
from engine.paths import LibraryPaths
from gui import library_moving
from gui.library_moving import Move, move_library


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A library that remembers a word, with caches."""
    folder = tmp_path / "cũ"
    with Library.open(folder) as library:
        library.remember("word", "chợ nổi")
    paths = LibraryPaths(folder)
    (paths.thumbnails / "0").mkdir(parents=True)
    (paths.thumbnails / "0" / "1.jpg").write_bytes(b"t" * 1000)
    paths.indexes.mkdir()
    (paths.indexes / "a.faiss").write_bytes(bytes(range(256)) * 40)
    (paths.indexes / "empty.faiss").write_bytes(b"")
    return folder


def no_word(folder: Path) -> None:
    """Settle without remembering anything."""


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in library_moving.FLEETING
    }


def assert_untouched(old: Path, before: dict[str, bytes]) -> None:
    assert contents(old) == before
    with Library.open(old) as library:
        assert library.setting("word") == "chợ nổi"


def test_a_moved_library_is_whole_at_its_new_place_and_gone_from_the_old(
    old: Path, tmp_path: Path
) -> None:
    before, new = contents(old), tmp_path / "ổ khác" / "mới"
    settled: list[Path] = []
    reports = list(move_library(old, new, settled.append))
    total = sum(len(data) for data in before.values())
    assert reports[0] == Move(0, total)
    assert reports[-1] == Move(total, total, new, None)
    assert settled == [new]
    assert contents(new) == before
    assert not old.exists()
    with Library.open(new) as library:
        assert library.setting("word") == "chợ nổi"
    assert [path.name for path in new.parent.iterdir()] == ["mới"]


def test_the_old_place_is_whole_until_the_new_one_is_remembered(old: Path, tmp_path: Path) -> None:
    before, new = contents(old), tmp_path / "new"

    def settle(folder: Path) -> None:
        assert contents(old) == contents(folder) == before

    list(move_library(old, new, settle))
    assert not old.exists()


def test_an_empty_folder_can_be_moved_into(old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    new.mkdir()
    before = contents(old)
    list(move_library(old, new, no_word))
    assert contents(new) == before


def test_progress_is_told_of_large_files(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_moving, "COPIED_AT_ONCE", 1024)
    done = [report.done for report in move_library(old, tmp_path / "new", no_word)]
    assert len(done) > 10
    assert done == sorted(done)


def test_an_interrupted_move_leaves_the_old_place_untouched(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_moving, "COPIED_AT_ONCE", 1024)
    before, new = contents(old), tmp_path / "new"
    move = move_library(old, new, no_word)
    for _ in range(5):
        next(move)
    assert (tmp_path / ".new.part").exists()
    move.close()
    assert [path.name for path in tmp_path.iterdir()] == ["cũ"]
    assert_untouched(old, before)


def test_what_a_killed_move_left_is_overwritten(old: Path, tmp_path: Path) -> None:
    (tmp_path / ".new.part" / "indexes").mkdir(parents=True)
    (tmp_path / ".new.part" / "indexes" / "stale.faiss").write_bytes(b"stale")
    before = contents(old)
    list(move_library(old, tmp_path / "new", no_word))
    assert contents(tmp_path / "new") == before


def test_things_of_the_user_in_the_old_folder_stay_there(old: Path, tmp_path: Path) -> None:
    (old / "my novel.txt").write_text("mine")
    list(move_library(old, tmp_path / "new", no_word))
    assert contents(old) == {"my novel.txt": b"mine"}
    assert "my novel.txt" not in contents(tmp_path / "new")


def test_a_folder_of_it_on_another_disk_comes_along(old: Path, tmp_path: Path) -> None:
    indexes = LibraryPaths(old).indexes
    indexes.rename(tmp_path / "elsewhere")
    indexes.symlink_to(tmp_path / "elsewhere")
    list(move_library(old, tmp_path / "new", no_word))
    assert (tmp_path / "new" / "indexes" / "a.faiss").stat().st_size == 256 * 40
    assert not old.exists()


def test_a_taken_folder_is_refused(old: Path, tmp_path: Path) -> None:
    new, before = tmp_path / "new", contents(old)
    new.mkdir()
    (new / "mine.txt").write_text("mine")
    with pytest.raises(FolderError, match="is not an empty folder"):
        list(move_library(old, new, no_word))
    assert contents(new) == {"mine.txt": b"mine"}
    assert_untouched(old, before)


def test_a_file_in_its_place_is_refused(old: Path, tmp_path: Path) -> None:
    (tmp_path / "new").write_text("a file")
    with pytest.raises(FolderError, match="is not an empty folder"):
        list(move_library(old, tmp_path / "new", no_word))


@pytest.mark.parametrize("inside", ["", "deeper"])
def test_a_library_is_not_moved_into_itself(old: Path, inside: str) -> None:
    before = contents(old)
    with pytest.raises(FolderError, match=r"lies in .* already"):
        list(move_library(old, old / inside, no_word))
    assert_untouched(old, before)


def test_a_whole_disk_is_refused(old: Path) -> None:
    with pytest.raises(FolderError, match="not the whole disk"):
        list(move_library(old, Path("/"), no_word))


def test_where_there_is_no_library_nothing_is_moved(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="There is no library in"):
        list(move_library(tmp_path / "none", tmp_path / "new", no_word))
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_an_error_and_nothing_is_lost(
    old: Path, tmp_path: Path
) -> None:
    (tmp_path / "disk").write_text("a file where a folder should be")
    before = contents(old)
    with pytest.raises(FolderError, match="cannot be used: "):
        list(move_library(old, tmp_path / "disk" / "deep" / "new", no_word))
    assert_untouched(old, before)


def test_a_disk_without_room_is_refused_before_anything_is_copied(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(old)
    monkeypatch.setattr(library_moving, "SPARE_BYTES", 2**62)
    with pytest.raises(FolderError, match=r"are needed in .*, .* are free"):
        list(move_library(old, tmp_path / "new", no_word))
    assert [path.name for path in tmp_path.iterdir()] == ["cũ"]
    assert_untouched(old, before)


class FullDisk(NamedTuple):
    """Writes as a disk does that fills up after some bytes."""

    room: int

    def copystat(self, source: Path, target: Path) -> None:
        os.truncate(target, self.room)


def test_a_copy_that_is_cut_short_is_noticed(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(old)
    monkeypatch.setattr(shutil, "copystat", FullDisk(10).copystat)
    with pytest.raises(FolderError, match="did not arrive whole"):
        list(move_library(old, tmp_path / "new", no_word))
    assert [path.name for path in tmp_path.iterdir()] == ["cũ"]
    assert_untouched(old, before)


def test_a_new_place_that_cannot_be_remembered_is_given_up(old: Path, tmp_path: Path) -> None:
    before = contents(old)

    def refuse(folder: Path) -> None:
        raise FolderError("The settings cannot be kept.")

    with pytest.raises(FolderError, match="The settings cannot be kept"):
        list(move_library(old, tmp_path / "new", refuse))
    assert not (tmp_path / "new").exists()
    assert_untouched(old, before)


def test_an_open_library_is_not_moved(old: Path, tmp_path: Path) -> None:
    with Library.open(old), pytest.raises(LibraryBusyError, match="Another Ảnh Ơi"):
        list(move_library(old, tmp_path / "new", no_word))
    assert not (tmp_path / "new").exists()


def test_nobody_can_open_it_while_it_is_moved(old: Path, tmp_path: Path) -> None:
    move = move_library(old, tmp_path / "new", no_word)
    next(move)
    with pytest.raises(LibraryBusyError):
        Library.open(old)
    move.close()
    Library.open(old).close()


def test_an_old_place_that_cannot_be_removed_is_named(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *, dir_fd: int | None = None) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "rmdir", refuse)
    last = list(move_library(old, tmp_path / "new", no_word))[-1]
    assert last.folder == tmp_path / "new"
    assert last.left_behind == old
    assert LibraryPaths(tmp_path / "new").database.is_file()
