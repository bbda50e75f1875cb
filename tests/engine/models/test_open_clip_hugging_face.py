import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from torch.overrides import TorchFunctionMode

from engine.images.preprocessing import prepare
from engine.inference.client import ModelProcess
from engine.models.checkpoint import CONFIG_FILE
from engine.models.encoder import load_encoder
from engine.models.installed import InstalledCheckpoint
from engine.models.open_clip import (
    build_model,
    import_open_clip,
    import_transformers,
    load_model,
)
from engine.models.open_clip_text import load_tokenizer
from engine.models.precision import measure
from tests.engine.models.tiny_open_clip import (
    KINDS,
    TEXTS,
    WEIGHTS_FILE,
    Folders,
    model_config,
    refuse_sockets,
    tokenizer_files,
)

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def nothing_to_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading may neither open a socket nor find anything in a cache."""
    refuse_sockets(monkeypatch, tmp_path)


def as_open_clip_has_it(kind: str, checkpoint: InstalledCheckpoint, folder: Path) -> Path:
    """The same weights in a folder that open_clip itself loads."""
    folder.mkdir()
    for name, content in tokenizer_files(kind).items():
        (folder / name).write_bytes(content)
    shutil.copy(checkpoint.folder / WEIGHTS_FILE, folder)
    how = checkpoint.record.preprocessing
    described = {
        "model_cfg": model_config(kind, str(folder)),
        "preprocess_cfg": {
            "mean": how.mean,
            "std": how.std,
            "interpolation": "bicubic",
            "resize_mode": "squash" if how.resize == "squash" else "shortest",
        },
    }
    (folder / "open_clip_config.json").write_text(json.dumps(described))
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_a_checkpoint_runs_as_open_clip_itself_runs_it(
    kind: str, checkpoints: Folders, tmp_path: Path
) -> None:
    checkpoint = checkpoints[kind]
    import_transformers()
    open_clip = import_open_clip()
    name = f"local-dir:{as_open_clip_has_it(kind, checkpoint, tmp_path / 'own')}"
    model, transform = open_clip.create_model_from_pretrained(name)
    tokenizer = open_clip.get_tokenizer(name)
    if kind == "nllb-clip":
        tokenizer.tokenizer.src_lang = "vie_Latn"
    model.eval()

    expected_tokens = tokenizer(TEXTS)
    vocab_size = model.text.vocab_size
    tokenize = load_tokenizer(checkpoint.record, checkpoint.folder, vocab_size)
    torch.testing.assert_close(tokenize(TEXTS), expected_tokens, rtol=0, atol=0)

    encoder = load_encoder(checkpoint)
    with torch.inference_mode():
        expected = model.encode_text(expected_tokens, normalize=True).numpy()
    np.testing.assert_allclose(encoder.encode_texts(TEXTS), expected, atol=1e-5)
    assert len(np.unique(expected.round(4), axis=0)) > 3  # the texts are told apart

    noise = np.random.default_rng(0).integers(0, 256, (9, 7, 3), dtype=np.uint8)
    image = Image.fromarray(noise).resize((90, 70), Image.Resampling.BICUBIC)
    with torch.inference_mode():
        expected = model.encode_image(transform(image)[None], normalize=True).numpy()
    found = encoder.encode_images(prepare(image, checkpoint.record.preprocessing)[None])
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_bfloat16_stays_close_and_one_side_loads_alone(kind: str, checkpoints: Folders) -> None:
    exact = load_encoder(checkpoints[kind])
    text = load_encoder(checkpoints[kind], ["text"], dtype=torch.bfloat16)
    image = load_encoder(checkpoints[kind], ["image"], dtype=torch.bfloat16)
    pixels = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3), dtype=np.uint8)
    cosines = (text.encode_texts(TEXTS) * exact.encode_texts(TEXTS)).sum(1)
    np.testing.assert_allclose(cosines, 1, atol=2e-3)
    cosines = (image.encode_images(pixels) * exact.encode_images(pixels)).sum(1)
    np.testing.assert_allclose(cosines, 1, atol=2e-3)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_lower_precision_costs_can_be_measured(kind: str, checkpoints: Folders) -> None:
    found = measure(
        lambda side, dtype: load_encoder(checkpoints[kind], [side], dtype=dtype),
        torch.bfloat16,
        32,
    )
    assert all(side.change < 0.01 for side in found.values())


def test_the_model_process_runs_a_tower_of_transformers_and_says_nothing(
    checkpoints: Folders, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = checkpoints["nllb-clip"]
    expected = load_encoder(checkpoint).encode_texts(TEXTS)
    monkeypatch.undo()  # starting a process needs a socket; its loading does not
    with ModelProcess([checkpoint]) as models:
        found = models.encode_texts(checkpoint.key, TEXTS)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", KINDS)
def test_an_encoder_outlasts_its_files(kind: str, copied: Any) -> None:  # noqa: ANN401
    checkpoint = copied(kind)
    encoder = load_encoder(checkpoint)
    before = encoder.encode_texts(TEXTS)
    weights = checkpoint.folder / WEIGHTS_FILE
    with weights.open("r+b") as file:
        file.seek(4096)
        file.write(bytes(weights.stat().st_size - 4096))
    shutil.rmtree(checkpoint.folder)
    np.testing.assert_array_equal(encoder.encode_texts(TEXTS), before)


XLM_ROBERTA_LAYER = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "attention.output.LayerNorm",
    "intermediate.dense",
    "output.dense",
    "output.LayerNorm",
)
M2M_100_LAYER = (
    "self_attn.q_proj",
    "self_attn.k_proj",
    "self_attn.v_proj",
    "self_attn.out_proj",
    "self_attn_layer_norm",
    "fc1",
    "fc2",
    "final_layer_norm",
)


@pytest.mark.parametrize(
    ("kind", "begins", "layer", "others"),
    [
        (
            "xlm-roberta",
            "transformer.encoder.layer.0.",
            XLM_ROBERTA_LAYER,
            ("transformer.embeddings.word_embeddings.weight", "proj.0.weight", "proj.2.weight"),
        ),
        (
            "nllb-clip",
            "transformer.layers.0.",
            M2M_100_LAYER,
            ("transformer.embed_tokens.weight", "transformer.layer_norm.bias", "proj.weight"),
        ),
    ],
)
def test_parameters_are_named_as_in_the_public_weights(
    kind: str, begins: str, layer: tuple[str, ...], others: tuple[str, ...], checkpoints: Folders
) -> None:
    """Their names are of transformers 4, and open_clip loads them by name."""
    found = set(build_model(CONFIG_FILE, checkpoints[kind].folder).text.state_dict())
    named = {f"{begins}{part}.{what}" for part in layer for what in ("weight", "bias")}
    assert {name for name in found if name.startswith(begins)} == named
    assert found.issuperset(others)


def test_old_weights_with_position_ids_are_read(copied: Any) -> None:  # noqa: ANN401
    """transformers once kept them in the weights, and the public XLM-R checkpoint has them."""
    checkpoint = copied("xlm-roberta")
    path = checkpoint.folder / WEIGHTS_FILE
    state = load_file(path) | {
        "text.transformer.embeddings.position_ids": torch.arange(80).expand(1, -1).clone()
    }
    expected = load_encoder(checkpoint).encode_texts(TEXTS)
    save_file({name: tensor.clone() for name, tensor in state.items()}, path)
    np.testing.assert_array_equal(load_encoder(checkpoint).encode_texts(TEXTS), expected)


def test_only_checkpoints_that_need_transformers_import_it_and_silently(
    checkpoints: Folders, tiny_pair: tuple[InstalledCheckpoint, InstalledCheckpoint], tmp_path: Path
) -> None:
    plain, tower = tiny_pair[0].folder, checkpoints["nllb-clip"].folder
    code = (
        "import socket, sys\n"
        "from pathlib import Path\n"
        "def refuse(*_, **__): raise AssertionError('a socket was opened')\n"
        "socket.socket.__init__ = socket.getaddrinfo = refuse\n"
        "from engine.models.encoder import load_encoder\n"
        "from engine.models.installed import InstalledCheckpoint, read_record\n"
        "def embed(folder):\n"
        "    folder = Path(folder)\n"
        "    checkpoint = InstalledCheckpoint(read_record(folder), folder)\n"
        "    return load_encoder(checkpoint).encode_texts(['một con chó'])\n"
        f"embed({str(plain)!r})\n"
        "assert 'transformers' not in sys.modules\n"
        f"print(embed({str(tower)!r})[0, 0])\n"
        "assert 'transformers' in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=os.environ | {"PYTHONPATH": str(ROOT), "HF_HOME": str(tmp_path / "empty")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert not (tmp_path / "empty").exists()
    expected = load_encoder(checkpoints["nllb-clip"]).encode_texts(["một con chó"])
    assert float(done.stdout) == pytest.approx(expected[0, 0], abs=1e-5)


class Passed(TorchFunctionMode):
    """Notes the names of torch's functions that are really called."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def __torch_function__(
        self,
        func: Callable[..., object],
        _types: object,
        args: tuple[object, ...] = (),
        kwargs: dict[str, object] | None = None,
    ) -> object:
        self.names.add(getattr(func, "__name__", ""))
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("kind", KINDS)
def test_loading_makes_no_random_weights(kind: str, checkpoints: Folders) -> None:
    """They cost gigabytes and seconds, and are overwritten."""
    folder = checkpoints[kind].folder
    with Passed() as passed:
        build_model(CONFIG_FILE, folder)
    assert passed.names & {"normal_", "uniform_"}
    with Passed() as passed:
        load_model(CONFIG_FILE, folder, WEIGHTS_FILE)
    assert not passed.names & {"normal_", "uniform_", "kaiming_uniform_"}
