import os
from collections.abc import Callable
from pathlib import Path

from engine.indexing.adding import AddReport
from engine.indexing.selection import Selection
from engine.library.library import Library

Add = Callable[..., AddReport]
Ids = Callable[[], dict[str, int]]
Make = Callable[..., Path]


def test_a_library_starts_with_nothing_hidden_and_nothing_excluded(library: Library) -> None:
    assert Selection.of(library) == Selection()


def test_what_was_selected_is_remembered_byte_for_byte(library: Library) -> None:
    selection = Selection(hidden=True, excluded=(b"/\xff\xfe", "/ảnh".encode()))
    selection.remember(library)
    assert Selection.of(library) == selection


def test_an_excluded_folder_is_seen_through_links(library: Library, album: Path) -> None:
    (album / "private").mkdir(parents=True)
    link = album.parent / "link"
    link.symlink_to(album)
    selection = Selection(excluded=(os.fsencode(link / "private"),))
    assert selection.left_out_below(os.fsencode(album)) == {os.fsencode(album / "private")}


def test_photos_of_an_excluded_folder_leave_the_library_however_many_they_are(
    library: Library, album: Path, make_photo: Make, add: Add, ids: Ids
) -> None:
    make_photo(album / "a.png", 0)
    for number in range(9):
        make_photo(album / "private" / f"{number}.png", number + 1)
    add(album)
    assert len(ids()) == 10
    Selection(excluded=(os.fsencode(album / "private"),)).remember(library)
    report = add(album)
    assert (report.held_back, report.seen) == (0, 1)
    assert set(ids()) == {"a.png"}
    Selection().remember(library)
    add(album)
    assert len(ids()) == 10


def test_hidden_photos_come_and_go_with_the_wish_for_them(
    library: Library, album: Path, make_photo: Make, add: Add, ids: Ids
) -> None:
    make_photo(album / ".old" / "a.png", 0)
    make_photo(album / "b.png", 1)
    add(album)
    assert set(ids()) == {"b.png"}
    Selection(hidden=True).remember(library)
    add(album)
    assert set(ids()) == {"a.png", "b.png"}
    Selection().remember(library)
    assert add(album).held_back == 0
    assert set(ids()) == {"b.png"}
