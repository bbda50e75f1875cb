"""Finding photo files in a folder, and leaving alone what is none of the user's photos."""

import os
import stat
from collections.abc import Callable, Iterator

from engine.images.reading import PHOTO_SUFFIXES
from engine.library.photo import FoundFile

_SUFFIXES = tuple(suffix.encode() for suffix in PHOTO_SUFFIXES)
SYSTEM_DIRECTORIES = frozenset(
    (b"@eadir", b"#recycle", b"$recycle.bin", b"system volume information", b"__macosx")
)
# Files whose content lies in the cloud: reading one would download it.
_WINDOWS_LEFT_ALONE = (
    getattr(stat, "FILE_ATTRIBUTE_HIDDEN", 2)
    | getattr(stat, "FILE_ATTRIBUTE_SYSTEM", 4)
    | getattr(stat, "FILE_ATTRIBUTE_OFFLINE", 0x1000)
    | 0x40000  # FILE_ATTRIBUTE_RECALL_ON_OPEN
    | 0x400000  # FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS
)
_MACOS_LEFT_ALONE = 0x8000 | 0x40000000  # UF_HIDDEN, SF_DATALESS

OnUnreadable = Callable[[bytes, OSError], None]


def is_wanted_name(name: bytes) -> bool:
    """Whether a directory or file of this name may belong to the user's photos."""
    return not name.startswith((b".", b"~$")) and name.lower() not in SYSTEM_DIRECTORIES


def is_photo_name(name: bytes) -> bool:
    """Whether a file of this name is taken for a photo."""
    return is_wanted_name(name) and name.lower().endswith(_SUFFIXES)


def is_wanted_below(root: bytes, path: bytes) -> bool:
    """Whether no part of a path below its root is hidden or the system's."""
    return all(
        is_wanted_name(part) for part in os.path.relpath(path, root).split(os.fsencode(os.sep))
    )


def find_file(path: bytes) -> FoundFile | None:
    """What the file system tells of a photo file; None where there is none to be read."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return _found(path, status)


def _found(path: bytes, status: os.stat_result) -> FoundFile | None:
    attributes = getattr(status, "st_file_attributes", 0)
    flags = getattr(status, "st_flags", 0)
    if not stat.S_ISREG(status.st_mode):
        return None
    if attributes & _WINDOWS_LEFT_ALONE or flags & _MACOS_LEFT_ALONE:
        return None
    return FoundFile(path, status.st_size, status.st_mtime_ns)


def walk(
    directory: bytes, on_unreadable: OnUnreadable, leave_out: frozenset[bytes] = frozenset()
) -> Iterator[FoundFile]:
    """Find the photo files below a directory, in the order of their names.

    Links to directories are not followed, so that no photo comes twice and no circle traps.

    Args:
        directory: byte-exact.
        on_unreadable: told of each directory that cannot be listed; the walk goes on without it.
        leave_out: directories that are not entered.

    Yields:
        Each photo file once.
    """
    try:
        with os.scandir(directory) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        on_unreadable(directory, error)
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if is_wanted_name(entry.name) and entry.path not in leave_out:
                yield from walk(entry.path, on_unreadable, leave_out)
        elif is_photo_name(entry.name) and (found := find_file(entry.path)):
            yield found
