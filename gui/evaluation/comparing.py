"""Another pair of checkpoints beside the one in use: the same queries, the same photos."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import CaptionsError
from engine.evaluation.metrics import FIGURES, RESAMPLES, Interval, Metrics
from engine.evaluation.queries import Queries
from engine.library.library import Library
from engine.library.photo import IdArray
from engine.models.installed import find_installed, installed
from engine.search.fusion import Fusion, IntArray
from engine.workspace import DEFAULTS, names_in_use

if TYPE_CHECKING:
    from engine.evaluation.reports import Report
    from engine.workspace import Workspace

PairNames = tuple[str, str]  # OpenCLIP's first
FEWEST_QUERIES = 20  # of fewer, resampling says too much


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of the other pair less that of the pair in use, with its 95 % interval."""

    value: float
    interval: Interval

    @property
    def is_certain(self) -> bool:
        """Whether it is more than chance."""
        low, high = self.interval
        return low > 0 or high < 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the other pair finds.

    Attributes:
        report: its figures.
        differences: of the fused rankings of texts to photos, by figure.
    """

    report: "Report"
    differences: Mapping[str, Difference]

    @property
    def is_certain(self) -> bool:
        """Whether it can be said at all which pair finds better."""
        enough = self.report.text_to_image["fused"].queries >= FEWEST_QUERIES
        return enough and self.differences["r10"].is_certain


@dataclass(frozen=True, slots=True)
class PairChoices:
    """The pair in use, and by family all checkpoints on this machine."""

    in_use: PairNames
    names: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Lacking:
    """How many photos the pair in use finds and another one does not; `marked` among them."""

    photos: int
    marked: int


def differences(in_use: IntArray, other: IntArray, seed: int = 0) -> dict[str, Difference]:
    """Tell by how much the figures of two rankings differ, by a paired bootstrap.

    Args:
        in_use: ranks of each query's right photo by the pair in use, shape (q,), int64.
        other: by the other pair, likewise.
        seed: of the bootstrap.

    Source: Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapter 8.
    """
    rng = np.random.default_rng(seed)
    samples = (rng.integers(in_use.size, size=in_use.size) for _ in range(RESAMPLES))
    resampled = np.array([_less(other[rows], in_use[rows]) for rows in samples])
    low, high = np.percentile(resampled, (2.5, 97.5), axis=0)
    found = zip(FIGURES, _less(other, in_use), low, high, strict=True)
    return {name: Difference(value, (float(a), float(b))) for name, value, a, b in found}


def _less(other: IntArray, in_use: IntArray) -> list[float]:
    theirs, ours = (Metrics.from_ranks(ranks, seed=None) for ranks in (other, in_use))
    return [getattr(theirs, name) - getattr(ours, name) for name in FIGURES]


def among(queries: Queries, ids: IdArray) -> Queries:
    """The same queries among fewer photos; without those whose right photos are not among them.

    Args:
        queries: what is searched for.
        ids: photos that stay, shape (n,), int64, ascending.

    Raises:
        CaptionsError: no query is left.
    """
    kept = np.intersect1d(queries.photo_ids, ids)
    right = queries.photo_ids[queries.columns]
    usable = np.isin(right, kept)
    if not usable.any():
        raise CaptionsError("No right photo of any query has been embedded by both pairs.")
    asked, rows = np.unique(queries.rows[usable], return_inverse=True)
    return replace(
        queries,
        texts=tuple(queries.texts[row] for row in asked),
        photo_ids=kept,
        rows=rows.astype(np.int64),
        columns=np.searchsorted(kept, right[usable]),
    )


@contextmanager
def beside(
    workspace: "Workspace", library_folder: Path, names: PairNames
) -> Iterator[tuple["Workspace", Fusion]]:
    """The same library, searched with another pair.

    Args:
        workspace: of the library that is evaluated.
        library_folder: of the user's library, which knows how the pair is fused.
        names: of the pair.

    Raises:
        CheckpointError: a checkpoint is not on this machine.
    """
    from engine.index.vector_index import VectorIndex
    from engine.inference.client import ModelProcess, precisions_file
    from engine.models.installed_translators import installed_translator
    from engine.workspace import fusion_in_use

    pair = find_installed(names[0]), find_installed(names[1])
    with Library.open_to_read(library_folder) as library:
        fusion = fusion_in_use(library, pair)
    indexes = {each.key: VectorIndex(each.record.dimension) for each in pair}
    with ModelProcess(pair, precisions_file(), translator=installed_translator()) as models:
        yield replace(workspace, pair=pair, models=models, indexes=indexes), fusion


def pair_choices(library_folder: Path) -> PairChoices:
    """What may be compared."""
    with Library.open_to_read(library_folder) as library:
        openclip, beit3 = names_in_use(library).values()
    here = [checkpoint.record for checkpoint in installed()]
    names: dict[str, tuple[str, ...]] = {
        family: tuple(record.name for record in here if record.family == family)
        for family in DEFAULTS
    }
    return PairChoices((openclip, beit3), names)


def count_lacking(library_folder: Path, names: PairNames) -> Lacking:
    """How many photos of the user's library cannot be found by a pair yet.

    Raises:
        CheckpointError: a checkpoint is not on this machine.
    """
    with Library.open_to_read(library_folder) as library:
        openclip, beit3 = names_in_use(library).values()
        known = np.union1d(_embedded(library, openclip), _embedded(library, beit3))
        keys = [find_installed(name).key for name in names]
        lacking = np.setdiff1d(known, embedded_by_all(library, keys))
        marked = [photo_id for _, photo_id in library.relevance_marks()]
    return Lacking(lacking.size, int(np.isin(lacking, marked).sum()))


def _embedded(library: Library, name: str) -> IdArray:
    return library.embeddings.photo_ids(find_installed(name).key)


def embedded_by_all(library: Library, keys: list[str]) -> IdArray:
    """The photos that each of these checkpoints knows, ascending."""
    ids = library.embeddings.photo_ids(keys[0])
    for key in keys[1:]:
        ids = np.intersect1d(ids, library.embeddings.photo_ids(key))
    return ids
