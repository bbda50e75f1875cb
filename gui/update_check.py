"""Looks for a newer version: once a day where the user wants that, or when told to."""

import logging
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QLocale, QObject, QTimer, Signal

from engine import updates
from engine.errors import EngineError
from engine.paths import cache_folder
from engine.updates import Release, fetch_latest
from engine.version import program_version
from gui.engine_sentences import translated
from gui.tasks import TaskRunner

logger = logging.getLogger(__name__)

DAY_SECONDS = 24 * 3600
LOOKED_AT_MS = 3_600_000  # how often it is seen whether a day has passed


def stamp_file() -> Path:
    """Its date is when the project's page was last asked."""
    return cache_folder() / "updates-asked"


class UpdateCheck(QObject):
    """Asks the project's page for the latest version; never by itself unless the user wants it.

    Signals:
        found: arg1: Release, newer than this program.
        told: arg1: str, what came of looking at the user's word; empty after a bug.

    Args:
        report: told of bugs.
        parent: Qt's.
    """

    found = Signal(object)
    told = Signal(str)

    def __init__(self, report: Callable[[Exception], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._report = report
        self._tasks = TaskRunner(report)
        self._timer = QTimer(self, interval=LOOKED_AT_MS)
        self._timer.timeout.connect(self._look_if_due)

    def set_daily(self, wanted: bool) -> None:
        """Look once a day from now on, or no more."""
        if not wanted or not updates.ADDRESS:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()
            self._look_if_due()

    def look(self) -> None:
        """Look at once, for a user who waits to be told."""
        _stamp()
        self._ask(self._answer, lambda error: self.told.emit(translated(str(error))))

    def sentence(self, release: Release) -> str:
        """What the user is told of a newer version."""
        language = "vi" if QLocale().language() == QLocale.Language.Vietnamese else "en"
        sentence = self.tr("Ảnh Ơi {version} is out, to be had at {page}. {notes}")
        note = release.notes.get(language, "")
        return sentence.format(version=release.version, page=release.page, notes=note).strip()

    def close(self) -> None:
        """Look no more; waits until the network has answered or its time is over."""
        self._timer.stop()
        self._tasks.close()

    def _look_if_due(self) -> None:
        if _is_due() and _stamp():
            self._ask(
                self._tell_of_newer,
                lambda error: logger.info("New versions could not be looked for. %s", error),
            )

    def _ask(
        self, on_release: Callable[[Release], None], on_refusal: Callable[[EngineError], None]
    ) -> None:
        def hear(error: Exception) -> None:
            if isinstance(error, EngineError):
                on_refusal(error)
            else:
                self.told.emit("")  # nobody shall go on waiting
                self._report(error)

        address = updates.ADDRESS
        self._tasks.run(lambda: fetch_latest(address), on_release, on_error=hear, thread="updates")

    def _tell_of_newer(self, release: Release) -> None:
        logger.info("The latest version is %s.", release.version)
        if release.is_newer:
            self.found.emit(release)

    def _answer(self, release: Release) -> None:
        self._tell_of_newer(release)
        if release.is_newer:
            self.told.emit(self.sentence(release))
        else:
            sentence = self.tr("This is the newest version: {version}.")
            self.told.emit(sentence.format(version=program_version()))


def _is_due() -> bool:
    try:
        age = time.time() - stamp_file().stat().st_mtime
    except OSError:
        return True
    return not 0 <= age < DAY_SECONDS  # a date in the future is that of a clock gone wrong


def _stamp() -> bool:
    """Remember that it was asked, first: a program that crashes shall not ask again and again."""
    try:
        stamp_file().parent.mkdir(parents=True, exist_ok=True)
        stamp_file().touch()
    except OSError as error:
        logger.info("New versions are not looked for, as that cannot be remembered: %s", error)
        return False
    return True
