"""Moving a library to another folder or disk so that it is whole in one place at any moment."""

import logging
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import filelock
from PySide6.QtCore import QCoreApplication, QLocale

from engine.errors import FolderError, LibraryBusyError
from engine.paths import LibraryPaths
from gui.data_location import own_entries, own_files, sentences, size

translate = QCoreApplication.translate
logger = logging.getLogger(__name__)

# The lock and SQLite's shared memory live and die with the process that made them.
FLEETING = ("library.lock", "library.sqlite-shm")
COPIED_AT_ONCE = 2**22  # bytes, also between two reports
SPARE_BYTES = 2**26  # left free on a disk that a library is moved to


@dataclass(frozen=True, slots=True)
class Move:
    """How far a move is.

    Attributes:
        done: bytes copied.
        total: bytes to copy.
        folder: where the library lies now; None while it is still at its old place.
        left_behind: the old place, where something of it could not be removed.
    """

    done: int
    total: int
    folder: Path | None = None
    left_behind: Path | None = None


def move_library(old: Path, new: Path, settle: Callable[[Path], None]) -> Generator[Move]:
    """Move a library that nobody has open.

    Everything is copied beside `new` first and compared; up to the last moment the library is
    whole at its old place, and stays there if this is closed, killed or fails.

    Args:
        old: the library's folder.
        new: an empty folder, or one that is not there yet.
        settle: remembers the new place, lastingly, in this thread; only then is the old one
            removed.

    Yields:
        Reports; the last one names the new place.

    Raises:
        FolderError: `new` cannot be used, or the disk is full; the library is where it was.
        LibraryBusyError: somebody has it open.
    """
    _check_target(old, new)
    with sentences(new), _nobody_else(old):
        files = [path for path in own_files(old) if path.name not in FLEETING]
        total = sum(size(path) for path in files)
        _check_space(new, total)
        partial = new.with_name(f".{new.name}.part")
        try:
            yield from _copy(old, partial, files, total)
            _put_in_place(partial, new)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        _settle(new, settle)
    yield Move(total, total, new, None if _remove(old) else old)


def _settle(new: Path, settle: Callable[[Path], None]) -> None:
    try:
        settle(new)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise


def _copy(old: Path, partial: Path, files: list[Path], total: int) -> Generator[Move]:
    shutil.rmtree(partial, ignore_errors=True)  # left by a kill
    partial.mkdir(parents=True)
    done = reported = 0
    yield Move(done, total)
    for path in files:
        copy = partial / path.relative_to(old)
        copy.parent.mkdir(parents=True, exist_ok=True)
        for length in _copy_file(path, copy, durable=path.parent == old):
            done += length
            if done - reported >= COPIED_AT_ONCE:
                reported = done
                yield Move(done, total)
        _check_copy(path, copy)


def _copy_file(path: Path, copy: Path, *, durable: bool) -> Generator[int]:
    """Copy one file; what can be made again need not be brought to the disk at once."""
    with path.open("rb") as source, copy.open("wb") as target:
        while data := source.read(COPIED_AT_ONCE):
            target.write(data)
            yield len(data)
        if durable:
            target.flush()
            os.fsync(target.fileno())
    shutil.copystat(path, copy)


def _check_copy(path: Path, copy: Path) -> None:
    if size(copy) != size(path):
        sentence = translate("LibraryMoving", "{path} did not arrive whole; nothing was moved.")
        raise FolderError(sentence.format(path=copy))


def _put_in_place(partial: Path, new: Path) -> None:
    if new.exists():
        new.rmdir()  # it was empty a moment ago, else this fails
    partial.rename(new)


def _check_target(old: Path, new: Path) -> None:
    """Refuse a place that a library cannot be moved to."""
    folder = new
    if not LibraryPaths(old).database.is_file():
        folder, sentence = old, translate("LibraryMoving", "There is no library in {folder}.")
    elif _real(new).is_relative_to(_real(old)):
        sentence = translate("LibraryMoving", "The library lies in {folder} already.")
    elif os.path.ismount(new):
        sentence = translate("LibraryMoving", "Choose a folder on {folder}, not the whole disk.")
    elif _is_taken(new):
        sentence = translate("LibraryMoving", "{folder} is not an empty folder.")
    else:
        return
    raise FolderError(sentence.format(folder=folder))


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _is_taken(path: Path) -> bool:
    if not os.path.lexists(path):
        return False
    return not path.is_dir() or path.is_symlink() or bool(os.listdir(path))


def _check_space(new: Path, total: int) -> None:
    there = next(folder for folder in new.absolute().parents if folder.is_dir())
    free, needed = shutil.disk_usage(there).free, total + SPARE_BYTES
    if free < needed:
        sentence = translate("LibraryMoving", "{needed} are needed in {folder}, {free} are free.")
        raise FolderError(sentence.format(folder=there, needed=_bytes(needed), free=_bytes(free)))


def _bytes(number: int) -> str:
    return QLocale().formattedDataSize(number, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


@contextmanager
def _nobody_else(folder: Path) -> Iterator[None]:
    """Hold the library's lock, as whoever writes to it does."""
    lock = filelock.FileLock(LibraryPaths(folder).lock)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        sentence = translate(
            "LibraryMoving", "Another Ảnh Ơi is writing to the library in {folder}."
        )
        raise LibraryBusyError(sentence.format(folder=folder)) from error
    try:
        yield
    finally:
        lock.release()


def _remove(folder: Path) -> bool:
    """Delete a library that has been moved; whether nothing of it is left."""
    try:
        for entry in own_entries(folder):
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
        if not os.listdir(folder):
            folder.rmdir()
    except OSError as error:
        logger.warning("The library's old place could not be removed: %s", error)
        return False
    return True
