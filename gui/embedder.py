"""The thread that works through the photos that lack embeddings."""

import logging
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from threading import Event

from engine.errors import LibraryError
from engine.index.upkeep import open_index
from engine.index.vector_index import VectorIndex
from engine.indexing.embedding import EmbedReport, embed_missing
from engine.inference.client import ModelProcess, precisions_file
from engine.inference.messages import Machine
from engine.inference.server import serve
from engine.library.library import Library
from engine.search.fusion import Fusion
from engine.workspace import Pair, default_fusion, fusion_in_use, pair_in_use

logger = logging.getLogger(__name__)

AGAIN_SECONDS = 10.0  # between two attempts to go on after the disk has refused


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
class Stopped:
    """A run came to its end: the queue is empty, the user stopped it, or something failed.

    Attributes:
        error: why it failed.
        cancelled: the user stopped it.
        again: the same error was told of a moment ago, and nothing was done since.
    """

    error: Exception | None = None
    cancelled: bool = False
    again: bool = False


Told = Ready | EmbedReport | Stopped


class Embedder:
    """Embeds what lacks embeddings; everything but `steps` may be called by any thread.

    Args:
        library: open for writing by another thread.
        machine: how much of it the encoders may use.
        in_float32: no lower precision, even where it makes no difference.
    """

    def __init__(self, library: Library, machine: Machine, *, in_float32: bool = False) -> None:
        self._library = library
        self._machine = machine
        self._precisions = None if in_float32 else precisions_file()
        self._models: ModelProcess | None = None
        self._wake = Event()
        self._going = Event()
        self._going.set()
        self._cancelled = False
        self._closing = Event()
        self._told: str | None = None  # the error of the run before

    def wake(self) -> None:
        """There may be something to embed."""
        self._wake.set()

    def pause(self) -> None:
        """Rest after the batch in hand."""
        self._going.clear()

    def resume(self) -> None:
        """Go on."""
        self._cancelled = False
        self._told = None
        self._going.set()

    def cancel(self) -> None:
        """Give up this run after the batch in hand; what it has done is kept."""
        self._cancelled = True
        self._going.set()

    def close(self) -> None:
        """Let `steps` come to its end, at once."""
        self._closing.set()
        self._going.set()
        self._wake.set()
        if self._models:
            self._models.close()

    def steps(self) -> Generator[Told]:
        """The work of the thread, until `close`.

        Raises:
            CheckpointError: a checkpoint in use is not on this machine.
            LibraryError: the library cannot be opened a second time.
        """
        with self._library.again() as library:
            library.give_up_when(self._closing.is_set)  # a large index is read for seconds
            pair = pair_in_use(library)
            indexes = {
                checkpoint.key: open_index(library, checkpoint.key, checkpoint.record.dimension)
                for checkpoint in pair
            }
            answering = partial(serve, machine=self._machine)
            with ModelProcess(pair, self._precisions, answering) as models:
                self._models = models
                fusion = fusion_in_use(library, pair)
                yield Ready(pair, models, indexes, fusion, default_fusion(pair))
                while not self._closing.is_set():
                    error = yield from self._run(library, models, indexes)
                    # A full disk may have room again, and nobody would say so.
                    self._wake.wait(AGAIN_SECONDS if isinstance(error, LibraryError) else None)

    def _run(
        self, library: Library, models: ModelProcess, indexes: dict[str, VectorIndex]
    ) -> Generator[Told, None, Exception | None]:
        """Go through the queue once; returns why that failed."""
        self._wake.clear()
        if self._closing.is_set():  # asked after that, so that no `close` is slept over
            return None
        self._cancelled = False
        try:
            with closing(embed_missing(library, models, indexes)) as work:
                for report in work:
                    if report.ids:
                        self._told = None
                    yield report
                    self._going.wait()
                    if self._closing.is_set() or self._cancelled:
                        break
        except Exception as error:  # noqa: BLE001 - it reaches the user, and the thread goes on
            if self._closing.is_set():  # it is the process, closed under the batch in hand
                return None
            again, self._told = str(error) == self._told, str(error)
            yield Stopped(error, again=again)
            return error
        yield Stopped(cancelled=self._cancelled)
        return None
