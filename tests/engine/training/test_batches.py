from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.errors import CaptionsError, TrainingError
from engine.training.batches import Batch, Batches, Lessons
from engine.training.data import CaptionedPhoto
from engine.training.recipe import Phase, Weights
from engine.training.teacher import TeacherEmbeddings
from engine.training.text_augmentation import TextAugmentation
from engine.training.views import ImageAugmentation, is_mixed, view

SIDE, VIEWS = 8, 6
MIXING = ImageAugmentation(mixed=True)
AS_WRITTEN = TextAugmentation(0, 0, 0, 0, 0, 0, 0)
PHOTOS = [
    CaptionedPhoto(Path(f"d/{i:02}.png"), (f"một {i}", f"hai {i}"), (1.0 if i % 2 else 0.1, 0.1))
    for i in range(20)
]
PIXELS = np.random.default_rng(0).integers(0, 256, (20, 12, 12, 3), np.uint8)
# Row and view can be read off an embedding.
EMBEDDINGS = np.stack(np.meshgrid(range(20), range(VIEWS), indexing="ij"), -1).astype(np.float16)
NAMES = tuple(photo.name for photo in PHOTOS)
TEACHER = TeacherEmbeddings(Path("t.npy"), NAMES, EMBEDDINGS, 3, MIXING, ("net",))
PAIRS = [(f"dog {i}", f"chó {i}") for i in range(30)]
LESSONS = Lessons(PHOTOS, PIXELS, TEACHER, PAIRS)
CAPTIONED = Phase(
    "p", 3, 4, 1e-3, Weights(contrastive=1, alignment=1), text_augmentation=AS_WRITTEN
)
SEEN = replace(CAPTIONED, weights=Weights(feature=1))


def tokens(texts: Sequence[str]) -> tuple[Tensor, ...]:
    """Numbers at their ends."""
    return (torch.tensor([[int(text.split()[-1])] for text in texts]),)


def batches(phase: Phase, lessons: Lessons = LESSONS, seed: int = 1) -> list[Batch]:
    made = Batches(lessons, phase, (seed, 0), tokens, SIDE)
    return [
        batch
        for epoch in range(phase.epochs)
        for step in made.steps(made.drawn(epoch), epoch, 0)
        for batch in step
    ]


def views_of(batch: Batch) -> list[tuple[int, int]]:
    """Rows and views that the teacher's embeddings are of."""
    assert batch.teacher is not None
    return [(int(row), int(number)) for row, number in batch.teacher]


@pytest.mark.parametrize("phase", [CAPTIONED, SEEN])
def test_the_teachers_embeddings_are_those_of_the_views_shown(phase: Phase) -> None:
    phase = replace(phase, weights=replace(phase.weights, feature=1))
    for batch in batches(phase):
        assert batch.pixels is not None
        assert [row for row, _ in views_of(batch)] == batch.rows.tolist()
        for (row, number), shown in zip(views_of(batch), batch.pixels, strict=True):
            assert np.array_equal(shown, view(PIXELS, row, number, 3, SIDE, MIXING))


def test_photos_with_captions_are_never_mixed_and_others_are() -> None:
    captioned = {number for batch in batches(CAPTIONED) for _, number in views_of(batch)}
    seen = {number for batch in batches(SEEN) for _, number in views_of(batch)}
    assert captioned == {0, 2, 4}
    assert seen == set(range(VIEWS))


def test_without_a_teachers_views_captioned_photos_are_not_mixed_either() -> None:
    phase = replace(CAPTIONED, weights=Weights(contrastive=1), image_augmentation=MIXING)
    made = Batches(replace(LESSONS, teacher=None), phase, (1, 0), tokens, SIDE)
    random = np.random.default_rng(0)
    assert not any(is_mixed(made._view_number(random), MIXING) for _ in range(50))


def test_a_share_of_captioned_photos_is_shown_whole() -> None:
    phase = replace(CAPTIONED, epochs=60, whole=0.5, batch_size=8)
    numbers = [number for batch in batches(phase) for _, number in views_of(batch)]
    assert numbers.count(0) / len(numbers) == pytest.approx(0.5 + 0.5 / 3, abs=0.1)


def test_weights_of_captions_hold_back_no_photo_where_there_are_none() -> None:
    made = Batches(LESSONS, SEEN, (1, 0), tokens, SIDE)
    assert sorted(made.drawn(0).tolist()) == list(range(20))
    assert made.drawn(0).tolist() != made.drawn(1).tolist()
    captioned = Batches(LESSONS, CAPTIONED, (1, 0), tokens, SIDE)
    drawn = [row for epoch in range(50) for row in captioned.drawn(epoch).tolist()]
    assert drawn.count(3) == 50
    assert drawn.count(4) < 20


def test_texts_belong_to_their_photos() -> None:
    for batch in batches(replace(CAPTIONED, captions=2)):
        (ids,) = batch.texts
        assert len(ids) == 2 * len(batch.rows)
        assert batch.rows[batch.owners].tolist() == ids[:, 0].tolist()


def test_sentences_come_in_pairs_and_none_twice_a_batch() -> None:
    for batch in batches(replace(SEEN, weights=Weights(translation=1))):
        (english,), (vietnamese,) = batch.english, batch.vietnamese
        assert torch.equal(english, vietnamese)
        assert len(set(english[:, 0].tolist())) == SEEN.batch_size
        assert batch.pixels is None
        assert batch.teacher is None
        assert batch.texts == ()


def test_a_step_has_as_many_batches_as_are_accumulated_and_no_photo_twice() -> None:
    made = Batches(LESSONS, replace(SEEN, accumulate=2), (1, 0), tokens, SIDE)
    assert made.steps_of == [2, 2, 2]  # of 8 photos; 4 of the 20 are left over
    for step in made.steps(made.drawn(0), 0, 0):
        rows = [row for batch in step for row in batch.rows.tolist()]
        assert [len(batch.rows) for batch in step] == [4, 4]
        assert len(set(rows)) == 8


def test_an_epoch_that_is_gone_on_with_shows_what_it_would_have_shown() -> None:
    made = Batches(LESSONS, CAPTIONED, (1, 0), tokens, SIDE)
    order = made.drawn(1)
    whole, rest = list(made.steps(order, 1, 0)), list(made.steps(order, 1, 1))
    assert len(rest) == len(whole) - 1
    for (left,), (right,) in zip(whole[1:], rest, strict=True):
        assert views_of(left) == views_of(right)
        assert torch.equal(left.texts[0], right.texts[0])


def test_seed_and_epoch_decide_what_is_shown() -> None:
    def shown(seed: int) -> list[list[tuple[int, int]]]:
        return [views_of(batch) for batch in batches(SEEN, seed=seed)]

    assert shown(1) == shown(1)
    assert shown(1) != shown(2)
    assert all(left != right for left, right in pairwise(shown(1)))


def test_photos_that_the_teachers_views_are_not_of_are_refused() -> None:
    other = replace(LESSONS, photos=PHOTOS[::-1], pixels=PIXELS[::-1])
    with pytest.raises(CaptionsError, match="others, or in another order"):
        Batches(other, SEEN, (1, 0), tokens, SIDE)


def test_a_step_larger_than_the_photos_is_refused() -> None:
    with pytest.raises(TrainingError, match="about 20 photos, fewer than a step of 24"):
        Batches(LESSONS, replace(SEEN, batch_size=12, accumulate=2), (1, 0), tokens, SIDE)
