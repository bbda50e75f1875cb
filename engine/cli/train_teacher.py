"""`anhoi train teacher`: embed the views of photos by pretrained networks, once for all."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from engine.cli.common import counted, say
from engine.cli.options import natural, positive, seed_number
from engine.cli.train_common import add_photos_option, sources_of

if TYPE_CHECKING:  # training imports torch
    from engine.training.tflite import TfliteNetwork


def add_teacher_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = actions.add_parser(
        "teacher",
        help="embed photos with pretrained networks, for a training to learn from",
        description="Embed random views of photos with pretrained networks, for a training to "
        "learn from. Stopped, it goes on when the same command is run again.",
    )
    add_photos_option(parser)
    parser.add_argument(
        "--network",
        action="append",
        required=True,
        metavar="FILE.tflite[:TENSOR]",
        help="a teacher, and the inner tensor that is its embedding (default: its output); "
        "several are put side by side",
    )
    parser.add_argument(
        "--views",
        type=natural,
        default=16,
        metavar="N",
        help="random views per photo (16); 0: the whole photo, once",
    )
    parser.add_argument(
        "--mixed", action="store_true", help="mix every other view with another photo"
    )
    parser.add_argument(
        "--seed", type=seed_number, default=1, metavar="N", help="decides the views (1)"
    )
    parser.add_argument(
        "--jobs",
        type=positive,
        default=os.cpu_count() or 1,
        metavar="N",
        help="threads (one per core)",
    )
    parser.add_argument(
        "--anew", action="store_true", help="start over at the first photo, whatever OUTPUT holds"
    )
    parser.add_argument("--output", type=Path, required=True, metavar="NAME.npy")
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    from engine.training.data import gather, load_pixels, squashed  # training imports torch
    from engine.training.teacher import embed_by_teacher, photo_name
    from engine.training.views import ImageAugmentation

    networks = [_network(text) for text in parsed.network]
    photos = gather(sources_of(parsed))
    say(f"Reading {counted(len(photos), 'photo')}…")
    pixels = load_pixels(photos, squashed(max(network.size for network in networks)))
    steps = embed_by_teacher(
        [photo_name(photo.path) for photo in photos],
        pixels,
        networks,
        parsed.output,
        parsed.views,
        parsed.seed,
        ImageAugmentation(mixed=parsed.mixed),
        jobs=parsed.jobs,
        anew=parsed.anew,
    )
    with tqdm(total=len(photos), unit=" photos", desc="Embedding") as bar:
        for done in steps:
            bar.update(done - bar.n)
    print(f"The embeddings of {len(photos):,} photos are in {parsed.output}.")
    return 0


def _network(text: str) -> "TfliteNetwork":
    """Open FILE.tflite or FILE.tflite:TENSOR; a colon elsewhere belongs to the path."""
    from engine.training.tflite import TfliteNetwork

    before, found, tensor = text.partition(".tflite:")
    return TfliteNetwork(Path(f"{before}.tflite"), tensor) if found else TfliteNetwork(Path(text))
