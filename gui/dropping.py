"""What is dropped on the window, or named on the command line: folders and photo files."""

import os
from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QMimeData

from engine.images.reading import PHOTO_SUFFIXES


@dataclass(frozen=True, slots=True)
class Dropped:
    """Paths by what can be done with them, all absolute and byte-exact.

    Attributes:
        folders: to be added.
        photos: files by whose names they are photos.
        others: what is neither, or is not there.
    """

    folders: tuple[bytes, ...]
    photos: tuple[bytes, ...]
    others: tuple[bytes, ...]


def local_paths(data: QMimeData) -> list[bytes]:
    """The files and folders of this machine that are dragged."""
    return [os.fsencode(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def sort_out(paths: Iterable[bytes]) -> Dropped:
    """Tell folders from photos, and both from the rest."""
    folders, photos, others = [], [], []
    for path in paths:
        whole = os.path.abspath(path)
        if os.path.isdir(whole):
            folders.append(whole)
        elif os.path.isfile(whole) and _is_photo(whole):
            photos.append(whole)
        else:
            others.append(whole)
    return Dropped(tuple(folders), tuple(photos), tuple(others))


def folders_of(photos: Iterable[bytes]) -> list[bytes]:
    """The folders these files lie in, each once."""
    return list(dict.fromkeys(os.path.dirname(photo) for photo in photos))


def _is_photo(path: bytes) -> bool:
    return os.path.splitext(os.fsdecode(path))[1].lower() in PHOTO_SUFFIXES
