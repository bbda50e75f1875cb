"""Feeds the details panel: the current photo with all that is known of it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject

from engine.errors import QueryError
from engine.library.photo import Photo
from engine.search.query import parse_query
from gui.browser import Browser
from gui.marks import Marks
from gui.photos.photo_panel import PhotoPanel
from gui.photos.score_bars import ScoreBars
from gui.photos.shown_photo import ShownPhoto
from gui.searching import Found
from gui.session import Session


class Details(QObject):
    """Keeps the panel at the photos that are selected.

    Args:
        panel: shows them.
        session: the open library.
        browser: tells what is shown in the grid.
        marks: favourites and right answers.
        parent: Qt's.
    """

    def __init__(
        self,
        panel: PhotoPanel,
        session: Session,
        browser: Browser,
        marks: Marks,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._panel, self._session, self._marks = panel, session, marks
        self._found: Found | None = None
        self._query = ""
        self._ids: list[int] = []
        browser.shown.connect(self._take_found)
        panel.relevance_marked.connect(self._mark_relevant)
        panel.favourite_marked.connect(lambda id_, on: marks.set_favourites([id_], on))
        marks.favourites_changed.connect(self._show)
        marks.relevance_changed.connect(self._show)
        session.photos_embedded.connect(self._refresh)
        session.folders_changed.connect(self._show)

    def show(self, ids: Sequence[int]) -> None:
        """Show what is selected."""
        self._ids = list(ids)
        self._show()

    def _take_found(self, found: Found | None) -> None:
        self._found = found
        self._query = _text_of(found) if found else ""
        self._show()

    def _mark_relevant(self, photo_id: int, relevant: bool) -> None:
        if self._query:
            self._marks.set_relevant(self._query, photo_id, relevant)

    def _refresh(self, ids: Sequence[int]) -> None:
        if set(self._ids) & set(ids):
            self._show()

    def _show(self) -> None:
        if len(self._ids) > 1:
            self._sum_up(self._ids)
            return
        photos = self._session.photos(self._ids)
        self._panel.show_photo(self._shown(photos[0]) if photos else None)

    def _sum_up(self, ids: Sequence[int]) -> None:
        def show(total: int) -> None:
            if ids is self._ids:
                self._panel.show_many(len(ids), total)

        self._session.read(lambda library: library.photos.total_size(ids), show)

    def _shown(self, photo: Photo) -> ShownPhoto:
        online = {folder.id: folder.online for folder in self._session.folders}
        shown = ShownPhoto(
            photo=photo,
            online=online.get(photo.folder_id, True),
            favourite=photo.id in self._marks.favourites,
            query=self._query,
            marked=self._marks.is_relevant(self._query, photo.id),
        )
        return _with_scores(shown, self._found) if self._found else shown


def _text_of(found: Found) -> str:
    """The normalised text of a query, by which relevance is remembered; "" where it has none."""
    if not found.wish.text.strip() or found.wish.picture is not None:
        return ""
    try:
        return parse_query(found.wish.text).normalised
    except QueryError:
        return ""


def _with_scores(shown: ShownPhoto, found: Found) -> ShownPhoto:
    """Add what the results say of a photo, if it is among them."""
    ranking = found.ranking
    position = ranking.position(shown.photo.id)
    if position is None:
        return shown
    row = position - 1
    openclip, beit3 = (None if c != c else c for c in ranking.cosines[:, row].tolist())
    first, second = ranking.parts[:, row].tolist()
    return replace(
        shown,
        score=float(ranking.scores[row]),
        cosines=(openclip, beit3),
        parts=(first, second),
        ranks=found.scores.places(shown.photo.id, np.sort(ranking.ids)),
        position=position,
        total=len(ranking),
        shares=ScoreBars(ranking).shares(row),
    )
