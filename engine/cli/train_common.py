"""What the sub-commands of `anhoi train` have in common: options, progress, report."""

import argparse
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from engine.cli.index import positive
from engine.errors import CaptionsError

if TYPE_CHECKING:  # training imports torch
    from engine.training.data import Source
    from engine.training.history import Entry
    from engine.training.recipe import Phase, Recipe

REPORT_FILE = "report.html"


def add_data_options(parser: argparse.ArgumentParser) -> None:
    add_photos_option(parser)
    parser.add_argument(
        "--validation",
        nargs=2,
        type=Path,
        action="append",
        required=True,
        metavar=("CAPTIONS", "IMAGES"),
        help="captions that are not learnt from; several files are asked one by one",
    )


def add_photos_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        nargs=3,
        action="append",
        required=True,
        metavar=("CAPTIONS", "IMAGES", "WEIGHT"),
        help="a caption file, the folder of its photos, and how likely they are drawn (0 to 1)",
    )


def add_phase_options(
    parser: "argparse.ArgumentParser | argparse._ArgumentGroup",
    *,
    epochs: int,
    batch_size: int,
    rate: float,
    chunk: int | None,
) -> None:
    """Add what a phase of learning from captions can be told; `phase_of` reads it."""

    def add(name: str, kind: Callable[[str], object], default: object, text: str) -> None:
        said = "" if default in (None, ()) else f" ({default})"
        parser.add_argument(name, type=kind, default=default, help=text + said)

    add("--epochs", positive, epochs, "passes over the photos")
    add("--batch-size", positive, batch_size, "photos that are compared with each other")
    add("--learning-rate", learning_rate, rate, "at its highest")
    add("--accumulate", positive, 1, "batches a step, for steadier ones")
    add("--chunk", positive, chunk, "photos in memory at once; the result is the same")
    add("--captions", positive, 1, "captions of a photo in a step, where it has so many")
    add("--hard-negatives", share, 0.0, "share of a batch that is chosen for being alike")
    add("--prefixes", lengths, (), "lengths of embeddings that shall serve by themselves: 64,256")


def phase_of(parsed: argparse.Namespace, name: str) -> "Phase":
    from engine.training.recipe import Phase

    return Phase(
        name,
        parsed.epochs,
        parsed.batch_size,
        parsed.learning_rate,
        captions=parsed.captions,
        accumulate=parsed.accumulate,
        chunk=parsed.chunk,
        prefixes=parsed.prefixes,
        hard_negatives=parsed.hard_negatives,
    )


def add_work_option(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument(
        "--work",
        type=Path,
        metavar="DIR",
        help=f"where the report and the training's state are kept ({default})",
    )


def sources_of(parsed: argparse.Namespace) -> "list[Source]":
    from engine.training.data import Source

    return [Source(Path(c), Path(i), _weight(w)) for c, i, w in parsed.data]


def validation_of(parsed: argparse.Namespace) -> "list[Source]":
    from engine.training.data import Source

    return [Source(captions, images) for captions, images in parsed.validation]


def follow(entries: "Iterator[Entry]", title: str, recipe: "Recipe", work: Path) -> None:
    """Show a training's progress, and keep its report up to date."""
    phase, bar = "", tqdm(disable=True)
    for entry in entries:
        if entry.phase != phase:
            bar.close()
            phase, bar = entry.phase, tqdm(total=entry.steps, unit=" steps", desc=entry.phase)
        bar.set_postfix_str(_losses(entry), refresh=False)
        bar.update(entry.step - bar.n)
        if entry.recalls:
            figures = ", ".join(f"{name} {value:.1f}" for name, value in entry.recalls.items())
            tqdm.write(f"{phase}, step {entry.step:,}: {_losses(entry)}, {figures}")
            _report(title, recipe, work)
    bar.close()


def _losses(entry: "Entry") -> str:
    return ", ".join(f"{name} {value:.3f}" for name, value in entry.losses.items())


def _report(title: str, recipe: "Recipe", work: Path) -> None:
    from engine.training.fitting import HISTORY_FILE
    from engine.training.history import read_history
    from engine.training.report import write_report

    settings = {"seed": f"{recipe.seed}"} | {
        f"{phase.name}: {name}": value
        for phase in recipe.phases
        for name, value in phase.described().items()
    }
    write_report(work / REPORT_FILE, title, settings, read_history(work / HISTORY_FILE))


def learning_rate(text: str) -> float:
    rate = float(text)
    if not 0 < rate < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return rate


def share(text: str) -> float:
    part = float(text)
    if not 0 <= part < 1:
        raise argparse.ArgumentTypeError(f"{text} is no share from 0 to below 1")
    return part


def lengths(text: str) -> tuple[int, ...]:
    return tuple(positive(each) for each in text.split(","))


def seed_number(text: str) -> int:
    seed = int(text)
    if not 0 <= seed < 2**63:  # what torch and numpy both take
        raise argparse.ArgumentTypeError(f"{text} is not in 0 to 2^63 - 1")
    return seed


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        weight = 0.0
    if not 0 < weight <= 1:
        raise CaptionsError(f"“{text}” is no weight above 0 and up to 1.")
    return weight
