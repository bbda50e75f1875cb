"""OpenCLIP checkpoints by open_clip's own names: an architecture and the tag of its weights."""

import re
from typing import Any, Literal

from engine.errors import CheckpointError
from engine.images.preprocessing import CLIP_MEAN, CLIP_STD, Preprocessing
from engine.models.checkpoint import CONFIG_FILE, Checkpoint, CheckpointFile
from engine.models.checkpoints import CHECKPOINTS
from engine.models.hub_repository import HubRepository
from engine.models.installed import check_name

HUB_WEIGHTS = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")
_SHA256_IN_URL = re.compile(r"/([0-9a-f]{64})/")
_RESIZE: dict[str, Literal["crop", "squash"]] = {"shortest": "crop", "squash": "squash"}


def tagged(name: str) -> Checkpoint:
    """The record of “ARCHITECTURE:TAG”, to be downloaded.

    It is the one in the table of checkpoints where that has the same weights; else the hub is
    asked for the files, their licence and their languages.

    Args:
        name: such as "ViT-B-16:laion2b_s34b_b88k".

    Returns:
        A record; without languages where nobody says which.

    Raises:
        CheckpointError: open_clip knows no such architecture or tag.
        DownloadError: the hub cannot be asked.
    """
    architecture, _, tag = name.partition(":")
    pretrained = _pretrained(architecture, tag)
    architecture = _with_its_activation(architecture, pretrained)
    return _in_the_table(architecture, pretrained) or _record(architecture, tag, pretrained)


def usual_preprocessing(architecture: str) -> Preprocessing:
    """What the weights that open_clip lists first for an architecture want; CLIP's for no weights.

    Raises:
        CheckpointError: open_clip knows no such architecture, or they want what cannot be done.
    """
    from engine.models.open_clip import image_size, import_open_clip, read_config

    size = image_size(read_config(architecture))
    tags = import_open_clip().list_pretrained_tags_by_model(architecture)
    if not tags:
        return Preprocessing(size, "crop", CLIP_MEAN, CLIP_STD)
    return _preprocessing(size, _pretrained(architecture, tags[0]))


def _pretrained(architecture: str, tag: str) -> dict[str, Any]:
    from engine.models.open_clip import import_open_clip

    found: dict[str, Any] = import_open_clip().get_pretrained_cfg(architecture, tag)
    if not found:
        raise CheckpointError(f"open_clip knows no weights “{architecture}:{tag}”.")
    return found


def _with_its_activation(architecture: str, pretrained: dict[str, Any]) -> str:
    """The variant that the weights were trained with, where open_clip would only warn."""
    from engine.models.open_clip import read_config

    if not pretrained.get("quick_gelu") or read_config(architecture).get("quick_gelu"):
        return architecture
    read_config(f"{architecture}-quickgelu")  # raises where there is none
    return f"{architecture}-quickgelu"


def _in_the_table(architecture: str, pretrained: dict[str, Any]) -> Checkpoint | None:
    repository, _, _ = pretrained["hf_hub"].rpartition("/")
    return next(
        (
            known
            for known in CHECKPOINTS
            if known.architecture == architecture
            and known.weights.hub
            and known.weights.hub.repository == repository
        ),
        None,
    )


def _record(architecture: str, tag: str, pretrained: dict[str, Any]) -> Checkpoint:
    from engine.models.open_clip import image_size, read_config

    config = read_config(architecture)
    weights, licence, languages = _weights(pretrained)
    tokenizer, others = _text_files(config["text_cfg"])
    name = f"{architecture}-{tag}".lower().replace("_", "-")
    check_name(name)
    return Checkpoint(
        name=name,
        family="openclip",
        architecture=architecture,
        weights=weights,
        tokenizer=tokenizer,
        preprocessing=_preprocessing(image_size(config), pretrained),
        dimension=int(config["embed_dim"]),
        licence=licence or "see its source",
        # open_clip's own tokenizer has words of English only.
        languages=languages or (() if tokenizer else ("en",)),
        memory_mb=round((weights.size or 0) / 2**20),
        source=f"open_clip {architecture}:{tag}, {pretrained['hf_hub'] or pretrained['url']}",
        other_files=others,
    )


def _preprocessing(size: int, pretrained: dict[str, Any]) -> Preprocessing:
    if pretrained["resize_mode"] not in _RESIZE:
        raise CheckpointError(
            f"Photos cannot be prepared by “{pretrained['resize_mode']}”, as these weights need."
        )
    return Preprocessing(
        size=size,
        resize=_RESIZE[pretrained["resize_mode"]],
        mean=tuple(pretrained["mean"]),
        std=tuple(pretrained["std"]),
        interpolation=pretrained["interpolation"],
    )


def _weights(pretrained: dict[str, Any]) -> tuple[CheckpointFile, str | None, tuple[str, ...]]:
    """The file, and what its source says of licence and languages."""
    repository, _, path = pretrained["hf_hub"].rpartition("/")
    if not repository:
        url = pretrained["url"]
        sha256 = _SHA256_IN_URL.search(url)  # OpenAI has it there
        file = CheckpointFile(url.rpartition("/")[2], (url,), sha256=sha256 and sha256[1])
        return file, None, ()
    hub = HubRepository.asked(repository)
    # open_clip prefers safetensors as well.
    safe = path.rpartition(".")[0] + ".safetensors"
    return hub.first_of([safe, path] if path else HUB_WEIGHTS), hub.licence, hub.languages


def _text_files(
    text: dict[str, Any],
) -> tuple[CheckpointFile | None, tuple[CheckpointFile, ...]]:
    """The tokenizer, and what lies beside it, of an architecture that has it from the hub."""
    from engine.models.open_clip import TEXT_CONFIG_FILE
    from engine.models.open_clip_text import (
        SPECIAL_TOKENS_FILE,
        TOKENIZER_CONFIG_FILE,
        TOKENIZER_FILE,
    )

    if not text.get("hf_tokenizer_name"):
        return None, ()
    hub = HubRepository.asked(text["hf_tokenizer_name"])
    others = [hub.first_of([TOKENIZER_CONFIG_FILE])]
    if SPECIAL_TOKENS_FILE in hub:
        others.append(hub.first_of([SPECIAL_TOKENS_FILE]))
    tower = HubRepository.asked(text["hf_model_name"]) if text.get("hf_model_name") else hub
    if text.get("hf_model_name") or CONFIG_FILE in tower:  # it may tell the tokenizer's class
        others.append(tower.first_of([CONFIG_FILE], TEXT_CONFIG_FILE))
    return hub.first_of([TOKENIZER_FILE]), tuple(others)
