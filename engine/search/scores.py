"""The scores of one query with every photo, and the rankings that follow from them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from engine.library.photo import IdArray
from engine.models.encoder import FloatArray
from engine.search.fusion import BoolArray, Fusion, best, contributions, normalise
from engine.search.relevance import Cut, cut_off
from engine.search.wording import Wording

Mode = Literal["fused", "openclip", "beit3"]
MODES: tuple[Mode, ...] = ("fused", "openclip", "beit3")


@dataclass(frozen=True, slots=True)
class Result:
    """A photo in a ranking.

    Attributes:
        photo_id: of the photo.
        score: what it is ranked by.
        cosines: by OpenCLIP and by BEiT3; None where that encoder has not embedded it yet.
    """

    photo_id: int
    score: float
    cosines: tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Photos in order, best first; equal scores by smaller id.

    Attributes:
        ids: shape (n,), int64.
        scores: shape (n,), float32, descending: what they are ranked by.
        cosines: shape (2, n), float32, OpenCLIP's first; NaN where an encoder has not embedded
            the photo. To be shown; see `Scores`.
        parts: shape (2, n), float32: what each encoder gives to `scores`; they add up to it. 0
            where an encoder does not count, or has not embedded the photo.
    """

    ids: IdArray
    scores: FloatArray
    cosines: FloatArray
    parts: FloatArray

    def __len__(self) -> int:
        return len(self.ids)

    def position(self, photo_id: int) -> int | None:
        """Where a photo stands, counted from 1; None where it is not in the ranking."""
        found = np.flatnonzero(self.ids == photo_id)
        return int(found[0]) + 1 if found.size else None

    def results(self) -> list[Result]:
        """The photos one by one."""
        cosines = [tuple(None if c != c else c for c in pair) for pair in self.cosines.T.tolist()]
        return [
            Result(id_, score, (openclip, beit3))
            for id_, score, (openclip, beit3) in zip(
                self.ids.tolist(), self.scores.tolist(), cosines, strict=True
            )
        ]


@dataclass(frozen=True, slots=True)
class Scores:
    """What the encoders say of one query and each photo of the whole library.

    A text or a picture by itself is ranked by its cosines. A wish of several parts is ranked by
    sums of z-scores, which nobody would know for a likeness: there `cosines` are those of its
    first part, to be shown, and `values` are what counts.

    Attributes:
        ids: shape (n,), int64, ascending: every photo that any encoder has embedded.
        cosines: shape (2, n), float32; NaN where an encoder has not embedded the photo, or was
            not asked.
        values: shape (2, n), float32: what photos are ranked by, before normalisation and
            fusion; NaN where it is missing, all of an encoder's where it was not asked.
        wording: how the encoders were asked; None for a picture alone.
    """

    ids: IdArray
    cosines: FloatArray
    values: FloatArray
    wording: Wording | None = None

    def ranking(
        self,
        mode: Mode,
        fusion: Fusion,
        allowed: IdArray | None = None,
        limit: int | None = None,
    ) -> Ranking:
        """Rank the photos; other modes and fusions need no new encoding.

        Args:
            mode: which encoders count.
            fusion: how they are joined in mode "fused"; normalised over the whole library.
            allowed: ids that may be in the ranking; None means all.
            limit: how many photos at most; None means all.
        """
        parts = self._parts(mode, fusion)
        fused = parts.sum(axis=0)
        if allowed is not None:
            fused[~np.isin(self.ids, allowed)] = -np.inf
        rows = best(fused, len(fused) if limit is None else limit)
        return Ranking(self.ids[rows], fused[rows], self.cosines[:, rows], parts[:, rows])

    def rank(
        self,
        mode: Mode,
        fusion: Fusion,
        limit: int | None = None,
        allowed: IdArray | None = None,
    ) -> list[Result]:
        """The ranking photo by photo; the arguments are those of `ranking`."""
        return self.ranking(mode, fusion, allowed, limit).results()

    def cut(self, mode: Mode, fusion: Fusion, allowed: IdArray | None = None) -> Cut:
        """Find how far down the ranking of these arguments photos stand out.

        What is usual is learnt from the whole library, whatever photos are allowed. Reciprocal
        ranks look the same for every query, so that z-scores with the same weights stand in for
        them.
        """
        if fusion.normalisation == "rrf":
            fusion = replace(fusion, normalisation="zscore")
        fused = self._parts(mode, fusion).sum(axis=0)
        scored = fused > -np.inf
        ordered = np.sort(fused[scored])[::-1]
        cut = cut_off(ordered)
        if allowed is None:
            return cut
        shown = fused[scored & np.isin(self.ids, allowed)]
        ends = (ordered[count - 1] if count else np.inf for count in (cut.strong, cut.possible))
        return Cut(*(int(np.count_nonzero(shown >= end)) for end in ends))

    def places(
        self, photo_id: int, allowed: IdArray | None = None
    ) -> tuple[int | None, int | None]:
        """Where a photo stands by each encoder alone, counted from 1.

        Returns:
            By OpenCLIP and by BEiT3; None where that encoder has not embedded it, or where it is
            not among those allowed.
        """
        row = int(np.searchsorted(self.ids, photo_id))
        shown = np.ones(len(self.ids), np.bool_)
        if allowed is not None:
            shown = np.isin(self.ids, allowed)
        if row == len(self.ids) or self.ids[row] != photo_id or not shown[row]:
            return None, None
        openclip, beit3 = (_place(values, row, shown) for values in self.values)
        return openclip, beit3

    def _parts(self, mode: Mode, fusion: Fusion) -> FloatArray:
        if mode == "fused":
            return contributions(normalise(self.values, fusion.normalisation), fusion.weights)
        row = MODES.index(mode) - 1
        parts = np.zeros_like(self.values)
        parts[row] = np.where(np.isnan(self.values[row]), np.float32(-np.inf), self.values[row])
        return parts


def _place(values: FloatArray, row: int, shown: BoolArray) -> int | None:
    if np.isnan(values[row]):
        return None
    better = values > values[row]
    better[:row] |= values[:row] == values[row]  # of a smaller id
    return int(np.count_nonzero(better & shown)) + 1


def join(found: Sequence[tuple[IdArray, FloatArray]]) -> Scores:
    """Bring the cosines of several encoders together by photo id.

    Args:
        found: per encoder ids of shape (n_i,), int64, none twice, and cosines of shape (n_i,).

    Returns:
        All photos, none left out because one encoder lacks it; ranked by these cosines.
    """
    first = found[0][0]
    if all(np.array_equal(ids, first) for ids, _ in found[1:]) and bool(np.all(np.diff(first) > 0)):
        stacked = np.stack([cosines for _, cosines in found])
        return Scores(first, stacked, stacked)
    ids = np.unique(np.concatenate([ids for ids, _ in found]))
    joined = np.full((len(found), len(ids)), np.nan, np.float32)
    for row, (own, cosines) in zip(joined, found, strict=True):
        row[np.searchsorted(ids, own)] = cosines
    return Scores(ids, joined, joined)
