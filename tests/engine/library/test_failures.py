from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from engine.library import failures
from engine.library.library import Library

AddPhotos = Callable[..., list[int]]


def paths(library: Library) -> list[bytes]:
    return [failure.path for failure in library.failures.all()]


def test_a_failure_says_what_why_and_when(library: Library, add_photos: AddPhotos) -> None:
    (photo_id,) = add_photos(b"\xff.jpg")
    library.failures.add(b"/photos/\xff.jpg", photo_id, "The file is empty.", permanent=True)
    (failure,) = library.failures.all()
    assert (failure.path, failure.photo_id) == (b"/photos/\xff.jpg", photo_id)
    assert (failure.reason, failure.permanent) == ("The file is empty.", True)
    assert abs(datetime.now() - failure.failed_at) < timedelta(minutes=1)


def test_a_later_failure_of_a_path_replaces_the_earlier(library: Library) -> None:
    library.failures.add(b"/a", None, "first", permanent=True)
    library.failures.add(b"/a", None, "second", permanent=False)
    (failure,) = library.failures.all()
    assert (failure.reason, failure.permanent) == ("second", False)


def test_the_latest_failure_comes_first(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    for at, path in ((20, b"/middle"), (30, b"/late"), (10, b"/early")):
        monkeypatch.setattr(failures, "time", lambda at=at: float(at))
        library.failures.add(path, None, "broken", permanent=True)
    assert paths(library) == [b"/late", b"/middle", b"/early"]


def test_a_failure_can_be_forgotten(library: Library) -> None:
    library.failures.add(b"/a", None, "broken", permanent=True)
    library.failures.remove(b"/a")
    library.failures.remove(b"/never there")
    assert paths(library) == []


@pytest.mark.parametrize("name", [b"b", b"b%", b"_", b"[b]", b"\xff"])
def test_only_the_directories_in_a_folder_are_forgotten(
    name: bytes, library: Library, add_photos: AddPhotos
) -> None:
    root = b"/a/" + name
    (photo_id,) = add_photos(b"1.jpg", folder=root)
    library.failures.add(root + b"/1.jpg", photo_id, "broken", permanent=True)
    for path in (root, root + b"/x", root + b"c", root + b"c/x", b"/a/zz/x"):
        library.failures.add(path, None, "no permission", permanent=False)
    library.failures.remove_directories_under(root)
    assert set(paths(library)) == {root + b"/1.jpg", root + b"c", root + b"c/x", b"/a/zz/x"}


def test_all_unreadable_directories_lie_under_the_root_of_the_disk(library: Library) -> None:
    library.failures.add(b"/a", None, "no permission", permanent=False)
    library.failures.remove_directories_under(b"/")
    assert paths(library) == []
