import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from engine.images.thumbnails import save_thumbnail
from engine.paths import LibraryPaths
from gui.photos.thumbnail_loader import MOST_WISHES, ThumbnailLoader
from gui.photos.thumbnail_reading import ThumbnailReader
from tests.gui.photos.results import fill_library

MakePhoto = Callable[..., Path]
BYTES_A_PIXMAP = 64 * 48 * 4


@pytest.fixture
def album(tmp_path: Path, make_photo: MakePhoto) -> Path:
    for number in range(6):
        make_photo(tmp_path / "album" / f"{number}.png", number)
    return tmp_path / "album"


@pytest.fixture
def ids(tmp_path: Path, album: Path) -> list[int]:
    return fill_library(tmp_path / "library", album)


@pytest.fixture
def loader(qtbot: QtBot, tmp_path: Path) -> Iterator[ThumbnailLoader]:
    loader = ThumbnailLoader(tmp_path / "library", cache_bytes=4 * BYTES_A_PIXMAP)
    yield loader
    loader.close()


def test_a_wished_thumbnail_arrives_in_the_thread_of_the_window(
    loader: ThumbnailLoader, ids: list[int], qtbot: QtBot
) -> None:
    threads: list[QThread] = []
    loader.ready.connect(lambda photo_id: threads.append(QThread.currentThread()))
    assert loader.pixmap(ids[0]) is None
    with qtbot.waitSignal(loader.ready) as arrived:
        loader.request(ids[0])
    assert arrived.args == [ids[0]]
    pixmap = loader.pixmap(ids[0])
    assert pixmap is not None
    assert (pixmap.width(), pixmap.height()) == (64, 48)
    assert threads == [loader.thread()]


def test_wishes_without_an_end_do_not_hold_up_the_newest(
    loader: ThumbnailLoader, ids: list[int], qtbot: QtBot
) -> None:
    for photo_id in range(10**6, 10**6 + 10_000):
        loader.request(photo_id)
    loader._send_wishes()
    with qtbot.waitSignal(loader.ready):
        loader.request(ids[0])
    qtbot.waitUntil(lambda: len(loader._given_up) == MOST_WISHES)


def test_no_more_pixmaps_are_kept_than_the_memory_allows(
    loader: ThumbnailLoader, ids: list[int], qtbot: QtBot
) -> None:
    for photo_id in ids:
        with qtbot.waitSignal(loader.ready):
            loader.request(photo_id)
        loader.pixmap(ids[0])  # so it is not the one used longest ago
    kept = [photo_id for photo_id in ids if loader.pixmap(photo_id) is not None]
    assert kept == [ids[0], *ids[-3:]]


def test_a_photo_that_is_gone_is_told_once(
    loader: ThumbnailLoader, ids: list[int], album: Path, qtbot: QtBot
) -> None:
    (album / "0.png").unlink()
    with qtbot.waitSignal(loader.vanished) as told:
        loader.request(ids[0])
    assert told.args == [ids[0]]
    assert loader.failure(ids[0]) == ""
    with qtbot.assertNotEmitted(loader.vanished), qtbot.waitSignal(loader.ready):
        loader.request(ids[0])
        loader.request(ids[1])


def test_a_photo_that_cannot_be_read_gives_its_reason_until_it_is_forgotten(
    loader: ThumbnailLoader, ids: list[int], album: Path, qtbot: QtBot
) -> None:
    whole = (album / "0.png").read_bytes()
    (album / "0.png").write_bytes(whole[:50])
    with qtbot.waitSignal(loader.failed) as told:
        loader.request(ids[0])
    assert told.args is not None
    assert told.args[0] == ids[0]
    assert loader.failure(ids[0]) == told.args[1] != ""
    (album / "0.png").write_bytes(whole)
    loader.forget([ids[0]])
    assert loader.failure(ids[0]) is None
    with qtbot.waitSignal(loader.ready):
        loader.request(ids[0])


def test_a_photo_off_line_is_shown_while_its_thumbnail_is_there(
    loader: ThumbnailLoader, ids: list[int], album: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(loader.ready):
        loader.request(ids[0])
    shutil.rmtree(album)
    loader.forget([ids[0]])
    with qtbot.waitSignal(loader.ready):
        loader.request(ids[0])
    with qtbot.waitSignal(loader.failed):
        loader.request(ids[1])


def test_a_changed_photo_is_looked_at_anew(
    loader: ThumbnailLoader, ids: list[int], make_photo: MakePhoto, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(loader.ready):
        loader.request(ids[0])
    small = make_photo(tmp_path / "small.jpg", size=(20, 10))
    thumbnails = LibraryPaths(tmp_path / "library").thumbnails
    save_thumbnail(thumbnails, ids[0], small.read_bytes())
    loader.forget(ids)
    assert loader.pixmap(ids[0]) is None
    with qtbot.waitSignal(loader.ready):
        loader.request(ids[0])
    pixmap = loader.pixmap(ids[0])
    assert pixmap is not None
    assert pixmap.width() == 20


def test_what_was_in_hand_while_the_photo_changed_is_read_again(
    loader: ThumbnailLoader, ids: list[int], qtbot: QtBot
) -> None:
    loader.request(ids[0])
    loader._send_wishes()
    qtbot.waitUntil(lambda: bool(loader._arrivals._answers))
    loader.forget([ids[0]])
    loader._receive()
    assert loader.pixmap(ids[0]) is None
    with qtbot.waitSignal(loader.ready):
        pass


def test_a_mistake_of_ours_is_told_and_the_next_thumbnail_comes(
    loader: ThumbnailLoader,
    ids: list[int],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[type[BaseException]] = []
    monkeypatch.setattr("threading.excepthook", lambda args: told.append(args.exc_type))
    monkeypatch.setattr(ThumbnailReader, "_saved", lambda reader, photo_id: 1 // (photo_id - 1))
    with qtbot.waitSignal(loader.failed):
        loader.request(1)
    monkeypatch.undo()
    assert told == [ZeroDivisionError]
    with qtbot.waitSignal(loader.ready):
        loader.request(ids[1])


def test_closing_leaves_no_thread_and_nothing_arrives_any_more(
    loader: ThumbnailLoader, ids: list[int], qtbot: QtBot
) -> None:
    for photo_id in ids:
        loader.request(photo_id)
    loader._send_wishes()
    loader.close()
    assert not any(thread.is_alive() for thread in loader._threads)
    with qtbot.assertNotEmitted(loader.ready, wait=50):
        pass


def test_a_photo_with_a_name_that_is_no_utf8_is_shown(
    tmp_path: Path, make_photo: MakePhoto, qtbot: QtBot
) -> None:
    path = make_photo(tmp_path / "odd" / "photo.png")
    os.rename(path, os.fsencode(path.parent) + b"/\xff.png")
    [photo_id] = fill_library(tmp_path / "other", tmp_path / "odd")
    loader = ThumbnailLoader(tmp_path / "other")
    with qtbot.waitSignal(loader.ready):
        loader.request(photo_id)
    loader.close()


def test_all_that_failed_is_tried_again_when_files_may_be_back(
    loader: ThumbnailLoader, ids: list[int], album: Path, qtbot: QtBot
) -> None:
    away = album.rename(album.with_name("away"))
    with qtbot.waitSignal(loader.failed):
        loader.request(ids[0])
    away.rename(album)
    with qtbot.waitSignal(loader.ready):
        loader.request(ids[1])
    assert loader.failure(ids[0])
    loader.forget_failures()
    assert loader.pixmap(ids[1]) is not None
    with qtbot.waitSignal(loader.ready):
        loader.request(ids[0])
