import os
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl

from gui.dropping import folders_of, local_paths, sort_out


def test_what_is_dropped_is_told_apart(tmp_path: Path) -> None:
    folder, photo, other = tmp_path / "ảnh", tmp_path / "a.JPG", tmp_path / "notes.txt"
    folder.mkdir()
    photo.touch()
    other.touch()
    named = [os.fsencode(path) for path in (folder, photo, other, tmp_path / "gone.jpg")]
    dropped = sort_out(named)
    assert dropped.folders == (named[0],)
    assert dropped.photos == (named[1],)
    assert dropped.others == (named[2], named[3])


def test_a_folder_named_like_a_photo_is_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "odd.jpg"
    folder.mkdir()
    assert sort_out([os.fsencode(folder)]).folders == (os.fsencode(folder),)


def test_paths_become_absolute_and_keep_their_bytes(tmp_path: Path) -> None:
    odd = os.path.join(os.fsencode(tmp_path), b"\xff.jpg")
    with open(odd, "wb"):
        pass
    assert sort_out([os.path.join(odd, b"..", b"\xff.jpg")]).photos == (odd,)


def test_only_files_of_this_machine_are_taken(tmp_path: Path) -> None:
    data = QMimeData()
    local = QUrl.fromLocalFile(str(tmp_path / "ảnh cưới"))
    data.setUrls([local, QUrl("https://example.org/a.jpg")])
    assert local_paths(data) == [os.fsencode(tmp_path / "ảnh cưới")]


def test_the_folders_of_photos_are_named_once(tmp_path: Path) -> None:
    assert folders_of([b"/b/1.jpg", b"/a/2.jpg", b"/b/3.jpg"]) == [b"/b", b"/a"]
