"""A library opened together with all that works on it."""

import json
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from engine.errors import CheckpointError, EngineError, LibraryError
from engine.index.upkeep import open_index
from engine.index.vector_index import VectorIndex
from engine.inference.client import ModelProcess, precisions_file
from engine.library.library import Library
from engine.models.checkpoint import Family
from engine.models.checkpoints import DEFAULT_BEIT3, DEFAULT_OPENCLIP, pair_default
from engine.models.installed import InstalledCheckpoint, find_installed, installed
from engine.models.installed_translators import installed_translator
from engine.search.fusion import Fusion
from engine.search.searching import Searcher

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
DEFAULTS: dict[Family, str] = {"openclip": DEFAULT_OPENCLIP, "beit3": DEFAULT_BEIT3}


@dataclass(frozen=True, slots=True)
class Workspace:
    """What indexing, searching and evaluating need.

    Attributes:
        library: the photos.
        pair: the checkpoints in use, OpenCLIP's first.
        models: the process that runs them.
        indexes: by checkpoint key, in the order of `pair`.
    """

    library: Library
    pair: Pair
    models: ModelProcess
    indexes: dict[str, VectorIndex]

    @property
    def searcher(self) -> Searcher:
        return Searcher(self.library, self.models, self.indexes)

    @property
    def fusion(self) -> Fusion:
        """How the scores of this pair are joined."""
        return fusion_in_use(self.library, self.pair)


def pair_in_use(library: Library, instead: Mapping[Family, str] = MappingProxyType({})) -> Pair:
    """The checkpoints this library is searched with, OpenCLIP's first.

    Args:
        library: remembers which.
        instead: names that are used for this once.

    Raises:
        CheckpointError: one of them is not on this machine, or of the other family.
    """
    return _pair({**names_in_use(library), **instead})


def use_pair(library: Library, names: Mapping[str, str]) -> None:
    """Search with these checkpoints from the next opening on; no pair is to come any more."""
    with library.transaction():
        for family, name in names.items():
            library.remember(family, name)
        give_up_coming(library)


def coming_pair(library: Library) -> Pair | None:
    """The checkpoints that photos are embedded by before they are searched with.

    Raises:
        CheckpointError: one of them is not on this machine, or of the other family.
    """
    names = _coming_names(library)
    if not any(names.values()) or names == names_in_use(library):
        return None
    return _pair(names)


def remember_coming(library: Library, names: Mapping[str, str]) -> None:
    """Have photos embedded by these checkpoints; a family that is not named stays as it is."""
    with library.transaction():
        for family, in_use in names_in_use(library).items():
            library.remember(_coming(family), names.get(family, in_use))


def give_up_coming(library: Library, pair: Pair | None = None) -> bool:
    """Stay with the pair in use; what the other one has embedded is kept.

    Args:
        library: open for writing.
        pair: the one that is given up; None means whichever is to come.

    Returns:
        False, with nothing done, where another one is wanted by now.
    """
    names: dict[str, str] = {each.record.family: each.record.name for each in pair or ()}
    with library.transaction():
        if names and _coming_names(library) != names:
            return False
        for family in DEFAULTS:
            library.remember(_coming(family), "")
    return True


def switch_to_coming(library: Library, pair: Pair) -> bool:
    """Search with the pair that was to come, from now on: all of it or nothing.

    Returns:
        False, with nothing done, where another one is wanted by now.
    """
    names: dict[str, str] = {each.record.family: each.record.name for each in pair}
    with library.transaction():
        if _coming_names(library) != names:
            return False
        use_pair(library, names)
    return True


def given_up(error: EngineError) -> CheckpointError:
    """What is told when a pair cannot be prepared."""
    return CheckpointError(f"The new models cannot be used, those in use stay: {error}")


def names_in_use(library: Library) -> dict[Family, str]:
    """The names of the checkpoints a library is searched with, whether they are there or not."""
    found = library.settings(DEFAULTS)
    return {family: found.get(family) or default for family, default in DEFAULTS.items()}


def _pair(names: Mapping[Family, str]) -> Pair:
    return _of("openclip", names["openclip"]), _of("beit3", names["beit3"])


def _of(family: Family, name: str) -> InstalledCheckpoint:
    found = find_installed(name)
    if found.record.family != family:
        raise CheckpointError(
            f"{name} is no checkpoint of the {family} family: anhoi models list shows which are."
        )
    return found


def _coming_names(library: Library) -> dict[Family, str]:
    found = library.settings(map(_coming, DEFAULTS))
    return {family: found.get(_coming(family), "") for family in DEFAULTS}


def _coming(family: Family) -> str:
    return f"coming {family}"


def forget_embeddings(library: Library, key: str) -> Generator[int]:
    """Delete what a checkpoint has embedded, and its index.

    Args:
        library: open for writing; between two batches others may write to it too.
        key: the checkpoint's.

    Yields:
        How many embeddings have been deleted so far, after each batch.

    Raises:
        LibraryError: the checkpoint is of the pair in use, or of the one to come.
    """
    done, batch = 0, 1
    while batch:
        with library.transaction():  # nobody can begin to use them in between
            if _is_wanted(library, key):
                name = key.rpartition("@")[0]
                raise LibraryError(
                    f"{name} is in use or being prepared: choose other models before its "
                    "embeddings are deleted."
                )
            batch = library.embeddings.forget_some(key)
        _delete_index(library, key)
        done += batch
        yield done


def _delete_index(library: Library, key: str) -> None:
    path = library.paths.indexes / f"{key}.faiss"
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise LibraryError(f"The index {path} cannot be deleted: {error.strerror}.") from error


def _is_wanted(library: Library, key: str) -> bool:
    """Whether embeddings of this key are searched, or will be; not those of replaced weights."""
    name = key.rpartition("@")[0]
    if name not in {*names_in_use(library).values(), *_coming_names(library).values()}:
        return False
    keys = [checkpoint.key for checkpoint in installed() if checkpoint.record.name == name]
    return key in keys[:1] or not keys


def fusion_in_use(library: Library, pair: Pair) -> Fusion:
    """How the scores of a pair are joined: as the user chose for it, else as is best known."""
    chosen = library.setting(_fusion_setting(pair))
    if chosen is not None:
        normalisation, *weights = json.loads(chosen)
        return Fusion(normalisation, tuple(weights))
    return default_fusion(pair)


def default_fusion(pair: Pair) -> Fusion:
    """How the scores of a pair are best joined, as far as is known."""
    default = pair_default(*(checkpoint.record.name for checkpoint in pair))
    return Fusion(default.normalisation, default.weights)


def remember_fusion(library: Library, pair: Pair, fusion: Fusion) -> None:
    """Keep the user's choice for a pair with a library that is open for writing."""
    library.remember(_fusion_setting(pair), json.dumps([fusion.normalisation, *fusion.weights]))


def _fusion_setting(pair: Pair) -> str:
    return " + ".join(["fusion", *(checkpoint.key for checkpoint in pair)])


@contextmanager
def open_workspace(
    folder: Path, *, writable: bool, instead: Mapping[Family, str] = MappingProxyType({})
) -> Iterator[Workspace]:
    """Open a library with its indexes and a model process that starts when it is asked.

    Args:
        folder: the library's.
        writable: False reads beside whoever writes to the library.
        instead: names of checkpoints that are used for this once.

    Raises:
        LibraryError: the library cannot be opened.
        CheckpointError: a checkpoint in use is not on this machine.
    """
    with Library.open(folder) if writable else Library.open_to_read(folder) as library:
        pair = pair_in_use(library, instead)
        indexes = {
            checkpoint.key: open_index(library, checkpoint.key, checkpoint.record.dimension)
            for checkpoint in pair
        }
        translator = installed_translator()
        with ModelProcess(pair, precisions_file(), translator=translator) as models:
            yield Workspace(library, pair, models, indexes)
