from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QStyleOptionViewItem, QWidget
from pytestqt.qtbot import QtBot

from gui.photos.photo_grid import CELL_SIDE, CELL_SIDES, SIDE_STEP, PhotoGrid
from gui.photos.photo_model import PhotoModel
from gui.photos.thumbnail_loader import ThumbnailLoader
from tests.gui.photos.results import fill_library, make_found

MakePhoto = Callable[..., Path]
IDS = list(range(1, 61))
BURSTS = {1: (3, 4)}
NO_KEYS = Qt.KeyboardModifier.NoModifier
SELECT = QItemSelectionModel.SelectionFlag.Select


@pytest.fixture
def library(tmp_path: Path, make_photo: MakePhoto) -> Path:
    for number in range(6):
        make_photo(tmp_path / "album" / f"{number}.png", number)
    fill_library(tmp_path / "library", tmp_path / "album")
    return tmp_path / "library"


@pytest.fixture
def loader(qtbot: QtBot, library: Path) -> Iterator[ThumbnailLoader]:
    loader = ThumbnailLoader(library)
    yield loader
    loader.close()


@pytest.fixture
def grid(qtbot: QtBot, loader: ThumbnailLoader) -> PhotoGrid:
    grid = PhotoGrid(PhotoModel(), loader)
    grid._photos.setParent(grid)
    grid.resize(800, 600)
    qtbot.addWidget(grid)
    with qtbot.waitExposed(grid):
        grid.show()
    return grid


@pytest.fixture
def model(grid: PhotoGrid) -> PhotoModel:
    return grid._photos


def centre(grid: PhotoGrid, photo_id: int) -> QPoint:
    return grid.visualRect(grid._photos.index_of(photo_id)).center()


def badge(grid: PhotoGrid, photo_id: int) -> QPoint:
    index = grid._photos.index_of(photo_id)
    option = QStyleOptionViewItem()
    grid.initViewItemOption(option)
    option.rect = grid.visualRect(index)
    return grid._delegate.burst_badge(option, index).center()


def click(
    grid: PhotoGrid,
    place: QPoint,
    keys: Qt.KeyboardModifier = NO_KEYS,
) -> None:
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, keys, place)


def test_it_opens_a_photo_by_double_click_and_by_key(
    grid: PhotoGrid, model: PhotoModel, qtbot: QtBot
) -> None:
    model.show_photos(np.array(IDS))
    opened: list[int] = []
    grid.opened.connect(opened.append)
    click(grid, centre(grid, 2))
    QTest.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, NO_KEYS, centre(grid, 2))
    grid.show_photo(3)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    QTest.keyClick(grid, Qt.Key.Key_Space)
    assert opened == [2, 3, 3]


def test_it_tells_what_is_selected_and_current_by_id(
    grid: PhotoGrid, model: PhotoModel, qtbot: QtBot
) -> None:
    model.show_photos(np.array(IDS[::-1]))
    told: list[object] = []
    grid.current_changed.connect(told.append)
    grid.selection_changed.connect(told.append)
    grid.show_photo(58)
    assert told == [58, [58]]
    click(grid, centre(grid, 60), Qt.KeyboardModifier.ControlModifier)
    assert grid.selected_ids() == [60, 58]
    assert grid.current_id() == 60


def test_shift_and_click_selects_all_in_between(
    grid: PhotoGrid, model: PhotoModel, qtbot: QtBot
) -> None:
    model.show_found(make_found(IDS, 3, 8))
    click(grid, centre(grid, 2))
    click(grid, centre(grid, 5), Qt.KeyboardModifier.ShiftModifier)
    assert grid.selected_ids() == [2, 3, 4, 5]


def test_everything_is_selected_without_the_headings(
    grid: PhotoGrid, model: PhotoModel, qtbot: QtBot
) -> None:
    model.show_found(make_found(IDS, 3, 8))
    QTest.keyClick(grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert grid.selected_ids() == IDS[:8]


def test_a_frame_drawn_with_the_mouse_selects_what_it_touches(
    grid: PhotoGrid, model: PhotoModel, qtbot: QtBot
) -> None:
    model.show_found(make_found(IDS, 6, 6))
    heading = grid.visualRect(model.index(0)).center()
    QTest.mousePress(grid.viewport(), Qt.MouseButton.LeftButton, NO_KEYS, heading)
    for place in (heading + QPoint(0, 40), centre(grid, 2)):
        QTest.mouseMove(grid.viewport(), place)
    assert set(grid.selected_ids()) >= {2}
    assert not grid.grab().isNull()
    QTest.mouseRelease(grid.viewport(), Qt.MouseButton.LeftButton, NO_KEYS, centre(grid, 2))
    assert 6 not in grid.selected_ids()


def test_arrows_pass_over_headings_and_keep_their_column(
    grid: PhotoGrid, model: PhotoModel, qtbot: QtBot
) -> None:
    model.show_found(make_found(IDS, 3, 9))
    grid.show_photo(2)
    steps = [Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left]
    reached = []
    for key in steps:
        QTest.keyClick(grid, key)
        reached.append(grid.current_id())
    assert reached == [5, 2, 3, 4, 3]


def test_home_and_end_and_pages_reach_everything(
    grid: PhotoGrid, model: PhotoModel, qtbot: QtBot
) -> None:
    model.show_photos(np.arange(1, 1001))
    grid.show_photo(1)
    reached = []
    for key in (Qt.Key.Key_End, Qt.Key.Key_Home, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
        QTest.keyClick(grid, key)
        reached.append(grid.current_id())
        assert grid.viewport().rect().contains(grid.visualRect(grid.currentIndex()))
    assert reached[:2] == [1000, 1]
    assert reached[2] is not None
    assert 4 < reached[2] < 30
    assert reached[3] == 1


def test_at_the_edges_arrows_stay(grid: PhotoGrid, model: PhotoModel, qtbot: QtBot) -> None:
    model.show_found(make_found(IDS[:5], 5, 5))
    grid.show_photo(1)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Left):
        QTest.keyClick(grid, key)
        assert grid.current_id() == 1
    grid.show_photo(5)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right):
        QTest.keyClick(grid, key)
        assert grid.current_id() == 5


def test_more_is_shown_by_click_and_the_keyboard_goes_on_at_the_first_new_photo(
    grid: PhotoGrid, model: PhotoModel, qtbot: QtBot
) -> None:
    opened: list[int] = []
    grid.opened.connect(opened.append)
    model.show_found(make_found(list(range(1, 500)), 2, 3))
    click(grid, grid.visualRect(model.index(model.rowCount() - 1)).center())
    assert grid.current_id() == 4
    QTest.keyClick(grid, Qt.Key.Key_End)
    assert grid.current_id() is None
    QTest.keyClick(grid, Qt.Key.Key_Return)
    assert grid.current_id() == 204
    assert opened == []


def test_a_burst_is_spread_out_by_click_and_by_key(
    grid: PhotoGrid, model: PhotoModel, qtbot: QtBot
) -> None:
    model.show_found(make_found(IDS, 6, 6, bursts=BURSTS))
    click(grid, badge(grid, 1))
    assert model.ids_between(0, 6) == [1, 3, 4, 2, 5, 6]
    assert grid.selected_ids() == []
    grid.show_photo(1)
    QTest.keyClick(grid, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert model.ids_between(0, 6) == [1, 2, 5, 6]
    grid.show_photo(2)
    QTest.keyClick(grid, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert model.ids_between(0, 6) == [1, 2, 5, 6]


def test_a_double_click_on_a_burst_opens_nothing(
    grid: PhotoGrid, model: PhotoModel, qtbot: QtBot
) -> None:
    model.show_found(make_found(IDS, 6, 6, bursts=BURSTS))
    with qtbot.assertNotEmitted(grid.opened):
        click(grid, badge(grid, 1))
        QTest.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, NO_KEYS, badge(grid, 1))
    assert model.ids_between(0, 6) == [1, 2, 5, 6]


def test_what_is_typed_goes_to_the_search_box(
    grid: PhotoGrid, model: PhotoModel, qtbot: QtBot
) -> None:
    model.show_photos(np.array(IDS))
    typed: list[str] = []
    grid.typed.connect(typed.append)
    QTest.keyClick(grid, Qt.Key.Key_C)
    QTest.keyClick(grid, Qt.Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(grid, Qt.Key.Key_Backspace)
    QTest.keyClick(grid, Qt.Key.Key_Down)
    grid.keyboardSearch("x")
    assert typed == ["c", "d"]


def turn_wheel(grid: PhotoGrid, keys: Qt.KeyboardModifier, turned: int) -> None:
    place = QPointF(grid.viewport().rect().center())
    event = QWheelEvent(
        place,
        grid.viewport().mapToGlobal(place),
        QPoint(),
        QPoint(0, turned),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(grid.viewport(), event)


def test_control_and_wheel_ask_for_other_cells(grid: PhotoGrid, model: PhotoModel) -> None:
    model.show_photos(np.array(IDS))
    wanted: list[int] = []
    grid.cell_side_wanted.connect(wanted.append)
    turn_wheel(grid, Qt.KeyboardModifier.ControlModifier, 120)
    turn_wheel(grid, Qt.KeyboardModifier.ControlModifier, -120)
    grid.set_cell_side(10_000)
    turn_wheel(grid, Qt.KeyboardModifier.ControlModifier, 120)
    assert wanted == [CELL_SIDE + SIDE_STEP, CELL_SIDE - SIDE_STEP, CELL_SIDES[-1]]
    assert grid.verticalOffset() == 0
    turn_wheel(grid, Qt.KeyboardModifier.NoModifier, -120)
    assert grid.verticalOffset() > 0
    assert len(wanted) == 3


def test_other_cells_keep_the_photo_on_top_where_it_is(grid: PhotoGrid, model: PhotoModel) -> None:
    model.show_photos(np.arange(1, 1001))
    grid.verticalScrollBar().setValue(5000)
    top = model.ids_between(grid.visible_rows().start, grid.visible_rows().start)[0]
    before = grid.visualRect(model.index_of(top)).top()
    grid.set_cell_side(120)
    assert grid.visualRect(model.index_of(top)).top() == before


def test_photos_added_above_do_not_move_what_is_seen(grid: PhotoGrid, model: PhotoModel) -> None:
    model.show_photos(np.arange(1, 1001))
    grid.verticalScrollBar().setValue(5000)
    top = model.ids_between(grid.visible_rows().start, grid.visible_rows().start)[0]
    before = grid.visualRect(model.index_of(top)).top()
    model.append_ids(range(2000, 2100))
    assert grid.visualRect(model.index_of(top)).top() == before


def test_at_the_top_photos_that_are_added_are_seen(grid: PhotoGrid, model: PhotoModel) -> None:
    model.show_photos(np.arange(1, 1001))
    model.append_ids(range(2000, 2100))
    assert grid.verticalOffset() == 0
    assert model.ids_between(0, 0) == [2099]


def test_the_same_wish_ranked_anew_keeps_selection_and_place(
    grid: PhotoGrid, model: PhotoModel, qtbot: QtBot
) -> None:
    many = list(range(1, 200))
    model.show_found(make_found(many, 100, 150))
    grid.show_photo(5)
    grid.selectionModel().select(model.index_of(7), SELECT)
    grid.verticalScrollBar().setValue(333)
    with qtbot.assertNotEmitted(grid.current_changed):
        model.show_found(make_found(many[::-1], 190, 195))
    assert grid.selected_ids() == [7, 5]
    assert grid.current_id() == 5
    assert grid.verticalOffset() == 333


def test_a_new_wish_begins_at_the_top_with_nothing_selected(
    grid: PhotoGrid, model: PhotoModel, qtbot: QtBot
) -> None:
    many = list(range(1, 200))
    model.show_found(make_found(many, 100, 150))
    grid.show_photo(5)
    grid.verticalScrollBar().setValue(333)
    with qtbot.waitSignals([grid.current_changed, grid.selection_changed]):
        model.show_found(make_found(many, 100, 150, text="con mèo"))
    assert grid.selected_ids() == []
    assert grid.current_id() is None
    assert grid.verticalOffset() == 0


def test_the_menu_is_made_for_the_selected_photos(
    grid: PhotoGrid, model: PhotoModel, qtbot: QtBot
) -> None:
    asked: list[list[int]] = []

    def menu_of(ids: list[int]) -> QMenu:
        asked.append(ids)
        menu = QMenu(grid)
        menu.addAction("Open")
        return menu

    def ask() -> None:
        reason = QContextMenuEvent.Reason.Keyboard
        QApplication.sendEvent(grid.viewport(), QContextMenuEvent(reason, QPoint(1, 1), QPoint()))

    model.show_photos(np.array(IDS))
    grid.set_menu_provider(menu_of)
    ask()
    assert asked == []
    grid.show_photo(2)
    ask()
    assert asked == [[2]]
    menu = grid._menu
    assert menu is not None
    cell = grid.visualRect(grid.currentIndex())
    assert QRect(grid.viewport().mapToGlobal(cell.topLeft()), cell.size()).contains(menu.pos())
    menu.close()


def test_selected_photos_are_dragged_as_their_files_with_a_picture(
    grid: PhotoGrid, model: PhotoModel, loader: ThumbnailLoader, qtbot: QtBot
) -> None:
    grid.set_paths_provider(lambda ids: [b"/photos/%d.jpg" % photo_id for photo_id in ids])
    with qtbot.waitSignals([loader.ready] * 6):
        model.show_photos(np.arange(1, 7))
    grid.selectAll()
    drag = grid._drag(model.mime_of(grid.selected_ids()))
    assert len(drag.mimeData().urls()) == 6
    assert not drag.pixmap().isNull()
    grid.clearSelection()
    grid.startDrag(Qt.DropAction.CopyAction)  # there is nothing to drag: it comes back


def test_what_is_dropped_goes_to_the_window(grid: PhotoGrid) -> None:
    assert not grid.acceptDrops()
    assert not grid.viewport().acceptDrops()


def test_only_cells_in_sight_wish_for_thumbnails(
    grid: PhotoGrid, model: PhotoModel, loader: ThumbnailLoader, qtbot: QtBot
) -> None:
    gone: list[int] = []
    loader.vanished.connect(gone.append)
    with qtbot.waitSignal(loader.ready):
        model.append_ids(range(10_000, 0, -1))
    qtbot.waitUntil(lambda: len(gone) + 6 == len(grid.visible_rows()))
    assert max(gone) <= len(grid.visible_rows())


def test_a_photo_that_is_gone_is_marked_so(
    grid: PhotoGrid, model: PhotoModel, loader: ThumbnailLoader, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(loader.vanished):
        model.show_photos(np.array([999]))
    assert "File is gone" in model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_the_empty_grid_says_why(grid: PhotoGrid, qtbot: QtBot) -> None:
    blank = grid.grab().toImage()
    grid.set_empty_text("No photos yet", "Drop a folder anywhere on this window.")
    assert grid.grab().toImage() != blank


def test_keys_do_nothing_where_there_are_no_photos(grid: PhotoGrid, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(grid.opened):
        for key in (Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Return, Qt.Key.Key_Space):
            QTest.keyClick(grid, key)
    assert grid.current_id() is None


def test_a_narrow_grid_still_shows_a_column(grid: PhotoGrid, model: PhotoModel) -> None:
    model.show_photos(np.array(IDS))
    grid.resize(120, 300)
    assert grid.visualRect(model.index(1)).top() > grid.visualRect(model.index(0)).bottom()


def test_it_stands_in_a_window_and_has_a_name(grid: PhotoGrid) -> None:
    assert isinstance(grid, QWidget)
    assert grid.accessibleName() == "Photos"


def test_a_folder_listed_anew_does_not_move_what_is_seen(
    grid: PhotoGrid, model: PhotoModel
) -> None:
    model.show_photos(np.arange(1, 1001))
    grid.verticalScrollBar().setValue(5000)
    top = model.ids_between(grid.visible_rows().start, grid.visible_rows().start)[0]
    before = grid.visualRect(model.index_of(top)).top()
    model.show_photos(np.arange(-49, 1001), same_place=True)
    assert grid.visualRect(model.index_of(top)).top() == before
    model.show_photos(np.arange(1, 1001))
    assert grid.verticalOffset() == 0
