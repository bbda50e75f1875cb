"""Counting the photos of the folders anew while they change."""

from PySide6.QtCore import QObject, QTimer, Signal

from gui.folder_state import FolderCensus, folder_states, take_census
from gui.library_access import LibraryAccess

STATES_MILLISECONDS = 500  # folder states are counted anew at most this often


class FolderCounter(QObject):
    """Counts in a thread, and knows which photos are held back because their files are gone.

    Signals:
        counted: arg1: list[FolderState]. arg2: how many files cannot be read.
        vanished: arg1: set[int], all photos that are held back.

    Args:
        access: reads the library; also the Qt parent.

    Attributes:
        watched: whether the folders are followed.
    """

    counted = Signal(list, int)
    vanished = Signal(object)

    def __init__(self, access: LibraryAccess) -> None:
        super().__init__(access)
        self.watched = False
        self._access = access
        self._held_back: dict[int, list[int]] = {}
        self._timer = QTimer(self, interval=STATES_MILLISECONDS, singleShot=True)
        self._timer.timeout.connect(self.count)

    def stop(self) -> None:
        """Count nothing any more that has not been begun."""
        self._timer.stop()

    def hold_back(self, folder_id: int, ids: list[int]) -> None:
        """Note which photos of a folder stay although their files are gone."""
        if ids != self._held_back.get(folder_id, []):
            self._held_back[folder_id] = ids
            self.vanished.emit({id_ for held in self._held_back.values() for id_ in held})

    def forget(self, folder_id: int) -> None:
        """The folder is no longer the library's."""
        self._held_back.pop(folder_id, None)

    def count_soon(self) -> None:
        """Something has changed."""
        if not self._timer.isActive():
            self._timer.start()

    def count(self) -> None:
        """Count at once."""
        keys = [checkpoint.key for checkpoint in self._access.pair or ()]
        if self._access.is_open:
            self._access.read(lambda library: take_census(library, keys), self._tell)

    def _tell(self, census: FolderCensus) -> None:
        states = folder_states(
            census,
            {id_: len(held) for id_, held in self._held_back.items()},
            watched=self.watched,
            is_ready=self._access.pair is not None,
        )
        self.counted.emit(states, census.problems)
