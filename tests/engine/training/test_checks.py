from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.errors import TrainingError
from engine.training.batches import Lessons
from engine.training.checks import check
from engine.training.data import CaptionedPhoto
from engine.training.recipe import Phase, Recipe, Weights
from engine.training.teacher import TeacherEmbeddings
from engine.training.validation import HeldOut
from engine.training.views import ImageAugmentation

PHOTOS = [CaptionedPhoto(Path(f"d/{i}.png"), ("một",), (1.0,)) for i in range(4)]
TEACHER = TeacherEmbeddings(
    Path("t.npy"),
    tuple(photo.name for photo in PHOTOS),
    np.zeros((4, 1, 6), np.float16),
    None,
    None,
    ("mobilenet",),
)
PAIRS = [("a dog", "con chó"), ("a cat", "con mèo")]
LESSONS = Lessons(PHOTOS, np.zeros((4, 8, 8, 3), np.uint8), TEACHER, PAIRS)
HELD_OUT = HeldOut(LESSONS.pixels, [], np.zeros((4, 6), np.float32), ("mobilenet",))
PHASE = Phase("p", 1, 2, 1e-3)


@pytest.mark.parametrize(
    "weights",
    [Weights(contrastive=1), Weights(alignment=1), Weights(similarity=1), Weights(translation=1)],
)
def test_what_is_compared_within_a_batch_needs_a_batch_of_two(weights: Weights) -> None:
    phase = replace(PHASE, weights=weights)
    check(Recipe((phase,)), LESSONS, HELD_OUT, 8)
    with pytest.raises(TrainingError, match="a batch has to have at least 2"):
        check(Recipe((replace(phase, batch_size=1),)), LESSONS, HELD_OUT, 8)


def test_what_looks_at_single_photos_does_not() -> None:
    phase = replace(PHASE, batch_size=1, weights=Weights(feature=1, embedding=1))
    check(Recipe((phase,)), LESSONS, HELD_OUT, 8)


def test_a_single_pair_of_sentences_has_nothing_to_be_told_from() -> None:
    phase = replace(PHASE, weights=Weights(translation=1))
    with pytest.raises(TrainingError, match="single pair of sentences"):
        check(Recipe((phase,)), replace(LESSONS, sentences=PAIRS[:1]), HELD_OUT, 8)


def test_a_teacher_of_whole_photos_knows_no_mixed_ones() -> None:
    mixed = replace(PHASE, image_augmentation=ImageAugmentation(mixed=True))
    taught = replace(mixed, weights=Weights(feature=1))
    check(Recipe((mixed,)), LESSONS, HELD_OUT, 8)  # the teacher is not asked
    with pytest.raises(TrainingError, match="of which its teacher has only seen whole ones"):
        check(Recipe((taught,)), LESSONS, HELD_OUT, 8)
    views = replace(TEACHER, seed=1, how=ImageAugmentation())
    check(Recipe((taught,)), replace(LESSONS, teacher=views), HELD_OUT, 8)


@pytest.mark.parametrize(
    ("held_out", "sentence"),
    [
        (replace(HELD_OUT, teacher=np.zeros((4, 5), np.float32)), "gives 5 numbers, .* training 6"),
        (replace(HELD_OUT, networks=("a", "b")), r"is a \+ b, that of the training mobilenet"),
    ],
)
def test_another_teacher_in_the_validation_is_told(held_out: HeldOut, sentence: str) -> None:
    with pytest.raises(TrainingError, match=sentence):
        check(Recipe((PHASE,)), LESSONS, held_out, 8)


def test_a_teacher_in_the_validation_alone_is_told() -> None:
    with pytest.raises(TrainingError, match="those of the training none"):
        check(Recipe((PHASE,)), replace(LESSONS, teacher=None), HELD_OUT, 8)
