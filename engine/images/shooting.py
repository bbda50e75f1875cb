"""How a photo was shot, as its EXIF tells: for people to read, so it is not kept in the library."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import ExifTags, Image

from engine.images.failures import DECODER_ERRORS, quiet

_LONGEST_LENS_NAME = 100


@dataclass(frozen=True, slots=True)
class Shooting:
    """The settings of the camera; None where the photo does not say or says nonsense.

    Attributes:
        exposure: how long the shutter was open, in seconds.
        aperture: the f-number.
        iso: the sensitivity.
        focal_length: in millimetres.
        focal_length_35: in millimetres, what gives the same view on 35 mm film.
        lens: make and model.
        flash: whether it fired.
    """

    exposure: float | None = None
    aperture: float | None = None
    iso: int | None = None
    focal_length: float | None = None
    focal_length_35: int | None = None
    lens: str | None = None
    flash: bool | None = None


def read_shooting(image: Image.Image) -> Shooting:
    """Read how a photo was shot; nothing is decoded, and broken EXIF counts as none.

    Args:
        image: as opened.
    """
    tags = _tags(image)
    return Shooting(
        exposure=_positive(tags, ExifTags.Base.ExposureTime),
        aperture=_positive(tags, ExifTags.Base.FNumber),
        iso=_whole(tags, ExifTags.Base.ISOSpeedRatings),
        focal_length=_positive(tags, ExifTags.Base.FocalLength),
        focal_length_35=_whole(tags, ExifTags.Base.FocalLengthIn35mmFilm),
        lens=_lens(tags),
        flash=_flash(tags),
    )


def _tags(image: Image.Image) -> Mapping[int, Any]:
    with quiet():
        try:
            # The base class's method: that of PNG decodes the whole picture to look behind it.
            return Image.Image.getexif(image).get_ifd(ExifTags.IFD.Exif)
        except DECODER_ERRORS:
            return {}  # what cannot be parsed is as good as absent, and the photo still shows


def _positive(tags: Mapping[int, Any], tag: int) -> float | None:
    value: Any = tags.get(tag)  # EXIF holds what it likes
    if isinstance(value, tuple):  # some cameras write the sensitivity twice
        value = value[0] if value else None
    try:
        number = float(value)
    except (TypeError, ValueError, ArithmeticError):
        return None
    return number if 0 < number < math.inf else None


def _whole(tags: Mapping[int, Any], tag: int) -> int | None:
    number = _positive(tags, tag)
    return None if number is None else round(number) or None


def _lens(tags: Mapping[int, Any]) -> str | None:
    make, model = _text(tags, ExifTags.Base.LensMake), _text(tags, ExifTags.Base.LensModel)
    repeated = model.lower().startswith(make.lower())
    name = model if repeated or not model else f"{make} {model}"
    return name[:_LONGEST_LENS_NAME].strip() or None


def _text(tags: Mapping[int, Any], tag: int) -> str:
    value = tags.get(tag)
    if not isinstance(value, str):
        return ""
    text = value.split("\0")[0]
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _flash(tags: Mapping[int, Any]) -> bool | None:
    value = tags.get(ExifTags.Base.Flash)
    return bool(value & 1) if isinstance(value, int) else None
