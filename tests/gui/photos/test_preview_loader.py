import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.library.photo import Photo
from gui.photos.preview import Preview
from gui.photos.preview_loader import PreviewLoader
from tests.gui.photos.rows import row_of

MakePhoto = Callable[..., Path]
SIZE = (640, 480)


@pytest.fixture
def loader(qtbot: QtBot) -> Iterator[PreviewLoader]:
    loader = PreviewLoader()
    yield loader
    loader.close()


@pytest.fixture
def photos(tmp_path: Path, make_photo: MakePhoto) -> list[Photo]:
    paths = [make_photo(tmp_path / f"Ảnh {number}.jpg", number, SIZE) for number in range(4)]
    return [row_of(path, number) for number, path in enumerate(paths, start=1)]


def _read(qtbot: QtBot, loader: PreviewLoader, photo: Photo, at_least: int) -> Preview:
    with qtbot.waitSignal(loader.ready) as waiting:
        loader.request(photo, at_least)
    preview = waiting.args[0]
    assert isinstance(preview, Preview)
    return preview


def test_a_requested_photo_arrives(
    qtbot: QtBot, loader: PreviewLoader, photos: list[Photo]
) -> None:
    preview = _read(qtbot, loader, photos[0], 100)
    assert preview.photo_id == 1
    assert preview.levels[0].size().toTuple() == (160, 120)


def test_what_is_kept_is_not_read_again(
    qtbot: QtBot, loader: PreviewLoader, photos: list[Photo]
) -> None:
    first = _read(qtbot, loader, photos[0], 100)
    os.unlink(photos[0].path)
    assert _read(qtbot, loader, photos[0], 120) is first


def test_more_pixels_than_are_kept_are_read(
    qtbot: QtBot, loader: PreviewLoader, photos: list[Photo]
) -> None:
    _read(qtbot, loader, photos[0], 100)
    assert _read(qtbot, loader, photos[0], 10_000).is_full


def test_a_file_that_has_changed_is_read_again(
    qtbot: QtBot, loader: PreviewLoader, photos: list[Photo], make_photo: MakePhoto
) -> None:
    first = _read(qtbot, loader, photos[0], 100)
    path = make_photo(Path(os.fsdecode(photos[0].path)), 9, (320, 240))
    os.utime(path, ns=(1, 1))
    changed = _read(qtbot, loader, row_of(path, 1), 100)
    assert (first.width, changed.width) == (640, 320)


def test_a_file_that_cannot_be_read_is_told_with_its_reason(
    qtbot: QtBot, loader: PreviewLoader, tmp_path: Path
) -> None:
    with qtbot.waitSignal(loader.failed) as waiting:
        loader.request(row_of(tmp_path / "gone.jpg", 7), 100)
    assert waiting.args == [7, "The file is no longer there."]


def test_the_newest_wish_is_granted_before_older_ones(
    qtbot: QtBot, loader: PreviewLoader, photos: list[Photo], tmp_path: Path, make_photo: MakePhoto
) -> None:
    slow = row_of(make_photo(tmp_path / "slow.png", 1, (3000, 2000)), 99)
    arrived: list[int] = []
    loader.ready.connect(lambda preview: arrived.append(preview.photo_id))
    loader.request(slow, 100)
    qtbot.waitUntil(lambda: not loader._wishes)  # it is being read, and the others queue up
    loader.request(photos[0], 100)
    loader.prefetch(photos[1], 100)
    loader.request(photos[2], 100)
    qtbot.waitUntil(lambda: len(arrived) == 4)
    assert arrived == [99, 3, 1, 2]


def test_wishes_that_many_newer_ones_followed_are_dropped(
    qtbot: QtBot, loader: PreviewLoader, tmp_path: Path, make_photo: MakePhoto
) -> None:
    slow = row_of(make_photo(tmp_path / "slow.png", 1, (3000, 2000)), 99)
    small = make_photo(tmp_path / "small.png")
    arrived: list[int] = []
    loader.ready.connect(lambda preview: arrived.append(preview.photo_id))
    loader.request(slow, 100)
    qtbot.waitUntil(lambda: not loader._wishes)
    for photo_id in range(20):
        loader.request(row_of(small, photo_id), 100)
    qtbot.waitUntil(lambda: 14 in arrived)
    assert arrived == [99, 19, 18, 17, 16, 15, 14]


def test_two_wishes_for_a_photo_are_one_for_the_larger(
    qtbot: QtBot, loader: PreviewLoader, photos: list[Photo], tmp_path: Path, make_photo: MakePhoto
) -> None:
    slow = row_of(make_photo(tmp_path / "slow.png", 1, (3000, 2000)), 99)
    loader.request(slow, 100)
    qtbot.waitUntil(lambda: not loader._wishes)
    loader.request(photos[0], 400)
    with qtbot.waitSignal(loader.ready, check_params_cb=lambda preview: preview.photo_id == 1) as w:
        loader.request(photos[0], 100)
    assert w.args[0].has(400)


def test_no_more_is_kept_than_allowed(qtbot: QtBot, photos: list[Photo]) -> None:
    one = SIZE[0] * SIZE[1] * 4
    loader = PreviewLoader(cache_bytes=2 * one + 1)
    for photo in photos:
        _read(qtbot, loader, photo, 1000)
    kept = [photo.id for photo in photos if loader.kept(photo) is not None]
    loader.close()
    assert kept == [3, 4]


def test_the_last_one_is_kept_however_large_it_is(qtbot: QtBot, photos: list[Photo]) -> None:
    loader = PreviewLoader(cache_bytes=1)
    _read(qtbot, loader, photos[0], 1000)
    kept = loader.kept(photos[0])
    loader.close()
    assert kept is not None


def test_nothing_arrives_after_closing(
    qtbot: QtBot, photos: list[Photo], loader: PreviewLoader
) -> None:
    arrived: list[Preview] = []
    loader.ready.connect(arrived.append)
    loader.request(photos[0], 100)
    loader.close()
    qtbot.waitUntil(lambda: not loader._thread.is_alive())
    qtbot.wait(0)
    assert not arrived


def test_a_mistake_of_the_program_is_raised_in_the_window(
    qtbot: QtBot, loader: PreviewLoader
) -> None:
    with qtbot.captureExceptions() as raised:
        loader.request(replace(row_of(Path("gone")), path=b"no path\0"), 100)
        qtbot.waitUntil(lambda: bool(raised))
    assert raised[0][0] is ValueError
