from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from gui.folder_rows import FolderRows, Row
from gui.folder_state import FolderState
from gui.language import collation_key
from gui.progress import Progress
from tests.gui.folder_states import folder

IDLE = Progress()


@pytest.fixture(autouse=True)
def english_numbers() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


def rows(*states: FolderState, progress: Progress = IDLE, favourites: int = 0) -> list[Row]:
    return FolderRows(collation_key).rows(states, progress, favourites)


def state_of(progress: Progress = IDLE, **facts: Any) -> tuple[str, str]:  # noqa: ANN401
    row = rows(folder(1, "/ảnh", **facts), progress=progress)[-1]
    return row.state, row.call


def test_all_photos_and_favourites_come_first(qtbot: QtBot) -> None:
    shown = rows(folder(1, "/a", photos=3), folder(2, "/b", photos=4), favourites=2)
    assert [(row.key, row.count) for row in shown] == [
        ("all", 7),
        ("favourites", 2),
        ("heading", None),
        (1, 3),
        (2, 4),
    ]


def test_without_folders_there_is_no_heading(qtbot: QtBot) -> None:
    assert [row.key for row in rows()] == ["all", "favourites"]


def test_folders_are_sorted_by_the_key_that_is_given(qtbot: QtBot) -> None:
    shown = rows(folder(1, "/Đà Lạt"), folder(2, "/Ảnh"), folder(3, "/Em"), folder(4, "/Dự án"))
    assert [row.key for row in shown[3:]] == [2, 4, 1, 3]


def test_folders_of_one_name_are_told_apart_by_their_parents(qtbot: QtBot) -> None:
    shown = rows(
        folder(1, "/usb/2023/DCIM"),
        folder(2, "/phone/2023/DCIM"),
        folder(3, "/phone/2024/DCIM"),
        folder(4, "/phone/Camera"),
    )
    assert {row.key: row.beside for row in shown[3:]} == {
        1: "usb/2023",
        2: "phone/2023",
        3: "phone/2024",
        4: "",
    }


def test_one_step_up_is_enough_where_it_tells(qtbot: QtBot) -> None:
    shown = rows(folder(1, "/a/x/DCIM"), folder(2, "/a/y/DCIM"), folder(3, "/DCIM"))
    assert {row.key: row.beside for row in shown[3:]} == {1: "x", 2: "y", 3: ""}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ("Watched", "none")),
        ({"watched": False}, ("Not watched", "none")),
        ({"problems": 3}, ("3 problem(s) · Watched", "problems")),
        ({"online": False, "problems": 3}, ("Off-line", "none")),
        ({"waiting": 4}, ("4 photo(s) waiting", "none")),
        ({"held_back": 120, "waiting": 4}, ("120 photo(s) missing: confirm…", "confirm")),
    ],
)
def test_a_folder_says_what_is_most_worth_knowing(
    qtbot: QtBot, facts: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert state_of(**facts) == expected


def test_a_folder_says_how_far_it_is_indexed(qtbot: QtBot) -> None:
    facts = {"photos": 4310, "waiting": 3498}
    assert state_of(Progress("embedding"), **facts)[0] == "Indexing 812 of 4,310"
    assert state_of(Progress("paused"), **facts)[0] == "Paused at 812 of 4,310"
    assert state_of(Progress("embedding"), photos=4310)[0] == "Watched"


def test_only_the_folder_that_is_looked_through_says_so(qtbot: QtBot) -> None:
    finding = Progress("finding", folder="/ảnh", done=1200)
    assert state_of(finding)[0] == "Looking for photos: 1,200"
    assert rows(folder(1, "/ảnh khác"), progress=finding)[-1].state == "Watched"


def test_a_row_can_be_read_aloud(qtbot: QtBot) -> None:
    shown = rows(folder(1, "/a/DCIM", problems=2), folder(2, "/b/DCIM"))
    assert shown[0].spoken == "All photos, 20 photo(s)"
    assert shown[3].spoken == "DCIM, a, 10 photo(s), 2 problem(s) · Watched"
