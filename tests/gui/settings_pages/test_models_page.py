from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine.models.checkpoint import Checkpoint
from engine.models.installed import InstalledCheckpoint
from gui.settings import Settings
from gui.settings_pages.models_page import ModelsPage
from tests.gui.translation import speaking

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
IN_USE = ("tiny-openclip", "tiny-beit3")


@pytest.fixture
def records(tiny_pair: Pair) -> list[Checkpoint]:
    openclip, beit3 = (checkpoint.record for checkpoint in tiny_pair)
    large = replace(
        beit3, name="large-beit3", licence="MIT", languages=("en", "fr"), dimension=1024
    )
    return [openclip, beit3, large]


@pytest.fixture
def page(qtbot: QtBot, records: list[Checkpoint]) -> ModelsPage:
    page = ModelsPage(records, IN_USE)
    qtbot.addWidget(page)
    page.show()
    return page


def texts(page: ModelsPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_the_pair_in_use_is_shown(page: ModelsPage) -> None:
    assert page.pair == IN_USE
    assert page.openclip.count() == 1
    assert page.beit3.count() == 2
    assert "embedded once more" not in texts(page)


def test_a_checkpoint_is_described(page: ModelsPage) -> None:
    page.beit3.setCurrentText("large-beit3")
    told = texts(page)
    for words in ("English, français", "1,024 number(s)", "Licence: MIT", "made by the tests"):
        assert words in told
    assert "Languages: Vietnamese" in told  # of the other one


def test_a_choice_tells_what_it_costs(page: ModelsPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.edited):
        page.beit3.setCurrentText("large-beit3")
    assert page.pair == ("tiny-openclip", "large-beit3")
    assert "embedded once more" in texts(page)
    page.beit3.setCurrentText("tiny-beit3")
    assert "embedded once more" not in texts(page)


def test_a_pair_that_has_been_taken_into_use_costs_nothing_more(page: ModelsPage) -> None:
    page.beit3.setCurrentText("large-beit3")
    page.show_pair(page.pair)
    assert "embedded once more" not in texts(page)


def test_a_checkpoint_in_use_that_is_gone_is_named(qtbot: QtBot, records: list[Checkpoint]) -> None:
    page = ModelsPage(records, ("lost-openclip", "tiny-beit3"))
    qtbot.addWidget(page)
    assert page.pair == ("lost-openclip", "tiny-beit3")
    assert page.openclip.currentText() == "lost-openclip (not on this machine)"


def test_the_settings_pass_through(page: ModelsPage) -> None:
    page.show_settings(Settings(mode="beit3"))
    assert page.edited_settings(Settings(mode="beit3")) == Settings(mode="beit3")


def test_a_checkpoint_is_described_in_vietnamese(
    qtbot: QtBot, qapp: QCoreApplication, records: list[Checkpoint]
) -> None:
    licence = "weights as the photos they were trained on: see README.md"
    record = replace(records[1], licence=licence, languages=("vi", "en"))
    with speaking(qapp, "vi"):
        page = ModelsPage([records[0], record], IN_USE)
        qtbot.addWidget(page)
        page.show()
        told = texts(page)
    assert "Ngôn ngữ: tiếng Việt, tiếng Anh\n" in told
    assert "Giấy phép: như của các ảnh dùng để huấn luyện: xem README.md" in told
