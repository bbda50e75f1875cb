"""The program as a user has it: real files, the real model process, the bundled checkpoints."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QInputMethodEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.cli.scenes import draw_scenes
from engine.library.library import Library
from engine.paths import bundled_checkpoints_folder
from gui.application import Program
from gui.main_window import MainWindow
from gui.settings import SettingsFile

QUERY = "một con chó nâu trong tuyết"
RIGHT = "cho-nau-tuyet"  # by the name of its files
COPIES = 5  # of each drawn scene, a little smaller each time

pytestmark = pytest.mark.skipif(
    not (bundled_checkpoints_folder() / "starter-openclip").exists(),
    reason="a checkout without the bundled weights",
)


@pytest.fixture
def scenes(tmp_path: Path) -> Path:
    """A folder of drawn scenes, several of each."""
    folder = tmp_path / "Ảnh nghỉ hè"
    folder.mkdir()
    for name, _, image in draw_scenes():
        for copy in range(COPIES):
            smaller = image.resize((image.width - 10 * copy, image.height - 10 * copy))
            smaller.save(folder / f"{name}-{copy}.jpg", quality=95)
    return folder


@pytest.fixture
def program(qapp: QApplication, tmp_path: Path) -> Iterator[Callable[[], Program]]:
    """Starts the program over the same library, as often as it is called."""
    started: list[Program] = []

    def start() -> Program:
        settings = SettingsFile(tmp_path / "settings.json")
        program = Program(qapp, settings, tmp_path / "thư viện")
        assert program.begin([])
        started.append(program)
        return program

    yield start
    for each in started:
        each.close()
        each.quit()


def window_of(program: Program) -> MainWindow:
    assert program.window is not None
    return program.window


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    place, no_key = window.rect().center(), Qt.KeyboardModifier.NoModifier
    for event in (
        QDragEnterEvent(place, copy, data, left, no_key),
        QDropEvent(QPointF(place), copy, data, left, no_key),
    ):
        QApplication.sendEvent(window, event)


def embedded(window: MainWindow) -> int:
    tools = window.session.tools
    return min(len(index) for index in tools.indexes.values()) if tools else 0


def names_in_view(window: MainWindow) -> list[str]:
    """File names of the photos that can be seen without scrolling, in order."""
    grid, model = window.photos.grid, window.photos.model
    seen = []
    for row in range(model.rowCount()):
        index = model.index(row, 0)
        photo_id = model.id_at(index)
        if photo_id is not None and grid.visualRect(index).intersects(grid.viewport().rect()):
            seen.append(photo_id)
    return [os.path.basename(photo.shown_path) for photo in window.session.photos(seen)]


def search(qtbot: QtBot, window: MainWindow, text: str) -> None:
    window.search_bar.clear()
    with qtbot.waitSignal(window.photos.search.found, timeout=60_000):
        for letter in text:  # as an input method hands them over, one by one
            typed = QInputMethodEvent("", [])
            typed.setCommitString(letter)
            QApplication.sendEvent(window.search_bar.line, typed)
    assert window.photos.model.found is not None


def kill_the_model_process() -> None:
    for child in psutil.Process().children():
        if "spawn_main" in " ".join(child.cmdline()):
            child.send_signal(signal.SIGKILL)


def test_from_a_dropped_folder_to_the_right_photo_through_every_mishap(
    qtbot: QtBot, program: Callable[[], Program], scenes: Path
) -> None:
    first = program()
    window = window_of(first)
    qtbot.waitExposed(window)
    count = len(list(scenes.iterdir()))
    qtbot.waitUntil(lambda: window.pages.page == "welcome", timeout=10_000)

    with qtbot.waitSignal(window.photos.thumbnails.ready, timeout=20_000):
        drop(window, scenes)
    with qtbot.waitSignal(window.session.photos_embedded, timeout=60_000):
        pass
    with qtbot.waitSignal(window.session.restarted, timeout=60_000):
        kill_the_model_process()
    qtbot.waitUntil(lambda: embedded(window) == count, timeout=120_000)
    assert window.pages.page == "photos"

    search(qtbot, window, QUERY)
    assert names_in_view(window)[0].startswith(RIGHT)

    victim, moved = sorted(scenes.iterdir())[:2]
    victim.unlink()
    moved.rename(moved.with_name("đổi tên.jpg"))
    shutil.copy(sorted(scenes.iterdir())[5], scenes / "bản sao.jpg")
    with Library.open_to_read(window.session.library_folder) as library:

        def known() -> set[str]:
            photos = library.photos.get(library.photos.ids())
            return {os.path.basename(photo.shown_path) for photo in photos}

        expected = {path.name for path in scenes.iterdir()}
        qtbot.waitUntil(lambda: known() == expected, timeout=60_000)
    qtbot.waitUntil(lambda: embedded(window) == count, timeout=60_000)
    first.quit()

    second = program()
    window = window_of(second)
    qtbot.waitUntil(lambda: embedded(window) == count, timeout=60_000)
    search(qtbot, window, QUERY)
    assert names_in_view(window)[0].startswith(RIGHT)
