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
) -> Generator[EmbedReport]:
    """Embed all photos that lack an embedding, batch by batch, each one transaction.

    Args:
        library: open for writing.
        models: knows the checkpoints.
        indexes: by the keys of the checkpoints in use; brought level with the library first, so
            that photos which have gone leave them and copied embeddings enter them.
        only: none but these photos; None means all.

    Yields:
        A report before the first batch and after each.

    Raises:
        CheckpointError: an encoder cannot be loaded.
        ModelProcessDied: the process dies whatever it is given.
        LibraryError: the disk is full; all batches before this one are kept.
    """
    for key, index in indexes.items():
        complete(index, library, key)
    report = EmbedReport(library.embeddings.count_unembedded(list(indexes), only))
    yield replace(report)
    unsaved = 0
    try:
        for queue, answers in _batches(library, models, list(indexes), only):
            level = library.embeddings.last_id()
            with library.transaction():
                for photo, answer in zip(queue, answers, strict=True):
                    _keep(library, photo, answer, report)
            _add_to_indexes(library, indexes, queue, answers, level)
            unsaved += len(queue)
            report.ids = [photo.photo_id for photo in queue]
            yield replace(report)
            if unsaved >= PHOTOS_BETWEEN_SAVES:
                _save(library, indexes)
                unsaved = 0
    finally:
        if unsaved and unsaved >= LEAST_WORTH_SAVING * max(map(len, indexes.values())):
            _save(library, indexes)


def _batches(
    library: Library,
    models: ModelProcess,
    checkpoints: list[str],
    only: Sequence[int] | None,
) -> Iterator[tuple[list[Unembedded], list[PhotoAnswer]]]:
    last = 0  # one run goes through the queue once
    while queue := library.embeddings.unembedded(
        checkpoints, after=last, limit=BATCH_SIZE, only=only
    ):
        yield queue, models.embed_photos([PhotoToEmbed(p.path, p.lacking) for p in queue])
        last = queue[-1].photo_id


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
    queue: list[Unembedded],
    answers: list[PhotoAnswer],
    level: int,
) -> None:
    """Add a batch; `level` was the library's last embedding id before it."""
    for key, index in indexes.items():
        found = [
            (photo.photo_id, answer.embeddings[key])
            for photo, answer in zip(queue, answers, strict=True)
            if isinstance(answer, EmbeddedPhoto) and key in answer.embeddings
        ]
        if found:
            ids, vectors = zip(*found, strict=True)
            index.add(np.array(ids, np.int64), np.stack(vectors).astype(np.float16))
        # What was copied between two batches is not in the index: then it stays behind, and is
        # completed before the next run.
        if index.newest == level:
            index.newest = library.embeddings.last_id()


def _save(library: Library, indexes: Mapping[str, VectorIndex]) -> None:
    for key, index in indexes.items():
        try:
            save_index(index, library, key)
        except IndexFileError as error:  # the next opening completes it from the library
            logger.warning("%s", error)
