"""Our network against recorded outputs of the released code."""

import json
import os
import re
import runpy
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own custom
from safetensors.torch import load_file
from torch import Tensor, nn

from engine.models.beit3.config import BASE, LARGE, Beit3Config
from engine.models.beit3.positions import interpolate_positions
from engine.models.beit3.retrieval import (
    IMAGE_POSITIONS,
    Beit3Retrieval,
    load_retrieval,
    side_keys,
)
from engine.models.encoder import SIDES, Side

ROOT = Path(__file__).parents[4]
ORACLE = Path(os.environ.get("ANHOI_ORACLE", ROOT.parent / "shared" / "oracle" / "beit3"))
RECIPE = ORACLE / "base_recipe"
SEEDS = sorted(
    path for path in ORACLE.glob("seed*") if (path / "retrieval_io.safetensors").exists()
)
INTERPOLATED = [path for seed in SEEDS for path in sorted(seed.glob("interp_*_io.safetensors"))]
KEY_LISTS = sorted(ORACLE.glob("keys_*_retrieval.json"))
FULL_SIZE = [
    ("beit3_base_patch16_224_retrieval", BASE),
    ("beit3_base_patch16_384_retrieval", replace(BASE, image_size=384)),
    ("beit3_large_patch16_384_retrieval", LARGE),
]

HIDDEN, HEAD, NORMALISED = 5e-5, 2e-5, 1e-6

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SEEDS, reason=f"no reference outputs in {ORACLE}"),
]
needs_recipe = pytest.mark.skipif(not RECIPE.exists(), reason=f"no recipe in {RECIPE}")
Tensors = dict[str, Tensor]


def tolerance(name: str) -> float:
    if name.endswith(("cls_normalized", "similarity")):
        return NORMALISED
    if name.endswith(("cls_head", "clip_loss", "logit_scale_exp")):
        return HEAD
    return HIDDEN


def assert_equal_to_reference(found: Tensors, reference: Tensors) -> None:
    assert set(found) == {name for name in reference if not name.startswith("in.")}
    for name, tensor in found.items():
        assert tensor.shape == reference[name].shape, name
        difference = (tensor - reference[name]).abs().max().item()
        assert difference <= tolerance(name), name


def seed_config(folder: Path) -> Beit3Config:
    values = json.loads((folder / "config.json").read_text("utf-8"))
    return Beit3Config(
        embed_dim=values["embed_dim"],
        layers=values["layers"],
        heads=values["heads"],
        ffn_dim=values["ffn_dim"],
        vocab_size=values["vocab_size"],
        image_size=values["img_size"],
        patch_size=values["patch_size"],
        max_text_positions=values["max_source_positions"],
        text_length=values["text_len"],
        layernorm_eps=values["layernorm_eps"],
    )


@contextmanager
def recorded(network: Beit3Retrieval) -> Iterator[Tensors]:
    """Fill a table with what goes through the encoder meanwhile."""
    states: Tensors = {}
    encoder = network.beit3.encoder

    def keep(name: str) -> Callable[[nn.Module, Any, Tensor], None]:
        return lambda _module, _inputs, output: states.__setitem__(name, output)

    hooks = [
        layer.register_forward_hook(keep(f"layer{i}")) for i, layer in enumerate(encoder.layers)
    ]
    hooks.append(encoder.register_forward_hook(keep("encoder_out")))
    hooks.append(
        encoder.layers[0].register_forward_pre_hook(
            lambda _module, inputs: states.__setitem__("embed", inputs[0])
        )
    )
    yield states
    for hook in hooks:
        hook.remove()


def prefixed(prefix: str, states: Tensors) -> Tensors:
    return {f"{prefix}.{name}": state for name, state in states.items()}


def side_outputs(network: Beit3Retrieval, reference: Tensors) -> Tensors:
    pixels, ids = reference["in.pixels"], reference["in.token_ids"]
    with recorded(network) as states:
        image = network.embed_images(pixels)
        found = prefixed("vision", states)
    with recorded(network) as states:
        text = network.embed_texts(ids, reference["in.padding_mask"])
        found |= prefixed("language", states)
    images, texts = F.normalize(image), F.normalize(text)
    found |= {"vision.cls_head": image, "vision.cls_normalized": images}
    found |= {"language.cls_head": text, "language.cls_normalized": texts}
    found["similarity"] = images @ texts.T
    logits = network.logit_scale.exp() * found["similarity"]
    targets = torch.arange(len(logits))
    found["logit_scale_exp"] = network.logit_scale.exp()
    found["clip_loss"] = (F.cross_entropy(logits, targets) + F.cross_entropy(logits.T, targets)) / 2
    return found


def other_outputs(network: Beit3Retrieval, reference: Tensors) -> Tensors:
    pixels, ids = reference["in.pixels"], reference["in.token_ids"]
    padding = reference["in.padding_mask"]
    with recorded(network) as states:
        network.beit3(pixels, ids, padding_mask=padding)
        found = prefixed("fused", states)
    masked = reference["in.vision_masked_position"]
    lengths = (1 - padding).sum(dim=1).tolist()
    rows = [
        network.embed_texts(row[None, :length], mask[None, :length])
        for row, mask, length in zip(ids, padding, lengths, strict=True)
    ]
    return found | {
        "fused.split_position": torch.tensor(network.config.image_tokens),
        "fused_nomask.encoder_out": network.beit3(pixels, ids),
        "vision_masked.encoder_out": network.beit3(pixels, masked_patches=masked),
        "language_nomask.cls_normalized": F.normalize(network.embed_texts(ids, None)),
        "language_trimmed.cls_normalized": F.normalize(torch.cat(rows)),
    }


@pytest.mark.parametrize("folder", SEEDS, ids=lambda path: path.name)
@torch.inference_mode()
def test_every_recorded_tensor_of_a_small_network_is_reproduced(folder: Path) -> None:
    network = load_retrieval(folder / "retrieval_weights.safetensors", seed_config(folder))
    reference = load_file(folder / "retrieval_io.safetensors")
    found = side_outputs(network, reference) | other_outputs(network, reference)
    assert_equal_to_reference(found, reference)


@pytest.mark.parametrize("path", INTERPOLATED, ids=lambda path: f"{path.parent.name}-{path.stem}")
@torch.inference_mode()
def test_a_network_loaded_at_another_image_size_is_reproduced(path: Path) -> None:
    reference = load_file(path)
    config = replace(seed_config(path.parent), image_size=reference["in.pixels"].shape[-1])
    network = load_retrieval(path.with_name("retrieval_weights.safetensors"), config, ["image"])
    pixels = reference["in.pixels"]
    found = {
        "embed_positions.A.weight": network.state_dict()[IMAGE_POSITIONS],
        "vision.encoder_out": network.beit3(pixels),
        "vision.cls_normalized": F.normalize(network.embed_images(pixels)),
    }
    assert_equal_to_reference(found, reference)


@pytest.fixture(scope="module")
def recipe() -> dict[str, Any]:
    """The functions of recipe.py, run in place so that nothing is written beside it."""
    return runpy.run_path(str(RECIPE / "recipe.py"))


def filled_by_recipe(
    config: Beit3Config, side: Side, name: str, recipe: dict[str, Any]
) -> Beit3Retrieval:
    checks = json.loads((RECIPE / f"{name}.checks.json").read_text("utf-8"))
    with torch.device("meta"):
        network = Beit3Retrieval(config, [side])
    state: Tensors = {}
    for key, tensor in network.state_dict().items():
        values: np.ndarray[Any, Any] = recipe["param"](key, tuple(tensor.shape))
        assert f"{zlib.crc32(values.tobytes()):08x}" == checks["crc32_of_float32_bytes"][key]
        state[key] = torch.from_numpy(values)
    network.load_state_dict(state, strict=True, assign=True)
    return network


def full_size_outputs(
    config: Beit3Config, side: Side, name: str, recipe: dict[str, Any]
) -> Tensors:
    network = filled_by_recipe(config, side, name, recipe)
    with recorded(network) as states:
        if side == "image":
            head = network.embed_images(torch.from_numpy(recipe["pixels"](2, config.image_size)))
        else:
            head = network.embed_texts(*map(torch.from_numpy, recipe["tokens"]()))
    order = ["embed", *(f"layer{i}" for i in range(config.layers)), "encoder_out"]
    return {
        "cls_head": head,
        "cls_normalized": F.normalize(head),
        "token0_per_layer": torch.stack([states[name][:, 0] for name in order]),
    }


@needs_recipe
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("name", "config"), FULL_SIZE, ids=[name for name, _ in FULL_SIZE])
@torch.inference_mode()
def test_a_network_of_full_size_is_reproduced(
    name: str, config: Beit3Config, recipe: dict[str, Any]
) -> None:
    # One side after the other: both of the large network at once would take 3 GB.
    found = prefixed("vision", full_size_outputs(config, "image", name, recipe))
    found |= prefixed("language", full_size_outputs(config, "text", name, recipe))
    found["similarity"] = found["vision.cls_normalized"] @ found["language.cls_normalized"].T
    assert_equal_to_reference(found, load_file(RECIPE / f"{name}.safetensors"))


@pytest.mark.parametrize("path", KEY_LISTS, ids=lambda path: path.stem)
def test_parameters_have_the_names_and_shapes_of_the_released_files(path: Path) -> None:
    listed = json.loads(path.read_text("utf-8"))
    size, resolution = re.findall(r"keys_(base|large)_patch16_(\d+)_", path.name)[0]
    config = replace({"base": BASE, "large": LARGE}[size], image_size=int(resolution))
    with torch.device("meta"):
        network = Beit3Retrieval(config)
    shapes = {key: list(tensor.shape) for key, tensor in network.state_dict().items()}
    assert shapes == {key: entry["shape"] for key, entry in listed["keys"].items()}
    assert sum(p.numel() for p in network.parameters()) == listed["n_params"]


@pytest.mark.parametrize("path", KEY_LISTS, ids=lambda path: path.stem)
def test_the_keys_of_both_sides_are_all_keys_and_share_only_the_scale(path: Path) -> None:
    keys = set(json.loads(path.read_text("utf-8"))["keys"])
    image, text = ({key for key in keys if side_keys([side])(key)} for side in SIDES)
    assert image | text == keys
    assert image & text == {"logit_scale"}


def test_either_side_of_the_base_network_is_its_share_of_the_whole() -> None:
    def count(*sides: Side) -> int:
        with torch.device("meta"):
            return sum(p.numel() for p in Beit3Retrieval(BASE, sides).parameters())

    assert (count("image"), count("text")) == (86_482_945, 135_684_097)
    assert count("image") + count("text") - 1 == count(*SIDES) == 222_167_041


def test_the_released_position_table_is_interpolated_to_the_rows_of_384_pixels() -> None:
    assert interpolate_positions(torch.zeros(199, 768), 384, 16).shape == (579, 768)
