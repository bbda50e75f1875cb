"""`anhoi doctor`: what is installed, where things lie, and whether they are sound."""

import argparse
import platform
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from engine.cli.common import library_folder
from engine.errors import EngineError
from engine.index.vector_index import VectorIndex
from engine.inference.client import precisions_file
from engine.library.library import Library
from engine.models.installed import InstalledCheckpoint, installed_folders, read_record, verify
from engine.paths import LibraryPaths, bundled_checkpoints_folder, checkpoints_folder, shown_path
from engine.workspace import pair_in_use

PACKAGES = ("torch", "open_clip_torch", "timm", "faiss-cpu", "sentencepiece", "pillow", "PySide6")
FAILURES_SHOWN = 20


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("doctor", help="versions, device, paths, health")
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    folder = library_folder(parsed)
    _print_versions()
    print(f"Library:         {folder}")
    print(f"Checkpoints:     {bundled_checkpoints_folder()}, {checkpoints_folder()}")
    print(f"Precisions:      {precisions_file()}")
    checks = [
        _check(f"checkpoint {checkpoint.name}", _verifying(checkpoint))
        for checkpoint in installed_folders()
    ]
    if LibraryPaths(folder).database.exists():
        checks.append(_check("library", lambda: _check_library(folder)))
    else:
        print("The library is empty: nothing has been indexed yet.")
    return 0 if all(checks) else 1


def _print_versions() -> None:
    import torch

    from engine.models.precision import choose_device

    print(f"Python:          {platform.python_version()} on {platform.platform()}")
    for package in PACKAGES:
        try:
            found = version(package)
        except PackageNotFoundError:
            found = "not installed"
        print(f"{package + ':':16} {found}")
    print(f"Device:          {choose_device()}, {torch.get_num_threads()} threads")


def _check(what: str, examine: Callable[[], None]) -> bool:
    try:
        examine()
    except EngineError as error:
        print(f"{what}: {error}")
        return False
    print(f"{what}: sound")
    return True


def _verifying(folder: Path) -> Callable[[], None]:
    return lambda: verify(InstalledCheckpoint(read_record(folder), folder))


def _check_library(folder: Path) -> None:
    with Library.open_to_read(folder) as library:
        library.check()
        for root in library.folders.all():
            state = "watched" if root.online else "off-line"
            print(f"   {shown_path(root.path)}: {state}")
        photos = library.photos.count()
        print(f"   {photos:,} photos")
        for checkpoint in pair_in_use(library):
            _print_index(library, checkpoint, photos)
        _print_failures(library)


def _print_index(library: Library, checkpoint: InstalledCheckpoint, photos: int) -> None:
    key, dimension = checkpoint.key, checkpoint.record.dimension
    path = library.paths.indexes / f"{key}.faiss"
    try:
        state = f"{len(VectorIndex.load(path, dimension)):,} in the index file"
    except EngineError as error:
        damage = f"{error} It is made again when it is needed."
        state = damage if path.exists() else "no index file yet"
    embedded = library.embeddings.count(key)
    print(f"   {checkpoint.record.name}: {embedded:,} of {photos:,} embedded; {state}")


def _print_failures(library: Library) -> None:
    failures = library.failures.all()
    print(f"   {len(failures):,} files or folders could not be read")
    for failure in failures[:FAILURES_SHOWN]:
        print(f"      {shown_path(failure.path)}: {failure.reason}")
