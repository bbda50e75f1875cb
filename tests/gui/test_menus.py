import re
from collections import Counter
from collections.abc import Iterator
from typing import cast

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar
from pytestqt.qtbot import QtBot

from gui.language import Choice
from gui.menus import Menus
from gui.photos.photo_actions import PhotoActions
from gui.tasks import TaskRunner
from tests.gui.translation import speaking


def bar_of(qtbot: QtBot, tasks: TaskRunner) -> QMenuBar:
    bar = QMenuBar()
    qtbot.addWidget(bar)
    Menus(bar, PhotoActions(lambda ids: [], tasks, bar))
    return bar


def levels(bar: QMenuBar) -> Iterator[list[QAction]]:
    """What is offered side by side: the menus, and the entries of each."""
    yield bar.actions()
    for action in bar.actions():
        yield [entry for entry in cast("QMenu", action.menu()).actions() if not entry.isSeparator()]


def letters(entries: list[QAction]) -> list[str]:
    return [letter.upper() for entry in entries for letter in re.findall("&(.)", entry.text())]


@pytest.mark.parametrize("choice", ["vi", "en"])
def test_a_letter_leads_to_one_entry_and_is_on_every_keyboard(
    qtbot: QtBot, qapp: QApplication, tasks: TaskRunner, choice: Choice
) -> None:
    with speaking(qapp, choice):
        bar = bar_of(qtbot, tasks)
    for entries in levels(bar):
        counts = Counter(letters(entries))
        assert [letter for letter, count in counts.items() if count > 1] == []
        assert [letter for letter in counts if not re.fullmatch("[A-Z]", letter)] == []


def test_no_two_entries_have_the_same_key(qtbot: QtBot, tasks: TaskRunner) -> None:
    bar = bar_of(qtbot, tasks)
    keys = [
        key.toString() for entries in levels(bar) for entry in entries for key in entry.shortcuts()
    ]
    assert len(keys) == len(set(keys)) > 15


def test_photos_grow_without_the_shift_key(qtbot: QtBot, tasks: TaskRunner) -> None:
    bar = bar_of(qtbot, tasks)
    (larger,) = [
        entry for entries in levels(bar) for entry in entries if entry.text() == "&Larger photos"
    ]
    assert larger.shortcuts() == [QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")]
