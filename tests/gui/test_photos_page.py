import os
from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from engine.images.thumbnails import remove_thumbnail
from engine.paths import LibraryPaths
from gui.main_window import MainWindow


def test_the_grid_follows_the_viewer(filled: MainWindow) -> None:
    """Else Ctrl+D in the window would mark a photo that was left long ago."""
    page = filled.photos
    ids = page.model.ids_between(0, 9)
    page.grid.show_photo(ids[2])
    page.grid.opened.emit(ids[2])
    page.viewer.commands.next.trigger()
    assert page.grid.selected_ids() == [ids[3]]
    page.viewer.close()
    assert page.photo_actions._ids == [ids[3]]


def test_a_look_at_one_of_many_leaves_them_selected(filled: MainWindow) -> None:
    page = filled.photos
    page.grid.selectAll()
    chosen = page.grid.selected_ids()
    current = page.grid.current_id() or chosen[0]
    page.grid.setCurrentIndex(page.model.index_of(current))
    page.grid.selectAll()
    page.grid.opened.emit(current)
    assert page.photo_actions._ids == [current]
    page.viewer.close()
    assert page.photo_actions._ids == chosen == page.grid.selected_ids()


def test_photos_of_a_folder_that_is_back_are_looked_at_again(
    qtbot: QtBot, filled: MainWindow, album: Path
) -> None:
    page, session = filled.photos, filled.session
    qtbot.waitUntil(lambda: bool(session.folders) and page._online != set(), timeout=10_000)
    [photo_id] = page.model.ids_between(0, 0)
    remove_thumbnail(LibraryPaths(session.library_folder).thumbnails, photo_id)
    away = album.rename(album.with_name("away"))
    offline = [replace(folder, online=False) for folder in session.folders]
    session.folders_changed.emit(offline)
    page.thumbnails.forget([photo_id])
    page.thumbnails.request(photo_id)
    qtbot.waitUntil(lambda: bool(page.thumbnails.failure(photo_id)), timeout=10_000)
    away.rename(album)
    session.folders_changed.emit([replace(folder, online=True) for folder in offline])
    qtbot.waitUntil(lambda: page.thumbnails.pixmap(photo_id) is not None, timeout=10_000)


def test_files_that_are_held_back_are_looked_at_again_when_they_return(
    qtbot: QtBot, filled: MainWindow, album: Path
) -> None:
    page = filled.photos
    [photo_id] = page.model.ids_between(0, 0)
    [photo] = filled.session.photos([photo_id])
    remove_thumbnail(LibraryPaths(filled.session.library_folder).thumbnails, photo_id)
    path = Path(os.fsdecode(photo.path))
    path.rename(path.with_suffix(".away"))
    page.thumbnails.forget([photo_id])
    page.thumbnails.request(photo_id)
    qtbot.waitUntil(lambda: page.thumbnails.failure(photo_id) == "", timeout=10_000)
    path.with_suffix(".away").rename(path)
    filled.session.photos_vanished.emit(set())
    qtbot.waitUntil(lambda: page.thumbnails.pixmap(photo_id) is not None, timeout=10_000)
