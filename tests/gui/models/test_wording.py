from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication

from engine.models.checkpoint import Recall
from engine.models.checkpoints import CHECKPOINTS
from engine.models.translators import TRANSLATORS
from gui.models.wording import ModelWords, best_recall, known_size

WORDS = ModelWords()


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (4, "a few seconds"),
        (34, "30 second(s)"),
        (59.9, "1 minute(s)"),
        (200, "3 minute(s)"),
        (3 * 3600, "3 hour(s)"),
        (47 * 3600, "47 hour(s)"),
        (9 * 86400, "9 day(s)"),
    ],
)
def test_a_time_is_said_no_finer_than_it_is_known(
    qapp: QCoreApplication, seconds: float, said: str
) -> None:
    assert WORDS.duration(seconds) == said


def test_vietnamese_comes_first(qapp: QCoreApplication) -> None:
    assert WORDS.languages(("fr", "en", "vi")) == "Vietnamese, English, français"
    many = ("de", "en", "es", "fr", "vi")
    assert WORDS.languages(many) == "5 language(s), with Vietnamese"


def test_the_figure_for_vietnamese_counts_most() -> None:
    english = Recall("en", "COCO", 1, 54.0, "a")
    vietnamese = Recall("vi", "Crossmodal-3600", 5, 40.0, "b")
    record = replace(CHECKPOINTS[0], recalls=(english, vietnamese))
    assert best_recall(record) == vietnamese
    assert best_recall(replace(record, recalls=(english,))) == english
    assert best_recall(replace(record, recalls=())) is None


def test_a_size_nobody_has_published_is_reckoned_or_unknown(qapp: QCoreApplication) -> None:
    record = replace(CHECKPOINTS[0], weights=replace(CHECKPOINTS[0].weights, size=None))
    size, is_exact = known_size(record)
    assert size
    assert not is_exact
    unknown = replace(TRANSLATORS[0], download_mb=None)
    assert WORDS.size(unknown) == "size unknown"
