"""One evaluation, as it runs in a background thread."""

from collections.abc import Callable, Generator
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
    """

    evaluation: "Evaluation"
    thumbnails: Path
    of_marks: bool


class Run:
    """One evaluation.

    Args:
        open_workspace: called in the thread that works through `steps`.
        captions: what to evaluate; None means the user's own relevance marks.
        fusion: the one to evaluate.
    """

    def __init__(
        self, open_workspace: OpenWorkspace, captions: CaptionFile | None, fusion: Fusion
    ) -> None:
        self._open = open_workspace
        self._captions = captions
        self._fusion = fusion
        self._models: ModelProcess | None = None
        self._stopped = False

    def steps(self) -> "Generator[Step | Outcome]":
        """Work through it, for one background thread.

        Yields:
            How far it is, and last the outcome.
        """
        from engine.evaluation.evaluating import Evaluation
        from engine.evaluation.runs import evaluate_steps

        with self._open() as workspace:
            if self._captions is not None:  # the marks are searched by the window's own process
                self._models = workspace.models
            if self._stopped:
                return
            queries = yield from self._find(workspace)
            for step in evaluate_steps(workspace, queries, self._fusion):
                if isinstance(step, Evaluation):
                    thumbnails = workspace.library.paths.thumbnails
                    yield Outcome(step, thumbnails, of_marks=self._captions is None)
                else:
                    yield step

    def stop(self) -> None:
        """Let a request fail that the thread may be waiting for; any thread may call this."""
        self._stopped = True
        if self._models is not None:
            self._models.close()

    def _find(self, workspace: "Workspace") -> "Finding":
        from engine.evaluation.queries import captioned_queries, find_captioned, find_marked
        from engine.evaluation.runs import prepare

        library, keys = workspace.library, list(workspace.indexes)
        if self._captions is None:
            return find_marked(library, keys)
        file, images = self._captions.captions, self._captions.images
        yield from prepare(workspace, file, images)
        return captioned_queries(library, find_captioned(library, file, images), keys)


def caption_run(library_folder: Path, captions: CaptionFile, fusion: Fusion) -> Run:
    """Evaluate a caption file with the checkpoints that the user's library is searched with.

    Args:
        library_folder: of the user's library, which is asked for the checkpoints only; the
            photos go to a library of their own.
        captions: what to evaluate.
        fusion: the one to evaluate.
    """

    def open_own() -> AbstractContextManager["Workspace"]:
        from engine.evaluation.runs import own_library
        from engine.library.library import Library
        from engine.workspace import DEFAULTS, open_workspace

        with Library.open_to_read(library_folder) as library:
            instead = {family: name for family in DEFAULTS if (name := library.setting(family))}
        return open_workspace(own_library(captions.images), writable=True, instead=instead)

    return Run(open_own, captions, fusion)


def count_marked(library_folder: Path) -> int:
    """How many queries the user has marked right photos for."""
    from engine.library.library import Library

    with Library.open_to_read(library_folder) as library:
        return len({query for query, _ in library.relevance_marks()})
