"""Nearest neighbours of one checkpoint: all cosines in memory, a FAISS file on disk."""

from pathlib import Path
from threading import RLock
from typing import Self

import numpy as np
import numpy.typing as npt

from engine.errors import IndexFileError
from engine.files import replacing
from engine.library.photo import IdArray
from engine.models.encoder import FloatArray

# Rows are kept in blocks so that growing copies nothing: memory is one float32 matrix, no more.
BLOCK_ROWS = 65_536


class VectorIndex:
    """Exact search over embeddings; ids are photo ids.

    Fusion needs the cosine of EVERY photo, which a top-k search of FAISS does not hand out: so
    the embeddings lie in memory as float32 and one matrix-vector product scores them all. FAISS
    is the format on disk (IDMap over float16, which is what the library holds), followed by
    `newest` and a digest of the file; FAISS by itself reads it as it is.

    May be used by several threads at once.

    Attributes:
        dimension: length of an embedding.
        newest: all embeddings of the library up to this id have been taken in.
    """

    def __init__(self, dimension: int) -> None:
        self.dimension = dimension
        self.newest = 0
        self._ids = np.empty(0, np.int64)
        self._blocks: list[FloatArray] = []
        self._lock = RLock()

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def ids(self) -> IdArray:
        """Photo ids in the order of `scores`; shape (n,), int64."""
        return self._ids

    def add(self, ids: IdArray, vectors: npt.NDArray[np.floating]) -> None:
        """Add embeddings; an id that is there already is replaced.

        Args:
            ids: shape (n,), int64, none twice.
            vectors: shape (n, dimension), any floating type, unit length.

        Raises:
            ValueError: the shapes do not fit.
        """
        if vectors.shape != (len(ids), self.dimension):
            raise ValueError(f"{vectors.shape} is not ({len(ids)}, {self.dimension})")
        with self._lock:
            self.remove(ids)
            done = 0
            while done < len(ids):
                block, row = divmod(len(self._ids) + done, BLOCK_ROWS)
                if block == len(self._blocks):
                    self._blocks.append(np.empty((BLOCK_ROWS, self.dimension), np.float32))
                part = vectors[done : done + BLOCK_ROWS - row]
                self._blocks[block][row : row + len(part)] = part
                done += len(part)
            self._ids = np.concatenate([self._ids, ids])

    def remove(self, ids: IdArray) -> None:
        """Remove embeddings; ids that are not there are ignored."""
        with self._lock:
            gaps = np.flatnonzero(np.isin(self._ids, ids))
            remaining, last = self._ids.copy(), len(self._ids) - 1
            for gap in gaps[::-1].tolist():  # the last row fills each gap: no other has to move
                self._row(gap)[:] = self._row(last)
                remaining[gap] = remaining[last]
                last -= 1
            self._ids = remaining[: last + 1]
            del self._blocks[-(-len(self) // BLOCK_ROWS) :]

    def _row(self, row: int) -> FloatArray:
        row_of_block: FloatArray = self._blocks[row // BLOCK_ROWS][row % BLOCK_ROWS]
        return row_of_block

    def _filled(self) -> list[FloatArray]:
        sizes = [len(self) - start for start in range(0, len(self), BLOCK_ROWS)]
        return [block[:size] for block, size in zip(self._blocks, sizes, strict=True)]

    def scores(self, query: FloatArray) -> tuple[IdArray, FloatArray]:
        """The cosine of every photo with a query.

        Args:
            query: shape (dimension,), float32, unit length.

        Returns:
            Ids of shape (n,), int64, and their cosines of shape (n,), float32.
        """
        with self._lock:
            cosines = np.empty(len(self), np.float32)
            start = 0
            for block in self._filled():
                np.dot(block, query, out=cosines[start : start + len(block)])
                start += len(block)
            return self._ids, cosines

    def save(self, path: Path) -> None:
        """Write to disk so that a reader finds the whole file or the one before.

        By one thread at a time; others may search and change the index meanwhile.

        Raises:
            IndexFileError: the disk is full or cannot be written.
        """
        from engine.index import faiss_file

        with self._lock:  # not while writing: searches would have to wait for the disk
            stored = faiss_file.to_faiss(self._ids, self._filled(), self.dimension)
            newest = self.newest
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as temporary:
                faiss_file.write(stored, newest, temporary)
        except (OSError, RuntimeError) as error:
            raise IndexFileError(
                f"The index {path} could not be written ({error}); the library has lost nothing."
            ) from error

    @classmethod
    def load(cls, path: Path, dimension: int) -> Self:
        """Read what `save` wrote.

        Raises:
            IndexFileError: the file is missing, damaged, or of another dimension.
        """
        from engine.index import faiss_file

        try:
            index = cls(dimension)
            index.newest = faiss_file.verified_newest(path)
            stored = faiss_file.read(path)
            for ids, vectors in faiss_file.from_faiss(stored, dimension, BLOCK_ROWS):
                index.add(ids, vectors)
        except (OSError, RuntimeError, ValueError) as error:
            raise IndexFileError(f"The index {path} cannot be read: {error}.") from error
        return index
