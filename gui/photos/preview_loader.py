"""Decodes large pictures in the background: what was wished for last comes first."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal

from engine.errors import UnreadableImageError
from engine.library.photo import Photo
from gui.photos.preview import Preview, read_preview

_MOST_WISHES = 6  # older ones have been scrolled past
_CACHE_BYTES = 256 * 2**20  # two photos of 24 megapixels in full, or some ten as large as a screen
_CLOSING_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class _Wish:
    photo_id: int
    path: bytes
    mtime_ns: int
    at_least: int


class PreviewLoader(QObject):
    """Reads previews in one thread and keeps the last ones.

    Args:
        cache_bytes: how much of the last previews is kept; the last one always is.
        parent: Qt's.
    """

    ready = Signal(object)
    """A Preview that was requested."""
    failed = Signal(int, str)
    """The photo's id and the reason, a sentence of the engine."""
    _answered = Signal(object, object)

    def __init__(self, cache_bytes: int = _CACHE_BYTES, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cache_bytes = cache_bytes
        self._kept: OrderedDict[int, tuple[int, Preview]] = OrderedDict()  # by id, with the mtime
        self._wishes: list[_Wish] = []  # the most urgent last
        self._change = threading.Condition()
        self._closed = False
        # A decoder cannot be interrupted: as a daemon it does not keep the program from closing.
        self._thread = threading.Thread(target=self._work_off, name="anhoi-previews", daemon=True)
        self._answered.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def request(self, photo: Photo, at_least: int) -> None:
        """Ask for a photo ahead of all others; `ready` or `failed` answers, at once if it is kept.

        Args:
            photo: whose file is read.
            at_least: what the shorter side of a JPEG keeps, in pixels.
        """
        kept = self.kept(photo)
        if kept is not None and kept.has(at_least):
            self.ready.emit(kept)
        else:
            self._wish(photo, at_least, urgent=True)

    def prefetch(self, photo: Photo, at_least: int) -> None:
        """Read a photo that may be asked for next, when nothing else is to be done."""
        kept = self.kept(photo)
        if kept is None or not kept.has(at_least):
            self._wish(photo, at_least, urgent=False)

    def kept(self, photo: Photo) -> Preview | None:
        """What is there of a photo, if its file is still the one that was read."""
        mtime_ns, preview = self._kept.get(photo.id, (0, None))
        if preview is None or mtime_ns != photo.mtime_ns:
            return None
        self._kept.move_to_end(photo.id)
        return preview

    def close(self) -> None:
        """Stop; nothing arrives any more, and a decode under way is not waited for."""
        with self._change:
            self._closed = True
            self._change.notify()
        if self._thread.is_alive():
            self._thread.join(_CLOSING_SECONDS)

    def _wish(self, photo: Photo, at_least: int, *, urgent: bool) -> None:
        with self._change:
            before = [wish for wish in self._wishes if wish.photo_id == photo.id]
            others = [wish for wish in self._wishes if wish.photo_id != photo.id]
            enough = max([at_least, *(wish.at_least for wish in before)])
            wish = _Wish(photo.id, photo.path, photo.mtime_ns, enough)
            self._wishes = [*others, wish] if urgent else [wish, *others]
            del self._wishes[:-_MOST_WISHES]
            self._change.notify()
        if not self._thread.ident:
            self._thread.start()

    def _work_off(self) -> None:
        while (wish := self._next()) is not None:
            answer = _read(wish)
            with self._change:
                if not self._closed:
                    self._answered.emit(wish, answer)

    def _next(self) -> _Wish | None:
        with self._change:
            self._change.wait_for(lambda: self._closed or self._wishes)
            return None if self._closed else self._wishes.pop()

    def _take(self, wish: _Wish, answer: Preview | Exception) -> None:
        if self._closed:
            return
        if isinstance(answer, Preview):
            self._keep(wish, answer)
            self.ready.emit(answer)
        elif isinstance(answer, UnreadableImageError):
            self.failed.emit(wish.photo_id, str(answer))
        else:
            raise answer

    def _keep(self, wish: _Wish, preview: Preview) -> None:
        self._kept[wish.photo_id] = (wish.mtime_ns, preview)
        self._kept.move_to_end(wish.photo_id)
        while len(self._kept) > 1 and self._bytes_kept() > self._cache_bytes:
            self._kept.popitem(last=False)

    def _bytes_kept(self) -> int:
        return sum(preview.size_in_bytes for _, preview in self._kept.values())


def _read(wish: _Wish) -> Preview | Exception:
    try:
        return read_preview(wish.photo_id, wish.path, wish.at_least)
    except Exception as error:  # noqa: BLE001 - raised again where the window's errors are told
        return error
