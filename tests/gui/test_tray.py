from collections.abc import Callable

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from gui.folder_state import FolderState
from gui.progress import Progress
from gui.theme import icon
from gui.tray import TrayIcon

IDLE = Progress()
EMBEDDING = Progress("embedding", "", 312, 810)


class Tray(TrayIcon):
    """Tells its messages to the test instead of the desktop."""

    def __init__(self, *, window_hidden: bool) -> None:
        super().__init__(icon("app"), lambda: window_hidden)
        self.messages: list[str] = []

    def showMessage(self, title: str, message: str, *rest: object) -> None:  # noqa: N802
        self.messages.append(message)


def folder(folder_id: int, photos: int, waiting: int) -> FolderState:
    return FolderState(
        id=folder_id,
        path=b"/anh/%d" % folder_id,
        name=f"Tết {folder_id}",
        online=True,
        photos=photos,
        waiting=waiting,
        problems=0,
        held_back=0,
        watched=True,
    )


@pytest.fixture
def tray(qapp: object) -> Tray:
    return Tray(window_hidden=True)


@pytest.fixture
def action(tray: Tray) -> Callable[[str], QAction]:
    def find(text: str) -> QAction:
        return next(a for a in tray.contextMenu().actions() if text in a.text())

    return find


def test_its_menu_leads_back_pauses_and_quits(
    qtbot: QtBot, tray: Tray, action: Callable[[str], QAction]
) -> None:
    with qtbot.waitSignal(tray.open_wanted):
        action("Open").trigger()
    with qtbot.waitSignal(tray.pause_wanted) as pause:
        action("Pause").trigger()
    assert pause.args == [True]
    with qtbot.waitSignal(tray.quit_wanted):
        action("Quit").trigger()


def test_a_paused_indexing_can_be_resumed(
    qtbot: QtBot, tray: Tray, action: Callable[[str], QAction]
) -> None:
    tray.show_progress(Progress("paused"))
    with qtbot.waitSignal(tray.pause_wanted) as pause:
        action("Resume").trigger()
    assert pause.args == [False]
    tray.show_progress(EMBEDDING)
    assert action("Pause")


@pytest.mark.parametrize(
    ("progress", "tip"),
    [
        (EMBEDDING, "Ảnh Ơi: 312 of 810 photos indexed"),
        (Progress("finding", "/anh/tết"), "Ảnh Ơi: looking for photos in “/anh/tết”"),
        (Progress("paused"), "Ảnh Ơi: indexing is paused"),
        (Progress("stopped"), "Ảnh Ơi: indexing has stopped"),
        (IDLE, "Ảnh Ơi: all photos are indexed"),
    ],
)
def test_its_tool_tip_says_how_far_it_is(tray: Tray, progress: Progress, tip: str) -> None:
    tray.show_progress(progress)
    assert tray.toolTip() == tip


def test_a_click_opens_the_window(qtbot: QtBot, tray: Tray) -> None:
    with qtbot.waitSignal(tray.open_wanted):
        tray.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    with qtbot.assertNotEmitted(tray.open_wanted):
        tray.activated.emit(QSystemTrayIcon.ActivationReason.Context)


def test_a_folder_that_is_ready_is_announced_once(tray: Tray) -> None:
    tray.show_folders([])
    tray.show_folders([folder(1, photos=0, waiting=0)])
    tray.show_folders([folder(1, photos=30, waiting=30)])
    tray.show_progress(EMBEDDING)
    tray.show_folders([folder(1, photos=30, waiting=0)])
    assert not tray.messages
    tray.show_progress(IDLE)
    assert tray.messages == ["30 photo(s) in “Tết 1” can be searched now."]
    tray.show_progress(IDLE)
    assert len(tray.messages) == 1


def test_a_few_new_photos_in_a_folder_are_no_news(tray: Tray) -> None:
    tray.show_folders([folder(1, photos=30, waiting=0)])
    tray.show_progress(EMBEDDING)
    tray.show_folders([folder(1, photos=33, waiting=3)])
    tray.show_folders([folder(1, photos=33, waiting=0)])
    tray.show_progress(IDLE)
    assert not tray.messages


def test_a_folder_left_half_done_is_announced_when_it_is_ready(tray: Tray) -> None:
    tray.show_folders([folder(1, photos=30, waiting=12)])
    tray.show_progress(IDLE)
    assert not tray.messages
    tray.show_folders([folder(1, photos=30, waiting=0)])
    assert len(tray.messages) == 1


def test_a_window_that_shows_needs_no_message(qapp: object) -> None:
    tray = Tray(window_hidden=False)
    tray.show_folders([folder(1, photos=30, waiting=12)])
    tray.show_folders([folder(1, photos=30, waiting=0)])
    tray.show_progress(IDLE)
    assert not tray.messages
