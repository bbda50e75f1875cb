import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import FolderError
from gui.photos.copying import Copied, copy_into, free_name

MakePhoto = Callable[..., Path]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "Bản sao"
    folder.mkdir()
    return folder


def _paths(*paths: Path) -> list[bytes]:
    return [os.fsencode(path) for path in paths]


def test_copies_have_the_contents_and_the_times(
    tmp_path: Path, target: Path, make_photo: MakePhoto
) -> None:
    photo = make_photo(tmp_path / "Tết.jpg")
    os.utime(photo, ns=(10**18, 10**18))
    assert list(copy_into(target, _paths(photo))) == [Copied(1, 0)]
    copy = target / "Tết.jpg"
    assert copy.read_bytes() == photo.read_bytes()
    assert copy.stat().st_mtime_ns == 10**18


def test_names_that_are_taken_get_a_number(
    tmp_path: Path, target: Path, make_photo: MakePhoto
) -> None:
    photos = [make_photo(tmp_path / str(seed) / "a.b.jpg", seed) for seed in range(3)]
    list(copy_into(target, _paths(*photos)))
    names = ["a.b (2).jpg", "a.b (3).jpg", "a.b.jpg"]
    assert sorted(os.listdir(target)) == names
    assert (target / "a.b (2).jpg").read_bytes() == photos[1].read_bytes()


def test_a_dangling_link_takes_a_name_too(target: Path) -> None:
    (target / "a.jpg").symlink_to(target / "nowhere")
    assert free_name(target, "a.jpg") == target / "a (2).jpg"


def test_a_vanished_photo_is_left_out_and_counted(
    tmp_path: Path, target: Path, make_photo: MakePhoto
) -> None:
    paths = _paths(tmp_path / "gone.jpg", make_photo(tmp_path / "there.jpg"))
    assert list(copy_into(target, paths)) == [Copied(0, 1), Copied(1, 1)]
    assert os.listdir(target) == ["there.jpg"]


def test_a_protected_photo_is_copied(tmp_path: Path, target: Path, make_photo: MakePhoto) -> None:
    photo = make_photo(tmp_path / "a.jpg")
    photo.chmod(0o444)
    list(copy_into(target, _paths(photo)))
    assert stat.S_IMODE((target / "a.jpg").stat().st_mode) == 0o444


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX")
def test_names_that_are_no_utf_8_survive(
    tmp_path: Path, target: Path, make_photo: MakePhoto
) -> None:
    photo = make_photo(tmp_path / "a.jpg")
    odd = os.path.join(os.fsencode(tmp_path), b"\xff.jpg")
    os.rename(photo, odd)
    list(copy_into(target, [odd]))
    assert os.listdir(os.fsencode(target)) == [b"\xff.jpg"]


def test_a_folder_that_went_away_is_told_by_a_sentence(
    tmp_path: Path, make_photo: MakePhoto
) -> None:
    with pytest.raises(FolderError, match=r"cannot be written to .*: No such file"):
        list(copy_into(tmp_path / "away", _paths(make_photo(tmp_path / "a.jpg"))))


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs Linux's full disk")
def test_a_full_disk_is_told_and_leaves_nothing_half(
    target: Path, tmp_path: Path, make_photo: MakePhoto
) -> None:
    # What is written beside the copy lands on a disk that is always full.
    (target / ".a.jpg.part").symlink_to("/dev/full")
    with pytest.raises(FolderError, match="no room left in"):
        list(copy_into(target, _paths(make_photo(tmp_path / "a.jpg"))))
    assert os.listdir(target) == []


def test_the_sources_are_as_they_were(tmp_path: Path, target: Path, make_photo: MakePhoto) -> None:
    photo = make_photo(tmp_path / "album" / "a.jpg")
    before = (photo.read_bytes(), photo.stat().st_mtime_ns)
    list(copy_into(target, _paths(photo)))
    shutil.rmtree(target)
    assert (photo.read_bytes(), photo.stat().st_mtime_ns) == before
