"""A file on its way: what has arrived of it, and what is needed to go on from there."""

import asyncio
import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO, Literal

from engine.errors import CheckpointError, DownloadError
from engine.files import replacing
from engine.models.checkpoint import CheckpointFile

READ_AT_ONCE = 2**22
SPARE_BYTES = 100 * 2**20  # left free on the disk

Step = Literal["connecting", "downloading", "checking", "converting"]


class NotKeptError(DownloadError):
    """What has arrived cannot be kept on this disk; another address would not help."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the bytes of a partial file came from.

    Attributes:
        url: as it was asked for, before any redirection.
        validator: the server's ETag or date of the file, for If-Range; None where it has none.
        sha256: of the whole file; None where nobody has published one.
    """

    url: str
    validator: str | None
    sha256: str | None


class Partial:
    """A hidden file that becomes the wanted one when it is whole.

    Closing it keeps what has arrived for a later start; an empty one is removed.

    Attributes:
        wanted: what the whole file has to be.
        done: bytes that have arrived, those of an earlier start too.
        received: bytes that have arrived by this object, counted on when it starts again.
        total: length of the whole file; None until somebody says it.
        origin: where the bytes came from; None while there are none.
        resumed: not all bytes came in one go.
        step: what is being done at the moment.
    """

    def __init__(self, folder: Path, wanted: CheckpointFile) -> None:
        self.wanted = wanted
        self.target = folder / wanted.name
        self.path = folder / f".{wanted.name}.part"
        self.notes = folder / f".{wanted.name}.part.json"
        self.done = self.received = 0
        self.total = wanted.size
        self.origin: Origin | None = None
        self.resumed = False
        self.step: Step = "connecting"
        self._hasher = hashlib.sha256()
        self._file: BinaryIO | None = None

    async def reopen(self) -> None:
        """Take up what an earlier start has left; its bytes are read for the hash."""
        self._close()
        self.done, self.origin, self._hasher = 0, None, hashlib.sha256()
        origin = self._read_notes()
        if origin is None or _differ(origin.sha256, self.wanted.sha256):
            return
        self.origin = origin
        if not self.path.exists():
            return
        self.step = "checking"
        with self._kept(), self.path.open("rb") as file:
            while chunk := file.read(READ_AT_ONCE):
                self._hasher.update(chunk)
                self.done += len(chunk)
                await asyncio.sleep(0)  # time for a report

    def begin(self, origin: Origin, *, anew: bool) -> None:
        """Bytes of this origin come next: after those that are here, or in their place."""
        if anew:
            self.clear()
        self.resumed = self.done > 0
        self.origin = origin
        with self._kept():
            with replacing(self.notes, durable=False) as temporary:
                temporary.write_text(json.dumps(asdict(origin)), "utf-8")
            self._file = self._file or self.path.open("ab", buffering=0)

    def write(self, chunk: bytes) -> None:
        """Add what has arrived.

        Raises:
            NotKeptError: the disk is full or cannot be written to.
        """
        assert self._file
        with self._kept():
            left = memoryview(chunk)
            while left:  # an unbuffered file may take a part only
                left = left[self._file.write(left) :]
        self._hasher.update(chunk)
        self.done += len(chunk)
        self.received += len(chunk)

    @property
    def sha256(self) -> str:
        """Of what has arrived."""
        return self._hasher.hexdigest()

    @property
    def is_whole(self) -> bool:
        """Whether it has come to its end, going by a hash that somebody has published."""
        return self.wanted.sha256 == self.sha256

    async def finish(self) -> CheckpointFile:
        """Bring it to the disk under its own name.

        Raises:
            DownloadError: it is empty, which no file of a checkpoint is.
            NotKeptError: the disk does not take it.
        """
        self._close()
        if self.done == 0:
            raise DownloadError(
                f"{self.wanted.name} arrived empty: try again later, or update Ảnh Ơi."
            )
        with self._kept():
            await asyncio.to_thread(_bring_to_disk, self.path)  # seconds, on a slow one
            os.replace(self.path, self.target)
            self.notes.unlink(missing_ok=True)
        return measured_as(self.wanted, self.done, self.sha256)

    def clear(self) -> None:
        """Remove all that has arrived."""
        self._close()
        with self._kept():
            self.path.unlink(missing_ok=True)
            self.notes.unlink(missing_ok=True)
        self.done, self.origin, self.resumed = 0, None, False
        self._hasher = hashlib.sha256()

    def close(self) -> None:
        """Leave what has arrived for a later start."""
        self._close()
        with suppress(OSError):
            if not self.path.exists() or self.path.stat().st_size == 0:
                self.path.unlink(missing_ok=True)
                self.notes.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._file:
            self._file.close()
        self._file = None

    def _read_notes(self) -> Origin | None:
        try:
            return Origin(**json.loads(self.notes.read_text("utf-8")))
        except (OSError, ValueError, TypeError):  # without them it starts anew
            return None

    @contextmanager
    def _kept(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise NotKeptError(_why_not_kept(error, self.target)) from error


def _bring_to_disk(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _differ(one: str | None, other: str | None) -> bool:
    return None not in (one, other) and one != other


def measured_as(file: CheckpointFile, size: int, sha256: str) -> CheckpointFile:
    """The file's record with its true size and hash."""
    return replace(file, size=size, sha256=sha256)


async def sha256_of(path: Path) -> str:
    """The hash of a file, with time for reports while it is read.

    Raises:
        CheckpointError: it cannot be read.
    """
    hasher = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(READ_AT_ONCE):
                hasher.update(chunk)
                await asyncio.sleep(0)
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror}.") from error
    return hasher.hexdigest()


def check_space(folder: Path, needed: int) -> None:
    """Refuse to begin what the disk cannot hold, with 100 MiB to spare.

    Raises:
        NotKeptError: there is too little room.
    """
    free = shutil.disk_usage(folder).free
    if needed + SPARE_BYTES > free:
        raise NotKeptError(
            f"{(needed + SPARE_BYTES) / 2**20:,.0f} MiB are needed in {folder}, "
            f"{free / 2**20:,.0f} are free: make room and download again."
        )


def _why_not_kept(error: OSError, path: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"The disk is full: {path} could not be written to its end. What has arrived is "
            "kept; make room and download again to go on from there."
        )
    if error.errno == errno.EFBIG:
        return f"The disk cannot hold a file as large as {path}; keep checkpoints on another one."
    return f"{path} cannot be written: {error.strerror or error}."
