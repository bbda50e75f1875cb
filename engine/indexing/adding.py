"""Bringing the library level with the files: new, changed, moved and missing photos."""

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from time import monotonic

from engine.images.thumbnails import remove_thumbnail
from engine.indexing.roots import is_reachable, place
from engine.indexing.selection import Selection
from engine.indexing.twins import Twins, hash_of, is_as_known
from engine.indexing.walking import (
    find_file,
    is_photo_name,
    is_wanted_below,
    is_withheld,
    seen_from,
    walk,
)
from engine.library.library import Library
from engine.library.photo import Folder, FoundFile, KnownFile
from engine.paths import is_within

SECONDS_A_BATCH = 0.05
LARGEST_SUDDEN_LOSS = 0.2  # of a folder's photos

IsAtRest = Callable[[FoundFile], bool]


@dataclass(slots=True)
class AddReport:
    """What has been found so far.

    Attributes:
        folder: the root folder.
        seen: photo files found.
        new_ids: photos added since the report before.
        changed_ids: photos whose files hold something else now, since the report before.
        added: photos added in all; likewise moved, changed.
        returned: photos whose file was gone and is there again.
        missing: photos whose file is gone, taken out of results.
        held_back: photos whose file is gone, but too many at once to be believed: nothing was
            done about them. `held_back_ids` says which, in the last report.
        offline: the folder cannot be reached; nothing was done about its photos.
        unreadable: directories that could not be listed.
        finished: nothing more is coming.
    """

    folder: Folder
    seen: int = 0
    new_ids: list[int] = field(default_factory=list)
    changed_ids: list[int] = field(default_factory=list)
    added: int = 0
    moved: int = 0
    changed: int = 0
    returned: int = 0
    missing: int = 0
    held_back: int = 0
    held_back_ids: list[int] = field(default_factory=list)
    offline: bool = False
    unreadable: int = 0
    finished: bool = False


def add_files(
    library: Library,
    path: bytes,
    *,
    limit: int | None = None,
    remove_missing: bool = False,
) -> Generator[AddReport]:
    """Add a folder, or bring one that is there level with its files.

    Every batch is one transaction of about 50 ms.

    Args:
        library: open for writing.
        path: the folder, absolute; below a root folder that is there, only this part is looked at.
        limit: stop after so many photo files, in the order of their names; nothing is found
            missing then.
        remove_missing: the user's word that photos may go whose files are gone, however many.

    Yields:
        A report a batch; the last one is complete.

    Raises:
        FolderError: there is no such folder, and none is known.
    """
    folder, path = place(library, path)
    yield from _bring_level(library, folder, [path], limit, remove_missing)


def refresh_paths(
    library: Library,
    folder: Folder,
    paths: Iterable[bytes],
    is_at_rest: IsAtRest = lambda found: True,
) -> Generator[AddReport]:
    """Bring single files or directories of a folder level with the disk.

    Args:
        library: open for writing.
        folder: their root folder.
        paths: what was created, changed, moved or deleted.
        is_at_rest: asked about each file; one that is still being written is left alone.

    Yields:
        As `add_files`.
    """
    yield from _bring_level(library, folder, _outermost(paths), is_at_rest=is_at_rest)


def _outermost(paths: Iterable[bytes]) -> list[bytes]:
    """Leave out what lies below another path, which is looked through anyway."""
    kept: list[bytes] = []
    for path in sorted(set(paths), key=lambda path: path.split(os.fsencode(os.sep))):
        if not kept or not is_within(path, kept[-1]):
            kept.append(path)
    return kept


def _bring_level(
    library: Library,
    folder: Folder,
    paths: Sequence[bytes],
    limit: int | None = None,
    remove_missing: bool = False,
    is_at_rest: IsAtRest = lambda found: True,
) -> Iterator[AddReport]:
    online = is_reachable(library, folder) or (remove_missing and os.path.isdir(folder.path))
    if online != folder.online:
        library.folders.set_online(folder.id, online)
    if not online:
        yield AddReport(folder, offline=True, finished=True)
        return
    intake = _Intake(library, folder, paths, is_at_rest)
    yield from intake.take_all(limit)
    if limit is None:
        with library.transaction():
            intake.settle_missing(remove_missing)
            removed = library.photos.remove_long_missing()
        for photo_id in removed:
            remove_thumbnail(library.paths.thumbnails, photo_id)
    yield replace(intake.report, new_ids=[], changed_ids=[], finished=True)


class _Intake:
    """One pass over a folder or parts of it."""

    def __init__(
        self, library: Library, folder: Folder, paths: Sequence[bytes], is_at_rest: IsAtRest
    ) -> None:
        self.report = AddReport(folder)
        self._library = library
        self._folder = folder
        self._paths = paths
        self._is_at_rest = is_at_rest
        self._selection = Selection.of(library)
        self._known: dict[bytes, KnownFile] = {}
        for path in paths:
            self._known |= library.photos.known_files(folder.id, path)
        self._seen: set[bytes] = set()
        self._unreadable: list[bytes] = []
        self._twins = Twins(library, folder)

    def take_all(self, limit: int | None) -> Iterator[AddReport]:
        """Take in what is there; yields after each batch."""
        with self._library.transaction():
            for path in self._paths:
                self._library.failures.remove_directories_under(path)
        files = self._changed_last(limit)
        more = True
        while more:
            self.report.new_ids, self.report.changed_ids = [], []
            with self._library.transaction():
                more = self._take_some(files)
            yield replace(self.report)

    def _take_some(self, files: Iterator[FoundFile]) -> bool:
        """Take in a batch; returns whether there may be more."""
        due = monotonic() + SECONDS_A_BATCH
        for found in files:
            self._take(found)
            if monotonic() > due:
                return True
        return False

    def _changed_last(self, limit: int | None) -> Iterator[FoundFile]:
        """What a changed file held before may be found elsewhere first: then it was moved."""
        changed = []
        for found in islice(self._resting(), limit):
            if is_as_known(found, self._known.get(found.path, found)):
                yield found
            else:
                changed.append(found)
        yield from changed

    def _resting(self) -> Iterator[FoundFile]:
        for found in self._found():
            self._seen.add(found.path)
            if self._is_at_rest(found):
                self.report.seen += 1
                yield found

    def _found(self) -> Iterator[FoundFile]:
        left_out, hidden = self._left_out(), self._selection.hidden
        for path in self._paths:
            if any(is_within(path, directory) for directory in left_out):
                continue
            if os.path.isdir(path) and (path == self._folder.path or not os.path.islink(path)):
                yield from walk(path, self._note_unreadable, left_out, hidden)
            elif is_photo_name(os.path.basename(path), hidden) and (
                found := find_file(path, hidden)
            ):
                yield found

    def _left_out(self) -> frozenset[bytes]:
        """The directories of this folder that are not entered: our own, and what is excluded."""
        own = seen_from(self._folder.path, os.fsencode(self._library.paths.thumbnails))
        return self._selection.left_out_below(self._folder.path) | ({own} if own else set())

    def _note_unreadable(self, directory: bytes, error: OSError) -> None:
        self._unreadable.append(os.path.join(directory, b""))
        self.report.unreadable += 1
        reason = f"The folder could not be read: {error.strerror}."
        self._library.failures.add(directory, None, reason, permanent=False)

    def _take(self, found: FoundFile) -> None:
        known = self._known.get(found.path)
        if known is None:
            self._take_new(found)
        elif not is_as_known(found, known):
            self._take_changed(known, found)
        elif known.missing:
            self._library.photos.touch(known.id, found)
            self.report.returned += 1

    def _take_new(self, found: FoundFile) -> None:
        twins = self._twins.of(found)
        gone = next(filter(self._twins.has_gone, twins), None)
        if gone:
            self._library.photos.move(gone.id, self._folder.id, found)
            self._known.pop(gone.path, None)
            self.report.moved += 1
            return
        photo_id = self._library.photos.add(self._folder.id, found)
        if twins:
            self._twins.copy(twins[0], photo_id)
        self.report.new_ids.append(photo_id)
        self.report.added += 1

    def _take_changed(self, known: KnownFile, found: FoundFile) -> None:
        photo = self._library.photos.get([known.id])[0]
        same_size = photo.content_hash is not None and photo.size == found.size
        if same_size and photo.content_hash == hash_of(found.path):
            self._library.photos.touch(known.id, found)
            return
        self._library.photos.change(known.id, found)
        remove_thumbnail(self._library.paths.thumbnails, known.id)
        for twin in self._twins.of(found)[:1]:
            self._twins.copy(twin, known.id)
        self.report.changed_ids.append(known.id)
        self.report.changed += 1

    def settle_missing(self, confirmed: bool) -> None:
        """Take out photos whose files are gone, unless they are too many to be believed."""
        self._take_out_unwanted()
        unreadable = tuple(self._unreadable)
        gone = [
            known.id
            for path, known in self._known.items()
            if not known.missing
            and path not in self._seen
            and not path.startswith(unreadable)
            and not is_withheld(path)
        ]
        present = self._library.photos.count(self._folder.id)
        if len(gone) > LARGEST_SUDDEN_LOSS * present and not confirmed:
            self.report.held_back, self.report.held_back_ids = len(gone), gone
            return
        self._library.photos.mark_missing(gone)
        self.report.missing = len(gone)

    def _take_out_unwanted(self) -> None:
        """Take out what the user has excluded since; that is his word, however many they are."""
        left_out = self._left_out()
        unwanted = {
            path: known.id
            for path, known in self._known.items()
            if path not in self._seen and not self._is_wanted(path, left_out)
        }
        self._library.photos.mark_missing(unwanted.values())
        self._known = {path: k for path, k in self._known.items() if path not in unwanted}

    def _is_wanted(self, path: bytes, left_out: frozenset[bytes]) -> bool:
        below = os.path.relpath(path, self._folder.path)
        return is_wanted_below(below, self._selection.hidden) and not any(
            is_within(path, directory) for directory in left_out
        )
