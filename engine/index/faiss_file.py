"""The format of an index on disk: a FAISS file, followed by what the library knows of it.

The one module that loads FAISS, which takes a tenth of a second: it is reached through
`VectorIndex`, when an index is first read or written.
"""

import os
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import xxhash

from engine.library.photo import IdArray
from engine.models.encoder import FloatArray

READ_AT_ONCE = 2**22  # bytes
NEWEST = struct.Struct("<q")


def to_faiss(ids: IdArray, blocks: Iterable[FloatArray], dimension: int) -> faiss.IndexIDMap:
    """Put embeddings into FAISS: float16 under an IDMap.

    Args:
        ids: shape (n,), int64.
        blocks: their embeddings, shape (k, dimension), float32 each, n rows in all.
        dimension: length of an embedding.
    """
    half = faiss.IndexScalarQuantizer(
        dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    stored = faiss.IndexIDMap(half)
    start = 0
    for block in blocks:
        stored.add_with_ids(block, ids[start : start + len(block)])
        start += len(block)
    return stored


def from_faiss(
    stored: Any,  # noqa: ANN401 - as `read` gives it
    dimension: int,
    at_once: int,
) -> Iterator[tuple[IdArray, FloatArray]]:
    """Take embeddings out of FAISS, at most so many at once.

    Raises:
        ValueError: they are of another dimension.
    """
    if stored.d != dimension:
        raise ValueError(f"it has {stored.d} dimensions, not {dimension}")
    ids = np.asarray(faiss.vector_to_array(stored.id_map), np.int64)
    vectors = faiss.downcast_index(stored.index)
    for start in range(0, len(ids), at_once):
        part = ids[start : start + at_once]
        yield part, vectors.reconstruct_n(start, len(part))


def write(stored: faiss.IndexIDMap, newest: int, path: Path) -> None:
    """Write a FAISS file and, behind it where FAISS does not look, `newest` and a digest."""
    hasher = xxhash.xxh3_128()
    with path.open("wb") as file:

        def take(data: bytes) -> int:
            hasher.update(data)
            return file.write(data)

        # FAISS itself cannot open every path, and does not notice when the disk is full.
        faiss.write_index(stored, faiss.PyCallbackIOWriter(take))  # type: ignore[attr-defined]
        take(NEWEST.pack(newest))
        file.write(hasher.digest())


def read(path: Path) -> Any:  # noqa: ANN401 - faiss has no types for what it reads
    """Read a FAISS file; what follows it is left alone."""
    if str(path).isascii():  # FAISS opens no other name on Windows
        # Mapped, not read: the file's float16 never lies in memory beside our float32.
        return faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    with path.open("rb") as file:
        return faiss.read_index(faiss.PyCallbackIOReader(file.read))  # type: ignore[attr-defined]


def verified_newest(path: Path) -> int:
    """The number behind a FAISS file.

    Raises:
        ValueError: the file is not as it was written.
    """
    hasher = xxhash.xxh3_128()
    with path.open("rb") as file:
        end = file.seek(-hasher.digest_size, os.SEEK_END)
        digest = file.read()
        file.seek(0)
        while chunk := file.read(min(READ_AT_ONCE, end - file.tell())):
            hasher.update(chunk)
        if hasher.digest() != digest:
            raise ValueError("it is damaged")
        file.seek(end - NEWEST.size)
        return int(NEWEST.unpack(file.read(NEWEST.size))[0])
