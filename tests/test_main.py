import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

import main

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
