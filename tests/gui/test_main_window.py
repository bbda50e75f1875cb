import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from engine.search.composing import Wish
from engine.search.fusion import Fusion
from gui.main_window import MainWindow

MakePhoto = Callable[..., Path]


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    place, no_key = window.pages.geometry().center(), Qt.KeyboardModifier.NoModifier
    for event in (
        QDragEnterEvent(QPoint(place), copy, data, left, no_key),
        QDropEvent(QPointF(place), copy, data, left, no_key),
    ):
        QApplication.sendEvent(window, event)


def actions(window: MainWindow) -> list[QAction]:
    """Everything in the menus."""
    menus = [menu for menu in window.menuBar().findChildren(QMenu) if menu.title()]
    return [action for menu in menus for action in menu.actions() if action.text()]


def page(window: MainWindow) -> str:
    """The page that is shown."""
    return window.pages.page


def find(window: MainWindow, text: str) -> QAction:
    return next(each for each in actions(window) if text in each.text().replace("&", ""))


def test_an_empty_library_welcomes_and_takes_a_dropped_folder(
    qtbot: QtBot, window: MainWindow, album: Path
) -> None:
    qtbot.waitUntil(lambda: page(window) == "welcome", timeout=10_000)
    drop(window, album)
    qtbot.waitUntil(lambda: page(window) == "photos", timeout=10_000)
    qtbot.waitUntil(lambda: window.photos.model.rowCount() == 10, timeout=10_000)
    assert window.folder_panel.isVisible()


def test_what_is_neither_folder_nor_photo_is_told(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    notes = tmp_path / "ghi chú.txt"
    notes.touch()
    drop(window, notes)
    assert any("ghi chú.txt" in sentence for sentence in window.message_bar.sentences)


def test_a_foreign_photo_can_be_searched_with(
    qtbot: QtBot, filled: MainWindow, tmp_path: Path, make_photo: MakePhoto
) -> None:
    foreign = make_photo(tmp_path / "elsewhere" / "x.png", 3)
    drop(filled, foreign)
    (box,) = filled.findChildren(QMessageBox)
    next(b for b in box.findChildren(QPushButton) if "like this" in b.text()).click()
    qtbot.waitUntil(lambda: filled.photos.model.found is not None, timeout=20_000)
    assert filled.search_bar.wish == Wish(picture=os.fsencode(foreign))
    found = filled.photos.model.found
    assert found is not None
    best = filled.session.photos([int(found.ranking.ids[0])])[0]
    assert os.path.basename(best.shown_path) == "3.png"  # the same picture


def test_a_photo_of_the_library_is_searched_with_at_once(
    qtbot: QtBot, filled: MainWindow, album: Path
) -> None:
    drop(filled, album / "7.png")
    qtbot.waitUntil(lambda: filled.photos.model.found is not None, timeout=20_000)


def test_typing_in_the_grid_goes_on_in_the_search_box(qtbot: QtBot, filled: MainWindow) -> None:
    filled.photos.grid.setFocus()
    QTest.keyClicks(filled.photos.grid, "cho")
    assert filled.search_bar.line.text() == "cho"
    qtbot.waitUntil(lambda: filled.photos.model.found is not None, timeout=20_000)


def test_a_query_that_cannot_be_searched_is_underlined(qtbot: QtBot, filled: MainWindow) -> None:
    filled.search_bar.set_wish(Wish("-chó"))
    with qtbot.waitSignal(filled.photos.search.refused, timeout=10_000):
        pass
    labels = [w for w in filled.search_bar.findChildren(QWidget) if hasattr(w, "text")]
    assert any("what to avoid" in w.text() for w in labels)


def test_results_are_shown_wherever_the_user_is(qtbot: QtBot, filled: MainWindow) -> None:
    find(filled, "Problems").trigger()
    assert page(filled) == "problems"
    assert not filled.photos.panel.isVisible()
    filled.search_bar.set_wish(Wish("một con chó"))
    assert page(filled) == "photos"
    assert filled.photos.panel.isVisible()


def test_the_evaluation_is_made_when_it_is_first_wanted(qtbot: QtBot, filled: MainWindow) -> None:
    before = filled.evaluation
    assert before is None
    find(filled, "Evaluation").trigger()
    panel = filled.evaluation
    assert panel is not None
    assert panel.isVisible()
    best = Fusion("minmax", (0.1, 0.9))
    panel.fusion_chosen.emit(best)
    assert filled.photos.fusion_bar.fusion == best
    find(filled, "Photos").trigger()
    assert page(filled) == "photos"


def test_folders_and_favourites_restrict_what_is_shown(qtbot: QtBot, filled: MainWindow) -> None:
    filled.photos.marks.set_favourites([2, 5], True)
    filled.folder_panel.choose("favourites")
    qtbot.waitUntil(lambda: filled.photos.model.rowCount() == 2, timeout=10_000)
    filled.folder_panel.choose(filled.session.folders[0].id)
    qtbot.waitUntil(lambda: filled.photos.model.rowCount() == 10, timeout=10_000)
    assert filled.photos.browser.restriction.folder == filled.session.folders[0].path


def test_a_photo_is_opened_large_and_gone_through(qtbot: QtBot, filled: MainWindow) -> None:
    first = filled.photos.model.id_at(filled.photos.model.index(0, 0))
    assert first is not None
    filled.photos.grid.opened.emit(first)
    viewer = filled.photos.viewer
    assert viewer.isVisible()
    assert viewer.current_id == first
    viewer.close()


def test_every_menu_entry_has_a_name_and_no_key_twice(filled: MainWindow) -> None:
    keys = [key for each in actions(filled) for key in [each.shortcut().toString()] if key]
    assert len(actions(filled)) >= 20
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("text", ["Rank by OpenCLIP alone", "Rank by BEiT3 alone"])
def test_modes_are_chosen_from_the_menu(filled: MainWindow, text: str) -> None:
    find(filled, text).trigger()
    assert filled.photos.fusion_bar.mode in text.lower()


def test_photos_grow_and_shrink_from_the_menu(filled: MainWindow) -> None:
    before = filled.photos.fusion_bar.cell_side
    find(filled, "Larger photos").trigger()
    assert filled.photos.fusion_bar.cell_side > before
    find(filled, "Smaller photos").trigger()
    assert filled.photos.fusion_bar.cell_side == before


def test_everything_that_takes_keys_has_a_name_for_screen_readers(filled: MainWindow) -> None:
    find(filled, "Evaluation").trigger()
    nameless = [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in filled.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and not widget.accessibleName()
        and not getattr(widget, "text", lambda: "")()
    ]
    assert not nameless


def test_removing_the_last_folder_welcomes_again(
    qtbot: QtBot, filled: MainWindow, album: Path
) -> None:
    filled.session.remove_folder(filled.session.folders[0].id)
    qtbot.waitUntil(lambda: page(filled) == "welcome", timeout=10_000)
    assert len(list(album.iterdir())) == 10


def test_problems_are_counted_and_listed_and_tried_again(
    qtbot: QtBot, window: MainWindow, album: Path
) -> None:
    (album / "broken.jpg").write_bytes(b"no picture")
    window.session.add([os.fsencode(album)])
    qtbot.waitUntil(lambda: "1" in window.page_bar._pages["problems"].toolTip(), timeout=30_000)
    window.pages.turn_to("problems")
    page = window.problems_page
    qtbot.waitUntil(lambda: page.table.model().rowCount() == 1, timeout=10_000)
    (album / "broken.jpg").unlink()
    page.retry_wanted.emit([os.fsencode(album / "broken.jpg")])
    qtbot.waitUntil(lambda: page.table.model().rowCount() == 0, timeout=30_000)


def test_a_narrow_window_does_without_the_details_and_then_the_folders(
    qtbot: QtBot, filled: MainWindow
) -> None:
    seen = []
    for width in (1280, 1000, 700, 1280):
        filled.resize(width, 600)
        QApplication.processEvents()
        centre = filled.centralWidget()
        assert centre is not None
        assert centre.minimumSizeHint().width() <= width
        seen.append((filled.folder_panel.isVisible(), filled.photos.panel.isVisible()))
    assert seen == [(True, True), (True, False), (False, False), (True, True)]


def test_keys_for_photos_do_nothing_while_the_photos_are_not_seen(filled: MainWindow) -> None:
    filled.photos.grid.selectAll()
    assert filled.photos.photo_actions.favourite.isEnabled()
    find(filled, "Problems").trigger()
    assert not filled.photos.photo_actions.favourite.isEnabled()
    find(filled, "Photos").trigger()
    assert filled.photos.photo_actions.favourite.isEnabled()
