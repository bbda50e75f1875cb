import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.errors import CheckpointError
from engine.models.checkpoints import CHECKPOINTS
from engine.models.encoder import load_encoder
from engine.models.installed import (
    RECORD_FILE,
    InstalledCheckpoint,
    find_installed,
    installed,
    read_record,
)
from engine.models.open_clip import build_model
from engine.models.translators import DEFAULT_TRANSLATOR
from engine.paths import checkpoints_folder
from tests.engine.cli.adding import anhoi, refused

MakePhoto = Callable[..., Path]
Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
State = dict[str, Tensor]
SMALL = "ViT-S-32-alt"


@pytest.fixture
def written(tiny_pair: Pair, tmp_path: Path) -> Path:
    """A folder as `anhoi train` leaves it, under the name of its record."""
    return Path(shutil.copytree(tiny_pair[1].folder, tmp_path / "elsewhere"))


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 - a generator
    """A file of weights of a small architecture that open_clip knows."""
    path = tmp_path_factory.mktemp("weights") / "epoch_1.pt"
    torch.manual_seed(0)
    torch.save({"epoch": 1, "state_dict": build_model(SMALL, Path()).state_dict()}, path)
    yield path
    path.unlink()  # 170 MB


@pytest.mark.parametrize("family", [0, 1])
def test_a_folder_that_describes_itself_is_added(tiny_pair: Pair, family: int) -> None:
    trained = tiny_pair[family]
    assert anhoi("models", "add", trained.folder) == 0
    found = find_installed(trained.record.name)
    assert found.record == trained.record
    assert found.key == trained.key
    shown = ["một con chó"]
    np.testing.assert_array_equal(
        load_encoder(found, ["text"]).encode_texts(shown),
        load_encoder(trained, ["text"]).encode_texts(shown),
    )


def test_a_folder_can_be_added_under_another_name(written: Path) -> None:
    anhoi("models", "add", written, "--name", "mine")
    assert find_installed("mine").folder == checkpoints_folder() / "mine"
    assert {path.name for path in find_installed("mine").folder.iterdir()} == {
        path.name for path in written.iterdir()
    }


@pytest.mark.parametrize("name", ["taken", CHECKPOINTS[0].name, DEFAULT_TRANSLATOR])
def test_a_name_that_is_taken_is_refused(written: Path, name: str) -> None:
    anhoi("models", "add", written, "--name", "taken")
    assert "already" in refused(written, "--name", name)


def test_a_bundled_name_is_refused(written: Path) -> None:
    if not installed():
        pytest.skip("no checkpoint is bundled")
    assert "already" in refused(written, "--name", installed()[0].record.name)


def test_what_lies_under_a_name_already_is_left_alone(written: Path) -> None:
    own = checkpoints_folder() / "mine" / "epoch_1.pt"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"weeks of work")
    assert "is there already" in refused(written, "--name", "mine")
    assert own.read_bytes() == b"weeks of work"


def test_a_path_that_cannot_be_one_is_a_sentence() -> None:
    assert "cannot be read" in refused("w" * 300, "--name", "mine")


def test_a_name_that_is_no_folder_is_refused(written: Path) -> None:
    assert "cannot name" in refused(written, "--name", "../mine")


def test_a_damaged_folder_is_refused(written: Path) -> None:
    file = written / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-1] + b"\xff")
    assert "damaged" in refused(written)
    file.unlink()
    assert "could not be copied" in refused(written)


def test_a_folder_that_describes_nothing_is_refused(written: Path, tmp_path: Path) -> None:
    (written / RECORD_FILE).write_text("{}")
    assert "does not describe" in refused(written)
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "does not describe" in refused(empty)


def test_a_folder_whose_files_do_not_fit_each_other_is_refused(written: Path) -> None:
    record = read_record(written)
    values = json.loads((written / RECORD_FILE).read_text())
    (written / RECORD_FILE).write_text(json.dumps(values | {"dimension": record.dimension + 1}))
    assert "gives 32" in refused(written)


def test_a_file_of_an_architecture_of_open_clip_is_added(weights: Path) -> None:
    described = ["--name", "mine", "--family", "openclip", "--architecture", SMALL]
    assert anhoi("models", "add", weights, *described, "--languages", "en, vi") == 0
    record = find_installed("mine").record
    assert (record.dimension, record.preprocessing.size) == (256, 224)
    assert record.preprocessing.resize == "crop"
    assert record.languages == ("en", "vi")
    assert record.memory_mb > 100
    assert anhoi("models", "verify", "mine") == 0
    shutil.rmtree(find_installed("mine").folder)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "needs --name, --family and --architecture"),
        (["--name", "m", "--family", "openclip"], "needs --name"),
        (["--name", "M!", "--family", "openclip", "--architecture", SMALL], "cannot name"),
        (["--name", "m", "--family", "openclip", "--architecture", "nobody"], "no architecture"),
        (["--name", "m", "--family", "openclip", "--architecture", "hf-hub:a/b"], "no architect"),
        (["--name", "m", "--family", "openclip", "--architecture", "ViT-S-16-alt"], "not fit"),
        (
            ["--name", "m", "--family", "openclip", "--architecture", SMALL, "--size", "256"],
            "256 pixels",
        ),
        (["--name", "m", "--family", "beit3", "--architecture", "base"], "needs its tokenizer"),
        (
            ["--name", "m", "--family", "beit3", "--architecture", "base", "--tokenizer", "x.spm"],
            "--size 224",
        ),
    ],
    ids=str,
)
def test_a_file_that_is_wrongly_described_is_refused(
    weights: Path, arguments: list[str], reason: str
) -> None:
    assert reason in refused(weights, *arguments)


def test_a_tokenizer_of_another_checkpoint_is_refused(weights: Path, written: Path) -> None:
    described = ["--name", "m", "--family", "beit3", "--architecture", "base", "--size", "224"]
    described.append("--tokenizer")
    assert "pieces" in refused(weights, *described, written / "vocabulary.spm")
    assert "There is no file" in refused(weights, *described, written / "absent.spm")


def test_a_file_that_is_missing_or_holds_no_weights_is_refused(tmp_path: Path) -> None:
    described = ["--name", "m", "--family", "openclip", "--architecture", SMALL]
    assert "There is no file" in refused(tmp_path / "absent.pt", *described)
    (tmp_path / "text.pt").write_text("no weights")
    assert "damaged" in refused(tmp_path / "text.pt", *described)
    (tmp_path / "text.txt").write_text("no weights")
    assert "is no weights file" in refused(tmp_path / "text.txt", *described)


def test_a_place_that_cannot_be_written_to_is_a_sentence(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(tmp_path / "file"))
    with pytest.raises(CheckpointError, match="cannot be made"):
        anhoi("models", "add", written)


def test_a_folders_readme_comes_along(written: Path) -> None:
    (written / "README.md").write_text("# Mine")
    anhoi("models", "add", written)
    assert (find_installed("tiny-beit3").folder / "README.md").read_text() == "# Mine"


def test_a_torchscript_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ViT-B-32.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", b"")
        archive.writestr("archive/constants.pkl", b"")
    described = ["--name", "m", "--family", "openclip", "--architecture", SMALL]
    assert "TorchScript" in refused(path, *described)
