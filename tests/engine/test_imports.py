import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"torch", "open_clip", "timm", "torchvision", "transformers", "faiss", "ctranslate2"}


@pytest.mark.parametrize(
    "module",
    [
        "engine.cli.commands",
        "engine.inference.client",
        "engine.inference.server",
        "engine.models.installed",
        "engine.search.searching",
        "engine.workspace",
        "gui.application",
    ],
)
def test_importing_leaves_the_heavy_packages_until_they_are_needed(module: str) -> None:
    code = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    output = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert not HEAVY & set(json.loads(output))
