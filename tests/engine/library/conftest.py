import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from shutil import which
from textwrap import dedent

import numpy as np
import pytest

from engine.library.connection import Connection
from engine.library.database import connect
from engine.library.library import Library
from engine.library.photo import Float16Array, FoundFile

AddPhotos = Callable[..., list[int]]
DIMENSION = 8
ROOT = Path(__file__).parents[3]
ON_A_SMALL_DISK = """
import os, sys
from pathlib import Path
from engine.errors import LibraryError
from engine.library import schema
from engine.library.database import connect
from engine.library.library import Library
folder = Path(sys.argv[1])
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.sqlite"


@pytest.fixture
def connection(path: Path) -> Iterator[Connection]:
    with closing(connect(path)) as opened:
        yield opened


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as opened:
        yield opened


@pytest.fixture
def add_photos(library: Library) -> AddPhotos:
    """Adds photos of these names to a folder, which is added when it is new."""

    def add(*names: bytes, folder: bytes = b"/photos") -> list[int]:
        folder_id = library.folders.add(folder).id
        found = [FoundFile(folder + b"/" + name, 100, 1_000) for name in names]
        return [library.photos.add(folder_id, file) for file in found]

    return add


@pytest.fixture
def vector() -> Callable[[int], Float16Array]:
    """The unit-length embedding of a seed."""

    def make(seed: int) -> Float16Array:
        direction = np.random.default_rng(seed).standard_normal(DIMENSION)
        return (direction / np.linalg.norm(direction)).astype(np.float16)

    return make


@pytest.fixture
def on_a_small_disk(tmp_path: Path) -> Callable[[str], None]:
    """Runs a script in a process of its own whose `folder` is a disk of one megabyte."""
    if which("unshare") is None:
        pytest.skip("needs the namespaces of Linux")
    disk = tmp_path / "disk"
    disk.mkdir()

    def run(script: str) -> None:
        shell = 'mount -t tmpfs -o size=1m disk "$1" || exit 77; exec "$0" -c "$2" "$1"'
        script = ON_A_SMALL_DISK + dedent(script)
        command = ["unshare", "-rm", "sh", "-c", shell, sys.executable, str(disk), script]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode == 77 or done.stderr.startswith("unshare:"):
            pytest.skip(f"may not mount a disk: {done.stderr}")
        assert done.returncode == 0, done.stderr

    return run
