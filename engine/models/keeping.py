"""How a kind of record is kept in its folder once its files have arrived.

A checkpoint is registered here. Another kind of record registers its own way where it is written:

    @keeping.register
    def _(record: Translator) -> Keeping:
        return Keeping(installed=..., install=..., convert=...)
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial, singledispatch
from pathlib import Path
from typing import Protocol

from engine.errors import CheckpointError
from engine.models.checkpoint import Checkpoint, CheckpointFile
from engine.models.converting import convert_weights, is_pickle
from engine.models.installed import RECORD_FILE, check_name, read_record, write_record

Files = Mapping[str, CheckpointFile]  # by the names in the table: what lies in the folder


class Downloadable(Protocol):
    """What can be downloaded: a checkpoint, a translator."""

    @property
    def name(self) -> str: ...

    @property
    def files(self) -> tuple[CheckpointFile, ...]: ...


@dataclass(frozen=True)
class Keeping:
    """How one record is kept.

    Attributes:
        installed: the files by which a folder holds this very record already, with sizes and
            hashes; none where it does not. They are hashed before they are believed.
        install: writes the record of a folder, quickly, and removes what is no longer needed.
        convert: a function of a module, which makes what the program runs from what was
            downloaded, and names the files that lie in the folder then. It runs in a process of
            its own, which is killed when the download is given up; a second run begins anew.
            None where the files are used as they come.
    """

    installed: Callable[[Path], Sequence[CheckpointFile]]
    install: Callable[[Files, Path], object]
    convert: Callable[[Files, Path], Files] | None = None


@singledispatch
def keeping(record: Downloadable) -> Keeping:
    """How this record is kept in its folder."""
    raise TypeError(f"nobody has said how a {type(record).__name__} is kept")


@keeping.register
def _(record: Checkpoint) -> Keeping:
    check_name(record.name)
    return Keeping(
        installed=partial(_installed, record),
        install=partial(_install, record),
        convert=partial(convert_weights, record.weights) if is_pickle(record.weights) else None,
    )


def _installed(record: Checkpoint, folder: Path) -> Sequence[CheckpointFile]:
    """Those of the folder's record, unless the table has other files by now."""
    if not (folder / RECORD_FILE).exists():
        return ()
    with suppress(CheckpointError):  # a malformed record is written anew
        found = read_record(folder).files
        hashes = {original(file).name: original(file).sha256 for file in found}
        if all(_is_among(hashes, file) for file in record.files):
            return found
    return ()


def _is_among(hashes: Mapping[str, str | None], file: CheckpointFile) -> bool:
    return file.name in hashes and file.sha256 in (None, hashes[file.name])


def original(file: CheckpointFile) -> CheckpointFile:
    """What was downloaded for a file."""
    return file.made_from or file


def _install(record: Checkpoint, files: Files, folder: Path) -> None:
    write_record(record, files, folder)
    for file in files.values():
        if file.made_from:
            (folder / file.made_from.name).unlink(missing_ok=True)
