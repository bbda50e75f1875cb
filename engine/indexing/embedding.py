"""Working through the queue: photos that lack embeddings."""

import logging
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from engine.errors import IndexFileError
from engine.images.thumbnails import save_thumbnail
from engine.index.upkeep import complete, save_index
from engine.index.vector_index import VectorIndex
from engine.inference.client import ModelProcess
from engine.inference.messages import EmbeddedPhoto, PhotoAnswer, PhotoToEmbed
from engine.library.embeddings import Unembedded
from engine.library.library import Library

logger = logging.getLogger(__name__)

BATCH_SIZE = 32  # at most this many photos are embedded again after a kill
PHOTOS_BETWEEN_SAVES = 5_000
# An index file that is less than this behind is sooner completed on opening than written anew.
LEAST_WORTH_SAVING = 0.01  # of the index

_Batch = list[tuple[Unembedded, PhotoAnswer]]


@dataclass(slots=True)
class EmbedReport:
    """How far the queue has been worked through.

    Attributes:
        total: photos in the queue at the start.
        done: photos embedded.
        failed: photos that could not be read.
        ids: photos of the latest batch, embedded or failed.
    """

    total: int
    done: int = 0
    failed: int = 0
    ids: list[int] = field(default_factory=list)


def embed_missing(
    library: Library,
    models: ModelProcess,
    indexes: Mapping[str, VectorIndex],
    only: Sequence[int] | None = None,
    checkpoints: Sequence[str] | None = None,
) -> Generator[EmbedReport]:
    """Embed all photos that lack an embedding, batch by batch, each one transaction.

    Other threads may change the library meanwhile. Closed before its end it stops at once, and
    leaves it to the next opening to complete the index files.

    Args:
        library: open for writing.
        models: knows the checkpoints.
        indexes: by the keys of the checkpoints in use; brought level with the library first, so
            that photos which have gone leave them and copied embeddings enter them.
        only: none but these photos; None means all.
        checkpoints: keys of those to embed by; None means those of `indexes`. A checkpoint that
            nothing is searched by yet needs no index.

    Yields:
        A report before the first batch and after each.

    Raises:
        CheckpointError: an encoder cannot be loaded.
        ModelProcessDied: the process dies whatever it is given.
        LibraryError: the disk is full; all batches before this one are kept.
    """
    for key, index in indexes.items():
        complete(index, library, key)
    wanted = list(indexes if checkpoints is None else checkpoints)
    report = EmbedReport(library.embeddings.count_unembedded(wanted, only))
    yield replace(report)
    unsaved = 0
    for batch in _batches(library, models, wanted, only):
        with library.transaction():
            level = library.embeddings.last_id()
            kept = _unchanged(library, batch)
            for photo, answer in kept:
                _keep(library, photo, answer, report)
        _add_to_indexes(library, indexes, kept, level)
        unsaved += len(kept)
        report.ids = [photo.photo_id for photo, _ in kept]
        yield replace(report)
        if unsaved >= PHOTOS_BETWEEN_SAVES:
            save_indexes(library, indexes)
            unsaved = 0
    if unsaved and unsaved >= LEAST_WORTH_SAVING * max(map(len, indexes.values()), default=0):
        save_indexes(library, indexes)


def _batches(
    library: Library,
    models: ModelProcess,
    checkpoints: list[str],
    only: Sequence[int] | None,
) -> Iterator[_Batch]:
    last = 0  # one run goes through the queue once
    while queue := library.embeddings.unembedded(
        checkpoints, after=last, limit=BATCH_SIZE, only=only
    ):
        answers = models.embed_photos([PhotoToEmbed(p.path, p.lacking) for p in queue])
        yield list(zip(queue, answers, strict=True))
        last = queue[-1].photo_id


def _unchanged(library: Library, batch: _Batch) -> _Batch:
    """Leave out what another thread has moved, changed or found missing while it was embedded.

    A photo that is still there is then still in the queue.
    """
    now = {
        photo.id: (photo.path, photo.size, photo.mtime_ns)
        for photo in library.photos.get(queued.photo_id for queued, _ in batch)
        if not photo.missing
    }
    return [
        (queued, answer)
        for queued, answer in batch
        if now.get(queued.photo_id) == (queued.path, queued.size, queued.mtime_ns)
    ]


def _keep(library: Library, photo: Unembedded, answer: PhotoAnswer, report: EmbedReport) -> None:
    if not isinstance(answer, EmbeddedPhoto):
        library.failures.add(photo.path, photo.photo_id, answer.reason, permanent=answer.permanent)
        report.failed += 1
        return
    save_thumbnail(library.paths.thumbnails, photo.photo_id, answer.thumbnail)
    library.failures.remove(photo.path)
    library.photos.record_facts(photo.photo_id, answer.content_hash, answer.metadata)
    for key, vector in answer.embeddings.items():
        library.embeddings.add(photo.photo_id, key, vector.astype(np.float16))
    report.done += 1


def _add_to_indexes(
    library: Library,
    indexes: Mapping[str, VectorIndex],
    batch: _Batch,
    level: int,
) -> None:
    """Add a batch; `level` was the library's last embedding id before it."""
    for key, index in indexes.items():
        found = [
            (photo.photo_id, answer.embeddings[key])
            for photo, answer in batch
            if isinstance(answer, EmbeddedPhoto) and key in answer.embeddings
        ]
        if found:
            ids, vectors = zip(*found, strict=True)
            index.add(np.array(ids, np.int64), np.stack(vectors).astype(np.float16))
        # What was copied between two batches is not in the index: then it stays behind, and is
        # completed before the next run.
        if index.newest == level:
            index.newest = library.embeddings.last_id()


def save_indexes(library: Library, indexes: Mapping[str, VectorIndex]) -> None:
    """Write the index files; a disk that refuses costs time at the next opening, nothing else."""
    for key, index in indexes.items():
        try:
            save_index(index, library, key)
        except IndexFileError as error:  # the next opening completes it from the library
            logger.warning("%s", error)
