"""One program at a time works on a checkpoint's folder."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import filelock

from engine.errors import DownloadError

LOCK_FILE = ".download.lock"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other programs from writing the same temporary files, which would spoil them.

    Raises:
        DownloadError: another one is at it, or the folder cannot be written to.
    """
    lock = filelock.FileLock(folder / LOCK_FILE, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise DownloadError(
            f"{folder.name} is being downloaded by another Ảnh Ơi; wait for it or close it."
        ) from error
    except OSError as error:
        raise DownloadError(f"{folder} cannot be written to: {error.strerror}.") from error
    try:
        yield
    finally:
        with suppress(OSError):  # Windows, where releasing it removes it
            (folder / LOCK_FILE).unlink()  # while it is ours: afterwards it may be another's
        lock.release()
