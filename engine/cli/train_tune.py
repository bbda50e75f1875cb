"""`anhoi train tune`: a checkpoint learns a user's own captions, and becomes another one."""

import argparse
from collections.abc import Mapping

from engine.cli.index import positive
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


def add_tune_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = actions.add_parser(
        "tune",
        help="a checkpoint that is here, further, on captions of your own",
        description="Fine-tune a checkpoint of either family on captions of your own, and make a "
        "new one of it; the old one stays. Stopped, it goes on when the same command is run again.",
    )
    parser.add_argument("checkpoint", help="see anhoi models list")
    add_data_options(parser)
    parser.add_argument(
        "--output", required=True, metavar="NAME", help="of the new checkpoint: a-z, 0-9, . and -"
    )
    add_work_option(parser, "a folder of the user's data")
    parser.add_argument(
        "--languages",
        metavar="CODES",
        help="that the new checkpoint reads, separated by commas (those of the old one)",
    )
    parser.add_argument("--rank", type=positive, default=8, help="of the adapters (8)")
    add_phase_options(parser, epochs=10, batch_size=64, rate=3e-4, chunk=8)
    parser.add_argument("--seed", type=seed_number, default=1)
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    from engine.models.installed import find_installed  # training imports torch
    from engine.paths import trainings_folder
    from engine.training.lora import import_peft
    from engine.training.tuning import Tuning, new_folder, read_material, recipe_for

    checkpoint, name = find_installed(parsed.checkpoint), parsed.output
    work = parsed.work or trainings_folder() / name
    folder = new_folder(name, work)
    recipe = recipe_for(checkpoint, phase_of(parsed, "tuning"), parsed.seed)
    import_peft()  # says what is missing before anything is decoded
    lessons, held_out = read_material(
        checkpoint.record.preprocessing, sources_of(parsed), validation_of(parsed)
    )
    tuning = Tuning(
        checkpoint,
        lessons,
        held_out,
        folder,
        recipe,
        rank=parsed.rank,
        languages=parsed.languages.split(",") if parsed.languages else None,
        work=work,
    )
    print(f"{checkpoint.record.name}: {_figures(tuning.recalls())}")
    follow(tuning.run(), name, recipe, work)
    print(f"{name}: {_figures(tuning.recalls())}")
    print(f"{name} is here: anhoi models use {name}. The report is in {work}.")
    return 0


def _figures(recalls: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {percent:.1f}" for name, percent in recalls.items())
