"""Bringing the library level with the files: new, changed, moved and missing photos."""

import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic

from engine.errors import FolderError, UnreadableImageError
from engine.images.photo_reading import hash_content
from engine.images.reading import open_file
from engine.indexing.walking import find_file, is_photo_name, walk
from engine.library.library import Library
from engine.library.photo import Folder, FoundFile, KnownFile, Photo
from engine.paths import shown_path

logger = logging.getLogger(__name__)

SECONDS_A_BATCH = 0.05
LARGEST_SUDDEN_LOSS = 0.2  # of a folder's photos


@dataclass(slots=True)
class AddReport:
    """What has been found so far.

    Attributes:
        folder: the root folder.
        seen: photo files found.
        new_ids: photos added since the report before.
        added: photos added in all; likewise moved, changed.
        missing: photos whose file is gone, taken out of results.
        held_back: photos whose file is gone, but too many at once to be believed: nothing was
            done about them.
        offline: the folder cannot be reached; nothing was done about its photos.
        unreadable: directories that could not be listed.
    """

    folder: Folder
    seen: int = 0
    new_ids: list[int] = field(default_factory=list)
    added: int = 0
    moved: int = 0
    changed: int = 0
    missing: int = 0
    held_back: int = 0
    offline: bool = False
    unreadable: int = 0


def add_files(
    library: Library,
    path: bytes,
    *,
    limit: int | None = None,
    remove_missing: bool = False,
) -> Iterator[AddReport]:
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
    folder = _root(library, path)
    report = AddReport(folder)
    if not _reachable(library, folder, remove_missing):
        report.offline = True
        yield report
        return
    intake = _Intake(library, folder, [path], report)
    yield from intake.take_all(limit)
    if limit is None:
        with library.transaction():
            intake.settle_missing(remove_missing)
            library.photos.remove_long_missing()
    yield replace(report, new_ids=[])


def refresh_paths(library: Library, folder: Folder, paths: Iterable[bytes]) -> AddReport:
    """Bring single files or directories of a folder level with the disk, in one transaction.

    Args:
        library: open for writing.
        folder: their root folder.
        paths: what was created, changed, moved or deleted.
    """
    report = AddReport(folder)
    if not _reachable(library, folder, remove_missing=False):
        report.offline = True
        return report
    # What is there comes first, so that a renamed photo is found anew before it is missed.
    ordered = sorted(paths, key=lambda path: not os.path.lexists(path))
    with library.transaction():
        intake = _Intake(library, folder, ordered, report)
        new_ids = [id_ for step in intake.take_all(None) for id_ in step.new_ids]
        intake.settle_missing(confirmed=False)
    report.new_ids = new_ids
    return report


def _root(library: Library, path: bytes) -> Folder:
    """The root folder a path belongs to, added if it is new."""
    roots = library.folders.all()
    for folder in roots:
        if path == folder.path or path.startswith(os.path.join(folder.path, b"")):
            return folder
    if not os.path.isdir(path):
        raise FolderError(f"There is no folder {shown_path(path)}.")
    if not os.access(path, os.R_OK | os.X_OK):
        raise FolderError(f"The folder {shown_path(path)} may not be read.")
    with library.transaction():
        added = library.folders.add(path)
        for folder in roots:
            if folder.path.startswith(os.path.join(path, b"")):
                library.folders.merge(folder.id, added.id)
    return added


def _reachable(library: Library, folder: Folder, remove_missing: bool) -> bool:
    """Whether a folder is there; the place of an unplugged drive may be an empty directory."""
    try:
        with os.scandir(folder.path) as entries:
            empty = next(entries, None) is None
    except OSError as error:
        logger.info("%s cannot be reached: %s", shown_path(folder.path), error)
        online = False
    else:
        online = not empty or remove_missing or not library.photos.known_files(folder.id)
    if online != folder.online:
        library.folders.set_online(folder.id, online)
    return online


class _Intake:
    """One pass over a folder or parts of it."""

    def __init__(
        self, library: Library, folder: Folder, paths: Sequence[bytes], report: AddReport
    ) -> None:
        self._library = library
        self._folder = folder
        self._paths = paths
        self._report = report
        self._known: dict[bytes, KnownFile] = {}
        for path in paths:
            self._known |= library.photos.known_files(folder.id, path)
        self._seen: set[bytes] = set()
        self._unreadable: list[bytes] = []
        self._offline = {f.id for f in library.folders.all() if not f.online} - {folder.id}

    def take_all(self, limit: int | None) -> Iterator[AddReport]:
        """Take in what is there; yields after each batch."""
        for path in self._paths:
            self._library.failures.remove_directories_under(path)
        for batch in self._batches(limit):
            self._report.new_ids = []
            with self._library.transaction():
                for found in batch:
                    self._take(found)
            yield self._report
        self._report.new_ids = []

    def _batches(self, limit: int | None) -> Iterator[list[FoundFile]]:
        batch: list[FoundFile] = []
        due = monotonic() + SECONDS_A_BATCH
        for found in self._found():
            batch.append(found)
            self._seen.add(found.path)
            self._report.seen += 1
            if monotonic() > due:
                yield batch
                batch, due = [], monotonic() + SECONDS_A_BATCH
            if self._report.seen == limit:
                break
        yield batch

    def _found(self) -> Iterator[FoundFile]:
        own = frozenset((os.fsencode(self._library.paths.folder),))
        for path in self._paths:
            if os.path.isdir(path):
                yield from walk(path, self._note_unreadable, own)
            elif is_photo_name(os.path.basename(path)) and (found := find_file(path)):
                yield found

    def _note_unreadable(self, directory: bytes, error: OSError) -> None:
        self._unreadable.append(directory)
        self._report.unreadable += 1
        reason = f"The folder could not be read: {error.strerror}."
        self._library.failures.add(directory, None, reason, permanent=False)

    def _take(self, found: FoundFile) -> None:
        known = self._known.get(found.path)
        if known is None:
            self._take_new(found)
        elif (known.size, known.mtime_ns) != (found.size, found.mtime_ns):
            self._take_changed(known, found)
        elif known.missing:
            self._library.photos.touch(known.id, found)

    def _take_new(self, found: FoundFile) -> None:
        twin = self._twin(found)
        if twin and self._has_gone(twin):
            self._library.photos.move(twin.id, self._folder.id, found)
            self._report.moved += 1
            return
        photo_id = self._library.photos.add(self._folder.id, found)
        if twin:
            self._library.photos.copy_facts(twin.id, photo_id)
            self._library.embeddings.copy(twin.id, photo_id)
        self._report.new_ids.append(photo_id)
        self._report.added += 1

    def _take_changed(self, known: KnownFile, found: FoundFile) -> None:
        photo = self._library.photos.get([known.id])[0]
        if photo.size == found.size and photo.content_hash == _content_hash(found.path):
            self._library.photos.touch(known.id, found)
            return
        self._library.photos.change(known.id, found)
        self._report.changed += 1

    def _twin(self, found: FoundFile) -> Photo | None:
        """A photo with the same content, one whose file has gone before others."""
        candidates = self._library.photos.with_size(found.size)
        if not candidates:  # most files need not be read for this
            return None
        content_hash = _content_hash(found.path)
        twins = [photo for photo in candidates if photo.content_hash == content_hash]
        return next(filter(self._has_gone, twins), twins[0] if twins else None)

    def _has_gone(self, photo: Photo) -> bool:
        away = photo.folder_id in self._offline  # its drive may come back with the file
        return photo.missing or (not away and not os.path.lexists(photo.path))

    def settle_missing(self, confirmed: bool) -> None:
        """Take out photos whose files are gone, unless they are too many to be believed."""
        gone = [known.id for path, known in self._known.items() if self._is_gone(path, known)]
        gone = [photo.id for photo in self._library.photos.get(gone) if photo.path in self._known]
        if not gone:
            return
        present = sum(
            not known.missing
            for known in self._library.photos.known_files(self._folder.id).values()
        )
        if len(gone) > LARGEST_SUDDEN_LOSS * present and not confirmed:
            self._report.held_back += len(gone)
            return
        self._library.photos.mark_missing(gone)
        self._report.missing += len(gone)

    def _is_gone(self, path: bytes, known: KnownFile) -> bool:
        hidden = any(path.startswith(os.path.join(part, b"")) for part in self._unreadable)
        return not known.missing and path not in self._seen and not hidden


def _content_hash(path: bytes) -> bytes | None:
    try:
        with open_file(path) as file:
            return hash_content(file)
    except UnreadableImageError as error:
        logger.info("%s could not be compared: %s", shown_path(path), error)
        return None
