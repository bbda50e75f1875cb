from pytestqt.qtbot import QtBot

from engine.evaluation.evaluating import Evaluation
from engine.evaluation.metrics import Metrics
from gui.evaluation.figures_table import FiguresTable

INTERVALS = dict.fromkeys(("r1", "r5", "r10", "mean_rank", "median_rank"), (1.0, 2.27))
METRICS = {
    "openclip": Metrics(10, 20, 30.06, 9.5, 4, 20, INTERVALS),
    "beit3": Metrics(5, 25, 30.04, 8.5, 5, 20, INTERVALS),
    "fused": Metrics(10, 30, 20, 9, 6, 20, INTERVALS),
}


def test_every_figure_stands_with_its_interval_beneath(qtbot: QtBot) -> None:
    table = FiguresTable()
    qtbot.addWidget(table)
    table.show_metrics(METRICS)
    cell = table.cells["beit3", "r5"]
    assert cell.value.text() == "25.0"
    assert cell.interval.text() == "1.0 – 2.3"
    assert cell.accessibleName() == "BEiT3, R@5: 25.0, with 95 % certainty 1.0 to 2.3"


def test_the_best_of_each_column_is_bold(qtbot: QtBot) -> None:
    table = FiguresTable()
    qtbot.addWidget(table)
    table.show_metrics(METRICS)
    bold = {key for key, cell in table.cells.items() if cell.value.text().startswith("<b>")}
    assert bold == {
        ("openclip", "r1"),
        ("fused", "r1"),
        ("fused", "r5"),
        ("openclip", "r10"),
        ("beit3", "mean_rank"),
        ("openclip", "median_rank"),
    }
    assert table.cells["beit3", "mean_rank"].value.text() == "<b>8.5</b>"


def test_other_figures_take_their_place(qtbot: QtBot, evaluation: Evaluation) -> None:
    table = FiguresTable()
    qtbot.addWidget(table)
    table.show_metrics(METRICS)
    table.show_metrics(evaluation.report.text_to_image)
    for (ranking, figure), cell in table.cells.items():
        value = getattr(evaluation.report.text_to_image[ranking], figure)
        assert f"{value:.1f}" in cell.value.text()
