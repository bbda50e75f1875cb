"""How far a photo stands out from the library, as the two lengths of its score bar."""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from engine.search.scores import Ranking


class ScoreBars:
    """The bars of one ranking.

    Scores mean something else under every normalisation, so a bar tells a photo's place between
    two photos of the same ranking: nothing for the middle one, which is a typical photo of the
    library, and the whole length for the best. The length is shared between the encoders by how
    far each one's part stands above its own part of a typical photo.
    """

    def __init__(self, ranking: "Ranking") -> None:
        self._ranking = ranking
        self._embedded = ~np.isnan(ranking.cosines)
        self._counts = [bool(parts.any()) for parts in ranking.parts]
        self._typical = [
            float(np.median(parts[embedded])) if embedded.any() else 0.0
            for parts, embedded in zip(ranking.parts, self._embedded, strict=True)
        ]

    def shares(self, position: int) -> tuple[float, float]:
        """What OpenCLIP and BEiT3 fill of the bar; both in [0, 1], and so is their sum.

        Args:
            position: of the photo in the ranking, from 0.
        """
        above = [self._above_typical(encoder, position) for encoder in (0, 1)]
        if not sum(above):
            return 0.0, 0.0
        scale = self._length(position) / sum(above)
        return above[0] * scale, above[1] * scale

    def lacking(self, position: int) -> int | None:
        """Which encoder would count but has not embedded the photo: 0 OpenCLIP, 1 BEiT3."""
        for encoder in (0, 1):
            if self._counts[encoder] and not self._embedded[encoder, position]:
                return encoder
        return None

    def _above_typical(self, encoder: int, position: int) -> float:
        if not self._embedded[encoder, position]:
            return 0.0
        return max(0.0, float(self._ranking.parts[encoder, position]) - self._typical[encoder])

    def _length(self, position: int) -> float:
        scores = self._ranking.scores
        best, typical = float(scores[0]), float(scores[len(scores) // 2])
        if best == typical:
            return 1.0
        return min(1.0, max(0.0, (float(scores[position]) - typical) / (best - typical)))
