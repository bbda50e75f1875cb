from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine.library.photo import Failure
from gui.folder_state import FolderState
from gui.problems_page import ProblemsPage

FAILURES = [
    Failure(
        f"/ảnh/Tết {number}/{number}.jpg".encode(),
        number,
        "The file is empty.",
        True,
        datetime(2024, 2, 10) - timedelta(hours=number),
    )
    for number in range(4)
]
ONLINE = FolderState(1, "/ảnh".encode(), "ảnh", True, 10, 0, 4, 0, True)
OFFLINE = FolderState(2, "/media/ổ cũ".encode(), "ổ cũ", False, 4310, 0, 0, 0, True)


@pytest.fixture
def page(qtbot: QtBot) -> ProblemsPage:
    page = ProblemsPage()
    qtbot.addWidget(page)
    page.resize(1000, 600)
    page.show()
    return page


def texts(page: ProblemsPage) -> str:
    """All that can be read on the page now."""
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_without_problems_the_page_says_so(page: ProblemsPage) -> None:
    assert "Everything could be read." in texts(page)
    assert not page.table.isVisible()
    assert not page.filter.isVisible()


def test_problems_are_listed_and_counted(page: ProblemsPage) -> None:
    page.show_problems(FAILURES, [ONLINE], 0)
    assert page.table.isVisible()
    assert page.model.rowCount() == 4
    assert "4 file(s) could not be read" in texts(page)
    page.show_problems([], [ONLINE], 0)
    assert "Everything could be read." in texts(page)


def test_off_line_folders_are_told_of_with_what_to_do(page: ProblemsPage, qtbot: QtBot) -> None:
    page.show_problems(FAILURES, [ONLINE, OFFLINE], 0)
    qtbot.waitUntil(lambda: "The folder /media/ổ cũ cannot be reached." in texts(page))
    told = texts(page)
    assert "4,310 photo(s)" in told
    assert "Connect its disk" in told
    assert "The folder /ảnh cannot" not in told


def test_restarts_of_the_model_process_are_told_of(page: ProblemsPage, qtbot: QtBot) -> None:
    page.show_problems([], [], 3)
    qtbot.waitUntil(lambda: "started anew 3 time(s)" in texts(page))
    assert "Nothing was lost." in texts(page)
    page.show_problems([], [], 4)
    qtbot.waitUntil(lambda: "started anew 4 time(s)" in texts(page))
    assert "3 time(s)" not in texts(page)


def test_what_is_back_in_order_is_told_of_no_more(page: ProblemsPage, qtbot: QtBot) -> None:
    page.show_problems([], [OFFLINE], 0)
    qtbot.waitUntil(lambda: "cannot be reached" in texts(page))
    page.show_problems([], [replace(OFFLINE, online=True)], 0)
    qtbot.waitUntil(lambda: "cannot be reached" not in texts(page))


def test_all_are_tried_again_by_a_click(page: ProblemsPage, qtbot: QtBot) -> None:
    page.show_problems(FAILURES, [], 0)
    page.filter.setText("tet 1")
    with qtbot.waitSignal(page.retry_wanted) as wanted:
        QTest.mouseClick(page.retry_all_button, Qt.MouseButton.LeftButton)
    assert wanted.args == [[failure.path for failure in FAILURES]]


def test_the_selected_are_tried_again_by_a_click(page: ProblemsPage, qtbot: QtBot) -> None:
    page.show_problems(FAILURES, [], 0)
    assert not page.retry_button.isEnabled()
    page.table.selectRow(2)
    with qtbot.waitSignal(page.retry_wanted) as wanted:
        QTest.mouseClick(page.retry_button, Qt.MouseButton.LeftButton)
    assert wanted.args == [[FAILURES[2].path]]


def test_one_file_is_shown_in_its_folder(page: ProblemsPage, qtbot: QtBot) -> None:
    page.show_problems(FAILURES, [], 0)
    assert not page.open_button.isEnabled()
    page.table.selectRow(1)
    with qtbot.waitSignal(page.open_wanted) as wanted:
        QTest.mouseClick(page.open_button, Qt.MouseButton.LeftButton)
    assert wanted.args == [FAILURES[1].path]
    page.table.selectAll()
    assert not page.open_button.isEnabled()
    assert page.retry_button.isEnabled()


def test_the_return_key_shows_a_file_in_its_folder(page: ProblemsPage, qtbot: QtBot) -> None:
    page.show_problems(FAILURES, [], 0)
    page.table.selectRow(3)
    with qtbot.waitSignal(page.open_wanted) as wanted:
        QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert wanted.args == [FAILURES[3].path]


def test_typing_into_the_filter_narrows_the_list(page: ProblemsPage) -> None:
    page.show_problems(FAILURES, [], 0)
    QTest.keyClicks(page.filter, "tet 2")
    assert page.model.rowCount() == 1
    assert "1 of 4 shown" in texts(page)
    page.filter.clear()
    assert page.model.rowCount() == 4


def test_a_selection_outlives_the_filter_and_news(page: ProblemsPage) -> None:
    page.show_problems(FAILURES, [], 0)
    page.table.selectRow(2)
    page.filter.setText("tet 2")
    assert [each.failure for each in page.selected()] == [FAILURES[2]]
    page.filter.clear()
    page.show_problems(FAILURES[1:], [], 0)
    assert [each.failure for each in page.selected()] == [FAILURES[2]]
    page.show_problems(FAILURES[:2], [], 0)
    assert page.selected() == []
    assert not page.retry_button.isEnabled()


def test_a_click_on_a_title_sorts(page: ProblemsPage) -> None:
    page.show_problems(FAILURES, [], 0)
    header = page.table.horizontalHeader()
    place = header.rect().center()
    place.setX(header.sectionPosition(0) + 20)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert page.model.index(0, 0).data() == "3.jpg"


def test_everything_can_be_named_and_reached_by_the_keyboard(page: ProblemsPage) -> None:
    assert page.filter.accessibleName()
    assert page.table.accessibleName()
    for widget in (page.filter, page.table, page.open_button, page.retry_all_button):
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_thousands_are_written_as_the_language_does(page: ProblemsPage) -> None:
    failures = [replace(FAILURES[0], path=b"/a/%d.jpg" % number) for number in range(1_234)]
    page.show_problems(failures, [], 0)
    assert "1,234 file(s) could not be read" in texts(page)
