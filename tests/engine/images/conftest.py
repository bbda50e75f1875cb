from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pi_heif
import pillow_heif
import pytest
from PIL import Image

pillow_heif.register_heif_opener()  # writes HEIC, which the program's own reader cannot
pi_heif.register_heif_opener()

Encode = Callable[..., bytes]


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = Path(__file__).parents[4] / "shared"
    if not folder.is_dir():
        pytest.skip(f"no reference data at {folder}")
    return folder


@pytest.fixture(scope="session")
def photos(shared: Path) -> Path:
    return shared / "data" / "photos"


@pytest.fixture(scope="session")
def landscape() -> Image.Image:
    """Make 96 x 64 pixels, no two corners alike: red, green, blue and white quarters."""
    pixels = np.zeros((64, 96, 3), np.uint8)
    pixels[:32, :48] = (220, 20, 20)
    pixels[:32, 48:] = (20, 200, 20)
    pixels[32:, :48] = (20, 20, 220)
    pixels[32:, 48:] = 240
    return Image.fromarray(pixels)


@pytest.fixture(scope="session")
def encode() -> Encode:
    def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
        data = BytesIO()
        image.save(data, kind, **options)
        return data.getvalue()

    return encoded
