"""Opens one photo file and decodes it upright, whatever its bytes are.

The plugins are called directly instead of through `Image.open`, for two reasons. `Image.open`
judges a picture by its full size, while a JPEG of 200 megapixels is decoded at an eighth of it;
and it guards against bombs with a warning and a process-wide number, while here the bound is
the memory there is.
"""

import io
import os
import stat
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pi_heif
import psutil
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from engine.errors import UnreadableImageError
from engine.images.containers import is_cut_off
from engine.images.failures import cut_off, decoding, file_error, quiet
from engine.images.metadata import read_orientation

pi_heif.register_heif_opener()

PHOTO_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".webp", ".gif", ".bmp", ".dib"}
    | {".tif", ".tiff", ".heic", ".heif", ".hif", ".avif"}
)

# Only these plugins ever see a byte. The plain JPEG class stands in for that of MPO, which
# differs in the pictures after the first.
_PLUGINS: dict[str, type[ImageFile.ImageFile]] = {
    "JPEG": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
    "WEBP": WebPImagePlugin.WebPImageFile,
    "GIF": GifImagePlugin.GifImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
    "TIFF": TiffImagePlugin.TiffImageFile,
    "AVIF": AvifImagePlugin.AvifImageFile,
    "HEIF": pi_heif.HeifImageFile,
}
_PREFIX_BYTES = 16

# Peak memory a decoded pixel, in bytes: Pillow's four for the picture, four for its RGB copy,
# four for the turned one; above that what was measured inside the codec (12 megapixels).
_BYTES_A_PIXEL = {"WEBP": 24, "HEIF": 16, "AVIF": 18}
_BYTES_A_PIXEL_OTHERWISE = 12
_MOST_BYTES = 4 * 2**30
_SHARE_OF_FREE_MEMORY = 0.5

_SMALLEST_SPAN = 1e-30  # below it 255 / span is no float32
_LARGEST_PROFILE = 2**20

_WITHOUT_WAITING = (
    os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)  # a pipe has no end
)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def read_upright(source: Path | bytes | BinaryIO, at_least: int) -> Image.Image:
    """Decode a photo the right way up; of an animation, the first picture.

    Args:
        source: a path (bytes as the file system has them) or a seekable binary file, which
            stays open.
        at_least: a JPEG is decoded at a half, a quarter or an eighth of its size as long as its
            shorter side keeps this many pixels; other formats at full size.

    Returns:
        The image in mode RGB; its `info` holds the colour profile, if any, and nothing else.
        Transparency is dropped and colours are not converted, as the reference preprocessing
        of the encoders has it.

    Raises:
        UnreadableImageError: there is no photo at `source` that can be decoded.
    """
    with _binary(source) as file:
        image = open_image(file)
        load(image, at_least)
        return upright(image)


def open_file(path: Path | bytes) -> BinaryIO:
    """Open an ordinary file to read; never waits for a pipe.

    Raises:
        UnreadableImageError: not permitted, not there, or not an ordinary file.
    """
    try:
        descriptor = os.open(path, _WITHOUT_WAITING)
    except OSError as error:
        raise file_error(error) from error
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise UnreadableImageError("This is not an ordinary file.", permanent=True)


def open_image(file: BinaryIO) -> ImageFile.ImageFile:
    """Read the header of a photo; no pixel is decoded.

    Args:
        file: seekable; it must stay open until the image is loaded.

    Raises:
        UnreadableImageError: the file is empty, cut off, damaged or not a photo.
    """
    with decoding(), quiet():
        return _identified(file)


def load(image: ImageFile.ImageFile, at_least: int) -> None:
    """Decode the pixels of an opened photo, if the memory suffices.

    Args:
        image: from `open_image`.
        at_least: what the shorter side of a JPEG keeps, in pixels.

    Raises:
        UnreadableImageError: damaged, cut off, or too large.
    """
    with decoding():
        width, height = image.size
        scans = _bytes_of_scans(image)
        if image.format == "JPEG":
            image.draft(None, (at_least, at_least))
        each = _BYTES_A_PIXEL.get(image.format or "", _BYTES_A_PIXEL_OTHERWISE)
        _refuse_what_does_not_fit(width, height, scans + image.width * image.height * each)
        image.load()


def upright(image: ImageFile.ImageFile) -> Image.Image:
    """Turn a loaded photo the right way up, in mode RGB.

    Raises:
        UnreadableImageError: its pixels are of a kind that has no RGB.
    """
    profile = image.info.get("icc_profile")
    orientation = read_orientation(image)
    with decoding():
        rgb = _rgb(image)
        turned = rgb.transpose(_TURNS[orientation]) if orientation in _TURNS else rgb
    turned.info = {"icc_profile": profile} if _is_rgb_profile(profile) else {}
    return turned


def _binary(source: Path | bytes | BinaryIO) -> AbstractContextManager[BinaryIO]:
    return open_file(source) if isinstance(source, Path | bytes) else nullcontext(source)


def _identified(file: BinaryIO) -> ImageFile.ImageFile:
    file.seek(0)
    prefix = file.read(_PREFIX_BYTES)
    if not prefix:
        raise UnreadableImageError("The file is empty.", permanent=True)
    names = [name for name in _PLUGINS if _accepts(name, prefix)]
    if not names:
        raise UnreadableImageError(
            "The file is not a photo of a kind that can be read.", permanent=True
        )
    if is_cut_off(file):
        raise cut_off()
    for name in names[:-1]:  # AVIF and HEIF can begin alike
        try:
            return _started(name, file)
        except (SyntaxError, ValueError):
            continue
    return _started(names[-1], file)


def _accepts(name: str, prefix: bytes) -> bool:
    accept = Image.OPEN[name][1]
    return accept is not None and accept(prefix) is True


def _started(name: str, file: BinaryIO) -> ImageFile.ImageFile:
    file.seek(0)
    return _PLUGINS[name](file, "")


def _bytes_of_scans(image: ImageFile.ImageFile) -> int:
    """Tell what libjpeg keeps of a whole picture, however small it is decoded, in bytes."""
    if not isinstance(image, JpegImagePlugin.JpegImageFile) or _has_one_scan(image):
        return 0
    return 2 * image.layers * image.width * image.height


def _has_one_scan(image: JpegImagePlugin.JpegImageFile) -> bool:
    if image.fp is None or "progressive" in image.info:
        return False
    # Pillow stops behind the header of the first scan; all channels in it means no other scan.
    length = 6 + 2 * image.layers
    image.fp.seek(-length, io.SEEK_CUR)
    return image.fp.read(3) == bytes([0, length, image.layers])


def _refuse_what_does_not_fit(width: int, height: int, needed: int) -> None:
    if needed > _MOST_BYTES:
        raise UnreadableImageError(
            f"The picture is too large to decode: {width:,} x {height:,} pixels.", permanent=True
        )
    if needed > _SHARE_OF_FREE_MEMORY * psutil.virtual_memory().available:
        raise UnreadableImageError(
            f"There is too little free memory to decode the picture: it takes up to "
            f"{needed / 2**20:,.0f} MiB.",
            permanent=False,
        )


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _eight_bits(image).convert("RGB")
    # Pillow would look for a palette colour to keep it in.
    image.info.pop("transparency", None)
    return image.convert("RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    # Pillow would clip these to 255 and leave a white sheet.
    values = np.asarray(image)
    if image.mode.startswith("I;16"):
        return Image.fromarray((values >> 8).astype(np.uint8))
    # Integers of 32 bits and floats have no agreed white: the brightest pixel is it.
    values = np.nan_to_num(values.astype(np.float32), posinf=0.0, neginf=0.0)
    black = min(0.0, float(values.min()))
    scale = 255 / max(float(values.max()) - black, _SMALLEST_SPAN)
    return Image.fromarray((values * scale - black * scale).clip(0, 255).astype(np.uint8))


def _is_rgb_profile(profile: object) -> bool:
    # That of a CMYK or grey source would be wrong for the RGB made of it.
    return (
        isinstance(profile, bytes)
        and profile[16:20] == b"RGB "
        and len(profile) <= _LARGEST_PROFILE
    )
