"""What belongs in the packaged program, and what does not.

The distributions are those that pyproject.toml names under `dependencies`, with all that these
require; everything else that is installed, such as the tools of the developers, stays out.
"""

import os
import re
import runpy
import sys
import tomllib
from importlib.metadata import Distribution, distribution, distributions
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
SHOWN = 25  # packages, largest first

# Required by what is inside, but only for what the program never does with it.
LEFT_OUT_DISTRIBUTIONS = frozenset(
    (
        "setuptools",  # torch compiles extensions with it
        "networkx",  # torch partitions graphs that it compiles
        "typer",  # the command line of transformers
        "click",  # that of huggingface_hub
    )
)
LEFT_OUT_MODULES = (
    "curses",
    "huggingface_hub.cli",
    "idlelib",
    "lib2to3",
    "numpy.f2py",
    "pydoc_data",
    "readline",  # brings a library under the GPL, and the program has no prompt
    "tkinter",
    "torch.distributed.tensor._ops.strategy_validation",
    "torch.testing._internal.common_methods_invocations",
    "torch.testing._internal.common_utils",
    "torch.testing._internal.generated",
    "torch.testing._internal.opinfo",
    "torch.utils.cpp_extension",
    "torch.utils.tensorboard",
    "transformers.cli",
    "turtledemo",
)
# The networks that open_clip takes from transformers, and those of translators. Of the hundreds of
# others only names, configurations and tokenizers are inside: transformers looks through them all.
TRANSFORMERS = frozenset(
    (
        "auto",
        "bert",
        "encoder_decoder",
        "gemma",
        "m2m_100",
        "marian",
        "mt5",
        "nllb",
        "roberta",
        "siglip",
        "siglip2",
        "t5",
        "xlm_roberta",
    )
)
LOOKED_THROUGH = ("__init__", "configuration_", "tokenization_")
# What only these need is left out with them.
LEFT_OUT_LIBRARIES = re.compile(
    # Plugins of Qt that pull in QML, PDF or GTK, or are for devices without a desktop.
    r"/(platforms|generic|egldeviceintegrations)/.*(eglfs|linuxfb|minimal|vkkhr|vnc|evdev|tuio)"
    r"|qtvirtualkeyboard|imageformats/.*q(pdf|tga|wbmp|icns)|platformthemes/.*qgtk3"
    r"|opengl32sw"  # draws without a graphics card what the program never draws
    # The drivers of the screen need the system's own, which are at least as new as ours.
    r"|^libstdc\+\+\.so|^libgcc_s\.so"
    r"|^libmvec\.so"  # part of one version of glibc, and of no use with another
    # Compiled for another torch; open_clip needs the Python part alone.
    r"|torchvision/.*\.(so|pyd|dll|dylib)"
    r"|lib(jitbackend|torchbind)_test|libbackend_with_compiler"
)
QT_TRANSLATIONS = re.compile(r"PySide6/(Qt/)?translations/")  # ours has Qt's words


def check_torch() -> None:
    """Refuse a torch that is many times larger than what most machines can use.

    Raises:
        SystemExit: it is built for a graphics card, and CUDA=1 is not set.
    """
    cuda = runpy.run_path(str(torch_folder() / "version.py"))["cuda"]
    if cuda and os.environ.get("CUDA") != "1":
        wanted = distribution("torch").version.partition("+")[0]
        raise SystemExit(
            f"The torch in {sys.prefix} is built for CUDA {cuda} and would make the program "
            f"several gigabytes large. Put the small one in its place: {sys.executable} -m pip "
            f"install --index-url https://download.pytorch.org/whl/cpu torch=={wanted}; "
            "or build with CUDA=1."
        )


def torch_folder() -> Path:
    """Where torch is installed."""
    return _folder("torch")


def project() -> dict[str, Any]:
    """What pyproject.toml says of the program."""
    read: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return read


def declared() -> list[str]:
    """The names of the distributions that the program says it needs."""
    return [Requirement(line).name for line in project()["dependencies"]]


def inside() -> dict[str, Distribution]:
    """The distributions that belong in the packaged program, by their normal names."""
    found: dict[str, Distribution] = {}
    waiting = list(project()["dependencies"])
    left_out = set(map(normal, LEFT_OUT_DISTRIBUTIONS))
    while waiting:
        requirement = Requirement(waiting.pop())
        name = normal(requirement.name)
        applies = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if applies and name not in found and name not in left_out:
            found[name] = distribution(name)
            waiting += found[name].requires or []
    return found


def left_out() -> list[str]:
    """Modules that must not be taken in, even where something inside imports them."""
    kept = inside()
    names = {
        module
        for other in distributions()
        if normal(other.metadata["Name"]) not in kept
        for module in modules_of(other)
    }
    shared = {module for one in kept.values() for module in modules_of(one)}
    return sorted((names - shared).union(LEFT_OUT_MODULES, _other_transformers()))


def modules_of(one: Distribution) -> set[str]:
    """The names under which a distribution is imported, of its first level."""
    tops = {file.parts[0].partition(".")[0] for file in one.files or () if _is_code(file.name)}
    return {top for top in tops if top.isidentifier()}


def sizes(folder: Path) -> dict[str, int]:
    """Bytes by package, largest first, of a program that is built; a link has none."""
    found: dict[str, int] = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            name = _package(path.relative_to(folder))
            found[name] = found.get(name, 0) + path.stat().st_size
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def normal(name: str) -> str:
    """A distribution's name as it is compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _package(path: Path) -> str:
    """Of a wheel with its libraries and metadata; shared libraries of the system are one."""
    parts = [part for part in path.parts if part != "_internal"]
    if len(parts) == 1 and ".so" in parts[0]:
        return "libraries of the system"
    return re.sub(r"(_cpu)?\.libs$|-[^-]*\.dist-info$|_cpu(?=-)", "", parts[0])


def _is_code(name: str) -> bool:
    return name.endswith((".py", ".so", ".pyd"))


def _other_transformers() -> set[str]:
    models = _folder("transformers") / "models"
    return {
        f"transformers.models.{path.parent.name}.{path.stem}"
        for path in models.glob("*/*.py")
        if path.parent.name not in TRANSFORMERS and not path.name.startswith(LOOKED_THROUGH)
    }


def _folder(package: str) -> Path:
    found = find_spec(package)
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


if __name__ == "__main__":
    taken = sizes(Path(sys.argv[1]))
    for package, size in [*list(taken.items())[:SHOWN], ("in all", sum(taken.values()))]:
        print(f"{size / 1e6:9,.1f} MB  {package}")
