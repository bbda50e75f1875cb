"""The self-test: drawn scenes go all the way from files to rankings, and every step is judged."""

import shutil
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from engine.cli import soundness
from engine.cli.scenes import MORE_FIGURES, MORE_GROUNDS, draw_scenes
from engine.cli.soundness import Trial
from engine.cli.understanding import understanding
from engine.errors import EngineError, FolderError
from engine.index.upkeep import open_index
from engine.indexing.adding import AddReport, add_files
from engine.indexing.embedding import EmbedReport, embed_missing
from engine.inference.client import ModelProcess, precisions_file
from engine.library.library import Library
from engine.models.installed_translators import installed_translator
from engine.paths import absolute
from engine.search.fusion import Fusion
from engine.search.scores import Mode
from engine.workspace import Pair, Workspace, remember_fusion, use_pair

CHECKS: Mapping[str, Callable[[Trial], str]] = {
    "photos": soundness.every_photo_is_embedded,
    "embeddings": soundness.embeddings_are_unit_vectors,
    "index files": soundness.index_files_hold_the_embeddings,
    "photos again": soundness.photos_are_embedded_alike_again,
    "photos find themselves": soundness.photos_find_themselves,
    "queries": soundness.every_query_is_answered,
    "translation": soundness.encoders_are_asked_in_their_languages,
    "cosines": soundness.cosines_are_those_of_the_embeddings,
    "fusion": soundness.rankings_are_fused_plainly,
    "repetition": soundness.answers_are_the_same_again,
    "spelling": soundness.spellings_find_the_same,
}
NEEDED = ("photos", "queries")  # without them the rest has nothing to judge
MODES: Mapping[Mode, str] = {"openclip": "OpenCLIP only", "beit3": "BEiT3 only", "fused": "fused"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one thing that was examined.

    Attributes:
        name: of the thing.
        fault: a sentence what is wrong; None where it is sound.
        note: what was seen, in a few words.
        figures: by their names, where something was measured.
    """

    name: str
    fault: str | None = None
    note: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)


def self_test(
    folder: Path, pair: Pair, fusion: Fusion
) -> Generator[AddReport | EmbedReport | Finding]:
    """Draw scenes, index them, search for them, and judge every step.

    Args:
        folder: an empty one; nothing is written anywhere else.
        pair: the checkpoints to examine.
        fusion: how their scores are joined.

    Yields:
        How far indexing is, then the findings.

    Raises:
        EngineError: it does not come to findings; the sentence says why.
    """
    queries = draw_album(folder)
    with models_in(folder, pair) as models:
        yield from index_album(folder, pair, fusion, models)
        with trial_in(folder, pair, queries, models) as trial:
            yield from examine(trial)


def draw_album(folder: Path) -> dict[str, str]:
    """Draw all scenes into a folder; returns the queries by the names of their files.

    Raises:
        FolderError: they cannot be written.
    """
    queries = {}
    try:
        (folder / "scenes").mkdir()
        for name, words, image in draw_scenes(MORE_GROUNDS, MORE_FIGURES):
            queries[f"{name}.jpg"] = words
            image.save(folder / "scenes" / f"{name}.jpg", quality=90)
    except OSError as error:
        raise _unwritable(folder, error) from error
    return queries


def models_in(folder: Path, pair: Pair) -> ModelProcess:
    """A model process as the program has it, but for where it keeps what it has measured.

    Raises:
        FolderError: that cannot be written.
    """
    kept, own = precisions_file(), folder / "precisions.json"
    try:
        if kept.exists():
            shutil.copyfile(kept, own)
    except OSError as error:
        raise _unwritable(folder, error) from error
    return ModelProcess(pair, own, translator=installed_translator())


def index_album(
    folder: Path, pair: Pair, fusion: Fusion, models: ModelProcess
) -> Generator[AddReport | EmbedReport]:
    """Make a library of the scenes, with its index files."""
    with Library.open(folder / "library") as library:
        use_pair(library, {checkpoint.record.family: checkpoint.record.name for checkpoint in pair})
        remember_fusion(library, pair, fusion)
        indexes = {each.key: open_index(library, each.key, each.record.dimension) for each in pair}
        yield from add_files(library, absolute(folder / "scenes"))
        yield from embed_missing(library, models, indexes)


@contextmanager
def trial_in(
    folder: Path, pair: Pair, queries: Mapping[str, str], models: ModelProcess
) -> Iterator[Trial]:
    """Open the library of the scenes as a search does, its indexes read from their files."""
    with Library.open_to_read(folder / "library") as library:
        indexes = {each.key: open_index(library, each.key, each.record.dimension) for each in pair}
        yield Trial(Workspace(library, pair, models, indexes), queries)


def examine(trial: Trial) -> Iterator[Finding]:
    """Judge every step; ends early where a step is missing that the next ones stand on."""
    for name, check in CHECKS.items():
        finding = _judge(name, check, trial)
        yield finding
        if finding.fault and name in NEEDED:
            return
    for mode in MODES:
        yield _judge_understanding(mode, trial)


def _judge(name: str, check: Callable[[Trial], str], trial: Trial) -> Finding:
    try:
        return Finding(name, note=check(trial))
    except EngineError as error:
        return Finding(name, str(error))


def _judge_understanding(mode: Mode, trial: Trial) -> Finding:
    """Only what is fused has to be better than chance: one of the encoders may be poor."""
    found = understanding(trial, mode, len(MORE_GROUNDS))
    name = f"understanding, {MODES[mode]}"
    if found is None:
        return Finding(name, note="left out")
    shares = " / ".join(f"{found.recall(k):g}" for k in found.RANKS)
    by_chance = " / ".join(f"{100 * k / found.ranks.size:g}" for k in found.RANKS)
    note = f"R@1/5/10 {shares} %, by chance {by_chance} %"
    if found.beats_chance:
        return Finding(name, None, note, found.figures())
    weak = f"weak, no better than chance ({note})"
    fault = f"The scenes are not understood: {weak}." if mode == "fused" else None
    return Finding(name, fault, weak, found.figures())


def _unwritable(folder: Path, error: OSError) -> FolderError:
    return FolderError(f"The self-test cannot write to {folder}: {error.strerror or error}.")
