"""Captioned photos for training: which, how often, and their pixels in memory."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import CaptionsError, UnreadableImageError
from engine.evaluation.datasets import read_captions
from engine.images.preprocessing import HALF, Preprocessing, prepare
from engine.images.reading import read_upright
from engine.models.encoder import UInt8Array
from engine.search.query import normalise_text


@dataclass(frozen=True, slots=True)
class Source:
    """A caption file and the folder of its photos.

    Attributes:
        captions: a file `read_captions` understands.
        images: the folder its image names are relative to.
        weight: how likely its photos are drawn in an epoch, and its captions for a photo that
            other sources describe too; in (0, 1].
    """

    captions: Path
    images: Path
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class CaptionedPhoto:
    path: Path
    captions: tuple[str, ...]
    caption_weights: tuple[float, ...]

    @property
    def weight(self) -> float:
        """How likely the photo is drawn in an epoch."""
        return max(self.caption_weights)


def gather(sources: Sequence[Source]) -> list[CaptionedPhoto]:
    """Join the captions of all sources by photo, in a fixed order.

    Raises:
        CaptionsError: a caption file is malformed, or names a photo that is not there.
    """
    found: dict[Path, list[tuple[str, float]]] = {}
    for source in sources:
        for caption in read_captions(source.captions):
            path = (source.images / caption.image).resolve()  # one photo, however it is named
            found.setdefault(path, []).append((normalise_text(caption.text), source.weight))
    missing = [path for path in found if not path.is_file()]
    if missing:
        raise CaptionsError(f"Captioned photos are missing: {len(missing):,}, first {missing[0]}.")
    return [
        CaptionedPhoto(path, tuple(t for t, _ in said), tuple(w for _, w in said))
        for path, said in sorted(found.items())
    ]


def load_pixels(photos: Sequence[CaptionedPhoto], size: int) -> UInt8Array:
    """Decode all photos, squashed to squares.

    Returns:
        Shape (n, size, size, 3), uint8; n x size x size x 3 bytes of memory.

    Raises:
        CaptionsError: a photo cannot be decoded.
    """
    square = Preprocessing(size, "squash", HALF, HALF)

    def decode(photo: CaptionedPhoto) -> UInt8Array:
        try:
            return prepare(read_upright(photo.path, size), square)
        except UnreadableImageError as error:
            raise CaptionsError(f"{photo.path} cannot be trained on: {error}") from error

    with ThreadPoolExecutor() as pool:
        return np.stack(list(pool.map(decode, photos)))


def batches(
    photos: Sequence[CaptionedPhoto], batch_size: int, random: np.random.Generator
) -> Iterator[tuple[np.ndarray, list[str]]]:
    """One epoch: photos in random order, each with one of its captions.

    Yields:
        Photo positions of shape (batch_size,), int64, and as many captions. No photo is twice
        in a batch, so every other row is a true negative; a last short batch is left out.
    """
    weights = np.array([photo.weight for photo in photos])
    drawn = np.flatnonzero(random.random(len(photos)) < weights)
    random.shuffle(drawn)
    for start in range(0, len(drawn) - batch_size + 1, batch_size):
        rows = drawn[start : start + batch_size]
        yield rows, [_draw_caption(photos[row], random) for row in rows]


def _draw_caption(photo: CaptionedPhoto, random: np.random.Generator) -> str:
    chances = np.array(photo.caption_weights) / sum(photo.caption_weights)
    return photo.captions[random.choice(len(photo.captions), p=chances)]
