"""`anhoi forget`: take a folder and its photos out of the library; files are never touched."""

import argparse

from engine.cli.common import counted, library_folder
from engine.errors import FolderError
from engine.images.thumbnails import remove_thumbnail
from engine.library.library import Library
from engine.paths import absolute, shown_path


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("forget", help="take a folder out of the library")
    parser.add_argument("folder", help="as it was added; its files are never touched")
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    path = absolute(parsed.folder)
    with Library.open(library_folder(parsed)) as library:
        found = [folder for folder in library.folders.all() if folder.path == path]
        if not found:
            known = ", ".join(shown_path(folder.path) for folder in library.folders.all())
            raise FolderError(f"{shown_path(path)} is no folder of the library: {known or 'none'}.")
        files = library.photos.known_files(found[0].id)
        library.folders.remove(found[0].id)
        for file in files.values():
            remove_thumbnail(library.paths.thumbnails, file.id)
    print(f"{counted(len(files), 'photo')} of {shown_path(path)} forgotten; no file was touched.")
    return 0
