"""One evaluation, as it runs in a background thread."""

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.search.fusion import Fusion

if TYPE_CHECKING:  # these bring in faiss, which the window shall not wait for
    from engine.evaluation.evaluating import Evaluation, Progress
    from engine.evaluation.queries import Queries
    from engine.indexing.adding import AddReport
    from engine.indexing.embedding import EmbedReport
    from engine.inference.client import ModelProcess
    from engine.workspace import Workspace
    from gui.evaluation.comparing import Comparison, PairNames

    Step = AddReport | EmbedReport | Progress
    Finding = Generator[Step, None, Queries]

OpenWorkspace = Callable[[], AbstractContextManager["Workspace"]]


@dataclass(frozen=True, slots=True)
class CaptionFile:
    """Captions and the folder of the photos they are about."""

    captions: Path
    images: Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finished evaluation.

    Attributes:
        evaluation: what was found.
        thumbnails: the folder of the library that was evaluated.
        of_marks: its photos are those of the user's own library.
        comparison: what another pair finds, where one was wanted.
    """

    evaluation: "Evaluation"
    thumbnails: Path
    of_marks: bool
    comparison: "Comparison | None" = None


@dataclass(frozen=True, slots=True)
class Rival:
    """A pair to compare with; `library_folder` is that of the user's library."""

    names: "PairNames"
    library_folder: Path


class Run:
    """One evaluation.

    Args:
        open_workspace: called in the thread that works through `steps`.
        captions: what to evaluate; None means the user's own relevance marks.
        fusion: the one to evaluate.
        rival: another pair to compare with.
    """

    def __init__(
        self,
        open_workspace: OpenWorkspace,
        captions: CaptionFile | None,
        fusion: Fusion,
        rival: Rival | None = None,
    ) -> None:
        self._open = open_workspace
        self._captions = captions
        self._fusion = fusion
        self._rival = rival
        self._models: list[ModelProcess] = []
        self._stopped = False

    def steps(self) -> "Generator[Step | Outcome]":
        """Work through it, for one background thread.

        Yields:
            How far it is, and last the outcome.
        """
        with self._open() as workspace:
            if self._captions is not None:  # the marks are searched by the window's own process
                self._models.append(workspace.models)
            if self._stopped:
                return
            if self._rival is None:
                queries = yield from self._find(workspace)
                evaluation = yield from _evaluate(workspace, queries, self._fusion)
                yield self._outcome(workspace, evaluation)
            else:
                yield from self._compare(workspace, self._rival)

    def _compare(self, workspace: "Workspace", rival: Rival) -> "Generator[Step | Outcome]":
        from gui.evaluation.comparing import Comparison, among, beside, differences, embedded_by_all

        with beside(workspace, rival.library_folder, rival.names) as (other, fusion):
            self._models.append(other.models)
            if self._stopped:
                return
            if self._captions is not None:
                yield from self._prepare(other, self._captions)
            queries = yield from self._find(workspace)
            keys = [*workspace.indexes, *other.indexes]
            queries = among(queries, embedded_by_all(workspace.library, keys))
            ours = yield from _evaluate(workspace, queries, self._fusion)
            theirs = yield from _evaluate(other, queries, fusion)
            found = differences(ours.text_to_image["fused"], theirs.text_to_image["fused"])
            yield self._outcome(workspace, ours, Comparison(theirs.report, found))

    def stop(self) -> None:
        """Let a request fail that the thread may be waiting for; any thread may call this."""
        self._stopped = True
        for models in list(self._models):
            models.close()

    def _outcome(
        self,
        workspace: "Workspace",
        evaluation: "Evaluation",
        comparison: "Comparison | None" = None,
    ) -> Outcome:
        thumbnails = workspace.library.paths.thumbnails
        return Outcome(evaluation, thumbnails, self._captions is None, comparison)

    def _find(self, workspace: "Workspace") -> "Finding":
        from engine.evaluation.queries import captioned_queries, find_captioned, find_marked

        library, keys = workspace.library, list(workspace.indexes)
        if self._captions is None:
            return find_marked(library, keys)
        yield from self._prepare(workspace, self._captions)
        file, images = self._captions.captions, self._captions.images
        return captioned_queries(library, find_captioned(library, file, images), keys)

    def _prepare(
        self, workspace: "Workspace", captions: CaptionFile
    ) -> "Iterator[AddReport | EmbedReport]":
        from engine.evaluation.runs import prepare

        return prepare(workspace, captions.captions, captions.images)


def _evaluate(
    workspace: "Workspace", queries: "Queries", fusion: Fusion
) -> "Generator[Step, None, Evaluation]":
    from engine.evaluation.evaluating import Evaluation
    from engine.evaluation.runs import evaluate_steps

    for step in evaluate_steps(workspace, queries, fusion):
        if isinstance(step, Evaluation):
            return step
        yield step
    raise AssertionError("an evaluation ends with what it found")


def caption_run(
    library_folder: Path, captions: CaptionFile, fusion: Fusion, rival: Rival | None = None
) -> Run:
    """Evaluate a caption file with the checkpoints that the user's library is searched with.

    Args:
        library_folder: of the user's library, which is asked for the checkpoints only; the
            photos go to a library of their own.
        captions: what to evaluate.
        fusion: the one to evaluate.
        rival: another pair to compare with.
    """

    def open_own() -> AbstractContextManager["Workspace"]:
        from engine.evaluation.runs import own_library
        from engine.library.library import Library
        from engine.workspace import DEFAULTS, open_workspace

        with Library.open_to_read(library_folder) as library:
            chosen = library.settings(DEFAULTS)
        instead = {family: chosen[family] for family in DEFAULTS if family in chosen}
        return open_workspace(own_library(captions.images), writable=True, instead=instead)

    return Run(open_own, captions, fusion, rival)


def count_marked(library_folder: Path) -> int:
    """How many queries the user has marked right photos for."""
    from engine.library.library import Library

    with Library.open_to_read(library_folder) as library:
        return len({query for query, _ in library.relevance_marks()})
