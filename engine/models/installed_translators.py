"""The translators on this machine: one folder each, described by its translator.json."""

import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, get_args

from engine.errors import CheckpointError
from engine.models.checkpoint import CheckpointFile
from engine.models.installed import check_name, is_file_name, measured, write_as_json
from engine.models.keeping import Keeping, keeping
from engine.models.translator import Bleu, Translator, TranslatorKind
from engine.models.translator_conversion import convert
from engine.models.translators import TRANSLATORS
from engine.paths import checkpoints_folder

logger = logging.getLogger(__name__)

TRANSLATOR_FILE = "translator.json"


@dataclass(frozen=True, slots=True)
class InstalledTranslator:
    """A translator that is ready to run from `folder`, with its files' hashes in the record."""

    record: Translator
    folder: Path


def installed_translator() -> InstalledTranslator | None:
    """The largest translator on this machine; None where there is none."""
    names = [record.name for record in TRANSLATORS]
    found = {translator.record.name: translator for translator in installed_translators()}
    return max(
        found.values(),
        key=lambda one: names.index(one.record.name) if one.record.name in names else -1,
        default=None,
    )


def installed_translators() -> list[InstalledTranslator]:
    """All translators on this machine; malformed ones are left out."""
    found = []
    for path in sorted(checkpoints_folder().glob(f"*/{TRANSLATOR_FILE}")):
        try:
            found.append(InstalledTranslator(read_translator(path.parent), path.parent))
        except CheckpointError as error:
            logger.warning("A translator is left out. %s", error)
    return found


@keeping.register
def _(record: Translator) -> Keeping:
    check_name(record.name)
    return Keeping(
        installed=partial(_installed, record),
        install=partial(install_translator, record),
        convert=partial(convert, record),
    )


def _installed(record: Translator, folder: Path) -> tuple[CheckpointFile, ...]:
    with suppress(CheckpointError):
        found = read_translator(folder)
        if (found.name, found.kind) == (record.name, record.kind):
            return found.files
    return ()


def install_translator(
    record: Translator, files: Mapping[str, CheckpointFile], folder: Path
) -> InstalledTranslator:
    """Write the record of a folder that holds a translator ready to run, and tidy the folder.

    Args:
        record: as it is in the table.
        files: those it runs from, with sizes and hashes, as `convert` gives them.
        folder: holds them; what they were made from is removed.

    Raises:
        CheckpointError: it cannot be written.
    """
    complete = replace(record, files=tuple(files.values()))
    write_as_json(asdict(complete), folder / TRANSLATOR_FILE)
    for file in record.files:
        if file.name not in files:
            (folder / file.name).unlink(missing_ok=True)
    return InstalledTranslator(complete, folder)


def verify_translator(translator: InstalledTranslator) -> None:
    """Read all files and compare them to the record.

    Raises:
        CheckpointError: a file is missing or has changed.
    """
    for file in translator.record.files:
        measured(translator.folder, file)


def read_translator(folder: Path) -> Translator:
    """Read a folder's record.

    Raises:
        CheckpointError: it is missing or malformed.
    """
    path = folder / TRANSLATOR_FILE
    try:
        values = json.loads(path.read_text("utf-8"))
        record = Translator(
            **values
            | {
                "files": tuple(_file(file) for file in values["files"]),
                "bleus": tuple(Bleu(**bleu) for bleu in values["bleus"]),
            }
        )
        _check(record)
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise CheckpointError(f"{path} does not describe a translator: {error}") from error
    return record


def _check(record: Translator) -> None:
    """Refuse what would only show when it is used, or reach out of the folder."""
    check_name(record.name)
    right = {
        "kind": record.kind in get_args(TranslatorKind),
        "file names": all(is_file_name(file.name) for file in record.files),
        "sha256": all(isinstance(file.sha256, str) for file in record.files),
        "prefix": isinstance(record.prefix, str) and isinstance(record.answer_prefix, str),
    }
    wrong = [what for what, fits in right.items() if not fits]
    if wrong:
        raise ValueError(f"{', '.join(wrong)} cannot be right.")


def _file(stored: dict[str, Any]) -> CheckpointFile:
    return CheckpointFile(stored["name"], sha256=stored["sha256"], size=stored["size"])
