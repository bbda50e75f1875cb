"""`anhoi train new`: a small encoder from nothing."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.train_common import (
    add_data_options,
    add_phase_options,
    add_work_option,
    follow,
    phase_of,
    seed_number,
    sources_of,
    validation_of,
)

if TYPE_CHECKING:  # training imports torch
    from engine.training.recipe import Recipe


def add_new_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = actions.add_parser(
        "new",
        help="a small encoder from nothing",
        description="Train a small encoder from nothing. With a teacher it learns by the recipe "
        "of the checkpoints that come with the program; without one, from the captions alone. "
        "Stopped, it goes on when the same command is run again.",
    )
    parser.add_argument("family", choices=("openclip", "beit3"))
    add_data_options(parser)
    parser.add_argument(
        "--teacher", type=Path, metavar="NPY", help="what `train teacher` made of the photos"
    )
    parser.add_argument(
        "--validation-teacher", type=Path, metavar="NPY", help="and of the validation photos"
    )
    parser.add_argument(
        "--sentences", type=Path, metavar="TSV", help="english<TAB>vietnamese, the same meaning"
    )
    parser.add_argument(
        "--output", type=Path, required=True, metavar="DIR", help="its name names the checkpoint"
    )
    add_work_option(parser, "OUTPUT.training")
    alone = parser.add_argument_group("without a teacher")
    add_phase_options(alone, epochs=26, batch_size=256, rate=1e-3, chunk=None)
    parser.add_argument("--seed", type=seed_number, default=1)
    parser.set_defaults(run=run)


def _recipe(parsed: argparse.Namespace) -> "Recipe":
    from engine.training.recipe import Recipe
    from engine.training.starters import recipe_of

    if parsed.teacher:
        return recipe_of(parsed.family, parsed.seed)
    return Recipe((phase_of(parsed, "captions"),), parsed.seed)


def run(parsed: argparse.Namespace) -> int:
    from engine.models.installed import check_name  # training imports torch
    from engine.training.batches import Lessons
    from engine.training.data import gather, load_pixels, read_sentences, squashed
    from engine.training.output import check_output, claim
    from engine.training.starters import DECODED, PREPROCESSING, train_starter
    from engine.training.teacher import read_teacher
    from engine.training.validation import hold_out

    output: Path = parsed.output
    work: Path = parsed.work or output.with_name(f"{output.name}.training")
    check_name(output.name)  # all this before anything is decoded
    check_output(output, work)
    teacher = read_teacher(parsed.teacher) if parsed.teacher else None
    watched = read_teacher(parsed.validation_teacher) if parsed.validation_teacher else None
    photos = gather(sources_of(parsed))
    held_out = hold_out(validation_of(parsed), watched, PREPROCESSING)
    sentences = read_sentences(parsed.sentences) if parsed.sentences else []
    lessons = Lessons(photos, load_pixels(photos, squashed(DECODED)), teacher, sentences)
    recipe = _recipe(parsed)
    claim(output, work)
    entries = train_starter(parsed.family, lessons, held_out, output, recipe, work)
    follow(entries, output.name, recipe, work)
    print(f"The checkpoint is in {output}, the report in {work}.")
    return 0
