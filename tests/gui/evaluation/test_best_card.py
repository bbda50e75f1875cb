import pytest
from pytestqt.qtbot import QtBot

from engine.evaluation.evaluating import Evaluation
from engine.search.fusion import Fusion
from gui.evaluation.best_card import BestCard
from gui.evaluation.wording import decimal, fusion_name

OTHER = Fusion("none", (1, 0))


@pytest.fixture
def card(qtbot: QtBot) -> BestCard:
    card = BestCard()
    qtbot.addWidget(card)
    card.show()
    return card


def test_the_best_fusion_is_told_with_what_it_is_worth_unseen(
    card: BestCard, evaluation: Evaluation
) -> None:
    card.show_report(evaluation.report, OTHER)
    sweep = evaluation.report.sweep
    assert sweep is not None
    assert fusion_name(sweep.chosen) in card.heading.text()
    assert decimal(sweep.held_out.r10) in card.worth.text()
    for alone in sweep.held_out_alone:
        assert decimal(alone.r10) in card.worth.text()


def test_using_it_is_asked_for_once(qtbot: QtBot, card: BestCard, evaluation: Evaluation) -> None:
    card.show_report(evaluation.report, OTHER)
    assert evaluation.report.sweep is not None
    with qtbot.waitSignal(card.fusion_chosen) as chosen:
        card.use.click()
    assert chosen.args == [evaluation.report.sweep.chosen]
    assert not card.use.isEnabled()
    assert card.use.text() == "In use"
    card.show_in_use(OTHER)
    assert card.use.isEnabled()
    assert card.use.text() == "Use it"


def test_one_that_is_in_use_is_not_offered(card: BestCard, evaluation: Evaluation) -> None:
    assert evaluation.report.sweep is not None
    card.show_report(evaluation.report, evaluation.report.sweep.chosen)
    assert not card.use.isEnabled()


def test_without_a_sweep_there_is_nothing_to_use(
    card: BestCard, evaluation_of_one: Evaluation
) -> None:
    card.show_report(evaluation_of_one.report, OTHER)
    assert not card.use.isVisible()
    assert "one photo" in card.worth.text()
