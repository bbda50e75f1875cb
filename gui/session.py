"""The open library as the window knows it: its threads, and what they tell."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import LibraryBusyError
from engine.indexing.adding import AddReport, add_files
from engine.indexing.embedding import EmbedReport
from engine.indexing.selection import Selection
from engine.inference.messages import Machine
from engine.library.library import Library
from engine.library.photo import Photo
from engine.models.installed import InstalledCheckpoint
from engine.search.fusion import Fusion
from engine.workspace import Workspace, remember_fusion
from gui import embedder, library_keeper
from gui.embedder import Embedder, Ready
from gui.folder_state import FolderCensus, FolderState, folder_states, take_census
from gui.library_keeper import LibraryKeeper
from gui.progress import ProgressMeter
from gui.tasks import TaskRunner

logger = logging.getLogger(__name__)

T = TypeVar("T")
STATES_MILLISECONDS = 500  # folder states are counted anew at most this often


class Session(QObject):
    """One library, kept level and embedded in the background while it is open.

    Signals:
        opened: it can be read. arg1: Path | None, where a damaged library was set aside.
        ready: it can be searched. arg1: Ready.
        folders_changed: arg1: list[FolderState].
        photos_added: arg1: list[int], ids.
        photos_altered: their files hold something else now. arg1: list[int], ids.
        photos_embedded: tried just now. arg1: list[int], ids.
        photos_vanished: held back because so many files are gone at once. arg1: set[int], all.
        photos_changed: some were moved, changed or lost; what is shown is stale.
        progressed: arg1: Progress.
        problems_changed: arg1: how many files cannot be read.
        restarted: the model process died and was started anew. arg1: how often so far.
        queue_emptied: everything is embedded. arg1: how many photos in this run.
        failed: arg1: Exception; the work goes on as far as it can.

    Args:
        folder: the library's.
        tasks: runs its threads.
        machine: how much of it the encoders may use.
        in_float32: no lower precision.
    """

    opened = Signal(object)
    ready = Signal(object)
    folders_changed = Signal(list)
    photos_added = Signal(list)
    photos_altered = Signal(list)
    photos_embedded = Signal(list)
    photos_vanished = Signal(object)
    photos_changed = Signal()
    progressed = Signal(object)
    problems_changed = Signal(int)
    restarted = Signal(int)
    queue_emptied = Signal(int)
    failed = Signal(object)

    def __init__(
        self,
        folder: Path,
        tasks: TaskRunner,
        machine: Machine,
        *,
        in_float32: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.library_folder = folder
        self.tools: Ready | None = None
        self.folders: list[FolderState] = []
        self._tasks = tasks
        self._machine, self._in_float32 = machine, in_float32
        self._keeper = LibraryKeeper(folder)
        self._embedder: Embedder | None = None
        self._meter = ProgressMeter()
        self._held_back: dict[int, list[int]] = {}
        self._restarts = 0
        self._embedded = 0  # in the run in hand
        self._is_open = False
        self._recount = QTimer(self, interval=STATES_MILLISECONDS, singleShot=True)
        self._recount.timeout.connect(self._count)

    def start(self) -> None:
        """Open the library and begin the work."""
        self._tasks.follow(
            self._keeper.steps, self._hear_keeper, on_error=self.failed.emit, thread="library"
        )

    def close(self) -> None:
        """Let the threads come to their end; `TaskRunner.close` waits for them."""
        self._recount.stop()
        self._keeper.close()
        if self._embedder:
            self._embedder.close()

    def photos(self, ids: Iterable[int]) -> list[Photo]:
        """Some photos, at once; unknown ids are left out. For some hundred at most."""
        if not self._is_open:
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

    def add(self, folders: Sequence[bytes]) -> None:
        """Add folders, and look through them at once."""
        self._keeper.add(folders, lambda _: self._count())

    def remove_folder(self, folder_id: int) -> None:
        """Forget a folder; its files are not touched."""
        self._held_back.pop(folder_id, None)
        self._keeper.remove(folder_id, lambda _: self._hear_of_change())

    def look_through(self, folder_id: int) -> None:
        """Look through a folder again."""
        self._keeper.look_through([f.path for f in self.folders if f.id == folder_id])

    def confirm_missing(self, folder_id: int) -> None:
        """Take photos out whose files are gone, however many: the user has said so."""

        def take_out(library: Library) -> Iterator[AddReport]:
            for folder in library.folders.all():
                if folder.id == folder_id:
                    yield from add_files(library, folder.path, remove_missing=True)

        self.write(take_out)

    def select(self, selection: Selection) -> None:
        """Go by another selection of files from now on."""
        self._keeper.select(selection)

    def retry(self, paths: Sequence[bytes]) -> None:
        """Try again what could not be read."""

        def forget(library: Library) -> None:
            for path in paths:
                library.failures.remove(path)

        def look_again(_: None) -> None:
            self._keeper.look_through([])
            self._hear_of_change()

        self.write(forget, look_again)

    def remember_fusion(self, fusion: Fusion) -> None:
        """Keep how the scores of the pair in use are joined."""
        if self.tools:
            pair = self.tools.pair
            self.write(lambda library: remember_fusion(library, pair, fusion))

    def use_pair(self, pair: Mapping[str, str], on_done: Callable[[None], None]) -> None:
        """Remember other checkpoints, by family; they are used from the next opening on."""

        def remember(library: Library) -> None:
            for family, name in pair.items():
                library.remember(family, name)

        self.write(remember, on_done)

    def workspace(self, library: Library) -> Workspace:
        """What evaluating needs, around a library opened by the calling thread."""
        if self.tools is None:
            raise LibraryBusyError("The library is still being opened; try again in a moment.")
        return Workspace(library, self.tools.pair, self.tools.models, self.tools.indexes)

    def pause(self) -> None:
        """Rest after the batch in hand."""
        if self._embedder:
            self._embedder.pause()
            self.progressed.emit(self._meter.paused())

    def resume(self) -> None:
        """Go on, after a pause or a cancel."""
        if self._embedder:
            self.progressed.emit(self._meter.resumed())
            self._embedder.resume()
            self._embedder.wake()

    def toggle_pause(self) -> None:
        """Rest, or go on."""
        if self._meter.now.phase == "paused":
            self.resume()
        else:
            self.pause()

    def cancel(self) -> None:
        """Give up the run in hand; what is left waits until something is added or wanted."""
        if self._embedder:
            self._meter.resumed()
            self._embedder.cancel()

    @property
    def pair(self) -> tuple[InstalledCheckpoint, InstalledCheckpoint] | None:
        """The checkpoints in use; None before the session is ready."""
        return self.tools.pair if self.tools else None

    def _hear_keeper(self, told: library_keeper.Told) -> None:
        match told:
            case AddReport():
                self._hear_of_files(told)
            case library_keeper.Opened(library):
                self._begin_embedding(library)
            case library_keeper.Changed(on_result, result, None):
                on_result(result)
            case library_keeper.Changed(error=error):
                self.failed.emit(error)
            case library_keeper.Refused(error, readable):
                self._hear_of_refusal(error, readable)

    def _begin_embedding(self, library: Library) -> None:
        self._embedder = Embedder(library, self._machine, in_float32=self._in_float32)
        self._embedder.wake()
        self._tasks.follow(
            self._embedder.steps, self._hear_embedder, on_error=self.failed.emit, thread="embedding"
        )
        self._is_open = True
        self.opened.emit(library.set_aside)
        self._count()

    def _hear_of_refusal(self, error: Exception, readable: bool) -> None:
        """Show what is there, if only to be looked at: another program may be writing to it."""
        if readable and not self._is_open:
            self._is_open = True
            self.opened.emit(None)
            self._count()
        self.failed.emit(error)

    def _hear_of_files(self, report: AddReport) -> None:
        if report.new_ids:
            self.photos_added.emit(report.new_ids)
        if report.changed_ids:
            self.photos_altered.emit(report.changed_ids)
        if report.finished:
            self._hold_back(report.folder.id, report.held_back_ids)
            if report.moved or report.changed or report.returned or report.missing:
                self._hear_of_change()
        if self._embedder and (report.new_ids or report.finished):
            self._embedder.wake()
        self.progressed.emit(self._meter.found(report))
        self._count_soon()

    def _hold_back(self, folder_id: int, ids: list[int]) -> None:
        if ids != self._held_back.get(folder_id, []):
            self._held_back[folder_id] = ids
            self.photos_vanished.emit({id_ for held in self._held_back.values() for id_ in held})

    def _hear_of_change(self) -> None:
        if self._embedder:
            self._embedder.wake()  # what is gone leaves the indexes
        self.photos_changed.emit()
        self._count_soon()

    def _hear_embedder(self, told: embedder.Told) -> None:
        match told:
            case EmbedReport():
                self._hear_of_embedded(told)
            case Ready():
                self.tools = told
                self.ready.emit(told)
                self._count_soon()
            case embedder.Stopped():
                self._hear_of_end(told)

    def _hear_of_embedded(self, report: EmbedReport) -> None:
        self._embedded = report.done
        self.progressed.emit(self._meter.embedded(report))
        if report.ids:
            self.photos_embedded.emit(report.ids)
            self._count_soon()
        self._tell_restarts()

    def _hear_of_end(self, end: embedder.Stopped) -> None:
        is_early = end.error is not None or end.cancelled
        waiting = sum(folder.waiting for folder in self.folders) if is_early else 0
        self.progressed.emit(self._meter.stopped(waiting))
        self._tell_restarts()
        if end.error and not end.again:
            self.failed.emit(end.error)
        elif not is_early and self._embedded:
            self.queue_emptied.emit(self._embedded)
        self._embedded = 0
        self._count_soon()

    def _tell_restarts(self) -> None:
        if self.tools and self.tools.models.restarts != self._restarts:
            self._restarts = self.tools.models.restarts
            self.restarted.emit(self._restarts)

    def _count_soon(self) -> None:
        if not self._recount.isActive():
            self._recount.start()

    def _count(self) -> None:
        keys = [checkpoint.key for checkpoint in self.tools.pair] if self.tools else []

        if self._is_open:
            self.read(lambda library: take_census(library, keys), self._tell_counts)

    def _tell_counts(self, counted: FolderCensus) -> None:
        self.folders = folder_states(
            counted,
            {id_: len(held) for id_, held in self._held_back.items()},
            watched=self._embedder is not None,
            is_ready=bool(self.tools),
        )
        self.folders_changed.emit(self.folders)
        self.problems_changed.emit(counted.problems)
