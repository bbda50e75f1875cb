"""Events of the file system below watched folders, held until the files have come to rest."""

import logging
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic, time
from typing import Self

import psutil
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

from engine.indexing.walking import is_photo_name, is_wanted_below
from engine.library.photo import FoundFile
from engine.paths import is_within, shown_path

logger = logging.getLogger(__name__)

QUIET_SECONDS = 2.0  # a file whose size and date rest so long is taken to be written
POLLING_SECONDS = 10.0
# File systems that tell nothing of what other machines do to them.
SILENT_FILE_SYSTEMS = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "afpfs", "webdav", "ceph", "9p", "virtiofs", "vboxsf")
) | {f"fuse.{kind}" for kind in ("sshfs", "rclone", "glusterfs", "gvfsd-fuse", "vmhgfs-fuse")}
IGNORED_EVENTS = frozenset(("opened", "closed_no_write"))

_State = tuple[int, int] | None  # size and date of change; None where there is no file
_Identity = tuple[int, int] | None  # device and number; None where there is no directory


@dataclass(slots=True)
class _Touched:
    """A path that something happened to, and since when it has been as it is."""

    root: bytes
    state: _State
    since: float


@dataclass(frozen=True, slots=True)
class _Watched:
    """A root folder, which directory that was, and what observes it; None where nothing can."""

    directory: _Identity
    observer: BaseObserver | None


class Watcher:
    """Collects what happens below root folders until it has come to rest.

    Events arrive in watchdog's threads; everything else is called by one thread.

    Args:
        quiet_seconds: how long a file must rest.
        leave_out: a directory whose files are none of the user's.
        hidden: hidden files and directories are of interest as well.
    """

    def __init__(
        self,
        quiet_seconds: float = QUIET_SECONDS,
        leave_out: Path | None = None,
        hidden: bool = False,
    ) -> None:
        self._quiet = quiet_seconds
        self._hidden = hidden
        self._leave_out = os.path.realpath(leave_out) if leave_out else None
        self._lock = Lock()
        self._fresh: dict[bytes, bytes] = {}  # path: root, as the events came
        self._touched: dict[bytes, _Touched] = {}
        self._watched: dict[bytes, _Watched] = {}
        self._overflow = _OverflowHandler(self)
        logging.getLogger("watchdog").addHandler(self._overflow)
        # A directory that is made while its parent is listed is met twice, which does no harm;
        # where warnings are errors, this one would end the thread that reads the events.
        warnings.filterwarnings("ignore", "Callback with id", RuntimeWarning, "watchdog")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop watching."""
        logging.getLogger("watchdog").removeHandler(self._overflow)
        for root in self.roots:
            self.unwatch(root)

    @property
    def roots(self) -> list[bytes]:
        """What is being watched."""
        return list(self._watched)

    def watch(self, root: bytes) -> None:
        """Begin to watch a folder that can be reached; by polling where there are no events."""
        if root not in self._watched:
            self._watched[root] = _Watched(_identity(root), self._observe(root))

    def unwatch(self, root: bytes) -> None:
        """Stop watching a folder."""
        observer = self._watched.pop(root).observer
        if observer is not None:
            observer.stop()
            observer.join()

    def has_lost(self, root: bytes) -> bool:
        """Whether a folder went away, or another one is in its place: a drive came or went."""
        watched = self._watched[root]
        # Numbers of directories are used again; but what observes one ends with it.
        emitters = watched.observer.emitters if watched.observer else ()
        all_alive = all(emitter.is_alive() for emitter in emitters)
        return _identity(root) != watched.directory or not all_alive

    def _observe(self, root: bytes) -> BaseObserver | None:
        kinds = [_polling] if _is_silent(root) else [Observer, _polling]
        for kind in kinds:
            try:
                return self._start(root, kind())
            except OSError as error:  # the system's limit of watches, mostly
                logger.warning("%s: %s failed: %s", shown_path(root), kind.__name__, error)
        return None

    def _start(self, root: bytes, observer: BaseObserver) -> BaseObserver:
        handler = _Handler(self, root, self._leave_out, self._hidden)
        observer.schedule(handler, handler.real_root, recursive=True)
        try:
            observer.start()
        except OSError:
            observer.stop()
            raise
        return observer

    def touch(self, root: bytes, path: bytes) -> None:
        """Note that something happened to a path."""
        with self._lock:
            self._fresh[path] = root

    def touch_roots(self) -> None:
        """Have all folders looked through, because events may have been lost."""
        for root in self.roots:
            self.touch(root, root)

    def settled(self) -> dict[bytes, list[bytes]]:
        """Paths that have come to rest since the last call, by root folder.

        Deleted ones come together when no more follow, so that it shows how many they are.
        """
        now = monotonic()
        self._look_again(now)
        deleting = {
            touched.root
            for touched in self._touched.values()
            if touched.state is None and now - touched.since < self._quiet
        }
        result: dict[bytes, list[bytes]] = {}
        for path, touched in list(self._touched.items()):
            waits = touched.state is None and touched.root in deleting
            if now - touched.since >= self._quiet and not waits:
                del self._touched[path]
                result.setdefault(touched.root, []).append(path)
        return result

    def _look_again(self, now: float) -> None:
        with self._lock:  # held for a moment only: while events wait, the system's queue fills
            fresh, self._fresh = self._fresh, {}
        for path, root in fresh.items():
            self._touched[path] = _Touched(root, _state(path), now)
        for path in self._touched.keys() - fresh.keys():
            touched, state = self._touched[path], _state(path)
            if state != touched.state:
                touched.state, touched.since = state, now

    def is_at_rest(self, root: bytes, found: FoundFile) -> bool:
        """Whether a file below a settled directory rests itself; if not, it settles later.

        Files in a directory made a moment ago may have come without any event.
        """
        if found.path in self._touched:
            return False
        if 0 <= time() - found.mtime_ns / 1e9 < self._quiet:
            self.touch(root, found.path)
            return False
        return True


class _Handler(FileSystemEventHandler):
    """Passes on what may concern photos below one root."""

    def __init__(self, watcher: Watcher, root: bytes, leave_out: str | None, hidden: bool) -> None:
        self._watcher = watcher
        self._root = root
        self._hidden = hidden
        self._leave_out = os.fsencode(leave_out) if leave_out else None
        self.real_root = os.path.realpath(os.fsdecode(root))  # a link to it tells nothing

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in IGNORED_EVENTS or (
            event.is_directory and event.event_type == "modified"
        ):
            return
        for name in (event.src_path, event.dest_path):
            path = os.fsencode(name)
            # On Windows a deleted directory is told as a file.
            is_of_interest = event.is_directory or event.event_type == "deleted"
            if path and (is_of_interest or is_photo_name(os.path.basename(path), self._hidden)):
                self._pass_on(path)

    def _pass_on(self, path: bytes) -> None:
        if self._leave_out and is_within(path, self._leave_out):
            return
        below = os.path.relpath(path, os.fsencode(self.real_root))
        if is_wanted_below(below, self._hidden):
            self._watcher.touch(self._root, os.path.join(self._root, below))


class _OverflowHandler(logging.Handler):
    """Hears of lost events, which watchdog tells only to its log."""

    def __init__(self, watcher: Watcher) -> None:
        super().__init__(logging.WARNING)
        self._watcher = watcher

    def emit(self, record: logging.LogRecord) -> None:
        if "overflow" in record.getMessage().lower():
            self._watcher.touch_roots()


def _polling() -> BaseObserver:
    return PollingObserver(timeout=POLLING_SECONDS)


def _is_silent(root: bytes) -> bool:
    """Whether a folder lies on a file system that other machines change without events."""
    path = os.path.realpath(os.fsdecode(root))
    mounts = [
        (mount.mountpoint, mount.fstype.lower())
        for mount in psutil.disk_partitions(all=True)
        if path == mount.mountpoint or path.startswith(os.path.join(mount.mountpoint, ""))
    ]
    return bool(mounts) and max(mounts, key=lambda mount: len(mount[0]))[1] in SILENT_FILE_SYSTEMS


def _state(path: bytes) -> _State:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _identity(root: bytes) -> _Identity:
    try:
        status = os.stat(root)
    except OSError:
        return None
    return status.st_dev, status.st_ino
