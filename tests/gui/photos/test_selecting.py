from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QStringListModel

from gui.photos.selecting import runs_in, runs_of, selection_of


def test_rows_that_follow_each_other_are_one_run() -> None:
    assert runs_of([]) == []
    assert runs_of([1, 2, 3, 7, 9, 10]) == [(1, 3), (7, 7), (9, 10)]


@given(st.sets(st.integers(0, 30)))
def test_a_selection_gives_back_its_rows(rows: set[int]) -> None:
    model = QStringListModel([str(row) for row in range(31)])
    runs = runs_in(selection_of(model, runs_of(sorted(rows))))
    assert {row for first, last in runs for row in range(first, last + 1)} == rows
