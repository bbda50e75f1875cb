"""Shared by the tests of the window."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.inference.messages import Machine
from engine.library.library import Library
from engine.models.installed import InstalledCheckpoint
from engine.workspace import DEFAULTS
from gui.main_window import MainWindow
from gui.session import Session
from gui.settings import Settings
from gui.tasks import TaskRunner

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
MakePhoto = Callable[..., Path]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def as_qt_comes(qapp: QApplication) -> Iterator[None]:
    """Let every test begin with the words, numbers and looks that Qt has by itself."""
    style_sheet, palette = qapp.styleSheet(), qapp.palette()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()
    qapp.setStyleSheet(style_sheet)
    qapp.setPalette(palette)


@pytest.fixture(autouse=True)
def garbage_is_collected_here() -> Iterator[None]:
    """As in the program: a Qt object that is freed in another thread ends the process."""
    gc.disable()
    yield
    gc.collect()
    gc.freeze()  # what is left stays: looking through all modules takes half a second
    gc.enable()


@pytest.fixture
def library_folder(tmp_path: Path, tiny_pair: Pair, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new library that is searched with the tiny encoders."""
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(tiny_pair[0].folder.parent))
    folder = tmp_path / "library"
    with Library.open(folder) as library:
        for family, checkpoint in zip(DEFAULTS, tiny_pair, strict=True):
            library.remember(family, checkpoint.record.name)
    return folder


@pytest.fixture
def album(tmp_path: Path, make_photo: MakePhoto) -> Path:
    """A folder of ten photos."""
    folder = tmp_path / "album"
    for number in range(10):
        make_photo(folder / f"{number}.png", number)
    return folder


@pytest.fixture
def errors() -> list[Exception]:
    """What the background threads reported."""
    return []


@pytest.fixture
def tasks(qtbot: QtBot, errors: list[Exception]) -> Iterator[TaskRunner]:
    runner = TaskRunner(errors.append)
    yield runner
    runner.close()


@pytest.fixture
def session(
    qtbot: QtBot, library_folder: Path, tasks: TaskRunner, errors: list[Exception]
) -> Iterator[Session]:
    """An open session over an empty library."""
    session = Session(library_folder, tasks, Machine())
    session.failed.connect(errors.append)
    with qtbot.waitSignal(session.ready, timeout=30_000):
        session.start()
    yield session
    session.close()


@pytest.fixture
def window(
    qtbot: QtBot, library_folder: Path, tasks: TaskRunner, errors: list[Exception]
) -> Iterator[MainWindow]:
    """A window over an empty library that is ready to be searched."""
    session = Session(library_folder, tasks, Machine())
    session.failed.connect(errors.append)
    window = MainWindow(session, tasks, Settings(cell_side=96))
    window.show()
    window.resize(1280, 800)
    with qtbot.waitSignal(session.ready, timeout=30_000):
        session.start()
    yield window
    session.close()
    window.close_down()
    tasks.close()
    window.photos.viewer.deleteLater()
    window.deleteLater()


@pytest.fixture
def filled(qtbot: QtBot, window: MainWindow, album: Path) -> MainWindow:
    """The window with the ten photos of an album, embedded."""
    with qtbot.waitSignal(window.session.queue_emptied, timeout=30_000):
        window.session.add([os.fsencode(album)])
    qtbot.waitUntil(lambda: window.pages.page == "photos", timeout=10_000)
    qtbot.waitUntil(lambda: window.photos.model.rowCount() == 10, timeout=10_000)
    return window
