"""The library's own thread: level with the folders, and changed as the user asks."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event
from types import GeneratorType
from typing import Any

from engine.errors import LibraryError
from engine.indexing.adding import AddReport
from engine.indexing.events import QUIET_SECONDS, Watcher
from engine.indexing.roots import place
from engine.indexing.selection import Selection
from engine.indexing.watching import TICK_SECONDS, keep_level
from engine.library.library import Library

OPENING_SECONDS = 2.0  # between two attempts to open a library that cannot be opened
AGAIN_SECONDS = 10.0  # between two attempts to go on after the disk has refused


@dataclass(frozen=True, slots=True)
class Opened:
    """The library is open for writing."""

    library: Library


@dataclass(frozen=True, slots=True)
class Changed:
    """A change the user asked for was made, with its result or its error."""

    on_result: Callable[[Any], None]
    result: object = None
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing goes on for now: the library is in use, the disk is full. It is tried again.

    Attributes:
        error: says why.
        readable: what the library holds can be shown all the same.
    """

    error: Exception
    readable: bool = True


@dataclass(frozen=True, slots=True)
class _Change:
    """What is to be done in the library's thread.

    Attributes:
        work: does it; a generator it returns is followed to its end.
        on_result: told what it returned.
        first: root folders to be looked through anew afterwards, before all others; None goes on
            with what was going on.
        rewatch: watch the folders anew as well, because what is wanted of them has changed.
    """

    work: Callable[[Library], object]
    on_result: Callable[[Any], None]
    first: Callable[[], Sequence[bytes]] | None = None
    rewatch: bool = False


Told = Opened | Changed | AddReport | Refused


class LibraryKeeper:
    """Holds the library open for writing; everything but `steps` may be called by any thread.

    Args:
        folder: the library's.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._changes: SimpleQueue[_Change] = SimpleQueue()
        self._wake = Event()
        self._closing = False
        self._refused: tuple[str, int] | None = None  # what was told, and how many were waiting

    def close(self) -> None:
        """Let `steps` come to its end."""
        self._closing = True
        self._wake.set()

    def change(
        self,
        work: Callable[[Library], object],
        on_result: Callable[[Any], None] = lambda result: None,
    ) -> None:
        """Have something done between two batches."""
        self._submit(_Change(work, on_result))

    def add(self, paths: Iterable[bytes], on_result: Callable[[Any], None]) -> None:
        """Add folders, and look through them before all others."""
        roots: list[bytes] = []

        def add(library: Library, path: bytes) -> None:
            folder, _ = place(library, path)
            roots.append(folder.path)

        for path in paths:  # each by itself: one that cannot be added keeps no other one out
            self._submit(_Change(partial(add, path=path), on_result, first=lambda: roots))

    def look_through(self, roots: Sequence[bytes]) -> None:
        """Look through all folders again, these first."""
        self._submit(_Change(lambda library: None, lambda result: None, first=lambda: roots))

    def remove(self, folder_id: int, on_result: Callable[[Any], None]) -> None:
        """Forget a folder; its files are not touched."""
        self._submit(
            _Change(lambda library: library.folders.remove(folder_id), on_result, first=list)
        )

    def select(self, selection: Selection) -> None:
        """Go by another selection from now on."""
        self._submit(_Change(selection.remember, lambda result: None, first=list, rewatch=True))

    def _submit(self, change: _Change) -> None:
        self._changes.put(change)
        self._wake.set()

    def steps(self) -> Generator[Told]:
        """The work of the thread, until `close`; what fails is told and tried again."""
        library = yield from self._open()
        if library is None:
            return
        with library:
            yield Opened(library)
            while not self._closing:
                try:
                    yield from self._watch(library)
                except Exception as error:  # noqa: BLE001 - it reaches the user, and work goes on
                    yield from self._wait_out(Refused(error), AGAIN_SECONDS)

    def _open(self) -> Generator[Told, None, Library | None]:
        while not self._closing:
            try:
                return Library.open(self._folder)
            except LibraryError as error:
                refused = Refused(error, _is_readable(self._folder))
                yield from self._wait_out(refused, OPENING_SECONDS)
        return None

    def _wait_out(self, refused: Refused, seconds: float) -> Generator[Told]:
        """Tell why nothing goes on, again only when something was asked for since, and wait."""
        now = str(refused.error), self._changes.qsize()
        if self._refused is None or now[0] != self._refused[0] or now[1] > self._refused[1]:
            yield refused
        self._refused = now
        if not self._closing:
            self._wake.wait(seconds)
            self._wake.clear()

    def _watch(self, library: Library) -> Generator[Told]:
        hidden = Selection.of(library).hidden
        with Watcher(QUIET_SECONDS, library.paths.thumbnails, hidden) as watcher:
            yield from self._keep(library, watcher)

    def _keep(self, library: Library, watcher: Watcher) -> Generator[Told]:
        """Keep level until what is to be watched changes."""
        first: Sequence[bytes] = ()
        while not self._closing:
            with closing(keep_level(library, watcher, first)) as work:
                made = yield from self._follow(library, work)
            if made is None or made.rewatch:
                return
            first = made.first() if made.first else ()

    def _follow(
        self, library: Library, work: Generator[AddReport | None]
    ) -> Generator[Told, None, _Change | None]:
        """Go on until a change asks for a new beginning; None when it is time to close."""
        for report in work:
            if report is not None:
                yield report
            while change := self._next():
                yield from _make(library, change)
                if change.first is not None:
                    return change
            if self._closing:
                return None
            if report is None:
                self._refused = None
                self._wake.wait(TICK_SECONDS)
                self._wake.clear()
        return None

    def _next(self) -> _Change | None:
        try:
            return self._changes.get_nowait()
        except Empty:
            return None


def _is_readable(folder: Path) -> bool:
    try:
        Library.open_to_read(folder).close()
    except LibraryError:  # what keeps it from being written to is told
        return False
    return True


def _make(library: Library, change: _Change) -> Generator[Told]:
    try:
        result = change.work(library)
        if isinstance(result, GeneratorType):
            yield from result
            result = None
    except Exception as error:  # noqa: BLE001 - it reaches the user, and the thread goes on
        yield Changed(change.on_result, error=error)
    else:
        yield Changed(change.on_result, result)
