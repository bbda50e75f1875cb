"""What the sub-commands of `anhoi train` have in common: options, progress, report."""

import argparse
import math
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from engine.cli.common import counted, say
from engine.cli.options import lengths, loss_weight, natural, positive, rate, share
from engine.errors import CaptionsError, TrainingError

if TYPE_CHECKING:  # training imports torch
    from engine.images.preprocessing import Preprocessing
    from engine.training.batches import Lessons
    from engine.training.data import CaptionedPhoto, Source
    from engine.training.history import Entry
    from engine.training.recipe import Phase, Recipe, Weights
    from engine.training.teacher import TeacherEmbeddings
    from engine.training.validation import HeldOut

REPORT_FILE = "report.html"
TRANSLATION = 0.25  # weight of the sentences, beside 1 for the captions
FEWEST_TELLING = 20  # validation photos, of which the first ten are half
PHASE_OPTIONS = (
    "epochs",
    "batch_size",
    "learning_rate",
    "accumulate",
    "chunk",
    "captions",
    "hard_negatives",
    "prefixes",
)
LOSS_OPTIONS = ("translation", "feature", "similarity")


@dataclass(frozen=True, slots=True)
class Usual:
    """How a phase of learning from captions is where the options say nothing."""

    epochs: int
    batch_size: int
    learning_rate: float
    chunk: int | None = None


class _WithWeight(argparse._AppendAction):
    """CAPTIONS IMAGES, and WEIGHT where it is given."""

    def __call__(self, parser: Any, namespace: Any, values: Any, *rest: Any) -> None:  # noqa: ANN401
        if not 2 <= len(values) <= 3:
            raise argparse.ArgumentError(self, "takes CAPTIONS IMAGES, or CAPTIONS IMAGES WEIGHT")
        super().__call__(parser, namespace, values, *rest)


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
        nargs="+",
        action=_WithWeight,
        required=True,
        metavar=("CAPTIONS IMAGES", "WEIGHT"),
        help="a file of captions (image<TAB>caption a line), the folder of its photos, and how "
        "likely each of them is drawn in an epoch (1)",
    )


def add_phase_options(
    parser: "argparse.ArgumentParser | argparse._ArgumentGroup", usual: Usual
) -> None:
    """Add what a phase of learning from captions can be told; `phase_of` reads it."""

    def add(name: str, metavar: str, kind: Callable[[str], object], text: str) -> None:
        parser.add_argument(name, type=kind, metavar=metavar, help=text)

    size, chunk = usual.batch_size, usual.chunk
    add("--epochs", "N", positive, f"passes over the photos ({usual.epochs})")
    add("--batch-size", "N", positive, f"photos compared with each other ({size}, or all)")
    add("--learning-rate", "RATE", rate, f"peak learning rate ({usual.learning_rate:g})")
    add("--accumulate", "N", positive, "batches per step; more make steadier steps (1)")
    add(
        "--chunk",
        "N",
        positive,
        f"photos held in memory at once ({chunk or 'the whole batch'}); "
        "batch norms that learn see no more than these",
    )
    add("--captions", "N", positive, "captions used per photo in one step (1)")
    add("--hard-negatives", "SHARE", share, "share of each batch filled with look-alike photos (0)")
    add("--prefixes", "N,N", lengths, "embedding lengths that also work alone, such as 64,256")
    add("--rand-augment", "N", natural, "random distortions per photo (0)")


def add_loss_options(parser: "argparse.ArgumentParser | argparse._ArgumentGroup") -> None:
    """Add what else can be learnt from beside captions, and how much it counts."""
    parser.add_argument(
        "--sentences", type=Path, metavar="TSV", help="english<TAB>vietnamese, the same meaning"
    )
    parser.add_argument(
        "--translation",
        type=loss_weight,
        metavar="W",
        help=f"how much the sentences count, captions counting 1 ({TRANSLATION})",
    )
    parser.add_argument(
        "--teacher", type=Path, metavar="NPY", help="what `anhoi train teacher` made of the photos"
    )
    parser.add_argument(
        "--feature",
        type=loss_weight,
        metavar="W",
        help="how much the teacher's embeddings count (1)",
    )
    parser.add_argument(
        "--similarity",
        type=loss_weight,
        metavar="W",
        help="how much it counts which photos the teacher finds alike (0)",
    )


def add_work_option(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument(
        "--work",
        type=Path,
        metavar="DIR",
        help=f"where the report and the training's state are kept ({default})",
    )


def given(parsed: argparse.Namespace, names: Sequence[str]) -> list[str]:
    """Those of the options that were typed, as they are typed."""
    return [f"--{n.replace('_', '-')}" for n in names if getattr(parsed, n) is not None]


def phase_of(
    parsed: argparse.Namespace, name: str, usual: Usual, photos: "Sequence[CaptionedPhoto]"
) -> "Phase":
    """What the options say of learning from captions.

    Raises:
        TrainingError: options contradict each other, or a step is more than all photos.
    """
    from engine.training.recipe import Phase
    from engine.training.views import ImageAugmentation

    typed = {n: value for n in PHASE_OPTIONS if (value := getattr(parsed, n)) is not None}
    whole = _surely_drawn(photos) // typed.get("accumulate", 1)
    settings: dict[str, Any] = {
        "epochs": usual.epochs,
        "batch_size": max(2, min(usual.batch_size, whole)),
        "learning_rate": usual.learning_rate,
        "chunk": usual.chunk,
    } | typed
    distorted = ImageAugmentation(rand_augment=parsed.rand_augment or 0)
    phase = Phase(name, weights=_weights_of(parsed), image_augmentation=distorted, **settings)
    step = phase.batch_size * phase.accumulate
    if step > len(photos):
        raise TrainingError(
            f"A step takes {counted(step, 'photo')} (--batch-size x --accumulate), more than the "
            f"{len(photos):,} there are."
        )
    return phase


def _surely_drawn(photos: "Sequence[CaptionedPhoto]") -> int:
    """How many photos nearly every epoch shows: two deviations fewer than are drawn on average."""
    mean = sum(photo.weight for photo in photos)
    variance = sum(photo.weight * (1 - photo.weight) for photo in photos)
    return math.floor(mean - 2 * math.sqrt(variance))


def _weights_of(parsed: argparse.Namespace) -> "Weights":
    from engine.training.recipe import Weights

    for option, file in (("translation", "sentences"), *((n, "teacher") for n in LOSS_OPTIONS[1:])):
        if getattr(parsed, option) is not None and getattr(parsed, file) is None:
            raise TrainingError(f"--{option} says how much --{file} counts, which is missing.")
    translation = TRANSLATION if parsed.translation is None else parsed.translation
    feature = 1.0 if parsed.feature is None else parsed.feature
    return Weights(
        contrastive=1,
        translation=translation if parsed.sentences else 0,
        feature=feature if parsed.teacher else 0,
        similarity=parsed.similarity or 0,
    )


def check_lengths(phase: "Phase", dimension: int) -> None:
    """Refuse prefixes of embeddings that are longer than these.

    Raises:
        TrainingError: one is.
    """
    if phase.prefixes and max(phase.prefixes) > dimension:
        raise TrainingError(
            f"An embedding has {dimension} numbers: --prefixes {max(phase.prefixes)} is too long."
        )


def sources_of(parsed: argparse.Namespace) -> "list[Source]":
    from engine.training.data import Source

    return [Source(Path(c), Path(i), _weight(*w)) for c, i, *w in parsed.data]


def validation_of(parsed: argparse.Namespace) -> "list[Source]":
    from engine.training.data import Source

    return [Source(captions, images) for captions, images in parsed.validation]


def teacher_of(
    parsed: argparse.Namespace, photos: "Sequence[CaptionedPhoto]"
) -> "TeacherEmbeddings | None":
    """The teacher that is named, after it was asked for all photos.

    Raises:
        CaptionsError: its files cannot be read, or it does not know a photo.
        TrainingError: it has seen views that --rand-augment would change.
    """
    from engine.training.teacher import read_teacher

    if parsed.teacher is None:
        return None
    teacher = read_teacher(parsed.teacher)
    teacher.rows_of([photo.name for photo in photos])
    if teacher.how and parsed.rand_augment:
        raise TrainingError(
            "--rand-augment would show other views than the teacher has seen: leave it out, or "
            "embed whole photos with anhoi train teacher --views 0."
        )
    return teacher


def read_lessons(
    parsed: argparse.Namespace,
    photos: "Sequence[CaptionedPhoto]",
    teacher: "TeacherEmbeddings | None",
    how: "Preprocessing",
) -> "Lessons":
    """Decode the photos that are learnt from.

    Raises:
        CaptionsError: a photo or the sentences cannot be read.
    """
    from engine.training.batches import Lessons
    from engine.training.data import load_pixels, read_sentences

    sentences = read_sentences(parsed.sentences) if parsed.sentences else []
    say(f"Reading {counted(len(photos), 'photo')}…")
    return Lessons(photos, load_pixels(photos, how), teacher, sentences)


def read_held_out(
    parsed: argparse.Namespace, how: "Preprocessing", teacher: "TeacherEmbeddings | None" = None
) -> "HeldOut":
    """Decode the photos that are measured on.

    Raises:
        CaptionsError: captions or photos cannot be read, or the teacher does not know one.
    """
    from engine.training.validation import hold_out

    held_out = hold_out(validation_of(parsed), teacher, how)
    count = len(held_out.pixels)
    if count < FEWEST_TELLING:
        say(
            f"There {'is' if count == 1 else 'are'} only {counted(count, 'validation photo')}: "
            "R@10 means little, as ten are most of them. A hundred or more tell better."
        )
    return held_out


def follow(
    entries: "Iterator[Entry]",
    title: str,
    recipe: "Recipe",
    work: Path,
    before: Mapping[str, float] | None = None,
) -> None:
    """Show a training's progress, and keep its report up to date.

    Args:
        entries: of the training.
        title: of the report.
        recipe: of the training.
        work: where the report goes.
        before: recalls of the network that it began with.
    """
    phase, bar = "", tqdm(unit=" steps", desc=recipe.phases[0].name, leave=False)
    try:
        for entry in entries:
            if entry.phase != phase:
                bar.close()
                phase, done = entry.phase, entry.step
                bar = tqdm(total=entry.steps, initial=done, unit=" steps", desc=phase, leave=False)
            bar.set_postfix_str(_losses(entry), refresh=False)
            bar.update(entry.step - bar.n)
            bar.refresh()
            if entry.recalls:
                tqdm.write(
                    f"{phase}, step {entry.step:,}: {_losses(entry)}, {figures(entry.recalls)}"
                )
                _report(title, recipe, work, before or {})
    finally:
        bar.close()
        if isinstance(entries, Generator):
            entries.close()  # stopped here by Ctrl-C, it has yet to save


def figures(recalls: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {percent:.1f}" for name, percent in recalls.items())


def _losses(entry: "Entry") -> str:
    return ", ".join(f"{name} {value:.3f}" for name, value in entry.losses.items())


def _report(title: str, recipe: "Recipe", work: Path, before: Mapping[str, float]) -> None:
    from engine.training.fitting import HISTORY_FILE
    from engine.training.history import read_history
    from engine.training.report import write_report

    write_report(
        work / REPORT_FILE,
        title,
        {"seed": f"{recipe.seed}"},
        read_history(work / HISTORY_FILE),
        phases={phase.name: phase.described() for phase in recipe.phases},
        before=before,
    )


def _weight(text: str = "1") -> float:
    try:
        weight = float(text)
    except ValueError:
        weight = 0.0
    if not 0 < weight <= 1:
        raise CaptionsError(f"“{text}” is not a weight: above 0, at most 1.")
    return weight
