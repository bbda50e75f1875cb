import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.search.composing import Wish
from engine.search.wording import Wording
from gui.search_bar import SearchBar
from gui.search_help import SearchHelp
from gui.tasks import TaskRunner
from tests.gui.search_bars import (
    LEFT,
    Heard,
    history_list,
    open_bar,
    resting,
    type_letters,
)


@pytest.fixture
def bar(qtbot: QtBot, tasks: TaskRunner) -> SearchBar:
    return open_bar(qtbot, tasks)


@pytest.fixture
def heard(bar: SearchBar) -> Heard:
    return Heard(bar)


def test_typing_is_told_once_it_rests(qtbot: QtBot, bar: SearchBar, heard: Heard) -> None:
    QTest.keyClicks(bar.line, "con cho")
    assert heard.wishes == []
    qtbot.waitUntil(lambda: heard.wishes == [Wish("con cho")])


def test_letters_that_a_keyboard_driver_corrects_are_not_searched(
    qtbot: QtBot, bar: SearchBar, heard: Heard
) -> None:
    QTest.keyClicks(bar.line, "bie")
    for correction in ("ê", "ể"):  # as Unikey does: erase, then type the other letter
        QTest.keyClick(bar.line, Qt.Key.Key_Backspace)
        type_letters(bar, correction)
    QTest.keyClicks(bar.line, "n")
    qtbot.waitUntil(lambda: heard.wishes != [])
    assert heard.wishes == [Wish("biển")]


def test_a_first_letter_that_is_corrected_does_not_clear_the_search(
    qtbot: QtBot, bar: SearchBar, heard: Heard
) -> None:
    bar.set_wish(Wish("a"))
    QTest.keyClick(bar.line, Qt.Key.Key_Backspace)
    type_letters(bar, "â")
    qtbot.waitUntil(lambda: heard.wishes == [Wish("a"), Wish("â")])
    assert heard.cleared == 0


def test_enter_searches_at_once_and_again(qtbot: QtBot, bar: SearchBar, heard: Heard) -> None:
    type_letters(bar, "chó")
    QTest.keyClick(bar.line, Qt.Key.Key_Return)
    assert heard.wishes == [Wish("chó")]
    QTest.keyClick(bar.line, Qt.Key.Key_Return)
    assert heard.wishes == [Wish("chó")] * 2
    resting(qtbot)
    assert len(heard.wishes) == 2


def test_a_text_that_comes_back_is_not_searched_again(
    qtbot: QtBot, bar: SearchBar, heard: Heard
) -> None:
    bar.set_wish(Wish("chó"))
    QTest.keyClicks(bar.line, "n")
    QTest.keyClick(bar.line, Qt.Key.Key_Backspace)
    resting(qtbot)
    assert heard.wishes == [Wish("chó")]


def test_an_erased_text_clears(qtbot: QtBot, bar: SearchBar, heard: Heard) -> None:
    bar.set_wish(Wish("c"))
    QTest.keyClick(bar.line, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: heard.cleared == 1)


def test_blanks_are_nothing_to_search_for(qtbot: QtBot, bar: SearchBar, heard: Heard) -> None:
    QTest.keyClicks(bar.line, "   ")
    QTest.keyClick(bar.line, Qt.Key.Key_Return)
    resting(qtbot)
    assert (heard.wishes, heard.cleared, bar.history) == ([], 0, [])


def test_enter_on_an_emptied_line_clears(qtbot: QtBot, bar: SearchBar, heard: Heard) -> None:
    bar.set_wish(Wish("chó"))
    bar.line.selectAll()
    QTest.keyClick(bar.line, Qt.Key.Key_Delete)
    QTest.keyClick(bar.line, Qt.Key.Key_Return)
    assert heard.cleared == 1


def test_the_clear_button_is_there_when_there_is_something_to_clear(
    qtbot: QtBot, bar: SearchBar, heard: Heard
) -> None:
    button = bar.field.clear_button
    assert not button.isVisible()
    bar.set_wish(Wish("chó", 7))
    QTest.mouseClick(button, LEFT)
    assert bar.wish == Wish()
    assert heard.cleared == 1
    assert not button.isVisible()
    assert bar.line.hasFocus()


def test_escape_clears_first_and_then_tells(qtbot: QtBot, bar: SearchBar, heard: Heard) -> None:
    bar.set_wish(Wish("chó"))
    QTest.keyClick(bar.line, Qt.Key.Key_Escape)
    assert (bar.wish, heard.cleared, heard.escaped) == (Wish(), 1, 0)
    QTest.keyClick(bar.line, Qt.Key.Key_Escape)
    assert (heard.cleared, heard.escaped) == (1, 1)


def test_escape_reaches_the_bar_before_a_shortcut_of_the_window(
    qtbot: QtBot, bar: SearchBar, heard: Heard
) -> None:
    shortcut = QShortcut(QKeySequence("Esc"), bar)
    shortcut.activated.connect(lambda: pytest.fail("the window took it"))
    QTest.keyClick(bar.line, Qt.Key.Key_Escape)
    assert heard.escaped == 1


def test_escape_closes_the_history_first(qtbot: QtBot, bar: SearchBar) -> None:
    bar.set_history(["chó nâu"])
    bar.set_wish(Wish("chó"))
    QTest.keyClick(bar.line, Qt.Key.Key_Down)
    assert history_list(bar).isVisible()
    QTest.keyClick(history_list(bar), Qt.Key.Key_Escape)
    assert not history_list(bar).isVisible()
    assert bar.wish == Wish("chó")


def test_a_search_from_the_history_is_searched_at_once(
    qtbot: QtBot, bar: SearchBar, heard: Heard
) -> None:
    bar.set_history(["biển", "chó nâu", "chó đen"])
    QTest.keyClicks(bar.line, "cho")
    QTest.keyClick(bar.line, Qt.Key.Key_Down)
    QTest.keyClick(history_list(bar), Qt.Key.Key_Down)
    QTest.keyClick(history_list(bar), Qt.Key.Key_Return)
    assert heard.wishes == [Wish("chó đen")]
    assert bar.history == ["chó đen", "biển", "chó nâu"]


def test_the_open_history_follows_what_is_typed(qtbot: QtBot, bar: SearchBar) -> None:
    bar.set_history(["biển", "chó nâu", "chó đen"])
    QTest.keyClick(bar.line, Qt.Key.Key_Down)
    QTest.keyClicks(history_list(bar), "cho d")
    model = history_list(bar).model()
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["chó đen"]
    assert bar.line.text() == "cho d"


def test_a_forgotten_search_is_told(qtbot: QtBot, bar: SearchBar) -> None:
    bar.set_history(["biển", "chó nâu"])
    QTest.keyClick(bar.line, Qt.Key.Key_Down)
    with qtbot.waitSignal(bar.history_changed) as changed:
        QTest.keyClick(history_list(bar), Qt.Key.Key_Delete)
    assert changed.args == [["chó nâu"]]


def test_a_search_that_rested_is_remembered(qtbot: QtBot, bar: SearchBar) -> None:
    with qtbot.waitSignal(bar.history_changed, timeout=10_000) as changed:
        QTest.keyClicks(bar.line, "con cho")
    assert changed.args == [["con cho"]]


def test_a_history_of_earlier_sessions_keeps_its_order(bar: SearchBar) -> None:
    bar.set_history(["a", "b", "c"])
    assert bar.history == ["a", "b", "c"]


def test_a_long_search_shows_that_it_is_busy(qtbot: QtBot, bar: SearchBar) -> None:
    still = bar.field.glass.grab().toImage()
    bar.show_busy(True)
    assert bar.field.glass.grab().toImage() == still  # most answers come sooner than this shows
    qtbot.waitUntil(lambda: bar.field.glass.grab().toImage() != still)
    bar.show_busy(False)
    assert bar.field.glass.grab().toImage() == still


def test_the_help_tells_of_words_to_avoid(qtbot: QtBot, bar: SearchBar) -> None:
    QTest.mouseClick(bar.field.help_button, LEFT)
    sheet = bar.findChild(SearchHelp)
    assert sheet is not None
    assert sheet.isVisible()
    with qtbot.waitSignal(sheet.destroyed):
        sheet.close()


def test_everything_has_a_name_and_can_be_reached_by_tab(qtbot: QtBot, bar: SearchBar) -> None:
    bar.set_wish(Wish("chó", 7))
    field = bar.field
    reached = [bar.line]
    for widget in (field.clear_button, field.help_button, bar.chip.remove_button):
        assert widget.accessibleName()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert reached[0].accessibleName()


def test_what_was_refused_is_not_remembered(
    qtbot: QtBot, bar: SearchBar, monkeypatch: pytest.MonkeyPatch
) -> None:
    bar._rest.setInterval(20)  # two seconds would be long
    QTest.keyClicks(bar.line, "-cho")
    with qtbot.waitSignal(bar.wish_changed):
        pass
    bar.show_error("Say what to look for, too.", 0, 4)
    qtbot.wait(60)
    assert bar.history == []


def test_an_error_is_shown_as_it_is(bar: SearchBar) -> None:
    bar.show_error("/tmp/<b>a</b>.jpg cannot be read.")
    assert bar.error_label.textFormat() == Qt.TextFormat.PlainText


def test_own_english_words_are_searched_with_until_the_text_changes(
    qtbot: QtBot, bar: SearchBar, heard: Heard
) -> None:
    type_letters(bar, "chó")
    qtbot.waitUntil(lambda: heard.wishes == [Wish("chó")])
    bar.show_wording(Wording("vi", "a dog"))
    bar.translation.field.setFocus()
    QTest.keyClicks(bar.translation.field, "s")
    QTest.keyClick(bar.translation.field, Qt.Key.Key_Return)
    assert heard.wishes[-1] == Wish("chó", english="a dogs")
    bar.show_wording(Wording("vi", "a dogs"))
    assert bar.translation.back_button.isVisible()
    QTest.mouseClick(bar.translation.back_button, LEFT)
    assert heard.wishes[-1] == Wish("chó")
    bar.translation.edited.emit("a fox")
    type_letters(bar, "i")
    qtbot.waitUntil(lambda: heard.wishes[-1] == Wish("chói"))


def test_escape_in_the_translation_goes_back_to_the_query(qtbot: QtBot, bar: SearchBar) -> None:
    bar.show_wording(Wording("vi", "a dog"))
    bar.translation.field.setFocus()
    QTest.keyClick(bar.translation.field, Qt.Key.Key_Escape)
    assert bar.line.hasFocus()
