from pytestqt.qtbot import QtBot

from engine.search.composing import Wish
from gui.main_window import MainWindow
from gui.photos.shown_photo import ShownPhoto


def shown(window: MainWindow) -> ShownPhoto | None:
    return window.photos.panel._shown


def search(qtbot: QtBot, window: MainWindow, wish: Wish) -> None:
    window.photos.browser.set_wish(wish)
    qtbot.waitUntil(
        lambda: (found := window.photos.model.found) is not None and found.wish == wish,
        timeout=10_000,
    )


def test_a_photo_is_shown_without_scores_while_browsing(filled: MainWindow) -> None:
    filled.photos.details.show([3])
    panel = shown(filled)
    assert panel is not None
    assert (panel.photo.id, panel.score, panel.query, panel.online) == (3, None, "", True)


def test_in_results_it_has_its_place_and_what_each_encoder_says(
    qtbot: QtBot, filled: MainWindow
) -> None:
    search(qtbot, filled, Wish("một con chó"))
    found = filled.photos.model.found
    assert found is not None
    second = int(found.ranking.ids[1])
    filled.photos.details.show([second])
    panel = shown(filled)
    assert panel is not None
    assert (panel.position, panel.total, panel.query) == (2, 10, "một con chó")
    assert panel.cosines is not None
    assert panel.ranks is not None
    assert all(rank is not None and 1 <= rank <= 10 for rank in panel.ranks)
    assert panel.parts is not None
    assert abs(sum(panel.parts) - float(found.ranking.scores[1])) < 1e-5


def test_the_right_photo_is_marked_for_the_query_as_typed(qtbot: QtBot, filled: MainWindow) -> None:
    search(qtbot, filled, Wish("  một  con chó "))
    filled.photos.details.show([5])
    filled.photos.panel.relevance_marked.emit(5, True)
    assert filled.photos.marks.is_relevant("một con chó", 5)
    panel = shown(filled)
    assert panel is not None
    assert panel.marked


def test_a_picture_gives_no_query_to_be_right_for(qtbot: QtBot, filled: MainWindow) -> None:
    search(qtbot, filled, Wish(picture=2))
    filled.photos.details.show([5])
    filled.photos.panel.relevance_marked.emit(5, True)
    panel = shown(filled)
    assert panel is not None
    assert panel.query == ""
    assert not filled.photos.marks.is_relevant("", 5)


def test_a_favourite_shows_at_once(filled: MainWindow) -> None:
    filled.photos.details.show([4])
    filled.photos.panel.favourite_marked.emit(4, True)
    panel = shown(filled)
    assert panel is not None
    assert panel.favourite
    assert filled.photos.marks.favourites == {4}


def test_several_photos_are_summed_up(qtbot: QtBot, filled: MainWindow) -> None:
    told: list[tuple[int, int]] = []
    filled.photos.panel.show_many = lambda *numbers: told.append(numbers)  # type: ignore[method-assign]
    filled.photos.details.show([1, 2, 3])
    qtbot.waitUntil(lambda: bool(told), timeout=10_000)
    assert told == [(3, sum(photo.size for photo in filled.session.photos([1, 2, 3])))]


def test_nothing_selected_shows_nothing(filled: MainWindow) -> None:
    filled.photos.details.show([4])
    filled.photos.details.show([])
    assert shown(filled) is None
