"""What the side panel says about each folder, in words."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QLocale, QObject

from engine.paths import shown_path

if TYPE_CHECKING:
    from gui.folder_state import FolderState
    from gui.progress import Progress

Key = int | Literal["all", "favourites", "heading"]
Call = Literal["none", "confirm", "problems"]
CollationKey = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the side panel.

    Attributes:
        key: the id of a folder, or what else the row is.
        name: what is shown large.
        beside: what tells folders of one name apart; shown after it, fainter.
        icon: of `resources/icons`.
        count: photos in it; None shows none.
        state: the second line; "" for none.
        call: what a click on the state asks for.
        path: the full one, shown.
        spoken: all of it in one sentence, for a screen reader.
    """

    key: Key
    name: str
    icon: str = ""
    count: int | None = None
    beside: str = ""
    state: str = ""
    call: Call = "none"
    path: str = ""
    spoken: str = ""


class FolderRows(QObject):
    """Writes the rows.

    Args:
        collation_key: sorts names.
        parent: Qt's.
    """

    def __init__(self, collation_key: CollationKey, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._collation_key = collation_key

    def rows(
        self, states: Sequence["FolderState"], progress: "Progress", favourites: int
    ) -> list[Row]:
        """All rows of the panel, folders sorted by name, then by what tells them apart."""
        beside = _told_apart(states)
        folders = [self._folder(state, progress, beside[state.id]) for state in states]
        folders.sort(key=self._place)
        return [
            self._plain("all", self.tr("All photos"), "photos", sum(s.photos for s in states)),
            self._plain("favourites", self.tr("Favourites"), "heart", favourites),
            *([Row("heading", self.tr("Folders"))] if folders else []),
            *folders,
        ]

    def _place(self, row: Row) -> tuple[Any, ...]:
        return self._collation_key(row.name), self._collation_key(row.beside), row.path

    def _plain(self, key: Key, name: str, icon: str, count: int) -> Row:
        return Row(key, name, icon, count, spoken=f"{name}, {self._photos(count)}")

    def _folder(self, state: "FolderState", progress: "Progress", beside: str) -> Row:
        words, call = self._state(state, progress)
        spoken = (state.name, beside, self._photos(state.photos), words)
        return Row(
            key=state.id,
            name=state.name,
            icon="folder" if state.online else "folder-off",
            count=state.photos,
            beside=beside,
            state=words,
            call=call,
            path=shown_path(state.path),
            spoken=", ".join(part for part in spoken if part),
        )

    def _state(self, state: "FolderState", progress: "Progress") -> tuple[str, Call]:
        """What is most worth knowing of a folder now, and what can be done about it."""
        if state.held_back:
            missing = self.tr("%Ln photo(s) missing: confirm…", "", state.held_back)
            return missing, "confirm"
        if not state.online:
            return self.tr("Off-line"), "none"
        if progress.phase == "finding" and progress.folder == shown_path(state.path):
            found = QLocale().toString(progress.done)
            return self.tr("Looking for photos: {found}").format(found=found), "none"
        if state.waiting:
            return self._waiting(state, progress), "none"
        watched = self.tr("Watched") if state.watched else self.tr("Not watched")
        if state.problems:
            problems = self.tr("%Ln problem(s)", "", state.problems)
            return f"{problems} · {watched}", "problems"  # the end may be cut off
        return watched, "none"

    def _waiting(self, state: "FolderState", progress: "Progress") -> str:
        if progress.phase == "embedding":
            words = self.tr("Indexing {done} of {total}")
        elif progress.phase == "paused":
            words = self.tr("Paused at {done} of {total}")
        else:
            return self.tr("%Ln photo(s) waiting", "", state.waiting)
        number = QLocale().toString
        return words.format(done=number(state.photos - state.waiting), total=number(state.photos))

    def _photos(self, count: int) -> str:
        return self.tr("%Ln photo(s)", "", count)


def _told_apart(states: Sequence["FolderState"]) -> dict[int, str]:
    """For each folder the end of its parent's path that no namesake shares; "" where alone."""
    named = Counter(state.name for state in states)
    beside = {state.id: "" for state in states}
    for name in [name for name, count in named.items() if count > 1]:
        namesakes = [state for state in states if state.name == name]
        parents = [shown_path(state.path).replace("\\", "/").split("/")[:-1] for state in namesakes]
        depth = _shortest_telling(parents)
        for state, parts in zip(namesakes, parents, strict=True):
            beside[state.id] = "/".join(parts[-depth:])
    return beside


def _shortest_telling(parents: list[list[str]]) -> int:
    for depth in range(1, max(map(len, parents))):
        if len({tuple(parts[-depth:]) for parts in parents}) == len(parents):
            return depth
    return max(map(len, parents))
