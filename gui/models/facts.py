"""What the models dialog has to know of this machine and library, read in a thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import CheckpointError
from engine.library.embeddings import CheckpointEmbeddings
from engine.library.library import Library
from engine.models.checkpoint import Checkpoint
from engine.models.checkpoints import CHECKPOINTS
from engine.models.installed import InstalledCheckpoint, installed
from engine.models.installed_translators import (
    InstalledTranslator,
    installed_translator,
    installed_translators,
)
from engine.models.machine import MachineFacts, machine_facts
from engine.models.recommending import Recommendation, recommend
from engine.models.translator import Translator
from engine.models.translators import DEFAULT_TRANSLATOR, TRANSLATORS
from engine.paths import bundled_checkpoints_folder, checkpoints_folder
from engine.workspace import coming_pair

Record = Checkpoint | Translator
DOWNLOADABLE: dict[str, Record] = {
    **{record.name: record for record in CHECKPOINTS},
    **{record.name: record for record in TRANSLATORS},
}


@dataclass(frozen=True, slots=True)
class Facts:
    """As they were when they were read.

    Attributes:
        machine: memory, disk, processor.
        recommendation: what suits it.
        photos: of the library.
        installed: the checkpoints on this machine, by name.
        translators: those on this machine, by name.
        translator: name of the one that translates; None where there is none.
        embeddings: what is kept in the library, by key.
        begun: names of what has arrived in part.
        coming: names of the checkpoints that are to be used once photos are embedded by them,
            by family.
    """

    machine: MachineFacts
    recommendation: Recommendation
    photos: int
    installed: Mapping[str, InstalledCheckpoint]
    translators: Mapping[str, InstalledTranslator]
    translator: str | None
    embeddings: Mapping[str, CheckpointEmbeddings]
    begun: frozenset[str]
    coming: Mapping[str, str]

    @property
    def records(self) -> tuple[Record, ...]:
        """All that can be had or is here already: checkpoints, then translators."""
        here = {name: checkpoint.record for name, checkpoint in self.installed.items()}
        known = {record.name: record for record in CHECKPOINTS}
        return (*(known | here).values(), *TRANSLATORS)

    @property
    def recommended(self) -> tuple[Record, ...]:
        """What is recommended for this machine: checkpoints, and a translator they may need."""
        wanted = self.recommendation.openclip, self.recommendation.beit3
        checkpoints = [checkpoint for checkpoint in wanted if checkpoint]
        if self.translator or all(checkpoint.knows("vi") for checkpoint in checkpoints):
            return tuple(checkpoints)
        return (default_translator(), *checkpoints)  # it is small, and used from the start then

    def folder(self, name: str) -> Path | None:
        """Where its files lie; None where it is not on this machine."""
        found = self.installed.get(name) or self.translators.get(name)
        return found.folder if found else None

    def is_bundled(self, name: str) -> bool:
        """Whether it came with the program and stays with it."""
        checkpoint = self.installed.get(name)
        return checkpoint is not None and checkpoint.folder.parent == bundled_checkpoints_folder()


def default_translator() -> Translator:
    """The translator that is downloaded where nobody asks for another."""
    return next(record for record in TRANSLATORS if record.name == DEFAULT_TRANSLATOR)


def read_facts(library: Library) -> Facts:
    """Look at the machine, the disk and the library; takes a moment."""
    machine = machine_facts(checkpoints_folder())
    here = {checkpoint.record.name: checkpoint for checkpoint in installed()}
    translators = {each.record.name: each for each in installed_translators()}
    best = installed_translator()
    return Facts(
        machine=machine,
        recommendation=recommend(machine, here=here),
        photos=library.photos.count(),
        installed=here,
        translators=translators,
        translator=best.record.name if best else None,
        embeddings={each.key: each for each in library.embeddings.by_checkpoint()},
        begun=_begun({*here, *translators}),
        coming=_coming(library),
    )


def _begun(here: set[str]) -> frozenset[str]:
    """Names of the folders that hold a part of something."""
    folder = checkpoints_folder()
    found = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    return frozenset(found & DOWNLOADABLE.keys() - here)


def _coming(library: Library) -> dict[str, str]:
    try:
        pair = coming_pair(library)
    except CheckpointError:  # whoever prepares it tells of that
        return {}
    return {checkpoint.record.family: checkpoint.record.name for checkpoint in pair or ()}
