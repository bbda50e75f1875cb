"""The photos of all folders."""

import json
import os
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from time import time
from typing import Any

import numpy as np

from engine.images.metadata import PhotoMetadata
from engine.library.connection import Connection
from engine.library.photo import FloatArray, FoundFile, IdArray, KnownFile, Photo
from engine.paths import path_key

DAYS_MISSING_PHOTOS_ARE_KEPT = 30

_PHOTO = (
    "id, folder_id, path, size, mtime_ns, missing_since IS NOT NULL, content_hash, "
    "width, height, taken_at, latitude, longitude, camera"
)


class PhotoTable:
    """Rows of `photo`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, folder_id: int, found: FoundFile) -> int:
        """Add a file that is not in the library; returns the new photo's id."""
        return self._connection.run(
            "INSERT INTO photo (folder_id, path, path_key, size, mtime_ns) VALUES (?, ?, ?, ?, ?)",
            (folder_id, found.path, path_key(found.path), found.size, found.mtime_ns),
        )

    def get(self, ids: Iterable[int]) -> list[Photo]:
        """The photos with these ids, in this order; unknown ids are left out."""
        wanted = [int(id_) for id_ in ids]
        found = self._select("WHERE id IN (SELECT value FROM json_each(?))", json.dumps(wanted))
        photos = {photo.id: photo for photo in found}
        return [photos[id_] for id_ in wanted if id_ in photos]

    def find(self, path: bytes) -> Photo | None:
        """The photo of this path: byte-exact first, else the only one equal in NFC."""
        exact = self._select("WHERE path = ?", path)
        found = exact or self._select("WHERE path_key = ?", path_key(path))
        return found[0] if len(found) == 1 else None

    def count(self, folder_id: int | None = None) -> int:
        """How many photos there are, or a folder has; missing ones left out."""
        return int(
            self._connection.value(
                "SELECT count(*) FROM photo "
                "WHERE missing_since IS NULL AND (? IS NULL OR folder_id = ?)",
                (folder_id, folder_id),
            )
        )

    def known_files(self, folder_id: int, under: bytes | None = None) -> dict[bytes, KnownFile]:
        """The files of a folder by path, or only those in one of its directories or at a path."""
        condition, parameters = "folder_id = ?", list[object]((folder_id,))
        if under is not None:  # the plus keeps to the index of paths, not that of folders
            condition = "+folder_id = ? AND (path = ? OR path > ? AND path < ?)"
            within = os.path.join(under, b"")
            parameters += [under, within, within[:-1] + bytes([within[-1] + 1])]
        rows = self._connection.rows(
            "SELECT path, id, size, mtime_ns, missing_since IS NOT NULL "  # noqa: S608 - our own text
            f"FROM photo WHERE {condition}",
            parameters,
        )
        return {
            path: KnownFile(id_, size, mtime_ns, bool(missing))
            for path, id_, size, mtime_ns, missing in rows
        }

    def knows_size(self, size: int) -> bool:
        """Whether a photo of this many bytes has been read: only then can a file be its twin."""
        found = self._connection.value(
            "SELECT 1 FROM photo WHERE size = ? AND content_hash IS NOT NULL LIMIT 1", (size,)
        )
        return found is not None

    def with_content(self, size: int, content_hash: bytes) -> list[Photo]:
        """Photos that have, or had, this content."""
        return self._select("WHERE size = ? AND content_hash = ? ORDER BY id", size, content_hash)

    def move(self, photo_id: int, folder_id: int, found: FoundFile) -> None:
        """Note a photo's new place; it keeps its id, embeddings and marks."""
        self._connection.run("DELETE FROM failure WHERE photo_id = ?", (photo_id,))
        self._connection.run(
            "UPDATE photo SET folder_id = ?, path = ?, path_key = ?, size = ?, mtime_ns = ?, "
            "missing_since = NULL WHERE id = ?",
            (folder_id, found.path, path_key(found.path), found.size, found.mtime_ns, photo_id),
        )

    def change(self, photo_id: int, found: FoundFile) -> None:
        """Note that a file holds something else now: what was known of it is forgotten."""
        self._connection.run("DELETE FROM embedding WHERE photo_id = ?", (photo_id,))
        self._connection.run("DELETE FROM failure WHERE photo_id = ?", (photo_id,))
        self._connection.run(
            "UPDATE photo SET size = ?, mtime_ns = ?, missing_since = NULL, content_hash = NULL, "
            "width = NULL, height = NULL, taken_at = NULL, latitude = NULL, longitude = NULL, "
            "camera = NULL WHERE id = ?",
            (found.size, found.mtime_ns, photo_id),
        )

    def touch(self, photo_id: int, found: FoundFile) -> None:
        """Note that a file is there, with the content it had."""
        self._connection.run(
            "UPDATE photo SET mtime_ns = ?, missing_since = NULL WHERE id = ?",
            (found.mtime_ns, photo_id),
        )

    def mark_missing(self, ids: Iterable[int]) -> None:
        """Take photos out of results; they are kept for a while, in case the files come back."""
        now = int(time())
        self._connection.run_many(
            "UPDATE photo SET missing_since = ? WHERE id = ? AND missing_since IS NULL",
            [(now, id_) for id_ in ids],
        )
        self._connection.run(  # what is not there need not be read
            "DELETE FROM failure WHERE photo_id IN (SELECT id FROM photo WHERE missing_since = ?)",
            (now,),
        )

    def remove_long_missing(self) -> list[int]:
        """Forget photos that have been missing for too long; returns their ids.

        Those of off-line folders are kept: their drive may come back with them.
        """
        before = int(time()) - DAYS_MISSING_PHOTOS_ARE_KEPT * 86_400
        removed = self._connection.rows(
            "DELETE FROM photo WHERE missing_since < ? "
            "AND folder_id IN (SELECT id FROM folder WHERE online) RETURNING id",
            (before,),
        )
        return [id_ for (id_,) in removed]

    def record_facts(self, photo_id: int, content_hash: bytes, metadata: PhotoMetadata) -> None:
        """Keep what reading the photo told."""
        taken_at = metadata.taken_at.isoformat() if metadata.taken_at else None
        self._connection.run(
            "UPDATE photo SET content_hash = ?, width = ?, height = ?, taken_at = ?, "
            "latitude = ?, longitude = ?, camera = ? WHERE id = ?",
            (
                content_hash,
                metadata.width,
                metadata.height,
                taken_at,
                metadata.latitude,
                metadata.longitude,
                metadata.camera,
                photo_id,
            ),
        )

    def copy_facts(self, from_id: int, to_id: int) -> None:
        """Give a second file of the same content what is known of the first."""
        self._connection.run(
            "UPDATE photo SET (content_hash, width, height, taken_at, latitude, longitude, camera)"
            " = (SELECT content_hash, width, height, taken_at, latitude, longitude, camera"
            " FROM photo WHERE id = ?) WHERE id = ?",
            (from_id, to_id),
        )

    def ids(
        self,
        folders: Sequence[bytes] = (),
        taken_from: date | None = None,
        taken_to: date | None = None,
    ) -> IdArray:
        """Ids of photos that are there, ascending.

        Args:
            folders: only photos below one of these directories, compared in NFC; () means
                everywhere.
            taken_from: first day, of the camera's clock; photos without a date are left out.
            taken_to: last day, likewise.

        Returns:
            Shape (n,), int64.
        """
        conditions, parameters = ["missing_since IS NULL"], list[object]()
        if folders:
            within = [path_key(os.path.join(folder, b"")) for folder in folders]
            conditions.append("(" + " OR ".join("substr(path_key, 1, ?) = ?" for _ in within) + ")")
            parameters += [value for folder in within for value in (len(folder), folder)]
        if taken_from:
            conditions.append("taken_at >= ?")
            parameters.append(taken_from.isoformat())
        if taken_to:
            conditions.append("taken_at < ?")
            parameters.append(f"{taken_to.isoformat()}U")  # U follows the T before the hours
        rows = self._connection.rows(
            f"SELECT id FROM photo WHERE {' AND '.join(conditions)} ORDER BY id",  # noqa: S608
            parameters,
        )
        return np.array([id_ for (id_,) in rows], dtype=np.int64)

    def dates(self) -> tuple[IdArray, FloatArray]:
        """When the photos that are there were taken, or else changed last; the newest first.

        Returns:
            Ids of shape (n,), int64, and Unix times of shape (n,), float64, in seconds; a
            camera's clock is taken to be this machine's. Equal times by larger id.
        """
        rows = self._connection.rows(
            "SELECT id, coalesce(CAST(strftime('%s', taken_at, 'utc') AS INTEGER), "
            "mtime_ns / 1000000000) AS time FROM photo WHERE missing_since IS NULL "
            "ORDER BY time DESC, id DESC"
        )
        table = np.array(rows, dtype=np.int64).reshape(-1, 2)
        return table[:, 0].copy(), table[:, 1].astype(np.float64)

    def total_size(self, ids: Iterable[int]) -> int:
        """How large the files of these photos are together, in bytes."""
        wanted = json.dumps([int(id_) for id_ in ids])
        return int(
            self._connection.value(
                "SELECT coalesce(sum(size), 0) FROM photo "
                "WHERE id IN (SELECT value FROM json_each(?))",
                (wanted,),
            )
        )

    def set_favourite(self, ids: Iterable[int], favourite: bool) -> None:
        """Mark photos as favourites, or take the mark away."""
        self._connection.run_many(
            "UPDATE photo SET favourite = ? WHERE id = ?", [(int(favourite), id_) for id_ in ids]
        )

    def favourites(self) -> IdArray:
        """Ids of the favourites that are there, ascending; shape (n,), int64."""
        rows = self._connection.rows(
            "SELECT id FROM photo WHERE favourite AND missing_since IS NULL ORDER BY id"
        )
        return np.array([id_ for (id_,) in rows], dtype=np.int64)

    def _select(self, condition: str, *parameters: object) -> list[Photo]:
        rows = self._connection.rows(
            f"SELECT {_PHOTO} FROM photo {condition}",  # noqa: S608 - our own text
            parameters,
        )
        return [_photo(row) for row in rows]


def _photo(row: tuple[Any, ...]) -> Photo:
    values = list(row)
    values[5] = bool(values[5])  # missing
    values[9] = datetime.fromisoformat(values[9]) if values[9] else None  # taken_at
    return Photo(*values)
