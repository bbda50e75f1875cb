import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect

from gui.photos.grid_layout import CellSize, GridLayout

SIZE = CellSize(width=100, below=10, wide_height=40)


def layout(rows: int, wide_rows: list[int], width: int = 500) -> GridLayout:
    return GridLayout(rows, wide_rows, 8, width, SIZE)


def test_cells_fill_the_width_in_equal_columns() -> None:
    grid = layout(11, [], width=530)
    assert grid.columns == 5
    assert grid.rect(0) == QRect(8, 0, 106, 116)
    assert grid.rect(4) == QRect(8 + 4 * 106, 0, 106, 116)
    assert grid.rect(5).topLeft() == QPoint(8, 116)
    assert grid.height == 3 * 116


def test_wide_rows_span_the_grid_and_begin_a_new_line() -> None:
    grid = layout(9, [0, 7])
    assert grid.rect(0) == QRect(8, 0, 500, 40)
    assert grid.rect(1).topLeft() == QPoint(8, 40)
    assert grid.rect(6).topLeft() == QPoint(8, 40 + 110)
    assert grid.rect(7) == QRect(8, 40 + 2 * 110, 500, 40)
    assert grid.rect(8).topLeft() == QPoint(8, 80 + 2 * 110)
    assert grid.height == 80 + 3 * 110


def test_a_grid_narrower_than_a_cell_has_one_column() -> None:
    grid = layout(3, [], width=30)
    assert grid.columns == 1
    assert grid.rect(2) == QRect(8, 2 * 40, 30, 40)


def test_nothing_lies_beside_the_last_cell_of_a_line() -> None:
    grid = layout(7, [])
    assert grid.row_at(QPoint(8 + 150, 115)) == 6
    assert grid.row_at(QPoint(8 + 250, 115)) is None
    assert grid.row_near(QPoint(8 + 250, 115)) == 6


def test_without_rows_nothing_is_near() -> None:
    grid = layout(0, [])
    assert grid.height == 0
    assert grid.row_near(QPoint(50, 50)) is None
    assert list(grid.rows_between(0, 800)) == []
    assert list(grid.runs_within(QRect(0, 0, 800, 800))) == []


def test_a_strip_touches_whole_lines() -> None:
    grid = layout(20, [0])
    assert list(grid.rows_between(0, 39)) == [0]
    assert list(grid.rows_between(39, 40)) == [0, 1, 2, 3, 4, 5]
    assert list(grid.rows_between(10_000, 20_000)) == [16, 17, 18, 19]


def test_the_heading_right_above_a_cell_is_seen_with_it() -> None:
    grid = layout(20, [0, 10])
    assert grid.sight(2).top() == 0
    assert grid.sight(7) == grid.rect(7)
    assert grid.sight(11).top() == grid.rect(10).top()
    assert grid.sight(11).bottom() == grid.rect(11).bottom()


def test_an_area_takes_the_cells_it_touches_in_each_line() -> None:
    grid = layout(12, [0])
    assert list(grid.runs_within(QRect(QPoint(120, 60), QPoint(290, 170)))) == [(2, 3), (7, 8)]
    assert list(grid.runs_within(QRect(QPoint(300, 300), QPoint(480, 330)))) == []


@given(
    rows=st.integers(1, 200),
    wide=st.sets(st.integers(0, 199), max_size=5),
    width=st.integers(1, 1500),
)
def test_every_row_is_found_where_it_lies(rows: int, wide: set[int], width: int) -> None:
    grid = layout(rows, sorted(row for row in wide if row < rows), width)
    places = [grid.rect(row) for row in range(rows)]
    for row, place in enumerate(places):
        if place.width() > 0:
            assert grid.row_at(place.center()) == row
            assert row in grid.rows_between(place.top(), place.bottom())
    assert max(place.bottom() for place in places) + 1 == grid.height


@pytest.mark.parametrize("row", [0, 500_000, 999_999])
def test_a_million_photos_are_found_likewise(row: int) -> None:
    grid = layout(1_000_000, [])
    assert grid.row_at(grid.rect(row).center()) == row
