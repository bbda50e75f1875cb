"""Checkpoints that can be downloaded from this machine, and facts about them."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.models.checkpoint import Checkpoint, CheckpointFile, Recall
from engine.models.installed import InstalledCheckpoint
from engine.models.installed_translators import InstalledTranslator
from engine.models.machine import MachineFacts
from engine.models.recommending import Recommendation
from gui.models import facts as reading
from gui.models.downloads import Download
from gui.models.facts import Facts
from gui.models.offers import Status
from tests.engine.models.site import Site, serving

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
GIB = 2**30
MACHINE = MachineFacts(memory_bytes=16 * GIB, free_disk_bytes=100 * GIB, cores=8)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with Site() as site:
        yield site


@pytest.fixture
def checkpoints(tmp_path: Path, tiny_pair: Pair, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of this test's own that holds the tiny pair, where downloads arrive."""
    folder = tmp_path / "checkpoints"
    for checkpoint in tiny_pair:
        shutil.copytree(checkpoint.folder, folder / checkpoint.record.name)
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(folder))
    return folder


@pytest.fixture
def translator(marian: InstalledTranslator, checkpoints: Path) -> InstalledTranslator:
    """One beside them."""
    folder = shutil.copytree(marian.folder, checkpoints / marian.record.name)
    return replace(marian, folder=folder)


@pytest.fixture
def larger(
    site: Site, tiny_pair: Pair, checkpoints: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Checkpoint, Checkpoint]:
    """Two checkpoints that the site serves and the table names."""
    openclip, beit3 = (_served(site, checkpoint) for checkpoint in tiny_pair)
    table = {record.name: record for record in (openclip, beit3)}
    monkeypatch.setattr(reading, "CHECKPOINTS", (openclip, beit3))
    for name, record in table.items():
        monkeypatch.setitem(reading.DOWNLOADABLE, name, record)
    return openclip, beit3


def _served(site: Site, checkpoint: InstalledCheckpoint) -> Checkpoint:
    name = f"larger-{checkpoint.record.family}"

    def served(file: CheckpointFile) -> CheckpointFile:
        content = (checkpoint.folder / file.name).read_bytes()
        site.answers[f"/{name}/{file.name}"] = serving(content)
        return replace(file, urls=(f"{site.address}/{name}/{file.name}",))

    record = checkpoint.record
    return replace(
        record,
        name=name,
        weights=served(record.weights),
        tokenizer=served(record.tokenizer) if record.tokenizer else None,
        other_files=tuple(map(served, record.other_files)),
        gmacs=17.6,
        recalls=(Recall("vi", "Crossmodal-3600", 1, 61.5, "measured by the tests"),),
    )


@pytest.fixture
def facts(tiny_pair: Pair) -> Facts:
    """Of an ordinary machine with the tiny pair, and a hundred photos."""
    return Facts(
        machine=MACHINE,
        recommendation=Recommendation(None, None, ("The starters suit this machine.",)),
        photos=100,
        installed={checkpoint.record.name: checkpoint for checkpoint in tiny_pair},
        translators={},
        translator=None,
        embeddings={},
        begun=frozenset(),
        coming={},
    )


@pytest.fixture
def status(tiny_pair: Pair) -> Status:
    """The tiny pair is in use, and nothing goes on."""
    return Status(tiny_pair, None, dict[str, Download]().get)
