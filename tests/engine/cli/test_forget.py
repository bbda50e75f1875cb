import os
from pathlib import Path

import pytest

from engine.cli.commands import run
from engine.indexing.adding import add_files
from engine.library.library import Library
from tests.conftest import MakePhoto


@pytest.fixture
def folder(tmp_path: Path, make_photo: MakePhoto) -> Path:
    """A folder of two photos in a library beside it."""
    album = tmp_path / "ảnh"
    for seed in range(2):
        make_photo(album / f"{seed}.png", seed)
    with Library.open(tmp_path / "library") as library:
        list(add_files(library, os.fsencode(album)))
    return album


def forget(library: Path, folder: Path) -> int:
    return run(["--library", str(library), "forget", str(folder)])


def test_a_folder_is_forgotten_and_its_files_are_not_touched(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert forget(tmp_path / "library", folder) == 0
    assert "2 photos of" in capsys.readouterr().out
    assert len(list(folder.iterdir())) == 2
    with Library.open_to_read(tmp_path / "library") as library:
        assert library.folders.all() == []
        assert library.photos.count() == 0


def test_a_folder_that_is_gone_for_good_can_be_forgotten(folder: Path, tmp_path: Path) -> None:
    folder.rename(tmp_path / "elsewhere")
    assert forget(tmp_path / "library", folder) == 0


def test_a_folder_that_is_not_there_is_named_beside_those_that_are(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert forget(tmp_path / "library", tmp_path / "other") == 1
    told = capsys.readouterr().err
    assert "other is no folder of the library" in told
    assert str(folder) in told
    with Library.open_to_read(tmp_path / "library") as library:
        assert library.photos.count() == 2
