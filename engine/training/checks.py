"""What a training cannot do, told before anything is computed."""

from dataclasses import asdict

from engine.errors import TrainingError
from engine.training.batches import Lessons
from engine.training.recipe import Phase, Recipe
from engine.training.validation import HeldOut


def check(recipe: Recipe, lessons: Lessons, held_out: HeldOut, dimension: int) -> None:
    """Refuse a recipe that its material, or the network, is not fit for.

    Args:
        recipe: how to train.
        lessons: what is learnt from.
        held_out: what is measured on.
        dimension: of the network's embeddings.

    Raises:
        TrainingError: a phase asks for what is not there, or weighs nothing; or the teacher of the
            validation is not that of the training.
    """
    for phase in recipe.phases:
        _check_options(phase, lessons, dimension)
        _check_weights(phase, lessons)
        _check_batches(phase, lessons)
    _check_held_out(lessons, held_out)


def _check_weights(phase: Phase, lessons: Lessons) -> None:
    if not any(asdict(phase.weights).values()):
        raise TrainingError(f"The phase “{phase.name}” weighs no loss.")
    if phase.weights.need_teacher and lessons.teacher is None:
        raise TrainingError(f"The phase “{phase.name}” needs a teacher's embeddings.")
    if phase.weights.translation and not lessons.sentences:
        raise TrainingError(f"The phase “{phase.name}” needs sentences in both languages.")


def _check_batches(phase: Phase, lessons: Lessons) -> None:
    weights = phase.weights
    compared = weights.contrastive, weights.alignment, weights.similarity, weights.translation
    if phase.batch_size < 2 and any(compared):
        raise TrainingError(
            f"The phase “{phase.name}” compares the photos or sentences of a batch with each "
            "other: a batch has to have at least 2."
        )
    if weights.translation and len(lessons.sentences) < 2:
        raise TrainingError("A single pair of sentences has no other to be told from.")


def _check_options(phase: Phase, lessons: Lessons, dimension: int) -> None:
    if phase.prefixes and not 1 <= min(phase.prefixes) <= max(phase.prefixes) <= dimension:
        raise TrainingError(
            f"The lengths {', '.join(map(str, phase.prefixes))} are not all within 1 and "
            f"{dimension}, that of an embedding."
        )
    if phase.hard_negatives and not phase.weights.need_images:
        raise TrainingError(f"The phase “{phase.name}” has no images that could be alike.")
    whole = lessons.teacher is not None and lessons.teacher.how is None
    if whole and phase.weights.need_teacher and phase.image_augmentation.mixed:
        raise TrainingError(
            f"The phase “{phase.name}” mixes photos, of which its teacher has only seen whole "
            "ones: let it embed mixed views, or mix none."
        )


def _check_held_out(lessons: Lessons, held_out: HeldOut) -> None:
    learnt, watched = lessons.teacher, held_out.teacher
    if watched is None:
        return
    if learnt is None:
        raise TrainingError("The validation photos have a teacher, and those of the training none.")
    width = learnt.embeddings.shape[2]
    if watched.shape[1] != width:
        raise TrainingError(
            f"The teacher of the validation photos gives {watched.shape[1]:,} numbers, that of "
            f"the training {width:,}: it has to be the same."
        )
    if held_out.networks != learnt.networks:
        raise TrainingError(
            f"The teacher of the validation photos is {' + '.join(held_out.networks)}, that of the "
            f"training {' + '.join(learnt.networks)}: it has to be the same."
        )
