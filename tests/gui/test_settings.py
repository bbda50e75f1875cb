import json
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import FolderError
from gui.settings import Settings, SettingsFile, setting_titles, user_settings_file

ALL_CHANGED = Settings(
    language="en",
    theme="dark",
    cell_side=240,
    mode="beit3",
    hidden_files=True,
    excluded_folders=("/ảnh/nháp", "/photos/caf\udce9"),  # the second is no UTF-8
    device="cpu",
    precision="float32",
    machine_share="gentle",
    start_with_system=True,
    keep_in_tray=True,
    check_updates=True,
    slideshow_seconds=12,
    search_history=("chợ nổi", "con mèo -chó"),
    window_geometry="AdnQywAD",
    library_folder="/thư viện",
    models_suggested=True,
)


@pytest.fixture
def file(tmp_path: Path) -> SettingsFile:
    return SettingsFile(tmp_path / "anhoi" / "settings.json")


def write(file: SettingsFile, text: str) -> None:
    file.path.parent.mkdir(exist_ok=True)
    file.path.write_text(text, "utf-8")


def test_every_setting_comes_back_as_it_was_saved(file: SettingsFile) -> None:
    standard = Settings()
    for field in fields(Settings):
        assert getattr(ALL_CHANGED, field.name) != getattr(standard, field.name)
    file.save(ALL_CHANGED)
    assert file.load() == (ALL_CHANGED, None)


def test_nobody_is_asked_for_new_versions_unless_the_user_wants_it() -> None:
    assert not Settings().check_updates


def test_without_a_file_there_are_the_standard_settings_and_no_word(file: SettingsFile) -> None:
    assert file.load() == (Settings(), None)
    assert not file.path.parent.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language", "fr"),
        ("theme", None),
        ("cell_side", 95),
        ("cell_side", 321),
        ("cell_side", "176"),
        ("cell_side", True),
        ("cell_side", 176.5),
        ("mode", ["fused"]),
        ("hidden_files", "yes"),
        ("hidden_files", 1),
        ("excluded_folders", ["relative/folder"]),
        ("excluded_folders", "/photos"),
        ("excluded_folders", [1]),
        ("device", "tpu"),
        ("precision", "int4"),
        ("machine_share", {}),
        ("start_with_system", 0),
        ("keep_in_tray", None),
        ("check_updates", "daily"),
        ("slideshow_seconds", 0),
        ("slideshow_seconds", 61),
        ("search_history", ["chó", 3]),
        ("window_geometry", "not base64!"),
        ("window_geometry", "ảnh"),
        ("library_folder", "somewhere"),
        ("library_folder", "/a\0b"),
    ],
)
def test_a_value_that_cannot_be_right_falls_back_with_a_word_and_the_others_stay(
    file: SettingsFile, name: str, value: object
) -> None:
    file.save(ALL_CHANGED)
    write(file, json.dumps(json.loads(file.path.read_text()) | {name: value}))
    settings, word = file.load()
    assert asdict(settings) == asdict(ALL_CHANGED) | {name: getattr(Settings(), name)}
    assert word is not None
    assert setting_titles()[name] in word


def test_several_wrong_values_are_named_in_one_sentence(file: SettingsFile) -> None:
    write(file, json.dumps({"theme": "pink", "cell_side": -1, "mode": "beit3"}))
    settings, word = file.load()
    assert settings == Settings(mode="beit3")
    assert word is not None
    assert "Appearance, Size of the photos" in word


def test_a_wrong_value_cannot_be_made_in_the_program_either() -> None:
    with pytest.raises(ValueError, match="cell_side, slideshow_seconds"):
        Settings(cell_side=1, slideshow_seconds=0)


def test_what_another_version_has_written_is_passed_over(file: SettingsFile) -> None:
    write(file, json.dumps({"holograms": True, "theme": "light"}))
    assert file.load() == (Settings(theme="light"), None)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"theme": "dark"', "[" * 100_000])
def test_a_malformed_file_is_set_aside_with_a_word(file: SettingsFile, text: str) -> None:
    write(file, text)
    settings, word = file.load()
    assert settings == Settings()
    assert word is not None
    aside = file.path.with_name("settings.json.broken")
    assert str(aside) in word
    assert aside.read_text() == text
    assert file.load() == (Settings(), None)


def test_bytes_that_are_no_text_are_set_aside_too(file: SettingsFile) -> None:
    file.path.parent.mkdir()
    file.path.write_bytes(b"\xff\xfe{}")
    assert file.load()[1] is not None
    assert file.path.with_name("settings.json.broken").read_bytes() == b"\xff\xfe{}"


def test_a_file_that_cannot_be_read_is_named(file: SettingsFile) -> None:
    file.path.mkdir(parents=True)
    settings, word = file.load()
    assert settings == Settings()
    assert word is not None
    assert str(file.path) in word
    assert "Is a directory" in word


def test_a_malformed_file_that_cannot_be_set_aside_is_named(file: SettingsFile) -> None:
    write(file, "{")
    aside = file.path.with_name("settings.json.broken")
    (aside / "full").mkdir(parents=True)
    settings, word = file.load()
    assert settings == Settings()
    assert word is not None
    assert "cannot be read" in word
    assert file.path.read_text() == "{"


def test_settings_that_cannot_be_kept_are_an_error_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "anhoi").write_text("a file where the folder should be")
    file = SettingsFile(tmp_path / "anhoi" / "settings.json")
    with pytest.raises(FolderError, match=r"cannot be kept in .*settings\.json: "):
        file.save(Settings())


def test_a_save_that_fails_leaves_the_old_settings(file: SettingsFile) -> None:
    file.save(ALL_CHANGED)
    file.path.with_name(".settings.json.part").mkdir()  # in the way of the temporary file
    with pytest.raises(FolderError):
        file.save(Settings())
    assert file.load() == (ALL_CHANGED, None)


def test_every_setting_has_a_title() -> None:
    assert setting_titles().keys() == asdict(Settings()).keys()
    assert all(setting_titles().values())


def test_the_user_s_file_lies_where_the_system_keeps_settings(tmp_path: Path) -> None:
    assert user_settings_file().is_relative_to(tmp_path)
    assert user_settings_file().parts[-2:] == ("anhoi", "settings.json")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([field.name for field in fields(Settings)]), JSON))
def test_no_file_whatsoever_stops_the_program(
    tmp_path_factory: pytest.TempPathFactory, kept: dict[str, Any]
) -> None:
    file = SettingsFile(tmp_path_factory.mktemp("settings") / "settings.json")
    write(file, json.dumps(kept))
    settings, _ = file.load()
    file.save(settings)
    assert file.load() == (settings, None)
