import argparse
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from engine.cli.commands import run
from engine.images.preprocessing import CLIP_MEAN
from engine.models.checkpoint import CheckpointFile
from engine.models.encoder import load_encoder
from engine.models.installed import (
    InstalledCheckpoint,
    find_installed,
    install,
)
from engine.models.tags import usual_preprocessing
from tests.engine.cli.adding import anhoi, refused
from tests.engine.models.tiny_open_clip import (
    KINDS,
    WEIGHTS_FILE,
    make_known,
    tokenizer_files,
    write_checkpoint,
)

MakePhoto = Callable[..., Path]
Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
State = dict[str, Tensor]
SMALL = "ViT-S-32-alt"


@dataclass(frozen=True)
class Tuned:
    """A file of somebody's training, and what has to be said to add it."""

    reference: InstalledCheckpoint
    arguments: list[object]
    tokenizer: Path


def as_open_clip_trains(state: State) -> dict[str, object]:
    """What open_clip's own training writes as epoch_15.pt, on several machines."""
    return {
        "epoch": 15,
        "name": "2026_11_21-lr_0.0005",
        "state_dict": {f"module.{name}": tensor for name, tensor in state.items()},
        "optimizer": {
            "state": {0: {"step": torch.tensor(3.0), "exp_avg": torch.zeros(4)}},
            "param_groups": [{"lr": np.float64(5e-4), "betas": (0.9, 0.98), "params": [0]}],
        },
        "scaler": {"scale": 65536.0, "growth_factor": 2.0, "_growth_tracker": 7},
    }


def as_beit3_trains(state: State) -> dict[str, object]:
    """What BEiT3's own training writes as checkpoint-best.pth."""
    return {
        "model": state,
        "optimizer": {"state": {}, "param_groups": [{"lr": 1e-3, "params": [0]}]},
        "epoch": 9,
        "scaler": {"scale": 65536.0},
        "args": argparse.Namespace(model="beit3_base_patch16_384", lr=1e-3, dist_backend="nccl"),
    }


def fine_tuned(
    trained: InstalledCheckpoint, name: str, wrap: Callable[[State], object], folder: Path
) -> Path:
    """The folder of a checkpoint whose weights are a file of its training."""
    shutil.copytree(trained.folder, folder)
    torch.save(wrap(load_file(folder / "model.safetensors")), folder / name)
    (folder / "model.safetensors").unlink()
    record = replace(trained.record, name=folder.name, weights=CheckpointFile(name), memory_mb=0)
    install(record, folder)
    return folder


def test_files_of_training_are_converted_once_and_searched_with(
    tiny_pair: Pair, tmp_path: Path, make_photo: MakePhoto, capsys: pytest.CaptureFixture[str]
) -> None:
    own = fine_tuned(tiny_pair[0], "epoch_15.pt", as_open_clip_trains, tmp_path / "my-clip")
    best = fine_tuned(tiny_pair[1], "checkpoint-best.pth", as_beit3_trains, tmp_path / "my-beit3")
    library = tmp_path / "library"
    for folder, trained in ((own, tiny_pair[0]), (best, tiny_pair[1])):
        assert anhoi("models", "add", folder) == 0
        added = find_installed(folder.name)
        assert not [path for path in added.folder.iterdir() if path.suffix in (".pt", ".pth")]
        assert added.record.weights.made_from
        pixels = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3), dtype=np.uint8)
        np.testing.assert_array_equal(
            load_encoder(added).encode_images(pixels), load_encoder(trained).encode_images(pixels)
        )
        assert run(["--library", str(library), "models", "use", folder.name]) == 0
    for seed in range(3):
        make_photo(tmp_path / "photos" / f"{seed}.png", seed=seed)
    assert run(["--library", str(library), "index", str(tmp_path / "photos")]) == 0
    capsys.readouterr()
    assert run(["--library", str(library), "search", "một con chó", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 3
    assert all(row["openclip"] is not None and row["beit3"] is not None for row in rows)


@pytest.fixture
def siglip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tuned:
    """SigLIP 2, fine-tuned; its architecture is known to open_clip, its tokenizer a folder."""
    return tuned("SigLIP2", tmp_path, monkeypatch)


def tuned(kind: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Tuned:
    architecture = make_known(kind, "maker/tiny-text", folder / "architectures", monkeypatch)
    reference = write_checkpoint(kind, folder / "reference", ("en",))
    weights = folder / "epoch_15.pt"
    torch.save(as_open_clip_trains(load_file(reference.folder / WEIGHTS_FILE)), weights)
    tokenizer = folder / "tokenizer"
    tokenizer.mkdir()
    for name, content in tokenizer_files(kind).items():
        (tokenizer / name).write_bytes(content)
    described = ["--name", "mine", "--family", "openclip", "--architecture", architecture]
    return Tuned(reference, [weights, *described], tokenizer)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("by_file", [False, True])
def test_an_architecture_with_a_tokenizer_of_hugging_face_is_added_with_it(
    kind: str, by_file: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tuned(kind, tmp_path, monkeypatch)
    named = given.tokenizer / "tokenizer.json" if by_file else given.tokenizer
    how = "clip" if kind == "xlm-roberta" else "siglip"
    anhoi("models", "add", *given.arguments, "--tokenizer", named, "--preprocessing", how)
    shutil.rmtree(given.tokenizer)
    found = find_installed("mine")
    assert found.record.preprocessing == given.reference.record.preprocessing
    texts = ["một con chó chạy trên bãi cỏ", "mot con cho"]
    np.testing.assert_array_equal(
        load_encoder(found, ["text"]).encode_texts(texts),
        load_encoder(given.reference, ["text"]).encode_texts(texts),
    )
    assert anhoi("models", "verify", "mine") == 0


def test_a_tokenizer_that_is_missing_or_incomplete_is_asked_for(siglip: Tuned) -> None:
    told = refused(*siglip.arguments)
    assert "name the folder of its tokenizer.json, from maker/tiny-text" in told
    (siglip.tokenizer / "tokenizer_config.json").unlink()
    told = refused(*siglip.arguments, "--tokenizer", siglip.tokenizer)
    assert "There is no file" in told
    assert "tokenizer_config.json" in told


def test_a_text_tower_that_is_not_described_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tuned("nllb-clip", tmp_path, monkeypatch)
    (given.tokenizer / "config.json").unlink()
    told = refused(*given.arguments, "--tokenizer", given.tokenizer)
    assert "There is no file" in told
    assert "config.json" in told


@pytest.mark.parametrize(
    ("architecture", "resize", "mean"),
    [
        ("ViT-B-16-SigLIP2", "squash", (0.5, 0.5, 0.5)),
        ("ViT-B-16", "crop", CLIP_MEAN),
        ("MobileCLIP-S1", "crop", (0.0, 0.0, 0.0)),
        ("ViT-S-32-alt", "crop", CLIP_MEAN),
    ],
)
def test_photos_are_prepared_as_for_open_clips_own_weights(
    architecture: str, resize: str, mean: tuple[float, ...]
) -> None:
    how = usual_preprocessing(architecture)
    assert (how.resize, how.mean) == (resize, mean)
