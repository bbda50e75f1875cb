"""Which thumbnails are wished for: newest wish first, shared by the window and its workers."""

from collections.abc import Iterable
from threading import Condition


class ThumbnailWishes:
    """A bounded list of wishes; all its methods may be called from any thread.

    Args:
        most: older wishes than so many fall out; who still wants them wishes again.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._changed = Condition()
        self._wishes: dict[int, None] = {}  # the newest last
        self._in_hand: set[int] = set()
        self._outdated: set[int] = set()
        self._closed = False
        self._held = False

    def put(self, ids: Iterable[int]) -> None:
        """Wish for these before all others, the first of them first."""
        with self._changed:
            for photo_id in reversed(list(ids)):
                if photo_id not in self._in_hand:
                    self._wishes.pop(photo_id, None)
                    self._wishes[photo_id] = None
            while len(self._wishes) > self._most:
                self._wishes.pop(next(iter(self._wishes)))
            self._changed.notify_all()

    def take(self) -> int | None:
        """Wait for a wish and take it in hand; None when there will be none any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or (self._wishes and not self._held))
            if self._closed:
                return None
            photo_id, _ = self._wishes.popitem()
            self._in_hand.add(photo_id)
            return photo_id

    def hold(self) -> None:
        """Let nobody take a wish until `release`."""
        self._held = True  # without the lock, for which the window would wait

    def release(self) -> None:
        """Let wishes be taken again."""
        with self._changed:
            self._held = False
            self._changed.notify_all()

    def settle(self, photo_id: int) -> bool:
        """Note that a wish in hand was answered; returns whether the answer still holds."""
        with self._changed:
            self._in_hand.discard(photo_id)
            holds = photo_id not in self._outdated
            self._outdated.discard(photo_id)
            return holds

    def outdate(self, ids: Iterable[int]) -> None:
        """Note that what is in hand of these photos is no longer what they look like."""
        with self._changed:
            self._outdated |= self._in_hand.intersection(ids)

    def outdate_all(self) -> None:
        """Note that all that is in hand was looked for too early."""
        with self._changed:
            self._outdated |= self._in_hand

    def close(self) -> None:
        """Let all that wait go."""
        with self._changed:
            self._closed = True
            self._wishes.clear()
            self._changed.notify_all()
