from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.evaluation.evaluating import Evaluation
from engine.evaluation.metrics import Metrics
from engine.search.fusion import IntArray
from gui.evaluation.comparing import Comparison, differences
from gui.evaluation.comparison_card import ComparisonCard, signed


@pytest.fixture
def card(qtbot: QtBot) -> ComparisonCard:
    card = ComparisonCard()
    qtbot.addWidget(card)
    return card


def compared(evaluation: Evaluation, ranks: IntArray) -> Comparison:
    """Another pair that ranks so."""
    metrics = dict.fromkeys(("openclip", "beit3", "fused"), Metrics.from_ranks(ranks))
    report = replace(evaluation.report, names=("vit-b-16", "beit3-base"), text_to_image=metrics)
    return Comparison(report, differences(evaluation.text_to_image["fused"], ranks))


def test_both_pairs_are_shown_side_by_side(card: ComparisonCard, evaluation: Evaluation) -> None:
    ranks = np.ones_like(evaluation.text_to_image["fused"])
    card.show_comparison(evaluation.report, compared(evaluation, ranks))
    assert card.names[0].text() == "ViT-B-32 + beit3 cơ bản"
    assert card.names[1].text() == "vit-b-16 + beit3-base"
    assert "in use" in card.settings[0].text()
    assert "in use" not in card.settings[1].text()
    for place, cell in ((0, card.tables[0]), (1, card.tables[1])):
        assert "," in cell.cells["fused", "r10"].accessibleName(), place
    assert "100.0" in card.tables[1].cells["fused", "r1"].value.text()
    difference = 100 - evaluation.report.text_to_image["fused"].r10
    assert card.differences["r10"].value.text() == f"<b>+{difference:.1f}</b>"
    assert card.verdict.text().startswith("vit-b-16 + beit3-base finds better: R@10 +")


def test_the_pair_in_use_may_be_the_better_one(
    card: ComparisonCard, evaluation: Evaluation
) -> None:
    ranks = np.full_like(evaluation.text_to_image["fused"], 30)
    card.show_comparison(evaluation.report, compared(evaluation, ranks))
    assert card.verdict.text().startswith("ViT-B-32 + beit3 cơ bản finds better: R@10 +")


def test_what_may_be_chance_is_called_so(card: ComparisonCard, evaluation: Evaluation) -> None:
    ranks = evaluation.text_to_image["fused"]
    card.show_comparison(evaluation.report, compared(evaluation, ranks))
    assert card.verdict.text() == (
        "Which pair finds better cannot be told: R@10 0.0 may be chance."
    )


def test_a_handful_of_queries_tells_nothing(
    card: ComparisonCard, evaluation_of_one: Evaluation
) -> None:
    ranks = np.ones_like(evaluation_of_one.text_to_image["fused"])
    card.show_comparison(evaluation_of_one.report, compared(evaluation_of_one, ranks))
    assert card.verdict.text() == "3 query(s) are too few to tell which pair finds better."


def test_an_encoder_that_was_not_asked_has_no_figures(
    card: ComparisonCard, evaluation: Evaluation
) -> None:
    ranks = evaluation.text_to_image["fused"]
    comparison = compared(evaluation, ranks)
    metrics = {name: comparison.report.text_to_image[name] for name in ("beit3", "fused")}
    report = replace(
        comparison.report, text_to_image=metrics, left_out={"openclip": "It knows English only."}
    )
    card.show_comparison(evaluation.report, replace(comparison, report=report))
    assert card.tables[1].cells["openclip", "r1"].value.text() == "–"
    assert "It knows English only." in card.settings[1].text()


def test_a_difference_has_its_sign() -> None:
    assert [signed(value) for value in (1.2, 0.0, -3.0)] == ["+1.2", "0.0", "-3.0"]
