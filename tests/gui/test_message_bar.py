import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui import message_bar
from gui.message_bar import MessageBar

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def bar(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> MessageBar:
    monkeypatch.setattr(message_bar, "SHOWN_MS", 20)
    bar = MessageBar()
    qtbot.addWidget(bar)
    return bar


def test_a_message_goes_by_itself(qtbot: QtBot, bar: MessageBar) -> None:
    bar.tell("12 photos added.")
    assert bar.isVisible()
    assert bar.label.text() == bar.accessibleName() == "12 photos added."
    with qtbot.waitSignal(bar.emptied):
        pass
    assert bar.isHidden()


def test_a_lasting_message_stays_until_it_is_closed(qtbot: QtBot, bar: MessageBar) -> None:
    bar.tell("The disk is off-line.", lasting=True)
    bar.tell("12 photos added.")
    qtbot.waitUntil(lambda: bar.sentences == ["The disk is off-line."])
    assert bar.label.text() == "The disk is off-line."
    QTest.mouseClick(bar.close_button, LEFT)
    assert bar.isHidden()


def test_the_newest_is_shown_and_the_rest_are_counted(bar: MessageBar) -> None:
    for sentence in ("one", "two", "three"):
        bar.tell(sentence, lasting=True)
    assert bar.label.text() == "three"
    assert bar.more_label.text() == "2 more"
    bar.close_message()
    assert bar.label.text() == "two"
    bar.close_message()
    assert not bar.more_label.isVisible()


def test_a_message_that_is_told_again_is_there_once(bar: MessageBar) -> None:
    for sentence in ("one", "two", "one"):
        bar.tell(sentence, lasting=True)
    assert bar.sentences == ["two", "one"]


def test_a_passing_message_gives_way_to_the_next(bar: MessageBar) -> None:
    bar.tell("one")
    bar.tell("two")
    assert bar.sentences == ["two"]


def test_an_action_is_done_once_and_closes_its_message(bar: MessageBar) -> None:
    done: list[str] = []
    bar.tell("The model process died.", "Show", lambda: done.append("shown"))
    assert bar.action_button.text() == "Show"
    QTest.mouseClick(bar.action_button, LEFT)
    assert done == ["shown"]
    assert bar.isHidden()


def test_an_action_may_tell_the_next_message(bar: MessageBar) -> None:
    bar.tell("Removed.", "Undo", lambda: bar.tell("Undone.", lasting=True))
    QTest.mouseClick(bar.action_button, LEFT)
    assert bar.sentences == ["Undone."]


def test_a_message_without_an_action_has_no_button(bar: MessageBar) -> None:
    bar.tell("one")
    assert not bar.action_button.isVisible()


def test_closing_where_nothing_is_shown_does_nothing(qtbot: QtBot, bar: MessageBar) -> None:
    with qtbot.assertNotEmitted(bar.emptied):
        bar.close_message()


def test_the_name_of_a_file_is_no_markup(bar: MessageBar) -> None:
    bar.tell("/tmp/<b>a</b>.jpg cannot be read.")
    assert bar.label.textFormat() == Qt.TextFormat.PlainText


def test_a_message_that_only_offers_something_looks_no_error(bar: MessageBar) -> None:
    looks = []
    for lasting in (False, True):
        bar.tell("Larger models find more.", "Models…", lambda: None, lasting=lasting)
        looks.append(bar.grab().toImage())
    assert looks[0] != looks[1]


def test_what_is_no_longer_true_is_withdrawn_wherever_it_waits(bar: MessageBar) -> None:
    bar.tell("The first.", lasting=True)
    bar.tell("The second.", lasting=True)
    bar.withdraw("The first.")
    bar.withdraw("Nobody has said this.")
    assert bar.sentences == ["The second."]
    bar.withdraw("The second.")
    assert bar.isHidden()
