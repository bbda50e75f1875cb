"""A picture that is dropped onto the search bar or pasted into it, to search with."""

import os
import tempfile
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QImage

from engine.errors import UnreadableImageError
from engine.images.reading import PHOTO_SUFFIXES, read_upright
from engine.paths import cache_folder
from gui.dropping import local_paths

PASTED_SIDE = 1024  # pixels; no encoder looks at more
PASTED_KEPT = 10  # files; the one in use and some that the user may come back to


def pasted_folder() -> Path:
    """Where pasted pictures lie, since encoders read files."""
    return cache_folder() / "pasted"


def holds_picture(data: QMimeData) -> bool:
    """Whether a drop or the clipboard is one picture, rather than text or files to add."""
    return picture_file(data) is not None or holds_pixels(data)


def picture_file(data: QMimeData) -> bytes | None:
    """The one picture file that is given, by the ending of its name."""
    if len(data.urls()) != 1 or not (paths := local_paths(data)):
        return None
    suffix = os.path.splitext(os.fsdecode(paths[0]))[1].lower()
    return paths[0] if suffix in PHOTO_SUFFIXES else None


def holds_pixels(data: QMimeData) -> bool:
    """Whether the picture itself is given; text copied from office programs has one beside it."""
    files = bool(local_paths(data))
    return data.hasImage() and not files and (data.hasUrls() or not data.hasText())


def keep_pasted(image: QImage, folder: Path) -> bytes:
    """Write a pasted picture to a file, small enough to be quick, and remove old ones.

    Args:
        image: not null.
        folder: is made if needed.

    Returns:
        The path of the PNG file.

    Raises:
        OSError: the folder or the file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _remove_old(folder)
    descriptor, path = tempfile.mkstemp(".png", "pasted-", folder)
    os.close(descriptor)
    if not _fitting(image, PASTED_SIDE).save(path):
        raise OSError(f"{path} cannot be written")
    return os.fsencode(path)


def read_small(path: bytes, side: int) -> QImage:
    """Decode a picture file upright, so small that it fits in a square of `side` pixels.

    Returns:
        The picture; a null one where the file cannot be read, as the search for it will say.
    """
    try:
        image = read_upright(path, side)
    except UnreadableImageError:
        return QImage()
    image.thumbnail((side, side))
    data = image.tobytes()
    width, height = image.size
    return QImage(data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def _fitting(image: QImage, side: int) -> QImage:
    if max(image.width(), image.height()) <= side:
        return image
    keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return image.scaled(side, side, keep, smooth)


def _remove_old(folder: Path) -> None:
    files = sorted(folder.glob("pasted-*.png"), key=lambda file: file.stat().st_mtime_ns)
    for file in files[: max(0, len(files) - PASTED_KEPT + 1)]:
        file.unlink(missing_ok=True)
