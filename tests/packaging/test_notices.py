"""What is inside is named, with its licence; what is not named is not shipped."""

import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest

from tests.packaging.packaged import BUILT, ROOT
from tests.packaging.parts import bundle
from tests.packaging.tools import loaded, needs

contents = loaded("contents")
notices = loaded("notices")
supplied = loaded("supplied")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that distributions are found in beside those that are installed."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    contents._owners.cache_clear()
    yield folder
    contents._owners.cache_clear()


def built(folder: Path, *modules: str) -> Path:
    """A program as PyInstaller lays it out, with these modules and one distribution's files."""
    from PyInstaller.archive.writers import (  # type: ignore[import-untyped]
        CArchiveWriter,
        ZlibArchiveWriter,
    )

    inside = folder / "_internal"
    inside.mkdir(parents=True)
    (inside / "base_library.zip").touch()
    (inside / "pyproject.toml").touch()
    metadata = Path(str(distribution("h11").locate_file("h11-0.dist-info"))).parent
    (info,) = metadata.glob("h11-*.dist-info")
    shutil.copytree(info, inside / info.name)
    code = {module: compile("", module, "exec") for module in modules}
    entries = [(module, module, "PYMODULE") for module in modules]
    ZlibArchiveWriter(str(folder / "PYZ.pyz"), entries, code)
    CArchiveWriter(
        str(folder / "anhoi"), [("PYZ.pyz", str(folder / "PYZ.pyz"), False, "z")], "libpython"
    )
    (folder / "PYZ.pyz").unlink()
    return folder


def names(folder: Path) -> set[str]:
    return {one.name for one in contents.components(folder)}


def test_modules_and_files_are_traced_to_who_made_them(tmp_path: Path) -> None:
    folder = built(tmp_path / "anhoi", "main", "engine.paths", "json", "filelock", "platformdirs")
    assert names(folder) == {"Python", "pyinstaller", "h11", "filelock", "platformdirs"}


def test_a_module_that_nobody_installed_stops_the_build(tmp_path: Path) -> None:
    folder = built(tmp_path / "anhoi", "main", "of_nobody.at_all")
    with pytest.raises(SystemExit, match=r"of_nobody\.at_all"):
        contents.components(folder)


def test_a_file_that_nobody_installed_stops_the_build(tmp_path: Path) -> None:
    folder = built(tmp_path / "anhoi", "main")
    (folder / "_internal" / "libof-nobody.so.7").touch()
    if sys.platform == "linux":
        needs("dpkg-query")
    with pytest.raises(SystemExit, match="libof-nobody"):
        contents.components(folder)


def test_a_distribution_without_a_licence_text_stops_the_build(tmp_path: Path, site: Path) -> None:
    info = site / "without_text-1.0.dist-info"
    info.mkdir()
    (site / "without_text.py").touch()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: without_text\nVersion: 1.0\n")
    (info / "RECORD").write_text("without_text.py,,\nwithout_text-1.0.dist-info/METADATA,,\n")
    folder = built(tmp_path / "anhoi", "main", "without_text")
    with pytest.raises(SystemExit, match=r"without-text 1\.0 .*licence text"):
        contents.components(folder)


def test_libraries_of_the_system_come_with_the_licence_of_their_package(tmp_path: Path) -> None:
    needs("dpkg-query")
    folder = built(tmp_path / "anhoi", "main")
    (folder / "_internal" / "libz.so.1").touch()
    (found,) = [one for one in contents.components(folder) if one.kind == "deb"]
    assert found.name == "zlib1g"
    assert "Jean-loup Gailly" in found.texts["copyright"]


def test_all_that_belongs_in_the_program_has_a_licence_text() -> None:
    for one in bundle.inside().values():
        assert contents._of_distribution(one).texts


def test_the_supplied_texts_are_there_and_for_what_belongs_in_the_program() -> None:
    inside = set(bundle.inside())
    assert set(supplied.TEXTS) | set(supplied.LICENCE) <= inside
    for paths in supplied.TEXTS.values():
        for path in paths:
            assert path.read_text("utf-8").strip()
    kept = {path.name for path in (ROOT / "packaging" / "licences").glob("*.txt")}
    assert kept == {path.name for paths in supplied.TEXTS.values() for path in paths} - {"LICENSE"}


def test_qt_is_used_under_the_lgpl_and_its_text_says_where_the_sources_are() -> None:
    part = contents._of_distribution(distribution("PySide6_Essentials"))
    assert part.licence == "LGPL-3.0-only"
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in part.texts["LGPL-3.0.txt"]
    assert "official_releases" in part.texts["Qt.txt"]


def test_the_notices_hold_every_text_once() -> None:
    text = "Permission is granted to whom it may concern."
    parts = [
        contents.Component("first", "1.0", "MIT", {"LICENSE": text}, "pypi", (("libz", "pkg:x"),)),
        contents.Component("second", "2.0", "MIT", {"COPYING": text + "\n"}, "pypi"),
    ]
    written = notices.notices(parts)
    assert written.count(text) == 1
    assert "The same text as LICENSE of first above." in written
    assert "Comes with: libz" in written
    for part in parts:
        assert f"{part.name} {part.version}\n" in written


def test_both_files_lie_beside_the_program(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = built(tmp_path / "anhoi", "main", "tqdm")
    notices.main(folder)
    written = (folder / "THIRD-PARTY-NOTICES.txt").read_text("utf-8-sig")
    assert "(c) 2013 noamraph" in written
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in written
    assert (folder / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()
    assert "components" in capsys.readouterr().out


def test_the_built_program_has_no_stranger_inside() -> None:
    if not BUILT.is_dir():
        pytest.skip("dist/anhoi is not built: make package")
    found = names(BUILT)
    assert {"Python", "PySide6_Essentials", "torch", "faiss-cpu", "pi_heif"} <= found
    assert not {"pytest", "mypy", "ruff", "hypothesis"} & found
