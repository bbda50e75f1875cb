import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from gui.garbage import GarbageCollector


class Knot:
    """Refers to itself, so that only the collector can free it."""

    def __init__(self, freed_in: list[threading.Thread]) -> None:
        self.own = self
        weakref.finalize(self, lambda: freed_in.append(threading.current_thread()))


@pytest.fixture
def collector() -> Iterator[GarbageCollector]:
    collector = GarbageCollector()
    collector.start()
    yield collector
    collector.stop()


def tie(count: int, freed_in: list[threading.Thread]) -> None:
    for _ in range(count):
        Knot(freed_in)


def test_garbage_of_any_thread_is_freed_in_the_windows_thread_alone(
    qtbot: QtBot, collector: GarbageCollector
) -> None:
    freed_in: list[threading.Thread] = []
    thread = threading.Thread(target=tie, args=(5_000, freed_in))
    thread.start()
    thread.join()
    assert not freed_in  # Python itself would have collected several times
    qtbot.waitUntil(lambda: len(freed_in) >= 4_000, timeout=5_000)
    assert set(freed_in) == {threading.main_thread()}


def test_afterwards_python_collects_by_itself(collector: GarbageCollector) -> None:
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
