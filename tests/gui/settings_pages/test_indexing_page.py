from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.inference.messages import Share
from gui.settings import Settings
from gui.settings_pages.indexing_page import IndexingPage

CHANGED = Settings(
    machine_share="full",
    device="cpu",
    precision="float32",
    hidden_files=True,
    excluded_folders=("/ảnh/nháp", "/photos/caf\udce9"),  # the second is no UTF-8
)
MakePage = Callable[[str], IndexingPage]


@pytest.fixture
def make_page(qtbot: QtBot) -> MakePage:
    """Makes a page whose user chooses this folder whenever asked."""

    def make(chosen: str) -> IndexingPage:
        page = IndexingPage(lambda parent, title: chosen)
        qtbot.addWidget(page)
        page.show_settings(Settings())
        page.show()
        return page

    return make


@pytest.mark.parametrize("settings", [Settings(), CHANGED, Settings(device="mps")])
def test_what_is_shown_is_what_comes_back(make_page: MakePage, settings: Settings) -> None:
    page = make_page("")
    page.show_settings(settings)
    assert page.edited_settings(Settings(cell_side=300)) == Settings(
        machine_share=settings.machine_share,
        device=settings.device,
        precision=settings.precision,
        hidden_files=settings.hidden_files,
        excluded_folders=settings.excluded_folders,
        cell_side=300,
    )


@pytest.mark.parametrize("share", ["gentle", "full"])
def test_a_share_is_chosen_by_a_click(make_page: MakePage, qtbot: QtBot, share: Share) -> None:
    page = make_page("")
    with qtbot.waitSignal(page.edited):
        page.shares[share].click()
    assert page.edited_settings(Settings()).machine_share == share


def test_every_share_is_explained(make_page: MakePage) -> None:
    for button in make_page("").shares.values():
        assert button.accessibleDescription()


def test_a_folder_to_leave_out_is_added_once(make_page: MakePage, qtbot: QtBot) -> None:
    page = make_page("/ảnh/nháp/")
    with qtbot.waitSignal(page.edited):
        QTest.mouseClick(page.add_button, Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(page.edited):
        QTest.mouseClick(page.add_button, Qt.MouseButton.LeftButton)
    assert page.edited_settings(Settings()).excluded_folders == ("/ảnh/nháp",)
    assert page.excluded.item(0).text() == "/ảnh/nháp"


def test_choosing_no_folder_changes_nothing(make_page: MakePage, qtbot: QtBot) -> None:
    page = make_page("")
    with qtbot.assertNotEmitted(page.edited):
        QTest.mouseClick(page.add_button, Qt.MouseButton.LeftButton)
    assert page.excluded_folders() == ()


def test_selected_folders_are_taken_off_the_list(make_page: MakePage, qtbot: QtBot) -> None:
    page = make_page("")
    page.show_excluded(["/a", "/b", "/c"])
    assert not page.remove_button.isEnabled()
    page.excluded.item(0).setSelected(True)
    page.excluded.item(2).setSelected(True)
    with qtbot.waitSignal(page.edited):
        QTest.mouseClick(page.remove_button, Qt.MouseButton.LeftButton)
    assert page.edited_settings(Settings()).excluded_folders == ("/b",)
    assert not page.remove_button.isEnabled()


def test_a_mac_offers_its_own_graphics(
    monkeypatch: pytest.MonkeyPatch, make_page: MakePage
) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    device = make_page("").device
    assert [device.itemData(row) for row in range(device.count())] == ["auto", "cpu", "mps"]
