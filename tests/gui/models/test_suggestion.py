from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.inference.messages import Machine
from engine.library.library import Library
from engine.workspace import pair_in_use
from gui.coming_pair import Coming, Ready
from gui.folder_state import FolderState
from gui.message_bar import MessageBar
from gui.models.suggestion import Suggestion
from gui.session import Session
from gui.tasks import TaskRunner

FOLDER = FolderState(1, b"/a", "a", True, 7, 0, 0, 0, True)
EMPTY = FolderState(1, b"/a", "a", True, 0, 0, 0, 0, True)


@pytest.fixture
def bar(qtbot: QtBot) -> MessageBar:
    bar = MessageBar()
    qtbot.addWidget(bar)
    return bar


@pytest.fixture
def opened() -> list[str]:
    return []


@pytest.fixture
def starters(tmp_path: Path, tasks: TaskRunner) -> Session:
    """A library that is searched with the starters, as a first run has it."""
    session = Session(tmp_path / "library", tasks, Machine())
    with Library.open(session.library_folder) as library:
        pair = pair_in_use(library)
    session.tools = Ready(pair, None, {}, None, None)  # type: ignore[arg-type]
    return session


@pytest.fixture
def suggestion(starters: Session, bar: MessageBar, opened: list[str]) -> Suggestion:
    return Suggestion(starters, bar, lambda: opened.append("models"))


def test_it_is_said_once_there_are_photos(
    suggestion: Suggestion, starters: Session, bar: MessageBar, opened: list[str]
) -> None:
    starters.folders_changed.emit([EMPTY])
    assert not bar.sentences
    starters.folders_changed.emit([FOLDER])
    starters.folders_changed.emit([FOLDER])
    assert len(bar.sentences) == 1
    assert suggestion.made
    bar.action_button.click()
    assert opened == ["models"]
    starters.folders_changed.emit([FOLDER])
    assert not bar.sentences


def test_nobody_is_told_twice(suggestion: Suggestion, starters: Session, bar: MessageBar) -> None:
    suggestion.made = True  # in an earlier run
    starters.folders_changed.emit([FOLDER])
    assert not bar.sentences


def test_who_has_chosen_other_models_is_not_told(
    session: Session, bar: MessageBar, opened: list[str]
) -> None:
    suggestion = Suggestion(session, bar, lambda: opened.append("models"))
    session.folders_changed.emit([FOLDER])
    assert not bar.sentences
    assert not suggestion.made


def test_who_has_chosen_others_that_are_to_come_is_not_told(
    suggestion: Suggestion, starters: Session, bar: MessageBar
) -> None:
    assert starters.pair
    starters.coming = Coming(starters.pair, 1, 2)
    starters.folders_changed.emit([FOLDER])
    assert not bar.sentences
    assert not suggestion.made
