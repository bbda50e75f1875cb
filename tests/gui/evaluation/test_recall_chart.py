import numpy as np
import pytest
from PySide6.QtCharts import QValueAxis, QXYSeries
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.evaluation.evaluating import Evaluation
from engine.search.fusion import NORMALISATIONS
from gui.evaluation.recall_chart import RECALLS, RecallChart
from tests.gui.translation import speaking


@pytest.fixture
def chart(qtbot: QtBot) -> RecallChart:
    chart = RecallChart()
    qtbot.addWidget(chart)
    return chart


def points(series: QXYSeries) -> list[tuple[float, float]]:
    return [(point.x(), point.y()) for point in series.points()]


@pytest.mark.parametrize("recall", RECALLS)
def test_the_lines_are_the_rows_of_the_sweep(
    chart: RecallChart, evaluation: Evaluation, recall: str
) -> None:
    chart.show_report(evaluation.report)
    chart.show_recall(recall)
    assert evaluation.report.sweep is not None
    assert tuple(chart.lines) == NORMALISATIONS
    for name, line in chart.lines.items():
        expected = [
            (row.fusion.weights[1], getattr(row.metrics, recall))
            for row in evaluation.report.sweep.rows
            if row.fusion.normalisation == name
        ]
        assert len(expected) == 21
        np.testing.assert_allclose(points(line), expected)


def test_the_fusion_in_use_and_the_best_one_are_marked(
    chart: RecallChart, evaluation: Evaluation
) -> None:
    report = evaluation.report
    chart.show_report(report)
    assert report.sweep is not None
    np.testing.assert_allclose(points(chart.in_use), [(0.7, report.text_to_image["fused"].r10)])
    best = next(row for row in report.sweep.rows if row.fusion == report.sweep.chosen)
    np.testing.assert_allclose(points(chart.best), [(best.fusion.weights[1], best.metrics.r10)])


def test_all_lines_and_marks_are_within_the_axes(
    chart: RecallChart, evaluation: Evaluation
) -> None:
    chart.show_report(evaluation.report)
    for recall in RECALLS:
        chart.show_recall(recall)
        (up,) = chart.chart().axes(Qt.Orientation.Vertical)
        assert isinstance(up, QValueAxis)
        for series in (*chart.lines.values(), chart.in_use, chart.best):
            assert all(up.min() <= y <= up.max() for _, y in points(series))
        assert up.titleText() == f"{RECALLS[recall]} in percent"


def test_a_tool_tip_tells_all_lines_at_the_nearest_weight(
    chart: RecallChart, evaluation: Evaluation
) -> None:
    chart.show_report(evaluation.report)
    title, *rows = chart.words_at(QPointF(0.62, 30)).splitlines()
    assert title == "R@10 with weight 0.60 of BEiT3"
    assert rows == [f"{line.name()}: {line.at(12).y():.1f}" for line in chart.lines.values()]
    assert chart.lines["none"].at(12).x() == 0.6


def test_a_report_without_a_sweep_leaves_the_chart_as_it_was(
    chart: RecallChart, evaluation: Evaluation, evaluation_of_one: Evaluation
) -> None:
    chart.show_report(evaluation_of_one.report)
    assert chart.words_at(QPointF(0.5, 0)).splitlines() == ["R@10 with weight 0.50 of BEiT3"]


def test_marks_have_room_at_the_edges(chart: RecallChart, evaluation: Evaluation) -> None:
    """A mark at 100 % or at either end of the weights would be cut in half."""
    chart.show_report(evaluation.report)
    (across,) = chart.chart().axes(Qt.Orientation.Horizontal)
    (up,) = chart.chart().axes(Qt.Orientation.Vertical)
    assert isinstance(across, QValueAxis)
    assert isinstance(up, QValueAxis)
    assert across.min() < 0 < 1 < across.max()
    for heights in ([100.0], [0.0], [0.0, 100.0], [41.5, 52.0], [35.0, 36.0]):
        chart._fit(heights)
        assert up.min() < min(heights) <= max(heights) < up.max()
        ticks = (up.max() - up.min()) / up.tickInterval()
        assert 1 < ticks < 8


def test_numbers_are_written_as_the_language_does(qtbot: QtBot, qapp: QApplication) -> None:
    with speaking(qapp, "vi"):
        chart = RecallChart()
        qtbot.addWidget(chart)
        assert chart.chart().localizeNumbers()
        assert chart.chart().locale().decimalPoint() == ","
