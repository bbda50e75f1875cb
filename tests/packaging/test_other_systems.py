"""What Windows and macOS are given, as far as it can be told without them."""

import ast
import plistlib
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from gui import autostart
from tests.packaging.packaged import ROOT
from tests.packaging.tools import MIME_TYPES, PACKAGING, loaded, needs, ran

WINDOWS = PACKAGING / "windows"
MACOS = PACKAGING / "macos"


def sections(script: Path) -> dict[str, list[str]]:
    """The lines of an Inno Setup script below their headings; comments left out."""
    data = script.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf"), "without the mark it is read as ANSI"
    found: dict[str, list[str]] = {}
    name = ""
    for line in data.decode("utf-8-sig").splitlines():
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            name = heading[1]
        elif line.strip() and not line.startswith((";", "#")):
            found.setdefault(name, []).append(line)
    return found


SETUP = WINDOWS / "anhoi.iss"


def test_windows_knows_the_program_by_the_same_name_for_ever() -> None:
    setup = dict(line.split("=", 1) for line in sections(SETUP)["Setup"])
    assert setup["AppId"] == "{{7C0E0B0A-6C1B-4E5B-9D53-1F8B0F3B6A21}"
    assert setup["PrivilegesRequired"] == "lowest"
    assert setup["DefaultDirName"].startswith("{localappdata}")


def test_the_installer_takes_what_is_there() -> None:
    text = SETUP.read_text("utf-8-sig")
    for path in re.findall(r"\{#Root\}\\([\w.\\-]+)", text):
        place = ROOT / path.replace("\\", "/")
        assert place.is_file() or path.startswith(("dist", "build")), path
    assert (WINDOWS / "Vietnamese.isl").is_file()
    assert sections(WINDOWS / "Vietnamese.isl")["LangOptions"][0] == "LanguageName=Tiếng Việt"


def test_what_it_writes_into_the_registry_goes_with_it() -> None:
    entries = sections(SETUP)["Registry"]
    assert len(entries) == 7
    for entry in entries:
        assert entry.startswith("Root: HKCU;")
        assert re.search(r"Flags: [\w ]*uninsdelete(key|value)\b", entry)
    (run,) = [entry for entry in entries if autostart.RUN_KEY in entry]
    assert f'ValueName: "{autostart.NAME}"' in run
    assert "uninsdeletevalue" in run  # the key is Windows' own
    starts = [entry for entry in entries if r"\command" in entry]
    assert all('"""{app}\\anhoi.exe"" ""%1"""' in entry for entry in starts)


def test_it_speaks_vietnamese_and_english_throughout() -> None:
    parts = sections(SETUP)
    languages = [line.split('"')[1] for line in parts["Languages"]]
    assert languages == ["vi", "en"]
    said = {line.partition("=")[0] for line in parts["CustomMessages"]}
    named = set(re.findall(r"\{cm:(\w+)\}", SETUP.read_text("utf-8-sig")))
    assert said == {f"{language}.{name}" for language in languages for name in named}


def test_only_the_library_is_removed_and_only_when_the_user_says_so() -> None:
    code = "\n".join(sections(SETUP)["Code"])
    assert code.count("DelTree") == 1
    assert "UninstallSilent" in code
    assert "MB_DEFBUTTON2" in code  # Enter keeps it
    assert r"ExpandConstant('{localappdata}\anhoi')" in code


def test_windows_shows_the_version_of_the_program(tmp_path: Path) -> None:
    resource = loaded("version_resource", WINDOWS)
    text = Path(resource.made(tmp_path, "anhoi", "1.20.3")).read_text("utf-8")
    ast.parse(text)

    def record(*values: Any, **named: Any) -> SimpleNamespace:  # noqa: ANN401 - PyInstaller's
        return SimpleNamespace(values=values, **named)

    names = set(re.findall(r"\b([A-Z]\w+)\(", text))
    shown = eval(text, dict.fromkeys(names, record))
    assert shown.ffi.filevers == shown.ffi.prodvers == (1, 20, 3, 0)
    assert {"FileVersion": "1.20.3", "OriginalFilename": "anhoi.exe"}.items() <= dict(
        one.values for one in shown.kids[0].values[0][0].values[1]
    ).items()


def test_macos_is_told_the_version_and_what_the_program_opens() -> None:
    made = loaded("info", MACOS).info_plist("1.20.3")
    read = plistlib.loads(plistlib.dumps(made))
    assert read["CFBundleShortVersionString"] == "1.20.3"
    opened = [kind for one in read["CFBundleDocumentTypes"] for kind in one["LSItemContentTypes"]]
    assert "public.folder" in opened
    photos = set(MIME_TYPES.values()) - {"image/apng"}  # to macOS it is a PNG
    assert len(opened) == len(photos) + 1
    ranks = {one["LSHandlerRank"] for one in read["CFBundleDocumentTypes"]}
    assert ranks == {"Alternate"}  # the user's own choice stays


def test_macos_is_asked_for_no_more_rights_than_two() -> None:
    rights = plistlib.loads((MACOS / "entitlements.plist").read_bytes())
    prefix = "com.apple.security.cs."
    assert rights == {
        f"{prefix}allow-unsigned-executable-memory": True,
        f"{prefix}disable-library-validation": True,
    }


@pytest.mark.skipif(sys.platform == "darwin", reason="it would make one")
def test_a_disk_image_is_made_on_macos_alone() -> None:
    needs("sh")
    done = ran("sh", MACOS / "build-dmg.sh")
    assert done.returncode == 1
    assert "is made on macOS" in done.stderr
