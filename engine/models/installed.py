"""The checkpoints on this machine: one folder each, described by its checkpoint.json."""

import hashlib
import json
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from engine.errors import CheckpointError
from engine.files import replacing, writing_to
from engine.images.preprocessing import Preprocessing
from engine.models.checkpoint import Checkpoint, CheckpointFile, Family, HubFile, Recall
from engine.models.checkpoints import CHECKPOINTS
from engine.models.translators import TRANSLATORS
from engine.paths import bundled_checkpoints_folder, checkpoints_folder

if TYPE_CHECKING:
    from torch import Tensor

logger = logging.getLogger(__name__)

RECORD_FILE = "checkpoint.json"
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
READ_AT_ONCE = 2**22


@dataclass(frozen=True, slots=True)
class InstalledCheckpoint:
    """A checkpoint whose files are in `folder`, with their hashes in the record."""

    record: Checkpoint
    folder: Path

    @property
    def key(self) -> str:
        """Names what makes an embedding: others under the same name do not mix with it."""
        record = self.record
        hashes = [(file.made_from or file).sha256 for file in record.files]
        makes = repr((record.architecture, record.preprocessing, hashes))
        return f"{record.name}@{hashlib.sha256(makes.encode()).hexdigest()[:12]}"


def installed() -> list[InstalledCheckpoint]:
    """All checkpoints on this machine, the bundled ones first; malformed ones are left out."""
    found = []
    for folder in installed_folders():
        try:
            found.append(InstalledCheckpoint(read_record(folder), folder))
        except CheckpointError as error:
            logger.warning("A checkpoint is left out. %s", error)
    return found


def installed_folders() -> list[Path]:
    """The folders of all checkpoints on this machine, malformed ones too."""
    return [*_folders(bundled_checkpoints_folder()), *_folders(checkpoints_folder())]


def find_installed(name: str) -> InstalledCheckpoint:
    """The checkpoint of this name.

    Raises:
        CheckpointError: it is not on this machine; the sentence says what to do.
    """
    for checkpoint in installed():
        if checkpoint.record.name == name:
            return checkpoint
    if can_be_downloaded(name):
        raise CheckpointError(f"{name} is not downloaded yet: anhoi models download {name}")
    raise CheckpointError(f"There is no checkpoint “{name}”: anhoi models list shows all.")


def can_be_downloaded(name: str) -> bool:
    """Whether one of the tables has a checkpoint or a translator of this name."""
    return name in {each.name for each in CHECKPOINTS} | {each.name for each in TRANSLATORS}


def install(record: Checkpoint, folder: Path) -> InstalledCheckpoint:
    """Write the record of a folder that holds all files, with their true sizes and hashes.

    Raises:
        CheckpointError: a file is missing, or not the one the record asks for, or the name is
            not made of small letters, digits, dots and hyphens, or the disk is full.
    """
    check_name(record.name)
    files = {file.name: measured(folder, file) for file in record.files}
    return write_record(record, files, folder)


def write_checkpoint(
    record: Checkpoint,
    folder: Path,
    tensors: Mapping[str, "Tensor"],
    files: Mapping[str, bytes],
) -> InstalledCheckpoint:
    """Write a checkpoint that was trained here, in place of one that may be in the folder.

    The record makes the folder a checkpoint: it goes first and comes last, so that files of two
    checkpoints are never taken for one.

    Args:
        record: its weights are a .safetensors file.
        folder: made where it is not there.
        tensors: the weights, by name, in the types they shall be stored in.
        files: the content of the record's other files, by their names.

    Raises:
        CheckpointError: the folder cannot be written, the name cannot name a checkpoint, or the
            record asks for a file that is not given.
    """
    from engine.models.weights import save_weights  # imports torch

    check_name(record.name)
    with writing_to(folder, CheckpointError):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / RECORD_FILE).unlink(missing_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    save_weights(folder / record.weights.name, tensors, {"format": "pt"})
    return install(record, folder)


def write_record(
    record: Checkpoint, files: Mapping[str, CheckpointFile], folder: Path
) -> InstalledCheckpoint:
    """Write the record of a folder whose files have been measured.

    Args:
        record: as it is in the table.
        files: by the names the table has: what lies in the folder, with sizes and hashes.
        folder: holds them.

    Raises:
        CheckpointError: it cannot be written.
    """
    complete = replace(
        record,
        weights=files[record.weights.name],
        tokenizer=files[record.tokenizer.name] if record.tokenizer else None,
        other_files=tuple(files[file.name] for file in record.other_files),
    )
    write_as_json(asdict(complete), folder / RECORD_FILE)
    return InstalledCheckpoint(complete, folder)


def write_as_json(values: Mapping[str, Any], path: Path) -> None:
    """Write what describes a folder, whole or not at all.

    Raises:
        CheckpointError: the folder cannot be written to.
    """
    text = json.dumps(values, indent=2, ensure_ascii=False)
    with writing_to(path, CheckpointError), replacing(path) as temporary:
        temporary.write_text(text + "\n", "utf-8")


def check_name(name: str) -> None:
    """Refuse names that could not be a folder everywhere."""
    if not _NAME.fullmatch(name):
        raise CheckpointError(
            f"“{name}” cannot name a checkpoint: small letters, digits, dots and hyphens only."
        )


def measured(folder: Path, file: CheckpointFile) -> CheckpointFile:
    """A file's record with its true size and hash.

    Raises:
        CheckpointError: the file is missing or not the one the record asks for.
    """
    path = folder / file.name
    try:
        size, sha256 = path.stat().st_size, _sha256(path)
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror}.") from error
    if file.size not in (None, size):
        raise CheckpointError(
            f"{path} has {size:,} bytes where {file.size:,} are expected; it did not arrive whole."
        )
    if file.sha256 not in (None, sha256):
        raise CheckpointError(f"{path} is damaged: its SHA-256 is not the expected one.")
    return replace(file, size=size, sha256=sha256)


def verify(checkpoint: InstalledCheckpoint) -> None:
    """Read all files and compare them to the record.

    Raises:
        CheckpointError: a file is missing or has changed.
    """
    for file in checkpoint.record.files:
        measured(checkpoint.folder, file)


def read_record(folder: Path) -> Checkpoint:
    """Read a folder's record.

    Raises:
        CheckpointError: it is missing or malformed.
    """
    path = folder / RECORD_FILE
    try:
        values = json.loads(path.read_text("utf-8"))
        record = Checkpoint(
            **values
            | {
                "weights": _file(values["weights"]),
                "tokenizer": _file(values["tokenizer"]) if values["tokenizer"] else None,
                "preprocessing": _preprocessing(values["preprocessing"]),
                "languages": tuple(values["languages"]),
                "other_files": tuple(map(_file, values["other_files"])),
                "recalls": tuple(Recall(**recall) for recall in values.get("recalls", ())),
            }
        )
        _check_record(record)
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise CheckpointError(f"{path} does not describe a checkpoint: {error}") from error
    return record


def _check_record(record: Checkpoint) -> None:
    """Refuse what would only show when it is used, as a bug, or reach out of the folder."""
    how, files = record.preprocessing, record.files
    named = (*files, *_originals(files))
    right = {
        "name": bool(_NAME.fullmatch(record.name)),
        "family": record.family in get_args(Family),
        "architecture": isinstance(record.architecture, str),
        "file names": all(is_file_name(file.name) for file in named),
        "sizes": all(isinstance(file.size, int) for file in files),
        "sha256": all(isinstance(file.sha256, str) for file in named),
        "dimension": isinstance(record.dimension, int) and record.dimension > 0,
        "memory_mb": isinstance(record.memory_mb, int),
        "gmacs": record.gmacs is None or _is_number(record.gmacs),
        "recalls": all(_is_number(recall.percent) for recall in record.recalls),
        "licence": isinstance(record.licence, str),
        "source": isinstance(record.source, str),
        "languages": all(isinstance(language, str) for language in record.languages),
        "size": isinstance(how.size, int) and how.size > 0,
        "resize": how.resize in ("crop", "squash"),
        "interpolation": how.interpolation in ("bicubic", "bilinear"),
        "mean": len(how.mean) == 3 and all(value >= 0 for value in how.mean),
        "std": len(how.std) == 3 and all(value > 0 for value in how.std),
    }
    wrong = [what for what, fits in right.items() if not fits]
    if wrong:
        raise ValueError(f"{', '.join(wrong)} cannot be right.")


def is_file_name(name: str) -> bool:
    """Whether this names a file in a folder and nothing outside of it."""
    return Path(name).name == name and name not in ("", "..")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def _originals(files: Sequence[CheckpointFile]) -> list[CheckpointFile]:
    return [file.made_from for file in files if file.made_from]


def _file(stored: dict[str, Any]) -> CheckpointFile:
    values = {"urls": (), "hub": None} | dict(stored)  # raises where it is no table
    hub = HubFile(**values["hub"]) if values["hub"] else None
    original = _file(values["made_from"]) if values.get("made_from") else None
    return CheckpointFile(
        **values | {"urls": tuple(values["urls"]), "hub": hub, "made_from": original}
    )


def _preprocessing(values: dict[str, Any]) -> Preprocessing:
    return Preprocessing(**values | {"mean": tuple(values["mean"]), "std": tuple(values["std"])})


def _folders(parent: Path) -> Iterator[Path]:
    if parent.is_dir():
        yield from sorted(path.parent for path in parent.glob(f"*/{RECORD_FILE}"))


def _sha256(path: Path) -> str:
    hasher = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(READ_AT_ONCE):
            hasher.update(chunk)
    return hasher.hexdigest()
