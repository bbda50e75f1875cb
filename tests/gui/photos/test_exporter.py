import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QProgressDialog
from pytestqt.qtbot import QtBot

from gui.photos.exporter import Exporter
from gui.tasks import TaskRunner

MakePhoto = Callable[..., Path]


@pytest.fixture
def exporter(tasks: TaskRunner) -> Exporter:
    return Exporter(tasks)


@pytest.fixture
def paths(tmp_path: Path, make_photo: MakePhoto) -> list[bytes]:
    names = [tmp_path / "album" / f"Ảnh {number}.jpg" for number in range(3)]
    return [os.fsencode(make_photo(name, number)) for number, name in enumerate(names)]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "target"
    folder.mkdir()
    return folder


def test_copies_are_made_and_counted(
    qtbot: QtBot, exporter: Exporter, paths: list[bytes], target: Path
) -> None:
    with qtbot.waitSignal(exporter.told) as waiting:
        exporter.export(paths, target)
        assert exporter.is_busy
    assert waiting.args == [f"3 photo(s) copied to {target}."]
    assert len(os.listdir(target)) == 3
    assert not exporter.is_busy


def test_what_could_not_be_read_is_counted_too(
    qtbot: QtBot, exporter: Exporter, paths: list[bytes], target: Path
) -> None:
    os.unlink(paths[1])
    with qtbot.waitSignal(exporter.told) as waiting:
        exporter.export(paths, target)
    assert waiting.args is not None
    assert waiting.args[0].endswith("1 could not be read: gone, or not permitted.")
    assert sorted(os.listdir(target)) == ["Ảnh 0.jpg", "Ảnh 2.jpg"]


def test_a_folder_that_cannot_be_written_is_told_with_what_was_done(
    qtbot: QtBot, exporter: Exporter, paths: list[bytes], tmp_path: Path
) -> None:
    with qtbot.waitSignal(exporter.told) as waiting:
        exporter.export(paths, tmp_path / "away")
    assert waiting.args is not None
    assert waiting.args[0].startswith("The copies cannot be written to")
    assert "0 photo(s) copied" in waiting.args[0]
    assert not exporter.is_busy


def test_it_can_be_cancelled(
    qtbot: QtBot, exporter: Exporter, paths: list[bytes], target: Path
) -> None:
    with qtbot.waitSignal(exporter.told) as waiting:
        exporter.export(paths * 500, target)
        windows = QApplication.topLevelWidgets()
        progress = [one for one in windows if isinstance(one, QProgressDialog)]
        progress[-1].canceled.emit()
    count = len(os.listdir(target))
    assert waiting.args == [f"Copying was cancelled. {count} photo(s) copied to {target}."]
    assert count < 1500
    assert not exporter.is_busy


def test_one_export_at_a_time(
    qtbot: QtBot, exporter: Exporter, paths: list[bytes], target: Path
) -> None:
    exporter.export(paths, target)
    with qtbot.waitSignal(exporter.told) as waiting:
        exporter.export(paths, target)
    assert waiting.args == ["Photos are being copied already; wait for them or cancel."]
    with qtbot.waitSignal(exporter.told):
        pass
    assert len(os.listdir(target)) == 3


def test_the_user_chooses_the_folder(
    qtbot: QtBot, exporter: Exporter, paths: list[bytes], target: Path
) -> None:
    exporter.ask_and_export(paths)
    windows = QApplication.topLevelWidgets()
    (dialog,) = [one for one in windows if isinstance(one, QFileDialog) and one.isVisible()]
    assert dialog.fileMode() == QFileDialog.FileMode.Directory
    with qtbot.waitSignal(exporter.told):
        dialog.fileSelected.emit(str(target))
    dialog.reject()
    assert len(os.listdir(target)) == 3


def test_a_mistake_of_the_program_is_raised_and_ends_the_export(
    qtbot: QtBot, exporter: Exporter, target: Path
) -> None:
    with qtbot.captureExceptions() as raised, qtbot.waitSignal(exporter.told):
        exporter.export([b"no path\0"], target)
    assert raised[0][0] is ValueError
    assert not exporter.is_busy
