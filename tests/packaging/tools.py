"""The programs that make notices, icons and packages; packaging/ is no package itself."""

import importlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.packaging.packaged import ROOT

# Of files by their names, as desktops have them.
MIME_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".jpe": "image/jpeg",
    ".jfif": "image/jpeg",
    ".mpo": "image/jpeg",
    ".png": "image/png",
    ".apng": "image/apng",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".hif": "image/heif",
    ".avif": "image/avif",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".bmp": "image/bmp",
    ".dib": "image/bmp",
    ".gif": "image/gif",
}
PACKAGING = ROOT / "packaging"
LINUX = PACKAGING / "linux"
VERSION = next(
    line.split('"')[1]
    for line in (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    if line.startswith("version = ")
)


def loaded(name: str, folder: Path = PACKAGING) -> Any:  # noqa: ANN401 - a module
    """A module of packaging/, as the programs there find each other."""
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(folder))


def needs(*programs: str) -> None:
    """Skip a test where the system lacks what it tries."""
    if missing := [name for name in programs if not shutil.which(name)]:
        pytest.skip(f"not installed: {', '.join(missing)}")


def ran(*command: str | Path, **options: Any) -> "subprocess.CompletedProcess[str]":  # noqa: ANN401
    """Run a program in the project's folder."""
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, **options)
