"""Every command in the README is run, so that it cannot rot."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.cli.commands import COMMANDS as COMMAND_MODULES
from engine.cli.commands import build_parser, run
from engine.cli.scenes import draw_scenes
from engine.errors import LibraryError
from engine.library.library import Library
from engine.paths import default_library_folder

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [
    line.strip().partition("#")[0].strip()
    for line in README.splitlines()
    if line.startswith("    python main.py")
]
NEEDS_NETWORK = "models download"
RUNS_FOR_EVER = "main.py watch"
OPENS_THE_WINDOW = "main.py ~/Pictures"
# Comes after its download; that nothing is downloaded here is the sentence to be seen.
NEEDS_DOWNLOAD = "models use vit"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with pictures and everything else that the README names."""
    home = tmp_path_factory.mktemp("home")
    lines = []
    for folder in (home / "Pictures", home / "photos"):
        folder.mkdir()
    for name, caption, image in draw_scenes():
        image.save(home / "Pictures" / f"{name}.jpg")
        image.save(home / "photos" / f"{name}.jpg")
        lines.append(f"{name}.jpg\t{caption}\n")
    (home / "captions.tsv").write_text("".join(lines), "utf-8")
    (home / "check.tsv").write_text("".join(lines[::3]), "utf-8")
    (home / "learn.tsv").write_text("".join(lines[1::3] + lines[2::3]), "utf-8")
    image.save(home / "photo.jpg")
    return home


def test_there_are_commands_to_run() -> None:
    assert len(COMMANDS) >= 8


@pytest.mark.timeout(600)
def test_the_commands_work(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.chdir(home)
    index_first = sorted(COMMANDS, key=lambda command: "main.py index" not in command)
    for command in index_first:
        if any(part in command for part in (NEEDS_NETWORK, RUNS_FOR_EVER, OPENS_THE_WINDOW)):
            continue
        arguments = [os.path.expanduser(word) for word in shlex.split(command)[2:]]
        code = run(arguments)
        told = capsys.readouterr()
        if NEEDS_DOWNLOAD in command:
            assert "models download" in told.err
        else:
            assert code == 0, f"{command}: {told.err}"


def test_what_cannot_run_here_is_at_least_understood() -> None:
    for command in COMMANDS:
        if OPENS_THE_WINDOW not in command:
            build_parser().parse_args(shlex.split(command)[2:])


def test_watching_stops_cleanly(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home))
    watching = subprocess.Popen(
        [sys.executable, "main.py", "watch", home / "Pictures"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert watching.stderr
    for line in watching.stderr:
        if "Watching" in line:
            break
    watching.send_signal(signal.SIGINT)
    _, told = watching.communicate(timeout=60)
    assert watching.returncode == 130
    assert "stopped" in told


def test_the_window_opens_and_takes_the_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / "of the window"))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    window = subprocess.Popen([sys.executable, "main.py", home / "Pictures"], cwd=ROOT)
    library = default_library_folder()
    try:
        photos = len(list((home / "Pictures").iterdir()))
        assert comes_true(lambda: photos_in(library) == photos)
        window.send_signal(signal.SIGINT)
        assert window.wait(30) == 0
    finally:
        window.kill()
        window.wait()


def photos_in(library: Path) -> int:
    try:
        with Library.open_to_read(library) as opened:
            return opened.photos.count()
    except LibraryError:
        return 0


def comes_true(condition: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def test_every_sub_command_is_in_the_readme_or_explains_itself(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    for command in COMMAND_MODULES:
        assert command.__name__.rpartition(".")[2] in shown
