"""Evaluating a pair of checkpoints on photos of a library whose right queries are known."""

import hashlib
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import numpy as np

from engine.evaluation.datasets import read_captions
from engine.evaluation.evaluating import Evaluation, Progress, evaluate_table
from engine.evaluation.queries import Queries, find_captioned
from engine.evaluation.score_table import ScoreTable
from engine.evaluation.wordings import Asked, word_all
from engine.indexing.adding import AddReport, add_files
from engine.indexing.embedding import EmbedReport, embed_missing
from engine.library.photo import Float16Array
from engine.models.encoder import FloatArray
from engine.paths import absolute, cache_folder
from engine.search.fusion import Fusion
from engine.workspace import Workspace

TEXTS_AT_ONCE = 64  # between two reports


def own_library(images: Path) -> Path:
    """A library for evaluations of this folder, kept so that a second one is quick."""
    digest = hashlib.sha256(os.fsencode(images.resolve())).hexdigest()[:16]
    return cache_folder() / "evaluation" / digest


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


def evaluate_steps(
    workspace: Workspace, queries: Queries, fusion: Fusion
) -> Generator[Progress | Evaluation]:
    """Rank the photos by every query, with each encoder and with both.

    Args:
        workspace: its library holds the photos, embedded; it is only read.
        queries: what is searched for.
        fusion: the one to evaluate.

    Yields:
        How far it is, and last the evaluation.
    """
    records = {checkpoint.key: checkpoint.record for checkpoint in workspace.pair}
    asked = yield from word_all(queries.texts, records, workspace.models)
    texts: list[FloatArray] = []
    for key in workspace.indexes:
        texts += [(yield from _encode(workspace, key, asked))]
    photos = [
        _embeddings(workspace, key, queries, encoded.shape[1])
        for key, encoded in zip(workspace.indexes, texts, strict=True)
    ]
    openclip, beit3 = (checkpoint.record.name for checkpoint in workspace.pair)
    yield from evaluate_table(
        ScoreTable(texts, photos),
        queries,
        fusion,
        (openclip, beit3),
        left_out=asked.left_out,
        translated=asked.translated,
    )


def evaluate(workspace: Workspace, queries: Queries, fusion: Fusion) -> Evaluation:
    """Run `evaluate_steps` to its end."""
    *_, found = evaluate_steps(workspace, queries, fusion)
    assert isinstance(found, Evaluation)
    return found


def _encode(workspace: Workspace, key: str, asked: Asked) -> Generator[Progress, None, FloatArray]:
    """The embeddings of all texts; NaN for an encoder that is left out."""
    stages = [*(["translating"] if asked.translated else []), *workspace.indexes]
    texts = asked.texts.get(key)
    if texts is None:
        dimension = workspace.indexes[key].dimension
        return np.full((asked.count, dimension), np.nan, np.float32)
    parts = []
    for start in range(0, len(texts), TEXTS_AT_ONCE):
        done = stages.index(key) + start / len(texts)
        yield Progress("encoding", done / len(stages))
        parts.append(workspace.models.encode_texts(key, texts[start : start + TEXTS_AT_ONCE]))
    return np.concatenate(parts)


def _embeddings(workspace: Workspace, key: str, queries: Queries, dimension: int) -> Float16Array:
    """The embeddings of all photos searched among; NaN for those that lack one."""
    found, vectors = workspace.library.embeddings.read(key, queries.photo_ids)
    if len(found) == len(queries.photo_ids):
        return vectors
    embeddings = np.full((len(queries.photo_ids), dimension), np.nan, np.float16)
    if len(found):
        embeddings[np.searchsorted(queries.photo_ids, found)] = vectors
    return embeddings
