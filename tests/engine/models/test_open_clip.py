import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from engine.errors import CheckpointError
from engine.models.checkpoint import CONFIG_FILE, CheckpointFile
from engine.models.encoder import Encoder, load_encoder
from engine.models.installed import InstalledCheckpoint
from engine.models.open_clip import build_model, read_config

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
ROOT = Path(__file__).parents[3]
SMALL = "ViT-S-32-alt"  # the smallest that open_clip knows and tokenizes without the network
TEXTS = ["một con chó chạy trên bãi cỏ", "a dog runs across the grass"]
IMAGES = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)


@pytest.fixture
def tiny(tiny_pair: Pair, tmp_path: Path) -> InstalledCheckpoint:
    """An OpenCLIP checkpoint that may be spoilt."""
    folder = tmp_path / "tiny"
    shutil.copytree(tiny_pair[0].folder, folder)
    return InstalledCheckpoint(tiny_pair[0].record, folder)


def with_weights(tiny: InstalledCheckpoint, name: str) -> InstalledCheckpoint:
    return replace(tiny, record=replace(tiny.record, weights=CheckpointFile(name)))


def tensors(tiny: InstalledCheckpoint) -> dict[str, Tensor]:
    return load_file(tiny.folder / "model.safetensors")


def assert_equal(found: Encoder, expected: Encoder) -> None:
    np.testing.assert_array_equal(found.encode_images(IMAGES), expected.encode_images(IMAGES))
    np.testing.assert_array_equal(found.encode_texts(TEXTS), expected.encode_texts(TEXTS))


def test_embeddings_have_unit_length_and_differ(tiny_pair: Pair) -> None:
    encoder = load_encoder(tiny_pair[0])
    for found in (encoder.encode_images(IMAGES), encoder.encode_texts(TEXTS)):
        assert found.shape == (len(found), encoder.dimension)
        assert found.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
        assert len(np.unique(found, axis=0)) == len(found)


def test_one_side_alone_equals_both(tiny_pair: Pair) -> None:
    both = load_encoder(tiny_pair[0])
    image, text = load_encoder(tiny_pair[0], ["image"]), load_encoder(tiny_pair[0], ["text"])
    np.testing.assert_array_equal(image.encode_images(IMAGES), both.encode_images(IMAGES))
    np.testing.assert_array_equal(text.encode_texts(TEXTS), both.encode_texts(TEXTS))
    with pytest.raises(RuntimeError, match="image side"):
        text.encode_images(IMAGES)
    with pytest.raises(RuntimeError, match="text side"):
        image.encode_texts(TEXTS)


def test_many_images_and_texts_are_embedded_as_one_by_one(tiny_pair: Pair) -> None:
    encoder = load_encoder(tiny_pair[0])
    images = np.random.default_rng(1).integers(0, 256, (19, 32, 32, 3), dtype=np.uint8)
    alone = np.concatenate([encoder.encode_images(image[None]) for image in images])
    np.testing.assert_allclose(encoder.encode_images(images), alone, atol=1e-5)
    texts = [f"con chó thứ {number}" for number in range(70)]
    alone = np.concatenate([encoder.encode_texts([text]) for text in texts[60:68]])
    np.testing.assert_allclose(encoder.encode_texts(texts)[60:68], alone, atol=1e-5)
    assert encoder.encode_images(images[:0]).shape == (0, 32)
    assert encoder.encode_texts([]).shape == (0, 32)


def test_bfloat16_stays_close_to_float32(tiny_pair: Pair) -> None:
    exact = load_encoder(tiny_pair[0])
    lower = load_encoder(tiny_pair[0], dtype=torch.bfloat16)
    assert lower.encode_images(IMAGES).dtype == np.float32
    cosines = (lower.encode_images(IMAGES) * exact.encode_images(IMAGES)).sum(1)
    np.testing.assert_allclose(cosines, 1, atol=1e-3)
    cosines = (lower.encode_texts(TEXTS) * exact.encode_texts(TEXTS)).sum(1)
    np.testing.assert_allclose(cosines, 1, atol=1e-3)


def test_a_half_precision_file_is_computed_in_float32(tiny: InstalledCheckpoint) -> None:
    halves = {name: tensor.half() for name, tensor in tensors(tiny).items()}
    save_file(halves, tiny.folder / "half.safetensors")
    found = load_encoder(with_weights(tiny, "half.safetensors")).encode_images(IMAGES)
    expected = load_encoder(tiny).encode_images(IMAGES)
    np.testing.assert_allclose((found * expected).sum(1), 1, atol=1e-4)


def without_text_prefix(state: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix("text."): tensor for name, tensor in state.items()}


@pytest.mark.parametrize("flat", [True, False])
@pytest.mark.parametrize("name", ["w.pt", "w.bin", "w.safetensors", "epoch_15.pt"])
def test_every_layout_that_open_clip_writes_is_read(
    tiny: InstalledCheckpoint, name: str, flat: bool
) -> None:
    state = without_text_prefix(tensors(tiny)) if flat else tensors(tiny)
    assert ("transformer.resblocks.0.ln_1.weight" in state) is flat
    if name == "epoch_15.pt":
        distributed = {f"module.{key}": tensor for key, tensor in state.items()}
        optimizer = {"state": {0: {"step": torch.tensor(3.0)}}, "param_groups": [{"lr": 1e-3}]}
        whole = {"epoch": 15, "name": "run", "state_dict": distributed, "optimizer": optimizer}
        torch.save(whole, tiny.folder / name)
    elif name.endswith("safetensors"):
        save_file(state, tiny.folder / name)
    else:
        torch.save(state, tiny.folder / name)
    assert_equal(load_encoder(with_weights(tiny, name)), load_encoder(tiny))


class Hostile:
    """Makes a folder when unpickled by a careless loader."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.path),)


def refused(checkpoint: InstalledCheckpoint) -> str:
    with pytest.raises(CheckpointError) as error:
        load_encoder(checkpoint)
    sentence = str(error.value)
    assert "\n" not in sentence
    assert len(sentence) < 400
    return sentence


def test_a_hostile_pickle_is_not_run(tiny: InstalledCheckpoint, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    torch.save({"state_dict": tensors(tiny), "more": Hostile(trap)}, tiny.folder / "w.pt")
    assert "Python objects" in refused(with_weights(tiny, "w.pt"))
    assert not trap.exists()


@pytest.mark.parametrize("name", ["w.pt", "w.safetensors"])
@pytest.mark.parametrize("part", [0.0, 0.5, 0.99])
def test_a_file_cut_short_is_called_damaged(
    tiny: InstalledCheckpoint, name: str, part: float
) -> None:
    path = tiny.folder / name
    save_file(tensors(tiny), path) if name == "w.safetensors" else torch.save(tensors(tiny), path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    assert "damaged" in refused(with_weights(tiny, name))


def test_missing_files_are_named(tiny: InstalledCheckpoint) -> None:
    assert "absent.safetensors does not exist" in refused(with_weights(tiny, "absent.safetensors"))
    (tiny.folder / "vocabulary.spm").unlink()
    assert "vocabulary.spm cannot be read" in refused(tiny)
    (tiny.folder / CONFIG_FILE).unlink()
    assert "config.json cannot be read" in refused(tiny)


def test_weights_of_other_shapes_or_names_do_not_fit(tiny: InstalledCheckpoint) -> None:
    state = tensors(tiny)
    path = tiny.folder / "w.safetensors"
    missing = {name: tensor for name, tensor in state.items() if name != "visual.proj"}
    save_file(missing, path)
    assert "does not fit" in (sentence := refused(with_weights(tiny, path.name)))
    assert "visual.proj" in sentence
    save_file(state | {"visual.proj": torch.zeros(2, 2)}, path)
    assert "size mismatch for visual.proj" in refused(with_weights(tiny, path.name))
    save_file({"unknown": torch.zeros(1)}, path)
    assert "does not fit" in refused(with_weights(tiny, path.name))


@pytest.mark.parametrize(
    "values",
    [
        [],
        {},
        {"embed_dim": 32, "vision_cfg": 5, "text_cfg": {}},
        {"embed_dim": 32, "vision_cfg": {"image_size": 32, "patch_size": 0}, "text_cfg": {}},
        {"embed_dim": 32, "vision_cfg": {"image_size": 32, "layers": "x"}, "text_cfg": {}},
        {"embed_dim": 32, "vision_cfg": {"image_size": 32, "timm_model_name": "?"}, "text_cfg": {}},
    ],
    ids=str,
)
def test_a_strange_description_is_refused(tiny: InstalledCheckpoint, values: object) -> None:
    (tiny.folder / CONFIG_FILE).write_text(json.dumps(values))
    assert refused(tiny)


def test_a_description_never_makes_timm_fetch_weights(tiny: InstalledCheckpoint) -> None:
    config = read_config(CONFIG_FILE, tiny.folder)
    config["vision_cfg"] = {
        "timm_model_name": "resnet10t",
        "timm_model_pretrained": True,
        "image_size": 32,
    }
    (tiny.folder / CONFIG_FILE).write_text(json.dumps(config))
    assert build_model(CONFIG_FILE, tiny.folder).visual.image_size == (32, 32)


def test_a_record_of_other_sizes_than_its_network_is_refused(tiny: InstalledCheckpoint) -> None:
    other = replace(tiny.record, dimension=64)
    assert "give 64 numbers; its network takes 32 and gives 32" in refused(
        replace(tiny, record=other)
    )
    other = replace(tiny.record, preprocessing=replace(tiny.record.preprocessing, size=64))
    assert "images of 64 pixels" in refused(replace(tiny, record=other))


def test_a_tokenizer_of_more_tokens_than_the_network_knows_is_refused(
    tiny: InstalledCheckpoint,
) -> None:
    config = read_config(CONFIG_FILE, tiny.folder)
    config["text_cfg"]["vocab_size"] = 20
    (tiny.folder / CONFIG_FILE).write_text(json.dumps(config))
    save_file(build_model(CONFIG_FILE, tiny.folder).state_dict(), tiny.folder / "w.safetensors")
    assert "its network knows 20" in refused(with_weights(tiny, "w.safetensors"))


@pytest.mark.parametrize("name", ["nobody", "hf-hub:timm/vit", "local-dir:/tmp", CONFIG_FILE])
def test_unknown_architectures_are_refused_without_asking_the_network(name: str) -> None:
    with pytest.raises(CheckpointError, match="knows no architecture"):
        read_config(name)


@pytest.mark.parametrize("name", ["roberta-ViT-B-32", "mt5-base-ViT-B-32"])
def test_a_text_tower_that_would_come_from_the_hub_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"text_config\.json is missing"):
        build_model(name, tmp_path)


def test_a_tokenizer_that_would_come_from_the_hub_is_refused(tiny: InstalledCheckpoint) -> None:
    config = read_config(CONFIG_FILE, tiny.folder)
    config["text_cfg"]["hf_tokenizer_name"] = "timm/ViT-B-16-SigLIP2"
    (tiny.folder / CONFIG_FILE).write_text(json.dumps(config))
    without = replace(tiny, record=replace(tiny.record, tokenizer=None))
    assert "needs the tokenizer of its architecture" in refused(without)
