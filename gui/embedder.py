"""The thread that works through the photos that lack embeddings.

Those that lack one of the pair in use come first; when there is none, photos are embedded for the
pair that is to come.
"""

import logging
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from threading import Event

from engine.errors import LibraryError
from engine.index.upkeep import open_index
from engine.indexing.embedding import EmbedReport, embed_missing
from engine.inference.client import ModelProcess, precisions_file
from engine.inference.messages import Machine
from engine.inference.server import serve
from engine.library.library import Library
from engine.models.installed_translators import installed_translator
from engine.workspace import Pair, default_fusion, fusion_in_use, pair_in_use
from gui.coming_pair import Coming, ComingPair, GivenUp, Ready, Switched

logger = logging.getLogger(__name__)

AGAIN_SECONDS = 10.0  # between two attempts to go on after the disk has refused


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


@dataclass(frozen=True, slots=True)
class Renewed:
    """The pair in use runs in another process, with the translator of this machine."""

    tools: Ready


Preparing = Coming | Switched | GivenUp
Told = Ready | EmbedReport | Stopped | Renewed | Preparing


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
        self._processes: list[ModelProcess] = []
        self._wake = Event()
        self._going = Event()
        self._going.set()
        self._paused = self._cancelled = False
        self._translator_changed = Event()
        self._closing = Event()
        self._told: str | None = None  # the error of the run before

    def wake(self) -> None:
        """There may be something to embed."""
        self._wake.set()

    def pause(self) -> None:
        """Rest after the batch in hand."""
        self._paused = True
        self._going.clear()

    def resume(self) -> None:
        """Go on."""
        self._paused = self._cancelled = False
        self._told = None
        self._going.set()

    def cancel(self) -> None:
        """Give up this run after the batch in hand; what it has done is kept."""
        self._paused, self._cancelled = False, True
        self._going.set()

    def use_translator(self) -> None:
        """Run the encoders beside the translator that this machine has by now."""
        self._translator_changed.set()
        self._going.set()  # also while it rests
        self._wake.set()

    def close(self) -> None:
        """Let `steps` come to its end, at once."""
        self._closing.set()
        self._going.set()
        self._wake.set()
        for models in list(self._processes):
            models.close()

    def steps(self) -> Generator[Told]:
        """The work of the thread, until `close`.

        Raises:
            CheckpointError: a checkpoint in use is not on this machine.
            LibraryError: the library cannot be opened a second time.
        """
        with self._library.again() as library:
            library.give_up_when(self._closing.is_set)  # a large index is read for seconds
            try:
                yield from self._work(library)
            finally:
                for models in self._processes:
                    models.close()

    def _work(self, library: Library) -> Generator[Told]:
        self._tools = self._open(library)
        yield self._tools
        coming = ComingPair(self._open_models, self._closing.is_set)
        while not self._closing.is_set():
            self._wake.clear()
            if self._closing.is_set():  # asked after that, so that no `close` is slept over
                return
            self._cancelled = False
            if self._translator_changed.is_set():
                coming.drop()
                yield self._renew()
            error = yield from self._run(
                embed_missing(library, self._tools.models, self._tools.indexes),
                self._translator_changed.is_set,
            )
            if not (error or self._cancelled or self._translator_changed.is_set()):
                error = yield from self._run(coming.steps(library, self._tools), self._wake.is_set)
            # A full disk may have room again, and nobody would say so.
            self._wake.wait(AGAIN_SECONDS if isinstance(error, LibraryError) else None)

    def _open(self, library: Library) -> Ready:
        pair = pair_in_use(library)
        indexes = {
            checkpoint.key: open_index(library, checkpoint.key, checkpoint.record.dimension)
            for checkpoint in pair
        }
        fusion, default = fusion_in_use(library, pair), default_fusion(pair)
        return Ready(pair, self._open_models(pair), indexes, fusion, default)

    def _renew(self) -> Renewed:
        """Have the pair in use run by a new process: a translator is given to it at its start."""
        self._translator_changed.clear()
        self._going.clear()
        if not self._paused:  # asked after that, so that no `resume` is slept over
            self._going.set()
        self._tools = replace(self._tools, models=self._open_models(self._tools.pair))
        return Renewed(self._tools)

    def _open_models(self, pair: Pair) -> ModelProcess:
        answering = partial(serve, machine=self._machine)
        models = ModelProcess(pair, self._precisions, answering, installed_translator())
        self._processes.append(models)
        if self._closing.is_set():  # asked after that, so that no process outlives `close`
            models.close()
        return models

    def _run(
        self,
        work: Generator[EmbedReport] | Generator[Preparing],
        is_enough: Callable[[], bool],
    ) -> Generator[Told, None, Exception | None]:
        """Go through a queue once, or until something else is wanted; returns why that failed."""
        try:
            with closing(work):
                for told in work:
                    self._take_in(told)
                    yield told
                    self._going.wait()
                    if self._closing.is_set() or self._cancelled:
                        break
                    if is_enough():
                        return None
        except Exception as error:  # noqa: BLE001 - it reaches the user, and the thread goes on
            if self._closing.is_set():  # it is the process, closed under the batch in hand
                return None
            again, self._told = str(error) == self._told, str(error)
            yield Stopped(error, again=again)
            return error
        yield Stopped(cancelled=self._cancelled)
        return None

    def _take_in(self, told: EmbedReport | Preparing) -> None:
        match told:
            case EmbedReport(ids=[_, *_]):
                self._told = None
            case Switched(tools):
                self._tools = tools
