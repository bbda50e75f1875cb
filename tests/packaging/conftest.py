from pathlib import Path

import pytest

from engine.cli.scenes import draw_scenes
from tests.packaging.packaged import BUILT, Packaged, moved


@pytest.fixture
def packaged(tmp_path: Path) -> Packaged:
    """A copy of the program for somebody who has never started it."""
    if not BUILT.is_dir():
        pytest.skip("dist/anhoi is not built: make package")
    return moved(tmp_path)


@pytest.fixture
def scenes(tmp_path: Path) -> Path:
    """A folder of drawn photos."""
    folder = tmp_path / "Ảnh nghỉ hè"
    folder.mkdir()
    for name, _, image in draw_scenes():
        image.save(folder / f"{name}.jpg", quality=95)
    return folder
