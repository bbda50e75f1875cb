import threading
from collections.abc import Callable, Generator

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from gui.tasks import TaskRunner


def test_a_result_arrives_in_the_windows_thread(qtbot: QtBot, tasks: TaskRunner) -> None:
    threads: list[object] = []

    def work() -> int:
        threads.append(threading.current_thread())
        return 3

    def hear(result: int) -> None:
        threads.append(QThread.currentThread())
        threads.append(result)

    tasks.run(work, hear)
    qtbot.waitUntil(lambda: len(threads) == 3)
    assert threads[0] is not threading.main_thread()
    assert threads[1:] == [tasks.thread(), 3]


def test_what_a_generator_tells_arrives_in_order_and_then_its_end(
    qtbot: QtBot, tasks: TaskRunner
) -> None:
    heard: list[object] = []
    tasks.follow(lambda: (n for n in range(100)), heard.append, lambda: heard.append("done"))
    qtbot.waitUntil(lambda: "done" in heard)
    assert heard == [*range(100), "done"]


def test_every_error_is_reported_once_and_ends_its_task_alone(
    qtbot: QtBot, tasks: TaskRunner, errors: list[Exception]
) -> None:
    heard: list[object] = []
    own: list[Exception] = []

    def fail() -> Generator[int]:
        yield 1
        raise RuntimeError("out of memory")

    tasks.follow(fail, heard.append, lambda: heard.append("done"))
    tasks.run(lambda: 1 // 0, heard.append, on_error=own.append)
    tasks.run(lambda: "next", heard.append)
    qtbot.waitUntil(lambda: "next" in heard)
    assert heard == [1, "next"]
    assert [str(error) for error in errors] == ["out of memory"]
    assert [type(error) for error in own] == [ZeroDivisionError]


def test_nothing_arrives_after_a_cancel(
    qtbot: QtBot, tasks: TaskRunner, errors: list[Exception]
) -> None:
    """Not even what had been sent before; and the generator is closed in its own thread."""
    heard: list[object] = []
    closed: list[threading.Thread] = []
    begun, go_on = threading.Event(), threading.Event()

    def work() -> Generator[int]:
        try:
            yield 1
            begun.set()
            go_on.wait(10)
            yield 2
            raise AssertionError("it went on")
        finally:
            closed.append(threading.current_thread())

    task = tasks.follow(work, heard.append, lambda: heard.append("done"))
    assert begun.wait(10)  # the 1 is on its way, and the window has not looked yet
    task.cancel()
    go_on.set()
    tasks.run(lambda: "next", heard.append)
    qtbot.waitUntil(lambda: "next" in heard)
    assert heard == ["next"]
    assert closed
    assert closed[0] is not threading.main_thread()
    assert not errors


def test_tasks_of_one_thread_run_one_after_the_other_and_others_beside_them(
    qtbot: QtBot, tasks: TaskRunner
) -> None:
    meeting = threading.Barrier(2, timeout=10)
    running: list[int] = []
    most: list[int] = []

    def alone() -> None:
        running.append(1)
        most.append(len(running))
        running.pop()

    for _ in range(50):
        tasks.run(alone, thread="library")
    met: list[int] = []
    tasks.run(meeting.wait, met.append, thread="one")
    tasks.run(meeting.wait, met.append, thread="two")
    qtbot.waitUntil(lambda: len(met) == 2 and len(most) == 50)
    assert set(most) == {1}


@pytest.mark.parametrize("endless", [False, True])
def test_closing_waits_for_the_threads_and_lets_nothing_arrive(
    qtbot: QtBot, errors: list[Exception], endless: bool
) -> None:
    heard: list[object] = []
    begun = threading.Event()

    def work() -> Generator[int]:
        begun.set()
        while endless:
            yield 1

    runner = TaskRunner(errors.append)
    waiting: Callable[[object], None] = heard.append
    runner.follow(work, waiting)
    assert begun.wait(10)
    runner.follow(work, waiting)  # has not begun
    runner.close()
    qtbot.wait(10)
    assert not heard
    assert not [t for t in threading.enumerate() if t.name.startswith("anhoi-work")]


def test_after_closing_nothing_begins_any_more(qtbot: QtBot, errors: list[Exception]) -> None:
    runner = TaskRunner(errors.append)
    runner.close()
    done: list[int] = []
    assert runner.run(lambda: done.append(1)).is_cancelled()
    qtbot.wait(10)
    assert not done
    assert not [t for t in threading.enumerate() if t.name.startswith("anhoi-work")]
