import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.errors import EngineError, QueryError
from engine.inference.messages import Machine
from engine.library.library import Library
from engine.search.composing import Wish
from engine.search.fusion import Fusion
from engine.workspace import use_pair
from gui.searching import Found, Restriction, SearchController
from gui.session import Session
from gui.tasks import TaskRunner

EVEN = Fusion("zscore", (0.5, 0.5))
DOG = Wish("một con chó")


@pytest.fixture
def filled(qtbot: QtBot, session: Session, album: Path) -> Session:
    """A session with ten embedded photos."""
    with qtbot.waitSignal(session.queue_emptied, timeout=30_000):
        session.add([os.fsencode(album)])
    return session


@pytest.fixture
def search(filled: Session, tasks: TaskRunner) -> SearchController:
    return SearchController(filled, tasks)


@pytest.fixture
def answers(search: SearchController) -> list[Found]:
    heard: list[Found] = []
    search.found.connect(heard.append)
    return heard


def test_an_answer_ranks_every_photo(
    qtbot: QtBot, search: SearchController, answers: list[Found]
) -> None:
    search.ask(DOG, "fused", EVEN)
    qtbot.waitUntil(lambda: len(answers) == 1, timeout=10_000)
    (found,) = answers
    assert found.wish == DOG
    assert sorted(found.ranking.ids.tolist()) == list(range(1, 11))
    assert np.all(np.diff(found.ranking.scores) <= 0)


def test_only_the_newest_question_is_answered(
    qtbot: QtBot, search: SearchController, answers: list[Found]
) -> None:
    """What was asked while an answer was under way and has been replaced is never computed."""
    computed: list[str] = []
    answer: Callable[..., Found] = search._answer

    def counting(question: object) -> Found:
        computed.append(question.wish.text)  # type: ignore[attr-defined]
        return answer(question)

    search._answer = counting  # type: ignore[method-assign]
    for length in range(1, len(DOG.text) + 1):
        search.ask(Wish(DOG.text[:length]), "fused", EVEN)
    qtbot.waitUntil(lambda: bool(answers), timeout=10_000)
    qtbot.wait(50)
    assert [found.wish for found in answers] == [DOG]
    assert computed == ["m", DOG.text]


def test_another_fusion_re_ranks_what_was_scored_and_encodes_nothing(
    qtbot: QtBot, search: SearchController, answers: list[Found], filled: Session
) -> None:
    search.ask(DOG, "fused", EVEN)
    qtbot.waitUntil(lambda: len(answers) == 1, timeout=10_000)
    assert filled.tools is not None
    filled.tools.models.close()  # a text could only be encoded by starting it anew
    search.ask(DOG, "openclip", EVEN)
    search.ask(DOG, "fused", Fusion("minmax", (0.1, 0.9)))
    qtbot.waitUntil(lambda: len(answers) == 2, timeout=10_000)
    assert answers[1].scores is answers[0].scores
    assert not [child for child in (filled.tools.models._child,) if child]
    expected = answers[0].scores.ranking("fused", Fusion("minmax", (0.1, 0.9)))
    assert answers[1].ranking.ids.tolist() == expected.ids.tolist()


def test_a_restriction_leaves_out_all_others(
    qtbot: QtBot, search: SearchController, answers: list[Found], filled: Session, album: Path
) -> None:
    written: list[None] = []
    filled.write(lambda library: library.photos.set_favourite([3, 4], True), written.append)
    qtbot.waitUntil(lambda: bool(written))
    search.ask(DOG, "fused", EVEN, Restriction(favourites=True))
    qtbot.waitUntil(
        lambda: [sorted(f.ranking.ids.tolist()) for f in answers[-1:]] == [[3, 4]], timeout=10_000
    )
    search.ask(DOG, "fused", EVEN, Restriction(folder=os.fsencode(album / "none")))
    qtbot.waitUntil(lambda: [f.ranking.ids.tolist() for f in answers[-1:]] == [[]], timeout=10_000)


def test_what_cannot_be_searched_is_refused_with_its_place(
    qtbot: QtBot, search: SearchController, answers: list[Found]
) -> None:
    refused: list[EngineError] = []
    search.refused.connect(refused.append)
    busy: list[bool] = []
    search.busy.connect(busy.append)
    search.ask(Wish("-chó"), "fused", EVEN)
    qtbot.waitUntil(lambda: bool(refused), timeout=10_000)
    assert isinstance(refused[0], QueryError)
    assert not answers
    assert busy == [True, False]


def test_a_forgotten_question_is_not_answered(
    qtbot: QtBot, search: SearchController, answers: list[Found]
) -> None:
    search.ask(DOG, "fused", EVEN)
    search.forget()
    search.ask(Wish("tết"), "fused", EVEN)
    qtbot.waitUntil(lambda: bool(answers), timeout=10_000)
    search.forget()
    search.refresh()
    qtbot.wait(50)
    assert [found.wish.text for found in answers] == ["tết"]


def test_a_refresh_finds_photos_that_were_added_since(
    qtbot: QtBot,
    search: SearchController,
    answers: list[Found],
    filled: Session,
    album: Path,
    make_photo: Callable[..., Path],
) -> None:
    search.ask(DOG, "fused", EVEN)
    qtbot.waitUntil(lambda: bool(answers), timeout=10_000)
    with qtbot.waitSignal(filled.queue_emptied, timeout=30_000):
        make_photo(album / "new.png", 50)
    search.refresh()
    qtbot.waitUntil(lambda: len(answers[-1].ranking.ids) == 11, timeout=10_000)


def test_a_question_asked_before_the_session_is_ready_waits_for_it(
    qtbot: QtBot, library_folder: Path, tasks: TaskRunner, errors: list[Exception]
) -> None:
    session = Session(library_folder, tasks, Machine())
    search = SearchController(session, tasks)
    with qtbot.waitSignal(search.found, timeout=30_000) as found:
        search.ask(DOG, "fused", EVEN)
        session.start()
    assert found.args is not None
    assert len(found.args[0].ranking.ids) == 0
    session.close()


def test_a_restriction_names_photos_that_are_there(library_folder: Path) -> None:
    with Library.open(library_folder) as library:
        assert Restriction().ids(library).tolist() == []
    assert not Restriction()
    assert Restriction(favourites=True)
    assert Restriction(folder=b"/")


def test_what_is_asked_again_after_a_while_knows_what_came_meanwhile(
    qtbot: QtBot,
    search: SearchController,
    answers: list[Found],
    filled: Session,
    album: Path,
    make_photo: Callable[..., Path],
) -> None:
    """While nothing is asked, nobody tells of changes."""
    search.ask(DOG, "fused", EVEN)
    qtbot.waitUntil(lambda: len(answers) == 1, timeout=10_000)
    search.forget()
    with qtbot.waitSignal(filled.queue_emptied, timeout=30_000):
        make_photo(album / "new.png", 50)
    search.ask(DOG, "fused", EVEN)
    qtbot.waitUntil(lambda: len(answers) == 2, timeout=10_000)
    assert len(answers[-1].ranking.ids) == 11


def test_an_answer_that_has_to_wait_for_the_encoders_is_told_to_be_under_way(
    library_folder: Path, tasks: TaskRunner
) -> None:
    search = SearchController(Session(library_folder, tasks, Machine()), tasks)
    busy: list[bool] = []
    search.busy.connect(busy.append)
    search.ask(DOG, "fused", EVEN)
    assert busy == [True]
    search.forget()
    assert busy == [True, False]


def test_nobody_waits_for_a_pair_that_cannot_be_opened(
    qtbot: QtBot, library_folder: Path, tasks: TaskRunner
) -> None:
    with Library.open(library_folder) as library:
        use_pair(library, {"openclip": "gone"})
    session = Session(library_folder, tasks, Machine())
    search = SearchController(session, tasks)
    busy: list[bool] = []
    search.busy.connect(busy.append)
    search.ask(DOG, "fused", EVEN)
    with qtbot.waitSignal(session.failed, timeout=30_000):
        session.start()
    assert busy == [True, False]
    search.ask(Wish("tết"), "fused", EVEN)
    assert busy[-1] is False
    session.close()
