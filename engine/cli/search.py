"""`anhoi search`: rank the photos by a sentence or by a photo."""

import argparse
import json
from datetime import date

from engine.cli.common import library_folder, say
from engine.cli.options import positive
from engine.errors import QueryError
from engine.library.library import Library
from engine.library.photo import Photo
from engine.paths import absolute, is_within, shown_path
from engine.search.fusion import NORMALISATIONS, Fusion
from engine.search.scores import MODES, Result, Scores
from engine.search.searching import Filters
from engine.search.wording import Wording
from engine.workspace import Workspace, open_workspace


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("search", help="find photos by a sentence or by a photo")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("text", nargs="?", help="what the photo shows, in Vietnamese")
    what.add_argument("--like", metavar="PHOTO", help="find photos like this one")
    parser.add_argument(
        "--english", metavar="TEXT", help="what encoders are asked that know English only"
    )
    parser.add_argument("--limit", type=positive, default=10, metavar="N", help="results (10)")
    parser.add_argument("--mode", choices=MODES, default="fused", help="which encoders count")
    add_fusion_options(parser)
    parser.add_argument(
        "--folder", action="append", default=[], help="only photos below it; may be repeated"
    )
    parser.add_argument(
        "--from", dest="taken_from", type=_day, metavar="DATE", help="first day, YYYY-MM-DD"
    )
    parser.add_argument(
        "--to", dest="taken_to", type=_day, metavar="DATE", help="last day, YYYY-MM-DD"
    )
    parser.add_argument("--json", action="store_true", help="print the ranking as JSON")
    parser.set_defaults(run=run)


def add_fusion_options(parser: argparse.ArgumentParser) -> None:
    """How the encoders' scores are joined; the pair's own way where nothing is said."""
    parser.add_argument(
        "--normalisation", choices=NORMALISATIONS, help="of the encoders' scores before fusion"
    )
    parser.add_argument(
        "--weights", nargs=2, type=float, metavar=("OPENCLIP", "BEIT3"), help="of the encoders"
    )


def chosen_fusion(parsed: argparse.Namespace, default: Fusion) -> Fusion:
    """What the options say, the default where they are silent.

    Raises:
        QueryError: the weights are negative or both zero.
    """
    weights = tuple(parsed.weights) if parsed.weights else default.weights
    try:
        return Fusion(parsed.normalisation or default.normalisation, weights)
    except ValueError as error:
        raise QueryError(f"These weights cannot be used: {error}.", 0, 0) from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no day like 2024-02-10") from error


def run(parsed: argparse.Namespace) -> int:
    with open_workspace(library_folder(parsed), writable=False) as workspace:
        fusion = chosen_fusion(parsed, workspace.fusion)
        filters = _filters(parsed, workspace.library)
        scores = _score(workspace, parsed)
        _tell_wording(scores.wording, parsed)
        results = workspace.searcher.rank(scores, parsed.mode, fusion, parsed.limit, filters)
        found = _with_photos(results, workspace.library)
        if parsed.json:
            words = _words(scores.wording)
            print(json.dumps([_row(*row) | words for row in found], indent=2))
        else:
            _print_table(found)
        _tell_what_is_left(workspace, len(scores.ids))
    return 0


def _filters(parsed: argparse.Namespace, library: Library) -> Filters:
    """What the options say.

    Raises:
        QueryError: no photo can pass.
    """
    folders = tuple(absolute(folder) for folder in parsed.folder)
    roots = [root.path for root in library.folders.all()]
    for folder in folders:
        if not any(is_within(folder, root) or is_within(root, folder) for root in roots):
            raise QueryError(f"{shown_path(folder)} is in no folder of the library.", 0, 0)
    if parsed.taken_from and parsed.taken_to and parsed.taken_from > parsed.taken_to:
        raise QueryError(f"{parsed.taken_from} is after {parsed.taken_to}.", 0, 0)
    return Filters(folders, parsed.taken_from, parsed.taken_to)


def _score(workspace: Workspace, parsed: argparse.Namespace) -> Scores:
    searcher = workspace.searcher
    if parsed.like is None:
        return searcher.score_text(parsed.text, parsed.english)
    path = absolute(parsed.like)
    known = workspace.library.photos.find(path)
    return searcher.score_photo(known) if known else searcher.score_file(path)


def _tell_wording(wording: Wording | None, parsed: argparse.Namespace) -> None:
    """Say how the encoders were asked, where it is not as was typed.

    Raises:
        QueryError: the one encoder that counts was not asked.
    """
    left_out = wording.left_out if wording else {}
    for family, why in left_out.items():
        if family == parsed.mode:
            raise QueryError(why, 0, 0)
        say(why)
    if wording and wording.english is not None:
        say(f"In English: {wording.english}")
    elif parsed.english:
        say("No encoder is asked in English here: --english changes nothing.")


def _words(wording: Wording | None) -> dict[str, object]:
    """How the encoders were asked, where it is not as was typed; for JSON."""
    if wording is None or not (wording.english or wording.left_out):
        return {}
    return {"english": wording.english, "left_out": sorted(wording.left_out)}


def _with_photos(results: list[Result], library: Library) -> list[tuple[Result, Photo, bool]]:
    """Results with their photos, and whether these can be reached.

    Photos that another program has just removed are left out.
    """
    photos = {photo.id: photo for photo in library.photos.get(r.photo_id for r in results)}
    online = {folder.id: folder.online for folder in library.folders.all()}
    return [
        (result, photo, online[photo.folder_id])
        for result in results
        if (photo := photos.get(result.photo_id))
    ]


def _row(result: Result, photo: Photo, online: bool) -> dict[str, object]:
    openclip, beit3 = result.cosines
    return {
        "path": photo.shown_path,
        "id": photo.id,
        "online": online,
        "score": result.score,
        "openclip": openclip,
        "beit3": beit3,
        "taken_at": photo.taken_at.isoformat() if photo.taken_at else None,
    }


def _print_table(found: list[tuple[Result, Photo, bool]]) -> None:
    if not found:
        print("No photo fits.")
        return
    print("rank   score  OpenCLIP   BEiT3  photo")
    for rank, (result, photo, online) in enumerate(found, 1):
        cosines = ["    –" if cosine is None else f"{cosine:.3f}" for cosine in result.cosines]
        path = photo.shown_path if online else f"{photo.shown_path} (off-line)"
        print(f"{rank:4} {result.score:7.3f} {cosines[0]:>9} {cosines[1]:>7}  {path}")


def _tell_what_is_left(workspace: Workspace, embedded: int) -> None:
    library = workspace.library
    present = library.photos.count()
    if not present:
        say("The library is empty: index a folder first.")
    elif embedded < present:
        # Photos that could not be read are no longer waited for.
        left = library.embeddings.count_unembedded(list(workspace.indexes))
        if left:
            say(f"{left:,} of {present:,} photos are still to be embedded.")
