import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import xxhash
from PIL import Image

from engine.errors import UnreadableImageError
from engine.images.photo_reading import hash_content, read_photo
from engine.images.preprocessing import CLIP_MEAN, CLIP_STD, HALF, Preprocessing, prepare

Encode = Callable[..., bytes]
CLIP = Preprocessing(24, "crop", CLIP_MEAN, CLIP_STD)
BEIT3 = Preprocessing(16, "squash", HALF, HALF)


def test_one_reading_gives_thumbnail_inputs_metadata_and_hash(
    landscape: Image.Image, encode: Encode, tmp_path: Path
) -> None:
    data = encode(landscape, "PNG")
    path = tmp_path / "photo.png"
    path.write_bytes(data)
    photo = read_photo(os.fsencode(path), [CLIP, BEIT3])
    assert [array.shape for array in photo.prepared] == [(24, 24, 3), (16, 16, 3)]
    np.testing.assert_array_equal(photo.prepared[1], prepare(landscape, BEIT3))
    assert photo.content_hash == xxhash.xxh3_128_digest(data)
    assert (photo.metadata.width, photo.metadata.height) == landscape.size
    with Image.open(BytesIO(photo.thumbnail)) as thumbnail:
        assert thumbnail.size == landscape.size


def test_a_large_jpeg_tells_its_full_size_though_it_is_decoded_small(
    encode: Encode, tmp_path: Path
) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(encode(Image.new("RGB", (2400, 1600)), "JPEG"))
    photo = read_photo(os.fsencode(path), [])
    assert (photo.metadata.width, photo.metadata.height) == (2400, 1600)
    with Image.open(BytesIO(photo.thumbnail)) as thumbnail:
        assert thumbnail.size == (320, 213)


def test_a_file_larger_than_one_piece_is_hashed_whole() -> None:
    data = os.urandom(3 * 2**20 + 17)
    assert hash_content(BytesIO(data)) == xxhash.xxh3_128_digest(data)


def test_the_hash_starts_at_the_beginning_wherever_the_file_stands() -> None:
    file = BytesIO(b"photo")
    file.seek(3)
    assert hash_content(file) == xxhash.xxh3_128_digest(b"photo")


def test_a_file_that_is_no_photo_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "notes.jpg"
    path.write_text("not a picture")
    with pytest.raises(UnreadableImageError):
        read_photo(os.fsencode(path), ())


@pytest.mark.shared
def test_a_jpeg_decoded_small_gives_the_input_of_the_full_decode(photos: Path) -> None:
    path = photos / "free" / "FujiFilm FinePix4900Zoom.jpg"
    how = Preprocessing(224, "crop", CLIP_MEAN, CLIP_STD)
    with Image.open(path) as image:
        full = prepare(image, how).astype(float)
    small = read_photo(os.fsencode(path), [how]).prepared[0]
    mean_square = float(np.mean((full - small) ** 2))
    assert 10 * np.log10(255**2 / mean_square) > 45
