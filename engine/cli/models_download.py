"""`anhoi models download` and `anhoi models remove`: files of checkpoints come and go."""

import argparse
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, get_args

from tqdm import tqdm

from engine.cli.common import library_folder, say
from engine.errors import CheckpointError
from engine.library.library import Library
from engine.models.checkpoint import Checkpoint, Family
from engine.models.download import DownloadReport, download, find_downloadable
from engine.models.removing import remove
from engine.models.translators import TRANSLATORS
from engine.paths import LibraryPaths

_IN_USE = [f"{when}{family}" for when in ("", "coming ") for family in get_args(Family)]


def add_download_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    fetch = actions.add_parser(
        "download",
        help="fetch a checkpoint or a translator",
        description="Fetch a checkpoint or a translator. Ctrl-C stops at once; the same command "
        "goes on from there.",
    )
    fetch.add_argument("name", help="one of the list, or open_clip's ARCHITECTURE:TAG")
    fetch.add_argument(
        "--from",
        dest="offered",
        type=Path,
        metavar="PATH",
        help="take its files from a folder (a USB stick, a Hugging Face cache), not the network",
    )
    fetch.set_defaults(run=run_download)


def add_remove_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    away = actions.add_parser(
        "remove",
        help="delete the files of a downloaded checkpoint or translator",
        description="Delete the files of a downloaded checkpoint or translator. What it has "
        "embedded stays in the libraries, for the day it is downloaded again.",
    )
    away.add_argument("name")
    away.set_defaults(run=run_remove)


def run_download(parsed: argparse.Namespace) -> int:
    record = find_downloadable(parsed.name)
    try:
        with closing(download(record, offered=parsed.offered)) as reports:
            _show(reports)
    except KeyboardInterrupt:
        say("\nWhat has arrived is kept; the same command goes on from there.")
        raise
    if isinstance(record, Checkpoint):
        print(f"{record.name} is here; search with it: anhoi models use {record.name}")
    else:
        print(f"{record.name} is here; Vietnamese queries are translated with it from now on.")
    return 0


class _Bar(tqdm):  # type: ignore[misc]  # tqdm has no types
    """A bar at the reports' own rate, which what was here already is no part of."""

    rate: float | None = None

    @property
    def format_dict(self) -> dict[str, Any]:
        return {**super().format_dict, "rate": self.rate or 0}


def _show(reports: Iterable[DownloadReport]) -> None:
    """One bar over all files, with rate and time left."""
    with _Bar(unit="B", unit_scale=True, miniters=0, dynamic_ncols=True) as bar:
        for report in reports:
            step = "" if report.step == "downloading" else f" ({report.step})"
            bar.total, bar.rate = report.total, report.rate
            bar.set_description(f"{report.file}{step}", refresh=False)
            bar.update(report.done - bar.n)


def run_remove(parsed: argparse.Namespace) -> int:
    _check_unused(parsed.name, library_folder(parsed))
    freed = remove(parsed.name)
    translates = parsed.name in {each.name for each in TRANSLATORS}
    stays = "" if translates else "; what it has embedded stays"
    print(f"{parsed.name} is deleted, {freed / 2**20:,.0f} MiB{stays}.")
    return 0


def _check_unused(name: str, folder: Path) -> None:
    """Refuse to delete what a library is searched with, or will be."""
    if not LibraryPaths(folder).database.exists():
        return
    with Library.open_to_read(folder) as library:
        used = name in map(library.setting, _IN_USE)
    if used:
        raise CheckpointError(
            f"The library in {folder} is searched with {name}: choose another first, with anhoi "
            "models use."
        )
