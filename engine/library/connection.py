"""A connection to the library's SQLite file."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from engine.errors import LibraryError

CHUNK = 10_000


class DamagedError(LibraryError):
    """The file itself is malformed; neither the disk nor the permissions are at fault."""


class Connection(sqlite3.Connection):
    """A connection whose errors are sentences for the user.

    Attributes:
        path: of the file.
    """

    path: Path

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """All rows of a statement."""
        with self.sentences():
            return self.execute(sql, parameters).fetchall()

    def chunks(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[list[Any]]:
        """The rows of a statement that has many, `CHUNK` at a time."""
        with self.sentences():
            cursor = self.execute(sql, parameters)
            while rows := cursor.fetchmany(CHUNK):
                yield rows

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:  # noqa: ANN401
        """The first column of the first row; None where there is none."""
        rows = self.rows(sql, parameters)
        return rows[0][0] if rows else None

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run a statement that changes rows; returns the row id it inserted last."""
        with self.sentences():
            return self.execute(sql, parameters).lastrowid or 0

    def run_many(self, sql: str, parameters: Iterator[Sequence[Any]] | Sequence[Any]) -> None:
        """Run a statement once for each sequence of parameters."""
        with self.sentences():
            self.executemany(sql, parameters)

    @contextmanager
    def transaction(self) -> Iterator[Self]:
        """All or nothing; inside another transaction, a part of that one."""
        if self.in_transaction:
            yield self
            return
        try:
            self.run("BEGIN IMMEDIATE")
            yield self
            self.run("COMMIT")
        except BaseException:
            self.rollback()
            raise

    def check(self, pragma: str = "integrity_check") -> None:
        """Read the whole file.

        Args:
            pragma: "quick_check" spares comparing the SQL indexes with their tables.

        Raises:
            DamagedError: it is malformed.
        """
        found = self.value(f"PRAGMA {pragma}(1)")
        if found != "ok":
            raise self._damaged(found)

    @contextmanager
    def sentences(self) -> Iterator[None]:
        """Turn the errors of SQLite into sentences, all but those that are our own mistakes."""
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError):
            raise
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise self._damaged(str(error)) from error
            raise LibraryError(_sentence(code, error)) from error

    def _damaged(self, what: str) -> DamagedError:
        with suppress(OSError):
            suspicion_file(self.path).touch()  # the next opening looks, however large the file is
        return DamagedError(
            f"The library file is damaged ({what}); it is set aside at the next indexing."
        )


def _sentence(code: int, error: sqlite3.DatabaseError) -> str:
    match code:
        case sqlite3.SQLITE_FULL:
            return "The disk is full: the library could not be written. Nothing in it was lost."
        case sqlite3.SQLITE_IOERR:
            return f"The disk is full or does not answer ({error}). Nothing was lost."
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return "The library is in use by another program; try again in a moment."
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return f"The library cannot be written, please check its permissions ({error})."
        case _:
            return f"The library could not be used: {error}."


def suspicion_file(path: Path) -> Path:
    """A file that is there while a library in which damage was met has not been checked."""
    return path.with_name(f"{path.name}-suspect")
