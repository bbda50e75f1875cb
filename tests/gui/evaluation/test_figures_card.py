from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from engine.evaluation.evaluating import Evaluation
from gui.evaluation.figures_card import TO_IMAGE, TO_TEXT, FiguresCard


@pytest.fixture
def card(qtbot: QtBot) -> FiguresCard:
    card = FiguresCard()
    qtbot.addWidget(card)
    card.show()
    return card


def test_it_says_what_was_measured(card: FiguresCard, evaluation: Evaluation) -> None:
    card.show_evaluation(evaluation)
    assert card.direction.key == TO_IMAGE
    assert card.setting.text() == "40 queries among 32 photos, fused by z-score 0.3 : 0.7"
    r10 = evaluation.report.text_to_image["fused"].r10
    assert f"{r10:.1f}" in card.table.cells["fused", "r10"].value.text()


def test_the_other_direction_is_a_click_away(
    qtbot: QtBot, card: FiguresCard, evaluation: Evaluation
) -> None:
    card.show_evaluation(evaluation)
    with qtbot.waitSignal(card.direction_chosen) as chosen:
        card.direction.choose(TO_TEXT)
    assert chosen.args == [TO_TEXT]
    assert card.setting.text() == "30 photos among 40 texts, fused by z-score 0.3 : 0.7"
    mean = evaluation.report.image_to_text["fused"].mean_rank
    assert f"{mean:.1f}" in card.table.cells["fused", "mean_rank"].value.text()


def test_the_direction_can_be_chosen_before_there_is_a_result(card: FiguresCard) -> None:
    card.direction.choose(TO_TEXT)
    assert card.setting.text() == ""


def test_photos_that_played_no_part_are_named(card: FiguresCard, evaluation: Evaluation) -> None:
    card.show_evaluation(evaluation)
    assert not card.left_out.isVisible()
    card.show_evaluation(replace(evaluation, left_out=("a.jpg", "ảnh/b.jpg")))
    assert card.left_out.isVisible()
    assert "2 photo" in card.left_out.text()
    assert "a.jpg, ảnh/b.jpg" in card.left_out.text()
