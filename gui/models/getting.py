"""What the user wants to have, until it is here and in use; a restart does not forget it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, Signal

from engine.library.library import Library
from gui.models.downloads import Downloads
from gui.models.facts import DOWNLOADABLE, Record
from gui.session import Session

SETTING = "wanted models"  # of the library


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is still wanted.

    Attributes:
        fetched: names of what is downloaded.
        use: the pair that is used then, by family.
        missing: names of that pair which are not here yet.
    """

    fetched: tuple[str, ...] = ()
    use: Mapping[str, str] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()


class Getting(QObject):
    """Downloads what is wanted, and has it used once all of it is here.

    Signals:
        reopen_wanted: the library must be opened anew, because the pair before is not here.

    Args:
        session: the open library, which keeps the wishes.
        downloads: fetches.
        parent: Qt's.
    """

    reopen_wanted = Signal()

    def __init__(
        self, session: Session, downloads: Downloads, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._downloads = session, downloads
        self._wishes = Wishes()
        self._chosen: dict[str, str] = {}  # to come, though the library may not say so yet
        downloads.arrived.connect(self._take_in)
        downloads.failed.connect(self._give_up)
        session.opened.connect(lambda _: session.read(_read, self._go_on))
        session.pair_switched.connect(lambda _: self.settle())

    def get(self, records: Iterable[Record], use: Mapping[str, str] | None = None) -> None:
        """Fetch all of these, and use them then.

        Args:
            records: what is not here yet.
            use: the pair that is wanted, by family; None changes nothing of what is wanted.
        """
        names = [record.name for record in records]
        fetched = dict.fromkeys((*self._wishes.fetched, *names))
        self._wishes = replace(self._wishes, fetched=tuple(fetched))
        if use:
            missing = frozenset(names) & frozenset(use.values())
            self._wishes = replace(self._wishes, use=dict(use), missing=missing)
        for record in records:
            self._downloads.start(record)
        self._look()

    def cancel(self, names: Iterable[str]) -> None:
        """Fetch these no more, nor use a pair that one of them belongs to."""
        for name in names:
            if name in self._wishes.missing:
                self._wishes = replace(self._wishes, use={}, missing=frozenset())
            self._drop(name)
            self._downloads.cancel(name)

    def use(self, pair: Mapping[str, str], coming: Mapping[str, str]) -> None:
        """Prepare other checkpoints.

        Args:
            pair: by family; what is not named stays as it is, or as it is to come.
            coming: names of the pair that is to come, as far as is known.
        """
        if self._session.cannot_open_pair:  # there is nobody who would prepare another
            self._session.use_pair(dict(pair), lambda _: self.reopen_wanted.emit())
            return
        self._chosen = {**coming, **self._chosen, **pair}
        self._session.prepare_pair(dict(self._chosen))

    def stay(self) -> None:
        """Stay with the pair in use."""
        self.settle()
        self._session.give_up_coming()

    def settle(self) -> None:
        """What is to come is known from the library by now."""
        self._chosen.clear()

    def _take_in(self, name: str) -> None:
        self._wishes = replace(self._wishes, missing=self._wishes.missing - {name})
        self._drop(name)

    def _give_up(self, name: str) -> None:
        """It failed: a restart does not try again by itself, the user may."""
        self._drop(name)

    def _drop(self, name: str) -> None:
        fetched = tuple(each for each in self._wishes.fetched if each != name)
        self._wishes = replace(self._wishes, fetched=fetched)
        self._look()

    def _look(self) -> None:
        """Use the wanted pair if all of it is here, and keep what is still wanted."""
        wishes = self._wishes
        is_complete = bool(wishes.use) and not wishes.missing
        if is_complete:
            self._wishes = replace(wishes, use={})
        text = json.dumps(
            {"fetched": wishes.fetched, "use": self._wishes.use, "missing": sorted(wishes.missing)}
        )
        self._session.write(lambda library: library.remember(SETTING, text))
        if is_complete:  # last, because the library may be closed to be opened anew
            self.use(wishes.use, self._names_coming())

    def _names_coming(self) -> dict[str, str]:
        coming = self._session.coming
        return {each.record.family: each.record.name for each in coming.pair} if coming else {}

    def _go_on(self, wishes: Wishes) -> None:
        """Take up what was wanted when the program ended, beside what is wanted since."""
        fetched = dict.fromkeys((*wishes.fetched, *self._wishes.fetched))
        newest = self._wishes if self._wishes.use else wishes
        self._wishes = replace(newest, fetched=tuple(fetched))
        for name in wishes.fetched:
            self._downloads.start(DOWNLOADABLE[name])


def _read(library: Library) -> Wishes:
    kept = json.loads(library.setting(SETTING) or "{}")
    fetched = tuple(name for name in kept.get("fetched", ()) if name in DOWNLOADABLE)
    return Wishes(fetched, kept.get("use", {}), frozenset(kept.get("missing", ())))
