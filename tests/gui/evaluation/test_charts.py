from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from engine.evaluation.evaluating import Evaluation
from gui.evaluation.charts import RANKS, WEIGHTS, Charts


@pytest.fixture
def charts(qtbot: QtBot, evaluation: Evaluation) -> Charts:
    charts = Charts()
    qtbot.addWidget(charts)
    charts.show()
    charts.show_report(evaluation.report)
    charts.show_ranks(evaluation.text_to_image, 32)
    return charts


def test_one_chart_is_shown_at_a_time(charts: Charts) -> None:
    assert charts.recall.isVisible()
    assert not charts.ranks.isVisible()
    charts.which.choose(RANKS)
    assert charts.ranks.isVisible()
    assert not charts.recall.isVisible()
    assert not charts.at.isVisible()
    charts.which.choose(WEIGHTS)
    assert charts.recall.isVisible()
    assert charts.at.isVisible()


def test_another_recall_is_a_click_away(charts: Charts) -> None:
    before = charts.recall.lines["zscore"].points()
    charts.at.buttons["r1"].click()
    assert charts.recall.lines["zscore"].points() != before
    charts.at.buttons["r10"].click()
    assert charts.recall.lines["zscore"].points() == before


def test_the_picture_is_of_the_chart_that_is_shown(charts: Charts, tmp_path: Path) -> None:
    pictures = []
    for key in (WEIGHTS, RANKS):
        charts.which.choose(key)
        charts.save_picture(tmp_path / f"{key}.png")
        pictures.append(QImage(str(tmp_path / f"{key}.png")))
    assert not any(picture.isNull() for picture in pictures)
    assert pictures[0] != pictures[1]


def test_without_a_sweep_a_sentence_stands_in_its_place(
    charts: Charts, evaluation: Evaluation, evaluation_of_one: Evaluation
) -> None:
    charts.show_report(evaluation_of_one.report)
    assert charts.missing.isVisible()
    assert not charts.at.isVisible()
    charts.which.choose(RANKS)
    assert charts.ranks.isVisible()
    charts.which.choose(WEIGHTS)
    charts.show_report(evaluation.report)
    assert charts.recall.isVisible()
