import ctypes
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest
from watchdog.observers.polling import PollingObserver

from engine.indexing import events
from engine.indexing.events import Watcher
from engine.indexing.walking import find_file

Until = Callable[[Callable[[], object]], None]
QUIET = 0.1
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="as Linux has it")


class Heard:
    """Collects what has settled, relative to the root."""

    def __init__(self, watcher: Watcher, root: Path) -> None:
        self.watcher = watcher
        self.root = root
        self.paths: list[str] = []

    def __call__(self) -> set[str]:
        for root, paths in self.watcher.settled().items():
            assert root == os.fsencode(self.root)
            self.paths += [os.fsdecode(os.path.relpath(path, root)) for path in paths]
        return set(self.paths)


@pytest.fixture
def heard(album: Path) -> Iterator[Heard]:
    with Watcher(QUIET, album / "own") as watcher:
        watcher.watch(os.fsencode(album))
        yield Heard(watcher, album)


def put(path: Path, content: bytes = b"1") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_new_changed_renamed_and_deleted_files_are_heard_of(
    album: Path, heard: Heard, until: Until
) -> None:
    path = put(album / "a.jpg")
    until(lambda: "a.jpg" in heard())
    heard.paths.clear()
    put(path, b"22")
    until(lambda: "a.jpg" in heard())
    heard.paths.clear()
    path.rename(album / "b.jpg")
    until(lambda: {"a.jpg", "b.jpg"} <= heard())
    heard.paths.clear()
    (album / "b.jpg").unlink()
    until(lambda: "b.jpg" in heard())


def test_what_is_none_of_the_users_photos_is_not_heard_of(
    album: Path, heard: Heard, until: Until
) -> None:
    for name in (".hidden.jpg", "._a.jpg", ".git/a.jpg", "@eaDir/a.jpg", "notes.txt"):
        put(album / name)
    put(album / "own" / "0" / "1.jpg")
    (album / "own" / "new").mkdir()
    (album / "own" / "0" / "1.jpg").unlink()
    put(album / "owner" / "last.jpg")
    until(lambda: "owner/last.jpg" in heard() or "owner" in heard.paths)
    assert set(heard.paths) <= {"owner", "owner/last.jpg"}


def test_a_tree_made_at_once_is_heard_of_whole_or_by_its_directory(
    album: Path, heard: Heard, until: Until
) -> None:
    wanted = {f"x/{number}/y/z.jpg" for number in range(30)}
    for name in wanted:
        put(album / name)

    def all_covered() -> bool:
        told = heard()
        return all(any(name == t or name.startswith(f"{t}/") for t in told) for name in wanted)

    until(all_covered)


def test_directories_moved_in_and_out_are_heard_of(
    album: Path, heard: Heard, until: Until, tmp_path: Path
) -> None:
    put(tmp_path / "elsewhere" / "a.jpg")
    (tmp_path / "elsewhere").rename(album / "in")
    until(lambda: "in" in heard())
    put(album / "in" / "b.jpg")
    until(lambda: "in/b.jpg" in heard())
    heard.paths.clear()
    (album / "in").rename(tmp_path / "out")
    until(lambda: "in" in heard())


def test_a_file_written_in_pieces_is_not_settled_before_it_rests(
    album: Path, heard: Heard, until: Until
) -> None:
    pieces = 0
    last = monotonic()

    def write_a_piece() -> bool:
        nonlocal pieces, last
        assert heard() == set()
        with (album / "a.jpg").open("ab") as file:
            file.write(b"piece")
        pieces, last = pieces + 1, monotonic()
        return pieces > 5 * QUIET / 0.01

    until(write_a_piece)
    until(lambda: "a.jpg" in heard())
    assert monotonic() - last >= QUIET


def test_files_deleted_one_after_another_settle_together(
    album: Path, heard: Heard, until: Until
) -> None:
    files = [put(album / f"{number}.jpg") for number in range(30)]
    until(lambda: len(heard()) == 30)
    heard.paths.clear()

    def delete_one() -> bool:
        assert heard() == set()
        files.pop().unlink()
        return not files

    until(delete_one)
    until(heard)
    assert len(heard.paths) == 30


def test_a_file_below_a_settled_directory_waits_until_it_rests_itself(
    album: Path, heard: Heard, until: Until
) -> None:
    root = os.fsencode(album)
    path = os.fsencode(put(album / "a.jpg"))
    found = find_file(path)
    assert found
    assert not heard.watcher.is_at_rest(root, found)
    until(lambda: "a.jpg" in heard())
    os.utime(path, (1, 1))
    until(lambda: heard.watcher.is_at_rest(root, find_file(path) or found))


def test_a_date_in_the_future_does_not_keep_a_file_waiting_for_ever(
    album: Path, heard: Heard
) -> None:
    path = put(album.parent / "a.jpg")
    os.utime(path, (4_000_000_000, 4_000_000_000))
    found = find_file(os.fsencode(path))
    assert found
    assert heard.watcher.is_at_rest(os.fsencode(album), found)


@linux_only
def test_names_that_are_not_utf_8_are_heard_of_byte_by_byte(
    album: Path, heard: Heard, until: Until
) -> None:
    path = os.path.join(os.fsencode(album), b"\xff.jpg")
    with open(path, "wb"):
        pass
    until(lambda: os.fsdecode(b"\xff.jpg") in heard())


@linux_only
def test_a_folder_reached_through_a_link_is_heard_of_by_that_name(
    album: Path, tmp_path: Path, until: Until
) -> None:
    link = tmp_path / "link"
    link.symlink_to(album)
    with Watcher(QUIET) as watcher:
        watcher.watch(os.fsencode(link))
        heard = Heard(watcher, link)
        put(album / "a.jpg")
        put(album / "sub" / "b.jpg")
        until(lambda: {"a.jpg", "sub"} <= heard())


def test_where_events_are_not_to_be_had_the_folder_is_polled(
    album: Path, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "_is_silent", lambda root: True)
    monkeypatch.setattr(events, "POLLING_SECONDS", 0.1)
    with Watcher(QUIET) as watcher:
        watcher.watch(os.fsencode(album))
        heard = Heard(watcher, album)
        assert {type(watched.observer) for watched in watcher._watched.values()} == {
            PollingObserver
        }
        path = put(album / "x" / "a.jpg")
        until(lambda: "x/a.jpg" in heard())
        heard.paths.clear()
        path.unlink()
        until(lambda: "x/a.jpg" in heard())


def test_this_machines_own_disks_are_not_polled(album: Path) -> None:
    assert not events._is_silent(os.fsencode(album))


def test_a_folder_that_is_not_there_is_no_error_and_leaves_no_thread(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = set(threading.enumerate())
    with Watcher(QUIET) as watcher:
        root = os.fsencode(tmp_path / "nowhere")
        watcher.watch(root)
        assert set(threading.enumerate()) == before
        assert not watcher.has_lost(root)
        (tmp_path / "nowhere").mkdir()
        assert watcher.has_lost(root)


def test_another_directory_in_the_place_of_a_folder_is_noticed(album: Path, heard: Heard) -> None:
    root = os.fsencode(album)
    assert not heard.watcher.has_lost(root)
    album.rename(album.with_name("old"))
    assert heard.watcher.has_lost(root)
    album.mkdir()
    assert heard.watcher.has_lost(root)
    heard.watcher.unwatch(root)
    heard.watcher.watch(root)
    assert not heard.watcher.has_lost(root)


def test_a_folder_made_again_at_once_is_noticed_whatever_its_number(
    album: Path, heard: Heard, until: Until
) -> None:
    album.rmdir()
    album.mkdir()
    until(lambda: heard.watcher.has_lost(os.fsencode(album)))


def test_directories_met_twice_do_not_end_the_watching(
    album: Path, heard: Heard, until: Until
) -> None:
    for number in range(150):
        put(album / f"{number}" / "a" / "b" / "c" / "x.jpg")
    until(lambda: len({path.split("/")[0] for path in heard()}) == 150)
    put(album / "last.jpg")
    until(lambda: "last.jpg" in heard())


def test_folders_can_be_watched_twice_and_given_up(album: Path, heard: Heard) -> None:
    root = os.fsencode(album)
    heard.watcher.watch(root)
    assert heard.watcher.roots == [root]
    heard.watcher.unwatch(root)
    assert heard.watcher.roots == []


def test_a_warning_of_watchdog_about_lost_events_has_all_folders_looked_through(
    heard: Heard, until: Until
) -> None:
    logger = logging.getLogger("watchdog.observers.inotify_c")
    logger.warning("Inotify queue overflowed; filesystem events were lost")
    until(lambda: "." in heard())


def overflow(*files: Path) -> None:
    """Touch files in turn, more often than the system keeps events while nobody reads them."""
    kept = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    library = ctypes.PyDLL(None)  # its calls, unlike os.utime, let no other thread run
    interval = sys.getswitchinterval()
    sys.setswitchinterval(3600)
    try:
        for _ in range(2 * kept):
            for file in files:
                assert library.utimes(os.fsencode(file), None) == 0
    finally:
        sys.setswitchinterval(interval)


@linux_only
def test_more_events_than_the_system_keeps_have_the_folder_looked_through(
    album: Path, heard: Heard, until: Until
) -> None:
    overflow(put(album / "a.jpg"), put(album / "b.jpg"))
    until(lambda: "." in heard())
