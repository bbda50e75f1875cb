import os
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from gui.photos.open_with_menu import OpenWithMenu


@pytest.fixture
def viewer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program for JPEG, the only one of the system; it writes down what it is told."""
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "system"))
    program = tmp_path / "view"
    told = tmp_path / "told"
    program.write_text(f'#!/bin/sh\nprintf "%s" "$1" > {told}.new\nmv {told}.new {told}\n')
    program.chmod(0o755)
    applications = tmp_path / "system" / "applications"
    applications.mkdir(parents=True)
    lines = ["[Desktop Entry]", "Name=Xem ảnh", f"Exec={program} %f", "MimeType=image/jpeg;"]
    (applications / "view.desktop").write_text("\n".join(lines))
    return program


def _shown(menu: OpenWithMenu) -> list[QAction]:
    menu.aboutToShow.emit()
    return [action for action in menu.actions() if not action.isSeparator()]


def _menu(qtbot: QtBot, *paths: bytes) -> OpenWithMenu:
    menu = OpenWithMenu(lambda: paths)
    qtbot.addWidget(menu)
    return menu


def test_the_programs_for_the_photo_are_listed(qtbot: QtBot, viewer: Path) -> None:
    menu = _menu(qtbot, b"/tmp/a.jpg")
    assert [action.text() for action in _shown(menu)] == ["Xem ảnh", "Another program…"]
    assert [action.text() for action in _shown(menu)] == ["Xem ảnh", "Another program…"]


def test_another_type_has_other_programs(qtbot: QtBot, viewer: Path) -> None:
    menu = _menu(qtbot, b"/tmp/a.png")
    assert [action.text() for action in _shown(menu)] == ["Another program…"]


def test_the_chosen_program_gets_the_photo(qtbot: QtBot, viewer: Path, tmp_path: Path) -> None:
    menu = _menu(qtbot, os.fsencode(tmp_path / "Tết.jpg"))
    _shown(menu)[0].trigger()
    told = tmp_path / "told"
    qtbot.waitUntil(told.exists)
    assert told.read_text() == str(tmp_path / "Tết.jpg")


def test_a_program_that_does_not_start_is_told(qtbot: QtBot, viewer: Path) -> None:
    menu = _menu(qtbot, b"/tmp/a.jpg")
    action = _shown(menu)[0]
    viewer.unlink()
    with qtbot.waitSignal(menu.failed) as waiting:
        action.trigger()
    assert waiting.args == ["Xem ảnh could not be started."]


def test_any_program_of_the_disk_can_be_chosen(qtbot: QtBot, viewer: Path, tmp_path: Path) -> None:
    menu = _menu(qtbot, b"/tmp/a.png")
    _shown(menu)[-1].trigger()
    dialogs = [one for one in QApplication.topLevelWidgets() if isinstance(one, QFileDialog)]
    dialogs[-1].fileSelected.emit(str(viewer))
    dialogs[-1].reject()
    qtbot.waitUntil((tmp_path / "told").exists)


def test_without_photos_there_is_nothing_to_list(qtbot: QtBot, viewer: Path) -> None:
    menu = _menu(qtbot)
    assert len(_shown(menu)) == 1
