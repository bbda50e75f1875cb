"""From a query to a ranking: every photo scored by every encoder, then fused."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from engine.errors import QueryError
from engine.index.vector_index import VectorIndex
from engine.inference.client import ModelProcess
from engine.inference.messages import PhotoToEmbed, UnreadablePhoto
from engine.library.library import Library
from engine.library.photo import IdArray, Photo
from engine.models.encoder import FloatArray
from engine.paths import shown_path
from engine.search.fusion import Fusion, best, fuse
from engine.search.query import parse_query

Mode = Literal["fused", "openclip", "beit3"]
MODES: tuple[Mode, ...] = ("fused", "openclip", "beit3")
ALONE = Fusion("none", (1.0,))


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
class Filters:
    """Which photos may be in a ranking; see `PhotoTable.ids`."""

    folders: tuple[bytes, ...] = ()
    taken_from: date | None = None
    taken_to: date | None = None

    def __bool__(self) -> bool:
        return bool(self.folders or self.taken_from or self.taken_to)


EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class Scores:
    """The cosines of one query with the whole library.

    Attributes:
        ids: shape (n,), int64, ascending: every photo that any encoder has embedded.
        cosines: shape (2, n), float32; NaN where an encoder has not embedded the photo.
    """

    ids: IdArray
    cosines: FloatArray

    def rank(
        self,
        mode: Mode,
        fusion: Fusion,
        limit: int | None = None,
        allowed: IdArray | None = None,
    ) -> list[Result]:
        """Rank the photos; other modes and fusions need no new encoding.

        Args:
            mode: which encoders count.
            fusion: how they are joined in mode "fused"; normalised over the whole library.
            limit: how many results at most; None means all.
            allowed: ids that may be in the ranking; None means all.

        Returns:
            Best first; equal scores by smaller id.
        """
        if mode == "fused":
            fused = fuse(self.cosines, fusion)
        else:
            row = MODES.index(mode) - 1
            fused = fuse(self.cosines[row : row + 1], ALONE)
        if allowed is not None:
            fused[~np.isin(self.ids, allowed)] = -np.inf
        rows = best(fused, len(fused) if limit is None else limit)
        return [
            Result(int(self.ids[row]), float(fused[row]), self._cosines(int(row))) for row in rows
        ]

    def _cosines(self, row: int) -> tuple[float | None, float | None]:
        first, second = (float(value) for value in self.cosines[:, row])
        return None if np.isnan(first) else first, None if np.isnan(second) else second


class Searcher:
    """Answers queries over one library.

    Args:
        library: may be open for reading only; used by the calling thread.
        models: encodes texts and foreign photos.
        indexes: by checkpoint key, OpenCLIP's first, then BEiT3's.
    """

    def __init__(
        self, library: Library, models: ModelProcess, indexes: Mapping[str, VectorIndex]
    ) -> None:
        self._library = library
        self._models = models
        self._indexes = indexes

    def score_text(self, text: str) -> Scores:
        """Score every photo by a query as typed.

        Raises:
            QueryError: there is nothing to search for.
            CheckpointError: an encoder cannot be loaded.
        """
        query = parse_query(text)
        return self._score(lambda key: self._models.encode_texts(key, [query.normalised])[0])

    def score_photo(self, photo: Photo) -> Scores:
        """Score every photo by its likeness to one of the library; itself is left out.

        Raises:
            QueryError: it has not been embedded yet and cannot be read.
        """
        own = {key: self._embedding(photo.id, key) for key in self._indexes}
        if all(embedding is None for embedding in own.values()):
            return self.score_file(photo.path)
        scores = self._score(own.get)
        scores.cosines[:, scores.ids == photo.id] = np.nan
        return scores

    def score_file(self, path: bytes) -> Scores:
        """Score every photo by its likeness to any photo file.

        Raises:
            QueryError: the file cannot be read.
        """
        answer = self._models.embed_photos([PhotoToEmbed(path, tuple(self._indexes))])[0]
        if isinstance(answer, UnreadablePhoto):
            raise QueryError(f"{shown_path(path)}: {answer.reason}", 0, 0)
        return self._score(answer.embeddings.get)

    def rank(
        self,
        scores: Scores,
        mode: Mode,
        fusion: Fusion,
        limit: int | None = None,
        filters: Filters = EVERYTHING,
    ) -> list[Result]:
        """Rank what has been scored; see `Scores.rank`."""
        allowed = None
        if filters:
            allowed = self._library.photos.ids(
                filters.folders, filters.taken_from, filters.taken_to
            )
        return scores.rank(mode, fusion, limit, allowed)

    def _embedding(self, photo_id: int, key: str) -> FloatArray | None:
        _, vectors = self._library.embeddings.read(key, [photo_id])
        return vectors[0].astype(np.float32) if len(vectors) else None

    def _score(self, query_by: Callable[[str], FloatArray | None]) -> Scores:
        found: list[tuple[IdArray, FloatArray]] = []
        for key, index in self._indexes.items():
            query = query_by(key)
            found.append(index.scores(query) if query is not None else _NOTHING)
        return join(found)


_NOTHING = (np.empty(0, np.int64), np.empty(0, np.float32))


def join(found: Sequence[tuple[IdArray, FloatArray]]) -> Scores:
    """Bring the cosines of several encoders together by photo id.

    Args:
        found: per encoder ids of shape (n_i,), int64, none twice, and cosines of shape (n_i,).

    Returns:
        All photos, none left out because one encoder lacks it.
    """
    first = found[0][0]
    if all(np.array_equal(ids, first) for ids, _ in found[1:]) and bool(np.all(np.diff(first) > 0)):
        return Scores(first, np.stack([cosines for _, cosines in found]))
    ids = np.unique(np.concatenate([ids for ids, _ in found]))
    joined = np.full((len(found), len(ids)), np.nan, np.float32)
    for row, (own, cosines) in zip(joined, found, strict=True):
        row[np.searchsorted(ids, own)] = cosines
    return Scores(ids, joined)
