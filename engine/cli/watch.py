"""`anhoi watch`: keep the library level with its folders."""

import argparse
import threading
from collections.abc import Generator
from contextlib import closing

from engine.cli.common import Progress, counted, library_folder, say, sentences
from engine.errors import FolderError
from engine.indexing.adding import AddReport, add_files
from engine.indexing.embedding import EmbedReport
from engine.indexing.watching import watch
from engine.paths import absolute
from engine.workspace import open_workspace

Report = AddReport | EmbedReport


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("watch", help="keep the library level with its folders")
    parser.add_argument("folder", nargs="*", help="folders to add first")
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    with open_workspace(library_folder(parsed), writable=True) as workspace:
        library = workspace.library
        progress = Progress()
        for folder in parsed.folder:
            progress.follow(_telling(add_files(library, absolute(folder))))
        folders = library.folders.all()
        if not folders:
            raise FolderError("No folder is watched yet; name one.")
        say(f"Watching {counted(len(folders), 'folder')}; Ctrl-C stops.")
        reports = watch(library, workspace.models, workspace.indexes, threading.Event())
        progress.follow(_telling(reports))
    return 0


def _telling(reports: Generator[Report]) -> Generator[Report]:
    """Tell in words what was found, beside the progress."""
    with closing(reports):
        for report in reports:
            if isinstance(report, AddReport) and _worth_telling(report):
                for sentence in sentences(report):
                    say(sentence)
            yield report


def _worth_telling(report: AddReport) -> bool:
    found = report.added or report.moved or report.changed or report.missing
    return report.finished and bool(found or report.offline or report.held_back)
