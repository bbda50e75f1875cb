"""Random views of photos: crops, mirrors, colours, RandAugment, mixtures of two photos.

A view is a pure function of the photos, its number and a seed, and looks the same at every size:
a teacher that has seen it at 224 pixels describes what its student sees at 128.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from engine.images.preprocessing import UInt8Array

WHOLE_PHOTO = 0  # the number of the view that is the whole photo
COLOUR_CHANCE = 0.7
MIXUP_SHARE = (0.3, 0.7)  # of the first photo
CUTMIX_AREA = (0.3, 0.6)  # of the view that is the other photo's
CUTMIX_ASPECT = 1.35  # the rectangle's sides, either way

_GREY = (128, 128, 128)  # where an operation has moved the photo away
_ENHANCERS = (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color)


@dataclass(frozen=True, slots=True)
class ImageAugmentation:
    """What happens to a photo before the student sees it.

    Attributes:
        smallest_area: of a crop, as a share of the photo, in (0, 1]; 1 is the whole photo.
        aspect: how much wider than high, or higher than wide, a crop is at most; at least 1.
        colour: brightness, contrast and saturation change by up to this share each, in random
            order, with a chance of 0.7; in [0, 1].
        rand_augment: how many operations of RandAugment follow (Cubuk et al. 2020).
        magnitude: how strong these are, in [0, 1]; 0.3 is 9 on the paper's scale of 30.
        mixed: every odd view is mixed with a view of another photo, by mixup (Zhang et al. 2018)
            or cutmix (Yun et al. 2019), half each.
    """

    smallest_area: float = 0.2
    aspect: float = 1.5
    colour: float = 0.4
    rand_augment: int = 0
    magnitude: float = 0.3
    mixed: bool = False


def is_mixed(number: int, how: ImageAugmentation) -> bool:
    """Whether a view shows two photos, so that no caption describes it."""
    return how.mixed and number % 2 == 1


def view(
    pixels: UInt8Array, row: int, number: int, seed: int, size: int, how: ImageAugmentation
) -> UInt8Array:
    """Render one view of one photo: random but for number 0, which is the photo as it is.

    Args:
        pixels: all photos, shape (n, C, C, 3), uint8; memory-mapped is fine. A mixed view's
            partner is drawn among all n, which therefore belong to the view's identity; n is at
            least 2 then.
        row: which photo.
        number: which of its views, from 0.
        seed: of everything random, not negative.
        size: side of what is returned, in pixels; it changes the resolution and nothing else.
        how: what may happen.

    Returns:
        Pixels of shape (size, size, 3), uint8, writable.
    """
    if number == WHOLE_PHOTO:
        whole = Image.fromarray(pixels[row])
        return np.array(whole.resize((size, size), Image.Resampling.BICUBIC))
    random = np.random.default_rng((seed, number, row))
    image = _augmented(pixels[row], size, how, random)
    if is_mixed(number, how):
        partner = (row + random.integers(1, len(pixels))) % len(pixels)
        image = _mixed(image, _augmented(pixels[partner], size, how, random), random)
    return np.array(image)


def _augmented(
    photo: UInt8Array, size: int, how: ImageAugmentation, random: np.random.Generator
) -> Image.Image:
    image = Image.fromarray(photo)
    box = _crop(image.width, how, random)
    image = image.resize((size, size), Image.Resampling.BICUBIC, box=box)
    if random.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if random.random() < COLOUR_CHANCE:
        for kind in random.permutation(len(_ENHANCERS)):
            factor = random.uniform(1 - how.colour, 1 + how.colour)
            image = _ENHANCERS[kind](image).enhance(factor)
    for kind in random.integers(len(_OPERATIONS), size=how.rand_augment):
        sign = 1 if random.random() < 0.5 else -1
        image = _OPERATIONS[kind](image, sign * how.magnitude)
    return image


def _crop(
    side: int, how: ImageAugmentation, random: np.random.Generator
) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a rectangle whose area is uniform and which always fits.

    After random-sized crops (Szegedy et al. 2015, section 6), which draw anew where a rectangle
    does not fit; here the aspect is drawn from those that do.
    """
    area = random.uniform(how.smallest_area, 1.0)
    widest = min(np.log(how.aspect), -np.log(area))
    aspect = np.exp(random.uniform(-widest, widest))
    # A hair more than 1, by rounding, would reach over the edge.
    width, height = (min(1.0, float(np.sqrt(a))) for a in (area * aspect, area / aspect))
    left, top = random.uniform(0, 1 - width), random.uniform(0, 1 - height)
    return side * left, side * top, side * (left + width), side * (top + height)


def _mixed(image: Image.Image, other: Image.Image, random: np.random.Generator) -> Image.Image:
    if random.random() < 0.5:
        return Image.blend(other, image, random.uniform(*MIXUP_SHARE))
    area = random.uniform(*CUTMIX_AREA)
    bound = np.log(CUTMIX_ASPECT)
    aspect = np.exp(random.uniform(-bound, bound))
    width, height = np.sqrt(area * aspect), np.sqrt(area / aspect)
    left, top = random.uniform(0, 1 - width), random.uniform(0, 1 - height)
    start = round(image.width * left), round(image.width * top)
    end = round(image.width * (left + width)), round(image.width * (top + height))
    image.paste(other.crop((*start, *end)), start)
    return image


# RandAugment's operations, and ranges as torchvision has them.


def _moved(
    image: Image.Image, shear: tuple[float, float] = (0, 0), shift: tuple[float, float] = (0, 0)
) -> Image.Image:
    """Shear about the middle and shift; along x and y, as shares of the side."""
    middle = image.width / 2
    matrix = (
        *(1.0, shear[0], image.width * shift[0] - shear[0] * middle),
        *(shear[1], 1.0, image.width * shift[1] - shear[1] * middle),
    )
    bilinear = Image.Resampling.BILINEAR
    return image.transform(image.size, Image.Transform.AFFINE, matrix, bilinear, fillcolor=_GREY)


def _rotated(image: Image.Image, degrees: float) -> Image.Image:
    return image.rotate(degrees, Image.Resampling.BILINEAR, fillcolor=_GREY)


# Each takes a magnitude in [-1, 1]; those without a direction ignore its sign.
_OPERATIONS: tuple[Callable[[Image.Image, float], Image.Image], ...] = (
    lambda image, m: image,
    lambda image, m: _moved(image, shear=(0.3 * m, 0)),
    lambda image, m: _moved(image, shear=(0, 0.3 * m)),
    lambda image, m: _moved(image, shift=(0.45 * m, 0)),
    lambda image, m: _moved(image, shift=(0, 0.45 * m)),
    lambda image, m: _rotated(image, 30 * m),
    lambda image, m: ImageEnhance.Brightness(image).enhance(1 + 0.9 * m),
    lambda image, m: ImageEnhance.Color(image).enhance(1 + 0.9 * m),
    lambda image, m: ImageEnhance.Contrast(image).enhance(1 + 0.9 * m),
    lambda image, m: ImageEnhance.Sharpness(image).enhance(1 + 0.9 * m),
    lambda image, m: ImageOps.posterize(image, 8 - round(4 * abs(m))),
    lambda image, m: ImageOps.solarize(image, round(255 * (1 - abs(m)))),
    lambda image, m: ImageOps.autocontrast(image),
    lambda image, m: ImageOps.equalize(image),
)
