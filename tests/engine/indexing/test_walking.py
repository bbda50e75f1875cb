import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Container
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from engine.images.reading import PHOTO_SUFFIXES
from engine.indexing.walking import (
    find_file,
    is_absent,
    is_left_alone,
    is_photo_name,
    is_wanted_below,
    is_withheld,
    seen_from,
    walk,
)

needs_unix = pytest.mark.skipif(sys.platform == "win32", reason="no such files on Windows")


def fail(directory: bytes, error: OSError) -> None:
    raise AssertionError(f"{directory!r}: {error}")


def names(folder: Path, leave_out: Container[bytes] = (), hidden: bool = False) -> list[str]:
    root = os.fsencode(folder)
    found = walk(root, fail, leave_out, hidden)
    return [os.fsdecode(os.path.relpath(file.path, root)) for file in found]


def put(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"1")


@pytest.mark.parametrize("suffix", sorted(PHOTO_SUFFIXES))
def test_every_kind_of_photo_is_found_in_any_case(suffix: str) -> None:
    assert is_photo_name(b"a" + suffix.encode())
    assert is_photo_name(b"A" + suffix.upper().encode())


@pytest.mark.parametrize(
    "name", [b"a.txt", b"jpg", b".jpg", b"._a.jpg", b".hidden.jpg", b"~$a.jpg", b"a.jpg.part", b""]
)
def test_other_files_are_left_alone(name: bytes) -> None:
    assert not is_photo_name(name)


def test_photos_come_in_the_order_of_names_at_any_depth(tmp_path: Path) -> None:
    wanted = ["a/9.jpg", "a/b/1.jpg", "a/c.jpg", "b.jpg", "c/1.jpg", "d.JPG"]
    put(*(tmp_path / name for name in reversed(wanted)), tmp_path / "a" / "notes.txt")
    assert names(tmp_path) == wanted


@pytest.mark.parametrize(
    "name",
    ["._x", ".Trash-1000", "@eaDir", "@EADIR", "#recycle", "$RECYCLE.BIN", "__MACOSX"],
)
def test_hidden_and_system_directories_are_not_entered(tmp_path: Path, name: str) -> None:
    put(tmp_path / name / "a.jpg", tmp_path / "b.jpg")
    assert names(tmp_path) == ["b.jpg"]
    assert not is_wanted_below(os.fsencode(Path("x") / name / "a.jpg"))


def test_hidden_photos_are_found_where_they_are_wanted(tmp_path: Path) -> None:
    put(tmp_path / ".old" / "a.jpg", tmp_path / ".b.jpg", tmp_path / "._b.jpg", tmp_path / "c.jpg")
    put(tmp_path / "@eaDir" / "d.jpg")
    assert names(tmp_path) == ["c.jpg"]
    assert names(tmp_path, hidden=True) == [".b.jpg", ".old/a.jpg", "c.jpg"]


def test_a_hidden_root_is_looked_through_all_the_same(tmp_path: Path) -> None:
    put(tmp_path / ".photos" / "a.jpg")
    assert names(tmp_path / ".photos") == ["a.jpg"]


def test_size_and_time_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"12345")
    os.utime(tmp_path / "a.jpg", ns=(1, 1_600_000_000_123_456_789))
    (found,) = walk(os.fsencode(tmp_path), fail)
    assert found.size == 5
    assert found.mtime_ns == (tmp_path / "a.jpg").stat().st_mtime_ns


@needs_unix
def test_links_to_directories_are_not_followed_and_those_to_files_are(tmp_path: Path) -> None:
    put(tmp_path / "real" / "a.jpg")
    (tmp_path / "real" / "loop").symlink_to(tmp_path)
    (tmp_path / "real" / "loop.jpg").symlink_to(tmp_path)
    (tmp_path / "real" / "self.jpg").symlink_to("self.jpg")
    (tmp_path / "real" / "gone.jpg").symlink_to("nowhere")
    (tmp_path / "link.jpg").symlink_to("real/a.jpg")
    assert names(tmp_path) == ["link.jpg", "real/a.jpg"]


@needs_unix
def test_pipes_and_sockets_with_photo_names_are_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as endpoint:
        endpoint.bind(str(tmp_path / "socket.jpg"))
        (tmp_path / "folder.jpg").mkdir()
        assert names(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_that_are_not_utf_8_are_found_byte_by_byte(tmp_path: Path) -> None:
    odd = os.path.join(os.fsencode(tmp_path), b"\xff\xfe", b"\xe1nh.jpg")
    os.mkdir(os.path.dirname(odd))
    with open(odd, "wb"):
        pass
    assert [found.path for found in walk(os.fsencode(tmp_path), fail)] == [odd]


def test_the_directory_to_be_left_out_is_not_entered(tmp_path: Path) -> None:
    put(tmp_path / "a.jpg", tmp_path / "own" / "0" / "b.jpg", tmp_path / "own too" / "c.jpg")
    assert names(tmp_path, {os.fsencode(tmp_path / "own")}) == ["a.jpg", "own too/c.jpg"]


@needs_unix
def test_an_unreadable_directory_is_reported_and_passed_over(
    tmp_path: Path, as_nobody: Callable[..., str]
) -> None:
    put(tmp_path / "a.jpg", tmp_path / "closed" / "b.jpg", tmp_path / "z" / "c.jpg")
    (tmp_path / "closed").chmod(0)
    told = as_nobody(
        "import os, sys\n"
        "from engine.indexing.walking import is_absent, is_withheld, walk\n"
        "drop()\n"
        "root = os.fsencode(sys.argv[1])\n"
        "for found in walk(root, lambda path, _: print('unreadable', path.decode()[-6:])):\n"
        "    print(os.path.relpath(found.path, root).decode())\n"
        "print(is_absent(root + b'/closed/b.jpg'), is_withheld(root + b'/closed/b.jpg'))\n",
        tmp_path,
    )
    assert told.split("\n") == ["a.jpg", "unreadable closed", "z/c.jpg", "False True", ""]


def test_a_directory_that_vanishes_in_mid_walk_is_no_unreadable_one(tmp_path: Path) -> None:
    put(tmp_path / "a.jpg", tmp_path / "b" / "b.jpg", tmp_path / "c.jpg", tmp_path / "d.jpg")
    walking = walk(os.fsencode(tmp_path), fail)
    next(walking)
    (tmp_path / "b" / "b.jpg").unlink()
    (tmp_path / "b").rmdir()
    (tmp_path / "c.jpg").unlink()
    assert [os.path.basename(found.path) for found in walking] == [b"d.jpg"]


@needs_unix
def test_a_tree_may_be_deeper_than_pythons_stack(tmp_path: Path) -> None:
    levels = sys.getrecursionlimit() + 50
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(os.open("a.jpg", os.O_CREAT, dir_fd=here))
    os.close(here)
    assert names(tmp_path) == ["d/" * levels + "a.jpg"]
    subprocess.run(["rm", "-rf", tmp_path / "d"], check=True)  # pytest's own removal is recursive


def status(**flags: int) -> os.stat_result:
    return cast("os.stat_result", SimpleNamespace(st_mode=stat.S_IFREG, **flags))


@pytest.mark.parametrize(
    "flags",
    [
        {"st_file_attributes": 0x2 | 0x20},  # hidden
        {"st_file_attributes": 0x4},  # system
        {"st_file_attributes": 0x1000},  # off-line
        {"st_file_attributes": 0x400000 | 0x20},  # OneDrive: in the cloud only
        {"st_file_attributes": 0x40000},
        {"st_flags": 0x40000000},  # iCloud: in the cloud only
        {"st_flags": 0x8000},  # hidden in the Finder
    ],
)
def test_hidden_files_and_those_in_the_cloud_are_left_alone(flags: dict[str, int]) -> None:
    assert is_left_alone(status(**flags))


@pytest.mark.parametrize(
    "flags", [{}, {"st_file_attributes": 0x20}, {"st_file_attributes": 0x1}, {"st_flags": 0x40}]
)
def test_ordinary_files_are_not_left_alone(flags: dict[str, int]) -> None:
    assert not is_left_alone(status(**flags))


def test_a_file_that_is_not_there_is_absent_and_not_withheld(tmp_path: Path) -> None:
    put(tmp_path / "a.jpg")
    for name in ("b.jpg", "a.jpg/c.jpg"):
        path = os.fsencode(tmp_path / name)
        assert is_absent(path)
        assert not is_withheld(path)
        assert find_file(path) is None
    assert not is_absent(os.fsencode(tmp_path / "a.jpg"))
    assert not is_withheld(os.fsencode(tmp_path / "a.jpg"))


@needs_unix
def test_a_path_is_seen_from_its_root_through_any_link(tmp_path: Path) -> None:
    (tmp_path / "real" / "sub").mkdir(parents=True)
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "realm").mkdir()
    real, link = os.fsencode(tmp_path / "real"), os.fsencode(tmp_path / "link")
    assert seen_from(link, os.path.join(real, b"sub")) == os.path.join(link, b"sub")
    assert seen_from(real, link) == real
    assert seen_from(real, os.fsencode(tmp_path / "realm")) is None
    assert seen_from(real, os.fsencode(tmp_path)) is None
    assert seen_from(b"/", real) == os.path.realpath(real)
