"""A library opened together with all that works on it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from engine.index.upkeep import open_index
from engine.index.vector_index import VectorIndex
from engine.inference.client import ModelProcess, precisions_file
from engine.library.library import Library
from engine.models.checkpoint import Family
from engine.models.checkpoints import DEFAULT_BEIT3, DEFAULT_OPENCLIP, pair_default
from engine.models.installed import InstalledCheckpoint, find_installed
from engine.search.fusion import Fusion
from engine.search.searching import Searcher

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
DEFAULTS: dict[Family, str] = {"openclip": DEFAULT_OPENCLIP, "beit3": DEFAULT_BEIT3}


@dataclass(frozen=True, slots=True)
class Workspace:
    """What indexing, searching and evaluating need.

    Attributes:
        library: the photos.
        pair: the checkpoints in use, OpenCLIP's first.
        models: the process that runs them.
        indexes: by checkpoint key, in the order of `pair`.
    """

    library: Library
    pair: Pair
    models: ModelProcess
    indexes: dict[str, VectorIndex]

    @property
    def searcher(self) -> Searcher:
        return Searcher(self.library, self.models, self.indexes)

    @property
    def fusion(self) -> Fusion:
        """How the scores of this pair are joined."""
        return fusion_in_use(self.library, self.pair)


def pair_in_use(library: Library, instead: Mapping[Family, str] = MappingProxyType({})) -> Pair:
    """The checkpoints this library is searched with, OpenCLIP's first.

    Args:
        library: remembers which.
        instead: names that are used for this once.

    Raises:
        CheckpointError: one of them is not on this machine.
    """
    openclip, beit3 = (
        find_installed(instead.get(family) or library.setting(family) or default)
        for family, default in DEFAULTS.items()
    )
    return openclip, beit3


def fusion_in_use(library: Library, pair: Pair) -> Fusion:
    """How the scores of a pair are joined: as the user chose for it, else as is best known."""
    chosen = library.setting(_fusion_setting(pair))
    if chosen is not None:
        normalisation, *weights = json.loads(chosen)
        return Fusion(normalisation, tuple(weights))
    return default_fusion(pair)


def default_fusion(pair: Pair) -> Fusion:
    """How the scores of a pair are best joined, as far as is known."""
    default = pair_default(*(checkpoint.record.name for checkpoint in pair))
    return Fusion(default.normalisation, default.weights)


def remember_fusion(library: Library, pair: Pair, fusion: Fusion) -> None:
    """Keep the user's choice for a pair with a library that is open for writing."""
    library.remember(_fusion_setting(pair), json.dumps([fusion.normalisation, *fusion.weights]))


def _fusion_setting(pair: Pair) -> str:
    return " + ".join(["fusion", *(checkpoint.key for checkpoint in pair)])


@contextmanager
def open_workspace(
    folder: Path, *, writable: bool, instead: Mapping[Family, str] = MappingProxyType({})
) -> Iterator[Workspace]:
    """Open a library with its indexes and a model process that starts when it is asked.

    Args:
        folder: the library's.
        writable: False reads beside whoever writes to the library.
        instead: names of checkpoints that are used for this once.

    Raises:
        LibraryError: the library cannot be opened.
        CheckpointError: a checkpoint in use is not on this machine.
    """
    with Library.open(folder) if writable else Library.open_to_read(folder) as library:
        pair = pair_in_use(library, instead)
        indexes = {
            checkpoint.key: open_index(library, checkpoint.key, checkpoint.record.dimension)
            for checkpoint in pair
        }
        with ModelProcess(pair, precisions_file()) as models:
            yield Workspace(library, pair, models, indexes)
