"""`anhoi models forget`: delete what a checkpoint has embedded; its files and the photos stay."""

import argparse

from engine.cli.common import counted, library_folder
from engine.errors import CheckpointError
from engine.library.library import Library
from engine.paths import LibraryPaths
from engine.workspace import forget_embeddings


def add_forget_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    forget = actions.add_parser(
        "forget",
        help="delete the embeddings of a checkpoint that a library is not searched with",
        description="Delete the embeddings of a checkpoint that a library is not searched with. "
        "Photos and the checkpoint's own files stay; its room in the library is used again.",
    )
    forget.add_argument("name", help="a checkpoint, or one of several keys it has embedded under")
    forget.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    folder = library_folder(parsed)
    if not LibraryPaths(folder).database.exists():  # opening it would make one
        raise CheckpointError(f"There is no library in {folder}.")
    with Library.open(folder) as library:
        kept = [embedded.key for embedded in library.embeddings.by_checkpoint()]
        keys = [key for key in kept if parsed.name in (key, key.rpartition("@")[0])]
        if not keys:
            known = ", ".join(kept) or "none"
            raise CheckpointError(f"There are no embeddings of {parsed.name}; there are: {known}.")
        done = sum(max(forget_embeddings(library, key)) for key in keys)
    print(f"{counted(done, 'embedding')} of {parsed.name} deleted.")
    return 0
