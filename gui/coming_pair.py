"""Embedding for a pair of checkpoints behind the scenes, and switching to it when all is done."""

import logging
from collections.abc import Callable, Generator
from dataclasses import dataclass

import numpy as np

from engine.errors import EngineError, LibraryError
from engine.index.upkeep import open_index
from engine.index.vector_index import VectorIndex
from engine.indexing.embedding import embed_missing, save_indexes
from engine.inference.client import ModelProcess
from engine.library.library import Library
from engine.library.photo import IdArray
from engine.search.fusion import Fusion
from engine.workspace import (
    Pair,
    coming_pair,
    default_fusion,
    fusion_in_use,
    give_up_coming,
    given_up,
    switch_to_coming,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ready:
    """All that a search needs is there.

    Attributes:
        pair: the checkpoints in use.
        models: the process that runs them; started when it is first asked.
        indexes: by checkpoint key.
        fusion: how this pair's scores are joined.
        default: how they are best joined, as far as is known.
    """

    pair: Pair
    models: ModelProcess
    indexes: dict[str, VectorIndex]
    fusion: Fusion
    default: Fusion


@dataclass(frozen=True, slots=True)
class Coming:
    """How far the pair is that is to come.

    Attributes:
        pair: its checkpoints.
        done: photos that it needs no more work on.
        total: all photos it is prepared for.
        failed: photos that could not be read in this run.
        offline: photos that wait for their drive; without them nothing is switched.
    """

    pair: Pair
    done: int
    total: int
    failed: int = 0
    offline: int = 0


@dataclass(frozen=True, slots=True)
class Switched:
    """The pair that was to come is in use."""

    tools: Ready


@dataclass(frozen=True, slots=True)
class GivenUp:
    """The pair that was to come is not wanted any more; the one in use stays.

    Attributes:
        error: why it cannot be used; None where the user has given it up.
    """

    error: Exception | None = None


class ComingPair:
    """Prepares what the library names as the pair to come; for the embedder's thread.

    The pair has a model process of its own: one that dies takes no search with it, and the weights
    of the pair before leave the memory with theirs.

    Args:
        open_models: makes a process, which its maker closes in the end.
        is_closing: whether processes are being closed under the work in hand.
    """

    def __init__(
        self, open_models: Callable[[Pair], ModelProcess], is_closing: Callable[[], bool]
    ) -> None:
        self._open_models = open_models
        self._is_closing = is_closing
        self._prepared: tuple[Pair, ModelProcess] | None = None

    def steps(self, library: Library, tools: Ready) -> Generator[Coming | Switched | GivenUp]:
        """Embed what the pair lacks, and switch to it when nothing is missing.

        Closed after any report it can be begun anew.

        Args:
            library: open for writing.
            tools: those in use.

        Raises:
            LibraryError: the disk is full; all batches before this one are kept.
        """
        pair = None
        try:
            pair = coming_pair(library)
            if self._prepared and self._prepared[0] != pair:
                self.drop()
                yield GivenUp()
            if pair is None:
                return
            report = yield from self._embed(library, tools, pair)
            if not report.offline:
                yield from self._switch(library, tools, pair)
        except LibraryError:
            raise
        except Exception as error:
            if self._is_closing():
                raise
            yield self._give_up(library, pair, error)

    def _embed(self, library: Library, tools: Ready, pair: Pair) -> Generator[Coming, None, Coming]:
        if self._prepared is None:
            self._prepared = pair, self._open_models(pair)
        keys = [checkpoint.key for checkpoint in pair]
        embedded, offline = _level(library, tools, keys)
        report = Coming(pair, embedded, embedded + offline, offline=offline)
        for found in embed_missing(library, self._prepared[1], {}, checkpoints=keys):
            done = embedded + found.done + found.failed
            total = max(embedded + found.total, done) + offline
            report = Coming(pair, done, total, found.failed, offline)
            yield report
        return report

    def _switch(self, library: Library, tools: Ready, pair: Pair) -> Generator[Switched]:
        assert self._prepared is not None
        indexes = {
            checkpoint.key: tools.indexes[checkpoint.key]
            if checkpoint.key in tools.indexes
            else open_index(library, checkpoint.key, checkpoint.record.dimension)
            for checkpoint in pair
        }
        save_indexes(library, indexes)
        if not switch_to_coming(library, pair):
            return
        models, self._prepared = self._prepared[1], None
        fusion = fusion_in_use(library, pair)
        yield Switched(Ready(pair, models, indexes, fusion, default_fusion(pair)))

    def _give_up(self, library: Library, pair: Pair | None, error: Exception) -> GivenUp:
        logger.error("The pair to come is given up: %s", error)
        self.drop()
        if not give_up_coming(library, pair):
            return GivenUp()  # the user has chosen another one meanwhile
        return GivenUp(given_up(error) if isinstance(error, EngineError) else error)

    def drop(self) -> None:
        """Close the process of its own; the next steps begin another one."""
        if self._prepared:
            self._prepared[1].close()
        self._prepared = None


def _level(library: Library, tools: Ready, keys: list[str]) -> tuple[int, int]:
    """How many photos all these checkpoints know, and how many more only once they are on-line."""
    known = _photos(library, keys, np.intersect1d)
    lost = np.setdiff1d(_photos(library, list(tools.indexes), np.union1d), known)
    away = [folder.path for folder in library.folders.all() if not folder.online]
    offline = np.intersect1d(lost, library.photos.ids(away)) if away else lost[:0]
    return len(known), len(offline)


def _photos(
    library: Library, keys: list[str], join: Callable[[IdArray, IdArray], IdArray]
) -> IdArray:
    first, second = (library.embeddings.photo_ids(key) for key in keys)
    return join(first, second)
