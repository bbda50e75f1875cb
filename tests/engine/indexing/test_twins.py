"""What becomes of photos that are renamed, moved, copied or swapped."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.images.thumbnails import save_thumbnail, thumbnail_path
from engine.indexing.adding import AddReport, refresh_paths
from engine.library.library import Library

Add = Callable[..., AddReport]
Ids = Callable[[], dict[str, int]]
Embedded = Callable[[], dict[int, int]]
Make = Callable[..., Path]


@pytest.fixture
def ten(album: Path, make_photo: Make, add: Add, note_contents: Callable[[], None]) -> Path:
    """A folder whose photos 0.png to 9.png, ids 1 to 10, are known and embedded."""
    for number in range(10):
        make_photo(album / f"{number}.png", number)
    add(album)
    note_contents()
    return album


ALL = {number: number for number in range(1, 11)}


def test_a_renamed_photo_keeps_its_id_and_its_embeddings(
    ten: Path, add: Add, ids: Ids, embedded: Embedded
) -> None:
    (ten / "3.png").rename(ten / "a dog.png")
    report = add(ten)
    assert (report.moved, report.added, report.missing) == (1, 0, 0)
    assert ids()["a dog.png"] == 4
    assert embedded() == ALL


def test_a_renamed_directory_moves_all_its_photos_however_many(
    ten: Path, add: Add, ids: Ids, embedded: Embedded
) -> None:
    (ten / "x").mkdir()
    for number in range(10):
        (ten / f"{number}.png").rename(ten / "x" / f"{number}.png")
    assert add(ten).moved == 10
    (ten / "x").rename(ten / "y")
    report = add(ten)
    assert (report.moved, report.added, report.missing, report.held_back) == (10, 0, 0, 0)
    assert (sorted(ids().values()), embedded()) == (list(ALL), ALL)


@pytest.mark.parametrize("scan_the_old_folder_first", [True, False])
def test_photos_moved_to_another_folder_are_recognised(
    library: Library,
    ten: Path,
    tmp_path: Path,
    add: Add,
    ids: Ids,
    embedded: Embedded,
    scan_the_old_folder_first: bool,
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for number in range(4):
        (ten / f"{number}.png").rename(other / f"moved {number}.png")
    if scan_the_old_folder_first:
        assert add(ten).held_back == 4
    report = add(other)
    assert (report.moved, report.added) == (4, 0)
    assert (ids()["moved 2.png"], embedded()) == (3, ALL)
    assert library.photos.get([3])[0].folder_id == report.folder.id
    assert (add(ten).missing, add(ten).held_back) == (0, 0)


@pytest.mark.parametrize("new_place", ["0 earlier.png", "z/later.png"])
def test_another_file_at_the_old_place_of_a_moved_photo_is_another_photo(
    library: Library,
    ten: Path,
    make_photo: Make,
    add: Add,
    ids: Ids,
    embedded: Embedded,
    new_place: str,
) -> None:
    (ten / "z").mkdir()
    (ten / "5.png").rename(ten / new_place)
    make_photo(ten / "5.png", 77)
    report = add(ten)
    assert (report.moved, report.added, report.changed, report.missing) == (1, 1, 0, 0)
    assert ids()[os.path.basename(new_place)] == 6
    assert ids()["5.png"] == 11
    assert embedded() == ALL


def test_a_copy_is_a_photo_of_its_own_that_need_not_be_embedded(
    library: Library, ten: Path, add: Add, ids: Ids, embedded: Embedded
) -> None:
    save_thumbnail(library.paths.thumbnails, 3, b"thumbnail")
    shutil.copy(ten / "2.png", ten / "0 copy.png")
    report = add(ten)
    assert (report.added, report.moved, report.new_ids) == (1, 0, [])
    assert ids()["0 copy.png"] == 11
    assert ids()["2.png"] == 3
    assert embedded() == {**ALL, 11: 3}
    first, second = library.photos.get([3, 11])
    assert (first.content_hash, first.width) == (second.content_hash, second.width)
    assert thumbnail_path(library.paths.thumbnails, 11).read_bytes() == b"thumbnail"


def test_a_copy_beside_a_touched_original_leaves_the_original_its_id(
    ten: Path, add: Add, ids: Ids, embedded: Embedded
) -> None:
    shutil.copy(ten / "2.png", ten / "0 copy.png")
    os.utime(ten / "2.png", (5, 5))
    add(ten)
    assert (ids()["2.png"], ids()["0 copy.png"]) == (3, 11)
    assert embedded() == {**ALL, 11: 3}


def test_of_two_equal_files_one_may_be_deleted_and_the_other_renamed(
    ten: Path, add: Add, ids: Ids, embedded: Embedded
) -> None:
    shutil.copy(ten / "2.png", ten / "twin.png")
    add(ten)
    (ten / "2.png").unlink()
    (ten / "twin.png").rename(ten / "one of them.png")
    report = add(ten)
    assert (report.moved, report.missing, report.added) == (1, 1, 0)
    assert ids()["one of them.png"] in (3, 11)
    assert len(embedded()) == 10


def test_two_names_swapped_leave_every_embedding_with_the_right_content(
    library: Library, ten: Path, add: Add, ids: Ids, embedded: Embedded
) -> None:
    contents = {name: (ten / name).read_bytes() for name in ("3.png", "4.png")}
    (ten / "3.png").rename(ten / "x")
    (ten / "4.png").rename(ten / "3.png")
    (ten / "x").rename(ten / "4.png")
    add(ten)
    assert (ten / "3.png").read_bytes() == contents["4.png"]
    assert {"3.png", "4.png"} <= set(ids())
    shown = {name: embedded().get(id_) for name, id_ in ids().items()}
    assert shown["3.png"] in (5, None)
    assert shown["4.png"] in (4, None)
    assert len(ids()) == 10


def test_a_photo_renamed_over_another_need_not_be_embedded_again(
    ten: Path, add: Add, ids: Ids, embedded: Embedded
) -> None:
    os.replace(ten / "3.png", ten / "4.png")
    report = add(ten)
    assert (report.changed, report.missing) == (1, 1)
    assert embedded()[ids()["4.png"]] == 4


def test_a_copy_on_another_drive_does_not_take_the_id_of_one_that_is_unplugged(
    library: Library, ten: Path, tmp_path: Path, add: Add, ids: Ids, embedded: Embedded
) -> None:
    shutil.copytree(ten, tmp_path / "backup")
    unplugged = ten.rename(tmp_path / "unplugged")  # and nobody has looked at it since
    report = add(tmp_path / "backup")
    assert (report.added, report.moved) == (10, 0)
    assert embedded() == {**ALL, **{id_ + 10: id_ for id_ in ALL}}
    unplugged.rename(ten)
    report = add(ten)
    assert (report.added, report.moved, report.changed) == (0, 0, 0)


def test_a_rename_told_by_events_keeps_the_id(
    library: Library, ten: Path, ids: Ids, embedded: Embedded
) -> None:
    (ten / "9.png").rename(ten / "0 first.png")
    paths = [os.fsencode(ten / name) for name in ("9.png", "0 first.png")]
    (folder,) = library.folders.all()
    report = list(refresh_paths(library, folder, paths))[-1]
    assert (report.moved, report.missing, ids()["0 first.png"]) == (1, 0, 10)
    assert embedded() == ALL


def test_a_photo_that_was_not_yet_read_is_found_anew_under_its_new_name(
    library: Library, album: Path, make_photo: Make, add: Add, ids: Ids
) -> None:
    for number in range(10):
        make_photo(album / f"{number}.png", number)
    add(album)
    (album / "3.png").rename(album / "x.png")
    report = add(album)
    assert (report.added, report.missing, len(ids())) == (1, 1, 10)
