"""`anhoi train tune`: a checkpoint learns a user's own captions, and becomes another one."""

import argparse
from collections.abc import Mapping
from statistics import fmean

from engine.cli.options import language_codes, positive, seed_number
from engine.cli.train_common import (
    Usual,
    add_data_options,
    add_loss_options,
    add_phase_options,
    add_work_option,
    check_lengths,
    figures,
    follow,
    phase_of,
    read_held_out,
    read_lessons,
    sources_of,
    teacher_of,
)

USUAL = Usual(epochs=10, batch_size=64, learning_rate=3e-4, chunk=8)


def add_tune_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = actions.add_parser(
        "tune",
        help="train an installed checkpoint further on your own captions",
        description="Train an installed checkpoint of either family further on your own captions, "
        "and make a new one of it; the old one stays. Stopped, it goes on when the same command "
        "is run again.",
    )
    parser.add_argument("checkpoint", help="see anhoi models list")
    add_data_options(parser)
    parser.add_argument(
        "--output",
        required=True,
        metavar="NAME",
        help="name of the new checkpoint: a-z, 0-9, dots, hyphens",
    )
    add_work_option(parser, "beside the library, in trainings/NAME")
    parser.add_argument(
        "--languages",
        type=language_codes,
        metavar="CODES",
        help="languages the new checkpoint reads, such as vi,en (those of the old one)",
    )
    parser.add_argument(
        "--rank",
        type=positive,
        default=8,
        metavar="N",
        help="size of the adapters; larger ones learn more (8)",
    )
    parser.add_argument(
        "--seed", type=seed_number, default=1, metavar="N", help="decides all that is random (1)"
    )
    add_loss_options(parser)
    add_phase_options(parser, USUAL)
    parser.set_defaults(run=run)


def run(parsed: argparse.Namespace) -> int:
    from engine.models.installed import find_installed  # training imports torch
    from engine.paths import trainings_folder
    from engine.training.data import gather
    from engine.training.lora import import_peft
    from engine.training.tuning import (
        Tuning,
        check_languages,
        check_teacher,
        decoding_of,
        new_folder,
        recipe_for,
    )

    checkpoint, name = find_installed(parsed.checkpoint), parsed.output
    record = checkpoint.record
    work = parsed.work or trainings_folder() / name
    folder = new_folder(name, work)
    import_peft()
    photos = gather(sources_of(parsed))
    languages = parsed.languages or record.languages
    check_languages(record, photos, languages)
    phase, teacher = phase_of(parsed, "tuning", USUAL, photos), teacher_of(parsed, photos)
    check_lengths(phase, record.dimension)
    check_teacher(record, teacher)  # all this before anything is decoded
    recipe = recipe_for(phase, parsed.seed)
    held_out = read_held_out(parsed, record.preprocessing)  # first, as they are fewer
    lessons = read_lessons(parsed, photos, teacher, decoding_of(record.preprocessing))
    tuning = Tuning(
        checkpoint,
        lessons,
        held_out,
        folder,
        recipe,
        rank=parsed.rank,
        languages=languages,
        work=work,
    )
    before = tuning.recalls()
    print(f"{record.name}: {figures(before)}")
    follow(tuning.run(), name, recipe, work, before)
    after = tuning.recalls()
    print(f"{name}: {figures(after)}")
    if not _is_better(after, before):
        print(
            f"{name} finds no more of the validation photos than {record.name} does. More captions "
            "may help, or other --epochs and another --learning-rate."
        )
    print(f"{name} is here: anhoi models use {name}. The report is in {work}.")
    return 0


def _is_better(after: Mapping[str, float], before: Mapping[str, float]) -> bool:
    return fmean(after.values()) > fmean(before.values())
