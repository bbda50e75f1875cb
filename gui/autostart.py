"""Starting with the system: an entry where each system looks for such programs at log-in."""

import importlib
import os
import plistlib
import re
import subprocess  # only to write a command as Windows reads it
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication

from engine.errors import FolderError
from engine.files import replacing
from gui.engine_sentences import translated

NAME = "anhoi"
LABEL = "Ảnh Ơi"
RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"


class Entry(Protocol):
    """One system's way of starting a program at log-in."""

    def is_enabled(self) -> bool: ...

    def enable(self, command: Sequence[str]) -> None: ...

    def disable(self) -> None: ...


def is_enabled() -> bool:
    """Whether the program starts when the user logs in.

    Raises:
        FolderError: the entry cannot be read.
    """
    return own_entry().is_enabled()


def enable(command: Sequence[str]) -> None:
    """Start with the system from now on.

    Args:
        command: the program and its arguments.

    Raises:
        FolderError: the entry cannot be written.
    """
    own_entry().enable(command)


def disable() -> None:
    """Start only when the user does it; nothing happens where that is so already.

    Raises:
        FolderError: the entry cannot be removed.
    """
    own_entry().disable()


def own_entry() -> Entry:
    """This user's entry on this system."""
    if sys.platform == "win32":
        return RunKeyEntry(importlib.import_module("winreg"))
    if sys.platform == "darwin":
        return LaunchAgentEntry(Path.home() / "Library" / "LaunchAgents")
    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return DesktopEntry(Path(config) / "autostart")


class DesktopEntry:
    """A .desktop file in the autostart folder, as freedesktop.org describes it.

    Args:
        folder: it need not be there yet.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"{NAME}.desktop"

    def is_enabled(self) -> bool:
        with _sentences(self._path):
            lines = _lines(self._path)
        switches = ("Hidden=true", "X-GNOME-Autostart-enabled=false")  # how desktops turn one off
        return bool(lines) and not any(line.replace(" ", "") in switches for line in lines)

    def enable(self, command: Sequence[str]) -> None:
        lines = (
            "[Desktop Entry]",
            "Type=Application",
            f"Name={LABEL}",
            f"Exec={' '.join(_quoted(part) for part in command)}",
            f"Icon={NAME}",
            "Terminal=false",
        )
        with _sentences(self._path):
            _write(self._path, "".join(f"{line}\n" for line in lines).encode())

    def disable(self) -> None:
        with _sentences(self._path):
            self._path.unlink(missing_ok=True)


class LaunchAgentEntry:
    """A property list that macOS reads at log-in.

    Args:
        folder: it need not be there yet.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"{NAME}.plist"

    def is_enabled(self) -> bool:
        with _sentences(self._path):
            return self._path.is_file()

    def enable(self, command: Sequence[str]) -> None:
        agent = {"Label": NAME, "ProgramArguments": list(command), "RunAtLoad": True}
        with _sentences(self._path):
            _write(self._path, plistlib.dumps(agent))

    def disable(self) -> None:
        with _sentences(self._path):
            self._path.unlink(missing_ok=True)


class RunKeyEntry:
    """A value below the user's Run key in the registry of Windows.

    Args:
        registry: the module `winreg`, which other systems lack.
    """

    def __init__(self, registry: Any) -> None:  # noqa: ANN401 - a module
        self._registry = registry

    def is_enabled(self) -> bool:
        with _sentences(Path(RUN_KEY)):
            try:
                with self._registry.OpenKey(self._registry.HKEY_CURRENT_USER, RUN_KEY) as key:
                    self._registry.QueryValueEx(key, NAME)
            except FileNotFoundError:
                return False
        return True

    def enable(self, command: Sequence[str]) -> None:
        with (
            _sentences(Path(RUN_KEY)),
            self._registry.CreateKey(self._registry.HKEY_CURRENT_USER, RUN_KEY) as key,
        ):
            line = subprocess.list2cmdline(command)
            self._registry.SetValueEx(key, NAME, 0, self._registry.REG_SZ, line)

    def disable(self) -> None:
        with _sentences(Path(RUN_KEY)):
            try:
                with self._registry.CreateKey(self._registry.HKEY_CURRENT_USER, RUN_KEY) as key:
                    self._registry.DeleteValue(key, NAME)
            except FileNotFoundError:
                return  # it was not there


def _quoted(part: str) -> str:
    """An argument as the key Exec of a desktop entry wants it: quoted, then escaped once more."""
    quoted = re.sub(r'(["`$\\])', r"\\\1", part).replace("%", "%%")
    return f'"{quoted}"'.replace("\\", "\\\\")


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8", "replace").splitlines() if path.is_file() else []


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        temporary.write_bytes(data)


@contextmanager
def _sentences(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        sentence = QCoreApplication.translate(
            "Autostart", "Starting with the system cannot be changed: {path}: {reason}."
        )
        reason = translated(error.strerror or str(error))
        raise FolderError(sentence.format(path=path, reason=reason)) from error
