"""Which folders a training may write to."""

from pathlib import Path

import pytest

from engine.errors import CheckpointError, TrainingError
from engine.training.fitting import HISTORY_FILE
from engine.training.output import OUTPUT_FILE, check_output, claim, is_of
from engine.training.state import alone


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return tmp_path / "việc"


def begin(folder: Path, work: Path) -> None:
    claim(folder, work)
    (work / HISTORY_FILE).write_text("")
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")


def test_new_and_empty_folders_are_taken_and_left_as_they_are(tmp_path: Path, work: Path) -> None:
    check_output(tmp_path / "new" / "mine", work)
    assert not (tmp_path / "new" / "mine").exists()
    assert not work.exists()
    (tmp_path / "empty").mkdir()
    check_output(tmp_path / "empty", work)
    assert (tmp_path / "empty").is_dir()


def test_a_training_goes_on_with_its_own_checkpoint(tmp_path: Path, work: Path) -> None:
    begin(tmp_path / "mine", work)
    check_output(tmp_path / "mine", work)
    assert is_of(tmp_path / "mine", work)
    assert not is_of(tmp_path / "other", work)


def test_a_training_writes_over_nothing_of_others(tmp_path: Path, work: Path) -> None:
    begin(tmp_path / "mine", work)
    album = tmp_path / "album"
    album.mkdir()
    (album / "photo.jpg").write_bytes(b"")
    with pytest.raises(CheckpointError, match="việc keeps the training of another checkpoint, "):
        check_output(album, work)
    with pytest.raises(CheckpointError, match="album is not empty, and not what a training in"):
        check_output(album, tmp_path / "fresh")
    claim(album, tmp_path / "fresh")  # but stopped before anything was made
    with pytest.raises(CheckpointError, match="album is not empty"):
        check_output(album, tmp_path / "fresh")


def test_a_training_at_work_is_not_taken_its_checkpoint(tmp_path: Path, work: Path) -> None:
    begin(tmp_path / "mine", work)
    with alone(work), pytest.raises(TrainingError, match="Another training is at work in"):
        claim(tmp_path / "other", work)
    assert is_of(tmp_path / "mine", work)


def test_a_training_of_an_unknown_checkpoint_is_not_gone_on_with(
    tmp_path: Path, work: Path
) -> None:
    begin(tmp_path / "mine", work)
    (work / OUTPUT_FILE).unlink()
    with pytest.raises(CheckpointError, match="which is not known any more: name another --work"):
        check_output(tmp_path / "mine", work)
    (work / OUTPUT_FILE).mkdir()
    with pytest.raises(CheckpointError, match=r"output\.txt cannot be read"):
        check_output(tmp_path / "mine", work)


def test_what_cannot_be_written_is_told_before_anything_is_computed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder, work in (("file/mine", "work"), ("mine", "file/work")):
        with pytest.raises(CheckpointError, match="cannot be written: Not a directory"):
            check_output(tmp_path / folder, tmp_path / work)
    with pytest.raises(CheckpointError, match="cannot be written: Not a directory"):
        claim(tmp_path / "mine", tmp_path / "file" / "work")
