import numpy as np
import torch
from torch import Tensor

from engine.training.augmentation import COLOUR_RANGE, SMALLEST_CROP, random_views


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def noise(n: int, side: int, seed: int = 0) -> Tensor:
    pixels = np.random.default_rng(seed).integers(0, 256, (n, side, side, 3), dtype=np.uint8)
    return torch.from_numpy(pixels)


def gradient(n: int, side: int) -> Tensor:
    """Red tells the column and green the row, so that a view tells where it was cut."""
    ramp = torch.linspace(64, 192, side)
    image = torch.zeros(side, side, 3)
    image[..., 0], image[..., 1] = ramp[None, :], ramp[:, None]
    return image.round().to(torch.uint8).expand(n, side, side, 3)


def test_views_have_the_asked_size_and_lie_between_zero_and_one() -> None:
    for size in (16, 24, 40):  # smaller than the image, as large, larger
        views = random_views(noise(9, 24), size, generator())
        assert views.shape == (9, 3, size, size)
        assert views.dtype == torch.float32
        assert views.min() >= 0
        assert views.max() <= 1
        assert torch.isfinite(views).all()


def test_the_seed_decides_the_views() -> None:
    images = noise(4, 20)
    first, again = (random_views(images, 16, generator(1)) for _ in range(2))
    assert torch.equal(first, again)
    assert not torch.equal(first, random_views(images, 16, generator(2)))


def test_each_image_and_each_draw_is_treated_by_itself() -> None:
    same = noise(1, 20).expand(6, 20, 20, 3)
    random = generator()
    views, later = random_views(same, 16, random), random_views(same, 16, random)
    assert not any(torch.equal(views[0], other) for other in views[1:])
    assert not torch.equal(views, later)


def test_the_images_themselves_are_left_as_they_are() -> None:
    images = noise(3, 20)
    before = images.clone()
    random_views(images, 16, generator())
    assert torch.equal(images, before)


def test_crops_stay_inside_the_image_and_keep_most_of_it() -> None:
    side = 64
    # The colours change too: a horizontal position is read from where a column stands in the
    # range of its own row, so only the ratio of what is left of the range counts.
    views = random_views(gradient(200, side), 32, generator())
    for channel in (0, 1):
        axis = 2 if channel == 0 else 1
        along = views[:, channel].mean(dim=3 - axis)
        steps = along.diff(dim=1)
        # Outside the image there is its mirror: a crop over the edge would turn the ramp round.
        inner = steps[:, 1:-1]
        assert ((inner >= -1e-4).all(dim=1) | (inner <= 1e-4).all(dim=1)).all()


def test_about_half_of_the_views_are_mirrored_and_none_stands_on_its_head() -> None:
    views = random_views(gradient(400, 32), 16, generator())
    mirrored = views[:, 0, :, 0].mean(dim=1) > views[:, 0, :, -1].mean(dim=1)
    assert 150 < int(mirrored.sum()) < 250
    assert (views[:, 1, 0].mean(dim=1) < views[:, 1, -1].mean(dim=1)).all()


def test_crops_and_colours_use_their_whole_range() -> None:
    grey = torch.full((500, 8, 8, 3), 100, dtype=torch.uint8)
    brightness = random_views(grey, 8, generator()).mean(dim=(1, 2, 3)) / (100 / 255)
    assert 1 - COLOUR_RANGE <= brightness.min() < 1 - 0.9 * COLOUR_RANGE
    assert 1 + 0.9 * COLOUR_RANGE < brightness.max() <= 1 + COLOUR_RANGE + 1e-5

    ramp = random_views(gradient(500, 64), 32, generator()).double()
    # What is left of the ramp's width, the contrast known from the other direction's extremes
    # being at most a quarter off.
    width = (ramp[:, 0, :, 0] - ramp[:, 0, :, -1]).mean(dim=1).abs() / (128 / 255)
    lowest = SMALLEST_CROP * (1 - COLOUR_RANGE) ** 2
    assert lowest * 0.95 < width.min() < 0.5
    assert 1.1 < width.max() < (1 + COLOUR_RANGE) ** 2
