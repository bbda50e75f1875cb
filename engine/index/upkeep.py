"""Keeping an index level with the library, which is the only source of truth."""

import logging
from pathlib import Path

import numpy as np

from engine.errors import IndexFileError
from engine.index.vector_index import VectorIndex
from engine.library.library import Library
from engine.library.photo import IdArray

logger = logging.getLogger(__name__)

READ_AT_ONCE = 8_192


def open_index(library: Library, key: str, dimension: int) -> VectorIndex:
    """Open a checkpoint's index and complete it from the library.

    A file that is missing, damaged or of another library is made again; one that is behind is
    completed. Nothing is written: `save_index` does that.

    Args:
        library: whose embeddings are searched.
        key: the checkpoint's key.
        dimension: length of its embeddings.
    """
    index = VectorIndex(dimension)
    if _path(library, key).exists():
        try:
            index = _load(library, key, dimension)
        except IndexFileError as error:
            logger.warning("%s It is made again from the library.", error)
    complete(index, library, key)
    return index


def _load(library: Library, key: str, dimension: int) -> VectorIndex:
    path = _path(library, key)
    index = VectorIndex.load(path, dimension)
    if index.newest <= library.embeddings.last_id():
        return index
    # The library was begun anew, or lost its last minutes with the power: it gives the same ids
    # to other photos. The file goes, lest it fit by number once the library has grown.
    if library.writable:
        path.unlink()
    raise IndexFileError(f"The index {path} is ahead of its library.")


def _path(library: Library, key: str) -> Path:
    return library.paths.indexes / f"{key}.faiss"


def complete(index: VectorIndex, library: Library, key: str) -> int:
    """Bring an index level with the library; returns how many embeddings were read."""
    newest = library.embeddings.last_id()  # first: what comes meanwhile is read next time
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
    index.save(_path(library, key))
