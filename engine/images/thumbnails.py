"""The small copies that the grid shows, one JPEG file a photo."""

from io import BytesIO
from pathlib import Path

from PIL import Image

from engine.errors import LibraryError
from engine.files import replacing

THUMBNAIL_SIDE = 320  # pixels; the grid's largest cell
_QUALITY = 80
_PHOTOS_A_FOLDER = 1000  # some file systems slow down with a million names in one folder


def make_thumbnail(image: Image.Image) -> bytes:
    """Make the small copy of an upright image.

    Args:
        image: upright, of any size; it is not changed.

    Returns:
        A JPEG file that fits in 320 x 320 pixels, never larger than `image`, with its colour
        profile.
    """
    rgb = image if image.mode == "RGB" else image.convert("RGB")
    small = rgb.resize(_fitting(image.size), Image.Resampling.BICUBIC, reducing_gap=3.0)
    small.info = {}  # Pillow would write a comment found there
    data = BytesIO()
    small.save(data, "JPEG", quality=_QUALITY, icc_profile=image.info.get("icc_profile"))
    return data.getvalue()


def thumbnail_path(folder: Path, photo_id: int) -> Path:
    """Tell where a photo's thumbnail lies: a thousand of them share a folder."""
    return folder / str(photo_id // _PHOTOS_A_FOLDER) / f"{photo_id}.jpg"


def save_thumbnail(folder: Path, photo_id: int, data: bytes) -> None:
    """Write a thumbnail so that a reader sees the old file or the new one, never half of one.

    Raises:
        LibraryError: the disk is full or cannot be written to.
    """
    path = thumbnail_path(folder, photo_id)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path, durable=False, several_writers=True) as temporary:
            temporary.write_bytes(data)
    except OSError as error:
        raise LibraryError(
            f"The thumbnails in {folder} cannot be written: {error.strerror or error}."
        ) from error


def remove_thumbnail(folder: Path, photo_id: int) -> None:
    """Delete a photo's thumbnail, if there is one.

    Raises:
        LibraryError: the file is there and cannot be deleted.
    """
    try:
        thumbnail_path(folder, photo_id).unlink(missing_ok=True)
    except OSError as error:
        raise LibraryError(
            f"The thumbnails in {folder} cannot be deleted: {error.strerror or error}."
        ) from error


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    scale = min(1.0, THUMBNAIL_SIDE / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
