import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.search.composing import Wish
from gui.main_window import MainWindow
from gui.searching import Restriction


def shown(window: MainWindow) -> list[str]:
    """File names of the photos of the grid, in order."""
    model = window.photos.model
    ids = model.ids_between(0, model.rowCount() - 1)
    return [os.path.basename(photo.shown_path) for photo in window.session.photos(ids)]


@pytest.fixture
def dated(album: Path) -> Path:
    """The album; the file of the highest number is the oldest."""
    for number in range(10):
        os.utime(album / f"{number}.png", (1e9 - number, 1e9 - number))
    return album


def test_photos_are_browsed_newest_first(qtbot: QtBot, dated: Path, filled: MainWindow) -> None:
    filled.photos.browser.refresh()
    newest_first = [f"{number}.png" for number in range(10)]
    qtbot.waitUntil(lambda: shown(filled) == newest_first, timeout=10_000)


def test_new_photos_come_before_all_others_at_once(
    qtbot: QtBot, dated: Path, filled: MainWindow, make_photo: Callable[..., Path]
) -> None:
    new = make_photo(dated / "new.png", 40)
    os.utime(new, (5e8, 5e8))
    qtbot.waitUntil(lambda: shown(filled)[0] == "new.png", timeout=20_000)
    assert len(shown(filled)) == 11


def test_a_place_shows_its_own_photos_and_follows_them(
    qtbot: QtBot, filled: MainWindow, album: Path, make_photo: Callable[..., Path]
) -> None:
    other = make_photo(album.with_name("other") / "x.png", 50)
    with qtbot.waitSignal(filled.session.queue_emptied, timeout=30_000):
        filled.session.add([os.fsencode(other.parent)])
    filled.photos.restrict(Restriction(folder=os.fsencode(other.parent)))
    qtbot.waitUntil(lambda: shown(filled) == ["x.png"], timeout=10_000)
    make_photo(other.parent / "y.png", 51)
    qtbot.waitUntil(lambda: sorted(shown(filled)) == ["x.png", "y.png"], timeout=20_000)
    filled.photos.restrict(Restriction())
    qtbot.waitUntil(lambda: len(shown(filled)) == 12, timeout=10_000)


def test_a_deleted_photo_leaves_the_grid(qtbot: QtBot, filled: MainWindow, album: Path) -> None:
    (album / "4.png").unlink()
    qtbot.waitUntil(
        lambda: "4.png" not in shown(filled) and len(shown(filled)) == 9, timeout=20_000
    )


def test_a_wish_shows_results_and_an_empty_one_all_photos_again(
    qtbot: QtBot, filled: MainWindow
) -> None:
    browser, model = filled.photos.browser, filled.photos.model
    browser.set_wish(Wish("một con chó"))
    qtbot.waitUntil(lambda: model.found is not None, timeout=10_000)
    browser.set_wish(Wish())
    qtbot.waitUntil(lambda: model.found is None and model.rowCount() == 10, timeout=10_000)


def test_results_follow_photos_that_are_embedded_meanwhile(
    qtbot: QtBot, filled: MainWindow, album: Path, make_photo: Callable[..., Path]
) -> None:
    model = filled.photos.model
    filled.photos.browser.set_wish(Wish("một con chó"))
    qtbot.waitUntil(lambda: model.found is not None, timeout=10_000)
    make_photo(album / "new.png", 60)

    def ranked() -> int:
        return len(model.found.ranking.ids) if model.found else 0

    qtbot.waitUntil(lambda: ranked() == 11, timeout=30_000)


def test_results_can_be_sorted_by_date(qtbot: QtBot, dated: Path, filled: MainWindow) -> None:
    filled.photos.fusion_bar.set_order("date")
    filled.photos.browser.set_wish(Wish("một con chó"))
    qtbot.waitUntil(lambda: filled.photos.model.found is not None, timeout=10_000)
    names = shown(filled)
    assert names == sorted(names)
    assert names


def test_the_summary_tells_how_many_there_are(qtbot: QtBot, filled: MainWindow) -> None:
    said: list[str] = []
    filled.photos.browser.summary_changed.connect(said.append)
    filled.photos.browser.refresh()
    qtbot.waitUntil(lambda: bool(said), timeout=10_000)
    assert said[-1].startswith("10 photo")
    filled.photos.browser.set_wish(Wish("một con chó"))
    qtbot.waitUntil(lambda: "10 photos" in said[-1] and "ms" in said[-1], timeout=10_000)


def test_photos_of_a_folder_out_of_reach_are_marked_so(
    qtbot: QtBot, filled: MainWindow, album: Path
) -> None:
    from gui.photos.roles import Role

    model = filled.photos.model
    filled.photos.browser.show_offline([os.fsencode(album)])
    qtbot.waitUntil(lambda: bool(model.data(model.index(0, 0), Role.OFFLINE)), timeout=10_000)
    filled.photos.browser.show_offline([])
    assert not model.data(model.index(0, 0), Role.OFFLINE)


def test_photos_that_come_while_the_others_are_read_are_shown(
    qtbot: QtBot, filled: MainWindow
) -> None:
    """What was read before they came does not know of them."""
    browser, model = filled.photos.browser, filled.photos.model
    said: list[str] = []
    browser.summary_changed.connect(said.append)
    browser._list()
    filled.session.photos_added.emit([77])
    with qtbot.waitSignal(browser.shown):
        pass
    assert model.ids_between(0, model.rowCount() - 1)[0] == 77
    assert said[-1].startswith("11 photo")
    browser._list()
    filled.session.photos_added.emit([5])
    with qtbot.waitSignal(browser.shown):
        pass
    assert said[-1].startswith("10 photo")


def test_photos_of_a_folder_that_is_back_meanwhile_are_not_marked(
    qtbot: QtBot, filled: MainWindow, album: Path
) -> None:
    from gui.photos.roles import Role

    model, session = filled.photos.model, filled.session
    filled.photos.browser.show_offline([os.fsencode(album)])
    filled.photos.browser.show_offline([])
    read: list[int] = []
    session.read(lambda library: 1, read.append)
    qtbot.waitUntil(lambda: bool(read), timeout=10_000)
    assert not model.data(model.index(0, 0), Role.OFFLINE)
