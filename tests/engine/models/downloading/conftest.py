from pathlib import Path

import pytest


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    return tmp_path / "checkpoints"
