from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication
from pytestqt.qtbot import QtBot

from gui.photos.grid_layout import CellSize
from gui.photos.photo_grid import PhotoGrid
from gui.photos.photo_model import PhotoModel
from gui.photos.thumbnail_loader import ThumbnailLoader
from tests.gui.photos.results import make_found

HINT = QAbstractItemView.ScrollHint


@pytest.fixture
def model(qapp: QApplication) -> PhotoModel:
    return PhotoModel()


@pytest.fixture
def grid(qtbot: QtBot, tmp_path: Path, model: PhotoModel) -> Iterator[PhotoGrid]:
    loader = ThumbnailLoader(tmp_path)
    grid = PhotoGrid(model, loader)
    grid.resize(640, 480)
    qtbot.addWidget(grid)
    with qtbot.waitExposed(grid):
        grid.show()
    yield grid
    loader.close()


def test_a_hundred_thousand_rows_have_their_place_at_once(
    grid: PhotoGrid, model: PhotoModel
) -> None:
    model.show_photos(np.arange(1, 100_001))
    last = model.index(99_999)
    grid.scrollTo(last)
    assert grid.viewport().rect().contains(grid.visualRect(last))
    assert grid.indexAt(grid.visualRect(last).center()) == last
    assert grid.verticalOffset() == grid.verticalScrollBar().maximum()


def test_the_first_line_of_a_section_is_seen_with_its_heading(
    grid: PhotoGrid, model: PhotoModel
) -> None:
    model.show_found(make_found(range(1, 500), 100, 400))
    heading = model.wide_rows[1]
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    grid.scrollTo(model.index(heading + 1))
    assert grid.visualRect(model.index(heading)).top() == 0


@pytest.mark.parametrize("hint", [HINT.PositionAtTop, HINT.PositionAtCenter, HINT.PositionAtBottom])
def test_a_row_is_brought_to_the_place_asked_for(
    grid: PhotoGrid, model: PhotoModel, hint: QAbstractItemView.ScrollHint
) -> None:
    model.show_photos(np.arange(1, 1001))
    grid.scrollTo(model.index(500), hint)
    place, seen = grid.visualRect(model.index(500)), grid.viewport().rect()
    distances = {
        HINT.PositionAtTop: place.top() - seen.top(),
        HINT.PositionAtCenter: place.center().y() - seen.center().y(),
        HINT.PositionAtBottom: place.bottom() - seen.bottom(),
    }
    assert abs(distances[hint]) <= 1


def test_a_row_in_sight_is_not_moved(grid: PhotoGrid, model: PhotoModel) -> None:
    model.show_photos(np.arange(1, 1001))
    grid.verticalScrollBar().setValue(100)
    grid.scrollTo(model.index(grid.visible_rows().start + 4))
    assert grid.verticalOffset() == 100
    grid.scrollTo(QModelIndex())
    assert grid.verticalOffset() == 100


def test_a_wider_grid_has_more_columns(grid: PhotoGrid, model: PhotoModel) -> None:
    model.show_photos(np.arange(1, 101))
    before = grid.verticalScrollBar().maximum()
    grid.resize(1280, 480)
    assert grid.verticalScrollBar().maximum() < before
    assert grid.visualRect(model.index(4)).top() == 0
    grid.set_cell_size(CellSize(400, 0, 40))
    assert grid.visualRect(model.index(4)).top() > 0


def test_a_selection_of_everything_repaints_no_more_than_is_seen(
    grid: PhotoGrid, model: PhotoModel
) -> None:
    model.show_photos(np.arange(1, 100_001))
    grid.selectAll()
    region = grid.visualRegionForSelection(grid.selectionModel().selection())
    assert region.rectCount() < 100
    assert region.contains(grid.visualRect(model.index(0)).center())


def test_what_the_mouse_is_over_follows_it(grid: PhotoGrid, model: PhotoModel) -> None:
    model.show_photos(np.arange(1, 101))
    for row in (0, 2):
        QTest.mouseMove(grid.viewport(), grid.visualRect(model.index(row)).center())
        QApplication.processEvents()
        assert grid._hovered.row() == row
    QTest.mouseMove(grid.viewport(), QPoint(-50, -50))


def test_a_frame_is_painted_while_it_is_drawn(grid: PhotoGrid, model: PhotoModel) -> None:
    model.show_found(make_found(range(1, 5), 4, 4))
    beside = QPointF(grid.viewport().width() - 5, grid.viewport().height() - 5)
    corner = QPointF(grid.visualRect(model.index(1)).center())
    QTest.mousePress(
        grid.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        beside.toPoint(),
    )
    for place in ((beside + corner) / 2, corner):
        left = Qt.MouseButton.LeftButton
        move = QMouseEvent(
            QMouseEvent.Type.MouseMove,
            place,
            grid.viewport().mapToGlobal(place),
            Qt.MouseButton.NoButton,
            left,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(grid.viewport(), move)
    assert set(grid.selected_ids()) == {1, 2, 3, 4}
    drawing = grid.grab().toImage()
    QTest.mouseRelease(
        grid.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        corner.toPoint(),
    )
    assert grid.grab().toImage() != drawing
    assert set(grid.selected_ids()) == {1, 2, 3, 4}
