"""A teacher for the tests of training, small enough to be made at once."""

from pathlib import Path

import numpy as np

from engine.models.encoder import FloatArray, UInt8Array
from engine.training.data import Source, gather, load_pixels, squashed
from engine.training.teacher import embed_by_teacher
from engine.training.views import ImageAugmentation


class Means:
    """Knows the mean colours of the four quarters."""

    name, size, dimension = "means", 8, 12

    def embed(self, image: UInt8Array) -> FloatArray:
        quarters = image.reshape(2, 4, 2, 4, 3).mean(axis=(1, 3))
        return np.asarray(quarters, np.float32).ravel()


def teach(captions: str, images: str, output: Path, views: int) -> str:
    """Embed the photos of a caption file as `anhoi train teacher` does; the name of the file."""
    photos = gather([Source(Path(captions), Path(images))])
    names, pixels = [photo.name for photo in photos], load_pixels(photos, squashed(8))
    list(embed_by_teacher(names, pixels, [Means()], output, views, 1, ImageAugmentation()))
    return str(output)
