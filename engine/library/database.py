"""Opening the library's SQLite file: safely, once for writing, never over a damaged one."""

import logging
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from engine.errors import LibraryError
from engine.library import schema

logger = logging.getLogger(__name__)

# The whole file is checked on opening only while that takes well under a second; `doctor` always
# checks all of it.
LARGEST_CHECKED_ON_OPENING = 64 * 2**20
CHUNK = 10_000


class Connection(sqlite3.Connection):
    """A connection whose errors are sentences for the user."""

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """All rows of a statement."""
        with self._sentences():
            return self.execute(sql, parameters).fetchall()

    def chunks(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[list[Any]]:
        """The rows of a statement that has many, `CHUNK` at a time."""
        with self._sentences():
            cursor = self.execute(sql, parameters)
            while rows := cursor.fetchmany(CHUNK):
                yield rows

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:  # noqa: ANN401
        """The first column of the first row; None where there is none."""
        rows = self.rows(sql, parameters)
        return rows[0][0] if rows else None

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run a statement that changes rows; returns the row id it inserted last."""
        with self._sentences():
            return self.execute(sql, parameters).lastrowid or 0

    def run_many(self, sql: str, parameters: Iterator[Sequence[Any]] | Sequence[Any]) -> None:
        """Run a statement once for each sequence of parameters."""
        with self._sentences():
            self.executemany(sql, parameters)

    @contextmanager
    def transaction(self) -> Iterator[Self]:
        """All or nothing; inside another transaction, a part of that one."""
        if self.in_transaction:
            yield self
            return
        self.run("BEGIN IMMEDIATE")
        try:
            yield self
            self.run("COMMIT")
        except BaseException:
            self.rollback()
            raise

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError):
            raise  # these are our own mistakes
        except sqlite3.DatabaseError as error:
            raise LibraryError(_sentence(error)) from error


def _sentence(error: sqlite3.DatabaseError) -> str:
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_FULL:
            return "The disk is full: the library could not be written. Nothing in it was lost."
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return "The library is in use by another program; try again in a moment."
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return f"The library cannot be written, please check its permissions ({error})."
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return f"The library file is damaged ({error}); it is set aside at the next indexing."
        case _:
            return f"The library could not be used: {error}."


def connect(path: Path) -> Connection:
    """Open for writing: checked, migrated, in WAL.

    Raises:
        LibraryError: the file is from a newer version, or cannot be opened.
        sqlite3.DatabaseError: the file is malformed (`is_malformed` tells).
    """
    connection = sqlite3.connect(path, isolation_level=None, timeout=10, factory=Connection)
    try:
        _prepare(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_to_read(path: Path) -> Connection:
    """Open an existing library for reading only, beside whoever writes to it.

    Raises:
        LibraryError: there is none, it is malformed, or from another version.
    """
    if not path.is_file():
        raise LibraryError(f"There is no library in {path.parent} yet; index a folder first.")
    uri = f"{path.resolve().as_uri()}?mode=ro"
    connection = sqlite3.connect(
        uri, uri=True, isolation_level=None, timeout=10, factory=Connection
    )
    try:
        version = connection.value("PRAGMA user_version")
        refuse_newer(version, path)
        if version < schema.VERSION:
            raise LibraryError(f"{path} is from an older version; index once to bring it up.")
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: Connection, path: Path) -> None:
    if path.stat().st_size <= LARGEST_CHECKED_ON_OPENING:
        check(connection)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    refuse_newer(version, path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    migrate(connection, path, version)


def check(connection: sqlite3.Connection) -> None:
    """Read the whole file.

    Raises:
        sqlite3.DatabaseError: it is malformed.
    """
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        error = sqlite3.DatabaseError(found)
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error


def is_malformed(error: sqlite3.DatabaseError) -> bool:
    """Whether the file itself is at fault, rather than the disk or the permissions."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def refuse_newer(version: int, path: Path) -> None:
    """Leave a library alone that a newer version has written."""
    if version > schema.VERSION:
        raise LibraryError(
            f"{path} was written by a newer version of Ảnh Ơi (schema {version}, this version "
            f"knows {schema.VERSION}). Please update; the file was not touched."
        )


def migrate(connection: Connection, path: Path, version: int) -> None:
    """Apply what is new since `version`, after a backup unless the file is new."""
    if version == schema.VERSION:
        return
    if version > 0:
        _back_up(connection, path.with_name(f"{path.name}.before-schema-{schema.VERSION}"))
    with connection.transaction():
        for number, step in enumerate(schema.MIGRATIONS[version:], version + 1):
            step(connection)
            connection.run(f"PRAGMA user_version = {number}")


def _back_up(connection: sqlite3.Connection, to: Path) -> None:
    copy = sqlite3.connect(to)
    try:
        connection.backup(copy)
    finally:
        copy.close()
    logger.info("The library was backed up to %s before it was brought up to date.", to)


def set_aside(path: Path) -> Path:
    """Rename a malformed library and what belongs to it; returns the new path."""
    stamp = datetime.now().strftime("%Y-%m-%dT%H-%M-%S")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    number = 2
    while aside.exists():
        aside = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
        number += 1
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    logger.warning("The library was damaged. It was set aside as %s and a new one begun.", aside)
    return aside
