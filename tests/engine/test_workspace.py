from pathlib import Path

import pytest

from engine.errors import CheckpointError, LibraryBusyError, LibraryError
from engine.library.library import Library
from engine.models.checkpoints import DEFAULT_BEIT3, DEFAULT_OPENCLIP
from engine.models.installed import InstalledCheckpoint
from engine.search.fusion import Fusion
from engine.workspace import DEFAULTS, fusion_in_use, open_workspace, pair_in_use, remember_fusion

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]


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
