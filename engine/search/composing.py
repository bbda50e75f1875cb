"""A wish of several parts: a text, a picture, words to avoid."""

from dataclasses import dataclass

import numpy as np

from engine.models.encoder import FloatArray
from engine.search.fusion import normalise
from engine.search.query import normalise_text

# A photo that clearly shows the thing (two deviations above the others, or more) so loses more
# than the best match has. On Flickr8k, "snow, no dogs" and the like, it brought the share of such
# photos among the first 50 from 0.19 to 0.11; 1 brought it to 0.15.
AVOIDANCE = 2


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody searches for.

    Attributes:
        text: as typed; see `parse_query` for the words to avoid in it.
        picture: a photo's id, or the path of any picture file.
        english: the user's own words in place of the translation of `text`, written as `text` is;
            None or blank leaves it to the translator.
    """

    text: str = ""
    picture: int | bytes | None = None
    english: str | None = None

    def __bool__(self) -> bool:
        """Whether there is anything to search for."""
        return self.picture is not None or normalise_text(self.text) != ""


def compose(wanted: FloatArray, avoided: FloatArray) -> FloatArray:
    """Score every photo by all parts of a wish.

    Cosines with texts and with pictures lie far apart, so each part counts by its z-scores over
    the library. What is avoided lowers photos that show it more than the average photo does, and
    raises none.

    Args:
        wanted: shape (p, 2, n), float32: the cosines of each wanted part by each encoder; NaN
            where an encoder has not embedded the photo. A part of which an encoder knows nothing
            at all does not count there.
        avoided: shape (a, 2, n), likewise.

    Returns:
        Shape (2, n), float32; NaN where the encoder has not embedded the photo.
    """
    values: FloatArray = _standardised(wanted).sum(axis=0)
    values -= AVOIDANCE * np.maximum(_standardised(avoided), 0).sum(axis=0)
    values[np.isnan(wanted).all(axis=0)] = np.nan
    return values


def _standardised(cosines: FloatArray) -> FloatArray:
    scores = normalise(cosines, "zscore")
    unknown = np.isnan(scores).all(axis=-1, keepdims=True)
    standardised: FloatArray = np.where(unknown, np.float32(0), scores)
    return standardised
