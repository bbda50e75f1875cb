"""The watched folders as the window shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.library.library import Library
from engine.library.photo import Folder, FolderCounts
from engine.paths import shown_path


@dataclass(frozen=True, slots=True)
class FolderState:
    """A watched folder as the window shows it.

    Attributes:
        id: of the folder.
        path: byte-exact.
        name: the last part of its path.
        online: whether it can be reached.
        photos: that are there.
        waiting: of these, how many are still to be embedded.
        problems: photos and directories that could not be read.
        held_back: photos suddenly missing, more than can be believed without the user's word.
        watched: changes in it are noticed.
    """

    id: int
    path: bytes
    name: str
    online: bool
    photos: int
    waiting: int
    problems: int
    held_back: int
    watched: bool


@dataclass(frozen=True, slots=True)
class FolderCensus:
    """What the library says of its folders; `problems` of all of them."""

    folders: list[Folder]
    counts: Mapping[int, FolderCounts]
    problems: int


def take_census(library: Library, checkpoints: Sequence[str]) -> FolderCensus:
    """Count what the folders hold.

    Args:
        library: may be open for reading only.
        checkpoints: keys of those in use.
    """
    counts = library.folders.counts(checkpoints)
    folders = [folder for folder in library.folders.all() if folder.id in counts]
    return FolderCensus(folders, counts, len(library.failures.all()))


def folder_states(
    census: FolderCensus, held_back: Mapping[int, int], *, watched: bool, is_ready: bool
) -> list[FolderState]:
    """Put together what is shown.

    Args:
        census: what the library says.
        held_back: photos suddenly missing, by folder.
        watched: whether this program keeps the library level.
        is_ready: whether the checkpoints in use are known, without which nothing waits for them.
    """
    return [
        _state(folder, census.counts[folder.id], held_back.get(folder.id, 0), watched, is_ready)
        for folder in census.folders
    ]


def _state(
    folder: Folder, counts: FolderCounts, held_back: int, watched: bool, is_ready: bool
) -> FolderState:
    path = shown_path(folder.path)
    return FolderState(
        id=folder.id,
        path=folder.path,
        name=Path(path).name or path,
        online=folder.online,
        photos=counts.photos,
        waiting=counts.waiting if is_ready else 0,
        problems=counts.problems,
        held_back=held_back,
        watched=watched,
    )
