from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from gui.evaluation.failure_model import QUERY, RANK
from gui.evaluation.failures import FailureView
from gui.evaluation.running import Outcome
from gui.tasks import TaskRunner


@pytest.fixture
def view(qtbot: QtBot, tasks: TaskRunner, outcome: Outcome) -> FailureView:
    view = FailureView(tasks)
    qtbot.addWidget(view)
    view.resize(1200, 240)
    view.show()
    view.show_evaluation(outcome.evaluation, outcome.thumbnails)
    return view


def shown(view: FailureView, row: int) -> str:
    return str(view.sorted.index(row, QUERY).data())


def test_the_worst_query_comes_first_with_its_photos(
    qtbot: QtBot, view: FailureView, outcome: Outcome
) -> None:
    failures = outcome.evaluation.failures
    ranks = [int(view.sorted.index(row, RANK).data()) for row in range(len(failures))]
    assert ranks == sorted((failure.rank for failure in failures), reverse=True)
    worst = max(failures, key=lambda failure: failure.rank)
    qtbot.waitUntil(lambda: view.right.ids() == [worst.photo_id])
    assert view.right.item(0).text() == f"Rank {worst.rank}"
    assert view.above.ids() == list(worst.above)
    assert view.heading.text().startswith(f"{len(failures)} of 40 queries")


def test_another_query_shows_its_own_photos(
    qtbot: QtBot, view: FailureView, outcome: Outcome
) -> None:
    last = view.sorted.rowCount() - 1
    view.table.selectRow(last)
    wanted = next(
        failure
        for failure in outcome.evaluation.failures
        if outcome.evaluation.texts[failure.query] == shown(view, last)
    )
    qtbot.waitUntil(lambda: view.above.ids() == list(wanted.above))
    assert view.right.ids() == [wanted.photo_id]


def test_queries_can_be_sorted_by_their_text(view: FailureView) -> None:
    view.table.horizontalHeader().setSortIndicator(QUERY, view.sorted.sortOrder())
    texts = [shown(view, row) for row in range(view.sorted.rowCount())]
    assert texts == sorted(texts, reverse=True)


def test_without_a_failure_only_the_good_news_is_shown(view: FailureView, outcome: Outcome) -> None:
    view.show_evaluation(replace(outcome.evaluation, failures=()), outcome.thumbnails)
    assert not view.table.isVisible()
    assert not view.right.isVisible()
    assert view.heading.text().startswith("0 of 40 queries")


def test_a_photo_is_asked_for(qtbot: QtBot, view: FailureView) -> None:
    qtbot.waitUntil(lambda: view.above.count() == 5)
    with qtbot.waitSignal(view.photo_wanted) as wanted:
        view.above.itemActivated.emit(view.above.item(2))
    assert wanted.args == [view.above.ids()[2]]
