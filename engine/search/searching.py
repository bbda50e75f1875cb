"""From a query to a ranking: every photo scored by every encoder, then fused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from engine.errors import QueryError
from engine.index.vector_index import VectorIndex
from engine.inference.client import ModelProcess
from engine.inference.messages import PhotoToEmbed, UnreadablePhoto
from engine.library.library import Library
from engine.library.photo import IdArray, Photo
from engine.models.encoder import FloatArray
from engine.paths import shown_path
from engine.search.bursts import find_bursts
from engine.search.composing import Wish, compose
from engine.search.fusion import Fusion
from engine.search.query import Query, parse_query
from engine.search.scores import Mode, Result, Scores, join
from engine.search.wording import Worded, nobody_asked, word

Embedded = Mapping[str, FloatArray]  # one text or picture, by the keys of the encoders that did it


@dataclass(frozen=True, slots=True)
class Filters:
    """Which photos may be in a ranking; see `PhotoTable.ids`."""

    folders: tuple[bytes, ...] = ()
    taken_from: date | None = None
    taken_to: date | None = None

    def __bool__(self) -> bool:
        return bool(self.folders or self.taken_from or self.taken_to)


EVERYTHING = Filters()


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

    def score(self, wish: Wish) -> Scores:
        """Score every photo by a text, a picture, or both, less what is to be avoided.

        A photo of the library that is searched with is left out. So is, of a text, an encoder
        that does not know its language; see `Wording`.

        Raises:
            QueryError: there is nothing to search for, no encoder knows the language of the
                text, or the picture cannot be read.
            CheckpointError: an encoder cannot be loaded.
        """
        query = parse_query(wish.text, with_picture=wish.picture is not None)
        worded = self._word(query, wish)
        wanted, avoided = self._encode(worded.asked if worded else {})
        if wish.picture is not None:
            wanted.append(self._picture(wish.picture))
        every = self._cosines([*wanted, *avoided])
        if isinstance(wish.picture, int):
            every.cosines[:, every.ids == wish.picture] = np.nan
        parts = every.cosines.reshape(len(wanted) + len(avoided), len(self._indexes), -1)
        shown = values = parts[0]
        if len(parts) > 1:
            values = compose(parts[: len(wanted)], parts[len(wanted) :])
        return Scores(every.ids, shown, values, worded.wording if worded else None)

    def score_text(self, text: str, english: str | None = None) -> Scores:
        """Score every photo by a query as typed; see `score` and `Wish`."""
        return self.score(Wish(text, english=english))

    def score_photo(self, photo: Photo) -> Scores:
        """Score every photo by its likeness to one of the library; see `score`."""
        return self.score(Wish(picture=photo.id))

    def score_file(self, path: bytes) -> Scores:
        """Score every photo by its likeness to any photo file; see `score`."""
        return self.score(Wish(picture=path))

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

    def bursts(self, ids: Sequence[int] | IdArray) -> dict[int, tuple[int, ...]]:
        """Group the nearly identical among some photos; see `find_bursts`.

        Args:
            ids: the first of a ranking, best first; some hundred, as each is compared with each.
        """
        photos = self._library.photos.get(ids)
        found = np.array([photo.id for photo in photos], np.int64)
        taken_at = np.array([_seconds(photo.taken_at) for photo in photos], np.float64)
        return find_bursts(found, taken_at, [self._vectors(key, found) for key in self._indexes])

    def _word(self, query: Query, wish: Wish) -> Worded | None:
        """How the encoders are asked; None where there is no text."""
        if not (query.normalised or query.avoided):
            return None
        records = {key: self._models.checkpoints[key].record for key in self._indexes}
        worded = word(query, records, self._models, wish.english)
        if not worded.asked and wish.picture is None:
            sentence = nobody_asked(worded.wording.left_out.values())
            raise QueryError(sentence, 0, len(wish.text))
        return worded

    def _encode(self, asked: Mapping[str, Query]) -> tuple[list[Embedded], list[Embedded]]:
        """The text that is wanted, if there is one, and those to avoid."""
        wanted: dict[str, FloatArray] = {}
        avoided: list[dict[str, FloatArray]] = []
        for key, query in asked.items():
            if query.normalised:
                wanted[key] = self._models.encode_texts(key, [query.normalised])[0]
            avoided += [{} for _ in query.avoided[len(avoided) :]]
            if query.avoided:
                found = self._models.encode_texts(key, query.avoided)
                for part, embedding in zip(avoided, found, strict=False):  # others avoid more
                    part[key] = embedding
        return ([wanted] if wanted else []), [*avoided]

    def _picture(self, picture: int | bytes) -> Embedded:
        if isinstance(picture, bytes):
            return self._embed(picture)
        by_key = {key: self._vectors(key, np.array([picture]))[0] for key in self._indexes}
        known = {key: vector for key, vector in by_key.items() if not np.isnan(vector).any()}
        return known or self._embed(self._path(picture))

    def _path(self, photo_id: int) -> bytes:
        photos = self._library.photos.get([photo_id])
        if not photos:
            raise QueryError("The photo is no longer in the library.", 0, 0)
        return photos[0].path

    def _embed(self, path: bytes) -> Embedded:
        answer = self._models.embed_photos([PhotoToEmbed(path, tuple(self._indexes))])[0]
        if isinstance(answer, UnreadablePhoto):
            raise QueryError(f"{shown_path(path)}: {answer.reason}", 0, 0)
        return answer.embeddings

    def _vectors(self, key: str, ids: IdArray) -> FloatArray:
        """The embeddings of these photos, shape (n, d), float32; NaN where there is none."""
        found, embedded = self._library.embeddings.read(key, ids)
        vectors = np.full((len(ids), self._indexes[key].dimension), np.nan, np.float32)
        rows = {id_: row for row, id_ in enumerate(ids.tolist())}
        for id_, vector in zip(found.tolist(), embedded, strict=True):
            vectors[rows[id_]] = vector
        return vectors

    def _cosines(self, parts: Sequence[Embedded]) -> Scores:
        """One row a part and encoder, in this order."""
        return join(
            [
                index.scores(part[key]) if key in part else _NOTHING
                for part in parts
                for key, index in self._indexes.items()
            ]
        )


_NOTHING = (np.empty(0, np.int64), np.empty(0, np.float32))
_ANY_DAY = datetime(1970, 1, 1)  # without a zone, as the clocks of cameras


def _seconds(taken_at: datetime | None) -> float:
    return np.nan if taken_at is None else (taken_at - _ANY_DAY).total_seconds()
