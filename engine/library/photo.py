"""The rows of the library as values."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from engine.paths import shown_path

IdArray = npt.NDArray[np.int64]
Float16Array = npt.NDArray[np.float16]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Folder:
    """A watched root folder; `online` as last seen."""

    id: int
    path: bytes
    online: bool


@dataclass(frozen=True, slots=True)
class FolderCounts:
    """What a root folder holds.

    Attributes:
        photos: that are there.
        waiting: of these, how many still lack an embedding and may get one.
        problems: photos and directories that could not be read.
    """

    photos: int
    waiting: int
    problems: int


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file as the file system tells of it; `size` in bytes."""

    path: bytes
    size: int
    mtime_ns: int

    def __post_init__(self) -> None:
        # File systems know dates after 2262, whose nanoseconds SQLite's 64 bits do not hold.
        object.__setattr__(self, "mtime_ns", max(-(2**63), min(self.mtime_ns, 2**63 - 1)))


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What the library knows of a photo's file without reading it."""

    id: int
    size: int
    mtime_ns: int
    missing: bool


@dataclass(frozen=True, slots=True)
class Photo:
    """One image file of the library; what follows `missing` is None until it has been read."""

    id: int
    folder_id: int
    path: bytes
    size: int
    mtime_ns: int
    missing: bool
    content_hash: bytes | None
    width: int | None
    height: int | None
    taken_at: datetime | None
    latitude: float | None
    longitude: float | None
    camera: str | None

    @property
    def shown_path(self) -> str:
        return shown_path(self.path)


@dataclass(frozen=True, slots=True)
class Failure:
    """A photo or directory that could not be read, and why."""

    path: bytes
    photo_id: int | None
    reason: str
    permanent: bool
    failed_at: datetime
