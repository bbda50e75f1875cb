"""Fetching checkpoints and translators in the background, one after the other."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.errors import EngineError
from engine.models.download import DownloadReport, download
from gui.models.facts import Record
from gui.tasks import Task, TaskRunner

THREAD = "downloads"  # one: two at once would share the line and both come late


@dataclass(frozen=True, slots=True)
class Download:
    """One that is wanted.

    Attributes:
        record: what is fetched.
        report: how far it is; None while it waits for its turn.
        error: why it failed, as the engine says it; None while it has not.
    """

    record: Record
    report: DownloadReport | None = None
    error: str | None = None


class Downloads(QObject):
    """Keeps the downloads of a window; they go on whatever dialog is open.

    Signals:
        changed: one was asked for, went on, failed or is gone. arg1: str, its name.
        arrived: all of it is on this machine. arg1: str, its name.
        failed: it will not arrive. arg1: str, its name.

    Args:
        tasks: runs them.
        report: told of errors that are bugs.
        parent: Qt's.
    """

    changed = Signal(str)
    arrived = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        tasks: TaskRunner,
        report: Callable[[Exception], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks, self._report = tasks, report
        self._downloads: dict[str, Download] = {}
        self._running: dict[str, Task] = {}

    def find(self, name: str) -> Download | None:
        """The download of this name."""
        return self._downloads.get(name)

    @property
    def under_way(self) -> list[Download]:
        """Those that run or wait, in their order."""
        return [self._downloads[name] for name in self._running]

    def start(self, record: Record, offered: Path | None = None) -> None:
        """Fetch a checkpoint or a translator; what has arrived earlier is not fetched again.

        Args:
            record: of the table.
            offered: a folder or file with copies that are taken instead of the network's.
        """
        name = record.name
        if name in self._running:
            return
        self._downloads[name] = Download(record)
        self._running[name] = self._tasks.follow(
            partial(_fetch, record, offered),
            partial(self._go_on, name),
            partial(self._end, name),
            on_error=partial(self._fail, name),
            thread=THREAD,
        )
        self.changed.emit(name)

    def cancel(self, name: str) -> None:
        """Stop at once, or forget that it failed; what has arrived is kept for another time."""
        if task := self._running.pop(name, None):
            task.cancel()
        if self._downloads.pop(name, None):
            self.changed.emit(name)

    def _go_on(self, name: str, report: DownloadReport) -> None:
        self._downloads[name] = replace(self._downloads[name], report=report)
        self.changed.emit(name)

    def _end(self, name: str) -> None:
        del self._running[name], self._downloads[name]
        self.arrived.emit(name)
        self.changed.emit(name)

    def _fail(self, name: str, error: Exception) -> None:
        del self._running[name]
        download = self._downloads.pop(name)
        if isinstance(error, EngineError):
            self._downloads[name] = replace(download, report=None, error=str(error))
        else:
            self._report(error)
        self.failed.emit(name)
        self.changed.emit(name)


def _fetch(record: Record, offered: Path | None) -> Generator[DownloadReport]:
    yield from download(record, offered=offered)
