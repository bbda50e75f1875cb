"""Where things lie on this machine, and how paths are kept and compared."""

import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APP_NAME = "anhoi"


def default_library_folder() -> Path:
    """The user's own library: $ANHOI_LIBRARY, else where the system keeps application data."""
    named = os.environ.get("ANHOI_LIBRARY")
    return Path(named) if named else Path(platformdirs.user_data_path(APP_NAME)) / "library"


def checkpoints_folder() -> Path:
    """Where downloaded and added checkpoints lie, shared by all libraries."""
    named = os.environ.get("ANHOI_CHECKPOINTS")
    return Path(named) if named else Path(platformdirs.user_data_path(APP_NAME)) / "checkpoints"


def trainings_folder() -> Path:
    """Where trainings keep what they need to go on; no folder of it is a checkpoint."""
    return Path(platformdirs.user_data_path(APP_NAME)) / "trainings"


def cache_folder() -> Path:
    """For what can be made again: measured precisions, libraries of evaluations."""
    return Path(platformdirs.user_cache_path(APP_NAME))


def bundled_checkpoints_folder() -> Path:
    """Where the starter checkpoints lie that come with the program."""
    return Path(__file__).resolve().parent.parent / "resources" / "models"


@dataclass(frozen=True, slots=True)
class LibraryPaths:
    """The files of one library; only `database` cannot be made again."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "library.sqlite"

    @property
    def lock(self) -> Path:
        return self.folder / "library.lock"

    @property
    def indexes(self) -> Path:
        return self.folder / "indexes"

    @property
    def thumbnails(self) -> Path:
        return self.folder / "thumbnails"


def path_key(path: bytes) -> str:
    r"""A path as it is looked up: readable, NFC.

    macOS hands out names in NFD where people type NFC; the bytes stay as they are for opening.
    Bytes that are no UTF-8 are written as \xff, so that names that differ in them stay apart.
    """
    return unicodedata.normalize("NFC", path.decode("utf-8", "backslashreplace"))


def shown_path(path: bytes) -> str:
    """A path as it is shown; bytes that are no UTF-8 become U+FFFD."""
    return path.decode("utf-8", "replace")


def absolute(path: str | bytes | os.PathLike[str]) -> bytes:
    """The byte-exact absolute path, symbolic links of the folder part left alone."""
    return os.path.abspath(os.fsencode(path))


def is_within(path: bytes, folder: bytes) -> bool:
    """Whether an absolute path is a folder or lies below it, going by the names alone."""
    return os.path.join(path, b"").startswith(os.path.join(folder, b""))
