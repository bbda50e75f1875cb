"""The packaged program's modules laid out as files, for an interpreter that has nothing else."""

import importlib.util
import marshal
import shutil
import subprocess
import sys
from pathlib import Path
from types import CodeType
from typing import Any

from tests.packaging.packaged import BUILT, EXECUTABLE

INSIDE = BUILT / "_internal"
PACKAGE = 1  # the archive's mark of a module that holds others
UNCHECKED = 0b01  # the compiled file counts, whatever the source beside it says
# Before anything is imported: only what is inside can be found from here on.
# The archive has everything but `struct`, which the program carries in front of it.
ALONE = """
import struct
import sys
sys.path[:] = sys.argv[1:]
sys.dont_write_bytecode = True
"""


def archive() -> Any:  # noqa: ANN401 - PyInstaller has no types
    """The archive of modules within the program."""
    from PyInstaller.archive.readers import CArchiveReader  # type: ignore[import-untyped]

    return CArchiveReader(str(BUILT / EXECUTABLE)).open_embedded_archive("PYZ.pyz")


def unpack(folder: Path) -> None:
    """Put all modules where an interpreter looks for them."""
    shutil.copytree(INSIDE, folder, symlinks=True, copy_function=_link)
    modules = archive()
    for name, (kind, *_) in modules.toc.items():
        code = modules.extract(name)
        if code is not None:  # a folder without __init__.py has none
            path = folder / Path(*name.split("."))
            _write(path / "__init__" if kind == PACKAGE else path, code)


def run_inside(folder: Path, code: str, *arguments: str) -> str:
    """Run lines of Python with the unpacked modules alone; what they print."""
    paths = [folder, *folder.glob("python3*/lib-dynload"), folder / "base_library.zip"]
    lines = ALONE.replace("sys.argv[1:]", repr(list(map(str, paths)))) + code
    done: subprocess.CompletedProcess[str] = subprocess.run(
        [sys._base_executable, "-I", "-S", "-c", lines, *arguments],  # type: ignore[attr-defined]
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        env={"HOME": str(folder), "LD_LIBRARY_PATH": str(folder), "HF_HUB_OFFLINE": "1"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _write(path: Path, code: CodeType) -> None:
    source = path.with_name(path.name + ".py")
    compiled = Path(importlib.util.cache_from_source(str(source)))
    target = compiled if source.exists() else path.with_name(path.name + ".pyc")
    target.parent.mkdir(parents=True, exist_ok=True)
    header = importlib.util.MAGIC_NUMBER + UNCHECKED.to_bytes(4, "little") + bytes(8)
    target.write_bytes(header + marshal.dumps(code))


def _link(source: str, target: str) -> None:
    Path(target).symlink_to(source)
