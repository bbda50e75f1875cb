import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import FolderError
from engine.indexing.adding import AddReport
from engine.indexing.roots import is_reachable
from engine.library.library import Library
from engine.paths import absolute

Add = Callable[..., AddReport]
Ids = Callable[[], dict[str, int]]
Make = Callable[..., Path]
needs_unix = pytest.mark.skipif(sys.platform == "win32", reason="no such files on Windows")


def roots(library: Library) -> list[str]:
    return [os.path.basename(os.fsdecode(folder.path)) for folder in library.folders.all()]


@pytest.mark.parametrize("shape", ["{}", "{}/", "{}/x/..", "{}/.", "{}//"])
def test_a_folder_is_the_same_however_its_path_is_written(
    library: Library,
    album: Path,
    make_photo: Make,
    add: Add,
    monkeypatch: pytest.MonkeyPatch,
    shape: str,
) -> None:
    make_photo(album / "a.png")
    monkeypatch.chdir(album.parent)
    add(album)
    assert add(absolute(shape.format("album"))).added == 0
    assert [folder.path for folder in library.folders.all()] == [os.fsencode(album)]


@pytest.mark.parametrize("inner_first", [True, False])
def test_a_folder_inside_another_is_part_of_it(
    library: Library, album: Path, make_photo: Make, add: Add, ids: Ids, inner_first: bool
) -> None:
    make_photo(album / "sub" / "a.png", 1)
    make_photo(album / "b.png", 2)
    make_photo(album.with_name("album2") / "c.png", 3)
    folders = [album / "sub", album] if inner_first else [album, album / "sub"]
    for folder in [album.with_name("album2"), *folders]:
        add(folder)
    assert sorted(roots(library)) == ["album", "album2"]
    assert len(ids()) == 3
    assert all(add(folder).added == 0 for folder in folders)


@needs_unix
def test_a_folder_reached_through_a_link_is_added_and_known_by_either_name(
    library: Library, album: Path, make_photo: Make, add: Add, ids: Ids, tmp_path: Path
) -> None:
    make_photo(album / "sub" / "a.png", 1)
    (tmp_path / "link").symlink_to(album)
    assert add(tmp_path / "link").added == 1
    make_photo(album / "sub" / "b.png", 2)
    assert add(album / "sub").added == 1
    assert (roots(library), len(ids())) == (["link"], 2)
    assert all(b"/link/sub/" in photo.path for photo in library.photos.get([1, 2]))


@needs_unix
def test_a_linked_directory_in_a_folder_can_be_a_folder_of_its_own(
    library: Library, album: Path, make_photo: Make, add: Add, ids: Ids, tmp_path: Path
) -> None:
    make_photo(album / "a.png", 1)
    make_photo(tmp_path / "elsewhere" / "b.png", 2)
    (album / "link").symlink_to(tmp_path / "elsewhere")
    add(album)
    assert add(album / "link").added == 1
    for _ in range(2):
        report = add(album)
        assert (report.missing, report.held_back, len(ids())) == (0, 0, 2)
    assert roots(library) == ["album", "link"]


def test_what_is_no_folder_is_refused_with_a_sentence(
    library: Library, album: Path, make_photo: Make, add: Add, tmp_path: Path
) -> None:
    make_photo(album / "a.png")
    with pytest.raises(FolderError, match=r"There is no folder .*nowhere"):
        add(tmp_path / "nowhere")
    with pytest.raises(FolderError, match=r"a\.png is a file; name the folder"):
        add(album / "a.png")
    assert library.folders.all() == []
    add(album)
    with pytest.raises(FolderError, match=r"There is no folder .*misspelt"):
        add(album / "misspelt")


@needs_unix
def test_a_pipe_is_no_folder(add: Add, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FolderError):
        add(tmp_path / "pipe")


@needs_unix
def test_a_folder_that_may_not_be_read_is_refused_with_a_sentence(
    album: Path, tmp_path: Path, as_nobody: Callable[..., str]
) -> None:
    album.chmod(0o700)
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    told = as_nobody(
        "import os, sys\n"
        "from pathlib import Path\n"
        "from engine.errors import FolderError\n"
        "from engine.indexing.roots import place\n"
        "from engine.library.library import Library\n"
        "drop()\n"
        "with Library.open(Path(sys.argv[2])) as library:\n"
        "    try: place(library, os.fsencode(sys.argv[1]))\n"
        "    except FolderError as error: print(error, library.folders.all())\n",
        album,
        tmp_path / "open" / "library",
    )
    assert told == f"The folder {album} may not be read. []\n"


def test_a_sub_folder_that_is_gone_with_its_photos_is_no_misspelling(
    album: Path, make_photo: Make, add: Add
) -> None:
    for number in range(10):
        make_photo(album / f"{number}.png", number)
    make_photo(album / "sub" / "a.png", 11)
    add(album)
    (album / "sub" / "a.png").unlink()
    (album / "sub").rmdir()
    assert add(album / "sub").missing == 1


def test_an_empty_folder_is_there_until_photos_are_known_in_it(
    library: Library, album: Path, make_photo: Make, add: Add
) -> None:
    report = add(album)
    assert (report.seen, report.offline) == (0, False)
    path = make_photo(album / "a.png")
    folder = add(album).folder
    assert is_reachable(library, folder)
    path.unlink()
    assert not is_reachable(library, folder)
    album.rmdir()
    assert not is_reachable(library, folder)


def test_a_folder_without_photos_that_is_deleted_is_shown_as_off_line(
    album: Path, add: Add
) -> None:
    add(album)
    album.rmdir()
    assert add(album).offline
