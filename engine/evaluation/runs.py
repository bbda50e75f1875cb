"""Evaluating a pair of checkpoints on captioned photos of a library."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import CaptionsError
from engine.evaluation.datasets import Caption, match_images, read_captions
from engine.evaluation.reports import Report, evaluate_scores
from engine.indexing.adding import AddReport, add_files
from engine.indexing.embedding import EmbedReport, embed_missing
from engine.library.library import Library
from engine.models.encoder import FloatArray
from engine.paths import absolute, shown_path
from engine.search.fusion import Fusion, IntArray
from engine.search.query import normalise_text
from engine.workspace import Workspace

TEXTS_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class CaptionedPhotos:
    """Captions whose photos are in the library.

    Attributes:
        captions: what is said, in the order of the file.
        photo_ids: of the photo each caption is about; shape (q,), int64.
        left_out: image names that could not be used.
    """

    captions: tuple[Caption, ...]
    photo_ids: IntArray
    left_out: tuple[str, ...]

    @property
    def distinct_ids(self) -> list[int]:
        """The photos, each once, ascending."""
        return [int(id_) for id_ in np.unique(self.photo_ids)]


def prepare(
    workspace: Workspace, captions: Path, images: Path
) -> Iterator[AddReport | EmbedReport]:
    """Add a folder to the library and embed those of its photos that have captions.

    Raises:
        CaptionsError: the caption file is malformed, or names no photo of the folder.
        FolderError: there is no such folder.
    """
    read_captions(captions)  # a malformed file is told of before the folder is gone through
    yield from add_files(workspace.library, absolute(images))
    captioned = find_captioned(workspace.library, captions, images)
    yield from embed_missing(
        workspace.library, workspace.models, workspace.indexes, only=captioned.distinct_ids
    )


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


def _ids_by_name(library: Library, directory: bytes) -> dict[str, int]:
    return {
        shown_path(os.path.relpath(path, directory)).replace(os.sep, "/"): known.id
        for folder in library.folders.all()
        for path, known in library.photos.known_files(folder.id, directory).items()
        if not known.missing
    }


def evaluate(workspace: Workspace, captioned: CaptionedPhotos, fusion: Fusion) -> Report:
    """Rank the captioned photos by every caption, with each encoder and with both.

    Photos are searched among those that have captions and could be read.

    Args:
        workspace: its library holds the photos, embedded.
        captioned: queries and their photos.
        fusion: the one to evaluate.

    Raises:
        CaptionsError: no captioned photo could be read.
    """
    ids = _readable(workspace, captioned.distinct_ids)
    usable = np.isin(captioned.photo_ids, ids)
    if not usable.any():
        raise CaptionsError("None of the captioned photos could be read.")
    texts = [
        normalise_text(caption.text)
        for caption, use in zip(captioned.captions, usable, strict=True)
        if use
    ]
    scores = np.stack([_cosines(workspace, key, texts, ids) for key in workspace.indexes])
    columns = np.searchsorted(ids, captioned.photo_ids[usable])
    openclip, beit3 = (checkpoint.record.name for checkpoint in workspace.pair)
    return evaluate_scores(scores, columns, fusion, (openclip, beit3))


def unreadable(workspace: Workspace, captioned: CaptionedPhotos) -> list[str]:
    """Captioned photos without embeddings, which an evaluation leaves out."""
    ids = captioned.distinct_ids
    lacking = np.setdiff1d(ids, _readable(workspace, ids))
    return [photo.shown_path for photo in workspace.library.photos.get(lacking)]


def _readable(workspace: Workspace, ids: Sequence[int]) -> IntArray:
    found = [workspace.library.embeddings.read(key, ids)[0] for key in workspace.indexes]
    return np.union1d(*found)


def _cosines(workspace: Workspace, key: str, texts: Sequence[str], ids: IntArray) -> FloatArray:
    found, vectors = workspace.library.embeddings.read(key, ids)
    cosines = np.full((len(texts), len(ids)), np.nan, np.float32)
    columns = np.searchsorted(ids, found)
    photos = vectors.astype(np.float32).T
    for start in range(0, len(texts) if len(found) else 0, TEXTS_AT_ONCE):
        part = texts[start : start + TEXTS_AT_ONCE]
        cosines[start : start + len(part), columns] = (
            workspace.models.encode_texts(key, part) @ photos
        )
    return cosines
