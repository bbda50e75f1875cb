"""The watched root folders."""

import json
from collections.abc import Sequence

from engine.library.connection import Connection
from engine.library.failures import FailureTable
from engine.library.photo import Folder, FolderCounts
from engine.paths import is_within, path_key

_COUNTS = """
    WITH done AS (
      SELECT photo_id FROM embedding WHERE checkpoint_id IN (
        SELECT id FROM checkpoint WHERE key IN (SELECT value FROM json_each(?)))
      GROUP BY photo_id HAVING count(*) = ?
      UNION SELECT photo_id FROM failure WHERE permanent AND photo_id NOT NULL)
    SELECT folder.id, folder.path, count(photo.id),
      count(photo.id) FILTER (WHERE photo.id NOT IN (SELECT photo_id FROM done))
    FROM folder LEFT JOIN photo ON folder_id = folder.id AND missing_since IS NULL
    GROUP BY folder.id
"""


class FolderTable:
    """Rows of `folder`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._failures = FailureTable(connection)

    def add(self, path: bytes) -> Folder:
        """Add a root folder; one that is there already is returned as it is."""
        self._connection.run(
            "INSERT OR IGNORE INTO folder (path, path_key) VALUES (?, ?)", (path, path_key(path))
        )
        return self._select("WHERE path = ?", path)[0]

    def all(self) -> list[Folder]:
        """In the order they were added."""
        return self._select("ORDER BY id")

    def counts(self, checkpoints: Sequence[str]) -> dict[int, FolderCounts]:
        """What each folder holds, by its id.

        Args:
            checkpoints: keys of those in use, by which a photo is to be embedded.
        """
        rows = self._connection.rows(_COUNTS, (json.dumps(list(checkpoints)), len(checkpoints)))
        failures = self._failures.all()
        return {
            id_: FolderCounts(
                photos, waiting, sum(is_within(failure.path, path) for failure in failures)
            )
            for id_, path, photos, waiting in rows
        }

    def remove(self, folder_id: int) -> None:
        """Forget a folder, its photos and its failures; files are never touched."""
        with self._connection.transaction():
            for folder in self._select("WHERE id = ?", folder_id):
                self._failures.remove_directories_under(folder.path)
            self._connection.run("DELETE FROM folder WHERE id = ?", (folder_id,))

    def merge(self, folder_id: int, into: int) -> None:
        """Give the photos of a folder to the one that contains it, and forget the folder."""
        with self._connection.transaction():
            self._connection.run(
                "UPDATE photo SET folder_id = ? WHERE folder_id = ?", (into, folder_id)
            )
            self.remove(folder_id)

    def set_online(self, folder_id: int, online: bool) -> None:
        """Note whether the folder can be reached."""
        self._connection.run("UPDATE folder SET online = ? WHERE id = ?", (int(online), folder_id))

    def _select(self, condition: str, *parameters: object) -> list[Folder]:
        rows = self._connection.rows(
            f"SELECT id, path, online FROM folder {condition}",  # noqa: S608 - our own text
            parameters,
        )
        return [Folder(id_, path, bool(online)) for id_, path, online in rows]
