"""What the user has said of photos: favourites, and the right answers of queries."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from engine.library.library import Library
from gui.session import Session


class Marks(QObject):
    """Knows the marks of the open library, and keeps them in it.

    Signals:
        favourites_changed: arg1: frozenset[int], all of them.
        favourites_kept: they are in the library now.
        relevance_changed: arg1: int, how many queries have a right photo.

    Args:
        session: the open library.
        parent: Qt's.
    """

    favourites_changed = Signal(object)
    favourites_kept = Signal()
    relevance_changed = Signal(int)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._favourites: frozenset[int] = frozenset()
        self._relevant: set[tuple[str, int]] = set()

    @property
    def favourites(self) -> frozenset[int]:
        """Ids of all favourites."""
        return self._favourites

    def load(self) -> None:
        """Read what is in the library."""

        def read(library: Library) -> tuple[list[int], list[tuple[str, int]]]:
            return library.photos.favourites().tolist(), library.relevance_marks()

        self._session.read(read, lambda found: self._take(*found))

    def set_favourites(self, ids: Iterable[int], favourite: bool) -> None:
        """Mark photos as favourites, or take the mark away."""
        changed = frozenset(ids)
        self._favourites = self._favourites | changed if favourite else self._favourites - changed
        self._session.write(
            lambda library: library.photos.set_favourite(changed, favourite),
            lambda _: self.favourites_kept.emit(),
        )
        self.favourites_changed.emit(self._favourites)

    def is_relevant(self, query: str, photo_id: int) -> bool:
        """Whether this photo is what the normalised query asked for."""
        return (query, photo_id) in self._relevant

    def set_relevant(self, query: str, photo_id: int, relevant: bool) -> None:
        """Keep that this photo is, or is not, what the normalised query asked for."""
        if relevant:
            self._relevant.add((query, photo_id))
            self._session.write(lambda library: library.mark_relevant(query, photo_id))
        else:
            self._relevant.discard((query, photo_id))
            self._session.write(lambda library: library.unmark_relevant(query, photo_id))
        self._tell_relevance()

    def _take(self, favourites: list[int], relevant: list[tuple[str, int]]) -> None:
        self._favourites = frozenset(favourites)
        self._relevant = {(query, photo_id) for query, photo_id in relevant}
        self.favourites_changed.emit(self._favourites)
        self._tell_relevance()

    def _tell_relevance(self) -> None:
        self.relevance_changed.emit(len({query for query, _ in self._relevant}))
