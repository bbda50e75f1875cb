from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from engine.models.download import DownloadReport
from engine.models.installed import InstalledCheckpoint
from engine.models.machine import MachineFacts
from engine.models.recommending import recommend
from gui.models.downloads import Download
from gui.models.facts import Facts
from gui.models.offers import Status, offers
from gui.models_dialog import ModelsDialog

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
MACHINE = MachineFacts(16 * 2**30, 100 * 2**30, 8)


@pytest.fixture
def facts(tiny_pair: Pair) -> Facts:
    return Facts(
        machine=MACHINE,
        recommendation=recommend(MACHINE),
        photos=100,
        installed={checkpoint.record.name: checkpoint for checkpoint in tiny_pair},
        translators={},
        translator=None,
        embeddings={},
        begun=frozenset(),
        coming={},
    )


@pytest.fixture
def status(tiny_pair: Pair) -> Status:
    return Status(tiny_pair, None, dict[str, Download]().get)


@pytest.fixture
def dialog(qtbot: QtBot, facts: Facts, status: Status) -> ModelsDialog:
    dialog = ModelsDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.waiting.isVisible()
    dialog.show_offers(facts, offers(facts, status))
    return dialog


def test_every_offer_has_a_card_in_its_section(
    dialog: ModelsDialog, facts: Facts, status: Status
) -> None:
    made = offers(facts, status)
    assert dialog.cards.keys() == {offer.name for offer in made}
    assert not dialog.waiting.isVisible()
    for section in ("openclip", "beit3", "translator"):
        cards = [card for card in dialog.cards.values() if card.offer.section == section]
        shown = [card.offer.name for card in sorted(cards, key=lambda card: card.y())]
        assert shown == [offer.name for offer in made if offer.section == section]


def test_a_card_tells_for_which_model_it_speaks(qtbot: QtBot, dialog: ModelsDialog) -> None:
    with qtbot.waitSignal(dialog.wanted) as wanted:
        dialog.cards["vit-b-16-siglip2"].button.click()
    assert wanted.args == ["download", "vit-b-16-siglip2"]


def test_what_goes_on_is_shown_where_it_stands(
    dialog: ModelsDialog, facts: Facts, status: Status
) -> None:
    card = dialog.cards["xlm-roberta-base-vit-b-32"]
    place = card.pos()
    running = {
        card.offer.name: Download(
            card.offer.record, DownloadReport("connecting", "", 0, None, None)
        )
    }
    dialog.show_changed(facts, offers(facts, replace(status, find_download=running.get)))
    assert card.offer.state == "downloading"
    assert card.pos() == place


def test_what_is_gone_loses_its_card(dialog: ModelsDialog, facts: Facts, status: Status) -> None:
    fewer = replace(facts, installed={"tiny-beit3": facts.installed["tiny-beit3"]})
    dialog.show_offers(fewer, offers(fewer, status))
    assert "tiny-openclip" not in dialog.cards


def test_enter_downloads_nothing(qtbot: QtBot, dialog: ModelsDialog) -> None:
    dialog.setFocus()
    with qtbot.assertNotEmitted(dialog.wanted), qtbot.assertNotEmitted(dialog.recommended_wanted):
        QTest.keyClick(dialog, Qt.Key.Key_Return)


def test_escape_closes(dialog: ModelsDialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_every_button_has_a_name_of_its_own_and_the_keyboard_reaches_it(
    dialog: ModelsDialog,
) -> None:
    buttons = [each for each in dialog.findChildren(QAbstractButton) if each.isVisible()]
    names = [each.accessibleName() or each.text() for each in buttons]
    assert all(names)
    assert len(names) == len(set(names)) > 20
    assert all(each.focusPolicy() & Qt.FocusPolicy.TabFocus for each in buttons)


def test_it_fits_a_small_screen(dialog: ModelsDialog) -> None:
    dialog.resize(700, 480)
    assert dialog.width() == 700
    card = dialog.cards["beit3-large-patch16-384-coco-retrieval"]
    assert card.geometry().right() < 700
