"""What a photo says of itself: size, date, place and camera, from EXIF."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from PIL import ExifTags, Image

from engine.images.failures import DECODER_ERRORS, quiet

_Value = TypeVar("_Value")
_Tags = Mapping[int, Any]

_TURNED_ON_ITS_SIDE = (5, 6, 7, 8)
_LONGEST_CAMERA_NAME = 100
_DATE = re.compile(
    r"([0-9]{4})[:\-/.]([0-9]{2})[:\-/.]([0-9]{2})[ T]([0-9]{2}):([0-9]{2}):([0-9]{2})"
)


@dataclass(frozen=True, slots=True)
class PhotoMetadata:
    """What is known of a photo without looking at its pixels.

    Attributes:
        width: of the upright photo at full size, in pixels.
        height: of the upright photo at full size, in pixels.
        taken_at: local time of the place it was taken at, without a time zone; None where the
            photo does not say or says nonsense.
        latitude: degrees north, in [-90, 90].
        longitude: degrees east, in [-180, 180]; None exactly when `latitude` is.
        camera: make and model.
    """

    width: int
    height: int
    taken_at: datetime | None
    latitude: float | None
    longitude: float | None
    camera: str | None


def read_metadata(image: Image.Image, full_size: tuple[int, int] | None = None) -> PhotoMetadata:
    """Read what a photo says of itself; nothing is decoded, and broken EXIF counts as none.

    Args:
        image: as opened; EXIF that a PNG carries behind its pixels is seen once it is loaded.
        full_size: width and height as opened, in pixels, where `draft` has changed them since.

    Returns:
        The metadata; what is missing or malformed is None.
    """
    width, height = full_size or image.size
    if read_orientation(image) in _TURNED_ON_ITS_SIDE:
        width, height = height, width
    with quiet():
        exif = _exif(image)
        shot = _directory(exif, ExifTags.IFD.Exif)
        place = _place(_directory(exif, ExifTags.IFD.GPSInfo))
        return PhotoMetadata(
            width=width,
            height=height,
            taken_at=_taken_at(exif, shot),
            latitude=None if place is None else place[0],
            longitude=None if place is None else place[1],
            camera=_camera(exif),
        )


def read_orientation(image: Image.Image) -> int:
    """Tell how the decoded pixels must be turned: an EXIF orientation from 1 to 8.

    1, upright, also where the photo says nonsense, and for TIFF, which Pillow turns itself.
    """
    if image.format == "TIFF":
        return 1
    with quiet():
        exif = _exif(image)
        orientation = _tag(exif, ExifTags.Base.Orientation)
    return orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1


def _exif(image: Image.Image) -> Image.Exif:
    # The base class's method: that of PNG decodes the whole picture to look for EXIF behind it.
    return _or_else(lambda: Image.Image.getexif(image), Image.Exif())


def _directory(exif: Image.Exif, tag: int) -> _Tags:
    nothing: _Tags = {}
    return _or_else(lambda: exif.get_ifd(tag), nothing)


def _or_else(read: Callable[[], _Value], otherwise: _Value) -> _Value:
    try:
        return read()
    except DECODER_ERRORS:
        return otherwise  # what cannot be parsed is as good as absent, and the photo still shows


def _tag(tags: Image.Exif | _Tags, tag: int) -> Any:  # noqa: ANN401 - EXIF holds what it likes
    # Pillow parses a value when it is first asked for.
    return _or_else(lambda: tags.get(tag), None)


def _taken_at(exif: Image.Exif, shot: _Tags) -> datetime | None:
    candidates = (
        _tag(shot, ExifTags.Base.DateTimeOriginal),
        _tag(exif, ExifTags.Base.DateTimeOriginal),
        _tag(shot, ExifTags.Base.DateTimeDigitized),
        _tag(exif, ExifTags.Base.DateTime),
    )
    dates = (_date(_text(candidate)) for candidate in candidates)
    return next((date for date in dates if date is not None), None)


def _date(text: str) -> datetime | None:
    match = _DATE.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups())
    try:
        return datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None  # the 31st of February, or the zeros of a camera whose clock was never set


def _place(gps: _Tags) -> tuple[float, float] | None:
    latitude = _angle(gps, ExifTags.GPS.GPSLatitude, positive="N", negative="S", limit=90)
    longitude = _angle(gps, ExifTags.GPS.GPSLongitude, positive="E", negative="W", limit=180)
    if latitude is None or longitude is None:
        return None
    if latitude == 0 and longitude == 0:
        return None  # what cameras write that have not found a satellite yet
    return latitude, longitude


def _angle(gps: _Tags, tag: int, *, positive: str, negative: str, limit: float) -> float | None:
    # The tag before each angle names its hemisphere. Without it the sign would be a guess, and
    # half the guesses put the photo on the wrong side of the world.
    hemisphere = _text(_tag(gps, tag - 1)).upper()[:1]
    degrees = _or_else(lambda: _degrees(gps[tag]), math.nan)
    if hemisphere not in (positive, negative) or not 0 <= degrees <= limit:
        return None
    return degrees if hemisphere == positive else -degrees


def _degrees(value: Any) -> float:  # noqa: ANN401 - EXIF holds what it likes
    parts = value if isinstance(value, tuple) else (value,)
    degrees, minutes, seconds = (*map(float, parts), 0.0, 0.0)[:3]
    # Receivers that give decimal minutes write 0/0 seconds.
    fraction = 0.0 if math.isnan(seconds) else seconds / 3600
    return degrees + minutes / 60 + fraction


def _camera(exif: Image.Exif) -> str | None:
    make = _text(_tag(exif, ExifTags.Base.Make))
    model = _text(_tag(exif, ExifTags.Base.Model))
    makers = make.lower().split()
    # "NIKON CORPORATION" makes the "NIKON D5000", "EASTMAN KODAK COMPANY" the "KODAK CX7530".
    repeated = model.lower().split()[:1] in ([maker] for maker in makers)
    name = model if repeated else f"{make} {model}"
    return name.strip()[:_LONGEST_CAMERA_NAME].strip() or None


def _text(value: Any) -> str:  # noqa: ANN401 - EXIF holds what it likes
    if isinstance(value, str):
        # Pillow reads EXIF as Latin-1; newer devices write UTF-8.
        value = value.encode("latin-1", errors="replace")
    if not isinstance(value, bytes):
        return ""
    value = value.split(b"\0")[0]
    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
