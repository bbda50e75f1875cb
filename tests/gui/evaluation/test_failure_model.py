from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester

from engine.evaluation.evaluating import Evaluation
from gui.evaluation.failure_model import QUERY, RANK, SORT_ROLE, FailureModel

HORIZONTAL = Qt.Orientation.Horizontal


def test_the_model_keeps_the_rules_of_models(
    qtmodeltester: ModelTester, evaluation: Evaluation
) -> None:
    model = FailureModel()
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.show_evaluation(evaluation)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]


def test_a_row_is_a_failed_query_with_its_rank(evaluation: Evaluation) -> None:
    model = FailureModel()
    assert model.rowCount() == 0
    model.show_evaluation(evaluation)
    assert model.rowCount() == len(evaluation.failures) > 2
    for row, failure in enumerate(evaluation.failures):
        assert model.failure(row) == failure
        query, rank = (model.index(row, column) for column in (QUERY, RANK))
        assert model.data(query) == evaluation.texts[failure.query]
        assert model.data(query, Qt.ItemDataRole.ToolTipRole) == evaluation.texts[failure.query]
        assert model.data(rank) == str(failure.rank)
        assert model.data(rank, SORT_ROLE) == failure.rank
        assert model.data(rank, Qt.ItemDataRole.ToolTipRole) is None
    assert model.data(QModelIndex()) is None
    assert model.headerData(QUERY, HORIZONTAL) == "Failed query"
    assert model.headerData(RANK, HORIZONTAL) == "Rank"
