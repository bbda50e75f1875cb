"""The cosines of all queries with all photos, computed a part at a time."""

from collections.abc import Sequence

import numpy as np

from engine.evaluation.metrics import blocks
from engine.library.photo import Float16Array
from engine.models.encoder import FloatArray
from engine.search.fusion import IntArray


class ScoreTable:
    """Cosines that are too many to be held together; memory does not grow with their number.

    Args:
        texts: by encoder, shape (q, d_m), float32, unit length.
        photos: by encoder, shape (n, d_m), float16 or float32, unit length; a row of NaN where
            the encoder has not embedded the photo.
    """

    def __init__(
        self, texts: Sequence[FloatArray], photos: Sequence[Float16Array | FloatArray]
    ) -> None:
        self._texts = texts
        self._photos = photos
        self.queries = len(texts[0])
        self.photos = len(photos[0])

    def of_queries(self, rows: slice) -> FloatArray:
        """The cosines of some queries with all photos: shape (m, len(rows), n), float32."""
        parts = [texts[rows] for texts in self._texts]
        scores = np.empty((len(parts), len(parts[0]), self.photos), np.float32)
        for out, texts, photos in zip(scores, parts, self._photos, strict=True):
            for some in blocks(self.photos, photos.shape[1]):
                out[:, some] = texts @ photos[some].astype(np.float32).T
        return scores

    def of_photos(self, columns: IntArray) -> FloatArray:
        """The cosines of some photos with all queries: shape (m, len(columns), q), float32."""
        return np.stack(
            [
                photos[columns].astype(np.float32) @ texts.T
                for texts, photos in zip(self._texts, self._photos, strict=True)
            ]
        )
