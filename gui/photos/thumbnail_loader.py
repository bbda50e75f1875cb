"""Gives the grid its thumbnails without ever keeping it waiting."""

import os
import sys
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QPixmap

from gui.photos.thumbnail_reading import Answer, ThumbnailReader
from gui.photos.thumbnail_wishes import ThumbnailWishes

WORKERS = 2
MOST_WISHES = 400  # some screens full of cells
CACHE_BYTES = 256 * 2**20
NICENESS = 10
MILLISECONDS_BETWEEN_ARRIVALS = 15
SECONDS_A_TURN = 0.004  # given to arrivals, before the window is let go on
SECONDS_TO_CLOSE = 0.2


class ThumbnailLoader(QObject):
    """Answers the wishes of cells that are drawn, in the background.

    Signals:
        ready: the photo's pixmap is there.
        failed: there is none, with the reason; not tried again until `forget`.
        vanished: there is none, because the file is gone; likewise.

    Args:
        library_folder: of the library that is open.
        cache_bytes: how much memory pixmaps may take.
        parent: Qt's.
    """

    ready = Signal(int)
    failed = Signal(int, str)
    vanished = Signal(int)
    _arrived = Signal()

    def __init__(
        self,
        library_folder: Path,
        *,
        cache_bytes: int = CACHE_BYTES,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._folder = library_folder
        self._pixmaps = _Pixmaps(cache_bytes)
        self._given_up: dict[int, str] = {}
        self._drawn: list[int] = []
        self._wishes = ThumbnailWishes(MOST_WISHES)
        self._threads: list[threading.Thread] = []
        self._arrivals = _Arrivals()
        self._pending: deque[Answer] = deque()
        self._sending = _once_after(0, self._send_wishes, self)
        self._receiving = _once_after(MILLISECONDS_BETWEEN_ARRIVALS, self._receive, self)
        self._closed = False
        self._arrived.connect(self._expect, Qt.ConnectionType.QueuedConnection)

    def pixmap(self, photo_id: int) -> QPixmap | None:
        """The thumbnail, if it is at hand."""
        return self._pixmaps.get(photo_id)

    def failure(self, photo_id: int) -> str | None:
        """Why there is no thumbnail; "" where the file is gone, None where it may yet come."""
        return self._given_up.get(photo_id)

    def request(self, photo_id: int) -> None:
        """Wish for a thumbnail; those wished in one paint come in the order they were wished."""
        if photo_id not in self._given_up and not self._closed:
            self._drawn.append(photo_id)
            self._sending.start()

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """Start no other thumbnail meanwhile: Python's threads hold each other up."""
        self._wishes.hold()
        try:
            yield
        finally:
            self._wishes.release()

    def forget(self, ids: Iterable[int]) -> None:
        """Photos look different now, or may be readable again: ask anew when they are drawn."""
        ids = list(ids)
        self._wishes.outdate(ids)
        for photo_id in ids:
            self._pixmaps.drop(photo_id)
            self._given_up.pop(photo_id, None)

    def forget_failures(self) -> None:
        """Files or whole drives may be back: ask anew for all that could not be shown."""
        self._wishes.outdate_all()
        self._given_up.clear()

    def close(self) -> None:
        """Stop the workers; what they have in hand is not waited for long."""
        self._closed = True
        self._sending.stop()
        self._receiving.stop()
        self._pending.clear()
        self._arrivals.close()
        self._wishes.close()
        due = monotonic() + SECONDS_TO_CLOSE
        for thread in self._threads:
            thread.join(max(0.0, due - monotonic()))

    def _send_wishes(self) -> None:
        self._wishes.put(self._drawn)
        self._drawn = []
        while len(self._threads) < WORKERS:
            number = len(self._threads)
            thread = threading.Thread(target=self._work, name=f"thumbnails-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        """In a worker's thread."""
        _yield_to_the_window()
        with ThumbnailReader(self._folder) as reader:
            while (photo_id := self._wishes.take()) is not None:
                if self._arrivals.add(_read(reader, photo_id)):
                    self._arrived.emit()

    def _expect(self) -> None:
        if not self._closed:  # a call may still have been on its way
            self._receiving.start()

    def _receive(self) -> None:
        self._pending.extend(self._arrivals.take())
        due = monotonic() + SECONDS_A_TURN
        while self._pending and monotonic() < due:
            self._settle(self._pending.popleft())
        if self._pending:
            self._receiving.start()

    def _settle(self, answer: Answer) -> None:
        photo_id = answer.photo_id
        if not self._wishes.settle(photo_id):
            self.request(photo_id)
        elif answer.image is not None:
            self._pixmaps.put(photo_id, QPixmap.fromImage(answer.image))
            self.ready.emit(photo_id)
        else:
            self._given_up[photo_id] = answer.reason
            if answer.gone:
                self.vanished.emit(photo_id)
            else:
                self.failed.emit(photo_id, answer.reason)


class _Arrivals:
    """Answers on their way from the workers to the window."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: list[Answer] = []
        self._closed = False

    def add(self, answer: Answer) -> bool:
        """Put an answer down; returns whether the window has yet to be told of any."""
        with self._lock:
            if not self._closed:
                self._answers.append(answer)
            return len(self._answers) == 1 and not self._closed

    def take(self) -> list[Answer]:
        """All that have come."""
        with self._lock:
            answers, self._answers = self._answers, []
            return answers

    def close(self) -> None:
        """Take nothing any more, and drop what has come."""
        with self._lock:
            self._closed = True
            self._answers.clear()


class _Pixmaps:
    """The pixmaps used last, as many as the memory allows."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._bytes = 0
        self._pixmaps: OrderedDict[int, QPixmap] = OrderedDict()

    def get(self, photo_id: int) -> QPixmap | None:
        pixmap = self._pixmaps.get(photo_id)
        if pixmap is not None:
            self._pixmaps.move_to_end(photo_id)
        return pixmap

    def put(self, photo_id: int, pixmap: QPixmap) -> None:
        self.drop(photo_id)
        self._pixmaps[photo_id] = pixmap
        self._bytes += _size(pixmap)
        while self._bytes > self._limit:
            self.drop(next(iter(self._pixmaps)))

    def drop(self, photo_id: int) -> None:
        pixmap = self._pixmaps.pop(photo_id, None)
        if pixmap is not None:
            self._bytes -= _size(pixmap)


def _size(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * pixmap.depth() // 8


def _once_after(milliseconds: int, call: Callable[[], None], parent: QObject) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(call)
    return timer


def _read(reader: ThumbnailReader, photo_id: int) -> Answer:
    try:
        return reader.read(photo_id)
    except Exception as error:  # noqa: BLE001 - a mistake of ours is told, other photos go on
        here = threading.current_thread()
        threading.excepthook(
            threading.ExceptHookArgs((type(error), error, error.__traceback__, here))
        )
        return Answer(photo_id, reason=f"{type(error).__name__}: {error}")


def _yield_to_the_window() -> None:
    # Elsewhere a niceness is the whole process's.
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
