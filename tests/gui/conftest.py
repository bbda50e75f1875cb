"""Shared by the tests of the window."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.inference.messages import Machine
from engine.library.library import Library
from engine.models.installed import InstalledCheckpoint
from engine.workspace import DEFAULTS
from gui.session import Session
from gui.tasks import TaskRunner

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
MakePhoto = Callable[..., Path]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


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
