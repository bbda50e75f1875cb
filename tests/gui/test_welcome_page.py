import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui import welcome_page
from gui.welcome_page import WelcomePage, usual_folders

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "Hình ảnh"
    folder.mkdir()
    monkeypatch.setattr(welcome_page, "usual_folders", lambda: [folder])
    return folder


def test_the_button_asks_for_a_folder(qtbot: QtBot) -> None:
    page = WelcomePage()
    qtbot.addWidget(page)
    with qtbot.waitSignal(page.add_wanted):
        QTest.mouseClick(page.add_button, LEFT)


def test_a_usual_folder_is_one_click_away(qtbot: QtBot, pictures: Path) -> None:
    page = WelcomePage()
    qtbot.addWidget(page)
    assert [button.text() for button in page.offers] == ["Hình ảnh"]
    with qtbot.waitSignal(page.folder_offered) as offered:
        QTest.mouseClick(page.offers[0], LEFT)
    assert offered.args == [os.fsencode(pictures)]


def test_only_folders_that_are_there_are_usual() -> None:
    home = Path.home()
    assert usual_folders() == []
    (home / "Pictures").mkdir(parents=True)
    assert usual_folders() == [home / "Pictures"]


def test_what_is_dragged_makes_the_page_stand_out(qtbot: QtBot) -> None:
    page = WelcomePage()
    qtbot.addWidget(page)
    page.resize(800, 600)
    plain = page.grab().toImage()
    page.set_drop_highlight(True)
    assert page.grab().toImage() != plain
    page.set_drop_highlight(False)
    assert page.grab().toImage() == plain


def test_in_a_low_window_everything_but_the_sign_has_room(qtbot: QtBot, pictures: Path) -> None:
    window = QWidget()  # which may be lower than what is in it needs
    qtbot.addWidget(window)
    page = WelcomePage(window)
    page.resize(760, 700)
    window.show()
    assert page.sign.isVisible()
    page.resize(760, 400)
    qtbot.waitUntil(page.sign.isHidden)
    assert page.minimumSizeHint().height() <= 400
    page.resize(760, 700)
    qtbot.waitUntil(page.sign.isVisible)
