"""What the panel says about how far an evaluation is."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

from engine.indexing.adding import AddReport

if TYPE_CHECKING:
    from gui.evaluation.running import Step


def progress_of(step: "Step") -> tuple[str, float | None]:
    """A sentence, and how much of it is done: 0 to 1, None where nobody knows."""
    from engine.evaluation.evaluating import Progress

    if isinstance(step, AddReport):
        found = QCoreApplication.translate("Evaluation", "Finding photos: {count}")
        return found.format(count=QLocale().toString(step.seen)), None
    if isinstance(step, Progress):
        return _parts()[step.part], step.share
    if not step.total:
        return QCoreApplication.translate("Evaluation", "All photos are embedded"), None
    tried, number = step.done + step.failed, QLocale().toString
    embedding = QCoreApplication.translate("Evaluation", "Embedding photos: {done} of {total}")
    words = embedding.format(done=number(tried), total=number(step.total))
    return words, tried / step.total


def _parts() -> dict[str, str]:
    return {
        "encoding": QCoreApplication.translate("Evaluation", "Encoding the queries"),
        "ranking": QCoreApplication.translate("Evaluation", "Ranking the photos"),
        "summing up": QCoreApplication.translate("Evaluation", "Summing up"),
    }
