"""What a checkpoint wants done to an image before it sees it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from PIL import Image

UInt8Array = npt.NDArray[np.uint8]

CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)
HALF = (0.5, 0.5, 0.5)


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """How an upright RGB image becomes a model input.

    Attributes:
        size: side of the square input, in pixels.
        resize: "squash" resizes both sides to `size`; "crop" resizes the shorter side and cuts
            the centre.
        mean: subtracted from each channel, after scaling to [0, 1].
        std: divides each channel, after the mean is subtracted.
        interpolation: the resampling filter.
    """

    size: int
    resize: Literal["squash", "crop"]
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    interpolation: Literal["bicubic", "bilinear"] = "bicubic"


# A strip of one pixel by 60,000 resized to a shorter side of 224 would have 13 million columns,
# of which the centre crop keeps 224. What lies further out than this never matters.
_LONGEST_ASPECT = 32

_FILTERS = {
    "bicubic": Image.Resampling.BICUBIC,
    "bilinear": Image.Resampling.BILINEAR,
}


def prepare(image: Image.Image, how: Preprocessing) -> UInt8Array:
    """Resize an upright image to a model input, rounding as torchvision does.

    Other modes become RGB before the resize: a palette cannot be interpolated, and the reference
    preprocessing of both encoders does it in this order.

    Args:
        image: any size from one pixel up.
        how: what the checkpoint wants; its mean and std are left to the encoder.

    Returns:
        Pixels of shape (S, S, 3), uint8, RGB, writable; S is `how.size`.
    """
    rgb = image if image.mode == "RGB" else image.convert("RGB")
    resampling = _FILTERS[how.interpolation]
    if how.resize == "squash":
        return np.array(rgb.resize((how.size, how.size), resampling))
    strip = _without_far_ends(rgb)
    resized = strip.resize(_size_with_shorter_side(strip.size, how.size), resampling)
    return np.array(_centre(resized, how.size))


def _without_far_ends(image: Image.Image) -> Image.Image:
    longest = _LONGEST_ASPECT * min(image.size)
    if max(image.size) <= longest:
        return image
    left = max(0, (image.width - longest) // 2)
    top = max(0, (image.height - longest) // 2)
    return image.crop((left, top, image.width - left, image.height - top))


def _size_with_shorter_side(size: tuple[int, int], side: int) -> tuple[int, int]:
    width, height = size
    if width <= height:
        return side, int(side * height / width)
    return int(side * width / height), side


def _centre(image: Image.Image, side: int) -> Image.Image:
    # round() goes to the even neighbour at one half, and so does torchvision's centre crop.
    left = round((image.width - side) / 2)
    top = round((image.height - side) / 2)
    return image.crop((left, top, left + side, top + side))
