"""`anhoi doctor`: what is installed, where things lie, and whether they are sound."""

import argparse
import json
import platform
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from engine.cli.common import Progress, library_folder, say
from engine.cli.self_test import Finding, self_test
from engine.errors import EngineError, FolderError
from engine.index.vector_index import VectorIndex
from engine.inference.client import precisions_file
from engine.library.library import Library
from engine.models.installed import (
    InstalledCheckpoint,
    find_installed,
    installed_folders,
    read_record,
    verify,
)
from engine.paths import LibraryPaths, bundled_checkpoints_folder, checkpoints_folder, shown_path
from engine.search.fusion import Fusion
from engine.workspace import DEFAULTS, Pair, default_fusion, fusion_in_use, pair_in_use

PACKAGES = ("torch", "open_clip_torch", "timm", "faiss-cpu", "sentencepiece", "pillow", "PySide6")
FAILURES_SHOWN = 20


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("doctor", help="versions, device, paths, health")
    parser.add_argument(
        "--self-test",
        action="store_true",
        help="also draw fifty scenes, index them with the models in use, and search for them",
    )
    parser.add_argument(
        "--json", action="store_true", help="nothing but the self-test, as one JSON object"
    )
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    folder = library_folder(parsed)
    if parsed.json:
        return _print_json(list(_self_test(folder)))
    sound = _examine_installation(folder)
    if parsed.self_test:
        for finding in _self_test(folder):
            print(_line(finding), flush=True)
            sound = sound and finding.fault is None
    return 0 if sound else 1


def _examine_installation(folder: Path) -> bool:
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
    return all(checks)


def _self_test(library: Path) -> Iterator[Finding]:
    """The findings; that it cannot be carried out is one, too."""
    progress = Progress()
    try:
        pair, fusion = _chosen(library)
        say(f"Self-test with {' and '.join(each.record.name for each in pair)}")
        with _temporary_folder() as folder, closing(self_test(Path(folder), pair, fusion)) as steps:
            for step in steps:
                if isinstance(step, Finding):
                    yield step
                else:
                    progress.show(step)
    except EngineError as error:
        yield Finding("self-test", str(error))
    finally:
        progress.close()


def _chosen(library: Path) -> tuple[Pair, Fusion]:
    """The pair in use and how it is fused; the starters where there is no library yet."""
    if LibraryPaths(library).database.exists():
        with Library.open_to_read(library) as opened:
            pair = pair_in_use(opened)
            return pair, fusion_in_use(opened, pair)
    openclip, beit3 = (find_installed(name) for name in DEFAULTS.values())
    return (openclip, beit3), default_fusion((openclip, beit3))


def _temporary_folder() -> "tempfile.TemporaryDirectory[str]":
    try:
        return tempfile.TemporaryDirectory(prefix="anhoi-self-test-", ignore_cleanup_errors=True)
    except OSError as error:
        raise FolderError(
            f"There is no temporary folder that can be written to: {error.strerror or error}."
        ) from error


def _line(finding: Finding) -> str:
    note = f" ({finding.note})" if finding.note else ""
    return f"{finding.name}: {finding.fault or f'sound{note}'}"


def _print_json(findings: list[Finding]) -> int:
    sound = all(finding.fault is None for finding in findings)
    found = {"sound": sound, "findings": [asdict(finding) for finding in findings]}
    print(json.dumps(found, indent=2, ensure_ascii=False))
    return 0 if sound else 1


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
