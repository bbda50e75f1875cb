"""Opening the library's SQLite file: safely, once for writing, never over a damaged one."""

import logging
import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from engine.errors import LibraryError
from engine.library import schema
from engine.library.connection import Connection, DamagedError, suspicion_file
from engine.paths import LibraryPaths

logger = logging.getLogger(__name__)

# The whole file is checked on opening only while that takes well under a second, or after damage
# was met in it; `doctor` always checks all of it.
LARGEST_CHECKED_ON_OPENING = 64 * 2**20


def connect(path: Path) -> Connection:
    """Open for writing: checked, migrated, in WAL.

    Raises:
        DamagedError: the file is malformed.
        LibraryError: the file is from a newer version, and untouched; or it cannot be opened.
    """
    if path.exists():
        _examine(path)
    connection = _open(path, "rwc")
    try:
        with connection.sentences():
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            _migrate(connection)
            # Only now: a migration that makes a table anew would delete the rows that refer to it.
            connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def connect_again(path: Path) -> Connection:
    """Open for writing what this process has open for writing already.

    Raises:
        LibraryError: the file cannot be opened.
    """
    connection = _open(path, "rw")
    connection.run("PRAGMA synchronous = NORMAL")
    connection.run("PRAGMA foreign_keys = ON")
    return connection


def connect_to_read(path: Path) -> Connection:
    """Open an existing library for reading only, beside whoever writes to it.

    Raises:
        LibraryError: there is none, it is malformed, or from another version.
    """
    if not path.is_file():
        raise LibraryError(f"There is no library in {path.parent} yet; index a folder first.")
    # On a read-only disk SQLite could not make the files that belong to WAL; nobody writes there.
    frozen = not os.access(path.parent, os.W_OK) and not _ending(path, "-wal").exists()
    connection = _open(path, "ro&immutable=1" if frozen else "ro")
    try:
        if _known_version(connection) < schema.VERSION:
            raise LibraryError(f"{path} is from an older version; index once to bring it up.")
    except BaseException:
        connection.close()
        raise
    return connection


def _open(path: Path, mode: str) -> Connection:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    try:
        connection = sqlite3.connect(
            uri, uri=True, isolation_level=None, timeout=10, factory=Connection
        )
    except sqlite3.DatabaseError as error:
        raise LibraryError(f"The library {path} cannot be opened: {error}.") from error
    connection.path = path
    return connection


def _examine(path: Path) -> None:
    """Check a file over a connection that cannot write: closing one that can changes the file."""
    suspicion = suspicion_file(path)
    with closing(_open(path, "ro")) as connection:
        version = _known_version(connection)  # first: what is newer may look malformed
        if version == 0 and LibraryPaths(path.parent).indexes.exists():
            raise DamagedError(f"The library file {path} has been emptied.")
        if suspicion.exists():
            connection.check()
        elif path.stat().st_size <= LARGEST_CHECKED_ON_OPENING:
            connection.check("quick_check")
    suspicion.unlink(missing_ok=True)


def _known_version(connection: Connection) -> int:
    """The file's schema.

    Raises:
        LibraryError: a newer version of the program wrote it.
    """
    version = int(connection.value("PRAGMA user_version"))
    if version > schema.VERSION:
        raise LibraryError(
            f"{connection.path} was written by a newer version of Ảnh Ơi (schema {version}, this "
            f"version knows {schema.VERSION}). Please update; the file was not touched."
        )
    return version


def _migrate(connection: Connection) -> None:
    """Apply the migrations a file lacks, all or none, after a backup unless the file is new."""
    version = _known_version(connection)
    if version == schema.VERSION:
        return
    if version > 0:
        _back_up(connection)
    with connection.transaction():
        for number, step in enumerate(schema.MIGRATIONS[version:], version + 1):
            step(connection)
            connection.run(f"PRAGMA user_version = {number}")


def _back_up(connection: Connection) -> None:
    path = connection.path
    backup = _ending(path, f".before-schema-{schema.VERSION}")
    part = _ending(backup, ".part")
    part.unlink(missing_ok=True)  # left by a kill: SQLite would take it for a damaged library
    try:
        with closing(sqlite3.connect(part)) as copy:
            connection.backup(copy)
        part.replace(backup)
    finally:
        part.unlink(missing_ok=True)
    logger.info("The library was backed up to %s before it was brought up to date.", backup)


def set_aside(paths: LibraryPaths) -> Path:
    """Rename a malformed library and what belongs to it; returns the database's new path.

    Its caches go with it: the ids in them will be those of other photos in a new library.
    """
    path, ending = paths.database, _free_ending(paths.database)
    aside = _ending(path, ending)
    moves = [(cache, _ending(cache, ending)) for cache in (paths.indexes, paths.thumbnails)]
    moves += [(_ending(path, part), _ending(aside, part)) for part in ("-wal", "-shm", "")]
    for old, new in moves:  # the database last: after a kill in between it is found once more
        if old.exists():
            old.rename(new)
    suspicion_file(path).unlink(missing_ok=True)
    logger.warning("The library was damaged. It was set aside as %s and a new one begun.", aside)
    return aside


def _free_ending(path: Path) -> str:
    stamp = datetime.now().strftime(".damaged-%Y-%m-%dT%H-%M-%S")
    ending, number = stamp, 2
    while _ending(path, ending).exists():
        ending, number = f"{stamp}-{number}", number + 1
    return ending


def _ending(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)
