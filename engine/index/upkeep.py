"""Keeping an index level with the library, which is the only source of truth."""

import logging

import numpy as np

from engine.errors import IndexFileError
from engine.index.vector_index import IdArray, VectorIndex
from engine.library.library import Library

logger = logging.getLogger(__name__)

READ_AT_ONCE = 8_192


def open_index(library: Library, key: str, dimension: int) -> VectorIndex:
    """Open a checkpoint's index and complete it from the library.

    A file that is missing or damaged is made again; one that is behind is completed.

    Args:
        library: whose embeddings are searched.
        key: the checkpoint's key.
        dimension: length of its embeddings.
    """
    path = library.paths.indexes / f"{key}.faiss"
    try:
        index = VectorIndex.load(path, dimension)
    except IndexFileError as error:
        if path.exists():
            logger.warning("%s It is made again from the library.", error)
        index = VectorIndex(dimension)
    complete(index, library, key)
    return index


def complete(index: VectorIndex, library: Library, key: str) -> int:
    """Bring an index level with the library; returns how many embeddings were read."""
    newest = library.embeddings.newest(key)  # first: what comes meanwhile is read next time
    present = library.embeddings.photo_ids(key)
    replaced = library.embeddings.replaced_since(key, index.newest)
    stale = np.union1d(np.setdiff1d(index.ids, present), replaced)
    index.remove(stale)
    lacking = np.setdiff1d(present, index.ids)
    for start in range(0, len(lacking), READ_AT_ONCE):
        _read_into(index, library, key, lacking[start : start + READ_AT_ONCE])
    index.newest = newest
    return len(lacking)


def _read_into(index: VectorIndex, library: Library, key: str, ids: IdArray) -> None:
    found, vectors = library.embeddings.read(key, ids)
    if len(found):
        index.add(found, vectors)


def save_index(index: VectorIndex, library: Library, key: str) -> None:
    """Write a checkpoint's index beside the library.

    Raises:
        IndexFileError: the disk is full or cannot be written.
    """
    index.save(library.paths.indexes / f"{key}.faiss")
