"""The rows of the grid: photos by id, and in results the headings between them."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from engine.library.photo import IdArray
from gui.photos import wording
from gui.photos.dragging import files_to_drop
from gui.photos.roles import FLAGS, MARKS, Kind, Role
from gui.photos.score_bars import ScoreBars
from gui.photos.sections import MORE, DatesOf, Part, Rows, by_date, by_relevance
from gui.photos.selecting import runs_of

if TYPE_CHECKING:
    from gui.searching import Found

Index = QModelIndex | QPersistentModelIndex
Order = Literal["relevance", "date"]

NOTHING = -1  # stands for the id in rows that span the grid
NO_INDEX = QModelIndex()
MOST_SEPARATE_CHANGES = 64  # beyond it, telling of each costs more than painting everything


class PhotoModel(QAbstractListModel):
    """Holds ids and nothing else of a photo.

    Attributes:
        same_place: whether what the last reset brought is still the same wish or folder, so that
            selection and scroll position should stay.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.same_place = False
        self._ids: IdArray = np.empty(0, np.int64)
        self._positions: IdArray = np.empty(0, np.int64)
        self._wide: dict[int, tuple[Part, int]] = {}
        self._found: Found | None = None
        self._bars: ScoreBars | None = None
        self._order: Order = "relevance"
        self._revealed = 0
        self._expanded: set[int] = set()
        self._unfolded: frozenset[int] = frozenset()
        self._marks: dict[Role, set[int]] = {role: set() for role in MARKS}
        self._dates_of: DatesOf | None = None
        self._paths_of: Callable[[Sequence[int]], Iterable[bytes]] = lambda ids: ()
        self._describe: Callable[[int], str] = lambda photo_id: ""

    def show_photos(self, ids: IdArray, *, same_place: bool = False) -> None:
        """Browse these photos, in this order.

        Args:
            ids: shape (n,), int64, none twice.
            same_place: the folder is the one shown before, so the eye should not be moved.
        """
        self.same_place = same_place and self._found is None
        self.beginResetModel()
        self._found, self._bars = None, None
        self._ids, self._positions, self._wide = np.array(ids, np.int64), self._ids[:0], {}
        self._unfolded = frozenset()
        self.endResetModel()

    def append_ids(self, ids: IdArray | Sequence[int]) -> None:
        """Add new photos; the last added comes first.

        Ids that are shown already are left out. Results stay as they are: what is new in them is
        for the next search to tell.
        """
        if self._found is not None:
            return
        new = np.asarray(ids, np.int64)
        new = new[~np.isin(new, self._ids)][::-1]
        if len(new):
            self.beginInsertRows(NO_INDEX, 0, len(new) - 1)
            self._ids = np.concatenate([new, self._ids])
            self.endInsertRows()

    def show_found(self, found: "Found") -> None:
        """Show results; those of the wish already shown keep what was revealed and spread out."""
        before = self._found
        self.same_place = before is not None and (
            (before.wish, before.restriction) == (found.wish, found.restriction)
        )
        if not self.same_place:
            self._revealed = 0
            self._expanded.clear()
        self._found, self._bars = found, ScoreBars(found.ranking)
        self._arrange(found)

    def show_more(self) -> None:
        """Reveal the next photos of the ranking."""
        self._revealed += MORE
        self._rearrange()

    def expand_burst(self, photo_id: int) -> None:
        """Show the members of a burst after their leader, or hide them again."""
        self._expanded ^= {photo_id}
        self._rearrange()

    def set_order(self, order: Order) -> None:
        """Order results by relevance, in sections, or by date; "date" needs `set_dates`."""
        self._order = order
        self._rearrange()

    def set_dates(self, dates_of: DatesOf) -> None:
        """Say where the dates of photos come from: ids to datetime64, NaT where unknown."""
        self._dates_of = dates_of

    def set_favourites(self, ids: Iterable[int]) -> None:
        """Mark these photos as favourites, and no others."""
        self._mark(Role.FAVOURITE, ids)

    def set_vanished(self, ids: Iterable[int]) -> None:
        """Mark these photos as those whose files are gone, and no others."""
        self._mark(Role.VANISHED, ids)

    def add_vanished(self, photo_id: int) -> None:
        """Mark one more photo as gone."""
        self._marks[Role.VANISHED].add(photo_id)
        self._tell_of([photo_id], Role.VANISHED)

    def set_offline(self, ids: Iterable[int]) -> None:
        """Mark these photos as lying in folders that cannot be reached now, and no others."""
        self._mark(Role.OFFLINE, ids)

    def set_describer(self, describe: Callable[[int], str]) -> None:
        """Say who describes a photo in words; asked only when they are about to be read."""
        self._describe = describe

    def set_paths_provider(self, paths_of: Callable[[Sequence[int]], Iterable[bytes]]) -> None:
        """Say where the paths of photos come from that are dragged away."""
        self._paths_of = paths_of

    @property
    def found(self) -> "Found | None":
        """The results that are shown; None while browsing."""
        return self._found

    @property
    def wide_rows(self) -> list[int]:
        """The rows that span the grid, ascending."""
        return list(self._wide)

    def ids_between(self, first: int, last: int) -> list[int]:
        """The photos of these rows; `last` belongs to them."""
        ids = self._ids[first : last + 1]
        shown: list[int] = ids[ids != NOTHING].tolist()
        return shown

    def id_at(self, index: Index) -> int | None:
        """The photo of a row; None for other rows."""
        photo_id = int(self._ids[index.row()]) if index.isValid() else NOTHING
        return None if photo_id == NOTHING else photo_id

    def index_of(self, photo_id: int) -> QModelIndex:
        """Where a photo is shown; not valid where it is not."""
        rows = self.rows_of([photo_id])
        return self.index(rows[0]) if rows else QModelIndex()

    def rows_of(self, ids: Collection[int], among: range | None = None) -> list[int]:
        """The rows of those photos that are shown, ascending; only some rows are looked at."""
        start, stop = (0, len(self._ids)) if among is None else (among.start, among.stop)
        found = np.isin(self._ids[start:stop], list(ids))
        rows: list[int] = (start + np.flatnonzero(found)).tolist()
        return rows

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return FLAGS[self._kind(index.row())] if index.isValid() else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        if not index.isValid():
            return None
        row = index.row()
        if role == Role.KIND:
            return self._kind(row)
        if row in self._wide:
            return self._of_wide_row(row, role)
        return self._of_photo(row, role)

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        ids = [self.id_at(index) for index in indexes]
        return self.mime_of([photo_id for photo_id in ids if photo_id is not None])

    def mime_of(self, ids: Sequence[int]) -> QMimeData:
        """The photos' files as what can be dropped on other programs."""
        return files_to_drop(self._paths_of(ids))

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def _rearrange(self) -> None:
        if self._found is not None:
            self.same_place = True
            self._arrange(self._found)

    def _arrange(self, found: "Found") -> None:
        rows = self._rows(found)
        self.beginResetModel()
        self._positions, self._wide = rows.positions, rows.wide
        ids = found.ranking.ids
        self._ids = np.full(len(rows.positions), NOTHING, np.int64)
        self._ids[rows.positions >= 0] = ids[rows.positions[rows.positions >= 0]]
        self._unfolded = frozenset(
            photo_id
            for leader in self._expanded
            for photo_id in (leader, *found.bursts.get(leader, ()))
        )
        self.endResetModel()

    def _rows(self, found: "Found") -> Rows:
        if self._order == "date" and self._dates_of is not None:
            return by_date(found, self._revealed, self._expanded, self._dates_of)
        return by_relevance(found, self._revealed, self._expanded)

    def _mark(self, role: Role, ids: Iterable[int]) -> None:
        before, self._marks[role] = self._marks[role], set(ids)
        self._tell_of(before ^ self._marks[role], role)

    def _tell_of(self, ids: Collection[int], role: Role) -> None:
        rows = self.rows_of(ids)
        runs = runs_of(rows)
        if len(runs) > MOST_SEPARATE_CHANGES:
            runs = [(rows[0], rows[-1])]
        for first, last in runs:
            self.dataChanged.emit(self.index(first), self.index(last), [role])

    def _kind(self, row: int) -> Kind:
        if row not in self._wide:
            return Kind.PHOTO
        return Kind.MORE if self._wide[row][0] is Part.MORE else Kind.HEADING

    def _of_wide_row(self, row: int, role: int) -> str | int | None:
        part, count = self._wide[row]
        if role == Role.COUNT:
            return count
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return wording.heading(part, count)
        return None

    def _of_photo(self, row: int, role: int) -> object:
        photo_id = int(self._ids[row])
        match role:
            case Role.ID:
                return photo_id
            case _ if role in MARKS:
                return photo_id in self._marks[Role(role)]
            case Role.UNFOLDED:
                return photo_id in self._unfolded
            case Qt.ItemDataRole.ToolTipRole:
                return self._tool_tip(row, photo_id)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._in_words(row, photo_id)
        return self._of_result(row, photo_id, role)

    def _of_result(self, row: int, photo_id: int, role: int) -> object:
        if self._found is None or self._bars is None:
            return None
        position = int(self._positions[row])
        match role:
            case Role.SHARES:
                return self._bars.shares(position)
            case Role.LACKING:
                return self._bars.lacking(position)
            case Role.BURST:
                members = self._found.bursts.get(photo_id)
                return None if members is None else len(members) + 1
        return None

    def _tool_tip(self, row: int, photo_id: int) -> str:
        lacking = self._of_result(row, photo_id, Role.LACKING)
        lines = [self._describe(photo_id), *wording.states(photo_id, self._marks)]
        if isinstance(lacking, int):
            lines.append(wording.lacking(lacking))
        return "\n".join(filter(None, lines))

    def _in_words(self, row: int, photo_id: int) -> str:
        words = [self._describe(photo_id)]
        if self._found is not None:
            words.append(wording.result(self._found, int(self._positions[row])))
            if members := self._found.bursts.get(photo_id):
                words.append(wording.burst(len(members)))
        return ". ".join(filter(None, [*words, *wording.states(photo_id, self._marks)]))
