"""The packages for Linux, made of a stand-in for the program."""

import gzip
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from engine.images.reading import PHOTO_SUFFIXES
from engine.paths import APP_NAME
from gui import autostart
from tests.packaging.tools import LINUX, MIME_TYPES, VERSION, loaded, needs, ran

DESKTOP = LINUX / "anhoi.desktop"
METAINFO = LINUX / "vn.anhoi.anhoi.metainfo.xml"
AWKWARD = ("Ảnh của tôi", "100% thật $HOME", "hai  khoảng 'trắng'")

icons = loaded("icons")
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="made on Linux")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Makes packages as of a fixed day, with this Python."""
    return os.environ | {"PYTHON": sys.executable, "SOURCE_DATE_EPOCH": "1700000000"}


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A folder like the built program's; it writes down what it is started with."""
    folder = tmp_path / "built"
    (folder / "_internal" / "torch" / "bin").mkdir(parents=True)
    (folder / "THIRD-PARTY-NOTICES.txt").write_text("…", "utf-8")
    recorder = folder / "anhoi"
    recorder.write_text('#!/bin/sh\nprintf "%s\\n" "$@" >"$RECORD"\n')
    recorder.chmod(0o755)
    return folder


@pytest.fixture
def laid_out(tmp_path: Path, program: Path, environment: dict[str, str]) -> Path:
    """The stand-in as it is installed."""
    root = tmp_path / "root"
    done = ran("sh", LINUX / "stage.sh", root, program, env=environment)
    assert done.returncode == 0, done.stderr
    return root


def test_the_icon_is_drawn_in_every_size(tmp_path: Path) -> None:
    icons.linux_icons(tmp_path)
    for side in icons.LINUX_SIDES:
        with Image.open(tmp_path / f"{side}x{side}" / "apps" / "anhoi.png") as image:
            assert image.size == (side, side)
            assert image.getchannel("A").getextrema() == (0, 255)
    assert (tmp_path / "scalable" / "apps" / "anhoi.svg").read_bytes() == icons.DRAWING.read_bytes()


def test_the_icons_of_windows_and_macos_hold_their_sizes(tmp_path: Path) -> None:
    with Image.open(icons.windows_icon(tmp_path / "app.ico")) as image:
        assert image.info["sizes"] == {(side, side) for side in icons.WINDOWS_SIDES}
    with Image.open(icons.macos_icon(tmp_path / "app.icns")) as image:
        assert image.size == (icons.SIDE, icons.SIDE)
    assert {path.name for path in tmp_path.iterdir()} == {"app.ico", "app.icns"}


def keys(desktop: Path) -> dict[str, str]:
    lines = [line.partition("=") for line in desktop.read_text("utf-8").splitlines()[1:]]
    return {key: value for key, _, value in lines}


def test_the_menu_entry_is_valid() -> None:
    needs("desktop-file-validate")
    checked = ran("desktop-file-validate", DESKTOP)
    assert checked.stdout + checked.stderr == ""


def test_the_menu_entry_is_that_of_the_window() -> None:
    entry = keys(DESKTOP)
    assert entry["Name"] == autostart.LABEL
    assert DESKTOP.stem == APP_NAME == entry["StartupWMClass"] == entry["Icon"]
    assert entry["Exec"] == f"{APP_NAME} %F"


def test_it_opens_folders_and_every_kind_of_photo() -> None:
    types = set(keys(DESKTOP)["MimeType"].strip(";").split(";"))
    assert types == {MIME_TYPES[suffix] for suffix in PHOTO_SUFFIXES} | {"inode/directory"}


@linux_only
def test_paths_reach_the_program_as_they_are(tmp_path: Path, program: Path) -> None:
    needs("gio")
    for name in AWKWARD:
        (tmp_path / name).mkdir()
    record = tmp_path / "record"
    environment = os.environ | {"PATH": f"{program}:{os.environ['PATH']}", "RECORD": str(record)}
    # `gio` does not wait for what it starts; the pipe that both write to is read to its end.
    launched = ran(
        "gio", "launch", DESKTOP, *(tmp_path / name for name in AWKWARD), env=environment
    )
    assert launched.returncode == 0, launched.stderr
    assert record.read_text("utf-8").splitlines() == [str(tmp_path / name) for name in AWKWARD]


def test_software_centres_are_told_the_same(tmp_path: Path) -> None:
    tree = ElementTree.parse(METAINFO)
    assert tree.findtext("launchable") == DESKTOP.name
    assert tree.findtext("name") == keys(DESKTOP)["Name"]
    needs("appstreamcli")
    filled = (
        METAINFO.read_text("utf-8").replace("@VERSION@", VERSION).replace("@DATE@", "2026-01-01")
    )
    (tmp_path / METAINFO.name).write_text(filled, "utf-8")
    checked = ran("appstreamcli", "validate", "--no-net", "--pedantic", tmp_path / METAINFO.name)
    assert checked.returncode == 0, checked.stdout


@linux_only
def test_everything_lies_where_a_desktop_looks(laid_out: Path) -> None:
    assert (laid_out / "usr/bin/anhoi").resolve() == laid_out / "usr/lib/anhoi/anhoi"
    share = laid_out / "usr/share"
    assert (share / "applications/anhoi.desktop").read_text() == DESKTOP.read_text()
    assert (
        f'version="{VERSION}" date="2023-11-14"' in (share / "metainfo" / METAINFO.name).read_text()
    )
    with gzip.open(share / "man/man1/anhoi.1.gz", "rt", encoding="utf-8") as manual:
        assert f"Ảnh Ơi {VERSION}" in manual.read()
    assert (share / "icons/hicolor/512x512/apps/anhoi.png").is_file()


@linux_only
def test_the_debian_package_is_whole(
    tmp_path: Path, program: Path, environment: dict[str, str]
) -> None:
    needs("dpkg-deb", "dpkg-shlibdeps", "objdump")
    shutil.copy("/bin/true", program / "_internal" / "torch" / "bin" / "true")
    done = ran("sh", LINUX / "build-deb.sh", program, tmp_path, env=environment)
    assert done.returncode == 0, done.stderr
    (package,) = tmp_path.glob(f"anhoi_{VERSION}_*.deb")
    assert fields(package)["Depends"].startswith("libc6 (>= ")
    assert int(fields(package)["Installed-Size"]) > 0
    assert ran("dpkg-deb", "--raw-extract", package, tmp_path / "out").returncode == 0
    scripts = {path.name for path in (tmp_path / "out" / "DEBIAN").iterdir()}
    assert scripts == {"control", "md5sums"}  # nothing runs when it is installed or removed
    checked = ran("sh", "-c", f"cd {tmp_path}/out && md5sum --check --quiet DEBIAN/md5sums")
    assert checked.returncode == 0, checked.stdout
    owners = {line.split()[1] for line in ran("dpkg-deb", "-c", package).stdout.splitlines()}
    assert owners == {"root/root"}


def fields(package: Path) -> Mapping[str, str]:
    lines = ran("dpkg-deb", "--field", package).stdout.splitlines()
    return {key: value for key, _, value in (line.partition(": ") for line in lines)}


@linux_only
def test_a_part_of_the_c_library_inside_is_refused(
    tmp_path: Path, program: Path, environment: dict[str, str]
) -> None:
    needs("dpkg-deb", "dpkg-shlibdeps", "objdump")
    found = next(iter(Path("/lib").glob("*/libmvec.so.1")), None)
    if found is None:
        pytest.skip("this C library has no such part")
    shutil.copy(found, program / "_internal")
    done = ran("sh", LINUX / "build-deb.sh", program, tmp_path, env=environment)
    assert done.returncode == 1
    assert "_internal/libmvec.so.1" in done.stderr
    assert not list(tmp_path.glob("*.deb"))


@linux_only
@pytest.mark.parametrize("script", ["build-deb.sh", "build-appimage.sh"])
def test_without_a_built_program_they_say_how_to_make_it(tmp_path: Path, script: str) -> None:
    done = ran("sh", LINUX / script, tmp_path)
    assert done.returncode == 1
    assert "make package" in done.stderr


@linux_only
def test_the_folder_of_the_appimage_starts_by_itself(
    tmp_path: Path, program: Path, environment: dict[str, str]
) -> None:
    if shutil.which("appimagetool"):
        pytest.skip("appimagetool would make the file of it, in dist")
    folder = tmp_path / "App Dir"
    done = ran("sh", LINUX / "build-appimage.sh", program, folder, env=environment)
    assert done.returncode == 1
    assert "appimagetool" in done.stderr
    record = tmp_path / "record"
    environment["RECORD"] = str(record)
    assert ran(folder / "AppRun", *AWKWARD, env=environment).returncode == 0
    assert record.read_text("utf-8").splitlines() == list(AWKWARD)
    for name in ("anhoi.desktop", ".DirIcon", "usr/share/metainfo/anhoi.appdata.xml"):
        assert (folder / name).is_file()
