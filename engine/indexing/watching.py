"""Keeping the library level with its folders while their files come and go."""

import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from itertools import chain
from threading import Event
from time import monotonic

from engine.index.vector_index import VectorIndex
from engine.indexing.adding import AddReport, add_files, refresh_paths
from engine.indexing.embedding import EmbedReport, embed_missing
from engine.indexing.events import QUIET_SECONDS, Watcher
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
    with Watcher(quiet_seconds, library.paths.thumbnails) as watcher:
        pause = min(TICK_SECONDS, quiet_seconds)
        steps = _keep_level(library, models, indexes, watcher)
        with closing(steps):
            for report in steps:
                if report:
                    yield report
                if stop.is_set() or (report is None and stop.wait(pause)):
                    return


def _keep_level(
    library: Library, models: ModelProcess, indexes: Mapping[str, VectorIndex], watcher: Watcher
) -> Generator[AddReport | EmbedReport | None]:
    """The endless work of `watch`; None when there is nothing to do for the moment."""
    yield from _look_through(library, watcher, library.folders.all())
    rescanned, level = monotonic(), False
    while True:
        work = [] if level else embed_missing(library, models, indexes)
        level = True
        for report in chain(work, [None]):
            yield report
            for found in _refresh(library, watcher):  # also between two batches of embeddings
                level = False
                yield found
        if monotonic() - rescanned > RESCAN_SECONDS:
            watcher.touch_roots()
            rescanned = monotonic()


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
