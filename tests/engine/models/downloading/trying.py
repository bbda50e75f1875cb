"""What the tests of downloads share: a try, and what is left of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import DownloadError
from engine.models.checkpoint import Checkpoint, CheckpointFile
from engine.models.download import download
from engine.models.downloading.partial import Origin, Partial

NAME = "w.safetensors"


def left(parent: Path) -> set[str]:
    """What lies about after a fault."""
    return {path.name for path in parent.rglob("*")} - {"mine"}


def fetched(checkpoint: Checkpoint, parent: Path) -> bytes:
    list(download(checkpoint, parent))
    assert left(parent) == {NAME, "t.spm", "checkpoint.json"}
    return (parent / "mine" / NAME).read_bytes()


def refused(checkpoint: Checkpoint, parent: Path) -> str:
    """The sentence; it is one, and no file is there that is not whole."""
    with pytest.raises(DownloadError) as error:
        list(download(checkpoint, parent))
    assert "\n" not in str(error.value)
    assert NAME not in left(parent)
    return str(error.value)


def at(checkpoint: Checkpoint, *urls: str) -> Checkpoint:
    return replace(checkpoint, weights=replace(checkpoint.weights, urls=urls))


def leave_part(parent: Path, content: bytes, origin: Origin) -> None:
    """As a killed program leaves it."""
    (parent / "mine").mkdir(parents=True)
    part = Partial(parent / "mine", CheckpointFile(NAME))
    part.begin(origin, anew=True)
    part.write(content)
    part.close()
