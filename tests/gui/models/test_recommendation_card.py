from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine.models.checkpoint import Checkpoint
from engine.models.download import DownloadReport
from engine.models.installed import InstalledCheckpoint
from engine.models.recommending import Recommendation
from gui.models.downloads import Download
from gui.models.facts import Facts
from gui.models.offers import Status, offers
from gui.models.recommendation_card import RecommendationCard

Records = tuple[Checkpoint, Checkpoint]
Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]


@pytest.fixture
def card(qtbot: QtBot) -> RecommendationCard:
    card = RecommendationCard()
    qtbot.addWidget(card)
    card.show()
    return card


@pytest.fixture
def wanting(facts: Facts, larger: Records) -> Facts:
    reasons = ("larger-openclip finds photos with Vietnamese and English sentences.",)
    return replace(facts, recommendation=Recommendation(*larger, reasons), photos=100_000)


def texts(card: RecommendationCard) -> str:
    return "\n".join(label.text() for label in card.findChildren(QLabel) if label.isVisible())


def test_it_says_what_for_which_machine_and_why(
    card: RecommendationCard, wanting: Facts, status: Status
) -> None:
    card.show_facts(wanting, offers(wanting, status))
    told = texts(card)
    for words in ("16.0 GB of memory", "8 processor core(s)", "larger-openclip", "larger-beit3"):
        assert words in told
    assert "61.5 %" in told
    assert "hour(s)" in told or "minute(s)" in told
    assert not card.reasons.isVisible()
    card.why_button.click()
    assert "finds photos with Vietnamese" in texts(card)


def test_figures_say_where_they_come_from(
    card: RecommendationCard, wanting: Facts, status: Status
) -> None:
    card.show_facts(wanting, offers(wanting, status))
    recall = card.figures[0]
    assert recall.text() == "61.5 %"
    assert "measured by the tests" in recall.toolTip()
    assert recall.accessibleDescription() == "Vietnamese, R@1"


def test_what_is_not_measured_or_unknown_is_said(
    card: RecommendationCard, wanting: Facts, status: Status, larger: Records
) -> None:
    plain = [replace(record, recalls=(), gmacs=None) for record in larger]
    unknown = replace(wanting, recommendation=Recommendation(plain[0], plain[1], ()))
    card.show_facts(unknown, offers(unknown, status))
    assert "not measured" in texts(card)
    assert "unknown" in texts(card)


def test_the_button_follows_what_goes_on(
    qtbot: QtBot, card: RecommendationCard, wanting: Facts, status: Status, larger: Records
) -> None:
    card.show_facts(wanting, offers(wanting, status))
    assert card.button.text() == "Download and use"
    with qtbot.waitSignal(card.wanted):
        card.button.click()
    report = DownloadReport("downloading", "w", 1, 2, None)
    running = {"larger-beit3": Download(larger[1], report)}
    card.show_facts(wanting, offers(wanting, replace(status, find_download=running.get)))
    assert card.button.text() == "Cancel"
    with qtbot.waitSignal(card.cancel_wanted):
        card.button.click()


def test_what_is_here_or_in_use_is_not_downloaded_again(
    card: RecommendationCard, facts: Facts, status: Status, tiny_pair: Pair
) -> None:
    openclip, beit3 = (checkpoint.record for checkpoint in tiny_pair)
    used = replace(facts, recommendation=Recommendation(openclip, beit3, ()))
    card.show_facts(used, offers(used, status))
    assert card.button.text() == "In use"
    assert not card.button.isEnabled()
    card.show_facts(used, offers(used, replace(status, in_use=None)))
    assert card.button.text() == "Use"
    assert "nothing" in texts(card)


def test_a_machine_for_the_starters_is_told_so(
    card: RecommendationCard, facts: Facts, status: Status
) -> None:
    card.show_facts(facts, offers(facts, status))
    assert "starters that come with the program suit" in texts(card)
    assert card.button.isHidden()
