"""What the grid shows: the photos of a place, or the results of a wish."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLocale, QObject, QTimer, Signal

from engine.library.library import Library
from engine.library.photo import FloatArray, IdArray
from engine.search.composing import Wish
from engine.search.fusion import Fusion
from engine.search.scores import Mode
from gui.photos.photo_model import PhotoModel
from gui.searching import Found, Restriction, SearchController
from gui.session import Session

RELIST_MILLISECONDS = 300  # a folder's photos are read anew this often while they change
REFRESH_MILLISECONDS = 2_000  # results follow photos that are being embedded this often

_Listing = tuple[IdArray, IdArray, FloatArray]  # what is shown; all photos and their Unix times


class Browser(QObject):
    """Keeps the grid's model at what the user wants to see.

    Signals:
        shown: other photos are shown. arg1: Found | None while browsing.
        summary_changed: arg1: str, how many there are, in words.

    Args:
        session: the open library.
        search: answers wishes.
        model: of the grid.
        fusion: how results are ranked at first.
        parent: Qt's.
    """

    shown = Signal(object)
    summary_changed = Signal(str)

    def __init__(
        self,
        session: Session,
        search: SearchController,
        model: PhotoModel,
        fusion: Fusion,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._search, self._model = session, search, model
        self._restriction = Restriction()
        self._wish = Wish()
        self._mode: Mode = "fused"
        self._fusion = fusion
        self._ids, self._times = np.empty(0, np.int64), np.empty(0)
        self._place: Restriction | None = None  # that is shown while browsing
        self._unlisted: list[int] = []  # came after the photos were read that will be listed next
        self._offline: list[bytes] = []
        self._stale = QTimer(self, interval=REFRESH_MILLISECONDS, singleShot=True)
        self._stale.timeout.connect(self._renew_results)
        self._relist = QTimer(self, interval=RELIST_MILLISECONDS, singleShot=True)
        self._relist.timeout.connect(self._list)
        model.set_dates(self._dates_of)
        search.found.connect(self._show_found)
        session.photos_added.connect(self._add)
        session.photos_embedded.connect(lambda ids: self._results_are_stale())
        session.photos_changed.connect(self.refresh)

    @property
    def wish(self) -> Wish:
        """What is searched for; empty while browsing."""
        return self._wish

    @property
    def restriction(self) -> Restriction:
        """Which photos may be shown."""
        return self._restriction

    def set_wish(self, wish: Wish) -> None:
        """Show the results of this; an empty wish goes back to browsing."""
        self._wish = wish
        if wish:
            self._ask()
        else:
            self._search.forget()
            self._list()

    def restrict(self, restriction: Restriction) -> None:
        """Show none but these photos."""
        self._restriction = restriction
        if self._wish:
            self._ask()
        else:
            self._list()

    def rank_by(self, mode: Mode, fusion: Fusion) -> None:
        """Rank results so."""
        self._mode, self._fusion = mode, fusion
        if self._wish:
            self._ask()

    def refresh(self) -> None:
        """Photos came, went or changed."""
        if not self._relist.isActive():
            self._relist.start()
        self._results_are_stale()

    def show_offline(self, folders: Sequence[bytes]) -> None:
        """Mark the photos of these folders as out of reach."""
        self._offline = list(folders)
        if not folders:
            self._model.set_offline([])
            return

        def mark(ids: list[int]) -> None:
            if self._offline == list(folders):
                self._model.set_offline(ids)

        self._session.read(lambda library: library.photos.ids(folders).tolist(), mark)

    def _ask(self) -> None:
        self._search.ask(self._wish, self._mode, self._fusion, self._restriction)

    def _results_are_stale(self) -> None:
        if self._wish and not self._stale.isActive():
            self._stale.start()

    def _renew_results(self) -> None:
        self._list()  # new photos have dates, too
        self._search.refresh()

    def _list(self) -> None:
        restriction = self._restriction
        self._unlisted.clear()

        def read(library: Library) -> _Listing:
            ids, times = library.photos.dates()
            shown = ids[np.isin(ids, restriction.ids(library))] if restriction else ids
            return shown, ids, times

        self._session.read(read, lambda listing: self._show_listing(restriction, listing))

    def _show_listing(self, restriction: Restriction, listing: _Listing) -> None:
        shown, ids, times = listing
        order = np.argsort(ids)
        self._ids, self._times = ids[order], times[order]
        if self._wish or restriction != self._restriction:
            return
        self._model.show_photos(shown, same_place=restriction == self._place)
        if not restriction:
            self._model.append_ids(self._unlisted)
        self._place = restriction
        self.shown.emit(None)
        self._say_how_many()

    def _add(self, ids: list[int]) -> None:
        """Show new photos at once, before all others; what is sorted by date stays as it is."""
        if self._restriction:
            self.refresh()
        elif not self._wish:
            self._unlisted += ids
            if self._model.found is None:
                self._model.append_ids(ids)
                self._say_how_many()

    def _show_found(self, found: Found) -> None:
        self._place = None
        self._model.show_found(found)
        self.shown.emit(found)
        number = QLocale().toString
        if found.cut.strong:
            sentence = self.tr("{best} best of {all} photos · {milliseconds} ms")
        else:
            sentence = self.tr("{all} photos, the nearest first · {milliseconds} ms")
        self.summary_changed.emit(
            sentence.format(
                best=number(found.cut.strong),
                all=number(len(found.ranking.ids)),
                milliseconds=number(round(found.milliseconds)),
            )
        )

    def _say_how_many(self) -> None:
        self.summary_changed.emit(self.tr("%Ln photo(s)", "", self._model.rowCount()))

    def _dates_of(self, ids: IdArray) -> npt.NDArray[np.datetime64]:
        """When photos were taken or changed; NaT for those that are too new to be known."""
        dates = np.full(len(ids), np.datetime64("NaT"), "datetime64[s]")
        if len(self._ids):
            rows = np.minimum(np.searchsorted(self._ids, ids), len(self._ids) - 1)
            known = self._ids[rows] == ids
            dates[known] = self._times[rows[known]].astype("int64").astype("datetime64[s]")
        return dates
