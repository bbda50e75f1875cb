"""What is shown to a network: which photos, which views of them, which words."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.errors import TrainingError
from engine.models.encoder import UInt8Array
from engine.training.data import CaptionedPhoto, draw_captions, draw_epoch
from engine.training.network import Tokenize
from engine.training.recipe import Phase
from engine.training.teacher import IntArray, TeacherEmbeddings
from engine.training.text_augmentation import vary
from engine.training.views import WHOLE_PHOTO, ImageAugmentation, view


@dataclass(frozen=True, slots=True)
class Lessons:
    """What is learnt from.

    Attributes:
        photos: n photos with their captions.
        pixels: of these photos, shape (n, C, C, 3), uint8, C at least the input's size.
        teacher: its embeddings of these photos; None where there is no teacher.
        sentences: English and Vietnamese ones of the same meaning.
    """

    photos: Sequence[CaptionedPhoto]
    pixels: UInt8Array
    teacher: TeacherEmbeddings | None = None
    sentences: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch, as far as its phase needs it.

    Attributes:
        rows: of the n photos, shape (n,), int64.
        pixels: a view of each, shape (n, S, S, 3), uint8.
        teacher: its embeddings of these views, shape (n, t).
        texts: what the tokenizer made of m captions.
        owners: the photo of each, shape (m,), int64, as a position in `rows`.
        english: what it made of k sentences.
        vietnamese: and of their translations.
    """

    rows: IntArray
    pixels: Tensor | None
    teacher: Tensor | None
    texts: tuple[Tensor, ...]
    owners: Tensor
    english: tuple[Tensor, ...]
    vietnamese: tuple[Tensor, ...]


class Batches:
    """The batches of one phase: functions of the seeds, the epoch and the step alone.

    Args:
        lessons: what is learnt from.
        phase: what it needs of them, and how they are varied.
        seeds: of the training and of the phase.
        tokenize: of the network's text side.
        size: of its input, in pixels.

    Raises:
        TrainingError: the photos are too few for a step.
        CaptionsError: the teacher does not know a photo.
    """

    def __init__(
        self,
        lessons: Lessons,
        phase: Phase,
        seeds: tuple[int, int],
        tokenize: Tokenize,
        size: int,
    ) -> None:
        self._lessons, self._phase, self._seeds = lessons, phase, seeds
        self._tokenize, self._size = tokenize, size
        self._teacher_rows = _teacher_rows(lessons)
        self._group = phase.batch_size * phase.accumulate
        self.steps_of = [len(self.drawn(epoch)) // self._group for epoch in range(phase.epochs)]
        if not sum(self.steps_of):
            raise TrainingError(
                f"An epoch has about {len(self.drawn(0)):,} photos, fewer than a step of "
                f"{self._group:,}; more photos, or a smaller batch, are needed to learn anything."
            )

    def drawn(self, epoch: int) -> IntArray:
        """Rows of the photos of an epoch in random order, shape (m,), int64.

        Weights are of captions: without them, every photo is shown.
        """
        random = np.random.default_rng((*self._seeds, epoch, 0))
        photos = self._lessons.photos
        if self._phase.weights.need_texts:
            return draw_epoch(photos, random)
        return random.permutation(len(photos))

    def steps(self, order: IntArray, epoch: int, first: int) -> Iterator[list[Batch]]:
        """The batches of each step of an epoch, prepared while the one before is learnt from.

        Args:
            order: rows of the photos to show, shape (m,), int64.
            epoch: counted from 0.
            first: step to begin with, counted from 0.
        """

        def prepare(index: int) -> list[Batch]:
            rows = order[index * self._group : (index + 1) * self._group]
            random = np.random.default_rng((*self._seeds, epoch, 1, index))
            parts = np.split(rows, self._phase.accumulate)
            return [self._batch(part, random) for part in parts]

        last = self.steps_of[epoch] - 1
        with ThreadPoolExecutor(1) as pool:
            upcoming = pool.submit(prepare, first)
            for index in range(first, last + 1):
                ready = upcoming.result()
                if index < last:
                    upcoming = pool.submit(prepare, index + 1)
                yield ready

    def _batch(self, rows: IntArray, random: np.random.Generator) -> Batch:
        weights = self._phase.weights
        numbers = np.array([self._view_number(random) for _ in rows])
        texts, owners = self._captions(rows, random) if weights.need_texts else ([], [])
        pairs = self._sentences(random) if weights.translation else []
        return Batch(
            rows,
            self._pixels(rows, numbers) if weights.need_images else None,
            self._taught(rows, numbers) if weights.need_teacher else None,
            self._tokens(texts),
            torch.tensor(owners, dtype=torch.int64),
            self._tokens([english for english, _ in pairs]),
            self._tokens([vietnamese for _, vietnamese in pairs]),
        )

    def _view_number(self, random: np.random.Generator) -> int:
        """Which view of a photo is shown; no mixed one where there are captions."""
        teacher, how = self._lessons.teacher, self._augmentation()[1]
        captioned = self._phase.weights.need_texts
        if captioned and random.random() < self._phase.whole:
            return WHOLE_PHOTO
        if teacher is None or teacher.how is None:
            number = int(random.integers(2**31))
            return 2 * number if captioned and how.mixed else number
        views = np.arange(teacher.embeddings.shape[1])
        return int(random.choice(teacher.plain_views if captioned else views))

    def _augmentation(self) -> tuple[int, ImageAugmentation]:
        """Seed and kind of the views: those that the teacher has seen, if it has seen some."""
        teacher = self._lessons.teacher
        if teacher is None or teacher.how is None or teacher.seed is None:
            return self._seeds[0], self._phase.image_augmentation
        return teacher.seed, teacher.how

    def _pixels(self, rows: IntArray, numbers: IntArray) -> Tensor:
        pixels, (seed, how) = self._lessons.pixels, self._augmentation()
        views = [
            view(pixels, int(row), int(number), seed, self._size, how)
            for row, number in zip(rows, numbers, strict=True)
        ]
        return torch.from_numpy(np.stack(views))

    def _taught(self, rows: IntArray, numbers: IntArray) -> Tensor | None:
        teacher = self._lessons.teacher
        if teacher is None:
            return None
        views = numbers if teacher.how else np.zeros(len(rows), np.int64)
        return torch.from_numpy(np.array(teacher.embeddings[self._teacher_rows[rows], views]))

    def _captions(self, rows: IntArray, random: np.random.Generator) -> tuple[list[str], list[int]]:
        texts, owners = [], []
        for position, row in enumerate(rows):
            for text in draw_captions(self._lessons.photos[row], self._phase.captions, random):
                texts.append(vary(text, self._phase.text_augmentation, random))
                owners.append(position)
        return texts, owners

    def _sentences(self, random: np.random.Generator) -> list[tuple[str, str]]:
        sentences, how = self._lessons.sentences, self._phase.text_augmentation
        count = min(self._phase.batch_size, len(sentences))
        drawn = [sentences[i] for i in random.choice(len(sentences), count, replace=False)]
        return [(vary(left, how, random), vary(right, how, random)) for left, right in drawn]

    def _tokens(self, texts: Sequence[str]) -> tuple[Tensor, ...]:
        return self._tokenize(texts) if texts else ()


def _teacher_rows(lessons: Lessons) -> IntArray:
    if lessons.teacher is None:
        return np.zeros(0, np.int64)
    return lessons.teacher.rows_of([photo.name for photo in lessons.photos])
