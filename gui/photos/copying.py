"""Copies photos into a folder of the user's: nothing is overwritten, and nothing is half there."""

import errno
import itertools
import os
import shutil
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from engine.errors import FolderError, UnreadableImageError
from engine.files import replacing
from engine.images.reading import open_file
from gui.engine_sentences import translated

_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, slots=True)
class Copied:
    """How far the copying has come.

    Attributes:
        done: files that are there.
        left_out: files that could not be read, because they are gone or not permitted.
    """

    done: int
    left_out: int


def copy_into(folder: Path, paths: Sequence[bytes]) -> Generator[Copied]:
    """Copy files with their times; where a name is taken, " (2)" is put behind it.

    Args:
        folder: where to; it is there.
        paths: of the files, as the file system has them.

    Yields:
        How far it has come, after every file.

    Raises:
        FolderError: the disk is full or cannot be written to; what was copied whole stays.
    """
    copied = Copied(0, 0)
    for path in paths:
        if _is_readable(path):
            _copy(Path(os.fsdecode(path)), folder)
            copied = Copied(copied.done + 1, copied.left_out)
        else:
            copied = Copied(copied.done, copied.left_out + 1)
        yield copied


def free_name(folder: Path, name: str) -> Path:
    """The path for a new file: this name, or "photo (2).jpg" and so on where it is taken."""
    stem, suffix = os.path.splitext(name)
    names = itertools.chain([name], (f"{stem} ({count}){suffix}" for count in itertools.count(2)))
    return next(path for path in map(folder.joinpath, names) if not os.path.lexists(path))


def _is_readable(path: bytes) -> bool:
    try:
        open_file(path).close()
    except UnreadableImageError:
        return False
    return True


def _copy(source: Path, folder: Path) -> None:
    try:
        # The copy keeps a source's protection against writing, so it cannot be synced afterwards.
        with replacing(free_name(folder, source.name), durable=False) as unfinished:
            shutil.copy2(source, unfinished)
    except OSError as error:
        raise FolderError(_explained(folder, error)) from error


def _explained(folder: Path, error: OSError) -> str:
    if error.errno in _FULL:
        sentence = QCoreApplication.translate("Copying", "There is no room left in {folder}.")
    else:
        sentence = QCoreApplication.translate(
            "Copying", "The copies cannot be written to {folder}: {reason}."
        )
    return sentence.format(folder=folder, reason=translated(error.strerror or str(error)))
