"""The photos of all folders."""

import json
import os
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from time import time
from typing import Any

import numpy as np

from engine.images.metadata import PhotoMetadata
from engine.library.database import Connection
from engine.library.photo import FoundFile, IdArray, KnownFile, Photo
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
        rows = self._connection.rows(
            f"SELECT {_PHOTO} FROM photo WHERE id IN (SELECT value FROM json_each(?))",  # noqa: S608
            (json.dumps(wanted),),
        )
        photos = {row[0]: _photo(row) for row in rows}
        return [photos[id_] for id_ in wanted if id_ in photos]

    def find(self, path: bytes) -> Photo | None:
        """The photo of this path: byte-exact first, else the only one equal in NFC."""
        for condition, value in (("path = ?", path), ("path_key = ?", path_key(path))):
            rows = self._connection.rows(
                f"SELECT {_PHOTO} FROM photo WHERE {condition}",  # noqa: S608 - our own text
                (value,),
            )
            if len(rows) == 1:
                return _photo(rows[0])
        return None

    def count(self) -> int:
        """How many photos there are, missing ones left out."""
        return int(self._connection.value("SELECT count(*) FROM photo WHERE missing_since IS NULL"))

    def known_files(self, folder_id: int, under: bytes | None = None) -> dict[bytes, KnownFile]:
        """The files of a folder by path, or only those in one of its directories or at a path."""
        within = os.path.join(under, b"") if under is not None else b""
        rows = self._connection.rows(
            "SELECT path, id, size, mtime_ns, missing_since IS NOT NULL FROM photo "
            "WHERE folder_id = ? AND (? IS NULL OR path = ? OR substr(path, 1, ?) = ?)",
            (folder_id, under, under, len(within), within),
        )
        return {
            path: KnownFile(id_, size, mtime_ns, bool(missing))
            for path, id_, size, mtime_ns, missing in rows
        }

    def with_size(self, size: int) -> list[Photo]:
        """Photos of this many bytes whose content hash is known: candidates for a moved file."""
        rows = self._connection.rows(
            f"SELECT {_PHOTO} FROM photo "  # noqa: S608 - our own text
            "WHERE size = ? AND content_hash IS NOT NULL ORDER BY id",
            (size,),
        )
        return [_photo(row) for row in rows]

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
            "UPDATE photo SET size = ?, mtime_ns = ?, content_hash = NULL, missing_since = NULL "
            "WHERE id = ?",
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

    def remove_long_missing(self) -> int:
        """Forget photos that have been missing for too long; returns how many."""
        before = int(time()) - DAYS_MISSING_PHOTOS_ARE_KEPT * 86_400
        count = self._connection.value(
            "SELECT count(*) FROM photo WHERE missing_since < ?", (before,)
        )
        self._connection.run("DELETE FROM photo WHERE missing_since < ?", (before,))
        return int(count)

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
            folders: only photos below one of these directories; () means everywhere.
            taken_from: first day, of the camera's clock; photos without a date are left out.
            taken_to: last day, likewise.

        Returns:
            Shape (n,), int64.
        """
        conditions, parameters = ["missing_since IS NULL"], list[object]()
        if folders:
            within = [os.path.join(folder, b"") for folder in folders]
            conditions.append("(" + " OR ".join("substr(path, 1, ?) = ?" for _ in within) + ")")
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


def _photo(row: tuple[Any, ...]) -> Photo:
    values = list(row)
    values[5] = bool(values[5])  # missing
    values[9] = datetime.fromisoformat(values[9]) if values[9] else None  # taken_at
    return Photo(*values)
