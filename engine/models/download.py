"""Fetching the files of a checkpoint: each is whole, or absent, or goes on where it stopped."""

from collections.abc import Generator
from contextlib import closing, suppress
from pathlib import Path

from engine.errors import CheckpointError, DownloadError
from engine.models.checkpoint import Checkpoint
from engine.models.checkpoints import CHECKPOINTS
from engine.models.downloading.alone import alone
from engine.models.downloading.bringing import Bringing, bytes_missing
from engine.models.downloading.report import DownloadReport
from engine.models.downloading.stepping import stepping
from engine.models.installed_translators import TRANSLATOR_FILE  # noqa: F401 - how they are kept
from engine.models.keeping import Downloadable, keeping
from engine.models.translator import Translator
from engine.models.translators import TRANSLATORS
from engine.paths import checkpoints_folder

__all__ = ["DownloadReport", "Downloadable", "bytes_left", "download", "find_downloadable"]


def find_downloadable(name: str) -> Checkpoint | Translator:
    """The record of this name in one of the tables, or of an open_clip “ARCHITECTURE:TAG”.

    Raises:
        CheckpointError: there is none.
        DownloadError: the hub, which is asked about a tag, does not answer.
    """
    if ":" in name:
        from engine.models.tags import tagged

        return tagged(name)
    tables: tuple[Checkpoint | Translator, ...] = (*CHECKPOINTS, *TRANSLATORS)
    known = {record.name: record for record in tables}
    if name not in known:
        raise CheckpointError(f"“{name}” cannot be downloaded. Known are: {', '.join(known)}.")
    return known[name]


def download(
    record: Downloadable, parent: Path | None = None, offered: Path | None = None
) -> Generator[DownloadReport, None, None]:
    """Fetch all files of a record and install it; what is here and whole is kept.

    A file arrives under a temporary name, is checked against size and hash where these are known,
    and is renamed. A broken connection is tried again from where it stopped, then the file's
    other addresses; a killed program goes on from the temporary file. What lies in the user's
    Hugging Face cache is taken from there. At the end, what cannot run as it came is converted.

    Args:
        record: a checkpoint, or anything else that `engine.models.keeping` is told how to keep.
        parent: where its folder is made; None means where downloaded checkpoints lie.
        offered: a file or a folder whose copies are taken instead of the network's.

    Yields:
        A report ten times a second. Closing the generator cancels at once; what has arrived is
        kept for another time.

    Raises:
        DownloadError: a file did not arrive; the sentence says what to do.
        CheckpointError: the record cannot be kept, or its weights cannot be converted.
    """
    folder = (parent or checkpoints_folder()) / record.name
    bringing = Bringing(record, folder, offered)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DownloadError(f"{folder} cannot be made: {error.strerror}.") from error
    try:
        with alone(folder), closing(stepping(bringing.run())) as steps:
            for _ in steps:
                yield bringing.report()
    finally:
        bringing.close()
        with suppress(OSError):
            folder.rmdir()  # only goes where nothing has arrived


def bytes_left(record: Downloadable, parent: Path | None = None) -> int | None:
    """How much is still to be fetched, going by sizes; None where one is unknown."""
    folder = (parent or checkpoints_folder()) / record.name
    kept = keeping(record).installed(folder)
    if kept and all((folder / file.name).is_file() for file in kept):
        return 0
    missing = [bytes_missing(folder, file) for file in record.files]
    return None if None in missing else sum(size or 0 for size in missing)
