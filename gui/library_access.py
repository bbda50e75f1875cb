"""The open library as all may use it: read, written to, searched with a pair of checkpoints."""

from collections.abc import Callable, Generator, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from engine import workspace
from engine.errors import LibraryBusyError
from engine.library.library import Library
from engine.library.photo import Photo
from engine.models.installed import InstalledCheckpoint
from engine.search.fusion import Fusion
from engine.workspace import Pair, Workspace
from gui.coming_pair import Coming, Ready
from gui.library_keeper import LibraryKeeper
from gui.tasks import TaskRunner

T = TypeVar("T")


class LibraryAccess(QObject):
    """Reads beside the threads that write, and has them write.

    Signals:
        failed: arg1: Exception; the work goes on as far as it can.
        pair_coming: a pair is being prepared. arg1: Coming; None when there is none any more.

    Args:
        folder: the library's.
        tasks: runs its threads.

    Attributes:
        tools: what searches; None before there is any.
        is_open: it can be read.
        coming: how far the pair is that is to come; None where there is none.
        cannot_open_pair: the pair in use is not to be had, and nothing will be searched or
            prepared until the library is opened anew with another.
    """

    failed = Signal(object)
    pair_coming = Signal(object)

    def __init__(self, folder: Path, tasks: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.library_folder = folder
        self.tools: Ready | None = None
        self.coming: Coming | None = None
        self.cannot_open_pair = False
        self._tasks = tasks
        self._keeper = LibraryKeeper(folder)
        self._library: Library | None = None  # of the keeper's thread
        self.is_open = False

    @property
    def pair(self) -> tuple[InstalledCheckpoint, InstalledCheckpoint] | None:
        """The checkpoints in use; None before the session is ready."""
        return self.tools.pair if self.tools else None

    def workspace(self, library: Library) -> Workspace:
        """What evaluating needs, around a library opened by the calling thread."""
        tools = self.tools
        if tools is None:
            raise LibraryBusyError("The library is still being opened; try again in a moment.")
        return Workspace(library, tools.pair, tools.models, tools.indexes)

    def photos(self, ids: Iterable[int]) -> list[Photo]:
        """Some photos, at once; unknown ids are left out. For some hundred at most."""
        if not self.is_open:
            return []
        with Library.open_to_read(self.library_folder) as library:
            return library.photos.get(ids)

    def read(
        self,
        query: Callable[[Library], T],
        on_result: Callable[[T], None],
        on_error: Callable[[Exception], None] | None = None,
    ) -> None:
        """Read from the library in a thread; the result arrives in the window's."""

        def read() -> T:
            with Library.open_to_read(self.library_folder) as library:
                return query(library)

        self._tasks.run(read, on_result, on_error=on_error or self.failed.emit, thread="reading")

    def write(
        self,
        change: Callable[[Library], T],
        on_result: Callable[[T], None] = lambda result: None,
    ) -> None:
        """Change the library in its own thread, between two batches."""
        self._keeper.change(change, on_result)

    def remember_fusion(self, fusion: Fusion, pair: Pair) -> None:
        """Keep how the scores of a pair are joined."""
        self.write(lambda library: workspace.remember_fusion(library, pair, fusion))

    def use_pair(self, pair: Mapping[str, str], on_done: Callable[[None], None]) -> None:
        """Remember other checkpoints, by family; they are used from the next opening on."""
        self.write(lambda library: workspace.use_pair(library, pair), on_done)

    def prepare_pair(self, pair: Mapping[str, str]) -> None:
        """Embed by other checkpoints behind the scenes, then switch to them."""
        self.write(
            lambda library: workspace.remember_coming(library, pair), lambda _: self._look_again()
        )

    def give_up_coming(self) -> None:
        """Stay with the pair in use; what the other one has embedded is kept."""
        self.write(workspace.give_up_coming, lambda _: self._look_again())

    def forget_embeddings(self, key: str, on_done: Callable[[], None] = lambda: None) -> None:
        """Delete what a checkpoint has embedded that is neither in use nor to come.

        Args:
            key: the checkpoint's.
            on_done: told when nothing of it is left.
        """
        opened = self._library

        def forget() -> Generator[int]:
            if opened is None:
                raise LibraryBusyError("The library is still being opened; try again in a moment.")
            with opened.again() as library:
                yield from workspace.forget_embeddings(library, key)

        self._tasks.follow(
            forget, lambda _: None, on_done, on_error=self.failed.emit, thread="forgetting"
        )

    def _replace_tools(self, tools: Ready) -> None:
        """Search with these; the process of those before ends when it has answered."""
        before, self.tools = self.tools, tools
        if before is None:
            return

        def close_after_evaluation(_: None) -> None:
            self._tasks.run(before.models.close, thread="evaluation")

        self._tasks.run(lambda: None, close_after_evaluation, thread="search")

    def _look_again(self) -> None:
        """Another pair is to come, or none."""
        raise NotImplementedError
