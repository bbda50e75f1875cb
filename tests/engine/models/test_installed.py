import json
import logging
import shutil
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.errors import CheckpointError
from engine.models.checkpoint import Checkpoint, CheckpointFile
from engine.models.checkpoints import CHECKPOINTS
from engine.models.installed import (
    RECORD_FILE,
    InstalledCheckpoint,
    check_name,
    find_installed,
    install,
    installed,
    read_record,
    verify,
    write_checkpoint,
)
from engine.models.weights import load_weights
from engine.paths import bundled_checkpoints_folder, checkpoints_folder

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
RECALL = {"language": "vi", "data": "mine", "rank": 1, "percent": 42.0, "source": "me"}
OUTSIDE = {  # removed after a conversion
    "name": "model.safetensors",
    "sha256": "0",
    "size": 1,
    "made_from": {"name": "../../secret", "sha256": "0", "size": 1},
}


@pytest.fixture
def copy(tiny_pair: Pair) -> InstalledCheckpoint:
    """A checkpoint of the user's own, where such are looked for."""
    folder = checkpoints_folder() / tiny_pair[1].record.name
    shutil.copytree(tiny_pair[1].folder, folder)
    return InstalledCheckpoint(tiny_pair[1].record, folder)


def changed(copy: InstalledCheckpoint, **values: Any) -> None:  # noqa: ANN401 - wrong on purpose
    path = copy.folder / RECORD_FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_a_record_comes_back_as_it_was_written(tiny_pair: Pair) -> None:
    for checkpoint in tiny_pair:
        assert read_record(checkpoint.folder) == checkpoint.record
        for file in checkpoint.record.files:
            assert file.size == (checkpoint.folder / file.name).stat().st_size
            assert file.sha256


def test_an_installed_checkpoint_is_found_by_its_name(copy: InstalledCheckpoint) -> None:
    assert copy in installed()
    assert find_installed(copy.record.name) == copy
    verify(copy)


def test_a_checkpoint_that_is_not_here_says_how_to_get_it() -> None:
    with pytest.raises(CheckpointError, match="anhoi models download"):
        find_installed(CHECKPOINTS[0].name)
    with pytest.raises(CheckpointError, match="There is no checkpoint “nobody”"):
        find_installed("nobody")


def test_bundled_checkpoints_come_before_those_of_the_same_name(
    copy: InstalledCheckpoint,
) -> None:
    if not bundled_checkpoints_folder().is_dir():
        pytest.skip("no checkpoint is bundled")
    name = installed()[0].record.name
    shutil.copytree(copy.folder, checkpoints_folder() / name)
    changed(InstalledCheckpoint(copy.record, checkpoints_folder() / name), name=name)
    assert find_installed(name).folder.parent == bundled_checkpoints_folder()


def test_the_key_changes_with_everything_that_makes_an_embedding(tiny_pair: Pair) -> None:
    record, folder = tiny_pair[0].record, tiny_pair[0].folder
    others = [
        replace(record, weights=replace(record.weights, sha256="0" * 64)),
        replace(record, preprocessing=replace(record.preprocessing, resize="squash")),
        replace(record, architecture="ViT-B-16"),
        replace(record, other_files=(CheckpointFile("config.json", sha256="0" * 64),)),
        replace(record, name="another"),
    ]
    keys = {InstalledCheckpoint(each, folder).key for each in (record, *others)}
    assert len(keys) == 6
    same = replace(record, licence="another", memory_mb=7, source="elsewhere")
    assert InstalledCheckpoint(same, Path("/moved")).key == tiny_pair[0].key
    assert tiny_pair[0].key.startswith("tiny-openclip@")


def test_a_changed_byte_is_noticed(copy: InstalledCheckpoint) -> None:
    path = copy.folder / copy.record.weights.name
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match="damaged"):
        verify(copy)


def test_a_file_cut_short_or_missing_is_noticed(copy: InstalledCheckpoint) -> None:
    assert copy.record.tokenizer
    path = copy.folder / copy.record.tokenizer.name
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CheckpointError, match="did not arrive whole"):
        verify(copy)
    path.unlink()
    with pytest.raises(CheckpointError, match="cannot be read: No such file"):
        verify(copy)


def test_installing_refuses_files_that_are_not_those_of_the_record(
    copy: InstalledCheckpoint,
) -> None:
    wrong = replace(copy.record, weights=replace(copy.record.weights, sha256="0" * 64))
    with pytest.raises(CheckpointError, match="damaged"):
        install(wrong, copy.folder)
    assert read_record(copy.folder) == copy.record


def test_a_record_that_cannot_be_written_is_told_in_a_sentence(copy: InstalledCheckpoint) -> None:
    (copy.folder / RECORD_FILE).unlink()
    (copy.folder / RECORD_FILE).mkdir()
    with pytest.raises(CheckpointError, match=r"checkpoint\.json cannot be written: "):
        install(copy.record, copy.folder)


def parts_of(copy: InstalledCheckpoint) -> tuple[dict[str, torch.Tensor], dict[str, bytes]]:
    """Weights by name, and the content of all other files."""
    weights, *others = copy.record.files
    tensors = load_weights(copy.folder / weights.name)
    return tensors, {file.name: (copy.folder / file.name).read_bytes() for file in others}


def named_alone(record: Checkpoint) -> Checkpoint:
    """A record as a training makes it: files without sizes and hashes."""
    assert record.tokenizer
    return replace(
        record,
        weights=CheckpointFile(record.weights.name),
        tokenizer=CheckpointFile(record.tokenizer.name),
        other_files=tuple(CheckpointFile(file.name) for file in record.other_files),
    )


def test_a_trained_checkpoint_is_written_whole_and_in_place_of_an_older_one(
    copy: InstalledCheckpoint,
) -> None:
    tensors, files = parts_of(copy)
    folder = checkpoints_folder() / "mine"
    record = replace(named_alone(copy.record), name="mine")
    first = write_checkpoint(record, folder, tensors, files)
    verify(first)
    assert find_installed("mine") == first
    assert parts_of(first)[1] == files
    halved = {name: tensor / 2 for name, tensor in tensors.items()}
    second = write_checkpoint(record, folder, halved, files)
    assert find_installed("mine") == second
    assert second.key != first.key
    found = parts_of(second)[0]
    assert all(torch.equal(found[name], tensor) for name, tensor in halved.items())


@pytest.mark.parametrize(
    "part", [".model.safetensors.part", "vocabulary.spm", ".checkpoint.json.part"]
)
def test_a_checkpoint_that_could_not_be_written_whole_is_none(
    part: str, copy: InstalledCheckpoint
) -> None:
    """The old record is gone: with new weights beside it, it would describe neither."""
    tensors, files = parts_of(copy)
    (copy.folder / part).unlink(missing_ok=True)
    (copy.folder / part).mkdir()
    with pytest.raises(CheckpointError, match="cannot be written"):
        write_checkpoint(named_alone(copy.record), copy.folder, tensors, files)
    assert not (copy.folder / RECORD_FILE).exists()


def test_a_checkpoint_with_a_file_missing_or_a_wrong_name_is_not_written(
    copy: InstalledCheckpoint,
) -> None:
    tensors, files = parts_of(copy)
    record = named_alone(copy.record)
    with pytest.raises(CheckpointError, match="“Mine” cannot name a checkpoint"):
        write_checkpoint(replace(record, name="Mine"), copy.folder, tensors, files)
    verify(copy)  # nothing was touched
    folder = checkpoints_folder() / "mine"
    del files["vocabulary.spm"]
    with pytest.raises(CheckpointError, match=r"vocabulary\.spm cannot be read: No such file"):
        write_checkpoint(replace(record, name="mine"), folder, tensors, files)
    assert not (folder / RECORD_FILE).exists()


@pytest.mark.parametrize("name", ["", "A", "a b", "../a", "a/b", "-a", ".a", "a" * 65, "mô-hình"])
def test_names_that_could_not_be_a_folder_everywhere_are_refused(name: str) -> None:
    with pytest.raises(CheckpointError, match="cannot name a checkpoint"):
        check_name(name)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[" * 60_000, b"[]", b"5", b"null", b'"text"', b"\xff\xfe", b"{}"]
)
def test_a_malformed_record_is_refused(copy: InstalledCheckpoint, content: bytes) -> None:
    (copy.folder / RECORD_FILE).write_bytes(content)
    with pytest.raises(CheckpointError, match="does not describe a checkpoint"):
        read_record(copy.folder)


@pytest.mark.parametrize(
    "values",
    [
        {"name": 5},
        {"name": "../elsewhere"},
        {"family": "clip"},
        {"family": ["beit3"]},
        {"architecture": None},
        {"weights": "model.safetensors"},
        {"weights": {"name": "../model.safetensors", "sha256": "0", "size": 1}},
        {"weights": {"name": "model.safetensors", "sha256": None, "size": 1}},
        {"weights": {"name": "model.safetensors", "sha256": "0", "size": "1"}},
        {"weights": OUTSIDE},
        {"weights": {"name": "..", "sha256": "0", "size": 1}},
        {"weights": {"name": "", "sha256": "0", "size": 1}},
        {"gmacs": "17.6"},
        {"recalls": [RECALL | {"percent": "42"}]},
        {"licence": None},
        {"source": 3},
        {"tokenizer": []} | {"other_files": {"name": "x"}},
        {"dimension": "768"},
        {"dimension": 0},
        {"memory_mb": None},
        {"languages": 3},
        {"preprocessing": None},
        {"preprocessing": {"size": "32", "resize": "crop", "mean": [0] * 3, "std": [1] * 3}},
        {"preprocessing": {"size": 32, "resize": "stretch", "mean": [0] * 3, "std": [1] * 3}},
        {"preprocessing": {"size": 32, "resize": "crop", "mean": [0] * 2, "std": [1] * 3}},
        {"preprocessing": {"size": 32, "resize": "crop", "mean": [0] * 3, "std": [0] * 3}},
        {"preprocessing": {"size": 32, "resize": "crop", "mean": "abc", "std": [1] * 3}},
        {"unknown": 1},
    ],
    ids=str,
)
def test_values_of_the_wrong_kind_are_refused(
    copy: InstalledCheckpoint, values: dict[str, Any]
) -> None:
    changed(copy, **values)
    with pytest.raises(CheckpointError, match="does not describe a checkpoint") as refused:
        read_record(copy.folder)
    assert "\n" not in str(refused.value)


def test_one_malformed_checkpoint_among_others_is_left_out_with_a_warning(
    copy: InstalledCheckpoint, caplog: pytest.LogCaptureFixture
) -> None:
    broken = checkpoints_folder() / "broken"
    broken.mkdir()
    (broken / RECORD_FILE).write_text("{")
    (checkpoints_folder() / "half-downloaded").mkdir()
    (checkpoints_folder() / "a file").touch()
    with caplog.at_level(logging.WARNING):
        assert copy in installed()
        assert find_installed(copy.record.name) == copy
    assert str(broken) in caplog.text


def test_a_record_is_readable_text(copy: InstalledCheckpoint) -> None:
    record = replace(copy.record, source="ảnh của tôi")
    install(record, copy.folder)
    text = (copy.folder / RECORD_FILE).read_text("utf-8")
    assert "ảnh của tôi" in text
    assert set(json.loads(text)) == set(asdict(record))
