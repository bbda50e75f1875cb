"""What is searched for in an evaluation, and which photos would be right."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import CaptionsError
from engine.evaluation.datasets import Caption, match_images, read_captions
from engine.library.library import Library
from engine.library.photo import IdArray
from engine.paths import absolute, shown_path
from engine.search.fusion import BoolArray, IntArray
from engine.search.query import normalise_text


@dataclass(frozen=True, slots=True)
class Queries:
    """Texts with their right photos, and all the photos they are searched among.

    Attributes:
        texts: normalised; q of them.
        photo_ids: searched among, shape (n,), int64, ascending.
        rows: of each right answer its query, shape (a,), int64, ascending; every query is in it.
        columns: of each right answer its photo's place in `photo_ids`, shape (a,), int64;
            ascending within a query.
        left_out: photos that play no part, as they are shown.
    """

    texts: tuple[str, ...]
    photo_ids: IdArray
    rows: IntArray
    columns: IntArray
    left_out: tuple[str, ...] = ()

    @property
    def first_right(self) -> IntArray:
        """The first right photo of each query, shape (q,), as its place in `photo_ids`."""
        return self.columns[np.searchsorted(self.rows, np.arange(len(self.texts)))]

    @property
    def right(self) -> IntArray:
        """The photos that are right for any query, each once, as places in `photo_ids`."""
        return np.unique(self.columns)

    def right_photos(self, block: slice) -> BoolArray | IntArray:
        """The right answers of some queries, as `engine.evaluation.metrics.ranks` takes them."""
        part = slice(*np.searchsorted(self.rows, (block.start, block.stop)).tolist())
        rows, columns = self.rows[part] - block.start, self.columns[part]
        if len(rows) == block.stop - block.start:  # one each
            return columns
        relevant = np.zeros((block.stop - block.start, len(self.photo_ids)), np.bool_)
        relevant[rows, columns] = True
        return relevant

    def right_texts(self, columns: IntArray) -> BoolArray:
        """Which queries are right for some photos, ascending: shape (len(columns), q)."""
        wanted = np.isin(self.columns, columns)
        relevant = np.zeros((len(columns), len(self.texts)), np.bool_)
        relevant[np.searchsorted(columns, self.columns[wanted]), self.rows[wanted]] = True
        return relevant


@dataclass(frozen=True, slots=True)
class CaptionedPhotos:
    """Captions whose photos are in the library.

    Attributes:
        captions: what is said, in the order of the file.
        photo_ids: of the photo each caption is about; shape (q,), int64.
        left_out: image names that could not be used.
    """

    captions: tuple[Caption, ...]
    photo_ids: IdArray
    left_out: tuple[str, ...]

    @property
    def distinct_ids(self) -> list[int]:
        """The photos, each once, ascending."""
        return [int(id_) for id_ in np.unique(self.photo_ids)]


def find_captioned(library: Library, captions: Path, images: Path) -> CaptionedPhotos:
    """Join a caption file to the photos of a folder that the library holds.

    Raises:
        CaptionsError: the caption file is malformed, or names no photo of the folder.
    """
    said = read_captions(captions)
    matches = match_images(said, _ids_by_name(library, absolute(images)))
    if not matches.pairs:
        raise CaptionsError(f"None of the photos that {captions} names is in {images}.")
    return CaptionedPhotos(
        tuple(caption for caption, _ in matches.pairs),
        np.array([photo_id for _, photo_id in matches.pairs], np.int64),
        (*matches.missing, *matches.ambiguous),
    )


def unreadable(
    library: Library, captioned: CaptionedPhotos, checkpoints: Iterable[str]
) -> list[str]:
    """Captioned photos without embeddings, which an evaluation leaves out."""
    embedded = _embedded(library, checkpoints)
    lacking = np.setdiff1d(captioned.photo_ids, embedded)
    return [photo.shown_path for photo in library.photos.get(lacking)]


def captioned_queries(
    library: Library, captioned: CaptionedPhotos, checkpoints: Sequence[str]
) -> Queries:
    """Search for every caption among the photos that have one and could be read.

    Args:
        library: holds the photos, embedded.
        captioned: what is searched for.
        checkpoints: keys of those in use; a photo needs an embedding by one of them.

    Raises:
        CaptionsError: no captioned photo could be read.
    """
    ids = np.intersect1d(captioned.photo_ids, _embedded(library, checkpoints))
    usable = np.flatnonzero(np.isin(captioned.photo_ids, ids))
    if not usable.size:
        raise CaptionsError("None of the captioned photos could be read.")
    return Queries(
        texts=tuple(normalise_text(captioned.captions[row].text) for row in usable),
        photo_ids=ids,
        rows=np.arange(usable.size),
        columns=np.searchsorted(ids, captioned.photo_ids[usable]),
        left_out=(*captioned.left_out, *unreadable(library, captioned, checkpoints)),
    )


def find_marked(library: Library, checkpoints: Sequence[str]) -> Queries:
    """Search for the queries of the user's relevance marks among all photos of the library.

    Marked photos that are missing or not embedded yet are left out, and queries with them that
    have no other right photo.

    Args:
        library: holds the marks.
        checkpoints: keys of those in use; a photo needs an embedding by one of them.

    Raises:
        CaptionsError: no photo is marked, or too few to choose weights by.
    """
    marks = library.relevance_marks()
    if not marks:
        raise CaptionsError("No photo has been marked as the right one for a query yet.")
    ids = _embedded(library, checkpoints)
    marked = np.array([photo_id for _, photo_id in marks], np.int64)
    usable = np.isin(marked, ids)
    texts = [query for (query, _), use in zip(marks, usable, strict=True) if use]
    places = {text: row for row, text in enumerate(dict.fromkeys(texts))}
    pairs = sorted(
        zip(
            (places[text] for text in texts),
            np.searchsorted(ids, marked[usable]).tolist(),
            strict=True,
        )
    )
    rows, columns = np.array(pairs, np.int64).reshape(-1, 2).T
    lacking = library.photos.get(np.unique(marked[~usable]))
    left_out = tuple(photo.shown_path for photo in lacking)
    queries = Queries(tuple(places), ids, rows, columns, left_out)
    if np.unique(queries.first_right).size < 2:
        raise CaptionsError("At least two queries with different right photos must be marked.")
    return queries


def _ids_by_name(library: Library, directory: bytes) -> dict[str, int]:
    return {
        shown_path(os.path.relpath(path, directory)).replace(os.sep, "/"): known.id
        for folder in library.folders.all()
        for path, known in library.photos.known_files(folder.id, directory).items()
        if not known.missing
    }


def _embedded(library: Library, checkpoints: Iterable[str]) -> IdArray:
    """Photos that are there and that any of these checkpoints has embedded, ascending."""
    found = [library.embeddings.photo_ids(key) for key in checkpoints]
    return np.unique(np.concatenate(found))
