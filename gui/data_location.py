"""Where the library's files lie: how large they are, and clearing what can be made again."""

import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from engine.errors import FolderError
from engine.paths import LibraryPaths
from gui.engine_sentences import translated

# What a library is made of, and what was set aside or backed up of it; nothing else in its
# folder is counted or touched.
OWN_NAMES = ("library.sqlite", "library.lock", "indexes", "thumbnails")
COUNTED_AT_ONCE = 1000  # files between two reports


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many bytes a library takes, so far as they have been counted."""

    database: int = 0
    thumbnails: int = 0
    indexes: int = 0

    @property
    def total(self) -> int:
        return self.database + self.thumbnails + self.indexes


def sizes(library_folder: Path) -> Generator[Sizes]:
    """Count what a library takes on the disk.

    Yields:
        The sizes so far, now and then; the last ones are whole.

    Raises:
        FolderError: the folder cannot be read.
    """
    counted = Sizes()
    with sentences(library_folder):
        for number, path in enumerate(own_files(library_folder), 1):
            part = _part(path.relative_to(library_folder).parts[0])
            counted = replace(counted, **{part: getattr(counted, part) + size(path)})
            if number % COUNTED_AT_ONCE == 0:
                yield counted
    yield counted


def clear_thumbnails(library_folder: Path) -> Generator[None]:
    """Delete all thumbnails; they are made again as photos are looked at.

    Yields:
        Now and then. What is left when it is closed goes with the next clearing.

    Raises:
        FolderError: some cannot be deleted.
    """
    yield from _clear(LibraryPaths(library_folder).thumbnails)


def clear_indexes(library_folder: Path) -> Generator[None]:
    """Delete the index files; they are made again from the library at its next opening.

    Yields:
        As `clear_thumbnails`.

    Raises:
        FolderError: some cannot be deleted.
    """
    yield from _clear(LibraryPaths(library_folder).indexes)


def own_entries(library_folder: Path) -> list[Path]:
    """What belongs to a library among the things in its folder."""
    try:
        entries = sorted(library_folder.iterdir())
    except FileNotFoundError:
        return []
    return [entry for entry in entries if entry.name.startswith(OWN_NAMES)]


def own_files(library_folder: Path) -> Iterator[Path]:
    """The library's files, also where one of its folders is a link to another disk."""
    for entry in own_entries(library_folder):
        if entry.is_dir():
            for parent, _, names in os.walk(entry, followlinks=True):
                yield from (Path(parent, name) for name in names)
        else:
            yield entry


def size(path: Path) -> int:
    """A file's bytes; none where it went away a moment ago."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


@contextmanager
def sentences(folder: Path) -> Iterator[None]:
    """Turn what the system refuses into sentences for the user.

    Raises:
        FolderError: instead of an OSError.
    """
    try:
        yield
    except OSError as error:
        sentence = QCoreApplication.translate("DataLocation", "{path} cannot be used: {reason}.")
        reason = translated(error.strerror or str(error))
        raise FolderError(sentence.format(path=error.filename or folder, reason=reason)) from error


def _part(name: str) -> str:
    return next((part for part in ("thumbnails", "indexes") if name.startswith(part)), "database")


def _clear(folder: Path) -> Generator[None]:
    """Delete a folder of files that can be made again, out of the way of who makes them anew."""
    leaving = folder.with_name(f"{folder.name}.leaving")
    with sentences(folder):
        yield from _remove_tree(leaving)  # left by a kill
        if folder.exists():
            folder.rename(leaving)
            yield from _remove_tree(leaving)


def _remove_tree(folder: Path) -> Generator[None]:
    """Delete a folder part by part."""
    if not folder.exists():
        return
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
        yield
    folder.rmdir()
