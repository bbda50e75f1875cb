import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from time import monotonic

import numpy as np
import pytest

from engine.index.upkeep import open_index
from engine.index.vector_index import VectorIndex
from engine.indexing import embedding, events, watching
from engine.indexing.adding import AddReport, add_files
from engine.indexing.embedding import EmbedReport
from engine.indexing.watching import watch
from engine.inference.client import ModelProcess
from engine.library.library import Library

Add = Callable[..., AddReport]
Ids = Callable[[], dict[str, int]]
Indexes = dict[str, VectorIndex]
Make = Callable[..., Path]
Reports = list[AddReport | EmbedReport]
Script = Iterator[Callable[[], object]]
Play = Callable[[Script], Reports]
QUIET = 0.1


class GoingOn(threading.Event):
    """A stop that goes on with a test whenever nothing is left to do, and is set at its end.

    The test is a generator of conditions; after each it goes on when that has come true.
    """

    def __init__(self, script: Script) -> None:
        super().__init__()
        self._script = script
        self._condition: Callable[[], object] = lambda: True
        self._end = monotonic() + 30

    def wait(self, timeout: float | None = None) -> bool:
        super().wait(timeout)
        assert monotonic() < self._end, "it did not come to pass"
        if self._condition():
            condition = next(self._script, None)
            if condition is None:
                self.set()
            else:
                self._condition = condition
        return self.is_set()


@pytest.fixture
def play(library: Library, models: ModelProcess, indexes: Indexes) -> Play:
    """Watches while a test goes on; hands out all reports."""

    def play(script: Script) -> Reports:
        return list(watch(library, models, indexes, GoingOn(script), QUIET))

    return play


@pytest.fixture
def ten(album: Path, make_photo: Make, add: Add) -> list[Path]:
    """The photos of a folder that is in the library."""
    paths = [make_photo(album / f"{number}.png", number) for number in range(10)]
    add(album)
    return paths


def totals(reports: Reports) -> tuple[int, int, int, int]:
    """Photos added, moved, changed and missing, in all."""
    found = [one for one in reports if isinstance(one, AddReport) and one.finished]
    sums = [(one.added, one.moved, one.changed, one.missing) for one in found]
    added, moved, changed, missing = map(sum, zip(*sums, strict=True))
    return added, moved, changed, missing


def test_what_happens_to_photos_is_followed_and_embedded(
    library: Library,
    album: Path,
    ten: list[Path],
    make_photo: Make,
    play: Play,
    ids: Ids,
    indexes: Indexes,
    tmp_path: Path,
) -> None:
    (index, _) = indexes.values()

    def script() -> Script:
        yield lambda: len(index) == 10
        make_photo(album / "new.png", 20)
        yield lambda: len(index) == 11
        (album / "new.png").rename(album / "renamed.png")
        yield lambda: "renamed.png" in ids()
        assert ids()["renamed.png"] == 11
        make_photo(album / "renamed.png", 21)
        before = library.photos.get([11])[0].mtime_ns
        yield lambda: library.photos.get([11])[0].mtime_ns != before and len(index) == 11
        ten[0].unlink()
        yield lambda: len(ids()) == 10 and len(index) == 10
        make_photo(tmp_path / "elsewhere" / "deep" / "in.png", 22)
        (tmp_path / "elsewhere").rename(album / "in")
        yield lambda: "in.png" in ids() and len(index) == 11
        (album / "in").rename(tmp_path / "out")
        yield lambda: "in.png" not in ids() and len(index) == 10

    assert totals(play(script())) == (2, 1, 1, 2)
    assert library.failures.all() == []


def test_a_tree_copied_in_at_once_is_found_whole(
    album: Path, ten: list[Path], make_photo: Make, play: Play, ids: Ids, tmp_path: Path
) -> None:
    for number in range(60):
        make_photo(tmp_path / "camera" / f"{number // 10}" / "x" / f"c{number}.png", 100 + number)

    def script() -> Script:
        shutil.copytree(tmp_path / "camera", album / "camera")
        yield lambda: len(ids()) == 70
        yield lambda: True

    assert totals(play(script()))[0] == 60


def test_a_photo_is_not_read_before_it_is_written(
    library: Library, album: Path, ten: list[Path], make_photo: Make, play: Play, ids: Ids
) -> None:
    """Neither by its own events nor because its directory was looked through meanwhile."""
    content = make_photo(album.parent / "large.png", 50, (400, 300)).read_bytes()

    def script() -> Script:
        (album / "new").mkdir()
        make_photo(album / "new" / "sub" / "beside.png", 51)
        with (album / "new" / "sub" / "large.png").open("wb", buffering=0) as file:
            for piece in np.array_split(np.frombuffer(content, np.uint8), 12):
                file.write(piece.tobytes())
                assert "large.png" not in ids()
                yield lambda: True
        yield lambda: "large.png" in ids()
        yield lambda: "beside.png" in ids()

    embedded = [one for one in play(script()) if isinstance(one, EmbedReport)]
    assert sum(one.failed for one in embedded) == 0
    assert library.failures.all() == []


def test_two_thousand_files_at_once_are_all_found(
    library: Library, album: Path, make_photo: Make, add: Add, tmp_path: Path
) -> None:
    photo = make_photo(tmp_path / "a.png").read_bytes()
    make_photo(album / "first.png", 1)
    folder = add(album).folder

    def script() -> Script:
        for number in range(2_000):
            path = album / f"{number % 20}" / f"{number}.png"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(photo)
        yield lambda: library.photos.count() == 2_001

    with ModelProcess([]) as nothing:
        list(watch(library, nothing, {}, GoingOn(script()), QUIET))
    assert library.photos.count(folder.id) == 2_001


def test_more_than_a_fifth_deleted_at_once_is_held_back(
    library: Library, album: Path, ten: list[Path], play: Play
) -> None:
    def script() -> Script:
        for path in ten[:3]:
            path.unlink()
        for _ in range(10):
            yield lambda: True

    reports = play(script())
    held_back = [one.held_back for one in reports if isinstance(one, AddReport)]
    assert max(held_back) == 3
    assert library.photos.count() == 10


def test_a_drive_that_goes_and_comes_back_is_noticed_and_watched_again(
    library: Library, album: Path, ten: list[Path], make_photo: Make, play: Play, ids: Ids
) -> None:
    away = album.with_name("unplugged")

    def online() -> bool:
        return library.folders.all()[0].online

    def script() -> Script:
        yield online
        for its_place_stays in (False, True):
            album.rename(away)
            if its_place_stays:
                album.mkdir()
            yield lambda: not online()
            assert library.photos.count() == 10 + its_place_stays
            if its_place_stays:
                album.rmdir()
            away.rename(album)
            yield online
            make_photo(album / f"{its_place_stays}.png", 30 + its_place_stays)
            yield partial(lambda name: name in ids(), f"{its_place_stays}.png")

    reports = play(script())
    assert totals(reports)[3] == 0


def test_a_folder_added_meanwhile_is_watched_and_one_removed_is_not(
    library: Library,
    album: Path,
    ten: list[Path],
    make_photo: Make,
    play: Play,
    add: Add,
    ids: Ids,
    tmp_path: Path,
) -> None:
    make_photo(tmp_path / "second" / "a.png", 40)

    def script() -> Script:
        second = add(tmp_path / "second").folder
        yield lambda: "a.png" in ids()
        yield lambda: True
        make_photo(tmp_path / "second" / "b.png", 41)
        yield lambda: "b.png" in ids()
        library.folders.remove(second.id)
        yield lambda: True
        make_photo(tmp_path / "second" / "c.png", 42)
        make_photo(album / "last.png", 43)
        yield lambda: "last.png" in ids()
        assert not {"a.png", "b.png", "c.png"} & set(ids())

    play(script())


def test_a_library_inside_a_watched_folder_does_not_feed_on_its_own_thumbnails(
    album: Path, make_photo: Make, models: ModelProcess, indexes: Indexes
) -> None:
    for number in range(5):
        make_photo(album / f"{number}.png", number)
    with Library.open(album / "library") as library:
        list(add_files(library, os.fsencode(album)))

        def script() -> Script:
            yield lambda: len(next(iter(indexes.values()))) == 5
            for _ in range(10):
                yield lambda: True

        reports = list(watch(library, models, indexes, GoingOn(script()), QUIET))
        assert library.photos.count() == 5
    assert totals(reports)[0] == 0


def test_lost_events_are_made_up_for(
    library: Library,
    album: Path,
    ten: list[Path],
    make_photo: Make,
    play: Play,
    ids: Ids,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A folder that tells nothing at all is still looked through now and then."""
    monkeypatch.setattr(events, "_is_silent", lambda root: True)
    monkeypatch.setattr(watching, "RESCAN_SECONDS", 0.3)

    def script() -> Script:
        make_photo(album / "unheard.png", 60)
        yield lambda: "unheard.png" in ids()

    assert totals(play(script()))[0] == 1


def test_what_happens_while_photos_are_embedded_is_taken_in_between_two_batches(
    library: Library,
    album: Path,
    make_photo: Make,
    add: Add,
    models: ModelProcess,
    indexes: Indexes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(embedding, "BATCH_SIZE", 1)
    for number in range(400):
        make_photo(album / f"{number:03}.png", number, (12, 9))
    add(album)
    counts = {}
    with closing(watch(library, models, indexes, threading.Event(), 0.01)) as reports:
        for report in reports:
            if isinstance(report, EmbedReport):
                counts[report.done] = library.photos.count()
                if report.done == 1:
                    (album / "399.png").unlink()
                if report.done == report.total or counts[report.done] == 399:
                    break
    assert counts[1] == 400
    assert counts[max(counts)] == 399
    assert max(counts) < 399


def test_a_stop_is_heard_between_two_batches_and_loses_nothing(
    library: Library,
    album: Path,
    make_photo: Make,
    add: Add,
    models: ModelProcess,
    indexes: Indexes,
) -> None:
    for number in range(70):
        make_photo(album / f"{number}.png", number, (12, 9))
    add(album)
    stop = threading.Event()
    seen = []
    for report in watch(library, models, indexes, stop, QUIET):
        seen.append(report)
        if isinstance(report, EmbedReport) and report.done:
            stop.set()
    assert isinstance(seen[-1], EmbedReport)
    assert seen[-1].done == 32
    for key, index in indexes.items():
        assert len(open_index(library, key, index.dimension)) == 32


def test_a_stop_is_heard_at_once_while_nothing_happens(
    library: Library, album: Path, ten: list[Path], models: ModelProcess
) -> None:
    stop = threading.Event()
    timer = threading.Timer(0.3, stop.set)
    timer.start()
    begun = monotonic()
    reports: Iterable[object] = watch(library, models, {}, stop, quiet_seconds=60)
    assert list(reports)
    assert monotonic() - begun < 2
    timer.join()
