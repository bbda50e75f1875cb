"""`anhoi evaluate`: how well captions find their photos."""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.cli.common import Progress, library_folder, say
from engine.cli.search import add_fusion_options, chosen_fusion
from engine.errors import CaptionsError
from engine.evaluation.queries import captioned_queries, find_captioned, unreadable
from engine.evaluation.reports import Report, table, write_csv, write_json
from engine.evaluation.runs import evaluate, own_library, prepare
from engine.workspace import DEFAULTS, open_workspace

NAMES_SHOWN = 5


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("evaluate", help="measure how well captions find their photos")
    parser.add_argument(
        "captions", type=Path, help="TSV (image, tab, caption), CSV (image_filename;caption), JSONL"
    )
    parser.add_argument(
        "--images",
        type=Path,
        required=True,
        metavar="DIR",
        help="their photos; kept in a library of their own unless --library names one",
    )
    for family in DEFAULTS:
        parser.add_argument(f"--{family}", metavar="NAME", help="another checkpoint for this once")
    add_fusion_options(parser)
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="write all figures to FILE (.json or .csv)"
    )
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    writer = _writer(parsed.output)
    folder = library_folder(parsed) if parsed.library else own_library(parsed.images)
    instead = {family: name for family in DEFAULTS if (name := getattr(parsed, family))}
    with open_workspace(folder, writable=True, instead=instead) as workspace:
        Progress().follow(prepare(workspace, parsed.captions, parsed.images))
        captioned = find_captioned(workspace.library, parsed.captions, parsed.images)
        _tell("captioned photos are not there", captioned.left_out)
        keys = list(workspace.indexes)
        _tell("captioned photos could not be read", unreadable(workspace.library, captioned, keys))
        queries = captioned_queries(workspace.library, captioned, keys)
        report = evaluate(workspace, queries, chosen_fusion(parsed, workspace.fusion)).report
    if writer:
        writer(report, parsed.output)
    if parsed.json:
        print(json.dumps(report.summary()))
    else:
        print(table(report))
    return 0


def _writer(output: Path | None) -> Callable[[Report, Path], None] | None:
    if output is None:
        return None
    writers = {".json": write_json, ".csv": write_csv}
    if output.suffix.lower() not in writers:
        raise CaptionsError(f"{output} must end in .json or .csv.")
    return writers[output.suffix.lower()]


def _tell(what: str, names: Sequence[str]) -> None:
    if names:
        more = ", …" if len(names) > NAMES_SHOWN else ""
        say(f"{len(names):,} {what} and left out: {', '.join(names[:NAMES_SHOWN])}{more}")
