import pytest
from pytestqt.qtbot import QtBot

from gui.settings import Settings
from gui.settings_pages.models_page import ModelsPage


@pytest.fixture
def page(qtbot: QtBot) -> ModelsPage:
    page = ModelsPage(("tiny-openclip", "tiny-beit3"))
    qtbot.addWidget(page)
    page.show()
    return page


def test_the_pair_in_use_is_named(page: ModelsPage) -> None:
    assert [label.text() for label in page.names] == ["tiny-openclip", "tiny-beit3"]
    assert [label.accessibleName() for label in page.names] == ["OpenCLIP", "BEiT3"]
    page.show_pair(("tiny-openclip", "larger-beit3"))
    assert page.names[1].text() == "larger-beit3"


def test_others_are_one_press_away(qtbot: QtBot, page: ModelsPage) -> None:
    with qtbot.waitSignal(page.models_wanted):
        page.models_button.click()


def test_the_settings_pass_through(page: ModelsPage) -> None:
    page.show_settings(Settings(mode="beit3"))
    assert page.edited_settings(Settings(mode="beit3")) == Settings(mode="beit3")
