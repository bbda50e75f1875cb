import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.cli.commands import run
from engine.index.upkeep import open_index, save_index
from engine.indexing.adding import add_files
from engine.library.library import Library
from engine.models.installed import InstalledCheckpoint
from engine.paths import LibraryPaths, absolute

MakePhoto = Callable[..., Path]
Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def checkpoints(tiny_pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny pair in a folder that a test may damage."""
    folder = tmp_path / "checkpoints"
    for checkpoint in tiny_pair:
        shutil.copytree(checkpoint.folder, folder / checkpoint.record.name)
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(folder))
    monkeypatch.setattr("engine.models.installed.bundled_checkpoints_folder", lambda: folder / "x")
    return folder


@pytest.fixture
def library(tmp_path: Path, tiny_pair: Pair, make_photo: MakePhoto) -> Path:
    """Three photos, two of them embedded, one unreadable."""
    for seed in range(3):
        make_photo(tmp_path / "ảnh" / f"{seed}.png", seed=seed)
    with Library.open(tmp_path / "thư viện") as opened:
        for checkpoint in tiny_pair:
            opened.remember(checkpoint.record.family, checkpoint.record.name)
        list(add_files(opened, absolute(tmp_path / "ảnh")))
        first, second, third = opened.photos.get(opened.photos.ids())
        for checkpoint in tiny_pair:
            for photo in (first, second):
                vector = np.eye(32, dtype=np.float16)[photo.id]
                opened.embeddings.add(photo.id, checkpoint.key, vector)
            index = open_index(opened, checkpoint.key, checkpoint.record.dimension)
            save_index(index, opened, checkpoint.key)
        opened.failures.add(third.path, third.id, "The file is cut off.", permanent=True)
    return tmp_path / "thư viện"


def doctor(library: Path) -> int:
    return run(["--library", str(library), "doctor"])


def test_a_sound_installation_is_told_in_full(library: Path, capsys: Capture) -> None:
    assert doctor(library) == 0
    out, err = capsys.readouterr()
    for text in ("Python:", "torch:", "faiss-cpu:", "Device:", str(library), "3 photos"):
        assert text in out
    assert out.count("2 of 3 embedded; 2 in the index file") == 2
    assert "2.png: The file is cut off." in out
    assert "checkpoint tiny-beit3: sound" in out
    assert "library: sound" in out
    assert err == ""


def test_a_machine_without_a_library_is_sound(tmp_path: Path, capsys: Capture) -> None:
    assert doctor(tmp_path / "none") == 0
    assert "nothing has been indexed yet" in capsys.readouterr().out
    assert not (tmp_path / "none").exists()


def test_an_index_file_can_be_made_again_so_its_loss_is_no_illness(
    library: Path, capsys: Capture
) -> None:
    for number, path in enumerate(sorted((library / "indexes").glob("*.faiss"))):
        if number:
            path.unlink()
        else:
            path.write_bytes(b"damaged")
    assert doctor(library) == 0
    out = capsys.readouterr().out
    assert "It is made again when it is needed." in out
    assert "2 of 3 embedded; no index file yet" in out


def test_a_damaged_checkpoint_is_named(library: Path, checkpoints: Path, capsys: Capture) -> None:
    (checkpoints / "tiny-beit3" / "model.safetensors").write_bytes(b"damaged")
    assert doctor(library) == 1
    out = capsys.readouterr().out
    assert "checkpoint tiny-openclip: sound" in out
    assert "checkpoint tiny-beit3: " in out
    assert "checkpoint tiny-beit3: sound" not in out


def test_a_checkpoint_that_is_gone_is_named(
    library: Path, checkpoints: Path, capsys: Capture
) -> None:
    shutil.rmtree(checkpoints / "tiny-beit3")
    assert doctor(library) == 1
    assert "library: There is no checkpoint “tiny-beit3”" in capsys.readouterr().out


@pytest.mark.parametrize("damage", ["garbage", "newer"])
def test_a_library_that_cannot_be_used_is_told_and_left_as_it_is(
    damage: str, library: Path, capsys: Capture
) -> None:
    database = LibraryPaths(library).database
    if damage == "garbage":
        database.write_bytes(b"no database " * 1000)
    else:
        with sqlite3.connect(database) as connection:
            connection.execute("PRAGMA user_version = 99")
        connection.close()
    before = database.read_bytes()
    assert doctor(library) == 1
    assert "library: " in capsys.readouterr().out
    assert database.read_bytes() == before


def test_a_folder_that_is_away_is_told(library: Path, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "ảnh").rename(tmp_path / "away")
    with Library.open(library) as opened:
        list(add_files(opened, absolute(tmp_path / "ảnh")))
    assert doctor(library) == 0
    assert f"{tmp_path / 'ảnh'}: off-line" in capsys.readouterr().out


def test_a_library_in_use_can_be_examined(library: Path) -> None:
    with Library.open(library):
        assert doctor(library) == 0


def test_a_record_that_is_no_record_is_told_in_a_sentence(
    library: Path, checkpoints: Path, capsys: Capture
) -> None:
    (checkpoints / "tiny-beit3" / "checkpoint.json").write_text(json.dumps({"name": 1}))
    assert doctor(library) == 1
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    assert "tiny-beit3" in out + err


def test_a_checkpoint_with_a_malformed_record_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(tmp_path / "checkpoints"))
    (tmp_path / "checkpoints" / "broken").mkdir(parents=True)
    (tmp_path / "checkpoints" / "broken" / "checkpoint.json").write_text("{")
    assert run(["--library", str(tmp_path / "library"), "doctor"]) == 1
    assert "checkpoint broken: " in capsys.readouterr().out
