from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from safetensors.numpy import load_file

from engine.images.preprocessing import (
    CLIP_MEAN,
    CLIP_STD,
    HALF,
    Preprocessing,
    UInt8Array,
    prepare,
)


def squash(size: int) -> Preprocessing:
    return Preprocessing(size, "squash", HALF, HALF)


def crop(size: int) -> Preprocessing:
    return Preprocessing(size, "crop", CLIP_MEAN, CLIP_STD)


def normalised(pixels: UInt8Array, how: Preprocessing) -> npt.NDArray[np.float32]:
    scaled = pixels.astype(np.float32) / np.float32(255)
    mean, std = np.array(how.mean, np.float32), np.array(how.std, np.float32)
    return np.asarray((scaled - mean) / std, np.float32).transpose(2, 0, 1)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("kind", "how"),
    [("beit3_224", squash(224)), ("beit3_384", squash(384)), ("openclip_224", crop(224))],
)
def test_every_pixel_is_that_of_the_reference_preprocessing(
    shared: Path, kind: str, how: Preprocessing
) -> None:
    folder = shared / "oracle" / "beit3" / "preprocess"
    oracle = load_file(folder / "preprocess_oracle.safetensors")
    names = [key.split(".")[1] for key in oracle if key.startswith(kind) and "resized" in key]
    assert names
    for name in names:
        with Image.open(folder / f"{name}.png") as image:
            prepared = prepare(image, how)
        expected = oracle[f"{kind}.{name}.resized_u8"].transpose(1, 2, 0)
        np.testing.assert_array_equal(prepared, expected, err_msg=name)
        corner = normalised(prepared, how)[:, :4, :4]
        np.testing.assert_allclose(corner, oracle[f"{kind}.{name}.corner"], atol=1e-6)


@pytest.mark.shared
def test_a_photo_becomes_exactly_the_array_that_clip_expects(shared: Path) -> None:
    folder = shared / "oracle" / "openclip"
    with Image.open(folder / "lakera_franz-kafka.jpg") as image:
        prepared = normalised(prepare(image, crop(224)), crop(224))
    expected = np.load(folder / "lakera_expected_preprocessed_image.npy")
    np.testing.assert_array_equal(prepared[None], expected)


def test_squash_keeps_the_whole_picture_and_crop_its_centre(landscape: Image.Image) -> None:
    wide = Image.new("RGB", (300, 100), "black")
    wide.paste("white", (100, 0, 200, 100))
    assert prepare(wide, crop(32)).min() > 200
    assert prepare(wide, squash(30))[:, :8].max() < 50


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK"])
def test_other_modes_become_rgb(mode: str, landscape: Image.Image) -> None:
    assert prepare(landscape.convert(mode), squash(16)).shape == (16, 16, 3)


def test_the_prepared_pixels_can_be_written_to(landscape: Image.Image) -> None:
    assert prepare(landscape, crop(16)).flags.writeable


@pytest.mark.parametrize("size", [(1, 30_000), (30_000, 1), (7_000, 100)])
def test_a_strip_is_cropped_without_making_a_giant_of_it(size: tuple[int, int]) -> None:
    middle = Image.linear_gradient("L").resize(size).convert("RGB")
    assert prepare(middle, crop(224)).mean() == pytest.approx(127, abs=3)


def test_bilinear_differs_from_bicubic(landscape: Image.Image) -> None:
    bilinear = Preprocessing(40, "squash", HALF, HALF, interpolation="bilinear")
    assert (prepare(landscape, bilinear) != prepare(landscape, squash(40))).any()


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 40), st.booleans())
def test_every_size_becomes_a_square(width: int, height: int, size: int, whole: bool) -> None:
    how = squash(size) if whole else crop(size)
    prepared = prepare(Image.new("RGB", (width, height), (9, 99, 199)), how)
    assert prepared.shape == (size, size, 3)
    assert (prepared == (9, 99, 199)).all()
