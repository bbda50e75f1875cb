from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from engine.library.photo import Failure
from gui.problem_model import AGAIN, FOLDER, NAME, REASON, WHEN, ProblemModel

DAY = datetime(2024, 2, 10, 8)
UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


def failure(path: str, reason: str = "The file is empty.", hours: int = 0) -> Failure:
    permanent = reason == "The file is empty."
    return Failure(path.encode(), 1, reason, permanent, DAY + timedelta(hours=hours))


FAILURES = [
    failure("/ảnh/Tết/bánh chưng.jpg", hours=3),
    failure("/ảnh/Đà Lạt/ảnh 10.jpg", "There is no permission to read the file.", hours=2),
    failure("/ảnh/Đà Lạt/ảnh 9.jpg", hours=1),
]


@pytest.fixture
def model(qtbot: QtBot) -> ProblemModel:
    model = ProblemModel()
    model.show_failures(FAILURES)
    return model


def column(model: ProblemModel, which: int) -> list[object]:
    return [model.index(row, which).data() for row in range(model.rowCount())]


def test_it_is_a_sound_model(model: ProblemModel, qtmodeltester: ModelTester) -> None:
    check: Callable[[ProblemModel], None] = qtmodeltester.check
    check(model)
    model.filter("đà lạt")
    check(model)


def test_each_failure_is_told_in_plain_words(model: ProblemModel) -> None:
    cells = [model.index(0, which).data() for which in range(model.columnCount())]
    assert cells[NAME] == "bánh chưng.jpg"
    assert cells[FOLDER] == "/ảnh/Tết"
    assert cells[REASON] == "The file is empty."
    assert cells[AGAIN] == "when the file changes"
    assert "2/10/24" in str(cells[WHEN])
    assert model.index(1, AGAIN).data() == "by itself"
    tip = model.index(0, REASON).data(Qt.ItemDataRole.ToolTipRole)
    assert "/ảnh/Tết/bánh chưng.jpg" in tip


def test_every_column_has_a_title(model: ProblemModel) -> None:
    titles = [
        model.headerData(which, Qt.Orientation.Horizontal) for which in range(model.columnCount())
    ]
    assert titles == ["Name", "Folder", "Reason", "Tried again", "Last tried"]
    assert model.headerData(0, Qt.Orientation.Vertical) is None


def test_the_latest_come_first(model: ProblemModel) -> None:
    assert column(model, NAME) == ["bánh chưng.jpg", "ảnh 10.jpg", "ảnh 9.jpg"]


def test_names_are_sorted_as_in_a_vietnamese_list_and_numbers_by_value(
    model: ProblemModel,
) -> None:
    model.sort(NAME, UP)
    assert column(model, NAME) == ["ảnh 9.jpg", "ảnh 10.jpg", "bánh chưng.jpg"]
    model.sort(NAME, DOWN)
    assert column(model, NAME) == ["bánh chưng.jpg", "ảnh 10.jpg", "ảnh 9.jpg"]


@pytest.mark.parametrize("which", [FOLDER, REASON, AGAIN])
def test_every_column_sorts(model: ProblemModel, which: int) -> None:
    model.sort(which, UP)
    up = column(model, which)
    model.sort(which, DOWN)
    assert column(model, which) == up[::-1]
    assert len(set(up)) == 2


def test_the_oldest_come_first_when_asked(model: ProblemModel) -> None:
    model.sort(WHEN, UP)
    assert column(model, NAME) == ["ảnh 9.jpg", "ảnh 10.jpg", "bánh chưng.jpg"]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("da lat", {"ảnh 10.jpg", "ảnh 9.jpg"}),
        ("ĐÀ", {"ảnh 10.jpg", "ảnh 9.jpg"}),
        ("banh tet", {"bánh chưng.jpg"}),
        ("permission", {"ảnh 10.jpg"}),
        ("  ", {"bánh chưng.jpg", "ảnh 10.jpg", "ảnh 9.jpg"}),
        ("mèo", set()),
        ("(", set()),
    ],
)
def test_the_filter_looks_into_names_folders_and_reasons(
    model: ProblemModel, typed: str, names: set[str]
) -> None:
    model.filter(typed)
    assert set(column(model, NAME)) == names
    assert model.total == 3
    assert len(model.paths) == 3


def test_the_same_failures_again_leave_the_rows_alone(model: ProblemModel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(model.modelReset):
        model.show_failures(list(FAILURES))
    with qtbot.waitSignal(model.modelReset):
        model.show_failures(FAILURES[:2])
    assert model.rowCount() == 2


def test_paths_are_found_where_they_are_shown(model: ProblemModel) -> None:
    assert model.rows_of([FAILURES[2].path, b"/elsewhere"]) == [2]
    model.filter("tet")
    assert model.rows_of([FAILURES[2].path]) == []
    assert [problem.failure for problem in model.problems([0])] == [FAILURES[0]]


def test_names_that_are_no_text_are_shown_all_the_same(model: ProblemModel) -> None:
    model.show_failures([Failure(b"/photos/caf\xe9.jpg", None, "?", False, DAY)])
    assert model.index(0, NAME).data() == "caf\N{REPLACEMENT CHARACTER}.jpg"
    model.show_failures([Failure(b"/", None, "?", False, DAY)])
    assert model.index(0, NAME).data() == "/"
