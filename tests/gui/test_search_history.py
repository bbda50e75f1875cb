import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QLineEdit
from pytestqt.qtbot import QtBot

from gui.search_history import HISTORY_LENGTH, HistoryCompleter, SearchHistory

TEXTS = ["biển lúc hoàng hôn", "một con chó", "Chợ nổi Cái Răng"]


def remembered(*texts: str) -> SearchHistory:
    history = SearchHistory()
    for text in reversed(texts):
        history.remember(text)
    return history


def test_the_latest_search_is_first_and_nothing_is_there_twice() -> None:
    history = remembered("a", "b", "c")
    history.remember(" b ")
    assert history.texts == ["b", "a", "c"]


def test_a_search_without_a_visible_character_is_not_remembered() -> None:
    assert remembered("", "  ").texts == []


def test_only_so_many_are_remembered() -> None:
    history = SearchHistory()
    for number in range(HISTORY_LENGTH + 5):
        history.remember(str(number))
    assert len(history.texts) == HISTORY_LENGTH
    assert history.texts[0] == str(HISTORY_LENGTH + 4)


def test_a_text_that_was_paused_on_is_replaced_by_what_it_became() -> None:
    history = remembered("cũ")
    history.remember("một con", rested=True)
    history.remember("một con chó", rested=True)
    history.remember("một con chó nâu")
    assert history.texts == ["một con chó nâu", "cũ"]


def test_a_text_that_was_asked_for_stays_when_it_is_typed_on() -> None:
    history = remembered("biển")
    history.remember("biển xanh")
    assert history.texts == ["biển xanh", "biển"]


def test_another_text_leaves_the_one_that_was_paused_on() -> None:
    history = SearchHistory()
    history.remember("núi", rested=True)
    history.remember("biển")
    assert history.texts == ["biển", "núi"]


@pytest.mark.parametrize("typed", ["hoàng hôn", "hoang hon", "HOÀNG", " lúc "])
def test_any_part_matches_whatever_its_case_and_marks(typed: str) -> None:
    assert remembered(*TEXTS).matching(typed) == TEXTS[:1]


def test_the_stroke_of_the_d_does_not_matter() -> None:
    assert remembered("đi chợ").matching("di cho") == ["đi chợ"]


def test_nothing_typed_matches_all_and_so_does_one_of_them() -> None:
    assert remembered(*TEXTS).matching("") == TEXTS
    assert remembered(*TEXTS).matching("một con chó") == TEXTS


def test_what_was_forgotten_matches_no_more() -> None:
    history = remembered(*TEXTS)
    history.forget("một con chó")
    assert history.matching("con chó") == []


@pytest.fixture
def line(qtbot: QtBot) -> QLineEdit:
    line = QLineEdit()
    qtbot.addWidget(line)
    line.resize(400, 40)
    line.show()
    line.setFocus()
    return line


@pytest.fixture
def completer(line: QLineEdit) -> HistoryCompleter:
    completer = HistoryCompleter(line)
    completer.show_texts(TEXTS, line.rect())
    return completer


def opened(completer: HistoryCompleter) -> QAbstractItemView:
    popup = completer.popup()
    assert popup is not None
    return popup


def shown(completer: HistoryCompleter) -> list[str]:
    model = opened(completer).model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_the_list_shows_the_texts_and_enter_takes_the_first(
    qtbot: QtBot, completer: HistoryCompleter
) -> None:
    assert completer.is_open
    assert shown(completer) == TEXTS
    with qtbot.waitSignal(completer.taken) as taken:
        QTest.keyClick(opened(completer), Qt.Key.Key_Return)
    assert taken.args == [TEXTS[0]]
    assert not completer.is_open


def test_the_arrow_keys_go_through_the_list(qtbot: QtBot, completer: HistoryCompleter) -> None:
    with qtbot.waitSignal(completer.taken) as taken:
        QTest.keyClick(opened(completer), Qt.Key.Key_Down)
        QTest.keyClick(opened(completer), Qt.Key.Key_Return)
    assert taken.args == [TEXTS[1]]


def test_delete_forgets_the_text_that_is_chosen(qtbot: QtBot, completer: HistoryCompleter) -> None:
    with qtbot.waitSignal(completer.forgotten) as forgotten:
        QTest.keyClick(opened(completer), Qt.Key.Key_Delete)
    assert forgotten.args == [TEXTS[0]]
    assert shown(completer) == TEXTS[1:]


def test_the_list_closes_with_the_last_text(qtbot: QtBot, completer: HistoryCompleter) -> None:
    for _ in TEXTS:
        QTest.keyClick(opened(completer), Qt.Key.Key_Delete)
    assert not completer.is_open


def test_a_click_on_the_cross_forgets_and_takes_nothing(
    qtbot: QtBot, completer: HistoryCompleter
) -> None:
    popup = opened(completer)
    row = popup.visualRect(popup.model().index(1, 0))
    cross = row.center()
    cross.setX(row.right() - 20)
    taken: list[str] = []
    completer.taken.connect(taken.append)
    with qtbot.waitSignal(completer.forgotten) as forgotten:
        QTest.mouseClick(popup.viewport(), Qt.MouseButton.LeftButton, pos=cross)
    assert forgotten.args == [TEXTS[1]]
    assert taken == []


def test_a_click_on_a_text_takes_it(qtbot: QtBot, completer: HistoryCompleter) -> None:
    popup = opened(completer)
    row = popup.visualRect(popup.model().index(2, 0))
    with qtbot.waitSignal(completer.taken) as taken:
        QTest.mouseClick(popup.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    assert taken.args == [TEXTS[2]]


def test_nothing_is_shown_where_nothing_matches(line: QLineEdit) -> None:
    completer = HistoryCompleter(line)
    completer.show_texts([], QRect())
    assert not completer.is_open


def test_a_pasted_search_takes_one_line() -> None:
    history = remembered("một\n\tcon  chó")
    assert history.texts == ["một con chó"]
    assert history.matching("một\ncon chó") == history.texts


def test_a_search_is_completed_from_the_latest_that_begins_like_it() -> None:
    history = SearchHistory()
    for text in ("một con chó đen", "một con chó", "Một con mèo"):
        history.remember(text)
    assert history.beginning_with("một c") == "Một con mèo"
    assert history.beginning_with("một con ch") == "một con chó"
    assert history.beginning_with("một con chó") == "một con chó đen"
    assert history.beginning_with("m") == ""
    assert history.beginning_with("con chó") == ""
