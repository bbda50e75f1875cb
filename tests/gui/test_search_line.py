import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.search.composing import Wish
from gui.search_bar import SearchBar
from gui.tasks import TaskRunner
from tests.gui.search_bars import (
    Heard,
    compose,
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


def test_nothing_is_searched_while_an_input_method_composes(
    qtbot: QtBot, bar: SearchBar, heard: Heard
) -> None:
    for preedit in ("c", "ch", "cho", "chó"):
        compose(bar, preedit)
    resting(qtbot)
    assert heard.wishes == []
    compose(bar, "", commit="chó")
    assert heard.wishes == []
    qtbot.waitUntil(lambda: heard.wishes == [Wish("chó")])


def test_composing_holds_back_what_was_typed_before(
    qtbot: QtBot, bar: SearchBar, heard: Heard
) -> None:
    QTest.keyClicks(bar.line, "con ")
    compose(bar, "ch")
    resting(qtbot)
    assert heard.wishes == []
    compose(bar, "")  # given up
    qtbot.waitUntil(lambda: heard.wishes == [Wish("con ")])


def test_a_word_that_is_committed_while_the_next_begins_waits(
    qtbot: QtBot, bar: SearchBar, heard: Heard
) -> None:
    compose(bar, "m", commit="con ")
    assert bar.line.text() == "con "
    resting(qtbot)
    assert heard.wishes == []


def test_an_error_is_said_and_underlined_until_the_next_change(
    qtbot: QtBot, bar: SearchBar
) -> None:
    bar.set_wish(Wish("chó !!"))
    plain = bar.line.grab().toImage()
    bar.show_error("The query has no word in it.", 4, 6)
    assert bar.error_label.isVisible()
    assert bar.error_label.text() == "The query has no word in it."
    assert bar.line.grab().toImage() != plain
    assert bar.line.text() == "chó !!"
    QTest.keyClicks(bar.line, "n")
    assert not bar.error_label.isVisible()
    assert not bar.line.marked


def test_an_error_does_not_disturb_a_word_that_is_being_composed(
    qtbot: QtBot, bar: SearchBar, heard: Heard
) -> None:
    bar.set_wish(Wish("chó !!"))
    compose(bar, "m")
    bar.show_error("The query has no word in it.", 4, 6)
    assert bar.line.composing
    compose(bar, "", commit="mèo")
    assert bar.line.text() == "chó !!mèo"
    assert not bar.error_label.isVisible()


def test_composing_into_a_marked_text_keeps_the_word(qtbot: QtBot, bar: SearchBar) -> None:
    bar.set_wish(Wish("chó !!"))
    bar.show_error("The query has no word in it.", 4, 6)
    compose(bar, "m", commit="a")
    assert bar.line.text() == "chó !!a"
    assert bar.line.composing


def test_a_key_for_something_else_stays_a_key(bar: SearchBar) -> None:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_F5, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(bar.line, event)
    assert not event.isAccepted()


def test_an_earlier_search_completes_what_is_typed_and_is_taken_by_a_key(
    qtbot: QtBot, bar: SearchBar, heard: Heard
) -> None:
    bar.set_history(["một con chó trên bãi cỏ"])
    bar.line.setFocus()
    type_letters(bar, "một c")
    assert bar.line.completion == "on chó trên bãi cỏ"
    assert bar.line.text() == "một c"  # Enter would search for this alone
    QTest.keyClick(bar.line, Qt.Key.Key_Right)
    assert bar.line.text() == "một con chó trên bãi cỏ"
    assert bar.line.completion == ""
    qtbot.waitUntil(lambda: heard.wishes[-1:] == [Wish("một con chó trên bãi cỏ")])


def test_nothing_is_completed_within_a_text_or_while_it_is_composed(bar: SearchBar) -> None:
    bar.set_history(["một con chó"])
    bar.line.setFocus()
    type_letters(bar, "một")
    assert bar.line.completion
    QTest.keyClick(bar.line, Qt.Key.Key_Left)
    assert bar.line.completion == ""
    QTest.keyClick(bar.line, Qt.Key.Key_Right)
    assert bar.line.completion
    assert bar.line.text() == "một"
    compose(bar, "ch")
    assert bar.line.completion == ""
