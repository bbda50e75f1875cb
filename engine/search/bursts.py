"""Photos of one moment, and copies of one photo, which are worth one place in a ranking."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engine.library.photo import IdArray
from engine.models.encoder import FloatArray
from engine.search.fusion import BoolArray

# Cosines that both encoders have to reach, seen with the starter pair. Of 300 Flickr8k photos
# turned, shifted and cropped by as much as a hand moves between two shots (up to 10 %), 95 in 100
# stayed at 0.93 and above. A quarter of 1,000 photos have a stranger nearer than 0.9, which is why
# these have to be of one moment, too.
SECONDS = 10.0
ALIKE = 0.9
# Copies, whatever their times: 95 in 100 photos saved again (JPEG at quality 90) stayed above this.
# So did 4 pairs among 3,700 different photos of the same few sports, 3 of them the same picture;
# from 0.99 down such pairs show different people at one place.
SAME = 0.995


def find_bursts(
    ids: IdArray, taken_at: npt.NDArray[np.float64], vectors: Sequence[FloatArray]
) -> dict[int, tuple[int, ...]]:
    """Group photos that are nearly the same.

    Every photo of a group is compared with the one that leads it, never with another, so that no
    chain of small steps joins what is different.

    Args:
        ids: shape (n,), int64, best first.
        taken_at: shape (n,), seconds; NaN where it is not known.
        vectors: per encoder the embeddings, shape (n, d), float32, unit length; NaN where it has
            not embedded the photo, which then is by itself.

    Returns:
        By the id of the best photo of a group the ids of the others, best first; only groups of
        two or more.
    """
    alike = _alike(taken_at, vectors)
    free = np.ones(len(ids), np.bool_)
    bursts = {}
    for leader in range(len(ids)):
        others = np.flatnonzero(alike[leader] & free)
        if free[leader] and others.size > 1:
            free[others] = False
            bursts[int(ids[leader])] = tuple(ids[others[1:]].tolist())
    return bursts


def _alike(taken_at: npt.NDArray[np.float64], vectors: Sequence[FloatArray]) -> BoolArray:
    """Which photos may be in one group, shape (n, n); a photo that is embedded, with itself."""
    cosines = np.full((len(taken_at), len(taken_at)), np.inf, np.float32)
    for embedded in vectors:
        np.minimum(cosines, embedded @ embedded.T, out=cosines)  # NaN stays NaN
    at_once = np.abs(taken_at[:, np.newaxis] - taken_at) <= SECONDS
    alike: BoolArray = (cosines >= SAME) | (at_once & (cosines >= ALIKE))
    return alike
