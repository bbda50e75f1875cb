from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from engine.images.preprocessing import UInt8Array
from engine.training.views import WHOLE_PHOTO, ImageAugmentation, is_mixed, view

WHOLE = ImageAugmentation(smallest_area=1.0, aspect=1.0, colour=0.0)
CROPPED = ImageAugmentation(colour=0.0)
EVERYTHING = ImageAugmentation(rand_augment=2, mixed=True)


def smooth(n: int, side: int) -> UInt8Array:
    """Photos without detail, so that a resize loses nothing."""
    coarse = np.random.default_rng(0).integers(0, 256, (n, 4, 4, 3), dtype=np.uint8)
    images = (Image.fromarray(photo) for photo in coarse)
    return np.stack([np.array(i.resize((side, side), Image.Resampling.BICUBIC)) for i in images])


def ramp(side: int) -> UInt8Array:
    """One photo: red tells the column and green the row, so that a view tells where it was cut."""
    photo = np.zeros((1, side, side, 3), np.uint8)
    along = np.linspace(0, 255, side).round()
    photo[0, ..., 0], photo[0, ..., 1] = along[None, :], along[:, None]
    return photo


def flat(*colours: int) -> UInt8Array:
    return np.stack([np.full((16, 16, 3), colour, np.uint8) for colour in colours])


def test_a_view_is_the_same_whenever_it_is_drawn_and_leaves_the_photos_alone() -> None:
    pixels = smooth(3, 24)
    before = pixels.copy()
    first = view(pixels, 1, 5, 7, 16, EVERYTHING)
    assert first.shape == (16, 16, 3)
    assert first.dtype == np.uint8
    assert first.flags.writeable
    for row in range(3):
        view(pixels, row, 2, 7, 16, EVERYTHING)  # others in between change nothing
    assert np.array_equal(view(pixels, 1, 5, 7, 16, EVERYTHING), first)
    assert np.array_equal(pixels, before)


def test_the_first_view_is_the_photo_as_it_is() -> None:
    pixels = smooth(2, 24)
    assert np.array_equal(view(pixels, 1, WHOLE_PHOTO, 5, 24, CROPPED), pixels[1])
    assert view(pixels, 1, WHOLE_PHOTO, 5, 12, CROPPED).shape == (12, 12, 3)


def test_row_number_and_seed_each_make_another_view() -> None:
    pixels = np.repeat(smooth(1, 24), 3, axis=0)
    views = [
        view(pixels, row, number, seed, 16, CROPPED)
        for row, number, seed in ((0, 1, 0), (1, 1, 0), (0, 2, 0), (0, 1, 1), (0, 1, 2**63 - 1))
    ]
    for i, one in enumerate(views):
        assert not any(np.array_equal(one, other) for other in views[:i])


@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize("rand_augment", [0, 2])
def test_a_view_shows_the_same_at_every_size(mixed: bool, rand_augment: int) -> None:
    pixels = smooth(4, 96)
    how = ImageAugmentation(mixed=mixed, rand_augment=rand_augment)
    differences, between_views = [], []
    for number in range(60):
        small, large = (view(pixels, 0, number, 3, size, how) for size in (48, 96))
        shrunk = Image.fromarray(large).resize((48, 48), Image.Resampling.BOX)
        differences.append(np.abs(small - np.asarray(shrunk, np.float32)).mean())
        another = view(pixels, 0, number + 1, 3, 48, how)
        between_views.append(np.abs(small - another.astype(np.float32)).mean())
    # Rounded levels, and histograms of another number of pixels, differ by more than resizing.
    assert np.median(differences) < 2
    assert max(differences) < 20
    assert np.median(between_views) > 25


def test_without_crops_and_colours_a_view_is_the_photo_or_its_mirror() -> None:
    pixels = smooth(1, 16)
    views = [view(pixels, 0, number, 0, 16, WHOLE) for number in range(200)]
    upright = sum(np.array_equal(one, pixels[0]) for one in views)
    mirrored = sum(np.array_equal(one, pixels[0][:, ::-1]) for one in views)
    assert upright + mirrored == 200
    assert 70 < upright < 130


def test_crops_use_the_whole_range_of_areas_and_aspects_and_no_more() -> None:
    pixels = ramp(256)
    size, boxes = 32, []
    for number in range(400):
        seen = view(pixels, 0, number, 0, size, CROPPED).astype(np.float64) / 255
        across, down = seen[..., 0].mean(axis=0), seen[..., 1].mean(axis=1)
        # From the middle of the first pixel to that of the last, hence the factor.
        width, height = (abs(np.ptp(line)) * size / (size - 1) for line in (across, down))
        assert down[0] < down[-1]  # none stands on its head
        boxes.append((width, height, across.mean(), down.mean()))
    width, height, x, y = np.array(boxes).T
    area, aspect = width * height, width / height
    assert 0.19 < area.min() < 0.23
    assert 0.95 < area.max() < 1.02
    assert np.median(area) == pytest.approx(0.6, abs=0.06)
    assert 1 / 1.55 < aspect.min() < 1 / 1.4
    assert 1.4 < aspect.max() < 1.55
    for middle in (x, y):  # small crops lie anywhere
        assert np.ptp(middle[area < 0.4]) > 0.4


def test_colours_change_as_far_as_asked_and_most_of_the_time() -> None:
    pixels = flat(100)
    seen = np.array([view(pixels, 0, k, 0, 4, replace(WHOLE, colour=0.4)) for k in range(500)])
    # One grey has neither contrast nor saturation: only brightness shows.
    levels = seen[:, 0, 0, 0].astype(np.float64)
    assert (seen == seen[:, :1, :1, :1]).all()
    assert 60 <= levels.min() < 64
    assert 136 < levels.max() <= 140
    assert 0.63 < np.mean(levels != 100) < 0.77


def test_contrast_and_saturation_change_too() -> None:
    pixels = np.zeros((1, 8, 8, 3), np.uint8)
    pixels[0, :, :4], pixels[0, :, 4:] = (120, 80, 80), (80, 120, 80)
    seen = [view(pixels, 0, k, 0, 8, replace(WHOLE, colour=0.4)) for k in range(100)]
    spans = {int(np.ptp(one[..., 0])) for one in seen}
    saturations = {int(np.ptp(one[0, 0])) for one in seen}
    assert min(spans) < 30
    assert max(spans) > 50
    assert min(saturations) < 30
    assert max(saturations) > 50


def test_only_odd_views_are_mixed_and_only_where_asked() -> None:
    mixed = replace(WHOLE, mixed=True)
    assert [is_mixed(number, mixed) for number in range(4)] == [False, True, False, True]
    assert not any(is_mixed(number, WHOLE) for number in range(4))
    pixels = flat(0, 200)
    for number in range(40):
        assert (view(pixels, 0, number, 0, 8, WHOLE) == 0).all()
        assert bool((view(pixels, 0, number, 0, 8, mixed) > 0).any()) is is_mixed(number, mixed)


def test_half_of_the_mixtures_are_blends_and_half_have_a_rectangle_of_the_other_photo() -> None:
    pixels = flat(0, 200)
    how = replace(WHOLE, mixed=True)
    views = [view(pixels, 0, number, 0, 64, how) for number in range(1, 801, 2)]
    blends = [one for one in views if np.ptp(one) == 0]
    cut = [one[..., 0] for one in views if np.ptp(one) > 0]
    assert 150 < len(blends) < 250
    shares = np.array([one[0, 0, 0] for one in blends]) / 200  # of the other photo
    assert 0.295 < shares.min() < 0.33
    assert 0.67 < shares.max() < 0.705
    areas = np.array([np.mean(one == 200) for one in cut])
    assert 0.27 < areas.min() < 0.34
    assert 0.56 < areas.max() < 0.63
    for one in cut:
        rows, columns = (np.flatnonzero((one == 200).any(axis=axis)) for axis in (1, 0))
        assert (one[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] == 200).all()
        assert np.isin(one, (0, 200)).all()
        assert len(columns) / len(rows) == pytest.approx(1, abs=0.45)


def test_every_other_photo_is_a_partner_and_never_the_photo_itself() -> None:
    pixels = flat(0, 50, 100, 200)
    for row, level in enumerate((0, 50, 100, 200)):
        cut = set()
        for number in range(1, 200, 2):
            seen = view(pixels, row, number, 0, 8, replace(WHOLE, mixed=True))
            if np.ptp(seen) > 0:
                cut |= set(np.unique(seen).tolist())
        assert cut == {0, 50, 100, 200}
        plain = view(pixels, row, 0, 0, 8, WHOLE)
        assert (plain == level).all()
    # A photo mixed with itself would not change.
    assert all(
        np.any(view(pixels, 0, k, 0, 8, replace(WHOLE, mixed=True))) for k in range(1, 99, 2)
    )


def test_rand_augment_changes_views_more_with_more_operations_and_more_magnitude() -> None:
    pixels = smooth(1, 32)

    def change(operations: int, magnitude: float) -> float:
        how = replace(WHOLE, rand_augment=operations, magnitude=magnitude)
        differences = []
        for number in range(120):
            plain = view(pixels, 0, number, 0, 32, WHOLE).astype(np.float32)
            differences.append(np.abs(view(pixels, 0, number, 0, 32, how) - plain).mean())
        return float(np.mean(differences))

    assert change(0, 1.0) == 0
    assert 0 < change(1, 0.3) < change(3, 0.3)
    assert change(1, 0.3) < change(1, 1.0)


def test_what_rand_augment_moves_away_leaves_grey() -> None:
    pixels = flat(255)
    how = replace(WHOLE, rand_augment=1, magnitude=1.0)
    corners = {
        tuple(corner)
        for number in range(200)
        for corner in view(pixels, 0, number, 0, 16, how)[[0, 0, -1, -1], [0, -1, 0, -1]].tolist()
    }
    assert (128, 128, 128) in corners
