"""Searching while the user types: the newest wish wins, and the window never waits."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine.errors import EngineError
from engine.library.photo import IdArray
from engine.search.composing import Wish
from engine.search.fusion import Fusion
from engine.search.relevance import Cut
from engine.search.scores import Mode, Ranking, Scores
from gui.tasks import TaskRunner

if TYPE_CHECKING:
    from engine.library.library import Library
    from engine.search.searching import Searcher
    from gui.session import Session

# So many of the first results are looked at for near-identical photos, where so many fit.
BURSTS_AMONG = 500
FEWEST = 24


@dataclass(frozen=True, slots=True)
class Restriction:
    """Which photos are searched.

    Attributes:
        folder: none but those below this directory.
        favourites: none but these.
    """

    folder: bytes | None = None
    favourites: bool = False

    def __bool__(self) -> bool:
        return self.folder is not None or self.favourites

    def ids(self, library: "Library") -> IdArray:
        """The photos that are there and may be shown; shape (n,), int64, ascending."""
        found = library.photos.ids([self.folder] if self.folder is not None else [])
        return np.intersect1d(found, library.photos.favourites()) if self.favourites else found


@dataclass(frozen=True, slots=True)
class Question:
    """All that decides what is shown."""

    wish: Wish
    mode: Mode
    fusion: Fusion
    restriction: Restriction = Restriction()
    revision: int = 0  # of the library


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a question.

    Attributes:
        wish: what was asked for.
        ranking: all photos that may be shown, best first.
        cut: how many of them fit.
        bursts: leading photo by id: the others of its burst, which are not shown by themselves.
        scores: what the ranking was made of.
        milliseconds: it took.
        restriction: which photos may be shown.
    """

    wish: Wish
    ranking: Ranking
    cut: Cut
    bursts: Mapping[int, tuple[int, ...]]
    scores: Scores
    milliseconds: float
    restriction: Restriction = Restriction()


class SearchController(QObject):
    """Answers the newest question in a thread of its own; older ones are dropped.

    Signals:
        found: arg1: Found, of the newest question and no other.
        refused: what was typed cannot be searched. arg1: EngineError.
        busy: arg1: bool, whether an answer is being waited for.
    """

    found = Signal(object)
    refused = Signal(object)
    busy = Signal(bool)

    def __init__(
        self, session: "Session", tasks: TaskRunner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._tasks = tasks
        self._wanted: Question | None = None
        self._in_hand: Question | None = None
        self._scored: tuple[tuple[Wish, int], Scores] | None = None
        self._allowed: tuple[tuple[Restriction, int], IdArray] | None = None
        self._revision = 0
        session.ready.connect(lambda _: self._go_on())
        session.pair_switched.connect(lambda _: self.refresh())
        session.failed.connect(lambda _: self._stop_waiting())
        session.translator_changed.connect(self.refresh)

    def ask(
        self, wish: Wish, mode: Mode, fusion: Fusion, restriction: Restriction = Restriction()
    ) -> None:
        """Search for this from now on; other modes and fusions encode nothing anew."""
        self._wanted = Question(wish, mode, fusion, restriction, self._revision)
        self._go_on()

    def forget(self) -> None:
        """Nothing is wanted any more: an answer that is under way is dropped.

        What the library goes through from now on is not told by `refresh`, so whatever is asked
        next, be it the same as before, is answered from scratch.
        """
        self._wanted = None
        self._revision += 1
        self.busy.emit(False)

    def refresh(self) -> None:
        """The library has changed: ask the same again."""
        self._revision += 1
        if self._wanted is not None:
            self._wanted = replace(self._wanted, revision=self._revision)
            self._go_on()

    def _go_on(self) -> None:
        if self._in_hand is not None or self._wanted is None:
            return
        self.busy.emit(not self._session.cannot_open_pair)
        if self._session.tools is None:
            return  # it goes on when the session is ready
        question = self._in_hand = self._wanted
        self._tasks.run(
            lambda: self._answer(question), self._tell, on_error=self._refuse, thread="search"
        )

    def _stop_waiting(self) -> None:
        if self._wanted is not None and self._session.cannot_open_pair:
            self.busy.emit(False)

    def _tell(self, found: Found) -> None:
        if self._settle():
            self.found.emit(found)

    def _refuse(self, error: Exception) -> None:
        if not isinstance(error, EngineError):
            self._settle()
            raise error
        if self._settle():
            self.refused.emit(error)

    def _settle(self) -> bool:
        """Note that an answer has come; returns whether it is still wanted."""
        answered, self._in_hand = self._in_hand, None
        if answered == self._wanted:
            self.busy.emit(False)
            return True
        self._go_on()
        # While photos are added, the answer is of a moment ago, but to the right question.
        wanted = self._wanted
        if answered is None or wanted is None:
            return False
        return replace(answered, revision=wanted.revision) == wanted

    def _answer(self, question: Question) -> Found:
        """In the thread of searches."""
        begun = perf_counter()
        from engine.library.library import Library

        with Library.open_to_read(self._session.library_folder) as library:
            searcher = self._session.workspace(library).searcher
            scores = self._scores(searcher, question)
            allowed = self._allowed_ids(library, question)
            ranking = scores.ranking(question.mode, question.fusion, allowed)
            cut = scores.cut(question.mode, question.fusion, allowed)
            bursts = searcher.bursts(ranking.ids[: min(BURSTS_AMONG, max(cut.possible, FEWEST))])
        spent = 1000 * (perf_counter() - begun)
        return Found(question.wish, ranking, cut, bursts, scores, spent, question.restriction)

    def _scores(self, searcher: "Searcher", question: Question) -> Scores:
        key = (question.wish, question.revision)
        if self._scored is None or self._scored[0] != key:
            self._scored = key, searcher.score(question.wish)
        return self._scored[1]

    def _allowed_ids(self, library: "Library", question: Question) -> IdArray:
        """Photos that are there: the indexes may still hold some that have just gone."""
        key = (question.restriction, question.revision)
        if self._allowed is None or self._allowed[0] != key:
            self._allowed = key, question.restriction.ids(library)
        return self._allowed[1]
