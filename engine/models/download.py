"""Fetching the files of a checkpoint: whole, or not at all."""

import hashlib
import http.client
import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from engine.errors import CheckpointError, DownloadError
from engine.files import replacing
from engine.models.checkpoint import Checkpoint, CheckpointFile
from engine.models.checkpoints import CHECKPOINTS
from engine.models.installed import RECORD_FILE, install, measured, read_record
from engine.paths import checkpoints_folder

READ_AT_ONCE = 2**20
TIMEOUT_SECONDS = 60
SPARE_BYTES = 100 * 2**20  # left free on the disk


@dataclass(frozen=True, slots=True)
class DownloadReport:
    """How far a file has come; `total` is None where the server does not say."""

    file: str
    done: int
    total: int | None


def find_downloadable(name: str) -> Checkpoint:
    """The table's record of this name.

    Raises:
        CheckpointError: there is none.
    """
    for checkpoint in CHECKPOINTS:
        if checkpoint.name == name:
            return checkpoint
    names = ", ".join(checkpoint.name for checkpoint in CHECKPOINTS)
    raise CheckpointError(f"“{name}” cannot be downloaded. Known are: {names}.")


def download(checkpoint: Checkpoint, parent: Path | None = None) -> Iterator[DownloadReport]:
    """Fetch all files of a checkpoint and install it.

    Files arrive under temporary names, are checked against size and hash where these are known,
    and are renamed. Files that are there already are kept, unless they are damaged.

    Args:
        checkpoint: a record whose files have addresses.
        parent: where its folder is made; None means where downloaded checkpoints lie.

    Yields:
        A report every MiB.

    Raises:
        DownloadError: a file did not arrive whole; nothing of it is left.
        CheckpointError: the record cannot be written.
    """
    folder = (parent or checkpoints_folder()) / checkpoint.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DownloadError(f"{folder} cannot be made: {error.strerror}.") from error
    try:
        whole = _whole_files(checkpoint, folder)
        for file in checkpoint.files:
            if file.name not in whole:
                yield from _fetch(file, folder)
        install(checkpoint, folder)
    finally:
        with suppress(OSError):
            folder.rmdir()  # only goes where nothing has arrived


def _whole_files(checkpoint: Checkpoint, folder: Path) -> set[str]:
    """Names of the files that are in the folder as they should be.

    An earlier download has written down hashes that the table of checkpoints may lack.
    """
    recorded: dict[str, CheckpointFile] = {}
    if (folder / RECORD_FILE).exists():
        with suppress(CheckpointError):
            recorded = {file.name: file for file in read_record(folder).files}
    whole = set()
    for file in checkpoint.files:
        known = recorded.get(file.name, file)
        size, sha256 = file.size or known.size, file.sha256 or known.sha256
        with suppress(CheckpointError):
            whole.add(measured(folder, replace(file, size=size, sha256=sha256)).name)
    return whole


def _fetch(file: CheckpointFile, folder: Path) -> Iterator[DownloadReport]:
    url = _address(file)
    if url is None:
        raise DownloadError(f"{file.name} is missing from {folder} and cannot be downloaded.")
    try:
        with replacing(folder / file.name) as temporary:
            yield from _stream(file, url, temporary)
    except (OSError, http.client.HTTPException) as error:
        raise DownloadError(f"{url} could not be fetched: {_reason(error)}.") from error


def _address(file: CheckpointFile) -> str | None:
    if file.hub:
        hub = file.hub
        return f"https://huggingface.co/{hub.repository}/resolve/{hub.revision}/{hub.path}"
    return next(iter(file.urls), None)


def _stream(file: CheckpointFile, url: str, part: Path) -> Iterator[DownloadReport]:
    hasher, done = hashlib.sha256(), 0
    with _opened(url) as answer, part.open("wb") as target:
        total = file.size if answer.length is None else answer.length
        if total is None and file.sha256 is None and not answer.chunked:
            raise DownloadError(f"{url} does not say how long it is, so it may arrive cut short.")
        _check_space(part.parent, total or 0)
        while chunk := answer.read(READ_AT_ONCE):
            target.write(chunk)
            hasher.update(chunk)
            done += len(chunk)
            yield DownloadReport(file.name, done, total)
        os.fsync(target.fileno())
    for expected in {total, file.size} - {None, done}:
        raise DownloadError(f"{url} broke off: {done:,} of {expected:,} bytes arrived.")
    if file.sha256 not in (None, hasher.hexdigest()):
        raise DownloadError(f"{url} is damaged: its SHA-256 is not the expected one.")


def _opened(url: str) -> http.client.HTTPResponse:
    """Ask for a file; what was asked for over https does not come another way."""
    scheme = urlsplit(url).scheme
    if scheme not in ("http", "https"):
        raise DownloadError(f"{url} cannot be fetched: only http and https addresses can.")
    try:
        answer: http.client.HTTPResponse = urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS)
    except urllib.error.HTTPError as error:
        with error:  # it holds the connection
            reason = f"the server answered {error.code} {error.reason}"
        raise DownloadError(f"{url} could not be fetched: {reason}.") from error
    if urlsplit(answer.url).scheme not in ("https", scheme):
        answer.close()
        raise DownloadError(f"{url} leads to {answer.url}, which is not safe to fetch.")
    return answer


def _check_space(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed + SPARE_BYTES > free:
        raise DownloadError(
            f"{needed / 2**20:,.0f} MiB are needed in {folder}, {free / 2**20:,.0f} are free."
        )


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.URLError):
        return f"the server cannot be reached ({error.reason})"
    return str(error) or type(error).__name__
