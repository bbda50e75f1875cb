"""How far indexing is, at what rate, and how long it will take."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Literal

from engine.indexing.adding import AddReport
from engine.indexing.embedding import EmbedReport
from engine.paths import shown_path
from gui.coming_pair import Coming

Phase = Literal[
    "idle", "finding", "embedding", "preparing", "waiting", "paused", "stopped", "put off"
]

SMOOTHING_SECONDS = 10.0  # the rate is that of about so long: batches differ, the figure shall not


@dataclass(frozen=True, slots=True)
class Progress:
    """What the window shows of indexing.

    Attributes:
        phase: what is going on; "stopped" by the user, with photos left to embed. The pair that
            is to come is "preparing", "waiting" for drives, or "put off" by the user.
        folder: the one that is looked through.
        done: photos found, or tried so far.
        total: photos of this run; 0 while nobody knows.
        failed: of those tried, how many could not be read.
        rate: photos a second, smoothed; 0 while unknown.
        seconds_left: None while unknown.
        offline: photos that the pair to come waits for.
    """

    phase: Phase = "idle"
    folder: str = ""
    done: int = 0
    total: int = 0
    failed: int = 0
    rate: float = 0.0
    seconds_left: float | None = None
    offline: int = 0


class ProgressMeter:
    """Turns the engine's reports into progress.

    Args:
        clock: seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._finding = Progress()
        self._embedding = Progress()  # as far as the run in hand is; idle where there is none
        self._preparing = Progress()
        self._stopped = Progress()
        self._is_paused = False
        self._added_meanwhile = 0
        self._last = 0.0

    @property
    def now(self) -> Progress:
        """What is to be shown."""
        going_on = (self._embedding, self._finding, self._stopped, self._preparing)
        shown = next((each for each in going_on if each.phase != "idle"), Progress())
        return replace(shown, phase="paused", seconds_left=None) if self._is_paused else shown

    def found(self, report: AddReport) -> Progress:
        """Take in what was found in a folder."""
        self._added_meanwhile += len(report.new_ids)
        folder = shown_path(report.folder.path)
        self._finding = Progress() if report.finished else Progress("finding", folder, report.seen)
        return self.now

    def embedded(self, report: EmbedReport) -> Progress:
        """Take in what was embedded."""
        tried = report.done + report.failed
        if not tried and not report.ids:  # the first report of a run
            self._added_meanwhile, self._last = 0, self._clock()
            self._embedding = Progress("embedding", total=report.total)
            self._stopped = Progress()
        else:
            total = max(report.total + self._added_meanwhile, tried)
            self._embedding = self._further(self._embedding, tried, total, report.failed)
        if tried >= self._embedding.total:
            self._embedding = Progress()
        return self.now

    def prepared(self, coming: Coming | None) -> Progress:
        """Take in how far the pair is that is to come."""
        if coming is None:
            self._preparing = Progress()
        elif coming.done + coming.offline >= coming.total and coming.offline:
            self._preparing = Progress("waiting", "", coming.done, coming.total)
            self._preparing = replace(self._preparing, offline=coming.offline)
        elif self._preparing.phase == "preparing" and coming.done > self._preparing.done:
            self._preparing = self._further(
                self._preparing, coming.done, coming.total, coming.failed
            )
        else:
            self._last = self._clock()
            self._preparing = Progress("preparing", "", coming.done, coming.total)
        return self.now

    def _further(self, before: Progress, done: int, total: int, failed: int) -> Progress:
        now = self._clock()
        seconds = max(now - self._last, 1e-3)
        self._last = now
        newest = (done - before.done) / seconds
        weight = min(1.0, seconds / SMOOTHING_SECONDS) if before.rate else 1.0
        rate = before.rate + weight * (newest - before.rate)
        left = (total - done) / rate if rate else None
        return Progress(before.phase, "", done, total, failed, rate, left)

    def paused(self) -> Progress:
        """The user wants a rest."""
        self._is_paused = True
        return self.now

    def resumed(self) -> Progress:
        """It goes on."""
        self._is_paused = False
        self._last = self._clock()
        return self.now

    def stopped(self, waiting: int, *, early: bool = False) -> Progress:
        """A run came to its end.

        Args:
            waiting: photos that still lack an embedding because it ended before its time.
            early: it did end so; then the pair that is to come is put off, too.
        """
        self._embedding = Progress()
        if early and self._preparing.phase == "preparing":
            self._preparing = replace(self._preparing, phase="put off", seconds_left=None)
        self._stopped = Progress("stopped", total=waiting) if waiting else Progress()
        return self.now
