from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from gui.data_location import Sizes
from gui.library_moving import Move
from gui.settings import Settings
from gui.settings_pages.data_page import DataPage

MakePage = Callable[..., DataPage]


@pytest.fixture
def make_page(qtbot: QtBot, tmp_path: Path) -> MakePage:
    """Makes a page whose user chooses this folder whenever asked."""

    def make(chosen: Path | str = "") -> DataPage:
        page = DataPage(tmp_path / "library", lambda parent, title: str(chosen))
        qtbot.addWidget(page)
        page.show()
        return page

    return make


def question(page: DataPage) -> QMessageBox:
    boxes = page.findChildren(QMessageBox)
    assert len(boxes) == 1
    return boxes[0]


def answer(page: DataPage, text: str) -> None:
    buttons = {button.text(): button for button in question(page).findChildren(QPushButton)}
    QTest.mouseClick(buttons[text], Qt.MouseButton.LeftButton)


def texts(page: DataPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_the_place_and_the_sizes_are_shown(make_page: MakePage, tmp_path: Path) -> None:
    page = make_page()
    page.show_sizes(Sizes(database=3 * 2**20, thumbnails=2**21, indexes=2**20))
    told = texts(page)
    assert str(tmp_path / "library") in told
    for size in ("3.0 MB", "2.0 MB", "1.0 MB", "6.0 MB"):
        assert size in told


@pytest.mark.parametrize("part", ["thumbnails", "indexes"])
def test_clearing_is_asked_for_and_then_told(make_page: MakePage, qtbot: QtBot, part: str) -> None:
    page = make_page()
    button = getattr(page, f"{part}_button")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.action) as action:
        answer(page, "Delete")
    assert action.args == [f"clear_{part}", None]
    assert not button.isEnabled()
    page.show_place(Path("/elsewhere"))
    assert button.isEnabled()
    assert "/elsewhere" in texts(page)


def test_a_no_is_a_no(make_page: MakePage, qtbot: QtBot) -> None:
    page = make_page()
    QTest.mouseClick(page.thumbnails_button, Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(page.action):
        answer(page, "Cancel")
    qtbot.waitUntil(lambda: not page.findChildren(QMessageBox))
    assert page.thumbnails_button.isEnabled()


def test_a_library_is_moved_into_an_empty_folder(
    make_page: MakePage, qtbot: QtBot, tmp_path: Path
) -> None:
    target = tmp_path / "ổ mới"
    target.mkdir()
    page = make_page(target)
    QTest.mouseClick(page.move_button, Qt.MouseButton.LeftButton)
    assert str(target) in question(page).text()
    with qtbot.waitSignal(page.action) as action:
        answer(page, "Move")
    assert action.args == ["move", target]
    assert not page.move_button.isEnabled()


def test_among_other_things_the_library_gets_a_folder_of_its_own(
    make_page: MakePage, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "something").write_text("of the user")
    page = make_page(tmp_path)
    QTest.mouseClick(page.move_button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.action) as action:
        answer(page, "Move")
    assert action.args == ["move", tmp_path / "anhoi-library"]


def test_a_folder_that_cannot_be_read_is_left_to_the_move(
    make_page: MakePage, tmp_path: Path
) -> None:
    page = make_page(tmp_path / "gone")
    QTest.mouseClick(page.move_button, Qt.MouseButton.LeftButton)
    assert str(tmp_path / "gone") in question(page).text()
    answer(page, "Cancel")


def test_choosing_no_folder_asks_nothing(make_page: MakePage) -> None:
    page = make_page("")
    QTest.mouseClick(page.move_button, Qt.MouseButton.LeftButton)
    assert page.findChildren(QMessageBox) == []


def test_a_move_shows_how_far_it_is(make_page: MakePage) -> None:
    page = make_page()
    assert not page.progress.isVisible()
    page.show_move(Move(2**20, 2**22))
    assert page.progress.value() == page.progress.maximum() / 4
    assert "1.0 MB of 4.0 MB moved" in texts(page)
    assert not page.move_button.isEnabled()
    page.show_move(Move(0, 0))
    page.show_place(Path("/new"))
    assert not page.progress.isVisible()
    assert "moved" not in texts(page)


def test_the_folder_is_opened_by_the_system(
    make_page: MakePage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    QTest.mouseClick(make_page().open_button, Qt.MouseButton.LeftButton)
    assert [url.toLocalFile() for url in opened] == [str(tmp_path / "library")]


def test_buttons_of_one_text_have_names_of_their_own(make_page: MakePage) -> None:
    page = make_page()
    assert page.thumbnails_button.accessibleName() == "Clear: Thumbnails"
    assert page.indexes_button.accessibleName() == "Clear: Indexes"


def test_the_settings_pass_through(make_page: MakePage) -> None:
    page = make_page()
    page.show_settings(Settings(mode="beit3"))
    assert page.edited_settings(Settings(mode="beit3")) == Settings(mode="beit3")
