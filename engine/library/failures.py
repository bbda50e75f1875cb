"""What could not be read, and why."""

import os
from datetime import datetime
from time import time

from engine.library.connection import Connection
from engine.library.photo import Failure


class FailureTable:
    """Rows of `failure`; one a path, the latest."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, path: bytes, photo_id: int | None, reason: str, *, permanent: bool) -> None:
        """Record a failure in place of an earlier one of the same path."""
        self._connection.run(
            "INSERT OR REPLACE INTO failure VALUES (?, ?, ?, ?, ?)",
            (path, photo_id, reason, int(permanent), int(time())),
        )

    def remove(self, path: bytes) -> None:
        """Forget a failure, so that the photo is tried again."""
        self._connection.run("DELETE FROM failure WHERE path = ?", (path,))

    def remove_directories_under(self, root: bytes) -> None:
        """Forget the unreadable directories of a folder, before it is walked again."""
        within = os.path.join(root, b"")
        self._connection.run(
            "DELETE FROM failure WHERE photo_id IS NULL AND (path = ? OR substr(path, 1, ?) = ?)",
            (root, len(within), within),
        )

    def all(self) -> list[Failure]:
        """Latest first."""
        rows = self._connection.rows(
            "SELECT path, photo_id, reason, permanent, failed_at FROM failure "
            "ORDER BY failed_at DESC, path"
        )
        return [
            Failure(path, photo_id, reason, bool(permanent), datetime.fromtimestamp(at))
            for path, photo_id, reason, permanent, at in rows
        ]
