"""The handle on the model process: starts it, asks it, restarts it when it dies."""

import logging
import multiprocessing
import os
import tempfile
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Lock
from typing import Any, Literal, Self

from PIL import Image

from engine.errors import CheckpointError, ModelProcessDied
from engine.inference.messages import (
    NO_TRANSLATOR,
    Bug,
    PhotoAnswer,
    PhotoToEmbed,
    Refusal,
    TextsToEncode,
    TextsToTranslate,
    UnreadablePhoto,
)
from engine.inference.server import serve
from engine.models.encoder import FloatArray
from engine.models.installed import InstalledCheckpoint
from engine.models.installed_translators import InstalledTranslator
from engine.paths import cache_folder
from engine.processes import interrupts_held_back

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 600.0  # for one batch, loading a large checkpoint from a slow disk included
DEADLY_TEXTS = 2  # in a row: then it is the translator, and each try would end the encoders, too
GUILTY = "The photo made the model process crash or hang."

Channel = Literal["texts", "photos"]


class _Died(Exception):  # noqa: N818 - the name says what happened
    """The process went away instead of answering."""


class _Child:
    """One running model process with its two connections.

    Attributes:
        closed: the process was ended because nobody wants it any more.
    """

    def __init__(self, serve: Callable[..., None], *arguments: object) -> None:
        context = multiprocessing.get_context("spawn")
        texts, texts_end = context.Pipe()
        photos, photos_end = context.Pipe()
        self._connections: dict[Channel, Connection] = {"texts": texts, "photos": photos}
        self._process = context.Process(
            target=serve, args=(texts_end, photos_end, *arguments), name="anhoi-models", daemon=True
        )
        with interrupts_held_back():
            self._process.start()
        # Only the child holds its ends, so that each side notices when the other is gone.
        texts_end.close()
        photos_end.close()
        self.closed = False

    def ask(self, channel: Channel, request: object) -> Any:  # noqa: ANN401 - as the request says
        """Send a request and wait for its answer.

        Raises:
            OSError: the process is gone or does not answer.
            EOFError: it went away while it answered.
        """
        connection = self._connections[channel]
        connection.send(request)
        if connection not in wait([connection, self._process.sentinel], PATIENCE_SECONDS):
            raise TimeoutError("no answer")
        return connection.recv()

    def end(self) -> None:
        """End the process at once; it holds nothing that matters.

        The connections stay open for a thread that may be waiting on them, which so reads that
        the process is gone; they close with the last reference.
        """
        self._process.kill()
        self._process.join()


class ModelProcess:
    """Embeds photos and texts, and translates texts, in a process of its own.

    One thread may ask about photos while another asks about texts.

    Args:
        checkpoints: those that may be asked for.
        precisions: where measured precisions are kept; None computes in float32.
        serve: what the process runs.
        translator: the one that may be asked for.

    Attributes:
        checkpoints: by their keys.
        translator: as given.
    """

    def __init__(
        self,
        checkpoints: Sequence[InstalledCheckpoint],
        precisions: Path | None = None,
        serve: Callable[..., None] = serve,
        translator: InstalledTranslator | None = None,
    ) -> None:
        self.checkpoints = {checkpoint.key: checkpoint for checkpoint in checkpoints}
        self.translator = translator
        self._start: Callable[[], _Child] = lambda: _Child(
            serve, tuple(checkpoints), precisions, translator
        )
        self._child: _Child | None = None
        self._closed = False
        self._starting = Lock()
        self._asking: dict[Channel, Lock] = {"texts": Lock(), "photos": Lock()}
        self._deadly = 0  # texts in a row that were never translated
        self.restarts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process for good; a request in hand fails, and so does every later one."""
        with self._starting:
            self._closed = True
            if self._child:
                self._child.closed = True
                self._child.end()
            self._child = None

    def encode_texts(self, checkpoint: str, texts: Sequence[str]) -> FloatArray:
        """Embed texts, ahead of photos that are being embedded.

        Args:
            checkpoint: its key.
            texts: n strings, none of them blank.

        Returns:
            Unit-length embeddings of shape (n, d), float32.

        Raises:
            CheckpointError: the encoder cannot be loaded.
            ModelProcessDied: the process died twice over this request, or was closed.
        """
        request = TextsToEncode(checkpoint, tuple(texts))
        embeddings: FloatArray = self._ask_twice(
            request, "The model process dies whenever a text is encoded."
        )
        return embeddings

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Translate texts from Vietnamese to English; see `LoadedTranslator.translate`.

        Raises:
            CheckpointError: there is no translator, or it cannot be loaded.
            ModelProcessDied: the process died twice over this request or has over those before
                it, or was closed.
        """
        if self.translator is None:
            raise CheckpointError(NO_TRANSLATOR)
        dies = "The model process dies whenever a text is translated."
        if self._deadly >= DEADLY_TEXTS:
            raise ModelProcessDied(dies)
        try:
            translated: list[str] = self._ask_twice(TextsToTranslate(tuple(texts)), dies)
        except ModelProcessDied as error:
            if str(error) == dies:  # else it was closed, or could not be started
                self._deadly += 1
            raise
        self._deadly = 0
        return translated

    def _ask_twice(self, request: object, dies: str) -> Any:  # noqa: ANN401 - as the request says
        for attempt in (1, 2):
            try:
                return self._ask("texts", request)
            except _Died:
                logger.warning("The model process died over a text (attempt %d).", attempt)
        raise ModelProcessDied(dies)

    def embed_photos(self, photos: Sequence[PhotoToEmbed]) -> list[PhotoAnswer]:
        """Read and embed photos; one that kills the process is found by halving and marked.

        Args:
            photos: one batch.

        Returns:
            One answer a photo, in this order.

        Raises:
            CheckpointError: an encoder cannot be loaded.
            ModelProcessDied: the process dies whatever it is given, or was closed.
        """
        if not photos:
            return []
        try:
            return list(self._ask("photos", tuple(photos)))
        except _Died:
            return self._halve(photos)

    def _halve(self, photos: Sequence[PhotoToEmbed]) -> list[PhotoAnswer]:
        if len(photos) > 1:
            middle = len(photos) // 2
            return self.embed_photos(photos[:middle]) + self.embed_photos(photos[middle:])
        try:  # once more: the process may have been killed by something else
            return list(self._ask("photos", tuple(photos)))
        except _Died:
            self._try_harmless(photos[0].wanted)
        logger.warning("%r made the model process crash and is left out.", photos[0].path)
        return [UnreadablePhoto(GUILTY, permanent=True)]

    def _try_harmless(self, wanted: tuple[str, ...]) -> None:
        """Make sure that the process does not die whatever it is given."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "harmless.png")
            Image.new("RGB", (64, 64), "grey").save(path)
            try:
                self._ask("photos", (PhotoToEmbed(os.fsencode(path), wanted),))
            except _Died as error:
                raise ModelProcessDied(
                    "The model process dies over any photo; there may be too little memory, or "
                    "the installation may be damaged."
                ) from error

    def _ask(self, channel: Channel, request: object) -> Any:  # noqa: ANN401 - as the request says
        with self._asking[channel]:
            child = self._running_child()
            try:
                answer = child.ask(channel, request)
            except (EOFError, OSError) as error:
                self._bury(child)
                if child.closed:
                    raise ModelProcessDied("The model process was closed.") from error
                raise _Died from error
            except BaseException:  # Ctrl-C: the answer still to come would be taken for the next
                self._bury(child)
                raise
        if isinstance(answer, Refusal):
            raise CheckpointError(answer.sentence)
        if isinstance(answer, Bug):
            raise RuntimeError(f"An error in the model process:\n{answer.trace}")
        return answer

    def _running_child(self) -> _Child:
        with self._starting:
            if self._closed:  # a thread that has not noticed yet must not start it anew
                raise ModelProcessDied("The model process was closed.")
            if self._child is None:
                try:
                    self._child = self._start()
                except OSError as error:
                    raise ModelProcessDied(
                        f"The model process cannot be started: {error}."
                    ) from error
            return self._child

    def _bury(self, child: _Child) -> None:
        with self._starting:
            if self._child is child:  # else the other thread has noticed first
                child.end()
                self._child = None
                self.restarts += 1


def precisions_file() -> Path:
    """Where measured precisions are kept."""
    return cache_folder() / "precisions.json"
