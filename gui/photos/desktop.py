"""Hands photos over to other programs: the default one, a chosen one, the file manager."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMimeDatabase, QProcess, QUrl
from PySide6.QtGui import QDesktopServices

from gui.photos.programs import Program

_FILE_MANAGER = "org.freedesktop.FileManager1"
_FILE_MANAGER_PATH = "/org/freedesktop/FileManager1"


def address(path: bytes) -> QUrl:
    """The file:// address of a file, exact for every name, also one that is no UTF-8."""
    return QUrl(_encoded(path))


def open_by_default(path: bytes) -> bool:
    """Open a file with the program that the system has for it; False when there is none."""
    return QDesktopServices.openUrl(address(path))


def open_with(program: Program, paths: Sequence[bytes]) -> bool:
    """Open files with a program; False when it cannot be started."""
    commands = program.commands_for(paths)
    return all(_start(command) for command in commands)


def asks_which_program() -> bool:
    """Whether the system has a dialog of its own to choose a program."""
    return sys.platform == "win32"


def let_system_ask(path: bytes) -> bool:
    """Have Windows ask which program is to open a file."""
    return _start(["rundll32.exe", "shell32.dll,OpenAs_RunDLL", os.fsdecode(path)])


def mime_type(path: bytes) -> str:
    """The type of a file by its name, such as "image/jpeg"."""
    database, by_name = QMimeDatabase(), QMimeDatabase.MatchMode.MatchExtension
    return database.mimeTypeForFile(os.fsdecode(path), by_name).name()


def chosen_program(executable: str) -> Program:
    """The program that a person has chosen from the disk."""
    opener = ("open", "-a", executable) if sys.platform == "darwin" else (executable,)
    return Program(Path(executable).stem, (*opener, "%F"))


def reveal(paths: Sequence[bytes], on_failure: Callable[[], None]) -> None:
    """Show files in the file manager, selected.

    Args:
        paths: in any folders.
        on_failure: told when neither the files nor their folder can be shown.
    """
    command = _command_to_reveal(paths)
    if command is not None:
        if not _start(command):
            on_failure()
    else:
        _ask_file_manager(paths, on_failure)


def _command_to_reveal(paths: Sequence[bytes]) -> list[str] | None:
    names = [os.fsdecode(path) for path in paths]
    if sys.platform == "win32":
        return ["explorer.exe", f"/select,{names[0]}"]
    if sys.platform == "darwin":
        return ["open", "-R", *names]
    return None


def _ask_file_manager(paths: Sequence[bytes], on_failure: Callable[[], None]) -> None:
    from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

    def open_folder() -> None:
        if not QDesktopServices.openUrl(address(os.path.dirname(paths[0]))):
            on_failure()

    def answered() -> None:
        watcher.deleteLater()
        if watcher.isError():
            open_folder()

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        open_folder()
        return
    message = QDBusMessage.createMethodCall(
        _FILE_MANAGER, _FILE_MANAGER_PATH, _FILE_MANAGER, "ShowItems"
    )
    message.setArguments([[_encoded(path) for path in paths], ""])
    watcher = QDBusPendingCallWatcher(bus.asyncCall(message), QCoreApplication.instance())
    watcher.finished.connect(answered)


def _encoded(path: bytes) -> str:
    return Path(os.fsdecode(path)).as_uri()


def _start(command: Sequence[str]) -> bool:
    started = QProcess.startDetached(command[0], list(command[1:]))
    return started[0] if isinstance(started, tuple) else started
