from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from gui.photos.score_section import ScoreSection
from gui.photos.shown_photo import ShownPhoto
from gui.theme import BEIT3_COLOUR, OPENCLIP_COLOUR
from tests.gui.photos.rows import row_of

FOUND = ShownPhoto(
    photo=row_of(Path("/tmp/a.jpg")),
    online=True,
    favourite=False,
    query="biển",
    score=1.25,
    cosines=(0.312, 0.487),
    parts=(0.25, 1.0),
    ranks=(12, 3),
    position=1003,
    total=4310,
    shares=(0.25, 0.5),
)


@pytest.fixture
def section(qtbot: QtBot) -> Iterator[ScoreSection]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    section = ScoreSection()
    qtbot.addWidget(section)
    section.resize(300, 150)
    section.show()
    yield section
    QLocale.setDefault(before)


def test_scores_and_ranks_of_each_encoder_are_told(section: ScoreSection) -> None:
    section.show_scores(FOUND)
    assert section.texts == [
        "Place 1,003 of 4,310",
        "score 1.250",
        "OpenCLIP: cosine 0.312 · rank 12",
        "BEiT3: cosine 0.487 · rank 3",
    ]


def test_nothing_is_told_when_nothing_is_searched(section: ScoreSection) -> None:
    section.show_scores(replace(FOUND, score=None))
    assert section.isHidden()
    section.show_scores(FOUND)
    assert not section.isHidden()


def test_an_encoder_that_has_not_embedded_the_photo_is_told_so(section: ScoreSection) -> None:
    section.show_scores(replace(FOUND, cosines=(0.1, None), ranks=(4, None)))
    assert section.texts[2:] == ["OpenCLIP: cosine 0.100 · rank 4", "BEiT3: has not seen it yet"]


def test_what_is_not_known_is_left_out(section: ScoreSection) -> None:
    section.show_scores(replace(FOUND, ranks=None, total=None, parts=None, shares=None))
    assert section.texts[0] == "Place 1,003"
    assert section.texts[2] == "OpenCLIP: cosine 0.312"


def test_the_bars_are_as_long_as_the_shares(section: ScoreSection) -> None:
    section.show_scores(FOUND)
    drawn = section.grab().toImage()
    lengths = [
        max(
            (
                sum(drawn.pixelColor(x, y) == colour for x in range(drawn.width()))
                for y in range(drawn.height())
            ),
        )
        for colour in (OPENCLIP_COLOUR, BEIT3_COLOUR)
    ]
    assert lengths == [pytest.approx(75, abs=3), pytest.approx(150, abs=3)]
