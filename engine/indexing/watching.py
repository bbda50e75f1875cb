"""Keeping the library level with its folders while their files come and go."""

import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from threading import Event
from time import monotonic

from engine.index.vector_index import VectorIndex
from engine.indexing.adding import AddReport, add_files, refresh_paths
from engine.indexing.embedding import EmbedReport, embed_missing
from engine.indexing.events import QUIET_SECONDS, Watcher
from engine.indexing.selection import Selection
from engine.inference.client import ModelProcess
from engine.library.library import Library
from engine.library.photo import Folder

TICK_SECONDS = 0.5
# Whatever events were lost without a word, on any system, is found by then.
RESCAN_SECONDS = 30 * 60.0


def watch(
    library: Library,
    models: ModelProcess,
    indexes: Mapping[str, VectorIndex],
    stop: Event,
    quiet_seconds: float = QUIET_SECONDS,
) -> Generator[AddReport | EmbedReport]:
    """Keep the library level with its folders until told to stop.

    Folders may be added to the library and removed from it meanwhile.

    Args:
        library: open for writing.
        models: knows the checkpoints.
        indexes: by the keys of the checkpoints in use.
        stop: set by another thread or a signal; heard between two reports and while idle.
        quiet_seconds: how long a file must rest before it is read.

    Yields:
        Reports of what was added and embedded, as it happens.
    """
    hidden = Selection.of(library).hidden
    with Watcher(quiet_seconds, library.paths.thumbnails, hidden) as watcher:
        pause = min(TICK_SECONDS, quiet_seconds)
        steps = _keep_all_level(library, models, indexes, watcher)
        with closing(steps):
            for report in steps:
                if report:
                    yield report
                if stop.is_set() or (report is None and stop.wait(pause)):
                    return


def keep_level(
    library: Library, watcher: Watcher, first: Sequence[bytes] = ()
) -> Generator[AddReport | None]:
    """Keep the library level with its folders, without embedding anything.

    Folders may be added to the library meanwhile; before one is removed, the work is closed, and
    begun anew afterwards.

    Args:
        library: open for writing.
        watcher: of its folders.
        first: root folders that are looked through before the others.

    Yields:
        Reports of what was found, endlessly; None when there is nothing to do for the moment.
    """
    folders = sorted(library.folders.all(), key=lambda folder: folder.path not in first)
    yield from _look_through(library, watcher, folders)
    rescanned = monotonic()
    while True:
        yield None
        yield from _refresh(library, watcher)
        if monotonic() - rescanned > RESCAN_SECONDS:
            watcher.touch_roots()
            rescanned = monotonic()


def _keep_all_level(
    library: Library, models: ModelProcess, indexes: Mapping[str, VectorIndex], watcher: Watcher
) -> Generator[AddReport | EmbedReport | None]:
    """The endless work of `watch`; None when there is nothing to do for the moment."""
    work: Iterator[EmbedReport] = iter(())
    level = False
    for found in keep_level(library, watcher):
        if found is not None:
            level = False
            yield found
            continue
        report = next(work, None)  # one batch: what happens to the files is heard in between
        if report is None and not level:
            work, level = embed_missing(library, models, indexes), True
            report = next(work)
        yield report


def _look_through(
    library: Library, watcher: Watcher, folders: Sequence[Folder]
) -> Iterator[AddReport]:
    for folder in folders:
        if os.path.isdir(folder.path):
            watcher.watch(folder.path)  # first, so that nothing happens unseen in between
        yield from add_files(library, folder.path)


def _refresh(library: Library, watcher: Watcher) -> Iterator[AddReport]:
    folders = {folder.path: folder for folder in library.folders.all()}
    for root, paths in watcher.settled().items():
        if root in folders:
            is_at_rest = partial(watcher.is_at_rest, root)
            yield from refresh_paths(library, folders[root], paths, is_at_rest)
    yield from _notice_drives(library, watcher, folders)


def _notice_drives(
    library: Library, watcher: Watcher, folders: Mapping[bytes, Folder]
) -> Iterator[AddReport]:
    """Drives that came or went, and folders that were added or removed, since the last look."""
    lost = [root for root in watcher.roots if root not in folders or watcher.has_lost(root)]
    for root in lost:
        watcher.unwatch(root)
    new = [root for root in folders if root not in watcher.roots and os.path.isdir(root)]
    changed = [folder for root, folder in folders.items() if root in lost or root in new]
    yield from _look_through(library, watcher, changed)
