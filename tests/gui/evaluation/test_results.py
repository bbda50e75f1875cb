from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from engine.search.fusion import Fusion
from gui.evaluation.figures_card import TO_IMAGE, TO_TEXT
from gui.evaluation.results import Results
from gui.evaluation.running import Outcome
from gui.tasks import TaskRunner

OTHER = Fusion("none", (1, 0))


@pytest.fixture
def results(qtbot: QtBot, tasks: TaskRunner, outcome: Outcome) -> Results:
    results = Results(tasks)
    qtbot.addWidget(results)
    results.resize(1248, 594)
    results.show()
    results.show_outcome(outcome, OTHER)
    return results


def test_the_chart_of_ranks_follows_the_direction(results: Results, outcome: Outcome) -> None:
    line = results.charts.ranks.lines["fused"]
    found = outcome.evaluation
    assert line.at(0).y() == pytest.approx(found.report.text_to_image["fused"].r1)
    assert line.at(line.count() - 1).x() == 32
    results.figures.direction.choose(TO_TEXT)
    assert line.at(0).y() == pytest.approx(found.report.image_to_text["fused"].r1)
    assert line.at(line.count() - 1).x() == 40
    results.figures.direction.choose(TO_IMAGE)
    assert line.at(line.count() - 1).x() == 32


def test_everything_has_room_in_a_small_window(results: Results) -> None:
    for card in (results.figures, results.best, results.charts, results.failures):
        corner = card.mapTo(results, QPoint(card.width(), card.height()))
        assert corner.x() <= results.width()
        assert corner.y() <= results.height()
        assert card.height() >= card.minimumSizeHint().height()


def test_the_best_fusion_is_passed_on(qtbot: QtBot, results: Results, outcome: Outcome) -> None:
    sweep = outcome.evaluation.report.sweep
    assert sweep is not None
    with qtbot.waitSignal(results.fusion_chosen) as chosen:
        results.best.use.click()
    assert chosen.args == [sweep.chosen]


def test_photos_of_a_caption_file_are_not_asked_for(
    qtbot: QtBot, results: Results, outcome: Outcome
) -> None:
    with qtbot.waitSignal(results.photo_wanted) as wanted:
        results.failures.photo_wanted.emit(12)
    assert wanted.args == [12]
    results.show_outcome(replace(outcome, of_marks=False), OTHER)
    with qtbot.assertNotEmitted(results.photo_wanted):
        results.failures.photo_wanted.emit(12)
