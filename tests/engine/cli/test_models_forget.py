from pathlib import Path

import numpy as np
import pytest

from engine.cli.commands import run
from engine.library.library import Library
from engine.library.photo import FoundFile
from engine.workspace import Pair

OLD = "tiny-openclip@0123456789ab"  # other weights under the same name


@pytest.fixture
def library(tmp_path: Path, tiny_pair: Pair, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two photos that three checkpoints have embedded; OpenCLIP's is in use."""
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(tiny_pair[0].folder.parent))
    folder = tmp_path / "library"
    with Library.open(folder) as opened:
        opened.remember("openclip", "tiny-openclip")
        folder_id = opened.folders.add(b"/photos").id
        for number in range(2):
            photo_id = opened.photos.add(folder_id, FoundFile(b"/photos/%d" % number, 1, 1))
            for key in (*(checkpoint.key for checkpoint in tiny_pair), OLD):
                opened.embeddings.add(photo_id, key, np.ones(8, np.float16))
    return folder


def forget(library: Path, name: str) -> int:
    return run(["--library", str(library), "models", "forget", name])


def kept(library: Path) -> set[str]:
    with Library.open_to_read(library) as opened:
        return {embedded.key for embedded in opened.embeddings.by_checkpoint()}


def test_embeddings_of_a_checkpoint_are_deleted_by_its_name(
    library: Path, tiny_pair: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    assert forget(library, "tiny-beit3") == 0
    assert "2 embeddings of tiny-beit3 deleted." in capsys.readouterr().out
    assert kept(library) == {tiny_pair[0].key, OLD}


def test_those_of_the_pair_in_use_stay(
    library: Path, tiny_pair: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    assert forget(library, tiny_pair[0].key) == 1
    assert "tiny-openclip is in use or being prepared" in capsys.readouterr().err
    assert tiny_pair[0].key in kept(library)


def test_those_of_replaced_weights_are_deleted_by_their_key(library: Path, tiny_pair: Pair) -> None:
    assert forget(library, OLD) == 0
    assert kept(library) == {checkpoint.key for checkpoint in tiny_pair}


def test_a_checkpoint_that_has_embedded_nothing_is_told_with_those_that_have(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert forget(library, "nobody") == 1
    told = capsys.readouterr().err
    assert "no embeddings of nobody" in told
    assert OLD in told


def test_a_library_that_is_not_there_is_not_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert forget(tmp_path / "nothing", "nobody") == 1
    assert "There is no library" in capsys.readouterr().err
    assert not (tmp_path / "nothing").exists()
