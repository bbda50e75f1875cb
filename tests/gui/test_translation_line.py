import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.search.wording import Wording
from gui.translation_line import TranslationLine

REASON = "beit3 knows no Vietnamese."


@pytest.fixture
def line(qtbot: QtBot) -> TranslationLine:
    made = TranslationLine()
    qtbot.addWidget(made)
    return made


def wording(english: str | None) -> Wording:
    return Wording("vi", english)


def test_where_every_encoder_reads_what_was_typed_nothing_is_shown(line: TranslationLine) -> None:
    line.show_wording(wording(None))
    assert line.isHidden()
    line.show_wording(None)
    assert line.isHidden()


def test_the_translation_is_shown(line: TranslationLine) -> None:
    line.show_wording(wording("a brown dog"))
    assert not line.isHidden()
    assert line.field.text() == "a brown dog"
    assert line.field.isVisibleTo(line)
    assert not line.back_button.isVisibleTo(line)
    assert not line.left_out.isVisibleTo(line)


def test_who_was_left_out_is_said_with_a_way_to_the_models(
    line: TranslationLine, qtbot: QtBot
) -> None:
    line.show_wording(Wording("vi", None, {"beit3": REASON}))
    assert line.left_out.text() == REASON
    assert line.left_out.isVisibleTo(line)
    assert not line.field.isVisibleTo(line)
    with qtbot.waitSignal(line.models_wanted):
        QTest.mouseClick(line.models_button, Qt.MouseButton.LeftButton)


def test_enter_tells_the_users_own_words(line: TranslationLine, qtbot: QtBot) -> None:
    line.show_wording(wording("a brown dog"))
    line.field.selectAll()
    QTest.keyClicks(line.field, " a red fox ")
    with qtbot.waitSignal(line.edited) as told:
        QTest.keyClick(line.field, Qt.Key.Key_Return)
    assert told.args == ["a red fox"]


def test_an_answer_that_comes_meanwhile_does_not_take_what_is_being_edited(
    line: TranslationLine, qtbot: QtBot
) -> None:
    line.show_wording(wording("a brown dog"))
    QTest.keyClicks(line.field, " in snow")
    line.show_wording(wording("a brown dog"))
    assert line.field.text() == "a brown dog in snow"
    line.forget()
    line.show_wording(wording("a white cat"))
    assert line.field.text() == "a white cat"


def test_escape_puts_the_translation_back_and_then_leaves(
    line: TranslationLine, qtbot: QtBot
) -> None:
    line.show_wording(wording("a brown dog"))
    QTest.keyClicks(line.field, " in snow")
    QTest.keyClick(line.field, Qt.Key.Key_Escape)
    assert line.field.text() == "a brown dog"
    with qtbot.waitSignal(line.left):
        QTest.keyClick(line.field, Qt.Key.Key_Escape)


def test_the_users_own_words_can_be_given_up_again(line: TranslationLine, qtbot: QtBot) -> None:
    line.show_wording(wording("a red fox"), own=True)
    assert line.back_button.isVisibleTo(line)
    with qtbot.waitSignal(line.edited) as told:
        QTest.mouseClick(line.back_button, Qt.MouseButton.LeftButton)
    assert told.args == [""]


def test_it_goes_with_the_results_and_comes_back_with_them(line: TranslationLine) -> None:
    line.show_wording(wording("a brown dog"))
    line.stand_beside_results(False)
    assert line.isHidden()
    line.show_wording(wording("a white cat"))
    assert line.isHidden()
    line.stand_beside_results(True)
    assert not line.isHidden()
    assert line.field.text() == "a white cat"
