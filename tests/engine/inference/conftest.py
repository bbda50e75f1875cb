from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.inference.client import ModelProcess
from engine.models.installed import InstalledCheckpoint
from tests.engine.inference.serving import (
    serve_troubled,
)

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
ROOT = Path(__file__).parents[3]


@pytest.fixture
def models(tiny_pair: Pair) -> Iterator[ModelProcess]:
    with ModelProcess(tiny_pair, serve=serve_troubled) as process:
        yield process


@pytest.fixture
def beside() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    folder = tmp_path / "gate"
    folder.mkdir()
    return folder
