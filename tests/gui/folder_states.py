"""Folders for the tests of the side panel."""

import os

from gui.folder_state import FolderState


def folder(
    number: int,
    path: str,
    *,
    photos: int = 10,
    waiting: int = 0,
    problems: int = 0,
    held_back: int = 0,
    online: bool = True,
    watched: bool = True,
) -> FolderState:
    """A folder that is watched and complete, unless it is said otherwise."""
    name = path.rsplit("/", 1)[-1]
    return FolderState(
        id=number,
        path=os.fsencode(path),
        name=name,
        online=online,
        photos=photos,
        waiting=waiting,
        problems=problems,
        held_back=held_back,
        watched=watched,
    )
