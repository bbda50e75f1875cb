import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.settings import Settings
from gui.settings_pages.general_page import GeneralPage

CHANGED = Settings(
    language="en",
    theme="contrast",
    slideshow_seconds=12,
    start_with_system=True,
    keep_in_tray=True,
    check_updates=True,
)
ADDRESS = "https://anhoi.example/latest.json"


@pytest.fixture
def page(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> GeneralPage:
    """Of a project that tells of new versions."""
    monkeypatch.setattr("engine.updates.ADDRESS", ADDRESS)
    page = GeneralPage()
    qtbot.addWidget(page)
    page.show_settings(Settings())
    page.show()
    return page


@pytest.mark.parametrize("settings", [Settings(), CHANGED])
def test_what_is_shown_is_what_comes_back(page: GeneralPage, settings: Settings) -> None:
    page.show_settings(settings)
    assert page.edited_settings(Settings()) == settings


def test_other_settings_pass_through(page: GeneralPage) -> None:
    others = Settings(cell_side=300, device="cpu")
    assert page.edited_settings(others) == others


def test_every_field_tells_of_a_change(page: GeneralPage, qtbot: QtBot) -> None:
    for field in (page.start, page.tray, page.updates):
        with qtbot.waitSignal(page.edited):
            QTest.mouseClick(field, Qt.MouseButton.LeftButton, pos=field.rect().center() / 4)
    for combo in (page.language, page.theme):
        with qtbot.waitSignal(page.edited):
            QTest.keyClick(combo, Qt.Key.Key_Down)
    with qtbot.waitSignal(page.edited):
        QTest.keyClick(page.slideshow, Qt.Key.Key_Up)
    assert page.edited_settings(Settings()) == Settings(
        language="vi",
        theme="light",
        slideshow_seconds=6,
        start_with_system=True,
        keep_in_tray=True,
        check_updates=True,
    )


def test_seconds_that_cannot_be_right_cannot_be_typed(page: GeneralPage) -> None:
    page.slideshow.setValue(0)
    assert page.slideshow.value() == 1
    page.slideshow.setValue(1000)
    assert page.slideshow.value() == 60


def test_new_versions_are_looked_for_once_a_time_and_told_of(
    page: GeneralPage, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(page.updates_wanted):
        page.updates_button.click()
    assert not page.updates_button.isEnabled()
    assert page.updates_label.text() == "Looking for a new version…"
    page.show_updates("This is the newest version: 1.0.")
    assert page.updates_button.isEnabled()
    assert page.updates_label.text() == "This is the newest version: 1.0."


@pytest.mark.parametrize("settings", [Settings(), CHANGED])
def test_while_there_is_nobody_to_ask_the_switch_says_so_and_keeps_what_is_set(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr("engine.updates.ADDRESS", "")
    page = GeneralPage()
    qtbot.addWidget(page)
    page.show_settings(settings)
    assert not page.updates.isEnabled()
    assert not page.updates_button.isEnabled()
    words = [label.text() for label in page.findChildren(QLabel)]
    assert "The project has no page yet that tells of new versions." in words
    assert page.edited_settings(Settings()) == settings
