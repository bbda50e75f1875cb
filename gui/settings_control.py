"""Carrying out what the user sets: at once where that can be, else in a window opened anew."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject

from engine.errors import EngineError
from engine.workspace import Pair
from gui import autostart
from gui.coming_pair import Ready
from gui.data_location import clear_indexes, clear_thumbnails
from gui.library_moving import Move, move_library
from gui.main_window import MainWindow
from gui.settings import Settings
from gui.settings_dialog import Facts, SettingsDialog
from gui.tasks import TaskRunner

# What a window and its library are made with; a change of these opens them anew.
MADE_WITH = ("language", "device", "precision", "machine_share", "library_folder")


class SettingsHost(Protocol):
    """What the program does with settings."""

    settings: Settings
    window: MainWindow | None

    def save(self, settings: Settings) -> None:
        """Keep them."""

    def apply(self, before: Settings) -> None:
        """Take over what can change while the window is open."""

    def reopen(self) -> None:
        """Close the window and its library and open them anew."""

    def settle(self, library_folder: Path) -> None:
        """Keep a library's new place, or raise."""

    def let_go(self) -> None:
        """Close the library; the window stays, without life."""


class SettingsControl(QObject):
    """Opens the dialog, and does what was chosen in it.

    Args:
        host: the program.
        report: told of errors.
    """

    def __init__(self, host: SettingsHost, report: Callable[[Exception], None]) -> None:
        super().__init__()
        self._host = host
        self._report = report
        self._dialog: SettingsDialog | None = None
        self._moving: TaskRunner | None = None

    def open(self) -> SettingsDialog | None:
        """Show the dialog before the window, and return it; None where there is no window."""
        window = self._host.window
        if window is None:
            return None
        self.close_dialog()
        session = window.session
        facts = Facts(session.library_folder, _names(session.pair))
        dialog = self._dialog = SettingsDialog(self._host.settings, facts, window.tasks, window)
        dialog.changed.connect(self._change)
        dialog.models_wanted.connect(lambda: window.models.open(self._dialog))
        dialog.data_action.connect(self._act)
        dialog.finished.connect(self._forget_dialog)
        dialog.open()
        return dialog

    def close_dialog(self) -> None:
        """Close it, if it is open, and forget what has not been applied."""
        if self._dialog:
            self._dialog.reject()  # which is heard even where it is hidden with its window

    def show_tools(self, tools: Ready) -> None:
        """Show which pair is in use by now."""
        if self._dialog:
            self._dialog.models.show_pair(_names(tools.pair))

    def close(self) -> None:
        """Give up a move under way: the library stays whole where it is."""
        if self._moving:
            self._moving.close()
            self._moving.deleteLater()
        self._moving = None

    def _change(self, settings: Settings) -> None:
        before = self._host.settings
        window = self._host.window
        if window:  # what has changed in the window meanwhile is newer than the dialog
            settings = replace(settings, **window.state())
        self._host.save(settings)
        if settings.start_with_system != before.start_with_system:
            self._set_autostart(settings.start_with_system)
        if any(getattr(settings, name) != getattr(before, name) for name in MADE_WITH):
            self.close_dialog()
            self._host.reopen()
        else:
            self._host.apply(before)

    def _set_autostart(self, wanted: bool) -> None:
        try:
            autostart.enable(own_command()) if wanted else autostart.disable()
        except EngineError as error:
            self._report(error)

    def _act(self, action: str, target: Path | None) -> None:
        window = self._host.window
        if window is None:
            return
        folder = window.session.library_folder
        if action == "move" and target is not None:
            self._move(folder, target)
            return
        clear = clear_thumbnails if action == "clear_thumbnails" else clear_indexes
        window.tasks.follow(
            lambda: clear(folder),
            lambda _: None,
            lambda: self._measure(folder),
            thread="clearing",
        )

    def _move(self, folder: Path, target: Path) -> None:
        """Move the library, which must not be open meanwhile."""
        self._host.let_go()
        runner = self._moving = TaskRunner(self._report, self)

        def end() -> None:
            self.close_dialog()
            self.close()
            self._host.reopen()

        def fail(error: Exception) -> None:
            end()
            self._report(error)

        runner.follow(
            lambda: move_library(folder, target, self._host.settle),
            self._show_move,
            end,
            on_error=fail,
        )

    def _measure(self, folder: Path) -> None:
        if self._dialog:
            self._dialog.measure(folder)

    def _show_move(self, move: Move) -> None:
        if self._dialog:
            self._dialog.show_move(move)

    def _forget_dialog(self) -> None:
        if self._dialog:
            self._dialog.deleteLater()
        self._dialog = None


def _names(pair: Pair | None) -> tuple[str, str]:
    if pair is None:
        return "", ""
    openclip, beit3 = pair
    return openclip.record.name, beit3.record.name


def own_command() -> list[str]:
    """How this program is started."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, str(Path(__file__).resolve().parent.parent / "main.py")]
