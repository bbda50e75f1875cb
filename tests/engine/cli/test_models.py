import argparse
import logging
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from engine.cli import models
from engine.errors import CheckpointError
from engine.library.library import Library
from engine.models import download
from engine.models.checkpoint import CheckpointFile
from engine.models.checkpoints import CHECKPOINTS
from engine.models.installed import (
    RECORD_FILE,
    InstalledCheckpoint,
    find_installed,
)
from engine.paths import checkpoints_folder

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]


def anhoi(*arguments: object) -> int:
    """Type `anhoi models ...`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--library", type=Path)
    models.add_parser(parser.add_subparsers())
    parsed = parser.parse_args([str(argument) for argument in arguments])
    code: int = parsed.run(parsed)
    return code


@pytest.fixture
def written(tiny_pair: Pair, tmp_path: Path) -> Path:
    """A folder as `anhoi train` leaves it, under the name of its record."""
    return Path(shutil.copytree(tiny_pair[1].folder, tmp_path / "elsewhere"))


def test_the_list_shows_what_exists_and_what_is_here(
    written: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    anhoi("models", "add", written)
    assert anhoi("models", "list") == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert all(checkpoint.name in lines for checkpoint in CHECKPOINTS)
    assert " no " in lines[CHECKPOINTS[0].name]
    assert " yes " in lines["tiny-beit3"]


def test_the_list_survives_a_malformed_checkpoint(
    written: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    anhoi("models", "add", written)
    (checkpoints_folder() / "broken").mkdir()
    (checkpoints_folder() / "broken" / RECORD_FILE).write_text("[]")
    with caplog.at_level(logging.WARNING):
        assert anhoi("models", "list") == 0
    assert "tiny-beit3" in capsys.readouterr().out
    assert "broken" in caplog.text


def test_verifying_tells_the_damaged_from_the_whole(
    written: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    anhoi("models", "add", written)
    anhoi("models", "add", written, "--name", "mine")
    assert anhoi("models", "verify", "tiny-beit3", "mine") == 0
    (find_installed("mine").folder / "vocabulary.spm").unlink()
    assert anhoi("models", "verify", "tiny-beit3", "mine") == 1
    told = capsys.readouterr()
    assert "tiny-beit3: all files are as recorded" in told.out
    assert "vocabulary.spm" in told.err
    with pytest.raises(CheckpointError, match="There is no checkpoint"):
        anhoi("models", "verify", "nobody")


def test_downloading_installs_a_checkpoint_of_the_table(
    tiny_pair: Pair, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without_hash = CheckpointFile(tiny_pair[1].record.weights.name)
    record = replace(tiny_pair[1].record, weights=without_hash)
    monkeypatch.setattr(download, "CHECKPOINTS", (record,))
    folder = checkpoints_folder() / record.name
    shutil.copytree(tiny_pair[1].folder, folder)
    (folder / RECORD_FILE).unlink()
    assert anhoi("models", "download", record.name) == 0
    assert find_installed(record.name).record == tiny_pair[1].record
    assert "anhoi models use tiny-beit3" in capsys.readouterr().out


def test_a_library_can_be_made_to_use_another_checkpoint(
    written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    anhoi("models", "add", written)
    library = tmp_path / "library"
    assert anhoi("--library", library, "models", "use", "tiny-beit3") == 0
    assert "0 photos" in capsys.readouterr().out
    with Library.open(library) as opened:
        assert opened.setting("beit3") == "tiny-beit3"
    with pytest.raises(CheckpointError, match="There is no checkpoint"):
        anhoi("--library", library, "models", "use", "nobody")


def test_verifying_everything_finds_a_malformed_record(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(tmp_path))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "checkpoint.json").write_text("{")
    assert anhoi("models", "verify") == 1
    told = capsys.readouterr()
    assert "does not describe a checkpoint" in told.err
    assert "starter-openclip: all files are as recorded." in told.out
