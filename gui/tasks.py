"""Runs work of the engine in background threads and brings what it tells to the window's thread.

There is one thread a resource, so that what must not happen at once cannot. The engine offers
functions and generators; a generator's `yield` is at once the report, the place to cancel and the
end of a batch.
"""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

T = TypeVar("T")
OnError = Callable[[Exception], None]


class Task:
    """Work under way."""

    def __init__(self) -> None:
        self._cancelled = False

    def cancel(self) -> None:
        """Stop at the next report; nothing of it arrives after this call."""
        self._cancelled = True

    def is_cancelled(self) -> bool:
        """Whether it is no longer wanted."""
        return self._cancelled


class TaskRunner(QObject):
    """Runs tasks; every result and every error arrives in the window's thread, in order.

    Args:
        on_error: told of errors for which a task has no ear of its own.
        parent: Qt's.
    """

    _call = Signal(object)

    def __init__(self, on_error: OnError, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._on_error = on_error
        self._executors: dict[str, ThreadPoolExecutor] = {}
        self._tasks: set[Task] = set()
        self._closed = False
        self._call.connect(lambda call: call(), Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], T],
        on_result: Callable[[T], None] = lambda result: None,
        *,
        on_error: OnError | None = None,
        thread: str = "work",
    ) -> Task:
        """Run a function in a background thread.

        Args:
            work: runs in the thread.
            on_result: told its result, in the window's thread.
            on_error: told its exception instead; None leaves that to the runner's.
            thread: tasks of one name run one after the other.
        """

        def once() -> Generator[T]:
            yield work()

        return self.follow(once, on_result, on_error=on_error, thread=thread)

    def follow(
        self,
        start: Callable[[], Generator[T]],
        on_value: Callable[[T], None],
        on_done: Callable[[], None] = lambda: None,
        *,
        on_error: OnError | None = None,
        thread: str = "work",
    ) -> Task:
        """Run a generator of the engine in a background thread.

        Args:
            start: makes the generator, in the thread.
            on_value: told each value, in the window's thread.
            on_done: told that it came to its end without an error.
            on_error: told its exception instead; None leaves that to the runner's.
            thread: tasks of one name run one after the other.
        """
        task = Task()
        if self._closed:  # signals that were on their way may still ask for something
            task.cancel()
            return task
        self._tasks.add(task)
        self._executor(thread).submit(
            self._work_through, task, start, on_value, on_done, on_error or self._on_error
        )
        return task

    def close(self) -> None:
        """Cancel everything and wait until the threads have come to their next report.

        What is asked for afterwards is cancelled from the start.
        """
        self._closed = True
        for task in self._tasks:
            task.cancel()
        for executor in self._executors.values():
            executor.shutdown(wait=True, cancel_futures=True)
        self._executors.clear()

    def _executor(self, thread: str) -> ThreadPoolExecutor:
        if thread not in self._executors:
            self._executors[thread] = ThreadPoolExecutor(1, thread_name_prefix=f"anhoi-{thread}")
        return self._executors[thread]

    def _work_through(
        self,
        task: Task,
        start: Callable[[], Generator[T]],
        on_value: Callable[[T], None],
        on_done: Callable[[], None],
        on_error: OnError,
    ) -> None:
        try:
            for value in _until_cancelled(task, start):
                self._send(task, partial(on_value, value))
            self._send(task, on_done)
        except Exception as error:  # noqa: BLE001 - every error must reach the user
            self._send(task, partial(on_error, error))
        finally:
            self._call.emit(partial(self._tasks.discard, task))

    def _send(self, task: Task, call: Callable[[], None]) -> None:
        self._call.emit(partial(_unless_cancelled, task, call))


def _until_cancelled(task: Task, start: Callable[[], Generator[T]]) -> Generator[T]:
    if task.is_cancelled():
        return
    with closing(start()) as values:
        for value in values:
            if task.is_cancelled():
                return
            yield value


def _unless_cancelled(task: Task, call: Callable[[], None]) -> None:
    if not task.is_cancelled():
        call()
