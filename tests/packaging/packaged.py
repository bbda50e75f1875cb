"""The packaged program as a user has it: somewhere else, and without a Python beside it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import SHARED

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "dist" / "anhoi"
EXECUTABLE = "anhoi-cli.exe" if sys.platform == "win32" else "anhoi"
HEIC = SHARED / "data" / "photos" / "heic"
NAME = "Ảnh Ơi"  # of the window


@dataclass(frozen=True)
class Packaged:
    """Where a copy of the program lies, and all that it knows of its surroundings."""

    folder: Path
    home: Path
    empty: Path
    environment: dict[str, str]

    def run(self, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        """Run a sub-command to its end."""
        done = self.start(*arguments)
        try:
            told, errors = done.communicate(timeout=240)
        finally:
            done.kill()
        return subprocess.CompletedProcess(done.args, done.returncode, told, errors)

    def start(self, *arguments: str | Path, **environment: str) -> "subprocess.Popen[str]":
        """Start it, with this in its environment besides."""
        return subprocess.Popen(
            [self.folder / EXECUTABLE, *arguments],
            cwd=self.empty,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    @property
    def library(self) -> Path:
        """The folder of the user's own library."""
        return self.home / ".local" / "share" / "anhoi" / "library"


def moved(place: Path) -> Packaged:
    """Put the built program into a folder with a name that is hard to read, and describe it."""
    folder, home, empty = place / "Ảnh của tôi" / "phần mềm", place / "nhà", place / "rỗng"
    temporary = place / "tạm"
    shutil.copytree(BUILT, folder, symlinks=True, copy_function=_link)
    for made in (home, empty, temporary):
        made.mkdir()
    environment = {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": str(empty),
        "TMPDIR": str(temporary),
        "QT_QPA_PLATFORM": "offscreen",
    }
    return Packaged(folder, home, empty, environment)


def listing(folder: Path) -> dict[str, tuple[int, int]]:
    """What lies in a folder: size and time of the last change of every file."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in files
    }


@contextmanager
def screen() -> Iterator[dict[str, str]]:
    """An X server of its own.

    Yields:
        What a program needs in its environment to show its window there.
    """
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read) as number:
            yield {"DISPLAY": f":{number.readline().strip()}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait()


def has_screen() -> bool:
    """Whether this machine can show a window to no one, and type into it."""
    return bool(shutil.which("Xvfb") and shutil.which("xdotool"))


def xdotool(display: dict[str, str], *words: str) -> str:
    """Do as a user does with mouse and keyboard."""
    command = ["xdotool", *words]
    environment = os.environ | display
    return subprocess.run(
        command, env=environment, check=True, capture_output=True, text=True, timeout=60
    ).stdout


def shown(display: dict[str, str]) -> str:
    """Wait until the window is on the screen; the number it has there."""
    found = xdotool(display, "search", "--sync", "--onlyvisible", "--name", NAME)
    return found.split()[0]


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)  # a gigabyte is not copied where it need not be
    except OSError:
        shutil.copy2(source, target)
