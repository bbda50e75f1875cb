"""Every command in the README is run, so that it cannot rot."""

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.cli.commands import COMMANDS as COMMAND_MODULES
from engine.cli.commands import build_parser, run
from engine.cli.scenes import draw_scenes

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [
    line.strip().partition("#")[0].strip()
    for line in README.splitlines()
    if line.startswith("    python main.py")
]
NEEDS_NETWORK = "models download"
RUNS_FOR_EVER = "main.py watch"
# Comes after its download; that nothing is downloaded here is the sentence to be seen.
NEEDS_DOWNLOAD = "models use"


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
        if NEEDS_NETWORK in command or RUNS_FOR_EVER in command:
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


def test_every_sub_command_is_in_the_readme_or_explains_itself(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    for command in COMMAND_MODULES:
        assert command.__name__.rpartition(".")[2] in shown
