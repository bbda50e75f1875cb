"""OpenCLIP checkpoints by open_clip's own names: an architecture and the tag of its weights."""

import shutil
from pathlib import Path
from typing import Any

from engine.errors import CheckpointError, DownloadError
from engine.images.preprocessing import Preprocessing
from engine.models.checkpoint import Checkpoint, CheckpointFile
from engine.models.dimensions import dimension_of, image_size_of
from engine.models.installed import RECORD_FILE, InstalledCheckpoint, check_name, install
from engine.paths import checkpoints_folder


def fetch_tag(name: str) -> InstalledCheckpoint:
    """Download “ARCHITECTURE:TAG” through open_clip, from the hub it names, and install it.

    Args:
        name: such as "ViT-B-16:laion2b_s34b_b88k".

    Raises:
        CheckpointError: open_clip knows no such architecture or tag.
        DownloadError: the weights did not arrive.
    """
    from engine.models.open_clip import import_open_clip

    architecture, _, tag = name.partition(":")
    pretrained = _pretrained(architecture, tag)
    folder = checkpoints_folder() / _short_name(architecture, tag)
    if (folder / RECORD_FILE).exists():
        raise CheckpointError(f"{name} is here already: {folder}")
    cache = folder / "hub"
    try:
        path = import_open_clip().download_pretrained(pretrained, cache_dir=str(cache))
        weights = Path(path).resolve()
        shutil.move(weights, folder / Path(path).name)
        shutil.rmtree(cache)
        return install(_record(architecture, tag, Path(path).name, pretrained), folder)
    except CheckpointError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise DownloadError(f"{name} could not be fetched: {reason}") from error


def _pretrained(architecture: str, tag: str) -> dict[str, Any]:
    from engine.models.open_clip import import_open_clip

    found: dict[str, Any] = import_open_clip().get_pretrained_cfg(architecture, tag)
    if not found:
        raise CheckpointError(f"open_clip knows no weights “{architecture}:{tag}”.")
    return found


def _record(architecture: str, tag: str, file: str, pretrained: dict[str, Any]) -> Checkpoint:
    return Checkpoint(
        name=_short_name(architecture, tag),
        family="openclip",
        architecture=architecture,
        weights=CheckpointFile(file),
        tokenizer=None,
        preprocessing=Preprocessing(
            size=image_size_of(architecture),
            resize="squash" if pretrained["resize_mode"] == "squash" else "crop",
            mean=tuple(pretrained["mean"]),
            std=tuple(pretrained["std"]),
            interpolation=pretrained["interpolation"],
        ),
        dimension=dimension_of("openclip", architecture),
        licence="see its source",
        languages=("en",),
        memory_mb=0,
        source=f"open_clip {architecture}:{tag}, {pretrained['hf_hub'] or pretrained['url']}",
    )


def _short_name(architecture: str, tag: str) -> str:
    name = f"{architecture}-{tag}".lower().replace("_", "-")
    check_name(name)
    return name
