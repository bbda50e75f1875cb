"""`anhoi train`: train a small encoder from captioned photos."""

import argparse
import math
from pathlib import Path

from tqdm import tqdm

from engine.cli.index import positive
from engine.errors import CaptionsError


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("train", help="train a small encoder from captioned photos")
    parser.add_argument("family", choices=("openclip", "beit3"))
    parser.add_argument(
        "--data",
        nargs=3,
        action="append",
        required=True,
        metavar=("CAPTIONS", "IMAGES", "WEIGHT"),
        help="a caption file, the folder of its photos, and how likely they are drawn (0 to 1)",
    )
    parser.add_argument(
        "--validation", nargs=2, type=Path, required=True, metavar=("CAPTIONS", "IMAGES")
    )
    parser.add_argument(
        "--output", type=Path, required=True, metavar="DIR", help="its name names the checkpoint"
    )
    parser.add_argument("--epochs", type=positive, default=26)
    parser.add_argument("--batch-size", type=positive, default=256)
    parser.add_argument("--learning-rate", type=learning_rate, default=1e-3)
    parser.add_argument("--seed", type=seed_number, default=1)
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    from engine.training.data import Source  # training imports torch
    from engine.training.fitting import Recipe
    from engine.training.starters import train_starter

    recipe = Recipe(parsed.epochs, parsed.batch_size, parsed.learning_rate, seed=parsed.seed)
    sources = [Source(Path(c), Path(i), _weight(w)) for c, i, w in parsed.data]
    epochs = train_starter(
        parsed.family, sources, Source(*parsed.validation), parsed.output, recipe
    )
    for epoch in tqdm(epochs, total=parsed.epochs, unit=" epochs", desc="Training"):
        line = f"epoch {epoch.number}: loss {epoch.loss:.3f}"
        if epoch.validation:
            figures = epoch.validation.as_dict()
            line += f", R@1 {figures['r1']}, R@5 {figures['r5']}, R@10 {figures['r10']}"
        tqdm.write(line)
    print(f"The checkpoint is in {parsed.output}.")
    return 0


def learning_rate(text: str) -> float:
    rate = float(text)
    if not 0 < rate < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return rate


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
