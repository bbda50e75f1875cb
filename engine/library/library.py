"""The library: what is known of the user's photos, and the only source of truth."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import time
from typing import Self

import filelock

from engine.errors import LibraryBusyError, LibraryError
from engine.library import database
from engine.library.connection import Connection, DamagedError
from engine.library.embeddings import EmbeddingTable
from engine.library.failures import FailureTable
from engine.library.folders import FolderTable
from engine.library.photos import PhotoTable
from engine.paths import LibraryPaths

STEPS_BETWEEN_ASKING = 20_000  # of SQLite's machine: some milliseconds


class Library:
    """One open library; to be used by one thread. Open another one to read beside it.

    Attributes:
        folders: the watched root folders.
        photos: their photos.
        embeddings: of these photos, by checkpoint.
        failures: photos and directories that could not be read.
        set_aside: where a damaged library was put on opening; None when it was sound.
    """

    def __init__(
        self,
        paths: LibraryPaths,
        connection: Connection,
        lock: filelock.BaseFileLock | None = None,
        set_aside: Path | None = None,
    ) -> None:
        self.paths = paths
        self.set_aside = set_aside
        self._connection = connection
        self._lock = lock
        self.folders = FolderTable(connection)
        self.photos = PhotoTable(connection)
        self.embeddings = EmbeddingTable(connection)
        self.failures = FailureTable(connection)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open for writing, beginning a new library where there is none.

        A malformed file is set aside under a dated name, never overwritten, and its caches
        with it.

        Raises:
            LibraryBusyError: another program is writing to it.
            LibraryError: it cannot be opened, or is from a newer version.
        """
        try:
            return cls._open(LibraryPaths(folder))
        except OSError as error:
            raise LibraryError(
                f"The library cannot be kept in {folder}: {error.strerror or error}."
            ) from error

    @classmethod
    def _open(cls, paths: LibraryPaths) -> Self:
        paths.folder.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(paths.lock, thread_local=False)
        _acquire(lock, paths)
        aside = None
        try:
            try:
                connection = database.connect(paths.database)
            except DamagedError:
                aside = database.set_aside(paths)
                connection = database.connect(paths.database)
        except BaseException:
            lock.release()
            raise
        return cls(paths, connection, lock, aside)

    def again(self) -> "Library":
        """The same library for another thread, which is to call this and may write as well.

        Raises:
            LibraryBusyError: it was closed meanwhile, and another program is writing to it.
            LibraryError: it cannot be opened.
        """
        if self._lock:
            _acquire(self._lock, self.paths)  # counted: the last one to close gives it back
        try:
            connection = database.connect_again(self.paths.database)
        except BaseException:
            if self._lock:
                self._lock.release()
            raise
        return Library(self.paths, connection, self._lock)

    @property
    def writable(self) -> bool:
        """Whether it is open for writing."""
        return self._lock is not None

    @classmethod
    def open_to_read(cls, folder: Path) -> Self:
        """Open an existing library for reading, beside whoever writes to it.

        Raises:
            LibraryError: there is none, or it cannot be read.
        """
        paths = LibraryPaths(folder)
        return cls(paths, database.connect_to_read(paths.database))

    def close(self) -> None:
        """Release the file and the right to write to it."""
        self._connection.close()
        if self._lock:
            self._lock.release()  # its holders are counted

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes made inside, or none of them."""
        with self._connection.transaction():
            yield

    def give_up_when(self, unwanted: Callable[[], bool]) -> None:
        """Let long questions fail as soon as nobody wants their answers; short ones never do.

        Args:
            unwanted: asked now and then, in this library's thread.
        """
        self._connection.set_progress_handler(unwanted, STEPS_BETWEEN_ASKING)

    def check(self) -> None:
        """Read the whole file.

        Raises:
            LibraryError: it is malformed.
        """
        self._connection.check()

    def setting(self, name: str) -> str | None:
        """What was remembered under this name."""
        return self.settings([name]).get(name)

    def settings(self, names: Iterable[str]) -> dict[str, str]:
        """What was remembered under these names at one moment, whoever else writes."""
        rows = self._connection.rows(
            "SELECT name, value FROM setting WHERE name IN (SELECT value FROM json_each(?))",
            (json.dumps(list(names)),),
        )
        return dict(rows)

    def remember(self, name: str, value: str) -> None:
        """Remember a setting with the library."""
        self._connection.run("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    def mark_relevant(self, query: str, photo_id: int) -> None:
        """Remember that this photo is what the normalised query asked for."""
        self._connection.run(
            "INSERT OR REPLACE INTO relevance VALUES (?, ?, ?)", (query, photo_id, int(time()))
        )

    def unmark_relevant(self, query: str, photo_id: int) -> None:
        """Forget a relevance mark."""
        self._connection.run(
            "DELETE FROM relevance WHERE query = ? AND photo_id = ?", (query, photo_id)
        )

    def relevance_marks(self) -> list[tuple[str, int]]:
        """All marks as (normalised query, photo id)."""
        return self._connection.rows("SELECT query, photo_id FROM relevance ORDER BY marked_at")


def _acquire(lock: filelock.BaseFileLock, paths: LibraryPaths) -> None:
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise LibraryBusyError(
            f"Another Ảnh Ơi is writing to the library in {paths.folder}; wait for it or close it."
        ) from error
