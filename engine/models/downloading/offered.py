"""Files that are on this machine already: on a stick, in another program's cache."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import DownloadError
from engine.models.checkpoint import CheckpointFile
from engine.models.downloading.partial import (
    READ_AT_ONCE,
    Origin,
    Partial,
    check_space,
    measured_as,
    sha256_of,
)


def find_offered(offered: Path, name: str, file: CheckpointFile) -> Path:
    """The copy of a file among what was brought along.

    Args:
        offered: the file itself, or a folder: the checkpoint's own, one that holds it, or one of
            the Hugging Face cache.
        name: of the checkpoint.
        file: what is looked for.

    Raises:
        DownloadError: it is not there, or holds no weights where it should.
    """
    places = [offered] if offered.is_file() else _places(offered, name, file)
    names = {file.name, file.hub.path.rpartition("/")[2] if file.hub else file.name}
    with readable(offered):
        for path in places:
            if path.name in names and path.is_file():
                _check_form(path, file)
                return path
    raise DownloadError(f"{file.name} is not in {offered}: copy it there, or download it.")


def _check_form(path: Path, wanted: CheckpointFile) -> None:
    """Weights whose hash nobody has published have to be weights at least, and whole."""
    if wanted.sha256 is not None or path.suffix != ".safetensors":
        return
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy"):
            pass
    except SafetensorError as error:
        raise DownloadError(
            f"{path} is not the file that is wanted: it holds no weights, or is cut short."
        ) from error


def _places(folder: Path, name: str, file: CheckpointFile) -> Iterator[Path]:
    yield folder / file.name
    yield folder / name / file.name
    if file.hub:
        cache = f"models--{file.hub.repository.replace('/', '--')}"
        yield folder / file.hub.path
        for each in (folder, folder / cache, folder / "hub" / cache):
            yield from each.glob(f"snapshots/*/{file.hub.path}")


async def take_offered(path: Path, part: Partial) -> None:
    """Copy a file that was brought along, after the checks a download passes.

    Raises:
        DownloadError: it is not the file that is wanted, or cannot be read or kept.
    """
    _check_size(path, part.wanted)
    part.clear()  # first: it may be in the way
    check_space(part.target.parent, path.stat().st_size)
    part.begin(Origin(str(path), None, part.wanted.sha256), anew=True)
    part.total, part.step = path.stat().st_size, "checking"
    with readable(path), path.open("rb") as file:
        while chunk := file.read(READ_AT_ONCE):
            part.write(chunk)
            await asyncio.sleep(0)  # time for a report
    if part.wanted.sha256 not in (None, part.sha256):
        part.clear()
        raise _wrong_hash(path)


async def take_cached(path: Path, part: Partial) -> CheckpointFile:
    """Give a file of the Hugging Face cache a second name, so that it is on the disk once.

    On a disk that knows no second names it is copied.

    Raises:
        CheckpointError: it is not the file that is wanted, or cannot be read or kept.
    """
    _check_size(path, part.wanted)
    part.step = "checking"
    sha256 = await sha256_of(path)
    if part.wanted.sha256 not in (None, sha256):
        raise _wrong_hash(path)
    part.clear()
    try:
        os.link(path, part.path)
        os.replace(part.path, part.target)
    except OSError:  # another disk, or one without second names; a target that is in use
        await take_offered(path, part)
        return await part.finish()
    part.total = path.stat().st_size
    return measured_as(part.wanted, part.total, sha256)


def _check_size(path: Path, wanted: CheckpointFile) -> None:
    with readable(path):
        size = path.stat().st_size
    if wanted.size not in (None, size):
        raise DownloadError(
            f"{path} is not the file that is wanted: it has {size:,} bytes where {wanted.size:,} "
            "are expected."
        )


def _wrong_hash(path: Path) -> DownloadError:
    return DownloadError(
        f"{path} is not the file that is wanted: its SHA-256 is not the expected one."
    )


@contextmanager
def readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:  # a stick that was pulled out, a folder of somebody else's
        raise DownloadError(f"{path} cannot be read: {error.strerror or error}.") from error
