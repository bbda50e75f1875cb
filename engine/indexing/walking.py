"""Finding photo files in a folder, and leaving alone what is none of the user's photos."""

import os
import stat
from collections.abc import Callable, Container, Iterator

from engine.images.reading import PHOTO_SUFFIXES
from engine.library.photo import FoundFile

_SUFFIXES = tuple(suffix.encode() for suffix in PHOTO_SUFFIXES)
SYSTEM_DIRECTORIES = frozenset(
    (b"@eadir", b"#recycle", b"$recycle.bin", b"system volume information", b"__macosx")
)
# Files whose content lies in the cloud: reading one would download it.
_WINDOWS_HIDDEN = getattr(stat, "FILE_ATTRIBUTE_HIDDEN", 2)
_WINDOWS_LEFT_ALONE = (
    _WINDOWS_HIDDEN
    | getattr(stat, "FILE_ATTRIBUTE_SYSTEM", 4)
    | getattr(stat, "FILE_ATTRIBUTE_OFFLINE", 0x1000)
    | 0x40000  # FILE_ATTRIBUTE_RECALL_ON_OPEN
    | 0x400000  # FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS
)
_MACOS_HIDDEN = 0x8000  # UF_HIDDEN
_MACOS_LEFT_ALONE = _MACOS_HIDDEN | 0x40000000  # SF_DATALESS

OnUnreadable = Callable[[bytes, OSError], None]


def is_wanted_name(name: bytes, hidden: bool = False) -> bool:
    """Whether a directory or file of this name may belong to the user's photos.

    Args:
        name: without its directory.
        hidden: hidden ones do as well; what systems and programs keep for themselves never does.
    """
    if name.startswith((b"~$", b"._")) or name.lower() in SYSTEM_DIRECTORIES:
        return False
    return hidden or not name.startswith(b".")


def is_photo_name(name: bytes, hidden: bool = False) -> bool:
    """Whether a file of this name is taken for a photo; `hidden` as in `is_wanted_name`."""
    return is_wanted_name(name, hidden) and name.lower().endswith(_SUFFIXES)


def is_wanted_below(path: bytes, hidden: bool = False) -> bool:
    """Whether every part of a path, relative to its root, is of a wanted name."""
    return all(is_wanted_name(part, hidden) for part in path.split(os.fsencode(os.sep)))


def seen_from(root: bytes, path: bytes) -> bytes | None:
    """A path as it is named below a root, whatever links lead to either; None outside of it."""
    real_root, real = os.path.realpath(root), os.path.realpath(path)
    if real == real_root:
        return root
    if real.startswith(os.path.join(real_root, b"")):
        return os.path.join(root, os.path.relpath(real, real_root))
    return None


def find_file(path: bytes, hidden: bool = False) -> FoundFile | None:
    """What the file system tells of a photo file; None where there is none to be read."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode) or is_left_alone(status, hidden):
        return None
    return FoundFile(path, status.st_size, status.st_mtime_ns)


def is_left_alone(status: os.stat_result, hidden: bool = False) -> bool:
    """Whether a file is hidden, the system's, or in the cloud, by what Windows or macOS tell.

    Args:
        status: of the file.
        hidden: that it is hidden alone does not matter.
    """
    attributes = getattr(status, "st_file_attributes", 0)
    flags = getattr(status, "st_flags", 0)
    if hidden:
        attributes &= ~_WINDOWS_HIDDEN
        flags &= ~_MACOS_HIDDEN
    return bool(attributes & _WINDOWS_LEFT_ALONE or flags & _MACOS_LEFT_ALONE)


def is_absent(path: bytes) -> bool:
    """Whether there is certainly no file of this name; without permission nobody can tell."""
    try:
        os.stat(path)
    except OSError as error:
        return isinstance(error, FileNotFoundError | NotADirectoryError)
    return False


def is_withheld(path: bytes) -> bool:
    """Whether a file that was not found may be there: not permitted to us, or in the cloud."""
    try:
        return is_left_alone(os.stat(path))
    except OSError:
        return not is_absent(path)


def walk(
    directory: bytes,
    on_unreadable: OnUnreadable,
    leave_out: Container[bytes] = (),
    hidden: bool = False,
) -> Iterator[FoundFile]:
    """Find the photo files below a directory, in the order of their names.

    Links to directories are not followed, so that no photo comes twice and no circle traps.

    Args:
        directory: byte-exact.
        on_unreadable: told of each directory that cannot be listed; the walk goes on without it.
        leave_out: directories that are not entered.
        hidden: hidden files and directories are found as well.

    Yields:
        Each photo file once.
    """
    levels = [_list(directory, on_unreadable)]  # a tree may be deeper than Python's own stack
    while levels:
        entry = next(levels[-1], None)
        if entry is None:
            levels.pop()
        elif entry.is_dir(follow_symlinks=False):
            if is_wanted_name(entry.name, hidden) and entry.path not in leave_out:
                levels.append(_list(entry.path, on_unreadable))
        elif is_photo_name(entry.name, hidden) and (found := find_file(entry.path, hidden)):
            yield found


def _list(directory: bytes, on_unreadable: OnUnreadable) -> Iterator[os.DirEntry[bytes]]:
    try:
        with os.scandir(directory) as entries:
            return iter(sorted(entries, key=lambda entry: entry.name))
    except OSError as error:
        if not is_absent(directory):  # else it went away a moment ago
            on_unreadable(directory, error)
        return iter(())
