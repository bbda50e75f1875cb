import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.paths import (
    LibraryPaths,
    absolute,
    bundled_checkpoints_folder,
    cache_folder,
    checkpoints_folder,
    default_library_folder,
    is_within,
    path_key,
    shown_path,
)

NFD = unicodedata.normalize("NFD", "/ảnh/Tết ở Huế.jpg").encode()


def test_a_name_in_nfd_is_looked_up_as_people_type_it() -> None:
    assert path_key(NFD) == "/ảnh/Tết ở Huế.jpg"


def test_names_that_are_not_utf_8_and_differ_stay_apart() -> None:
    assert path_key(b"/a/\xff.jpg") != path_key(b"/a/\xfe.jpg")


@given(st.binary())
def test_any_bytes_have_a_key_in_nfc_and_can_be_shown(path: bytes) -> None:
    assert unicodedata.is_normalized("NFC", path_key(path))
    path_key(path).encode()  # can be kept by SQLite
    shown_path(path).encode()


def test_what_is_not_utf_8_is_shown_as_a_replacement_character() -> None:
    assert shown_path("/ảnh/".encode() + b"\xff.jpg") == "/ảnh/\ufffd.jpg"


@given(st.binary(min_size=1).filter(lambda name: not {0, 47} & set(name)))
def test_a_path_survives_byte_for_byte_as_text_and_as_bytes(name: bytes) -> None:
    path = b"/photos/" + name
    expected = os.path.normpath(path)
    assert (
        absolute(path)
        == absolute(os.fsdecode(path))
        == absolute(Path(os.fsdecode(path)))
        == expected
    )


def test_a_relative_path_begins_where_the_program_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert absolute("ảnh/../a.jpg") == os.fsencode(tmp_path / "a.jpg")


def test_a_link_to_a_folder_is_kept_as_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert absolute(tmp_path / "link" / "a.jpg").endswith(b"link/a.jpg")


def test_the_environment_names_the_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ANHOI_LIBRARY", str(tmp_path / "L"))
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(tmp_path / "C"))
    assert (default_library_folder(), checkpoints_folder()) == (tmp_path / "L", tmp_path / "C")


@pytest.mark.parametrize("unset", [True, False])
def test_without_a_name_everything_lies_in_the_users_own_folders(
    unset: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("ANHOI_LIBRARY", "ANHOI_CHECKPOINTS"):
        monkeypatch.delenv(name, raising=False) if unset else monkeypatch.setenv(name, "")
    for folder in (default_library_folder(), checkpoints_folder(), cache_folder()):
        assert folder.is_relative_to(tmp_path / "home")


def test_the_bundled_checkpoints_lie_beside_the_engine() -> None:
    folder = bundled_checkpoints_folder()
    assert folder.parts[-2:] == ("resources", "models")
    assert (folder.parent.parent / "engine" / "paths.py").is_file()


def test_all_files_of_a_library_lie_in_its_folder(tmp_path: Path) -> None:
    paths = LibraryPaths(tmp_path)
    files = [paths.database, paths.lock, paths.indexes, paths.thumbnails]
    assert len(set(files)) == 4
    assert {file.parent for file in files} == {tmp_path}


@pytest.mark.parametrize(
    ("path", "within"),
    [(b"/a/b", True), (b"/a/b/", True), (b"/a/b/c", True), (b"/a/bc", False), (b"/a", False)],
)
def test_a_path_is_within_a_folder_by_whole_names(path: bytes, within: bool) -> None:
    assert is_within(path, b"/a/b") is within
