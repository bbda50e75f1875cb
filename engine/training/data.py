"""Captioned photos for training: which, how often, and their pixels in memory."""

from collections.abc import Sequence
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
from engine.training.teacher import IntArray, photo_name


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
    def name(self) -> str:
        """By which a teacher's embeddings know it."""
        return photo_name(self.path)

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


def load_pixels(photos: Sequence[CaptionedPhoto], how: Preprocessing) -> UInt8Array:
    """Decode all photos.

    Returns:
        Shape (n, S, S, 3), uint8, S = how.size; n x S x S x 3 bytes of memory.

    Raises:
        CaptionsError: a photo cannot be decoded.
    """
    pixels = np.empty((len(photos), how.size, how.size, 3), np.uint8)

    def decode(row: int) -> None:
        path = photos[row].path
        try:
            pixels[row] = prepare(read_upright(path, how.size), how)
        except UnreadableImageError as error:
            raise CaptionsError(f"{path} cannot be trained on: {error}") from error

    with ThreadPoolExecutor() as pool:
        for _ in pool.map(decode, range(len(photos))):
            pass  # it raises what a worker has raised
    return pixels


def squashed(size: int) -> Preprocessing:
    """Photos as squares of `size` pixels, nothing cut off."""
    return Preprocessing(size, "squash", HALF, HALF)


def draw_epoch(photos: Sequence[CaptionedPhoto], random: np.random.Generator) -> IntArray:
    """Rows of the photos that one epoch shows, in random order, shape (m,), int64.

    No photo is drawn twice, so every other one of a batch is a true negative.
    """
    weights = np.array([photo.weight for photo in photos])
    drawn = np.flatnonzero(random.random(len(photos)) < weights)
    random.shuffle(drawn)
    return drawn


def draw_captions(photo: CaptionedPhoto, count: int, random: np.random.Generator) -> list[str]:
    """Draw `count` captions of a photo by their weights, none twice; all where it has fewer."""
    chances = np.array(photo.caption_weights) / sum(photo.caption_weights)
    count = min(count, len(photo.captions))
    drawn = random.choice(len(photo.captions), count, replace=False, p=chances)
    return [photo.captions[index] for index in drawn]


def read_sentences(path: Path) -> list[tuple[str, str]]:
    """Read sentences of the same meaning, `english<TAB>vietnamese` a line, normalised.

    Raises:
        CaptionsError: the file cannot be read, or a line is no such pair.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CaptionsError(f"{path} cannot be read: {error}.") from error
    pairs = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        parts = [normalise_text(part) for part in line.split("\t")]
        if len(parts) != 2 or not all(parts):
            raise CaptionsError(f"Line {number:,} of {path} is no pair of sentences.")
        pairs.append((parts[0], parts[1]))
    return pairs
