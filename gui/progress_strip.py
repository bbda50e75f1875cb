"""The strip at the bottom: how far indexing is, and its pause and end."""

import math

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from gui.elided_label import ElidedLabel
from gui.flat_button import FlatButton
from gui.progress import Progress

_MINUTE = 60
_HOUR = 60 * _MINUTE
_BAR_WIDTH = 240  # at most
_BAR_SHARE = 6  # the strip is so many times as wide: in a narrow window the words come first
_HEIGHT = 44


class ProgressStrip(QWidget):
    """Says what is being done and how long it takes; takes no room where nothing is.

    Signals:
        pause_wanted: indexing shall pause (True) or go on (False).
        cancel_wanted: indexing shall stop.
    """

    pause_wanted = Signal(bool)
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paused = False
        self.setFixedHeight(_HEIGHT)
        self._build()
        self.show_progress(Progress())

    def show_progress(self, progress: Progress) -> None:
        """Say this."""
        resting = progress.phase in ("paused", "stopped", "put off")
        working = progress.phase in ("embedding", "preparing")
        self.label.show_text(self._words(progress))
        self._show_bar(progress)
        self.pause_button.setVisible(working)
        self.go_on_button.setVisible(resting)
        self.cancel_button.setVisible(working or progress.phase == "paused")
        self.setVisible(progress.phase != "idle")

    def _build(self) -> None:
        self.label = ElidedLabel(self, Qt.TextElideMode.ElideMiddle)  # numbers stand at both ends
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of indexing"))
        self.pause_button = FlatButton("pause", self.tr("Pause indexing"), self)
        self.go_on_button = QPushButton(self.tr("Go on"), self)
        self.cancel_button = FlatButton("close", self.tr("Stop indexing"), self)
        self.pause_button.clicked.connect(lambda: self.pause_wanted.emit(True))
        self.go_on_button.clicked.connect(lambda: self.pause_wanted.emit(False))
        self.cancel_button.clicked.connect(self.cancel_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 12, 4)
        row.setSpacing(12)
        row.addWidget(self.label, 1)
        for widget in (self.bar, self.pause_button, self.go_on_button, self.cancel_button):
            row.addWidget(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.bar.setFixedWidth(min(_BAR_WIDTH, self.width() // _BAR_SHARE))

    def _show_bar(self, progress: Progress) -> None:
        finding = progress.phase == "finding"
        self.bar.setVisible(progress.phase not in ("stopped", "waiting"))
        # A range of nothing makes a busy bar.
        self.bar.setRange(0, 0 if finding else max(progress.total, 1))
        if not finding:
            self.bar.setValue(progress.done)

    def _words(self, progress: Progress) -> str:
        done, total = QLocale().toString(progress.done), QLocale().toString(progress.total)
        if progress.phase == "finding":
            found = self.tr("Looking for photos in {folder}: {found} found")
            return found.format(folder=progress.folder, found=done)
        if progress.phase == "stopped":
            return self.tr("Indexing stopped; %Ln photo(s) cannot be found yet", "", progress.total)
        if progress.phase == "paused":
            return self.tr("Paused at {done} of {total}").format(done=done, total=total)
        if progress.phase == "waiting":
            return self.tr("New models wait for the drive of %Ln photo(s)", "", progress.offline)
        if progress.phase == "put off":
            put_off = self.tr("Preparing new models stopped at {done} of {total}")
            return put_off.format(done=done, total=total)
        return " · ".join(self._parts(progress, done, total)) if progress.total else ""

    def _parts(self, progress: Progress, done: str, total: str) -> list[str]:
        if progress.phase == "preparing":
            words = self.tr("Preparing new models: {done} of {total}")
        else:
            words = self.tr("Embedding {done} of {total}")
        parts = [words.format(done=done, total=total)]
        if progress.rate > 0:
            parts.append(self.tr("{rate} photos/s").format(rate=_rate(progress.rate)))
        if progress.seconds_left is not None:
            parts.append(self.time_left(progress.seconds_left))
        if progress.failed:
            parts.append(self.tr("%Ln could not be read", "", progress.failed))
        return parts

    def time_left(self, seconds: float) -> str:
        """Put a time into words, no finer than it can be known."""
        if seconds < 10:
            return self.tr("a few seconds left")
        if seconds < _MINUTE:
            return self.tr("%Ln second(s) left", "", 10 * math.ceil(seconds / 10))
        if seconds < _HOUR:
            return self.tr("%Ln minute(s) left", "", math.ceil(seconds / _MINUTE))
        return self.tr("%Ln hour(s) left", "", math.ceil(seconds / _HOUR))


def _rate(rate: float) -> str:
    """Whole photos, but tenths where there are few."""
    return QLocale().toString(rate, "f", 0 if rate >= 10 else 1)
