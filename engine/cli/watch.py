"""`anhoi watch`: keep the library level with its folders."""

import argparse
import threading

from engine.cli.common import Progress, library_folder, say, sentences, tell_if_set_aside
from engine.errors import FolderError
from engine.indexing.adding import AddReport, add_files
from engine.indexing.watching import watch
from engine.paths import absolute
from engine.workspace import open_workspace


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("watch", help="keep the library level with its folders")
    parser.add_argument("folder", nargs="*", help="folders to add first")
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    with open_workspace(library_folder(parsed), writable=True) as workspace:
        library = workspace.library
        tell_if_set_aside(library)
        progress = Progress()
        for folder in parsed.folder:
            progress.follow(add_files(library, absolute(folder)))
        folders = library.folders.all()
        if not folders:
            raise FolderError("No folder is watched yet; name one.")
        say(f"Watching {len(folders)} folders; Ctrl-C stops.")
        try:
            for report in watch(library, workspace.models, workspace.indexes, threading.Event()):
                progress.show(report)
                if isinstance(report, AddReport) and _worth_telling(report):
                    for sentence in sentences(report):
                        say(sentence)
        finally:
            progress.close()
    return 0


def _worth_telling(report: AddReport) -> bool:
    return bool(report.added or report.moved or report.changed or report.missing) or (
        report.offline or report.held_back > 0
    )
