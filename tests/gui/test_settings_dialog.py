from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from engine.models.installed import InstalledCheckpoint
from engine.paths import LibraryPaths
from gui.library_moving import Move
from gui.settings import Settings
from gui.settings_dialog import Facts, SettingsDialog
from gui.tasks import TaskRunner

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
LEFT = Qt.MouseButton.LeftButton
GENERAL, INDEXING, MODELS, DATA = range(4)


@pytest.fixture
def dialog(
    qtbot: QtBot, tasks: TaskRunner, tiny_pair: Pair, library_folder: Path
) -> SettingsDialog:
    openclip, beit3 = (checkpoint.record.name for checkpoint in tiny_pair)
    facts = Facts(library_folder, (openclip, beit3))
    dialog = SettingsDialog(
        Settings(cell_side=300), facts, tasks, choose_folder=lambda parent, title: "/ảnh/nháp"
    )
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def texts(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def test_nothing_is_told_until_something_has_been_changed(
    dialog: SettingsDialog, qtbot: QtBot
) -> None:
    assert not dialog.apply_button.isEnabled()
    with qtbot.assertNotEmitted(dialog.changed):
        QTest.mouseClick(dialog.ok_button, LEFT)
    assert not dialog.isVisible()


def test_changes_on_several_pages_are_told_at_once_and_the_rest_stays(
    dialog: SettingsDialog, qtbot: QtBot
) -> None:
    dialog.general.theme.setCurrentText("Dark")
    QTest.mouseClick(dialog.indexing.add_button, LEFT)
    dialog.indexing.shares["gentle"].click()
    with qtbot.waitSignal(dialog.changed) as changed:
        QTest.mouseClick(dialog.ok_button, LEFT)
    wanted = Settings(
        cell_side=300, theme="dark", machine_share="gentle", excluded_folders=("/ảnh/nháp",)
    )
    assert changed.args == [wanted]


def test_applying_leaves_the_dialog_open_and_tells_each_change_once(
    dialog: SettingsDialog, qtbot: QtBot
) -> None:
    dialog.general.theme.setCurrentText("Dark")
    assert dialog.apply_button.isEnabled()
    with qtbot.waitSignal(dialog.changed):
        QTest.mouseClick(dialog.apply_button, LEFT)
    assert dialog.isVisible()
    assert not dialog.apply_button.isEnabled()
    with qtbot.assertNotEmitted(dialog.changed):
        QTest.mouseClick(dialog.ok_button, LEFT)


def test_a_change_taken_back_is_no_change(dialog: SettingsDialog) -> None:
    dialog.general.theme.setCurrentText("Dark")
    dialog.general.theme.setCurrentText("As the system")
    assert not dialog.apply_button.isEnabled()


@pytest.mark.parametrize(
    "leave",
    [
        lambda dialog: QTest.mouseClick(dialog.cancel_button, LEFT),
        lambda dialog: QTest.keyClick(dialog, Qt.Key.Key_Escape),
    ],
    ids=["button", "escape"],
)
def test_cancelling_tells_nothing(
    dialog: SettingsDialog, qtbot: QtBot, leave: Callable[[SettingsDialog], None]
) -> None:
    dialog.general.theme.setCurrentText("Dark")
    with qtbot.assertNotEmitted(dialog.changed):
        leave(dialog)
    assert not dialog.isVisible()


def test_the_models_are_shown_from_here(dialog: SettingsDialog, qtbot: QtBot) -> None:
    dialog.list.setCurrentRow(MODELS)
    assert "tiny-openclip" in texts(dialog.models)
    with qtbot.waitSignal(dialog.models_wanted):
        QTest.mouseClick(dialog.models.models_button, LEFT)
    assert dialog.isVisible()


def test_the_size_is_counted_when_it_is_looked_at(
    dialog: SettingsDialog, qtbot: QtBot, library_folder: Path
) -> None:
    paths = LibraryPaths(library_folder)
    paths.thumbnails.mkdir()
    (paths.thumbnails / "1.jpg").write_bytes(b"x" * 5 * 2**20)
    dialog.list.setCurrentRow(DATA)
    qtbot.waitUntil(lambda: "5.0 MB" in texts(dialog.data))


def test_the_size_is_counted_again_after_something_was_done(
    dialog: SettingsDialog, qtbot: QtBot, library_folder: Path
) -> None:
    dialog.list.setCurrentRow(DATA)
    paths = LibraryPaths(library_folder)
    paths.indexes.mkdir(exist_ok=True)
    (paths.indexes / "a.faiss").write_bytes(b"x" * 7 * 2**20)
    dialog.show_move(Move(1, 2))
    dialog.measure(library_folder)
    qtbot.waitUntil(lambda: "7.0 MB" in texts(dialog.data))
    assert dialog.data.move_button.isEnabled()


def test_what_is_to_be_done_to_the_data_is_passed_on(dialog: SettingsDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.data_action) as action:
        dialog.data.action.emit("clear_indexes", None)
    assert action.args == ["clear_indexes", None]


def test_the_pages_are_turned_by_the_keyboard(dialog: SettingsDialog) -> None:
    dialog.list.setFocus()
    assert dialog.general.isVisible()
    QTest.keyClick(dialog.list, Qt.Key.Key_Down)
    assert dialog.indexing.isVisible()
    assert not dialog.general.isVisible()


def test_a_language_is_not_said_to_wait_for_the_next_start(dialog: SettingsDialog) -> None:
    """The window is opened anew in it at once."""
    assert "start of" not in texts(dialog.general)


@pytest.mark.parametrize("row", [GENERAL, INDEXING, MODELS, DATA])
def test_every_page_fits_without_scrolling_sideways(dialog: SettingsDialog, row: int) -> None:
    dialog.list.setCurrentRow(row)
    page = (dialog.general, dialog.indexing, dialog.models, dialog.data)[row]
    assert page.minimumSizeHint().width() <= dialog.width() - dialog.list.width()
