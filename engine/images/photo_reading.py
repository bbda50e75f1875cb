"""One open and one decode of a photo file give all that the library wants of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

import xxhash

from engine.images.failures import file_error
from engine.images.metadata import PhotoMetadata, read_metadata
from engine.images.preprocessing import Preprocessing, UInt8Array, prepare
from engine.images.reading import load, open_file, open_image, upright
from engine.images.thumbnails import THUMBNAIL_SIDE, make_thumbnail

# A JPEG decoded at three times the model's input or more differs from the full way by less than
# saving it again would change it.
_DECODED_SIDES_AN_INPUT = 3

_PIECE = 2**20  # bytes


@dataclass(frozen=True, slots=True)
class ReadPhoto:
    """What one decode of a photo gave.

    Attributes:
        thumbnail: a JPEG file.
        prepared: one array of shape (S, S, 3), uint8, RGB, a preprocessing, in the order asked.
        metadata: what the photo says of itself.
        content_hash: XXH3 of the whole file, 16 bytes; equal for copies of the file.
    """

    thumbnail: bytes
    prepared: tuple[UInt8Array, ...]
    metadata: PhotoMetadata
    content_hash: bytes


def read_photo(path: bytes, preprocessings: Sequence[Preprocessing]) -> ReadPhoto:
    """Read a photo file for the library and the encoders.

    Args:
        path: as the file system has it.
        preprocessings: what the checkpoints in use want; may be empty.

    Raises:
        UnreadableImageError: there is no photo at `path` that can be decoded.
    """
    sizes = [_DECODED_SIDES_AN_INPUT * how.size for how in preprocessings]
    with open_file(path) as file:
        image = open_image(file)
        full_size = image.size
        load(image, max([THUMBNAIL_SIDE, *sizes]))
        metadata = read_metadata(image, full_size)
        pixels = upright(image)
        return ReadPhoto(
            thumbnail=make_thumbnail(pixels),
            prepared=tuple(prepare(pixels, how) for how in preprocessings),
            metadata=metadata,
            content_hash=hash_content(file),
        )


def hash_content(file: BinaryIO) -> bytes:
    """Hash a whole file, piece by piece.

    Returns:
        The XXH3 digest, 16 bytes.

    Raises:
        UnreadableImageError: the disk failed.
    """
    digest = xxhash.xxh3_128()
    try:
        file.seek(0)
        while piece := file.read(_PIECE):
            digest.update(piece)
    except OSError as error:
        raise file_error(error) from error
    return digest.digest()
