"""What is inside the built program, told from the files that are really in its folder.

Every module and file is traced to the distribution that installed it, or to the package of the
system it was copied from. What nobody is known to own, and what has no licence text, stops the
build: nothing is shipped unnamed.
"""

import csv
import json
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePosixPath

import supplied
from PyInstaller.archive.readers import CArchiveReader

LICENCE_FILE = re.compile(
    r"licenses/|(licen[cs]e|copying|notice|copyright|authors)[^/]*$", re.IGNORECASE
)
MOST_NAMED = 2  # licences; the text of a Debian package tells of every file of its sources
OUR_MODULES = frozenset(("main", "engine", "gui"))
OUR_FILES = re.compile(r"resources/|pyproject\.toml$")
PYTHON_FILES = re.compile(
    r"base_library\.zip$|(python[\d.]+/)?lib-dynload/|libpython|python3\d*\.dll$|Python$"
    r"|Python\.framework/"
)
# Not on Linux: there the system's own libraries have packages with licences of their own.
NATIVE_FILES = re.compile(r"[^/]+\.(pyd|dll|dylib|so)$")


@dataclass(frozen=True, slots=True)
class Component:
    """Something that others have made.

    Attributes:
        name: as its makers call it.
        version: of what is inside.
        licence: an SPDX expression, or what its makers declare.
        texts: licence texts and notices by the names of their files.
        kind: "pypi", "deb", or "generic" for Python itself.
        libraries: what a wheel says it has compiled in or brings along: name and package URL.
    """

    name: str
    version: str
    licence: str
    texts: Mapping[str, str] = field(repr=False)
    kind: str
    libraries: tuple[tuple[str, str], ...] = ()


def components(folder: Path) -> list[Component]:
    """All that is inside a built program, by name; Python first.

    Args:
        folder: such as dist/anhoi.

    Raises:
        SystemExit: something inside has no known owner, or no licence text.
    """
    owners = _owners()
    owned: set[Distribution] = set()
    foreign: list[str] = []
    for path in [*_modules(folder), *_files(folder)]:
        if owner := owners.get(path):
            owned.add(owner)
        elif not OUR_FILES.match(path) and not PYTHON_FILES.match(path):
            foreign.append(path)
    owned.add(owners["PyInstaller/__init__.py"])  # it starts the program
    made = [_of_distribution(one) for one in owned]
    return [_python(), *sorted([*made, *_of_system(foreign)], key=lambda one: one.name.lower())]


@cache
def _owners() -> dict[str, Distribution]:
    """Installed distributions by the paths of their files, as seen from site-packages."""
    return {path: one for one in distributions() for path in _recorded(one)}


def _recorded(one: Distribution) -> list[str]:
    """Its files; `Distribution.files` says the same and takes twenty times as long."""
    return [row[0] for row in csv.reader((one.read_text("RECORD") or "").splitlines())]


def _modules(folder: Path) -> Iterator[str]:
    """The source files of the modules that the program's own file holds."""
    program = next(path for name in ("anhoi", "anhoi.exe") if (path := folder / name).is_file())
    archive = CArchiveReader(str(program))
    (name,) = (name for name in archive.toc if name.lower().endswith(".pyz"))
    owners = _owners()
    for module in archive.open_embedded_archive(name).toc:
        top = module.partition(".")[0]
        path = module.replace(".", "/")
        if path + ".py" in owners or path + "/__init__.py" in owners:
            yield path + (".py" if path + ".py" in owners else "/__init__.py")
        elif top not in OUR_MODULES | sys.stdlib_module_names and not _is_of_loader(top):
            yield module


def _is_of_loader(module: str) -> bool:
    return module.startswith(("_pyi_", "pyi_", "pyimod", "_sysconfigdata"))


def _files(folder: Path) -> Iterator[str]:
    inside = folder / "_internal"
    for path in sorted(inside.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(inside).as_posix()


def _of_distribution(one: Distribution) -> Component:
    name = re.sub(r"[-_.]+", "-", one.metadata["Name"]).lower()
    texts = dict(_own_texts(one))
    texts |= {path.name: path.read_text("utf-8") for path in supplied.TEXTS.get(name, ())}
    if not texts:
        raise SystemExit(
            f"{name} {one.version} is inside the program but has no licence text; put it into "
            "packaging/licences and say so in packaging/supplied.py."
        )
    libraries = tuple(_libraries(one))
    licence = supplied.LICENCE.get(name) or _declared(one)
    return Component(one.metadata["Name"], one.version, licence, texts, "pypi", libraries)


def _own_texts(one: Distribution) -> Iterator[tuple[str, str]]:
    for path in sorted(_recorded(one)):
        folder, _, rest = path.partition("/")
        if folder.endswith(".dist-info") and LICENCE_FILE.search(rest):
            yield rest, Path(str(one.locate_file(path))).read_text("utf-8", "replace")


def _declared(one: Distribution) -> str:
    """What a distribution's metadata says, the clearest first."""
    metadata = one.metadata
    if expression := metadata.get("License-Expression"):
        return str(expression)
    declared = (metadata.get("License") or "").strip()
    if declared and "\n" not in declared:
        return str(declared)
    classifiers = (metadata.get_all("Classifier") or []) if not declared else []
    licences = [one for one in classifiers if one.startswith("License ::")]
    return licences[0].rpartition(" :: ")[2] if licences else "see the text"


def _libraries(one: Distribution) -> Iterator[tuple[str, str]]:
    """What a wheel's own bill of materials says of the libraries that it brings along."""
    for path in _recorded(one):
        if path.endswith(".dist-info/sboms/auditwheel.cdx.json"):
            for part in json.loads(Path(str(one.locate_file(path))).read_text("utf-8"))[
                "components"
            ]:
                if part["name"] != one.metadata["Name"] and "purl" in part:
                    yield part["name"], part["purl"]


def _python() -> Component:
    for folder in (sysconfig.get_path("stdlib"), sys.base_prefix):
        text = Path(folder) / "LICENSE.txt"
        if text.is_file():
            texts = {text.name: text.read_text("utf-8")}
            version = sys.version.partition(" ")[0]
            return Component("Python", version, "PSF-2.0", texts, "generic")
    raise SystemExit(f"There is no LICENSE.txt of Python below {sys.base_prefix}.")


def _of_system(paths: Iterable[str]) -> list[Component]:
    """The packages of Debian that libraries of the system were copied from."""
    names = sorted({PurePosixPath(path).name for path in paths})
    if sys.platform != "linux":  # Python brings them along, and its licence speaks of them
        names = [name for name in names if not NATIVE_FILES.fullmatch(name)]
    packages = _debian_packages(names) if names and sys.platform == "linux" else {}
    if unknown := [name for name in names if name not in packages]:
        raise SystemExit(f"Nobody is known to own what is inside: {', '.join(unknown)}.")
    return [_of_package(package) for package in sorted(set(packages.values()))]


def _debian_packages(names: Iterable[str]) -> dict[str, str]:
    """Installed packages, with their architectures, by the names of their libraries."""
    triplet = sysconfig.get_config_var("MULTIARCH") or "*"
    patterns = [f"*/{triplet}/{name}" for name in names]
    found = subprocess.run(
        ["dpkg-query", "--search", *patterns], capture_output=True, text=True, check=False
    ).stdout
    lines = [line.rpartition(": ") for line in found.splitlines()]
    return {PurePosixPath(path).name: package.partition(", ")[0] for package, _, path in lines}


def _of_package(package: str) -> Component:
    name = package.partition(":")[0]
    version = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${Version}", package],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    text = Path("/usr/share/doc") / name / "copyright"
    if not text.is_file():
        raise SystemExit(f"{name} is inside the program but has no {text}.")
    texts = {text.name: text.read_text("utf-8", "replace")}
    return Component(name, version, _of_debian(texts[text.name]), texts, "deb")


def _of_debian(text: str) -> str:
    found = dict.fromkeys(re.findall(r"^License: *(\S.*)$", text, re.MULTILINE))
    return ", ".join(found) if 0 < len(found) <= MOST_NAMED else "see the text"
