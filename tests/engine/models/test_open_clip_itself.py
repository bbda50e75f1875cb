import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from engine.images.preprocessing import CLIP_MEAN, CLIP_STD, Preprocessing, prepare
from engine.models.checkpoint import Checkpoint, CheckpointFile
from engine.models.checkpoints import CHECKPOINTS
from engine.models.encoder import load_encoder
from engine.models.installed import InstalledCheckpoint, install
from engine.models.open_clip import build_model, import_open_clip

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
ROOT = Path(__file__).parents[3]
SMALL = "ViT-S-32-alt"  # the smallest that open_clip knows and tokenizes without the network
TEXTS = ["một con chó chạy trên bãi cỏ", "a dog runs across the grass"]
IMAGES = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)


def without_text_prefix(state: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix("text."): tensor for name, tensor in state.items()}


@pytest.fixture(scope="module")
def model() -> Any:  # noqa: ANN401 - open_clip has no types
    torch.manual_seed(0)
    return build_model(SMALL, Path()).eval()


@pytest.fixture
def small(model: Any, tmp_path: Path) -> Iterator[InstalledCheckpoint]:  # noqa: ANN401
    folder = tmp_path / "small"
    folder.mkdir()
    weights = folder / "w.pt"
    torch.save(without_text_prefix(model.state_dict()), weights)
    yield install(small_record(), folder)
    weights.unlink()  # 170 MB


def small_record() -> Checkpoint:
    return replace(
        CHECKPOINTS[0],
        name="small",
        architecture=SMALL,
        weights=CheckpointFile("w.pt"),
        preprocessing=Preprocessing(224, "crop", CLIP_MEAN, CLIP_STD),
        dimension=256,
    )


def test_a_built_in_architecture_embeds_as_open_clip_itself_does(
    model: Any,  # noqa: ANN401
    small: InstalledCheckpoint,
) -> None:
    open_clip = import_open_clip()
    encoder, how = load_encoder(small), small.record.preprocessing
    transform = open_clip.image_transform(224, is_train=False, mean=CLIP_MEAN, std=CLIP_STD)
    random = np.random.default_rng(0)
    for size in [(300, 200), (225, 640), (224, 224), (90, 77)]:
        coarse = Image.fromarray(random.integers(0, 256, (12, 16, 3), dtype=np.uint8))
        image = coarse.resize(size, Image.Resampling.BICUBIC)
        with torch.inference_mode():
            expected = model.encode_image(transform(image)[None], normalize=True).numpy()
        found = encoder.encode_images(prepare(image, how)[None])
        np.testing.assert_allclose(found, expected, atol=1e-5)
    with torch.inference_mode():
        tokens = open_clip.get_tokenizer(SMALL)(TEXTS)
        expected = model.encode_text(tokens, normalize=True).numpy()
    np.testing.assert_allclose(encoder.encode_texts(TEXTS), expected, atol=1e-5)


def run(code: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_open_clip_can_be_imported_twice_and_transforms_images(tmp_path: Path) -> None:
    code = (
        "from engine.models.open_clip import import_open_clip as door\n"
        "assert door() is door()\n"
        "import torchvision.transforms, open_clip\n"
        "open_clip.image_transform(224, is_train=False)\n"
    )
    done = run(code, tmp_path)
    assert done.returncode == 0, done.stderr


def test_other_errors_of_torchvision_are_not_hidden(tmp_path: Path) -> None:
    (tmp_path / "torchvision.py").write_text("raise RuntimeError('another reason')")
    done = run("from engine.models.open_clip import import_open_clip as d; d()", tmp_path)
    assert "RuntimeError: another reason" in done.stderr


def test_loading_says_nothing_about_random_weights(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path\n"
        "from engine.models.open_clip import build_model\n"
        f"build_model({SMALL!r}, Path())\n"
    )
    done = run(code, tmp_path)
    assert done.returncode == 0
    assert done.stderr == ""
