"""What the models dialog shows of each checkpoint and translator, and in which order."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from engine.library.embeddings import CheckpointEmbeddings
from engine.models.checkpoint import Checkpoint, Family, Recall
from engine.models.recommending import fits, poor_in, seconds_per_photo
from engine.workspace import Pair
from gui.coming_pair import Coming
from gui.models.downloads import Download
from gui.models.facts import Facts, Record

State = Literal["in use", "preparing", "here", "waiting", "downloading", "failed", "to be had"]
Section = Family | Literal["translator"]


@dataclass(frozen=True, slots=True)
class Status:
    """What goes on at this moment.

    Attributes:
        in_use: the pair that is searched with; None while the library is being opened.
        coming: the pair that is being prepared, and how far it is.
        find_download: by name.
    """

    in_use: Pair | None
    coming: Coming | None
    find_download: Callable[[str], Download | None]


@dataclass(frozen=True, slots=True)
class Offer:
    """A checkpoint or translator, and what can be done with it.

    Attributes:
        record: of the table, or as installed.
        state: what it is doing.
        download: that of this record.
        coming: the pair it belongs to, while it is "preparing".
        photos: of the library.
        seconds: to embed all of them; None where nobody knows.
        embeddings: what is kept of it in the library.
        bundled: its files stay with the program.
        recommended: for this machine.
        begun: a part of it has arrived.
        misfit: why this machine cannot use it, as the engine says it.
        poor: the figure that shows that it finds little in Vietnamese.
        needs_translator: it knows no Vietnamese, and there is no translator yet.
    """

    record: Record
    state: State
    download: Download | None = None
    coming: Coming | None = None
    photos: int = 0
    seconds: float | None = None
    embeddings: CheckpointEmbeddings | None = None
    bundled: bool = False
    recommended: bool = False
    begun: bool = False
    misfit: str | None = None
    poor: Recall | None = None
    needs_translator: bool = False

    @property
    def name(self) -> str:
        return self.record.name

    @property
    def section(self) -> Section:
        return self.record.family if isinstance(self.record, Checkpoint) else "translator"


def offers(facts: Facts, status: Status) -> list[Offer]:
    """All that can be had, those first that are used, then those that find most."""
    made = [_offer(record, facts, status) for record in facts.records]
    return sorted(made, key=_place)


def _offer(record: Record, facts: Facts, status: Status) -> Offer:
    download = status.find_download(record.name)
    state = _state(record.name, facts, status, download)
    common = Offer(
        record,
        state,
        download=download,
        coming=status.coming if state == "preparing" else None,
        photos=facts.photos,
        bundled=facts.is_bundled(record.name),
        begun=record.name in facts.begun,
        recommended=record.name in {each.name for each in facts.recommended},
    )
    return _with_figures(common, record, facts) if isinstance(record, Checkpoint) else common


def _with_figures(offer: Offer, record: Checkpoint, facts: Facts) -> Offer:
    seconds = seconds_per_photo(record, facts.machine)
    installed = facts.installed.get(record.name)
    return replace(
        offer,
        seconds=None if seconds is None else seconds * facts.photos,
        embeddings=facts.embeddings.get(installed.key) if installed else None,
        misfit=fits(record, facts.machine, facts.installed),
        poor=poor_in(record, "vi"),
        needs_translator=not record.knows("vi") and facts.translator is None,
    )


def _state(name: str, facts: Facts, status: Status, download: Download | None) -> State:
    if download and download.error is not None:
        return "failed"
    if download:
        return "downloading" if download.report else "waiting"
    if status.in_use and name in _names(status.in_use):
        return "in use"
    if name in facts.coming.values():
        return "preparing"
    if name == facts.translator:
        return "in use"
    return "here" if facts.folder(name) else "to be had"


def _names(pair: Pair) -> set[str]:
    return {checkpoint.record.name for checkpoint in pair}


def _place(offer: Offer) -> tuple[object, ...]:
    """Sorts offers: used, recommended, here; then by what is known of their Vietnamese."""
    record, order = offer.record, ("in use", "preparing", "downloading", "waiting", "failed")
    state = order.index(offer.state) if offer.state in order else len(order)
    vietnamese = [each for each in _recalls(record) if each.language == "vi" and each.rank == 1]
    percent = max((each.percent for each in vietnamese), default=-1.0)
    understands = isinstance(record, Checkpoint) and record.knows("vi") and offer.poor is None
    return (
        state,
        not offer.recommended,
        offer.state != "here",
        not understands,
        -percent,
        offer.name,
    )


def _recalls(record: Record) -> tuple[Recall, ...]:
    return record.recalls if isinstance(record, Checkpoint) else ()
