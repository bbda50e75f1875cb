"""Brings one thumbnail from the disk, or makes it from the photo; in a thread of its own."""

import logging
import os
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from PySide6.QtGui import QColorSpace, QImage

from engine.errors import EngineError, LibraryError
from engine.images.reading import read_upright
from engine.images.thumbnails import (
    THUMBNAIL_SIDE,
    make_thumbnail,
    save_thumbnail,
    thumbnail_path,
)
from engine.indexing.twins import is_as_known
from engine.indexing.walking import find_file
from engine.library.library import Library
from engine.library.photo import Photo
from engine.paths import LibraryPaths

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a wish.

    Attributes:
        photo_id: of the photo.
        image: the thumbnail in sRGB; None where there is none.
        reason: why there is none, as a sentence.
        gone: the photo's file is no longer there.
    """

    photo_id: int
    image: QImage | None = None
    reason: str = ""
    gone: bool = False


class ThumbnailReader:
    """Reads thumbnails of one library; to be used by one thread, which also closes it."""

    def __init__(self, library_folder: Path) -> None:
        self._folder = library_folder
        self._thumbnails = LibraryPaths(library_folder).thumbnails
        self._library: Library | None = None
        self._can_save = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._library is not None:
            self._library.close()

    def read(self, photo_id: int) -> Answer:
        """Give a photo's thumbnail; one that is missing or damaged is made from the photo."""
        image = self._saved(photo_id)
        if image is not None:
            return Answer(photo_id, image)
        try:
            return self._made(photo_id)
        except EngineError as error:
            return Answer(photo_id, reason=str(error))

    def _saved(self, photo_id: int) -> QImage | None:
        try:
            data = thumbnail_path(self._thumbnails, photo_id).read_bytes()
        except OSError:
            return None  # whatever the reason is, the photo may still be readable
        return decoded(data)

    def _made(self, photo_id: int) -> Answer:
        library = self._open_library()
        photos = library.photos.get([photo_id])
        if not photos or photos[0].missing:
            return Answer(photo_id, gone=True)
        if not os.path.lexists(photos[0].path):
            return _absent(library, photos[0])
        data = make_thumbnail(read_upright(photos[0].path, THUMBNAIL_SIDE))
        if _is_as_known(photos[0]):
            self._save(photo_id, data)
        return Answer(photo_id, decoded(data))

    def _open_library(self) -> Library:
        if self._library is None:
            self._library = Library.open_to_read(self._folder)
        return self._library

    def _save(self, photo_id: int, data: bytes) -> None:
        """Keep it for the next time; a full disk does not keep it from being shown."""
        if not self._can_save:
            return
        try:
            save_thumbnail(self._thumbnails, photo_id, data)
        except LibraryError as error:
            self._can_save = False
            logger.warning("%s The grid makes them anew each time.", error)


def decoded(data: bytes) -> QImage | None:
    """Decode a picture file to sRGB; None where it is damaged."""
    image = QImage.fromData(data)
    if image.isNull():
        return None
    srgb = QColorSpace(QColorSpace.NamedColorSpace.SRgb)
    if image.colorSpace().isValid() and image.colorSpace() != srgb:
        image.convertToColorSpace(srgb)
    return image.convertToFormat(QImage.Format.Format_RGB32)


def _is_as_known(photo: Photo) -> bool:
    """Whether its file is still the one the library knows: else nobody would replace the copy."""
    found = find_file(photo.path, hidden=True)
    return found is not None and is_as_known(found, photo)


def _absent(library: Library, photo: Photo) -> Answer:
    """Tell a file that is gone from one whose whole folder cannot be reached."""
    for folder in library.folders.all():
        if folder.id == photo.folder_id and not os.path.isdir(folder.path):
            return Answer(photo.id, reason="The folder of this photo cannot be reached now.")
    return Answer(photo.id, gone=True)
