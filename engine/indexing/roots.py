"""Which watched folder a path belongs to, and whether it can be reached."""

import logging
import os

from engine.errors import FolderError
from engine.indexing.walking import is_absent, seen_from
from engine.library.library import Library
from engine.library.photo import Folder
from engine.paths import shown_path

logger = logging.getLogger(__name__)


def place(library: Library, path: bytes) -> tuple[Folder, bytes]:
    """The root folder a path belongs to, added if it is new, and the path as seen from there.

    A root folder that lies inside a new one becomes part of it.

    Raises:
        FolderError: there is no such folder, and none is known.
    """
    roots = library.folders.all()
    for folder in roots:
        inside = seen_from(folder.path, path)
        if inside is not None:
            _refuse_unknown(library, folder, inside)
            return folder, inside
    _refuse_what_is_no_folder(path)
    with library.transaction():
        added = library.folders.add(path)
        for folder in roots:
            if seen_from(path, folder.path) == folder.path:
                library.folders.merge(folder.id, added.id)
    return added, path


def _refuse_unknown(library: Library, folder: Folder, inside: bytes) -> None:
    known = inside == folder.path or library.photos.known_files(folder.id, inside)
    if is_absent(inside) and not known:
        _refuse_what_is_no_folder(inside)


def _refuse_what_is_no_folder(path: bytes) -> None:
    if is_absent(path):
        raise FolderError(f"There is no folder {shown_path(path)}.")
    if os.path.isfile(path):
        raise FolderError(f"{shown_path(path)} is a file; name the folder it lies in.")
    if not os.path.isdir(path) or not os.access(path, os.R_OK | os.X_OK):
        raise FolderError(f"The folder {shown_path(path)} may not be read.")


def is_reachable(library: Library, folder: Folder) -> bool:
    """Whether a folder is there; the place of an unplugged drive may be an empty directory."""
    try:
        with os.scandir(folder.path) as entries:
            empty = next(entries, None) is None
    except OSError as error:
        logger.info("%s cannot be reached: %s", shown_path(folder.path), error)
        return False
    return not empty or library.photos.count(folder.id) == 0
