"""The embeddings of all photos: one row a photo and checkpoint, and the queue of what is left."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.library.connection import Connection
from engine.library.photo import Float16Array, IdArray

# A photo is in results while its file is there, as far as is known.
_PRESENT = "photo_id IN (SELECT id FROM photo WHERE missing_since IS NULL)"

_QUEUE = """
    SELECT photo.id, photo.path, size, mtime_ns, json_group_array(wanted.value)
    FROM photo JOIN folder ON folder.id = folder_id JOIN json_each(?) AS wanted
      LEFT JOIN checkpoint ON checkpoint.key = wanted.value
    WHERE photo.id > ? AND missing_since IS NULL AND online
      AND (? IS NULL OR photo.id IN (SELECT value FROM json_each(?)))
      AND NOT EXISTS (SELECT 1 FROM failure WHERE photo_id = photo.id AND permanent)
      AND NOT EXISTS (SELECT 1 FROM embedding
                      WHERE photo_id = photo.id AND checkpoint_id = checkpoint.id)
    GROUP BY photo.id ORDER BY photo.id LIMIT ?
"""


FORGOTTEN_AT_ONCE = 2_000  # rows of one transaction: some ten milliseconds


@dataclass(frozen=True, slots=True)
class CheckpointEmbeddings:
    """What is kept of one checkpoint.

    Attributes:
        key: the checkpoint's.
        photos: how many have an embedding by it, those included whose files are gone.
        bytes: that the embeddings take, without the book-keeping around them.
    """

    key: str
    photos: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Unembedded:
    """A photo that still lacks embeddings, by the keys of the checkpoints it lacks."""

    photo_id: int
    path: bytes
    size: int
    mtime_ns: int
    lacking: tuple[str, ...]


class EmbeddingTable:
    """Rows of `embedding`; checkpoints are named by their keys."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, photo_id: int, checkpoint: str, vector: Float16Array) -> None:
        """Keep an embedding of shape (d,), float16, unit length, in place of an earlier one."""
        self._connection.run(
            "INSERT OR REPLACE INTO embedding (photo_id, checkpoint_id, vector) VALUES (?, ?, ?)",
            (photo_id, self._checkpoint_id(checkpoint), vector.astype("<f2").tobytes()),
        )

    def copy(self, from_id: int, to_id: int) -> None:
        """Give a second file of the same content the embeddings of the first."""
        self._connection.run(
            "INSERT OR REPLACE INTO embedding (photo_id, checkpoint_id, vector) "
            "SELECT ?, checkpoint_id, vector FROM embedding WHERE photo_id = ?",
            (to_id, from_id),
        )

    def count(self, checkpoint: str) -> int:
        """How many photos that are there have an embedding by this checkpoint."""
        return len(self.photo_ids(checkpoint))

    def photo_ids(self, checkpoint: str) -> IdArray:
        """Which photos that are there have one: shape (n,), int64, ascending."""
        rows = self._connection.rows(
            f"SELECT photo_id FROM embedding WHERE checkpoint_id = "  # noqa: S608 - our own text
            f"(SELECT id FROM checkpoint WHERE key = ?) AND {_PRESENT} ORDER BY photo_id",
            (checkpoint,),
        )
        return np.array([id_ for (id_,) in rows], dtype=np.int64)

    def by_checkpoint(self) -> list[CheckpointEmbeddings]:
        """What is kept of every checkpoint that has embedded anything, ordered by key."""
        rows = self._connection.rows(
            "SELECT key, count(*), (SELECT length(vector) FROM embedding "
            "  WHERE checkpoint_id = checkpoint.id LIMIT 1) "  # all are of one length
            "FROM embedding JOIN checkpoint ON checkpoint.id = checkpoint_id "
            "GROUP BY checkpoint.id ORDER BY key"
        )
        return [CheckpointEmbeddings(key, count, count * length) for key, count, length in rows]

    def forget(self, checkpoint: str) -> None:
        """Delete all embeddings by a checkpoint, in transactions that keep nobody waiting."""
        while self.forget_some(checkpoint):
            pass

    def forget_some(self, checkpoint: str, limit: int = FORGOTTEN_AT_ONCE) -> int:
        """Delete some embeddings by a checkpoint; returns how many, 0 when none is left."""
        with self._connection.transaction():
            self._connection.run(
                "DELETE FROM embedding WHERE id IN (SELECT id FROM embedding WHERE checkpoint_id = "
                "(SELECT id FROM checkpoint WHERE key = ?) LIMIT ?)",
                (checkpoint, limit),
            )
            return int(self._connection.value("SELECT changes()"))

    def last_id(self) -> int:
        """The largest id that any embedding was ever given; it only grows."""
        found = self._connection.value("SELECT seq FROM sqlite_sequence WHERE name = 'embedding'")
        return int(found or 0)

    def replaced_since(self, checkpoint: str, newest: int) -> IdArray:
        """Photos whose embedding has a larger id than `newest`: shape (n,), int64, ascending."""
        rows = self._connection.rows(
            "SELECT photo_id FROM embedding JOIN checkpoint ON checkpoint.id = checkpoint_id "
            "WHERE key = ? AND embedding.id > ? ORDER BY photo_id",
            (checkpoint, newest),
        )
        return np.array([id_ for (id_,) in rows], dtype=np.int64)

    def read(self, checkpoint: str, ids: Sequence[int] | IdArray) -> tuple[IdArray, Float16Array]:
        """The embeddings of these photos, where they have one.

        Returns:
            Ids of shape (n,), int64, ascending, and vectors of shape (n, d), float16.
        """
        found_ids: list[int] = []
        vectors: list[bytes] = []
        for chunk in self._chunks(checkpoint, ids):
            found_ids += [id_ for id_, _ in chunk]
            vectors += [vector for _, vector in chunk]
        if not found_ids:
            return np.empty(0, np.int64), np.empty((0, 0), np.float16)
        matrix = np.frombuffer(b"".join(vectors), "<f2").reshape(len(vectors), -1)
        return np.array(found_ids, np.int64), matrix.astype(np.float16, copy=False)

    def _chunks(
        self, checkpoint: str, ids: Sequence[int] | IdArray
    ) -> Iterator[list[tuple[int, bytes]]]:
        return self._connection.chunks(
            "SELECT photo_id, vector FROM embedding WHERE checkpoint_id = "
            "(SELECT id FROM checkpoint WHERE key = ?) "
            "AND photo_id IN (SELECT value FROM json_each(?)) ORDER BY photo_id",
            (checkpoint, _json(ids)),
        )

    def unembedded(
        self,
        checkpoints: Sequence[str],
        *,
        after: int,
        limit: int,
        only: Sequence[int] | IdArray | None = None,
    ) -> list[Unembedded]:
        """The queue: photos that lack an embedding by one of these checkpoints.

        Left out are photos that are missing, of folders that are off-line, or that can never be
        read.

        Args:
            checkpoints: keys.
            after: only photos with a larger id, so that one run goes through the queue once.
            limit: how many at most.
            only: none but these photos; None means all.
        """
        rows = self._connection.rows(
            _QUEUE, self._queue_parameters(checkpoints, after, limit, only)
        )
        return [
            Unembedded(id_, path, size, mtime_ns, tuple(json.loads(lacking)))
            for id_, path, size, mtime_ns, lacking in rows
        ]

    def count_unembedded(
        self, checkpoints: Sequence[str], only: Sequence[int] | IdArray | None = None
    ) -> int:
        """How long the queue is; the arguments are those of `unembedded`."""
        parameters = self._queue_parameters(checkpoints, 0, -1, only)  # -1: no limit
        return int(self._connection.value(f"SELECT count(*) FROM ({_QUEUE})", parameters))  # noqa: S608

    def _queue_parameters(
        self,
        checkpoints: Sequence[str],
        after: int,
        limit: int,
        only: Sequence[int] | IdArray | None,
    ) -> tuple[object, ...]:
        wanted = None if only is None else _json(only)
        return json.dumps(list(checkpoints)), after, wanted, wanted, limit

    def _checkpoint_id(self, key: str) -> int:
        self._connection.run("INSERT OR IGNORE INTO checkpoint (key) VALUES (?)", (key,))
        return int(self._connection.value("SELECT id FROM checkpoint WHERE key = ?", (key,)))


def _json(ids: Sequence[int] | IdArray) -> str:
    return json.dumps([int(id_) for id_ in ids])
