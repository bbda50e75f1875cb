"""The open library as the window knows it: its threads, and what they tell."""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.indexing.adding import AddReport, add_files
from engine.indexing.embedding import EmbedReport
from engine.indexing.selection import Selection
from engine.inference.messages import Machine
from engine.library.library import Library
from gui import embedder, library_keeper
from gui.coming_pair import Coming, GivenUp, Ready, Switched
from gui.embedder import Embedder
from gui.folder_counter import FolderCounter
from gui.folder_state import FolderState
from gui.library_access import LibraryAccess
from gui.progress import ProgressMeter
from gui.tasks import TaskRunner

logger = logging.getLogger(__name__)


class Session(LibraryAccess):
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
        pair_switched: photos are searched with another pair from now on. arg1: Ready.
        translator_changed: queries are translated by another one from now on, or by none.

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
    pair_switched = Signal(object)
    translator_changed = Signal()

    def __init__(
        self,
        folder: Path,
        tasks: TaskRunner,
        machine: Machine,
        *,
        in_float32: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(folder, tasks, parent)
        self.folders: list[FolderState] = []
        self._machine, self._in_float32 = machine, in_float32
        self._embedder: Embedder | None = None
        self._meter = ProgressMeter()
        self._restarts = 0
        self._embedded = 0  # in the run in hand
        self._counter = FolderCounter(self)
        self._counter.counted.connect(self._show_counts)
        self._counter.vanished.connect(self.photos_vanished)

    def start(self) -> None:
        """Open the library and begin the work."""
        self._tasks.follow(
            self._keeper.steps, self._hear_keeper, on_error=self.failed.emit, thread="library"
        )

    def close(self) -> None:
        """Let the threads come to their end; `TaskRunner.close` waits for them."""
        self._counter.stop()
        self._keeper.close()
        if self._embedder:
            self._embedder.close()

    def add(self, folders: Sequence[bytes]) -> None:
        """Add folders, and look through them at once."""
        self._keeper.add(folders, lambda _: self._counter.count())

    def remove_folder(self, folder_id: int) -> None:
        """Forget a folder; its files are not touched."""
        self._counter.forget(folder_id)
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

    def use_translator(self) -> None:
        """Translate by what this machine has by now; a library being opened does so anyway."""
        if self._embedder:
            self._embedder.use_translator()

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
        self._library = library
        self._embedder = Embedder(library, self._machine, in_float32=self._in_float32)
        self._embedder.wake()
        self._tasks.follow(
            self._embedder.steps, self._hear_embedder, on_error=self._lose_pair, thread="embedding"
        )
        self.is_open = self._counter.watched = True
        self.opened.emit(library.set_aside)
        self._counter.count()

    def _lose_pair(self, error: Exception) -> None:
        self.cannot_open_pair = self.tools is None
        self.failed.emit(error)

    def _hear_of_refusal(self, error: Exception, readable: bool) -> None:
        """Show what is there, if only to be looked at: another program may be writing to it."""
        if readable and not self.is_open:
            self.is_open = True
            self.opened.emit(None)
            self._counter.count()
        self.failed.emit(error)

    def _hear_of_files(self, report: AddReport) -> None:
        if report.new_ids:
            self.photos_added.emit(report.new_ids)
        if report.changed_ids:
            self.photos_altered.emit(report.changed_ids)
        if report.finished:
            self._counter.hold_back(report.folder.id, report.held_back_ids)
            if report.moved or report.changed or report.returned or report.missing:
                self._hear_of_change()
        if self._embedder and (report.new_ids or report.finished):
            self._embedder.wake()
        self.progressed.emit(self._meter.found(report))
        self._counter.count_soon()

    def _hear_of_change(self) -> None:
        if self._embedder:
            self._embedder.wake()  # what is gone leaves the indexes
        self.photos_changed.emit()
        self._counter.count_soon()

    def _hear_embedder(self, told: embedder.Told) -> None:
        match told:
            case EmbedReport():
                self._hear_of_embedded(told)
            case Ready():
                self.tools = told
                self.ready.emit(told)
                self._counter.count_soon()
            case embedder.Stopped():
                self._hear_of_end(told)
            case Coming():
                self._hear_of_coming(told)
            case Switched(tools):
                self._switch(tools)
            case embedder.Renewed(tools):
                self._restarts = 0
                self._replace_tools(tools)
                self.translator_changed.emit()
            case GivenUp(error):
                self._hear_of_coming(None)
                if error:
                    self.failed.emit(error)

    def _hear_of_coming(self, coming: Coming | None) -> None:
        self.coming = coming
        self.pair_coming.emit(coming)
        self.progressed.emit(self._meter.prepared(coming))
        if coming and coming.failed:
            self._counter.count_soon()

    def _switch(self, tools: Ready) -> None:
        self._restarts = tools.models.restarts
        self._replace_tools(tools)
        self._hear_of_coming(None)
        self.pair_switched.emit(tools)
        self._counter.count_soon()

    def _look_again(self) -> None:
        self._hear_of_coming(None)  # what it is now is told by the embedder
        if self._embedder:
            self._embedder.wake()

    def _hear_of_embedded(self, report: EmbedReport) -> None:
        self._embedded = report.done
        self.progressed.emit(self._meter.embedded(report))
        if report.ids:
            self.photos_embedded.emit(report.ids)
            self._counter.count_soon()
        self._tell_restarts()

    def _hear_of_end(self, end: embedder.Stopped) -> None:
        is_early = end.error is not None or end.cancelled
        waiting = sum(folder.waiting for folder in self.folders) if is_early else 0
        self.progressed.emit(self._meter.stopped(waiting, early=is_early))
        self._tell_restarts()
        if end.error and not end.again:
            self.failed.emit(end.error)
        elif not is_early and self._embedded:
            self.queue_emptied.emit(self._embedded)
        self._embedded = 0
        self._counter.count_soon()

    def _tell_restarts(self) -> None:
        if self.tools and self.tools.models.restarts != self._restarts:
            self._restarts = self.tools.models.restarts
            self.restarted.emit(self._restarts)

    def _show_counts(self, folders: list[FolderState], problems: int) -> None:
        self.folders = folders
        self.folders_changed.emit(folders)
        self.problems_changed.emit(problems)
