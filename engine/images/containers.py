"""Tells from the outermost structure of a file that its end is missing.

JPEG, PNG, GIF, BMP and TIFF decoders notice by themselves. libheif paints what is missing of a
HEIC photo in one colour and says nothing, and libwebp says no more than that it failed.
"""

import io
from typing import BinaryIO

# Boxes that a picture is made of; others may be a maker's trailer that is no box at all.
_BOXES_OF_PICTURES = (b"mdat", b"meta", b"moov")
_MOST_BOXES = 1000


def is_cut_off(file: BinaryIO) -> bool:
    """Tell whether a WebP, HEIC or AVIF file is shorter than it says; False for other kinds.

    Args:
        file: seekable; where it stands afterwards is undefined.
    """
    end = file.seek(0, io.SEEK_END)
    file.seek(0)
    start = file.read(12)
    if start[:4] == b"RIFF" and start[8:] == b"WEBP":
        return 8 + int.from_bytes(start[4:8], "little") > end
    return start[4:8] == b"ftyp" and _ends_inside_a_box(file, end)


def _ends_inside_a_box(file: BinaryIO, end: int) -> bool:
    start = 0
    for _ in range(_MOST_BOXES):
        file.seek(start)
        header = file.read(16)
        size = int.from_bytes(header[:4])
        if size == 1:  # the size proper follows in eight bytes
            size = int.from_bytes(header[8:16])
        if size < 8:  # 0 is "up to the end", all else is not a box
            return False
        start += size
        if start > end:
            return header[4:8] in _BOXES_OF_PICTURES
    return False
