from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from engine.library.embeddings import CheckpointEmbeddings
from engine.models.checkpoint import Checkpoint, Recall
from engine.models.download import DownloadReport
from engine.models.installed import InstalledCheckpoint
from engine.models.translators import TRANSLATORS
from gui.coming_pair import Coming
from gui.models.downloads import Download
from gui.models.model_card import ModelCard
from gui.models.offers import Offer, State

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
MIB = 2**20


@pytest.fixture
def record(tiny_pair: Pair) -> Checkpoint:
    vietnamese = Recall("vi", "Crossmodal-3600", 1, 61.5, "the authors")
    return replace(
        tiny_pair[0].record, name="larger", languages=("en", "vi"), recalls=(vietnamese,)
    )


@pytest.fixture
def card(qtbot: QtBot, record: Checkpoint) -> ModelCard:
    card = ModelCard(Offer(record, "to be had", seconds=7200.0, photos=12_000))
    qtbot.addWidget(card)
    card.show()
    return card


def test_what_looks_like_markup_is_shown_as_it_is(card: ModelCard, record: Checkpoint) -> None:
    failed = Download(record, error="<b>Bold</b> is no place.")
    card.show_offer(Offer(record, "failed", download=failed))
    shown = (card.badge, card.about, card.figures, card.progress, card.note.label)
    assert {label.textFormat() for label in shown} == {Qt.TextFormat.PlainText}


def test_it_says_what_it_is_worth_and_what_it_costs(card: ModelCard) -> None:
    assert card.title.text() == card.accessibleName() == "larger"
    assert "Vietnamese" in card.about.text()
    for words in (
        "R@1 61.5 % (Vietnamese, Crossmodal-3600)",
        "Vietnamese, English",
        "2 hour(s)",
        "Apache-2.0",
    ):
        assert words in card.figures.text()
    assert "the authors" in card.figures.toolTip()
    assert card.bar.isHidden()
    assert card.note.isHidden()


def test_what_nobody_knows_is_said(card: ModelCard, record: Checkpoint) -> None:
    unknown = replace(record.weights, size=None)
    card.show_offer(Offer(replace(record, recalls=(), weights=unknown), "to be had"))
    assert "recall not measured" in card.figures.text()
    assert "about 1.2 MB" in card.figures.text()  # by the memory it takes
    assert "estimate" not in card.figures.text()


@pytest.mark.parametrize(
    ("state", "text", "action"),
    [
        ("to be had", "Download", "download"),
        ("waiting", "Cancel", "cancel"),
        ("downloading", "Cancel", "cancel"),
        ("failed", "Try again", "download"),
        ("here", "Use", "use"),
        ("preparing", "Cancel", "stay"),
    ],
)
def test_the_button_does_what_comes_next(
    qtbot: QtBot, card: ModelCard, record: Checkpoint, state: State, text: str, action: str
) -> None:
    card.show_offer(Offer(record, state))
    assert card.button.text() == text
    assert card.button.accessibleName() == f"{text}: larger"
    with qtbot.waitSignal(card.wanted) as wanted:
        card.button.click()
    assert wanted.args == [action]


def test_one_in_use_has_nothing_to_press(card: ModelCard, record: Checkpoint) -> None:
    card.show_offer(Offer(record, "in use"))
    assert card.badge.text() == "In use"
    assert card.button.isHidden()
    assert card.more_button.isHidden()


def test_a_download_is_told_with_rate_and_time(card: ModelCard, record: Checkpoint) -> None:
    report = DownloadReport("downloading", "w", 300 * MIB, 1200 * MIB, 3.0 * MIB)
    card.show_offer(Offer(record, "downloading", download=Download(record, report)))
    assert card.progress.text() == "25 % · 300.0 MB of 1.2 GB · 3.0 MB/s · 5 minute(s) left"
    assert (card.bar.value(), card.bar.maximum()) == (250, 1000)


def test_a_download_of_unknown_length_is_busy(card: ModelCard, record: Checkpoint) -> None:
    report = DownloadReport("downloading", "w", 3000 * MIB, None, None)
    card.show_offer(Offer(record, "downloading", download=Download(record, report)))
    assert card.progress.text() == "2.9 GB fetched"
    assert card.bar.maximum() == 0


def test_a_failure_says_why_and_can_be_given_up(card: ModelCard, record: Checkpoint) -> None:
    failed = Download(record, error="The disk is full.")
    card.show_offer(Offer(record, "failed", download=failed))
    assert card.note.label.text() == "The disk is full."
    assert set(card.more_actions()) == {"copy", "cancel"}


def test_preparing_is_told_by_photos(card: ModelCard, record: Checkpoint, tiny_pair: Pair) -> None:
    card.show_offer(Offer(record, "preparing", coming=Coming(tiny_pair, 300, 1200)))
    assert card.progress.text() == "300 of 1,200 photo(s) embedded"
    assert card.bar.value() == 250
    card.show_offer(Offer(record, "preparing", coming=Coming(tiny_pair, 900, 1200, offline=300)))
    assert card.progress.text() == "300 photo(s) wait for their drive"


def test_what_finds_little_in_vietnamese_is_warned_of(card: ModelCard, record: Checkpoint) -> None:
    poor = Recall("vi", "Crossmodal-3600", 1, 1.56, "open_clip")
    card.show_offer(Offer(record, "to be had", poor=poor))
    assert "Finds little in Vietnamese: 1.6 %" in card.note.label.text()


def test_an_encoder_that_lacks_a_translator_offers_one(
    qtbot: QtBot, card: ModelCard, record: Checkpoint
) -> None:
    english = replace(record, languages=("en",))
    card.show_offer(Offer(english, "here", needs_translator=True))
    with qtbot.waitSignal(card.wanted) as wanted:
        card.translator_button.click()
    assert wanted.args == ["translator"]
    card.show_offer(Offer(english, "to be had", needs_translator=True))
    assert card.translator_button.isHidden()
    assert "translator" in card.about.text()


def test_only_what_is_free_can_be_deleted(card: ModelCard, record: Checkpoint) -> None:
    kept = CheckpointEmbeddings("larger@1", 3, 192)
    card.show_offer(Offer(record, "here", embeddings=kept))
    assert set(card.more_actions()) == {"delete files", "delete embeddings"}
    card.show_offer(Offer(record, "here", embeddings=kept, bundled=True))
    assert set(card.more_actions()) == {"delete embeddings"}
    for state in ("in use", "preparing", "downloading"):
        card.show_offer(Offer(record, state, embeddings=kept))
        assert not card.more_actions()


def test_a_translator_is_shown_without_what_it_has_not(card: ModelCard) -> None:
    card.show_offer(Offer(TRANSLATORS[0], "in use"))
    assert "R@1" not in card.figures.text()
    assert "about 278.5 MB" in card.figures.text()
    assert set(card.more_actions()) == {"delete files"}


def test_a_spare_translator_can_only_be_deleted(card: ModelCard) -> None:
    card.show_offer(Offer(TRANSLATORS[0], "here"))
    assert card.button.isHidden()
    assert set(card.more_actions()) == {"delete files"}


def test_the_menu_acts(qtbot: QtBot, card: ModelCard) -> None:
    card.more_button.click()
    (menu,) = card.findChildren(QMenu)
    with qtbot.waitSignal(card.wanted) as wanted:
        menu.actions()[0].trigger()
    assert wanted.args == ["copy"]
    menu.close()


def test_a_long_name_gives_way(card: ModelCard, record: Checkpoint) -> None:
    card.show_offer(Offer(replace(record, name="a" + "-very-long" * 30), "failed"))
    assert card.minimumSizeHint().width() < 640
