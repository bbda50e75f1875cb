"""What must hold for every pair of checkpoints, whatever they understand."""

import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from engine.errors import EngineError
from engine.index.vector_index import VectorIndex
from engine.inference.messages import PhotoToEmbed, UnreadablePhoto
from engine.library.photo import IdArray
from engine.models.checkpoint import Checkpoint
from engine.models.encoder import FloatArray
from engine.models.installed import InstalledCheckpoint
from engine.search.fusion import RRF_K, Fusion
from engine.search.query import normalise_text
from engine.search.scores import Scores
from engine.workspace import Workspace

UNIT = 2e-3  # how far lengths may be from 1; half-precision numbers are rounded by 5e-4
SAME = 1e-4  # how far cosines of the same may lie apart: other batches add up in another order
ALIKE = 1e-3  # likewise where lower precisions are at work
RANKED_ALIKE = 1e-7  # likewise of scores by ranks alone, where neighbours lie closer than that
EMBEDDED_AGAIN = 6  # photos

# hòa is typed as hoà just as well: the mark moves to the second letter.
_NEW_STYLE = {
    unicodedata.normalize("NFC", first + tone + second): unicodedata.normalize(
        "NFC", first + second + tone
    )
    for first, second in ("oa", "oe", "uy")
    for tone in "\u0300\u0301\u0303\u0309\u0323"
}


class Unsound(EngineError):  # noqa: N818 - it says what was found, not what was done wrong
    """What was found wrong, as a sentence."""


@dataclass(frozen=True)
class Trial:
    """An indexed album whose queries are known.

    Attributes:
        workspace: its library holds the album and nothing else.
        queries: by the names of the photos they are about.
    """

    workspace: Workspace
    queries: Mapping[str, str]

    @cached_property
    def answers(self) -> list[Scores]:
        """What the searcher says to each query."""
        return self.ask(list(self.queries.values()))

    @cached_property
    def photo_ids(self) -> IdArray:
        """Of the photos in the order of their queries; shape (n,), int64."""
        photos = self.workspace.library.photos
        ids = {os.path.basename(p.shown_path): p.id for p in photos.get(photos.ids())}
        return np.array([ids[name] for name in self.queries], np.int64)

    def ask(self, queries: list[str]) -> list[Scores]:
        """Search for each of these, one after the other as a user does."""
        searcher = self.workspace.searcher
        return [searcher.score_text(query) for query in queries]

    def embeddings(self, checkpoint: InstalledCheckpoint) -> tuple[IdArray, FloatArray]:
        """What the library holds: ids of shape (n,), ascending, vectors of shape (n, d)."""
        library = self.workspace.library
        ids, vectors = library.embeddings.read(checkpoint.key, library.photos.ids())
        return ids, vectors.astype(np.float32)


def every_photo_is_embedded(trial: Trial) -> str:
    workspace = trial.workspace
    for failure in workspace.library.failures.all():
        raise Unsound(f"A scene could not be embedded: {failure.reason}")
    for checkpoint in workspace.pair:
        count = workspace.library.embeddings.count(checkpoint.key)
        if count != len(trial.queries):
            raise Unsound(
                f"{checkpoint.record.name} has embedded {count} of {len(trial.queries)} photos."
            )
    return f"{len(trial.queries)} embedded by each encoder"


def embeddings_are_unit_vectors(trial: Trial) -> str:
    for checkpoint in trial.workspace.pair:
        _, vectors = trial.embeddings(checkpoint)
        lengths = np.linalg.norm(vectors, axis=1)
        if not np.abs(lengths - 1).max() < UNIT:  # NaN neither
            name = checkpoint.record.name
            raise Unsound(f"Embeddings by {name} are not of length 1, or not finite.")
    return "finite and of length 1"


def index_files_hold_the_embeddings(trial: Trial) -> str:
    for checkpoint in trial.workspace.pair:
        path = trial.workspace.library.paths.indexes / f"{checkpoint.key}.faiss"
        index = VectorIndex.load(path, checkpoint.record.dimension)
        order = np.argsort(index.ids)
        basis = np.eye(index.dimension, dtype=np.float32)
        stored = np.stack([index.scores(direction)[1] for direction in basis], axis=1)
        ids, vectors = trial.embeddings(checkpoint)
        if not np.array_equal(index.ids[order], ids) or not np.array_equal(stored[order], vectors):
            raise Unsound(
                f"The index file of {checkpoint.record.name} does not hold what is in the library."
            )
    return "read back as they are in the library"


def photos_are_embedded_alike_again(trial: Trial) -> str:
    """In a smaller batch and the other way round, so that no photo has the same neighbours."""
    workspace, chosen = trial.workspace, _some(trial.photo_ids)[::-1]
    keys = tuple(workspace.indexes)
    wanted = [PhotoToEmbed(path, keys) for path in _paths(trial, chosen)]
    answers = workspace.models.embed_photos(wanted)
    least = 1.0
    for checkpoint in workspace.pair:
        ids, vectors = trial.embeddings(checkpoint)
        rows = dict(zip(ids.tolist(), vectors, strict=True))
        for photo_id, answer in zip(chosen.tolist(), answers, strict=True):
            if isinstance(answer, UnreadablePhoto):
                raise Unsound(f"A scene could not be embedded again: {answer.reason}")
            cosine = float(answer.embeddings[checkpoint.key] @ rows[photo_id])
            least = min(least, cosine)
            if not cosine > 1 - ALIKE:
                raise Unsound(
                    f"{checkpoint.record.name} embeds the same photo differently in another "
                    f"batch: cosine {cosine:.4f}."
                )
    return f"cosine at least {least:.4f} in another batch"


def photos_find_themselves(trial: Trial) -> str:
    """All by their embeddings, some by their files and the whole way."""
    workspace = trial.workspace
    for checkpoint in workspace.pair:
        index = workspace.indexes[checkpoint.key]
        for photo_id, vector in zip(*trial.embeddings(checkpoint), strict=True):
            _must_be_first(photo_id, *index.scores(vector), checkpoint.record)
    chosen = _some(trial.photo_ids)
    for photo_id, path in zip(chosen, _paths(trial, chosen), strict=True):
        scores = workspace.searcher.score_file(path)
        for checkpoint, cosines in zip(workspace.pair, scores.cosines, strict=True):
            _must_be_first(photo_id, scores.ids, cosines, checkpoint.record)
    return "first of all when searched with"


def every_query_is_answered(trial: Trial) -> str:
    fusion = trial.workspace.fusion
    for query, scores in zip(trial.queries.values(), trial.answers, strict=True):
        ranking = scores.ranking("fused", fusion)
        if len(ranking) != len(trial.queries) or not np.isfinite(ranking.scores).all():
            raise Unsound(f"“{query}” does not rank all {len(trial.queries)} photos.")
    return f"{len(trial.queries)} answered"


def encoders_are_asked_in_their_languages(trial: Trial) -> str:
    told = []
    for row, checkpoint in enumerate(trial.workspace.pair):
        record = checkpoint.record
        silent = [bool(np.isnan(scores.cosines[row]).any()) for scores in trial.answers]
        if record.knows("vi"):
            if any(silent):
                raise Unsound(f"{record.name} knows Vietnamese and was not asked.")
            told.append(f"{record.name} knows Vietnamese")
        else:
            told.append(_asked_in_english(record, trial, silent))
    return "; ".join(told)


def _asked_in_english(record: Checkpoint, trial: Trial, silent: list[bool]) -> str:
    reasons = []
    for scores, is_silent in zip(trial.answers, silent, strict=True):
        wording = scores.wording
        reason = wording.left_out.get(record.family) if wording else None
        if is_silent != (reason is not None):
            raise Unsound(f"It was not told whether {record.name} counts for a query.")
        if not is_silent and not (wording and wording.english):
            raise Unsound(f"{record.name} was asked in Vietnamese, which it does not know.")
        reasons += [reason] if reason else []
    if not reasons:
        return f"{record.name} asked in English"
    return f"{record.name} left out of {len(reasons)} of {len(silent)} queries: {reasons[0]}"


def cosines_are_those_of_the_embeddings(trial: Trial) -> str:
    """Computed plainly in float32, from the embeddings and not from an index."""
    models = trial.workspace.models
    for row, checkpoint in enumerate(trial.workspace.pair):
        ids, vectors = trial.embeddings(checkpoint)
        for query, scores in zip(trial.queries.values(), trial.answers, strict=True):
            if np.isnan(scores.cosines[row]).all():  # left out
                continue
            asked = models.encode_texts(checkpoint.key, [_asked(checkpoint.record, query, scores)])
            plain = vectors @ asked[0]
            found = scores.cosines[row][np.searchsorted(scores.ids, ids)]
            if not np.abs(found - plain).max() < ALIKE:
                raise Unsound(
                    f"The cosines of {checkpoint.record.name} with “{query}” are not those of the "
                    "embeddings."
                )
    return "as computed from the embeddings in the library"


def rankings_are_fused_plainly(trial: Trial) -> str:
    fusion = trial.workspace.fusion
    alike = RANKED_ALIKE if fusion.normalisation == "rrf" else ALIKE
    for query, scores in zip(trial.queries.values(), trial.answers, strict=True):
        ranking = scores.ranking("fused", fusion)
        plain = _fused(scores.cosines.astype(np.float64), fusion)
        ranked = plain[np.searchsorted(scores.ids, ranking.ids)]
        in_order = np.all(np.diff(ranked) <= alike)
        if not in_order or not np.abs(ranked - ranking.scores).max() < alike:
            raise Unsound(f"The fused ranking of “{query}” is not what its cosines give.")
    return f"{fusion.label()}, as computed plainly"


def answers_are_the_same_again(trial: Trial) -> str:
    _must_be_the_same(trial, list(trial.queries.values()), "the second time")
    return "the same answers the second time"


def spellings_find_the_same(trial: Trial) -> str:
    spelt = [unicodedata.normalize("NFD", new_style(query)) for query in trial.queries.values()]
    _must_be_the_same(trial, spelt, "in NFD and with the other tone placement")
    return "the same answers in NFD and with the other tone placement"


def new_style(text: str) -> str:
    """Write tòa as toà, which `unify_tone_placement` writes back; of texts in NFC."""
    for old, new in _NEW_STYLE.items():
        text = text.replace(old, new)
    return text


def _must_be_the_same(trial: Trial, queries: list[str], when: str) -> None:
    for query, before, now in zip(
        trial.queries.values(), trial.answers, trial.ask(queries), strict=True
    ):
        apart = np.abs(before.cosines - now.cosines)
        silent = np.isnan(before.cosines) & np.isnan(now.cosines)
        if not np.array_equal(before.ids, now.ids) or not (silent | (apart < SAME)).all():
            raise Unsound(f"“{query}” is answered differently {when}.")


def _must_be_first(photo_id: int, ids: IdArray, cosines: FloatArray, record: Checkpoint) -> None:
    own = cosines[ids == photo_id]
    if not own.size or not cosines.max() - own[0] < ALIKE:
        raise Unsound(f"Searched with a photo, {record.name} finds another one before it.")


def _asked(record: Checkpoint, query: str, scores: Scores) -> str:
    english = scores.wording.english if scores.wording else None
    return normalise_text(query if record.knows("vi") else english or query)


def _some(ids: IdArray) -> IdArray:
    return ids[:: -(-len(ids) // EMBEDDED_AGAIN)]


def _paths(trial: Trial, ids: IdArray) -> list[bytes]:
    return [photo.path for photo in trial.workspace.library.photos.get(ids)]


def _fused(cosines: npt.NDArray[np.float64], fusion: Fusion) -> npt.NDArray[np.float64]:
    """The weighted mean of each photo, by the formulas; see `engine.search.fusion.fuse`."""
    asked = ~np.isnan(cosines).any(axis=1)
    weights = np.array(fusion.weights)[asked]
    values = np.stack([_normalised(row, fusion) for row in cosines[asked]])
    return np.average(values, axis=0, weights=weights if weights.any() else None)


def _normalised(row: npt.NDArray[np.float64], fusion: Fusion) -> npt.NDArray[np.float64]:
    values = row
    if fusion.normalisation == "zscore":
        values = (row - row.mean()) / (row.std() or 1)
    elif fusion.normalisation == "minmax":
        values = (row - row.min()) / (np.ptp(row) or 1)
    elif fusion.normalisation == "rrf":
        values = np.empty_like(row)
        values[np.argsort(-row, kind="stable")] = 1 / (RRF_K + np.arange(1, len(row) + 1))
    return values
