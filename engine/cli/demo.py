"""`anhoi demo`: index an album and try three searches; what `make demo` does."""

import argparse
import sys
from pathlib import Path

from engine.cli.common import Progress, say, sentences
from engine.cli.scenes import save_scenes
from engine.indexing.adding import add_files
from engine.indexing.embedding import embed_missing
from engine.paths import absolute, cache_folder
from engine.search.searching import Filters
from engine.workspace import Workspace, open_workspace

QUERIES = (
    "một con chó chạy trên bãi cỏ",
    "một người mặc áo đỏ trong tuyết",
    "thuyền trên biển",
)
RESULTS = 3


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("demo", help="index an album and try three searches")
    parser.add_argument("photos", nargs="?", help="folder of photos (drawn scenes)")
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    demo = cache_folder() / "demo"
    library = parsed.library.absolute() if parsed.library else demo / "library"
    album = Path(parsed.photos or demo / "scenes").absolute()
    if not parsed.photos:
        save_scenes(album)
    with open_workspace(library, writable=True) as workspace:
        progress = Progress()
        progress.follow(add_files(workspace.library, absolute(album)))
        progress.follow(embed_missing(workspace.library, workspace.models, workspace.indexes))
        for sentence in sentences(progress.added[-1]):
            say(sentence)
        for query in QUERIES:
            _try(workspace, query, absolute(album))
    print(f"\nPhotos:   {album}\nLibrary:  {library}")
    program = "anhoi" if getattr(sys, "frozen", False) else "python main.py"
    print(f'Search on: {program} --library "{library}" search "{QUERIES[0]}"')
    return 0


def _try(workspace: Workspace, query: str, album: bytes) -> None:
    searcher = workspace.searcher
    only = Filters(folders=(album,))  # the library may hold the albums of earlier demos
    scores = searcher.score_text(query)
    results = searcher.rank(scores, "fused", workspace.fusion, RESULTS, only)
    print(f"\n“{query}”")
    for photo in workspace.library.photos.get(result.photo_id for result in results):
        print(f"   {photo.shown_path}")
