"""`anhoi index`: add a folder and embed its photos."""

import argparse

from engine.cli.common import Progress, counted, library_folder, say, sentences
from engine.cli.options import positive
from engine.indexing.adding import add_files
from engine.indexing.embedding import embed_missing
from engine.paths import absolute
from engine.workspace import open_workspace


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("index", help="add a folder and embed its photos")
    parser.add_argument("folder", help="folder of photos; those below it belong to it")
    parser.add_argument("--limit", type=positive, metavar="N", help="stop after N photos, by name")
    parser.add_argument(
        "--remove-missing",
        action="store_true",
        help="take photos out whose files are gone, however many",
    )
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    folder = library_folder(parsed)
    with open_workspace(folder, writable=True) as workspace:
        library = workspace.library
        progress = Progress()
        path = absolute(parsed.folder)
        progress.follow(
            add_files(library, path, limit=parsed.limit, remove_missing=parsed.remove_missing)
        )
        progress.follow(embed_missing(library, workspace.models, workspace.indexes))
        found = progress.added[-1]
        for sentence in sentences(found):
            say(sentence)
        failed = len(library.failures.all())
        if failed:
            say(f"{counted(failed, 'file')} could not be read; anhoi doctor tells which and why.")
        if progress.embedded:
            print(
                f"{counted(library.photos.count(), 'photo')} in the library {folder}, "
                f"{progress.embedded.done:,} embedded now."
            )
        return 1 if found.offline else 0
