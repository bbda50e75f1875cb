import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from safetensors.numpy import save_file

from engine.errors import DownloadError
from engine.models.checkpoint import Checkpoint, HubFile
from engine.models.download import download
from engine.models.downloading.partial import SPARE_BYTES
from tests.engine.models.conftest import WEIGHTS
from tests.engine.models.site import Site

NAME = "w.safetensors"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """What somebody brings along."""
    folder = tmp_path / "stick"
    folder.mkdir()
    (folder / NAME).write_bytes(WEIGHTS)
    (folder / "t.spm").write_bytes(b"tokenizer")
    return folder


def refused(checkpoint: Checkpoint, parent: Path, offered: Path) -> str:
    with pytest.raises(DownloadError) as error:
        list(download(checkpoint, parent, offered))
    return str(error.value)


@pytest.mark.parametrize("within", ["", "mine"])
def test_copies_are_taken_in_place_of_the_network(
    checkpoint: Checkpoint, site: Site, parent: Path, stick: Path, within: str
) -> None:
    if within:
        shutil.copytree(stick, stick / "all" / within)
        stick = stick / "all"
    reports = list(download(checkpoint, parent, stick))
    assert site.asked == []
    assert (parent / "mine" / NAME).read_bytes() == WEIGHTS
    assert reports[-1].done == reports[-1].total
    assert {path.name for path in (parent / "mine").iterdir()} == {
        NAME,
        "t.spm",
        "checkpoint.json",
    }


def test_a_single_file_can_be_brought(checkpoint: Checkpoint, parent: Path, stick: Path) -> None:
    alone = replace(checkpoint, tokenizer=None)
    list(download(alone, parent, stick / NAME))
    assert (parent / "mine" / NAME).read_bytes() == WEIGHTS
    assert "t.spm is not in" in refused(checkpoint, parent, stick / NAME)


def test_weights_without_a_published_hash_have_to_be_weights(
    unpublished: Checkpoint, parent: Path, stick: Path
) -> None:
    for wrong in (b"", b"sai", WEIGHTS):
        (stick / NAME).write_bytes(wrong)
        assert "holds no weights" in refused(unpublished, parent, stick)
    save_file({"w": np.ones(3)}, stick / NAME)
    list(download(unpublished, parent, stick))
    (stick / NAME).write_bytes((stick / NAME).read_bytes()[:-1])
    assert "cut short" in refused(replace(unpublished, name="other"), parent, stick)


def test_a_path_that_cannot_be_one_is_a_sentence(
    checkpoint: Checkpoint, parent: Path, tmp_path: Path
) -> None:
    assert "cannot be read" in refused(checkpoint, parent, tmp_path / ("w" * 300))


@pytest.mark.parametrize("below", ["", "models--maker--model", "hub/models--maker--model"])
def test_a_folder_of_the_hugging_face_cache_is_understood(
    checkpoint: Checkpoint, parent: Path, tmp_path: Path, stick: Path, below: str
) -> None:
    snapshot = tmp_path / "cache" / below / "snapshots" / "0a1b2c"
    snapshot.mkdir(parents=True)
    (snapshot / "onnx").mkdir()
    (snapshot / "onnx" / "model.safetensors").symlink_to(stick / NAME)
    (snapshot / "t.spm").symlink_to(stick / "t.spm")
    assert checkpoint.tokenizer
    record = replace(
        checkpoint,
        weights=replace(checkpoint.weights, hub=HubFile("maker/model", "onnx/model.safetensors")),
        tokenizer=replace(checkpoint.tokenizer, hub=HubFile("maker/model", "t.spm")),
    )
    list(download(record, parent, tmp_path / "cache"))
    assert (parent / "mine" / NAME).read_bytes() == WEIGHTS
    assert not (parent / "mine" / NAME).is_symlink()


def test_a_missing_file_is_named(checkpoint: Checkpoint, parent: Path, stick: Path) -> None:
    (stick / "t.spm").unlink()
    assert refused(checkpoint, parent, stick) == (
        f"t.spm is not in {stick}: copy it there, or download it."
    )
    assert "There is no file or folder" in refused(checkpoint, parent, stick / "nothing")


@pytest.mark.parametrize(
    ("content", "reason"),
    [(WEIGHTS[::-1], "its SHA-256 is not"), (WEIGHTS[:-1], "2,559,999 bytes where 2,560,000")],
)
def test_a_wrong_file_is_named_and_not_taken(
    checkpoint: Checkpoint, parent: Path, stick: Path, content: bytes, reason: str
) -> None:
    (stick / NAME).write_bytes(content)
    sentence = refused(checkpoint, parent, stick)
    assert sentence.startswith(f"{stick / NAME} is not the file that is wanted")
    assert reason in sentence
    assert not parent.exists() or not list(parent.rglob("*w.safe*"))


def test_a_whole_folder_of_another_machine_is_taken(
    unpublished: Checkpoint, site: Site, parent: Path, tmp_path: Path
) -> None:
    list(download(unpublished, tmp_path / "theirs"))
    site.asked.clear()
    list(download(unpublished, parent, tmp_path / "theirs" / "mine"))
    assert site.asked == []
    assert (parent / "mine" / "checkpoint.json").read_bytes() == (
        tmp_path / "theirs" / "mine" / "checkpoint.json"
    ).read_bytes()
    damaged = tmp_path / "theirs" / "mine" / NAME
    damaged.write_bytes(WEIGHTS[::-1])
    (parent / "mine" / NAME).unlink()
    assert "its SHA-256 is not" in refused(unpublished, parent, tmp_path / "theirs")


@pytest.mark.parametrize("freed", [len(WEIGHTS), 0])
def test_what_is_to_be_replaced_counts_as_room(
    checkpoint: Checkpoint, parent: Path, stick: Path, monkeypatch: pytest.MonkeyPatch, freed: int
) -> None:
    """A disk that holds the file only where what has arrived of another one makes way for it."""
    part = parent / "mine" / f".{NAME}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(bytes(freed))
    disk = SPARE_BYTES + len(WEIGHTS) + len(b"tokenizer")
    free = lambda folder: SimpleNamespace(  # noqa: E731
        free=disk - sum(path.stat().st_size for path in folder.iterdir())
    )
    monkeypatch.setattr(shutil, "disk_usage", free)
    list(download(checkpoint, parent, stick))
    assert (parent / "mine" / NAME).read_bytes() == WEIGHTS
