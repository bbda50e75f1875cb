import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from engine.images.reading import PHOTO_SUFFIXES, read_upright

Encode = Callable[..., bytes]
KINDS = ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF"]
UNDO = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def difference(one: Image.Image, other: Image.Image) -> float:
    assert one.size == other.size
    return float(np.abs(np.asarray(one, float) - np.asarray(other, float)).mean())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_photo_is_decoded(kind: str, landscape: Image.Image, encode: Encode) -> None:
    image = read_upright(BytesIO(encode(landscape, kind)), 64)
    assert image.mode == "RGB"
    assert difference(image, landscape) < 4


def test_the_suffixes_are_lower_case_and_cover_what_phones_write() -> None:
    assert {".jpg", ".jpeg", ".heic", ".webp", ".avif", ".png"} <= PHOTO_SUFFIXES
    assert all(suffix == suffix.lower() and suffix[0] == "." for suffix in PHOTO_SUFFIXES)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
@pytest.mark.parametrize("turned", [False, True])
def test_every_orientation_is_turned_upright(
    kind: str, orientation: int, turned: bool, landscape: Image.Image, encode: Encode
) -> None:
    photo = landscape.transpose(Image.Transpose.ROTATE_90) if turned else landscape
    stored = photo.transpose(UNDO[orientation]) if orientation in UNDO else photo
    exif = Image.Exif()
    exif[0x112] = orientation
    image = read_upright(BytesIO(encode(stored, kind, exif=exif.tobytes())), 64)
    assert difference(image, photo) < 4


def test_a_twelve_megapixel_jpeg_is_decoded_at_a_quarter(encode: Encode) -> None:
    data = encode(Image.new("RGB", (4000, 3000)), "JPEG")
    assert read_upright(BytesIO(data), 672).size == (1000, 750)
    assert read_upright(BytesIO(data), 3001).size == (4000, 3000)


def test_a_small_jpeg_is_never_decoded_below_the_wish(encode: Encode) -> None:
    data = encode(Image.new("RGB", (1300, 671)), "JPEG")
    assert read_upright(BytesIO(data), 336).size == (1300, 671)
    assert read_upright(BytesIO(data), 335).size == (650, 336)


def test_sixteen_bits_are_scaled_and_not_clipped(encode: Encode) -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[None].repeat(8, axis=0)
    for kind in ("PNG", "TIFF"):
        image = read_upright(BytesIO(encode(Image.fromarray(ramp), kind)), 64)
        np.testing.assert_allclose(np.asarray(image)[0, :, 0], np.arange(256), atol=1)


def test_big_endian_sixteen_bits_are_scaled_too(encode: Encode) -> None:
    ramp = np.linspace(0, 65535, 256).astype(">u2")[None].repeat(8, axis=0)
    image = Image.frombytes("I;16B", (256, 8), ramp.tobytes())
    pixels = np.asarray(read_upright(BytesIO(encode(image, "TIFF")), 64))
    np.testing.assert_allclose(pixels[0, :, 0], np.arange(256), atol=1)


@pytest.mark.parametrize("top", [1.0, 1e-38, 3e38, 0.0])
def test_floats_are_stretched_to_their_brightest_pixel(top: float, encode: Encode) -> None:
    ramp = np.linspace(0, top, 64, dtype=np.float32)[None].repeat(8, axis=0)
    ramp[1, :2] = np.nan, np.inf
    pixels = np.asarray(read_upright(BytesIO(encode(Image.fromarray(ramp), "TIFF")), 64))
    assert pixels[0, 0].max() == 0
    assert pixels[0, -1].min() == (255 if top >= 1 else 0)


def test_whole_numbers_of_32_bits_are_stretched_to_their_brightest_pixel(encode: Encode) -> None:
    ramp = np.linspace(0, 2**20, 64).astype(np.int32)[None].repeat(8, axis=0)
    pixels = np.asarray(read_upright(BytesIO(encode(Image.fromarray(ramp), "TIFF")), 64))
    assert (pixels[0, 0, 0], pixels[0, -1, 0]) == (0, 255)


def test_cmyk_is_shown_in_its_colours(landscape: Image.Image, encode: Encode) -> None:
    data = encode(landscape.convert("CMYK"), "JPEG", quality=95)
    assert difference(read_upright(BytesIO(data), 64), landscape) < 6


def test_a_palette_with_transparency_is_decoded_without_a_warning(
    landscape: Image.Image, encode: Encode
) -> None:
    palette = landscape.quantize(16)
    data = encode(palette, "PNG", transparency=bytes([0, 100, 200, 255]))
    assert difference(read_upright(BytesIO(data), 64), landscape) < 4
    data = encode(palette, "PNG", transparency=3)
    assert difference(read_upright(BytesIO(data), 64), landscape) < 4


@pytest.mark.parametrize("mode", ["1", "L", "LA", "RGBA"])
def test_other_png_modes_are_decoded(mode: str, landscape: Image.Image, encode: Encode) -> None:
    data = encode(landscape.convert(mode), "PNG")
    assert read_upright(BytesIO(data), 64).mode == "RGB"


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF", "TIFF"])
def test_of_an_animation_the_first_picture_is_shown(
    kind: str, landscape: Image.Image, encode: Encode
) -> None:
    other = ImageOps.invert(landscape)
    data = encode(landscape, kind, save_all=True, append_images=[other, other])
    assert difference(read_upright(BytesIO(data), 64), landscape) < 4


def test_the_colour_profile_of_rgb_is_kept_and_nothing_else(
    landscape: Image.Image, encode: Encode
) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x112] = 6
    data = encode(landscape, "JPEG", icc_profile=profile, exif=exif, comment=b"secret")
    assert read_upright(BytesIO(data), 64).info == {"icc_profile": profile}
    grey = encode(
        landscape.convert("CMYK"), "JPEG", icc_profile=profile[:16] + b"CMYK" + bytes(200)
    )
    assert read_upright(BytesIO(grey), 64).info == {}


def test_bytes_paths_paths_and_files_are_the_same_photo(
    landscape: Image.Image, encode: Encode, tmp_path: Path
) -> None:
    path = tmp_path / "ảnh.png"
    path.write_bytes(encode(landscape, "PNG"))
    with path.open("rb") as file:
        for source in (path, os.fsencode(path), file):
            assert difference(read_upright(source, 64), landscape) == 0
        assert not file.closed


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "fork"), reason="names are Unicode here")
def test_a_name_that_is_not_utf8_is_opened(
    landscape: Image.Image, encode: Encode, tmp_path: Path
) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9\xff.png"
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY)
    except OSError as error:
        pytest.skip(f"this file system takes no such name: {error}")
    with os.fdopen(descriptor, "wb") as file:
        file.write(encode(landscape, "PNG"))
    assert read_upright(path, 64).size == landscape.size


@pytest.mark.shared
@pytest.mark.parametrize("shape", ["Landscape", "Portrait"])
def test_the_nine_photos_of_a_shape_look_alike_upright(photos: Path, shape: str) -> None:
    paths = [photos / "orientation" / f"{shape}_{number}.jpg" for number in range(9)]
    small = [read_upright(path, 300).resize((60, 60)) for path in paths]
    assert all(difference(image, small[0]) < 4 for image in small)
