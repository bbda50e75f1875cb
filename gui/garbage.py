"""Collecting Python's garbage in the window's thread alone.

Python collects in whatever thread happens to allocate. Qt objects that are found there would be
destroyed in a thread that is not theirs, which ends the process now and then.
"""

import gc

from PySide6.QtCore import QObject, QTimer

MILLISECONDS = 500  # between two looks at what has piled up


class GarbageCollector(QObject):
    """Does by a timer what Python does by itself at any moment.

    Args:
        parent: Qt's.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=MILLISECONDS)
        self._timer.timeout.connect(self._collect)

    def start(self) -> None:
        """Collect here, and nowhere else, from now on."""
        gc.disable()
        gc.freeze()  # modules and classes stay to the end: looking through them takes 50 ms
        self._timer.start()

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _collect(self) -> None:
        """Collect the oldest generation that is due, as Python would."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation]:
                gc.collect(generation)
                return
