import os
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.search.composing import Wish
from gui.given_picture import pasted_folder
from gui.search_bar import SearchBar
from gui.tasks import TaskRunner
from tests.conftest import MakePhoto
from tests.gui.search_bars import (
    LEFT,
    Heard,
    drag_enter,
    drop,
    file_data,
    image_data,
    open_bar,
)


@pytest.fixture
def bar(qtbot: QtBot, tasks: TaskRunner) -> SearchBar:
    return open_bar(qtbot, tasks)


@pytest.fixture
def heard(bar: SearchBar) -> Heard:
    return Heard(bar)


def test_a_photo_to_compare_with_shows_its_thumbnail(
    qtbot: QtBot, bar: SearchBar, heard: Heard
) -> None:
    bar.set_wish(Wish("", 7))
    assert bar.chip.isVisible()
    assert not bar.chip.pixmap.isNull()
    assert heard.wishes == [Wish("", 7)]
    bar.set_wish(Wish("", 8))  # has no thumbnail at hand
    assert bar.chip.pixmap.isNull()


def test_words_and_picture_are_one_wish(qtbot: QtBot, bar: SearchBar, heard: Heard) -> None:
    bar.set_wish(Wish("", 7))
    QTest.keyClicks(bar.line, "-xe")
    qtbot.waitUntil(lambda: heard.wishes[-1:] == [Wish("-xe", 7)])
    QTest.mouseClick(bar.chip.remove_button, LEFT)
    assert heard.wishes[-1] == Wish("-xe")
    assert not bar.chip.isVisible()


def test_backspace_before_the_first_letter_removes_the_picture(
    qtbot: QtBot, bar: SearchBar, heard: Heard
) -> None:
    bar.set_wish(Wish("", 7))
    QTest.keyClick(bar.line, Qt.Key.Key_Backspace)
    assert bar.wish == Wish()
    assert heard.cleared == 1


def test_a_dropped_picture_file_is_searched_for(
    qtbot: QtBot, bar: SearchBar, heard: Heard, tmp_path: Path, make_photo: MakePhoto
) -> None:
    path = make_photo(tmp_path / "chó.jpg")
    assert drag_enter(bar, file_data(path))
    assert bar.field.outstanding
    drop(bar, file_data(path))
    assert heard.wishes == [Wish("", os.fsencode(path))]
    qtbot.waitUntil(lambda: not bar.chip.pixmap.isNull())


def test_a_picture_that_cannot_be_read_is_searched_for_with_a_plain_sign(
    qtbot: QtBot, bar: SearchBar, heard: Heard, tmp_path: Path, make_photo: MakePhoto
) -> None:
    (tmp_path / "a.jpg").write_text("no picture")
    drop(bar, file_data(tmp_path / "a.jpg"))
    assert heard.wishes == [Wish("", os.fsencode(tmp_path / "a.jpg"))]
    drop(bar, file_data(make_photo(tmp_path / "b.jpg")))
    qtbot.waitUntil(lambda: not bar.chip.pixmap.isNull())


def test_folders_and_many_files_are_left_to_the_window(bar: SearchBar, tmp_path: Path) -> None:
    for data in (file_data(tmp_path), file_data(tmp_path / "a.jpg", tmp_path / "b.jpg")):
        assert not drag_enter(bar, data)


def test_dropped_words_are_typed(qtbot: QtBot, bar: SearchBar, heard: Heard) -> None:
    data = QMimeData()
    data.setText("con chó")
    assert drag_enter(bar, data)
    drop(bar, data)
    qtbot.waitUntil(lambda: heard.wishes == [Wish("con chó")])


def test_a_pasted_picture_is_kept_and_searched_for(
    qtbot: QtBot, bar: SearchBar, heard: Heard
) -> None:
    QGuiApplication.clipboard().setMimeData(image_data())
    QTest.keyClick(bar.line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(heard.wishes) == 1)
    picture = heard.wishes[0].picture
    assert isinstance(picture, bytes)
    assert Path(os.fsdecode(picture)).parent == pasted_folder()
    assert QImage(os.fsdecode(picture)).size() == QImage(40, 30, QImage.Format.Format_RGB32).size()
    qtbot.waitUntil(lambda: not bar.chip.pixmap.isNull())


def test_a_pasted_text_is_a_text(qtbot: QtBot, bar: SearchBar, heard: Heard) -> None:
    QGuiApplication.clipboard().setText("con chó")
    QTest.keyClick(bar.line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: heard.wishes == [Wish("con chó")])
