import numpy as np
import pytest
from PySide6.QtCharts import QLogValueAxis
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from engine.evaluation.evaluating import Evaluation
from gui.evaluation.rank_chart import RankChart


@pytest.fixture
def chart(qtbot: QtBot) -> RankChart:
    chart = RankChart()
    qtbot.addWidget(chart)
    return chart


def test_a_line_is_the_share_found_up_to_each_rank(
    chart: RankChart, evaluation: Evaluation
) -> None:
    chart.show_ranks(evaluation.text_to_image, 32)
    for name, line in chart.lines.items():
        found = evaluation.text_to_image[name]
        heights = {point.x(): point.y() for point in line.points()}
        assert set(heights) == set(range(1, 33))
        for rank, height in heights.items():
            assert height == pytest.approx(100 * np.mean(found <= rank))
        metrics = evaluation.report.text_to_image[name]
        assert (heights[1], heights[5], heights[10]) == (metrics.r1, metrics.r5, metrics.r10)
        assert heights[32] == 100


def test_many_ranks_make_few_points(chart: RankChart) -> None:
    found = np.random.default_rng(0).integers(1, 100_001, 5000)
    chart.show_ranks(dict.fromkeys(chart.lines, found), 100_000)
    line = chart.lines["fused"]
    assert line.count() <= 200
    assert line.at(0).x() == 1
    assert line.at(line.count() - 1) == QPointF(100_000, 100)
    (across,) = chart.chart().axes(Qt.Orientation.Horizontal)
    assert isinstance(across, QLogValueAxis)
    assert (across.min(), across.max()) == (1, 100_000)


def test_one_candidate_is_no_problem(chart: RankChart) -> None:
    chart.show_ranks(dict.fromkeys(chart.lines, np.ones(3, np.int64)), 1)
    assert chart.lines["fused"].at(0) == QPointF(1, 100)


def test_a_tool_tip_tells_the_shares_up_to_a_rank(chart: RankChart) -> None:
    ranks = {"openclip": [1, 2, 3, 4], "beit3": [2, 2, 9, 9], "fused": [1, 1, 1, 30]}
    chart.show_ranks({name: np.array(found) for name, found in ranks.items()}, 40)
    assert chart.words_at(QPointF(2.3, 50)).splitlines() == [
        "Among the first 2, in percent",
        "OpenCLIP: 50.0",
        "BEiT3: 50.0",
        "Fused: 75.0",
    ]
