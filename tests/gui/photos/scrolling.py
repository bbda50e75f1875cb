"""Measure how long the window stands still while the grid scrolls; used by tests/bench.py."""

import os
from collections import deque
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import numpy as np
from PIL import Image
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from engine.images.thumbnails import make_thumbnail, thumbnail_path
from engine.library.library import Library
from engine.library.photo import FoundFile, IdArray
from engine.paths import LibraryPaths
from gui.photos.photo_grid import PhotoGrid
from gui.photos.photo_model import PhotoModel
from gui.photos.thumbnail_loader import ThumbnailLoader

DISTINCT = 100  # pictures
STEPS = 300
CALM = 60  # pixels a step
NEW_A_BATCH = 600
STEPS_A_BATCH = 6  # about the 50 ms of `add_files`


class StallMeter(QObject):
    """Ticks every 5 ms and remembers the longest time between two ticks, in seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0.0
        self._last = perf_counter()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._timer.start(5)

    def _tick(self) -> None:
        now = perf_counter()
        self.longest, self._last = max(self.longest, now - self._last), now


def library_with_thumbnails(folder: Path, count: int) -> IdArray:
    """Make a library of so many photos that are known by their thumbnails only."""
    random = np.random.default_rng(0)
    noise = random.integers(0, 256, (DISTINCT, 6, 8, 3), dtype=np.uint8)
    sources = []
    with Library.open(folder) as library, library.transaction():
        root = library.folders.add(b"/photos")
        for number in range(count):
            photo_id = library.photos.add(root.id, FoundFile(b"/photos/%d.jpg" % number, 1, 1))
            path = thumbnail_path(LibraryPaths(folder).thumbnails, photo_id)
            path.parent.mkdir(parents=True, exist_ok=True)
            if number < DISTINCT:
                large = Image.fromarray(noise[number]).resize((320, 240), Image.Resampling.BICUBIC)
                path.write_bytes(make_thumbnail(large))
                sources.append(path)
            else:
                os.link(sources[number % DISTINCT], path)
        return library.photos.ids()


def stalls_while_scrolling(folder: Path, count: int = 100_000) -> dict[str, float]:
    """Scroll through a library, calmly, in leaps and while photos are added.

    Args:
        folder: empty.
        count: of photos.

    Returns:
        The longest time the window's thread was busy in each case, in milliseconds, the time of
        the first paint, and that from adding 10,000 ids to the first thumbnail.
    """
    _application = QApplication.instance() or QApplication([])
    all_ids = library_with_thumbnails(folder, count + NEW_A_BATCH * STEPS // STEPS_A_BATCH)
    ids, new = all_ids[:count], deque(np.split(all_ids[count:], STEPS // STEPS_A_BATCH))
    model, loader = PhotoModel(), ThumbnailLoader(folder)
    grid = PhotoGrid(model, loader)
    grid.resize(1280, 800)
    grid.show()
    figures = {"first_thumbnail_ms": _first_thumbnail(model, loader, ids[:10_000])}
    figures["first_paint_ms"] = _first_paint(model, grid, ids)
    bar = grid.verticalScrollBar()
    leap = bar.maximum() // STEPS

    def leap_on() -> None:
        bar.setValue((bar.value() + leap) % bar.maximum())

    def leap_and_add() -> None:
        leap_on()
        if new and bar.value() // leap % STEPS_A_BATCH == 0:
            model.append_ids(new.popleft())

    figures["calm_ms"] = _longest_stall(lambda: bar.setValue(bar.value() + CALM))
    figures["leaps_ms"] = _longest_stall(leap_on)
    figures["adding_ms"] = _longest_stall(leap_and_add)
    loader.close()
    grid.close()
    return figures


def _first_thumbnail(model: PhotoModel, loader: ThumbnailLoader, ids: IdArray) -> float:
    arrived: list[int] = []
    loader.ready.connect(arrived.append)
    start = perf_counter()
    model.append_ids(ids)
    _wait_for(lambda: bool(arrived))
    return 1000 * (perf_counter() - start)


def _first_paint(model: PhotoModel, grid: PhotoGrid, ids: IdArray) -> float:
    start = perf_counter()
    model.show_photos(ids)
    grid.grab()
    return 1000 * (perf_counter() - start)


def _longest_stall(step: Callable[[], object]) -> float:
    meter, steps = StallMeter(), 0

    def go_on() -> None:
        nonlocal steps
        steps += 1
        step()

    timer = QTimer()
    timer.timeout.connect(go_on)
    timer.start(8)
    _wait_for(lambda: steps >= STEPS)
    return 1000 * meter.longest


def _wait_for(condition: Callable[[], bool]) -> None:
    while not condition():
        QApplication.processEvents()
