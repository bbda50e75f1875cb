import pytest
from pytestqt.qtbot import QtBot

from gui.evaluation.comparing import Lacking, PairChoices
from gui.evaluation.other_pair import OtherPairBar

CHOICES = PairChoices(("a", "x"), {"openclip": ("a", "b"), "beit3": ("x", "y")})


@pytest.fixture
def bar(qtbot: QtBot) -> OtherPairBar:
    bar = OtherPairBar()
    qtbot.addWidget(bar)
    bar.show_choices(CHOICES)
    bar.show()
    return bar


def test_nothing_is_compared_unless_it_is_wanted(bar: OtherPairBar) -> None:
    assert (bar.chosen, bar.is_usable, bar.openclip.isVisible()) == (None, True, False)


def test_at_first_the_other_checkpoints_are_offered(bar: OtherPairBar) -> None:
    bar.wanted.setChecked(True)
    assert bar.chosen == ("b", "y")
    assert bar.openclip.isVisible()
    usable = [bar.is_usable]  # not while nobody knows what it lacks
    bar.show_lacking(("b", "y"), Lacking(0, 0))
    assert [*usable, bar.is_usable] == [False, True]
    assert not bar.prepare.isVisible()


def test_a_pair_that_lacks_photos_can_be_prepared(qtbot: QtBot, bar: OtherPairBar) -> None:
    bar.wanted.setChecked(True)
    bar.show_lacking(("b", "y"), Lacking(12, 1))
    assert bar.word.text() == "12 photo(s) are not embedded by it yet"
    usable = [bar.is_usable]
    with qtbot.waitSignal(bar.prepare_wanted) as wanted:
        bar.prepare.click()
    assert wanted.args == [{"openclip": "b", "beit3": "y"}]
    bar.show_lacking(("b", "y"), Lacking(12, 0))  # none that is marked
    assert [*usable, bar.is_usable] == [False, True]


def test_an_answer_about_another_pair_is_not_taken(bar: OtherPairBar) -> None:
    bar.wanted.setChecked(True)
    bar.openclip.setCurrentText("a")
    bar.show_lacking(("b", "y"), Lacking(0, 0))
    assert not bar.is_usable


def test_the_pair_in_use_is_not_compared_with_itself(bar: OtherPairBar) -> None:
    bar.wanted.setChecked(True)
    bar.openclip.setCurrentText("a")
    bar.beit3.setCurrentText("x")
    assert bar.word.text() == "This is the pair in use."
    assert not bar.is_usable


def test_photos_of_a_caption_file_are_embedded_first(bar: OtherPairBar) -> None:
    bar.wanted.setChecked(True)
    bar.show_lacking(("b", "y"), Lacking(12, 1))
    bar.set_of_marks(False)
    assert bar.is_usable
    assert not bar.prepare.isVisible()


def test_what_was_chosen_stays_when_the_choices_are_read_again(bar: OtherPairBar) -> None:
    bar.wanted.setChecked(True)
    bar.beit3.setCurrentText("x")
    bar.show_choices(PairChoices(("b", "y"), CHOICES.names))
    assert bar.chosen == ("b", "x")
