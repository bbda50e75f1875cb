from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from engine.images.containers import is_cut_off

Encode = Callable[..., bytes]


@pytest.mark.parametrize("kind", ["WEBP", "HEIF", "AVIF"])
def test_the_last_missing_byte_is_noticed(
    kind: str, landscape: Image.Image, encode: Encode
) -> None:
    data = encode(landscape, kind)
    assert not is_cut_off(BytesIO(data))
    assert is_cut_off(BytesIO(data[:-1]))


def box(kind: bytes, size: int, length: int) -> bytes:
    return (size.to_bytes(4) + kind).ljust(length, b"\0")


START = box(b"ftyp", 24, 24)


@pytest.mark.parametrize(
    ("rest", "cut"),
    [
        (box(b"mdat", 40, 40), False),
        (box(b"mdat", 41, 40), True),
        (box(b"mdat", 0, 40), False),
        (box(b"free", 90, 40), False),
        (box(b"mdat", 1, 8) + (40).to_bytes(8) + bytes(24), False),
        (box(b"mdat", 1, 8) + (2**40).to_bytes(8) + bytes(24), True),
        (box(b"mdat", 40, 40) + b"a maker's trailer that is no box", False),
        (box(b"free", 8, 8) * 5000, False),
        (b"", False),
    ],
)
def test_only_a_picture_that_runs_past_the_end_is_cut_off(rest: bytes, cut: bool) -> None:
    assert is_cut_off(BytesIO(START + rest)) is cut


@pytest.mark.parametrize("data", [b"", b"RIFF", b"RIFF\xff\xff\0\0WAVE", b"\xff\xd8\xff"])
def test_other_files_are_left_to_their_decoders(data: bytes) -> None:
    assert not is_cut_off(BytesIO(data))
