import signal
import subprocess
import sys
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest

from engine.errors import CheckpointError, LibraryBusyError, LibraryError
from engine.library.embeddings import CheckpointEmbeddings
from engine.library.library import Library
from engine.library.photo import FoundFile
from engine.models.checkpoints import DEFAULT_BEIT3, DEFAULT_OPENCLIP
from engine.models.installed import InstalledCheckpoint
from engine.search.fusion import Fusion
from engine.workspace import (
    DEFAULTS,
    coming_pair,
    forget_embeddings,
    fusion_in_use,
    give_up_coming,
    open_workspace,
    pair_in_use,
    remember_coming,
    remember_fusion,
    switch_to_coming,
    use_pair,
)

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
ROOT = Path(__file__).parents[2]
FIRST = ("tiny-openclip", "tiny-beit3")
SECOND = {"openclip": "second-openclip", "beit3": "second-beit3"}


@pytest.fixture(autouse=True)
def own_checkpoints(tiny_pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(tiny_pair[0].folder.parent))


def use(folder: Path, *names: str) -> None:
    with Library.open(folder) as library:
        for family, name in zip(DEFAULTS, names, strict=True):
            library.remember(family, name)


def test_a_library_is_searched_with_the_pair_it_remembers(tmp_path: Path, tiny_pair: Pair) -> None:
    use(tmp_path, "tiny-openclip", "tiny-beit3")
    with open_workspace(tmp_path, writable=True) as workspace:
        assert workspace.pair == tiny_pair
        assert list(workspace.indexes) == [checkpoint.key for checkpoint in tiny_pair]
        assert [index.dimension for index in workspace.indexes.values()] == [32, 32]


def test_a_new_library_asks_for_the_starters(tmp_path: Path) -> None:
    assert DEFAULTS == {"openclip": DEFAULT_OPENCLIP, "beit3": DEFAULT_BEIT3}
    with Library.open(tmp_path) as library:
        try:
            names = [checkpoint.record.name for checkpoint in pair_in_use(library)]
        except CheckpointError as error:  # a checkout without the bundled weights
            assert DEFAULT_OPENCLIP in str(error)  # noqa: PT017
        else:
            assert names == [DEFAULT_OPENCLIP, DEFAULT_BEIT3]


def test_a_pair_nobody_has_measured_is_joined_in_equal_parts(tmp_path: Path) -> None:
    use(tmp_path, "tiny-openclip", "tiny-beit3")
    with open_workspace(tmp_path, writable=True) as workspace:
        assert workspace.fusion.weights == (0.5, 0.5)
        assert workspace.fusion.normalisation == "zscore"


def test_a_checkpoint_of_the_other_family_is_refused(tmp_path: Path) -> None:
    use(tmp_path, "tiny-beit3", "tiny-beit3")
    told = "tiny-beit3 is no checkpoint of the openclip family: anhoi models list shows"
    with Library.open(tmp_path) as library:
        with pytest.raises(CheckpointError, match=told):
            pair_in_use(library)
        assert pair_in_use(library, {"openclip": "tiny-openclip"})
        with pytest.raises(CheckpointError, match="tiny-openclip is no checkpoint of the beit3"):
            pair_in_use(library, {"openclip": "tiny-openclip", "beit3": "tiny-openclip"})
        remember_coming(library, {"openclip": "tiny-openclip", "beit3": "tiny-openclip"})
        with pytest.raises(CheckpointError, match="tiny-openclip is no checkpoint of the beit3"):
            coming_pair(library)


def test_a_checkpoint_that_is_gone_is_named_and_the_library_is_free_again(tmp_path: Path) -> None:
    use(tmp_path, "gone", "tiny-beit3")
    for writable in (True, False):
        with (
            pytest.raises(CheckpointError, match="“gone”"),
            open_workspace(tmp_path, writable=writable),
        ):
            pass
    Library.open(tmp_path).close()


def test_readers_need_a_library_and_work_beside_its_one_writer(tmp_path: Path) -> None:
    with (
        pytest.raises(LibraryError, match="index a folder first"),
        open_workspace(tmp_path / "none", writable=False),
    ):
        pass
    assert not (tmp_path / "none").exists()
    use(tmp_path, "tiny-openclip", "tiny-beit3")
    with open_workspace(tmp_path, writable=True):
        with open_workspace(tmp_path, writable=False) as reader:
            assert reader.library.photos.count() == 0
        with (
            pytest.raises(LibraryBusyError, match="Another Ảnh Ơi"),
            open_workspace(tmp_path, writable=True),
        ):
            pass


def test_an_error_inside_frees_the_library(tmp_path: Path) -> None:
    use(tmp_path, "tiny-openclip", "tiny-beit3")
    with (
        pytest.raises(ZeroDivisionError),
        open_workspace(tmp_path, writable=True),
    ):
        raise ZeroDivisionError
    Library.open(tmp_path).close()


def test_the_users_own_fusion_is_kept_for_its_pair_alone(tmp_path: Path) -> None:
    use(tmp_path, "tiny-openclip", "tiny-beit3")
    with open_workspace(tmp_path, writable=True) as workspace:
        default = workspace.fusion
        own = Fusion("minmax", (0.25, 0.75))
        assert default != own
        remember_fusion(workspace.library, workspace.pair, own)
        assert workspace.fusion == own
        assert fusion_in_use(workspace.library, workspace.pair[::-1]) == default


def names(pair: Pair | None) -> list[str]:
    return [checkpoint.record.name for checkpoint in pair or ()]


@pytest.fixture
def four(second_pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both pairs are on this machine."""
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(second_pair[0].folder.parent))


@pytest.mark.usefixtures("four")
def test_a_pair_comes_while_another_is_in_use(tmp_path: Path, second_pair: Pair) -> None:
    use(tmp_path, *FIRST)
    with Library.open(tmp_path) as library:
        assert coming_pair(library) is None
        remember_coming(library, SECOND)
        assert coming_pair(library) == second_pair
        assert names(pair_in_use(library)) == list(FIRST)
        assert switch_to_coming(library, second_pair)
        assert pair_in_use(library) == second_pair
        assert coming_pair(library) is None
        assert not switch_to_coming(library, second_pair)  # once is enough


@pytest.mark.usefixtures("four")
def test_a_pair_that_is_not_wanted_any_more_is_not_switched_to(
    tmp_path: Path, second_pair: Pair
) -> None:
    use(tmp_path, *FIRST)
    with Library.open(tmp_path) as library:
        remember_coming(library, SECOND)
        give_up_coming(library)
        assert coming_pair(library) is None
        assert not switch_to_coming(library, second_pair)
        remember_coming(library, {"beit3": "second-beit3"})
        assert names(coming_pair(library)) == ["tiny-openclip", "second-beit3"]
        assert not switch_to_coming(library, second_pair)
        assert names(pair_in_use(library)) == list(FIRST)


@pytest.mark.usefixtures("four")
def test_a_pair_used_at_once_takes_the_place_of_one_to_come(tmp_path: Path) -> None:
    use(tmp_path, *FIRST)
    with Library.open(tmp_path) as library:
        remember_coming(library, SECOND)
        use_pair(library, {"openclip": "second-openclip"})
        assert names(pair_in_use(library)) == ["second-openclip", "tiny-beit3"]
        assert coming_pair(library) is None


@pytest.mark.usefixtures("four")
def test_who_reads_while_another_switches_never_gets_a_mix_of_both_pairs(tmp_path: Path) -> None:
    use(tmp_path, *FIRST)
    first: dict[str, str] = dict(zip(DEFAULTS, FIRST, strict=True))
    pairs = cycle([SECOND, first])
    with Library.open(tmp_path) as library, Library.open_to_read(tmp_path) as reader:
        # The other one switches whenever the reader asks anything.
        reader._connection.set_trace_callback(lambda _sql: use_pair(library, next(pairs)))
        found = {tuple(names(pair_in_use(reader))) for _ in range(4)}
        reader._connection.set_trace_callback(None)
    assert found <= {FIRST, tuple(SECOND.values())}


@pytest.mark.usefixtures("four")
def test_the_pair_in_use_need_not_come(tmp_path: Path) -> None:
    use(tmp_path, *FIRST)
    with Library.open(tmp_path) as library:
        remember_coming(library, {})
        assert coming_pair(library) is None


def test_a_coming_checkpoint_that_is_gone_is_named(tmp_path: Path) -> None:
    use(tmp_path, *FIRST)
    with Library.open(tmp_path) as library:
        remember_coming(library, {"openclip": "gone"})
        with pytest.raises(CheckpointError, match="“gone”"):
            coming_pair(library)


# Ends itself, as power does, just before the given statement that changes the library.
KILLED_WHILE_SWITCHING = """
import os, signal, sys
from pathlib import Path
from engine.library.connection import Connection
from engine.library.library import Library
from engine.workspace import coming_pair, switch_to_coming

left, run = int(sys.argv[2]), Connection.run

def run_or_die(self, sql, parameters=()):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return run(self, sql, parameters)

with Library.open(Path(sys.argv[1])) as library:
    pair = coming_pair(library)
    Connection.run = run_or_die
    switch_to_coming(library, pair)
"""


@pytest.mark.usefixtures("four")
def test_a_kill_while_switching_leaves_one_pair_or_the_other(tmp_path: Path) -> None:
    use(tmp_path, *FIRST)
    with Library.open(tmp_path) as library:
        remember_coming(library, SECOND)
    codes = []
    for statements in range(7):  # BEGIN, two for the pair, two for what is to come, COMMIT
        command = [sys.executable, "-c", KILLED_WHILE_SWITCHING, str(tmp_path), str(statements)]
        codes.append(subprocess.run(command, cwd=ROOT, check=False).returncode)
        with Library.open(tmp_path) as library:
            found = names(pair_in_use(library)), names(coming_pair(library))
        expected = (
            (list(SECOND.values()), []) if codes[-1] == 0 else (list(FIRST), [*SECOND.values()])
        )
        assert found == expected, statements
    assert codes == [-signal.SIGKILL] * 6 + [0]


@pytest.mark.usefixtures("four")
def test_embeddings_are_forgotten_with_their_index(tmp_path: Path, second_pair: Pair) -> None:
    use(tmp_path, *FIRST)
    key, other = (checkpoint.key for checkpoint in second_pair)
    with Library.open(tmp_path) as library:
        folder_id = library.folders.add(b"/photos").id
        for number in range(5):
            photo_id = library.photos.add(folder_id, FoundFile(b"/photos/%d" % number, 1, 1))
            for each in (key, other):
                library.embeddings.add(photo_id, each, np.ones(8, np.float16))
        index = library.paths.indexes / f"{key}.faiss"
        index.parent.mkdir()
        index.touch()
        assert list(forget_embeddings(library, key)) == [5, 5]
        assert not index.exists()
        assert library.embeddings.by_checkpoint() == [CheckpointEmbeddings(other, 5, 5 * 16)]
        assert list(forget_embeddings(library, key)) == [0]


@pytest.mark.usefixtures("four")
def test_what_is_in_use_or_to_come_is_not_forgotten(
    tmp_path: Path, tiny_pair: Pair, second_pair: Pair
) -> None:
    use(tmp_path, *FIRST)
    with Library.open(tmp_path) as library:
        remember_coming(library, SECOND)
        for checkpoint in (*tiny_pair, *second_pair):
            with pytest.raises(LibraryError, match=f"{checkpoint.record.name} is in use or being"):
                next(forget_embeddings(library, checkpoint.key))
        # Other weights were under this name once: nothing is searched by them.
        assert list(forget_embeddings(library, "tiny-beit3@0123456789ab")) == [0]
        library.remember("beit3", "gone")
        with pytest.raises(LibraryError, match="gone is in use"):
            next(forget_embeddings(library, "gone@0123456789ab"))
