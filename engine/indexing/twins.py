"""Photos of the same content: a file that was moved or copied need not be embedded again."""

import logging

from engine.errors import UnreadableImageError
from engine.images.photo_reading import hash_content
from engine.images.reading import open_file
from engine.images.thumbnails import save_thumbnail, thumbnail_path
from engine.indexing.roots import is_reachable
from engine.indexing.walking import find_file, is_absent
from engine.library.library import Library
from engine.library.photo import Folder, FoundFile, KnownFile, Photo
from engine.paths import shown_path

logger = logging.getLogger(__name__)


class Twins:
    """Finds photos by content.

    Args:
        library: open for writing.
        folder: the root folder that is being looked through, known to be there.
    """

    def __init__(self, library: Library, folder: Folder) -> None:
        self._library = library
        self._offline = {
            other.id
            for other in library.folders.all()
            if other.id != folder.id and not is_reachable(library, other)
        }

    def of(self, found: FoundFile) -> list[Photo]:
        """The photos that have, or had, the content of a file."""
        if not self._library.photos.knows_size(found.size):  # most files need not be read
            return []
        content_hash = hash_of(found.path)
        if content_hash is None:
            return []
        return self._library.photos.with_content(found.size, content_hash)

    def has_gone(self, photo: Photo) -> bool:
        """Whether a photo is no longer where it was, and no unplugged drive may bring it back."""
        if photo.missing:
            return True
        if is_absent(photo.path):
            return photo.folder_id not in self._offline
        there = find_file(photo.path)
        replaced = there is not None and not is_as_known(there, photo)
        return replaced and hash_of(photo.path) != photo.content_hash

    def copy(self, twin: Photo, photo_id: int) -> None:
        """Give a second file of the same content all that is known of the first."""
        self._library.photos.copy_facts(twin.id, photo_id)
        self._library.embeddings.copy(twin.id, photo_id)
        folder = self._library.paths.thumbnails
        thumbnail = thumbnail_path(folder, twin.id)
        if thumbnail.exists():
            save_thumbnail(folder, photo_id, thumbnail.read_bytes())


def is_as_known(found: FoundFile, known: FoundFile | KnownFile | Photo) -> bool:
    """Whether a file looks as it did when it was last read."""
    return (found.size, found.mtime_ns) == (known.size, known.mtime_ns)


def hash_of(path: bytes) -> bytes | None:
    """The content hash of a file; None where it cannot be read."""
    try:
        with open_file(path) as file:
            return hash_content(file)
    except UnreadableImageError as error:
        logger.info("%s could not be compared: %s", shown_path(path), error)
        return None
