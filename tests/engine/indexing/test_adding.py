import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.indexing import adding
from engine.indexing.adding import AddReport, add_files, refresh_paths
from engine.library.library import Library
from engine.library.photo import FoundFile
from engine.paths import LibraryPaths

Add = Callable[..., AddReport]
Ids = Callable[[], dict[str, int]]
Embedded = Callable[[], dict[int, int]]
Make = Callable[..., Path]
AsNobody = Callable[..., str]
needs_unix = pytest.mark.skipif(sys.platform == "win32", reason="no such permissions on Windows")
REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def ten(album: Path, make_photo: Make) -> list[Path]:
    """Ten photos, each of its own content."""
    return [make_photo(album / f"{number}.png", number) for number in range(10)]


def test_photos_are_added_with_all_that_the_file_system_tells(
    library: Library, album: Path, make_photo: Make, add: Add
) -> None:
    path = make_photo(album / "tết" / "hoa.jpg")
    report = add(album)
    (photo,) = library.photos.get(library.photos.ids().tolist())
    assert (photo.path, photo.size) == (os.fsencode(path), path.stat().st_size)
    assert photo.mtime_ns == path.stat().st_mtime_ns
    assert photo.folder_id == report.folder.id
    assert photo.content_hash is None
    assert (report.seen, report.added, report.finished) == (1, 1, True)


def test_a_second_look_adds_nothing_and_touches_nothing(
    library: Library, album: Path, ten: list[Path], add: Add, note_contents: Callable[[], None]
) -> None:
    add(album)
    note_contents()
    before = dump(library)
    report = add(album)
    assert (report.seen, report.added, report.moved, report.changed) == (10, 0, 0, 0)
    assert dump(library) == before


def dump(library: Library) -> list[str]:
    with sqlite3.connect(library.paths.database) as connection:
        rows = list(connection.iterdump())
    connection.close()
    return rows


def test_new_ids_come_once_each_whoever_reads_the_reports_later(
    library: Library, album: Path, ten: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "SECONDS_A_BATCH", 0.0)
    reports = list(add_files(library, os.fsencode(album)))
    new_ids = [id_ for report in reports for id_ in report.new_ids]
    assert new_ids == library.photos.ids().tolist()
    assert [report.added for report in reports][:3] == [1, 2, 3]
    assert [report.finished for report in reports] == [False] * (len(reports) - 1) + [True]


def test_changed_content_drops_the_embeddings_and_keeps_the_id(
    library: Library,
    album: Path,
    ten: list[Path],
    make_photo: Make,
    add: Add,
    ids: Ids,
    embedded: Embedded,
    note_contents: Callable[[], None],
) -> None:
    add(album)
    note_contents()
    before = ids()
    make_photo(ten[3], 99)
    assert add(album).changed == 1
    assert ids() == before
    assert set(embedded()) == set(before.values()) - {before["3.png"]}
    assert library.photos.get([before["3.png"]])[0].size == ten[3].stat().st_size


def test_a_new_date_alone_keeps_the_embeddings(
    library: Library,
    album: Path,
    ten: list[Path],
    add: Add,
    embedded: Embedded,
    note_contents: Callable[[], None],
) -> None:
    add(album)
    note_contents()
    os.utime(ten[0], (1, 1))
    report = add(album)
    assert (report.changed, report.added, len(embedded())) == (0, 0, 10)
    assert library.photos.get([1])[0].mtime_ns == 1_000_000_000


def test_a_new_date_of_a_photo_that_could_not_be_read_has_it_tried_again(
    library: Library, album: Path, add: Add
) -> None:
    (album / "broken.jpg").write_bytes(b"broken")
    add(album)
    library.failures.add(os.fsencode(album / "broken.jpg"), 1, "broken", permanent=True)
    os.utime(album / "broken.jpg", (1, 1))
    assert add(album).changed == 1
    assert library.failures.all() == []


def test_a_few_deleted_photos_go_and_come_back_with_all_that_was_known(
    library: Library,
    album: Path,
    ten: list[Path],
    make_photo: Make,
    add: Add,
    ids: Ids,
    embedded: Embedded,
    note_contents: Callable[[], None],
) -> None:
    add(album)
    note_contents()
    before = ids()
    for path in ten[:2]:
        path.unlink()
    report = add(album)
    assert (report.missing, report.held_back, library.photos.count()) == (2, 0, 8)
    assert add(album).missing == 0, "told once"
    make_photo(ten[0], 0)
    make_photo(album / "another name.png", 1)
    add(album)
    assert ids()["0.png"] == before["0.png"]
    assert ids()["another name.png"] == before["1.png"]
    assert len(embedded()) == 10


def test_what_could_not_be_read_is_no_longer_complained_of_once_it_is_gone(
    library: Library, album: Path, ten: list[Path], add: Add
) -> None:
    add(album)
    library.failures.add(os.fsencode(ten[0]), 1, "broken", permanent=True)
    ten[0].unlink()
    add(album)
    assert library.failures.all() == []


def test_more_than_a_fifth_is_not_believed_without_a_word_from_the_user(
    library: Library, album: Path, ten: list[Path], add: Add
) -> None:
    add(album)
    for path in ten[:3]:
        path.unlink()
    for _ in range(2):
        report = add(album)
        assert (report.missing, report.held_back, library.photos.count()) == (0, 3, 10)
    report = add(album, remove_missing=True)
    assert (report.missing, report.held_back, library.photos.count()) == (3, 0, 7)


def test_all_photos_may_go_on_the_users_word(
    library: Library, album: Path, ten: list[Path], add: Add
) -> None:
    add(album)
    for path in ten:
        path.unlink()
    assert add(album).offline
    assert library.photos.count() == 10
    report = add(album, remove_missing=True)
    assert (report.offline, report.missing, library.photos.count()) == (False, 10, 0)
    assert not add(album).offline, "an empty folder that lacks nothing is there"


def test_a_folder_off_line_keeps_its_photos_and_comes_back(
    library: Library, album: Path, ten: list[Path], add: Add
) -> None:
    add(album)
    unplugged = album.rename(album.with_name("unplugged"))
    for place_is_there in (False, True):
        if place_is_there:
            album.mkdir()  # a mount point without its drive
        report = add(album)
        assert (report.offline, report.missing, report.finished) == (True, 0, True)
        assert [folder.online for folder in library.folders.all()] == [False]
        assert library.photos.count() == 10
    album.rmdir()
    unplugged.rename(album)
    report = add(album)
    assert (report.offline, report.added, report.moved) == (False, 0, 0)
    assert [folder.online for folder in library.folders.all()] == [True]


def test_a_part_of_a_folder_can_be_looked_at_alone(
    library: Library, album: Path, make_photo: Make, add: Add
) -> None:
    for number in range(10):
        make_photo(album / "x" / f"{number}.png", number)
    other = make_photo(album / "xy" / "other.png", 99)
    add(album)
    other.unlink()
    (album / "x" / "0.png").unlink()
    make_photo(album / "new.png", 50)
    report = add(album / "x")
    assert (report.seen, report.missing, report.added) == (9, 1, 0)
    assert [folder.path for folder in library.folders.all()] == [os.fsencode(album)]
    assert add(album / "new.png").added == 1


def test_a_limit_counts_in_the_order_of_names_and_finds_nothing_missing(
    library: Library, album: Path, ten: list[Path], add: Add, ids: Ids
) -> None:
    report = add(album, limit=4)
    assert (report.seen, sorted(ids())) == (4, [f"{number}.png" for number in range(4)])
    ten[0].unlink()
    report = add(album, limit=4)
    assert (report.missing, report.held_back, report.added) == (0, 0, 1)
    assert add(album).missing == 1
    assert len(ids()) == 9


def test_the_librarys_own_thumbnails_are_no_photos(
    album: Path, make_photo: Make, tmp_path: Path
) -> None:
    make_photo(album / "a.png")
    (tmp_path / "link").symlink_to(album)
    for folder, root in ((album / "lib", album), (album, album), (album / "l", tmp_path / "link")):
        with Library.open(folder) as library:
            make_photo(LibraryPaths(folder).thumbnails / "0" / "1.jpg")
            for path in (
                root,
                root / os.path.relpath(folder, album) / "thumbnails" / "0" / "1.jpg",
            ):
                list(add_files(library, os.fsencode(path)))
            assert library.photos.find(os.fsencode(root / "a.png"))
            shown = [photo.shown_path for photo in library.photos.get(library.photos.ids())]
            assert [path for path in shown if "thumbnails" in path] == []
        for photo in LibraryPaths(folder).thumbnails.rglob("*.jpg"):
            photo.unlink()


ADDING_AS_NOBODY = """
import os, sys
from pathlib import Path
from engine.indexing.adding import add_files
from engine.library.library import Library

drop()
with Library.open(Path(sys.argv[1])) as library:
    report = list(add_files(library, os.fsencode(sys.argv[2])))[-1]
    print(library.photos.count(), report.missing, report.held_back, report.unreadable)
    for failure in library.failures.all():
        print(os.path.basename(failure.path).decode(), failure.reason)
"""


@needs_unix
def test_photos_in_an_unreadable_directory_are_not_taken_for_missing(
    album: Path, ten: list[Path], make_photo: Make, tmp_path: Path, as_nobody: AsNobody
) -> None:
    make_photo(album / "closed" / "10.png", 10)
    make_photo(album / "no stat" / "11.png", 11)
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)

    def add() -> list[str]:
        return as_nobody(ADDING_AS_NOBODY, tmp_path / "open" / "library", album).splitlines()

    assert add() == ["12 0 0 0"]
    (album / "closed").chmod(0o711)
    (album / "no stat").chmod(0o744)
    reason = "The folder could not be read: Permission denied."
    assert add() == ["12 0 0 1", f"closed {reason}"]
    (album / "closed").chmod(0)
    assert add() == ["12 0 0 1", f"closed {reason}"]
    (album / "closed").chmod(0o755)
    (album / "no stat").chmod(0o755)
    assert add() == ["12 0 0 0"]


def test_single_paths_are_brought_level_in_any_mixture(
    library: Library, album: Path, ten: list[Path], make_photo: Make, add: Add, ids: Ids
) -> None:
    folder = add(album).folder
    make_photo(album / "new" / "deep" / "a.png", 20)
    make_photo(ten[0], 21)
    ten[1].unlink()
    paths = [album / "new", album / "new" / "deep", album / "new" / "deep" / "a.png", *ten[:3]]
    paths += [album / "notes.txt", album / "never.png", album / "new"]
    report = list(refresh_paths(library, folder, map(os.fsencode, paths)))[-1]
    assert (report.added, report.changed, report.missing, report.seen) == (1, 1, 1, 3)
    assert len(ids()) == 10


def test_a_link_to_a_directory_with_a_photos_name_is_not_followed(
    library: Library, album: Path, ten: list[Path], add: Add, tmp_path: Path, make_photo: Make
) -> None:
    folder = add(album).folder
    make_photo(tmp_path / "elsewhere" / "a.png", 30)
    (album / "link.jpg").symlink_to(tmp_path / "elsewhere")
    report = list(refresh_paths(library, folder, [os.fsencode(album / "link.jpg")]))[-1]
    assert report.added == 0


def test_a_file_that_is_still_being_written_is_left_alone_and_not_missed(
    library: Library, album: Path, ten: list[Path], make_photo: Make, add: Add, ids: Ids
) -> None:
    folder = add(album).folder
    make_photo(album / "x" / "new.png", 20)
    asked: list[bytes] = []

    def restless(found: FoundFile) -> bool:
        asked.append(os.path.basename(found.path))
        return False

    report = list(refresh_paths(library, folder, [os.fsencode(album)], restless))[-1]
    assert (report.seen, report.added, report.missing, report.held_back) == (0, 0, 0, 0)
    assert b"new.png" in asked
    assert "new.png" not in ids()


def test_many_events_cost_no_more_in_a_large_library(library: Library, album: Path) -> None:
    """Each path is looked up, not searched for among all photos of the folder."""
    folder = library.folders.add(os.fsencode(album))
    root = os.path.join(folder.path, b"")
    with sqlite3.connect(library.paths.database) as connection:
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT path FROM photo "
            "WHERE +folder_id = 1 AND (path = ? OR path > ? AND path < ?)",
            (root, root, root),
        ).fetchall()
    connection.close()
    assert all("SCAN" not in row[3] for row in plan)
    with library.transaction():
        for number in range(300):
            library.photos.add(folder.id, FoundFile(root + b"%d.jpg" % number, 1, 1))
    for path, count in ((root + b"1.jpg", 1), (root + b"x", 0), (folder.path, 300), (b"/", 300)):
        assert len(library.photos.known_files(folder.id, path)) == count


@pytest.mark.parametrize("names", [("é", "e\u0301")])
def test_two_roots_whose_names_differ_in_bytes_are_two_folders(
    library: Library, tmp_path: Path, make_photo: Make, add: Add, names: tuple[str, str]
) -> None:
    make_photo(tmp_path / names[0] / "a.png", 1)
    if (tmp_path / names[1]).exists():
        pytest.skip("this file system takes them for the same")
    make_photo(tmp_path / names[1] / "b.png", 2)
    for name in names:
        assert add(tmp_path / name).added == 1
    assert len(library.folders.all()) == 2


KILLED = """
import os, sys
from pathlib import Path
from engine.indexing import adding
from engine.library.library import Library

adding.SECONDS_A_BATCH = 0.0
with Library.open(Path(sys.argv[1])) as library:
    for report in adding.add_files(library, os.fsencode(sys.argv[2])):
        print(report.added, flush=True)
"""


def test_a_kill_in_mid_scan_leaves_a_sound_library_that_goes_on(
    tmp_path: Path, album: Path, make_photo: Make
) -> None:
    photo = make_photo(tmp_path / "a.png").read_bytes()
    for number in range(400):
        (album / f"{number}.png").write_bytes(photo)
    command = [sys.executable, "-c", KILLED, str(tmp_path / "library"), str(album)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=REPOSITORY) as process:
        assert process.stdout
        for _ in range(57):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    with Library.open(tmp_path / "library") as library:
        library.check()
        assert library.set_aside is None
        there = library.photos.count()
        assert 57 <= there <= 400
        report = list(add_files(library, os.fsencode(album)))[-1]
        assert (report.added, library.photos.count()) == (400 - there, 400)


def test_an_error_in_a_batch_takes_only_that_batch_back(
    library: Library, album: Path, ten: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "SECONDS_A_BATCH", 0.0)
    reports: Any = add_files(library, os.fsencode(album))
    for _ in range(4):
        next(reports)
    reports.close()
    assert library.photos.ids().tolist() == np.arange(1, 5).tolist()
