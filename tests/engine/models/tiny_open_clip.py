"""Tiny checkpoints of every kind whose text side comes from Hugging Face, as their makers write.

Weights are seeded.
"""

import json
import socket
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer

from engine.images.preprocessing import CLIP_MEAN, CLIP_STD, HALF, Preprocessing
from engine.models.checkpoint import CONFIG_FILE, Checkpoint, CheckpointFile
from engine.models.installed import InstalledCheckpoint, install
from engine.models.open_clip import TEXT_CONFIG_FILE, build_model, import_open_clip
from engine.models.open_clip_text import (
    SPECIAL_TOKENS_FILE,
    TOKENIZER_CONFIG_FILE,
    TOKENIZER_FILE,
)
from tests.engine.models.tiny_tokenizers import Values, bert, gemma, nllb, t5, xlm_roberta

WEIGHTS_FILE = "open_clip_model.safetensors"
SIZE, WIDTH = 32, 64
VISION = {
    "image_size": SIZE,
    "timm_model_name": "test_vit",
    "timm_pool": "map",
    "timm_proj": "none",
}
CLIP_VISION = {"image_size": SIZE, "layers": 2, "width": 32, "head_width": 16, "patch_size": 8}
SIGLIP_TEXT = {
    "context_length": 24,
    "tokenizer_kwargs": {"clean": "canonicalize"},
    "width": WIDTH,
    "heads": 2,
    "layers": 2,
    "no_causal_mask": True,
    "proj_bias": True,
    "pool_type": "last",
    "norm_kwargs": {"eps": 1e-6},
}
XLM_ROBERTA = {
    "model_type": "xlm-roberta",
    "architectures": ["XLMRobertaForMaskedLM"],
    "hidden_size": 48,
    "intermediate_size": 96,
    "num_attention_heads": 2,
    "num_hidden_layers": 2,
    "max_position_embeddings": 80,
    "type_vocab_size": 1,
    "bos_token_id": 0,
    "pad_token_id": 1,
    "eos_token_id": 2,
}
M2M_100 = {
    "model_type": "m2m_100",
    "architectures": ["M2M100ForConditionalGeneration"],
    "is_encoder_decoder": True,
    "d_model": 48,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 96,
    "decoder_ffn_dim": 96,
    "encoder_layers": 2,
    "decoder_layers": 1,
    "max_position_embeddings": 80,
    "scale_embedding": True,
    "pad_token_id": 1,
}

MARKED = "một con chó chạy trên bãi cỏ"
TEXTS = [
    MARKED,
    unicodedata.normalize("NFD", MARKED),
    "mot con cho chay tren bai co",
    "MỘT con chó, (chạy)  trên “bãi cỏ”!",
    "a dog runs across the grass",
    "biển 🌊 " * 40,
]
Folders = dict[str, InstalledCheckpoint]


@dataclass(frozen=True)
class Kind:
    """A kind of checkpoint: which tokenizer, which towers, how it sees."""

    tokenizer: Callable[[], tuple[Tokenizer, Values]]
    embed_dim: int
    vision: Values
    text: Values
    tower: Values | None  # transformers' description of the text side
    resize: str = "squash"
    tower_runs: bool = True  # else it only tells the tokenizer's class


CLIPA_TEXT = SIGLIP_TEXT | {"tokenizer_kwargs": {"strip_sep_token": True}}
KINDS = {
    "SigLIP2": Kind(gemma, WIDTH, VISION, SIGLIP_TEXT, None),
    "SigLIP-i18n": Kind(t5, WIDTH, VISION, SIGLIP_TEXT, None),
    "xlm-roberta": Kind(
        xlm_roberta, 32, CLIP_VISION, {"hf_pooler_type": "mean_pooler"}, XLM_ROBERTA, "crop"
    ),
    "CLIPA": Kind(bert, WIDTH, VISION, CLIPA_TEXT, {"model_type": "bert"}, tower_runs=False),
    "nllb-clip": Kind(
        nllb,
        WIDTH,
        VISION,
        {"hf_proj_type": "linear", "hf_pooler_type": "cls_pooler"},
        M2M_100,
    ),
}


def tokenizer_files(kind: str) -> dict[str, bytes]:
    """What the repository of the tokenizer holds, with the tower's config.json where it has one."""
    tokenizer, described = KINDS[kind].tokenizer()
    special = {name: token for name, token in described.items() if name.endswith("_token")}
    tower = KINDS[kind].tower
    contents: dict[str, Values | None] = {
        TOKENIZER_CONFIG_FILE: described,
        SPECIAL_TOKENS_FILE: {n: t for n, t in special.items() if isinstance(t, str)} or None,
        CONFIG_FILE: tower and tower | {"vocab_size": tokenizer.get_vocab_size()},
    }
    files = {name: json.dumps(values).encode() for name, values in contents.items() if values}
    return files | {TOKENIZER_FILE: tokenizer.to_str().encode()}


def model_config(kind: str, repository: str = "nobody/nothing") -> Values:
    """open_clip's description, with the repository its tokenizer and tower are in."""
    chosen = KINDS[kind]
    tokenizer, _ = chosen.tokenizer()
    text = chosen.text | {"hf_tokenizer_name": repository}
    if chosen.tower and chosen.tower_runs:
        text |= {"hf_model_name": repository}
    else:
        text |= {"vocab_size": tokenizer.get_vocab_size()}
    return {"embed_dim": chosen.embed_dim, "vision_cfg": chosen.vision, "text_cfg": text} | (
        {"custom_text": True, "init_logit_bias": -10} if chosen.resize == "squash" else {}
    )


def write_checkpoint(kind: str, folder: Path, languages: tuple[str, ...]) -> InstalledCheckpoint:
    """Install a checkpoint of this kind, described by its config.json."""
    folder.mkdir(parents=True)
    files = tokenizer_files(kind)
    if CONFIG_FILE in files:
        files[TEXT_CONFIG_FILE] = files.pop(CONFIG_FILE)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / CONFIG_FILE).write_text(json.dumps(model_config(kind)))
    torch.manual_seed(3)
    state = build_model(CONFIG_FILE, folder).state_dict()
    save_file({name: tensor.contiguous() for name, tensor in state.items()}, folder / WEIGHTS_FILE)
    siblings = sorted({CONFIG_FILE, *files} - {TOKENIZER_FILE})
    record = Checkpoint(
        name=folder.name,
        family="openclip",
        architecture=CONFIG_FILE,
        weights=CheckpointFile(WEIGHTS_FILE),
        tokenizer=CheckpointFile(TOKENIZER_FILE),
        preprocessing=preprocessing(kind),
        dimension=KINDS[kind].embed_dim,
        licence="Apache-2.0",
        languages=languages,
        memory_mb=1,
        source="made by the tests",
        other_files=tuple(map(CheckpointFile, siblings)),
    )
    return install(record, folder)


def write_all(parent: Path) -> dict[str, InstalledCheckpoint]:
    """One of every kind; they know Vietnamese."""
    return {kind: write_checkpoint(kind, parent / kind.lower(), ("vi", "en")) for kind in KINDS}


def refuse_sockets(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """From now on nothing may open a socket, and nothing is in the Hugging Face cache."""

    def refuse(*_arguments: object, **_named: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "__init__", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(folder / "no cache"))


def preprocessing(kind: str) -> Preprocessing:
    if KINDS[kind].resize == "crop":
        return Preprocessing(SIZE, "crop", CLIP_MEAN, CLIP_STD)
    return Preprocessing(SIZE, "squash", HALF, HALF)


def make_known(kind: str, repository: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Have open_clip list an architecture of this kind until the test ends.

    Args:
        kind: one of KINDS.
        repository: of its tokenizer and tower.
        folder: where the description is written.
        monkeypatch: of the test.

    Returns:
        The architecture's name.
    """
    open_clip = import_open_clip()
    factory = open_clip.factory
    monkeypatch.setattr(factory, "_MODEL_CONFIG_PATHS", [*factory._MODEL_CONFIG_PATHS])
    monkeypatch.setattr(factory, "_MODEL_CONFIGS", factory._MODEL_CONFIGS)
    folder.mkdir(exist_ok=True)
    path = folder / f"Tiny-{kind}.json"
    path.write_text(json.dumps(model_config(kind, repository)))
    open_clip.add_model_config(path)
    return path.stem
