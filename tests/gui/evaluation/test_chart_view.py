from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPalette
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from engine.errors import FolderError
from engine.evaluation.evaluating import Evaluation
from gui.evaluation.recall_chart import RecallChart
from gui.palettes import DARK, palette


@pytest.fixture
def chart(qtbot: QtBot, evaluation: Evaluation) -> RecallChart:
    chart = RecallChart()
    qtbot.addWidget(chart)
    chart.resize(500, 300)
    chart.show()
    chart.show_report(evaluation.report)
    return chart


def test_a_picture_has_the_whole_chart_at_twice_the_size(
    chart: RecallChart, tmp_path: Path
) -> None:
    chart.save_picture(tmp_path / "chart.png")
    picture = QImage(str(tmp_path / "chart.png"))
    assert (picture.width(), picture.height()) == (1000, 600)
    colours = [chart.lines[name].color().name() for name in ("zscore", "minmax", "rrf")]
    drawn = [
        {picture.pixelColor(x, y).name() for x in columns for y in range(600)}
        for columns in (range(100, 500), range(500, 1000))
    ]
    for half in drawn:
        assert set(colours) <= half


def test_a_picture_that_cannot_be_written_is_told(chart: RecallChart, tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"The picture .*nowhere.*chart\.png cannot be written\."):
        chart.save_picture(tmp_path / "nowhere" / "chart.png")


def test_the_chart_follows_the_theme(chart: RecallChart) -> None:
    chart.setPalette(palette(DARK))
    assert chart.backgroundBrush().color() == QColor(DARK.base)
    assert chart.chart().legend().labelColor() == QColor(DARK.text)
    assert chart.lines["zscore"].color() == QColor(DARK.accent)
    assert chart.best.color() == chart.palette().color(QPalette.ColorRole.Text)


def move_to(chart: RecallChart, position: QPointF) -> None:
    button, nothing = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    here = chart.viewport().mapToGlobal(position)
    event = QMouseEvent(QEvent.Type.MouseMove, position, here, button, button, nothing)
    QApplication.sendEvent(chart.viewport(), event)


def test_the_mouse_over_the_chart_reads_its_values(qtbot: QtBot, chart: RecallChart) -> None:
    qtbot.waitUntil(lambda: chart.chart().plotArea().width() > 100)
    over = chart.chart().plotArea().center()
    move_to(chart, over)
    assert QToolTip.text() == chart.words_at(QPointF(0.5, 0))
    move_to(chart, QPointF(1, 1))
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
