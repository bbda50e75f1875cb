"""The large picture of a photo as the window draws it, and what its file says of the shot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms
from PySide6.QtGui import QImage, QPixmap

from engine.images.metadata import read_metadata
from engine.images.reading import load, open_file, open_image, upright
from engine.images.shooting import Shooting, read_shooting

ThumbnailOf = Callable[[int], QPixmap | None]
"""The small copy of a photo by its id, if it is at hand."""

_SMALLEST_SIDE = 256  # pixels; smaller copies would not be drawn faster
_LINES_A_STRIP = 256
_BYTES_A_PIXEL = 4


@dataclass(frozen=True, slots=True)
class Preview:
    """A decoded photo.

    Attributes:
        photo_id: whose it is.
        levels: upright, in sRGB; each half as wide and high as the one before, so that a
            picture of any size is drawn small without a flicker and without a stall.
        width: of the photo at full size, in pixels, which a JPEG may not be decoded at.
        height: of the photo at full size, in pixels.
        shooting: the settings of the camera.
    """

    photo_id: int
    levels: tuple[QImage, ...]
    width: int
    height: int
    shooting: Shooting

    @property
    def is_full(self) -> bool:
        """Whether the largest level has every pixel of the photo."""
        return self.levels[0].width() >= self.width

    @property
    def size_in_bytes(self) -> int:
        return sum(level.sizeInBytes() for level in self.levels)

    def has(self, at_least: int) -> bool:
        """Whether it is as large as one read with `at_least`."""
        largest = self.levels[0]
        return self.is_full or min(largest.width(), largest.height()) >= at_least


def read_preview(photo_id: int, path: bytes, at_least: int) -> Preview:
    """Decode a photo to be drawn; meant for a background thread.

    Args:
        photo_id: whose it is.
        path: as the file system has it.
        at_least: what the shorter side of a JPEG keeps, in pixels.

    Raises:
        UnreadableImageError: there is no photo at `path` that can be decoded.
    """
    with open_file(path) as file:
        opened = open_image(file)
        full_size = opened.size
        load(opened, at_least)
        metadata = read_metadata(opened, full_size)
        return Preview(
            photo_id=photo_id,
            levels=tuple(map(_drawable, _halved(_in_srgb(upright(opened))))),
            width=metadata.width,
            height=metadata.height,
            shooting=read_shooting(opened),
        )


def level_for(levels: Sequence[QImage], width: float) -> QImage:
    """The smallest level that need not be enlarged to be drawn at this width, in pixels."""
    fine = [level for level in levels if level.width() >= width]
    return fine[-1] if fine else levels[0]


def _in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if profile is None:
        return image
    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, own, srgb)
    except (ImageCms.PyCMSError, OSError):
        return image  # a broken profile says nothing of the colours
    return converted or image


def _halved(image: Image.Image) -> list[Image.Image]:
    levels = [image]
    while min(levels[-1].size) > 2 * _SMALLEST_SIDE:
        levels.append(levels[-1].reduce(2))
    return levels


def _drawable(image: Image.Image) -> QImage:
    # Strip by strip, for each holds the interpreter, and with it the window, until it is copied.
    width, height = image.size
    picture = QImage(width, height, QImage.Format.Format_RGB32)
    pixels = memoryview(picture.bits())
    for top in range(0, height, _LINES_A_STRIP):
        strip = image.crop((0, top, width, min(top + _LINES_A_STRIP, height)))
        start = top * width * _BYTES_A_PIXEL
        data = strip.tobytes("raw", "BGRX")
        pixels[start : start + len(data)] = data
    return picture
