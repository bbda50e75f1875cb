"""Bringing the files of one record into its folder, step by step."""

import asyncio
import logging
import shutil
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from engine.errors import CheckpointError, DownloadError
from engine.models.checkpoint import CheckpointFile, HubFile
from engine.models.converting import UNFINISHED, in_process
from engine.models.downloading.offered import (
    find_offered,
    readable,
    take_cached,
    take_offered,
)
from engine.models.downloading.partial import (
    NotKeptError,
    Partial,
    Step,
    check_space,
    measured_as,
    sha256_of,
)
from engine.models.downloading.report import DownloadReport, Rate
from engine.models.downloading.source import Source
from engine.models.keeping import Downloadable, keeping, original

logger = logging.getLogger(__name__)

Fetch = Callable[[Sequence[Source], Partial], Awaitable[None]]


class Bringing:
    """One download on its way.

    Args:
        record: whose files are brought.
        folder: where they belong; it is there.
        offered: a file or folder whose copies are taken instead of the network's.
    """

    def __init__(self, record: Downloadable, folder: Path, offered: Path | None) -> None:
        self._record = record
        self._folder = folder
        self._offered = offered
        self._keeping = keeping(record)
        self._here: dict[str, CheckpointFile] = {}  # by the names in the table
        self._sizes = {file.name: file.size for file in record.files}
        self._step: Step = "checking"
        self._file = record.files[0].name
        self._part: Partial | None = None
        self._received = 0  # of the files before
        self._rate = Rate()

    async def run(self) -> None:
        """Bring what is missing, convert what has to be, and write the record.

        Raises:
            DownloadError: a file could not be brought.
            CheckpointError: the record cannot be kept, or its weights cannot be converted.
        """
        kept = self._keeping.installed(self._folder)
        await self._check(kept)
        if kept and len(self._here) == len(kept):
            return
        place, copies = self._copies()
        wanted = copies or self._wanted(kept)
        await self._check(wanted)
        self._check_space(wanted, converted=not copies)
        for file in wanted:
            if original(file).name not in self._here:
                self._is_here(original(file).name, await self._bring(file, place))
        if not copies:
            await self._convert()
        self._keeping.install(self._here, self._folder)

    def report(self) -> DownloadReport:
        """How far it is at this moment."""
        part, sizes = self._part, dict(self._sizes)
        if part:
            sizes[original(part.wanted).name] = part.total
        total = None if None in sizes.values() else sum(size or 0 for size in sizes.values())
        here = sum(original(file).size or 0 for file in self._here.values())
        received = self._received + (part.received if part else 0)
        return DownloadReport(
            step=part.step if part else self._step,
            file=self._file,
            done=here + (part.done if part else 0),
            total=total,
            rate=self._rate.now(received),
        )

    def close(self) -> None:
        """Leave what has arrived for another time."""
        if self._part:
            self._part.close()

    def _copies(self) -> tuple[Path | None, Sequence[CheckpointFile]]:
        """Where copies are taken from; the files of another machine, where it is its folder."""
        offered = self._offered
        if offered is None:
            return None, ()
        with readable(offered):
            if not offered.exists():
                raise DownloadError(f"There is no file or folder {offered}.")
            for place in (offered, offered / self._record.name):
                if found := self._keeping.installed(place):
                    return place, found
        return offered, ()

    def _wanted(self, kept: Sequence[CheckpointFile]) -> list[CheckpointFile]:
        """The files of the table, with hashes that an earlier download has written down."""
        known = {original(file).name: original(file) for file in kept}
        return [
            replace(file, size=file.size or of.size, sha256=file.sha256 or of.sha256)
            for file in self._record.files
            for of in [known.get(file.name, file)]
        ]

    async def _check(self, files: Iterable[CheckpointFile]) -> None:
        """Find out which of the files are here as they should be."""
        for file in files:
            path, name = self._folder / file.name, original(file).name
            if name in self._here or not path.is_file():
                continue
            self._file, size = file.name, path.stat().st_size
            if file.size in (None, size):
                sha256 = await sha256_of(path)
                if file.sha256 in (None, sha256):
                    self._is_here(name, measured_as(file, size, sha256))

    def _is_here(self, name: str, file: CheckpointFile) -> None:
        self._here[name] = file
        self._sizes[name] = original(file).size

    def _check_space(self, wanted: Sequence[CheckpointFile], *, converted: bool) -> None:
        missing = [file for file in wanted if original(file).name not in self._here]
        needed = sum(bytes_missing(self._folder, file) or 0 for file in missing)
        if converted and self._keeping.convert:  # what it makes is as large as what it is made of
            here = [self._here.get(file.name, file) for file in wanted]
            needed += max(0 if file.made_from else file.size or 0 for file in here)
        check_space(self._folder, needed)

    async def _bring(self, file: CheckpointFile, place: Path | None) -> CheckpointFile:
        self._file, part = file.name, Partial(self._folder, file)
        self._part = part
        try:
            if place:
                await take_offered(find_offered(place, self._record.name, file), part)
                return await part.finish()
            return await self._cached(part) or await self._fetched(part)
        finally:
            part.close()
            self._part, self._received = None, self._received + part.received

    async def _cached(self, part: Partial) -> CheckpointFile | None:
        """The file out of the user's Hugging Face cache, where it is in there and right."""
        hub = part.wanted.hub
        path = await asyncio.to_thread(_in_cache, hub) if hub else None
        if path is None:
            return None
        try:
            return await take_cached(path, part)
        except NotKeptError:
            raise
        except CheckpointError as error:
            logger.warning("A file of the Hugging Face cache is left out. %s", error)
            return None

    async def _fetched(self, part: Partial) -> CheckpointFile:
        fetch, sources = await asyncio.to_thread(_network, part.wanted)
        if not sources:
            raise DownloadError(
                f"{part.wanted.name} is missing from {self._folder} and cannot be downloaded."
            )
        await part.reopen()
        await fetch(sources, part)
        return await part.finish()

    async def _convert(self) -> None:
        convert = self._keeping.convert
        if convert is None:
            return
        self._step, self._file = "converting", self._record.files[0].name
        try:
            self._here = dict(
                await in_process(self._record.name, convert, self._here, self._folder)
            )
        finally:  # a killed process leaves what it was writing
            for path in self._folder.glob(".*.part"):
                path.unlink(missing_ok=True)
            for folder in self._folder.glob(f"{UNFINISHED}*"):
                shutil.rmtree(folder, ignore_errors=True)  # what stays goes with the folder


# Importing what speaks to the hub takes a while, which reports shall not wait for.


def _in_cache(file: HubFile) -> Path | None:
    from engine.models.downloading.hub import cached

    return cached(file)


def _network(file: CheckpointFile) -> tuple[Fetch, Sequence[Source]]:
    from engine.models.downloading.fetching import fetch
    from engine.models.downloading.hub import sources_of

    return fetch, sources_of(file)


def bytes_missing(folder: Path, file: CheckpointFile) -> int | None:
    """How much of a file is still to be fetched, going by its size; None where that is unknown."""
    if (folder / file.name).is_file():
        return 0
    if file.size is None:
        return None
    part = Partial(folder, file).path
    return max(file.size - (part.stat().st_size if part.is_file() else 0), 0)
