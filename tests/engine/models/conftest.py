"""Shared: a web server, a checkpoint to be had from it, and tiny ones of every kind of tower."""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.models.checkpoint import Checkpoint, CheckpointFile
from engine.models.checkpoints import CHECKPOINTS
from engine.models.downloading import fetching
from engine.models.installed import InstalledCheckpoint
from tests.engine.models.site import Site, serving
from tests.engine.models.tiny_open_clip import Folders, write_all

WEIGHTS = bytes(range(256)) * 10_000  # more than arrives at once
SHA256 = hashlib.sha256(WEIGHTS).hexdigest()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A web server; who downloads from it does not wait before trying again."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(fetching, "WAITS", (0.0, 0.0))
    with Site() as site:
        yield site


@pytest.fixture
def checkpoint(site: Site) -> Checkpoint:
    """Weights that come as they are, with a published hash, and a tokenizer without one."""
    site.answers = {"/w": serving(WEIGHTS, ETag='"1"'), "/t": serving(b"tokenizer")}
    return replace(
        CHECKPOINTS[0],
        name="mine",
        weights=CheckpointFile(
            "w.safetensors", (f"{site.address}/w",), sha256=SHA256, size=len(WEIGHTS)
        ),
        tokenizer=CheckpointFile("t.spm", (f"{site.address}/t",)),
        other_files=(),
    )


@pytest.fixture
def unpublished(checkpoint: Checkpoint) -> Checkpoint:
    """The same, where nobody has published how long the weights are, nor their hash."""
    return replace(checkpoint, weights=replace(checkpoint.weights, sha256=None, size=None))


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    return write_all(tmp_path_factory.mktemp("checkpoints"))


@pytest.fixture
def copied(checkpoints: Folders, tmp_path: Path) -> Any:  # noqa: ANN401
    """A checkpoint that may be spoilt."""

    def copy(kind: str) -> InstalledCheckpoint:
        checkpoint = checkpoints[kind]
        folder = Path(shutil.copytree(checkpoint.folder, tmp_path / "copied"))
        return InstalledCheckpoint(checkpoint.record, folder)

    return copy
