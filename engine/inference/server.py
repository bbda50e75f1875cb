"""The model process: a function from photo paths or texts to embeddings, and to translations.

It holds no state that matters, so it may crash, run out of memory or be killed at any moment.
Photos are worked on by the main thread at low priority, texts by a thread of their own at normal
priority, so that a search does not wait for the batch in hand.
"""

import logging
import os
import signal
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import numpy as np
import psutil

from engine.errors import CheckpointError, UnreadableImageError
from engine.images.photo_reading import ReadPhoto, read_photo
from engine.inference.messages import (
    DEFAULT_MACHINE,
    NO_TRANSLATOR,
    Bug,
    Device,
    EmbeddedPhoto,
    Machine,
    PhotoAnswer,
    PhotoToEmbed,
    Refusal,
    Share,
    TextsToEncode,
    TextsToTranslate,
    UnreadablePhoto,
)
from engine.models.encoder import Encoder, FloatArray, Side, load_encoder
from engine.models.installed import InstalledCheckpoint
from engine.models.installed_translators import InstalledTranslator
from engine.models.translation import LoadedTranslator

logger = logging.getLogger(__name__)

IDLE_SECONDS = 300.0
PHOTOS_AT_ONCE = 8
READING_THREADS = max(2, min(4, os.cpu_count() or 2))
NICENESS: dict[Share, int] = {"gentle": 19, "normal": 10}
OUT_OF_MEMORY = 70  # exit code


def serve(
    texts: Connection,
    photos: Connection,
    checkpoints: Sequence[InstalledCheckpoint],
    precisions: Path | None,
    translator: InstalledTranslator | None = None,
    machine: Machine = DEFAULT_MACHINE,
) -> None:
    """Answer requests until the parent closes its ends.

    Args:
        texts: where `TextsToEncode` and `TextsToTranslate` come from.
        photos: where batches of `PhotoToEmbed` come from.
        checkpoints: those that may be asked for.
        precisions: where measured precisions are kept; None computes in float32.
        translator: the one that may be asked for.
        machine: how much of it may be used.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    # Read when torch is imported. Threads that spin while they wait make a busy machine four
    # times slower; on an idle one it makes no difference.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if machine.share == "gentle":
        os.environ["OMP_NUM_THREADS"] = "1"
    encoders = Encoders(checkpoints, precisions, machine.device)
    # Started before this thread lowers its priority, which on Linux is each thread's own.
    translating = Translating(translator, 1 if machine.share == "gentle" else 0)
    Thread(target=_serve_texts, args=(texts, encoders, translating), daemon=True).start()
    _lower_priority(machine.share)
    with ThreadPoolExecutor(1 if machine.share == "gentle" else READING_THREADS) as pool:
        _answer_all(
            photos,
            lambda batch: _embed_photos(encoders, pool, batch),
            when_idle=lambda: encoders.release("image"),
        )


def _serve_texts(connection: Connection, encoders: "Encoders", translating: "Translating") -> None:
    def answer(request: TextsToEncode | TextsToTranslate) -> FloatArray | list[str]:
        if isinstance(request, TextsToTranslate):
            return translating.translate(request.texts)
        return _encode_texts(encoders, request)

    def release() -> None:
        encoders.release("text")
        translating.release()

    _answer_all(connection, answer, when_idle=release)
    os._exit(0)  # nobody is left to take the batch of photos in hand


class Translating:
    """The translator in use, loaded on first use; asked by the thread of texts alone.

    Args:
        translator: may be none, which is then not asked for.
        threads: to compute with; 0 leaves it to CTranslate2.
    """

    def __init__(self, translator: InstalledTranslator | None, threads: int = 0) -> None:
        self._translator = translator
        self._threads = threads
        self._loaded: LoadedTranslator | None = None

    def translate(self, texts: Sequence[str]) -> list[str]:
        """See `LoadedTranslator.translate`.

        Raises:
            CheckpointError: there is none, or its files are missing or damaged.
        """
        if self._translator is None:
            raise CheckpointError(NO_TRANSLATOR)
        if self._loaded is None:
            self._loaded = LoadedTranslator.load(self._translator, self._threads)
        return self._loaded.translate(texts)

    def release(self) -> None:
        """Free its memory."""
        self._loaded = None


class Encoders:
    """The encoders in use, each side loaded on first use.

    Used by two threads, but each asks for a side of its own.
    """

    def __init__(
        self,
        checkpoints: Sequence[InstalledCheckpoint],
        precisions: Path | None,
        device: Device = "auto",
    ) -> None:
        self.checkpoints = {checkpoint.key: checkpoint for checkpoint in checkpoints}
        self._precisions = precisions
        self._device = device
        self._loaded: dict[tuple[str, Side], Encoder] = {}
        self._loading = Lock()  # importing torch and measuring are done one at a time

    def get(self, key: str, side: Side) -> Encoder:
        """One side of the checkpoint of this key, loaded if need be.

        Raises:
            CheckpointError: its files are missing or damaged.
        """
        if (key, side) not in self._loaded:
            with self._loading:
                self._loaded[key, side] = self._load(self.checkpoints[key], side)
        return self._loaded[key, side]

    def release(self, side: Side) -> None:
        """Free the memory of a side that nobody has asked for in a while."""
        idle = [key for key in list(self._loaded) if key[1] == side]
        for key in idle:
            del self._loaded[key]
        if idle:
            from engine.models.precision import free_unused_memory

            free_unused_memory()

    def _load(self, checkpoint: InstalledCheckpoint, side: Side) -> Encoder:
        from engine.models import precision

        device = precision.choose_device(self._device)
        if self._precisions is None:
            return load_encoder(checkpoint, [side], device)
        dtype = precision.choose_dtype(
            lambda side, dtype: load_encoder(checkpoint, [side], device, dtype),
            side,
            checkpoint.record.preprocessing.size,
            device,
            checkpoint.key,
            self._precisions,
        )
        return load_encoder(checkpoint, [side], device, dtype)


def _answer_all(
    connection: Connection, answer: Callable[[Any], object], *, when_idle: Callable[[], None]
) -> None:
    while True:
        try:
            if not connection.poll(IDLE_SECONDS):
                when_idle()
            connection.send(_guarded(answer, connection.recv()))
        except (EOFError, OSError):  # the parent closed its end, or is gone
            return


def _guarded(answer: Callable[[Any], object], request: object) -> object:
    try:
        return answer(request)
    except CheckpointError as error:
        return Refusal(str(error))
    except Exception as error:  # noqa: BLE001 - it reaches the user through the parent
        if _is_out_of_memory(error):
            os._exit(OUT_OF_MEMORY)  # the parent tries again with fewer photos
        return Bug(traceback.format_exc())


def _is_out_of_memory(error: Exception) -> bool:
    # torch has a class of its own for accelerators, and on the CPU no more than a message.
    return (
        isinstance(error, MemoryError)
        or type(error).__name__ == "OutOfMemoryError"
        or "DefaultCPUAllocator" in str(error)
    )


def _encode_texts(encoders: Encoders, request: TextsToEncode) -> FloatArray:
    return encoders.get(request.checkpoint, "text").encode_texts(request.texts)


def _embed_photos(
    encoders: Encoders, pool: ThreadPoolExecutor, batch: Sequence[PhotoToEmbed]
) -> list[PhotoAnswer]:
    answers: list[PhotoAnswer] = []
    # Reading runs ahead in the pool while the encoders work on the photos that are ready.
    ready = pool.map(lambda photo: _read(encoders, photo), batch)
    for start in range(0, len(batch), PHOTOS_AT_ONCE):
        part = batch[start : start + PHOTOS_AT_ONCE]
        answers += _embed_read(encoders, part, [next(ready) for _ in part])
    return answers


def _read(encoders: Encoders, photo: PhotoToEmbed) -> ReadPhoto | UnreadablePhoto:
    how = [encoders.checkpoints[key].record.preprocessing for key in photo.wanted]
    try:
        return read_photo(photo.path, how)
    except UnreadableImageError as error:
        return UnreadablePhoto(str(error), error.permanent)


def _embed_read(
    encoders: Encoders,
    photos: Sequence[PhotoToEmbed],
    read: Sequence[ReadPhoto | UnreadablePhoto],
) -> list[PhotoAnswer]:
    embeddings: list[dict[str, FloatArray]] = [{} for _ in photos]
    for key in {key for photo in photos for key in photo.wanted}:
        rows, images = [], []
        for row, (photo, result) in enumerate(zip(photos, read, strict=True)):
            if isinstance(result, ReadPhoto) and key in photo.wanted:
                rows.append(row)
                images.append(result.prepared[photo.wanted.index(key)])
        if rows:
            found = encoders.get(key, "image").encode_images(np.stack(images))
            for row, embedding in zip(rows, found, strict=True):
                embeddings[row][key] = embedding
    return [
        result
        if isinstance(result, UnreadablePhoto)
        else EmbeddedPhoto(found, result.thumbnail, result.metadata, result.content_hash)
        for result, found in zip(read, embeddings, strict=True)
    ]


def _lower_priority(share: Share) -> None:
    if share == "full":
        return
    lower = psutil.BELOW_NORMAL_PRIORITY_CLASS if os.name == "nt" else NICENESS[share]
    try:
        psutil.Process().nice(lower)
    except psutil.Error as error:
        logger.warning("The priority of the model process could not be lowered: %s", error)
