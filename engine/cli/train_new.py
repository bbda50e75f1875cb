"""`anhoi train new`: a small encoder from nothing."""

import argparse
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.options import seed_number
from engine.cli.train_common import (
    LOSS_OPTIONS,
    PHASE_OPTIONS,
    Usual,
    add_data_options,
    add_loss_options,
    add_phase_options,
    add_work_option,
    check_lengths,
    follow,
    given,
    phase_of,
    read_held_out,
    read_lessons,
    sources_of,
    teacher_of,
)
from engine.errors import TrainingError
from engine.paths import checkpoints_folder

if TYPE_CHECKING:  # training imports torch
    from collections.abc import Sequence

    from engine.training.data import CaptionedPhoto
    from engine.training.recipe import Recipe

USUAL = Usual(epochs=26, batch_size=256, learning_rate=1e-3)
CAPTIONS, STARTER = "captions", "starter"  # recipes
NOT_OF_STARTERS = (*PHASE_OPTIONS, "rand_augment", "sentences", *LOSS_OPTIONS)


def add_new_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = actions.add_parser(
        "new",
        help="train a small encoder from nothing",
        description="Train a small encoder from nothing: from captions, and from what else is "
        "given, all at once; or by the recipe of the checkpoints that come with the program. "
        "Stopped, it goes on when the same command is run again.",
    )
    parser.add_argument("family", choices=("openclip", "beit3"))
    add_data_options(parser)
    parser.add_argument(
        "--recipe",
        choices=(CAPTIONS, STARTER),
        default=CAPTIONS,
        help="starter: words first, then photos, then both, from a --teacher (captions)",
    )
    parser.add_argument(
        "--validation-teacher",
        type=Path,
        metavar="NPY",
        help="the same as --teacher for the validation photos, for --recipe starter",
    )
    parser.add_argument(
        "--output", type=Path, required=True, metavar="DIR", help="its name names the checkpoint"
    )
    add_work_option(parser, "OUTPUT.training")
    parser.add_argument(
        "--seed", type=seed_number, default=1, metavar="N", help="decides all that is random (1)"
    )
    add_loss_options(parser)
    add_phase_options(parser.add_argument_group("for --recipe captions"), USUAL)
    parser.set_defaults(run=run)


def _check(parsed: argparse.Namespace) -> None:
    if parsed.recipe == CAPTIONS:
        if parsed.validation_teacher:
            raise TrainingError("--validation-teacher is for --recipe starter alone.")
        return
    if parsed.teacher is None:
        raise TrainingError("--recipe starter learns from a teacher: name one with --teacher.")
    if decided := given(parsed, NOT_OF_STARTERS):
        raise TrainingError(
            f"--recipe starter decides by itself: leave out {', '.join(decided)}, or choose "
            "--recipe captions."
        )


def _recipe(parsed: argparse.Namespace, photos: "Sequence[CaptionedPhoto]") -> "Recipe":
    from engine.training.recipe import Recipe
    from engine.training.starter_recipe import recipe_of
    from engine.training.starters import DIMENSION

    if parsed.recipe == STARTER:
        return recipe_of(parsed.family, parsed.seed)
    phase = phase_of(parsed, "captions", USUAL, photos)
    check_lengths(phase, DIMENSION)
    return Recipe((phase,), parsed.seed)


def run(parsed: argparse.Namespace) -> int:
    from engine.models.installed import check_name  # training imports torch
    from engine.training.data import gather, squashed
    from engine.training.output import check_output, claim
    from engine.training.starters import DECODED, preprocessing_of, train_starter
    from engine.training.teacher import read_teacher

    output: Path = parsed.output
    work: Path = parsed.work or output.with_name(f"{output.name}.training")
    _check(parsed)
    check_name(output.name)
    check_output(output, work)
    photos = gather(sources_of(parsed))
    recipe, teacher = _recipe(parsed, photos), teacher_of(parsed, photos)
    watched = read_teacher(parsed.validation_teacher) if parsed.validation_teacher else None
    how = preprocessing_of(parsed.family)
    held_out = read_held_out(parsed, how, watched)  # first, as they are fewer
    lessons = read_lessons(parsed, photos, teacher, squashed(DECODED))
    claim(output, work)
    entries = train_starter(parsed.family, lessons, held_out, output, recipe, work)
    follow(entries, output.name, recipe, work)
    print(f"The checkpoint is in {output}, the report in {work}.")
    print(f"To search with it: anhoi models {_next(output)}")
    return 0


def _next(output: Path) -> str:
    """What makes a finished checkpoint one to search with."""
    if output.resolve().parent == checkpoints_folder().resolve():
        return f"use {output.name}"
    return f"add {shlex.quote(str(output))}"
