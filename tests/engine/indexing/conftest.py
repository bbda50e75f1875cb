import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import gettempdir
from time import monotonic

import numpy as np
import pytest

from engine.images.photo_reading import read_photo
from engine.index.upkeep import open_index
from engine.index.vector_index import VectorIndex
from engine.indexing.adding import AddReport, add_files
from engine.indexing.embedding import EmbedReport, embed_missing
from engine.indexing.twins import hash_of
from engine.inference.client import ModelProcess
from engine.library.library import Library
from engine.models.installed import InstalledCheckpoint

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
Add = Callable[..., AddReport]
Embed = Callable[..., EmbedReport]
Until = Callable[[Callable[[], object]], None]
Ids = Callable[[], dict[str, int]]
Embedded = Callable[[], dict[int, int]]
KEY = "a checkpoint"
REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def models(tiny_pair: Pair) -> Iterator[ModelProcess]:
    """One process for all tests of a file: starting it takes seconds."""
    with ModelProcess(tiny_pair) as process:
        process.encode_texts(tiny_pair[0].key, ["một con chó"])
        yield process


@pytest.fixture(autouse=True)
def no_leaks() -> Iterator[None]:
    """As for all tests, but the model process of the file goes on."""
    threads, processes = set(threading.enumerate()), set(multiprocessing.active_children())
    yield
    for thread in set(threading.enumerate()) - threads:
        thread.join(2)
        assert not thread.is_alive() or thread.name.startswith("tqdm"), thread
    assert set(multiprocessing.active_children()) <= processes


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as opened:
        yield opened


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """An empty folder for photos."""
    folder = tmp_path / "album"
    folder.mkdir()
    return folder


@pytest.fixture
def indexes(library: Library, tiny_pair: Pair) -> dict[str, VectorIndex]:
    return {one.key: open_index(library, one.key, one.record.dimension) for one in tiny_pair}


@pytest.fixture
def add(library: Library) -> Add:
    """Adds a folder and hands out the last report."""

    def add(path: Path | bytes, **options: object) -> AddReport:
        return list(add_files(library, os.fsencode(path), **options))[-1]  # type: ignore[arg-type]

    return add


@pytest.fixture
def embed(library: Library, models: ModelProcess, indexes: dict[str, VectorIndex]) -> Embed:
    """Embeds what is missing and hands out the last report."""

    def embed(**options: object) -> EmbedReport:
        return list(embed_missing(library, models, indexes, **options))[-1]  # type: ignore[arg-type]

    return embed


@pytest.fixture
def until() -> Until:
    """Does a step again and again until it tells something true."""

    def until(step: Callable[[], object]) -> None:
        end = monotonic() + 20
        while not step():
            assert monotonic() < end, "it did not come to pass"
            threading.Event().wait(0.01)

    return until


@pytest.fixture
def as_nobody(tmp_path: Path) -> Callable[..., str]:
    """Runs Python code that calls `drop()`, after its imports, to be a user whom permissions bind.

    Hands out what it prints.
    """

    def run(code: str, *arguments: object) -> str:
        temporary = Path(gettempdir()).resolve()
        for folder in (tmp_path, *tmp_path.parents):
            if temporary in folder.parents:  # with several processes it is one level deeper
                folder.chmod(0o755)
        drop = "import os\ndef drop():\n    os.getuid() or (os.setgid(65534), os.setuid(65534))\n"
        finished = subprocess.run(
            [sys.executable, "-B", "-c", drop + code, *map(str, arguments)],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, finished.stderr
        return finished.stdout

    return run


@pytest.fixture
def note_contents(library: Library) -> Callable[[], None]:
    """Notes what embedding would: the content of each photo, and a vector that tells its id."""

    def note() -> None:
        for id_ in library.photos.ids().tolist():
            path = library.photos.get([id_])[0].path
            vector = np.full(4, id_, np.float16)
            library.photos.record_facts(id_, hash_of(path) or b"", read_photo(path, ()).metadata)
            library.embeddings.add(id_, KEY, vector)

    return note


@pytest.fixture
def ids(library: Library) -> Callable[[], dict[str, int]]:
    """Photos that are there: their ids by the names of their files."""

    def ids() -> dict[str, int]:
        photos = library.photos.get(library.photos.ids().tolist())
        return {os.path.basename(photo.shown_path): photo.id for photo in photos}

    return ids


@pytest.fixture
def embedded(library: Library) -> Callable[[], dict[int, int]]:
    """Of photos that have an embedding from `note_contents`: whose it was at first."""

    def embedded() -> dict[int, int]:
        found, vectors = library.embeddings.read(KEY, library.photos.ids())
        return {int(id_): int(vector[0]) for id_, vector in zip(found, vectors, strict=True)}

    return embedded
