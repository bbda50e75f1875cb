"""Noticing what happens to the files of watched folders."""

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Event, Lock
from time import monotonic
from typing import Self

import psutil
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

from engine.index.vector_index import VectorIndex
from engine.indexing.adding import AddReport, add_files, refresh_paths
from engine.indexing.embedding import EmbedReport, embed_missing
from engine.indexing.walking import is_photo_name, is_wanted_below
from engine.inference.client import ModelProcess
from engine.library.library import Library
from engine.library.photo import Folder
from engine.paths import shown_path

logger = logging.getLogger(__name__)

TICK_SECONDS = 0.5
QUIET_SECONDS = 2.0  # a file whose size and date rest so long is taken to be written
POLLING_SECONDS = 10.0
# Whatever events were lost without a word, on any system, is found by then.
RESCAN_SECONDS = 30 * 60.0
# File systems that tell nothing of what other machines do to them.
SILENT_FILE_SYSTEMS = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afpfs", "webdav", "fuse.sshfs", "fuse.rclone")
)
IGNORED_EVENTS = frozenset(("opened", "closed_no_write"))

_State = tuple[int, int] | None


@dataclass(slots=True)
class _Touched:
    """A path that something happened to, and since when it has been as it is."""

    root: bytes
    state: _State
    since: float


class Watcher:
    """Collects what happens below root folders until it has come to rest.

    Events arrive in watchdog's threads; everything else is called by one thread.
    """

    def __init__(self, quiet_seconds: float = QUIET_SECONDS) -> None:
        self._quiet = quiet_seconds
        self._lock = Lock()
        self._touched: dict[bytes, _Touched] = {}
        self._observers: dict[bytes, BaseObserver] = {}
        self._overflow = _OverflowHandler(self)
        logging.getLogger("watchdog").addHandler(self._overflow)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop watching."""
        logging.getLogger("watchdog").removeHandler(self._overflow)
        for root in list(self._observers):
            self.unwatch(root)

    @property
    def roots(self) -> list[bytes]:
        """What is being watched."""
        return list(self._observers)

    def watch(self, root: bytes) -> None:
        """Begin to watch a folder that can be reached; by polling where there are no events."""
        if root in self._observers:
            return
        native = not _is_silent(root)
        try:
            self._observers[root] = self._observe(root, Observer() if native else _polling())
        except OSError as error:  # the system's limit of watches, mostly
            logger.warning("%s is watched by polling: %s", shown_path(root), error)
            self._observers[root] = self._observe(root, _polling())

    def _observe(self, root: bytes, observer: BaseObserver) -> BaseObserver:
        observer.schedule(_Handler(self, root), os.fsdecode(root), recursive=True)
        observer.start()
        return observer

    def unwatch(self, root: bytes) -> None:
        """Stop watching a folder."""
        observer = self._observers.pop(root)
        observer.stop()
        observer.join()

    def touch(self, root: bytes, path: bytes) -> None:
        """Note that something happened to a path."""
        with self._lock:
            self._touched[path] = _Touched(root, _state(path), monotonic())

    def touch_roots(self) -> None:
        """Have all folders looked through, because events were lost."""
        for root in self._observers:
            self.touch(root, root)

    def settled(self) -> dict[bytes, list[bytes]]:
        """Paths that have come to rest since the last call, by root folder."""
        now = monotonic()
        result: dict[bytes, list[bytes]] = {}
        with self._lock:
            for path, touched in list(self._touched.items()):
                state = _state(path)
                if state != touched.state:
                    touched.state, touched.since = state, now
                elif now - touched.since >= self._quiet:
                    del self._touched[path]
                    result.setdefault(touched.root, []).append(path)
        return result


class _Handler(FileSystemEventHandler):
    """Passes on what may concern photos below one root."""

    def __init__(self, watcher: Watcher, root: bytes) -> None:
        self._watcher = watcher
        self._root = root

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in IGNORED_EVENTS or (
            event.is_directory and event.event_type == "modified"
        ):
            return
        for name in (event.src_path, event.dest_path):
            path = os.fsencode(name)
            if (
                path
                and is_wanted_below(self._root, path)
                and (event.is_directory or is_photo_name(os.path.basename(path)))
            ):
                self._watcher.touch(self._root, path)


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


def watch(
    library: Library,
    models: ModelProcess,
    indexes: Mapping[str, VectorIndex],
    stop: Event,
    quiet_seconds: float = QUIET_SECONDS,
) -> Iterator[AddReport | EmbedReport]:
    """Keep the library level with its folders until told to stop.

    Args:
        library: open for writing.
        models: knows the checkpoints.
        indexes: by the keys of the checkpoints in use.
        stop: set by another thread or a signal.
        quiet_seconds: how long a file must rest before it is read.

    Yields:
        Reports of what was added and embedded, as it happens.
    """
    with Watcher(quiet_seconds) as watcher:
        rescanned = monotonic()
        yield from _look_through(library, watcher, library.folders.all())
        yield from embed_missing(library, models, indexes)
        while not stop.wait(min(TICK_SECONDS, quiet_seconds)):
            reports = list(_refresh(library, watcher))
            if monotonic() - rescanned > RESCAN_SECONDS:
                watcher.touch_roots()
                rescanned = monotonic()
            if reports:
                yield from reports
                yield from embed_missing(library, models, indexes)


def _look_through(
    library: Library, watcher: Watcher, folders: Sequence[Folder]
) -> Iterator[AddReport]:
    for folder in folders:
        if os.path.isdir(folder.path):
            watcher.watch(folder.path)  # first, so that nothing happens unseen in between
        yield from add_files(library, folder.path)


def _refresh(library: Library, watcher: Watcher) -> Iterator[AddReport]:
    folders = {folder.path: folder for folder in library.folders.all()}
    settled = watcher.settled()
    for root, paths in settled.items():
        if root in folders:
            yield refresh_paths(library, folders[root], paths)
    yield from _notice_drives(library, watcher, folders)


def _notice_drives(
    library: Library, watcher: Watcher, folders: Mapping[bytes, Folder]
) -> Iterator[AddReport]:
    """Drives that came or went, and folders that were added or removed, since the last look."""
    for root in watcher.roots:
        if root not in folders or not os.path.isdir(root):
            watcher.unwatch(root)
            if root in folders:
                yield from add_files(library, root)
    back = [f for root, f in folders.items() if root not in watcher.roots and os.path.isdir(root)]
    yield from _look_through(library, watcher, back)
