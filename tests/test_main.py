import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

import main
from engine.cli.commands import COMMANDS as COMMAND_MODULES

ROOT = Path(__file__).parents[1]


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["anhoi", *arguments])
    return main.main()


def test_the_exit_code_of_a_command_is_that_of_the_program() -> None:
    for arguments, code in ((["--version"], 0), (["search", "chó"], 1), (["fly"], 2)):
        done = subprocess.run(
            [sys.executable, str(ROOT / "main.py"), *arguments], capture_output=True, check=False
        )
        assert done.returncode == code
        assert b"Traceback" not in done.stderr


def test_a_windowed_build_without_streams_runs_every_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    codes = [call(monkeypatch, *words) for words in (["models", "list"], ["search", "chó"], ["x"])]
    made = sys.stdout, sys.stderr
    assert codes == [0, 1, 2]
    for stream in made:
        assert stream.name == os.devnull
        stream.close()


def test_letters_a_stream_does_not_know_are_written_as_their_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    narrow = io.TextIOWrapper(io.BytesIO(), "ascii")
    monkeypatch.setattr(sys, "stderr", narrow)
    assert call(monkeypatch, "--library", "thư viện", "search", "chó") == 1
    narrow.flush()
    assert b"th\\u01b0 vi\\u1ec7n yet" in narrow.buffer.getvalue()


def test_the_commands_are_those_of_the_command_line() -> None:
    assert {module.__name__.rpartition(".")[2] for module in COMMAND_MODULES} == main.COMMANDS


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        ([], ([], None)),
        (["here"], ([b"here"], None)),
        (["--library", "lib", "here"], ([b"here"], Path("lib"))),
        (["--library", "lib"], ([], Path("lib"))),
        (["./demo"], ([b"./demo"], None)),
        (["demo"], None),
        (["demo", "here"], None),
        (["nowhere"], None),
        (["--help"], None),
        (["--library"], None),
        (["--library", "lib", "search", "chó"], None),
    ],
)
def test_the_window_is_meant_where_no_command_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    wanted: tuple[list[bytes], Path | None] | None,
) -> None:
    for name in ("here", "demo"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path)
    assert main._window_wanted(arguments) == wanted
