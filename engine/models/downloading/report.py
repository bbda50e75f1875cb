"""How far a download is."""

import time
from collections import deque
from dataclasses import dataclass

from engine.models.downloading.partial import Step

RATE_SECONDS = 5.0  # the rate is that of the last ones
FIRST_RATE_SECONDS = 0.5  # shorter, and it would jump


@dataclass(frozen=True, slots=True)
class DownloadReport:
    """How far a download is.

    Attributes:
        step: what is being done; "checking" reads what is here already.
        file: its name.
        done: bytes of the whole record that are here.
        total: of the whole record; None until all sizes are known.
        rate: bytes a second over the last seconds; None while nothing can be said.
    """

    step: Step
    file: str
    done: int
    total: int | None
    rate: float | None

    @property
    def seconds_left(self) -> float | None:
        """Until all has arrived, at this rate."""
        if self.total is None or not self.rate:
            return None
        return (self.total - self.done) / self.rate


class Rate:
    """How fast bytes arrive, by what has been received at each moment."""

    def __init__(self) -> None:
        self._moments: deque[tuple[float, int]] = deque()

    def now(self, received: int) -> float | None:
        """Bytes a second over the last seconds.

        Args:
            received: all bytes so far.
        """
        moment = time.monotonic()
        self._moments.append((moment, received))
        while self._moments[0][0] < moment - RATE_SECONDS:
            self._moments.popleft()
        since, before = self._moments[0]
        if moment - since < FIRST_RATE_SECONDS:
            return None
        return (received - before) / (moment - since)
