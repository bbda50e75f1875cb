import json
import math
import signal
from collections.abc import Generator, Sequence
from copy import deepcopy
from dataclasses import replace
from itertools import count, islice
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import torch
from PIL import ImageEnhance
from torch import Tensor, nn
from torch.optim.optimizer import register_optimizer_step_post_hook

from engine.cli.scenes import draw_scenes
from engine.errors import CheckpointError, TrainingError
from engine.images.preprocessing import HALF, Preprocessing, prepare
from engine.models.beit3.config import Beit3Config
from engine.models.beit3.retrieval import Beit3Retrieval
from engine.models.tokenizer import SentencePieceTokenizer
from engine.training.batches import Lessons
from engine.training.data import CaptionedPhoto
from engine.training.fitting import HISTORY_FILE, LARGEST_LOGIT_SCALE, Training
from engine.training.history import Entry, read_history
from engine.training.network import Tokenize
from engine.training.recipe import Phase, Recipe, Weights
from engine.training.state import STATE_FILE
from engine.training.teacher import TeacherEmbeddings
from engine.training.validation import HeldOut, Questions
from engine.training.views import ImageAugmentation
from engine.training.vocabulary import train_vocabulary

SIDE = 32
PREPROCESSING = Preprocessing(SIDE, "squash", HALF, HALF)
CONFIG = Beit3Config(
    embed_dim=48,
    layers=2,
    heads=2,
    ffn_dim=96,
    vocab_size=120,
    image_size=SIDE,
    patch_size=8,
    max_text_positions=34,
    text_length=32,
)
GENTLE = ImageAugmentation(smallest_area=0.6, aspect=1.2, colour=0.25)
CONTRAST = Phase("captions", 1, 32, 1e-3, image_augmentation=GENTLE)


def scenes(variants: int, seed: int) -> Lessons:
    """Drawn scenes, each cut and lit differently in every variant."""
    random = np.random.default_rng(seed)
    photos, pixels = [], []
    for name, caption, scene in draw_scenes():
        small = scene.resize((SIDE * 4, SIDE * 3))
        for variant in range(variants):
            left, top = random.integers(0, 12, 2).tolist()
            right, bottom = random.integers(0, 12, 2).tolist()
            cut = small.crop((left, top, small.width - right, small.height - bottom))
            lit = ImageEnhance.Brightness(cut).enhance(random.uniform(0.85, 1.15))
            photos.append(CaptionedPhoto(Path(f"scenes/{name}-{variant}"), (caption,), (1.0,)))
            pixels.append(prepare(lit, PREPROCESSING))
    return Lessons(photos, np.stack(pixels))


def taught(lessons: Lessons, path: Path, views: int = 1) -> TeacherEmbeddings:
    """A teacher that knows which scene a photo shows, whatever the view, and little else."""
    names = tuple(photo.name for photo in lessons.photos)
    kinds = sorted({photo.captions for photo in lessons.photos})
    random = np.random.default_rng(7)
    known = random.normal(size=(len(kinds), 20))[
        [kinds.index(photo.captions) for photo in lessons.photos]
    ]
    noise = random.normal(scale=0.1, size=(len(names), views, 20))
    embeddings = (known[:, None] + noise).astype(np.float16)
    seen = (5, GENTLE) if views > 1 else (None, None)
    return TeacherEmbeddings(path, names, embeddings, *seen)


@pytest.fixture(scope="module")
def lessons() -> Lessons:
    return scenes(4, seed=1)


@pytest.fixture(scope="module")
def held_out() -> HeldOut:
    unseen = scenes(1, seed=2)
    texts = [photo.captions[0] for photo in unseen.photos]
    return HeldOut(unseen.pixels, [Questions("vi", "vi", "scenes", texts, np.arange(len(texts)))])


@pytest.fixture(scope="module")
def tokenizer(lessons: Lessons, tmp_path_factory: pytest.TempPathFactory) -> SentencePieceTokenizer:
    path = tmp_path_factory.mktemp("vocabulary") / "vocabulary.spm"
    path.write_bytes(train_vocabulary((p.captions[0] for p in lessons.photos), 100))
    return SentencePieceTokenizer(path, sha256=None, pieces=None, length=32)


class Trainer:
    """Trains one small network after another, all of them alike at the start."""

    def __init__(
        self, tokenizer: SentencePieceTokenizer, lessons: Lessons, held_out: HeldOut
    ) -> None:
        self.tokenizer, self.lessons, self.held_out = tokenizer, lessons, held_out
        self.kind: type[Beit3Retrieval] = Beit3Retrieval
        self.network = self.untrained()

    def __call__(
        self,
        recipe: Recipe,
        folder: Path | None = None,
        tokenize: Tokenize | None = None,
        identity: str = "",
    ) -> Training:
        self.network = self.untrained()
        return Training(
            self.network,
            tokenize or self.tokenizer.encode,
            PREPROCESSING,
            CONFIG.embed_dim,
            self.lessons,
            self.held_out,
            recipe,
            folder=folder,
            text_branches=[m for name, m in self.network.named_modules() if name.endswith("ffn.B")],
            identity=identity,
        )

    def weights(self, recipe: Recipe) -> dict[str, Tensor]:
        list(self(recipe).run())
        return self.network.state_dict()

    def untrained(self) -> Beit3Retrieval:
        torch.manual_seed(1)
        return self.kind(CONFIG)


@pytest.fixture
def trainer(tokenizer: SentencePieceTokenizer, lessons: Lessons, held_out: HeldOut) -> Trainer:
    return Trainer(tokenizer, lessons, held_out)


def same(left: dict[str, Tensor], right: dict[str, Tensor]) -> bool:
    return left.keys() == right.keys() and all(torch.equal(left[n], right[n]) for n in left)


def test_a_small_network_learns_to_find_scenes_it_has_not_seen(trainer: Trainer) -> None:
    phase = replace(CONTRAST, epochs=40, batch_size=24, learning_rate=2e-3, average=0.9)
    entries = list(trainer(Recipe((phase,), validate_every=40)).run())
    # By chance 4 % of 24 scenes are found first, and 42 % among the first ten.
    assert entries[-1].recalls["vi R@1"] > 40
    assert entries[-1].recalls["vi R@10"] > 90
    assert entries[-1].losses["contrastive"] < entries[0].losses["contrastive"] / 2
    assert not trainer.network.training


def test_a_teacher_is_learnt_from_words_first_then_photos(trainer: Trainer, tmp_path: Path) -> None:
    teacher = taught(trainer.lessons, tmp_path / "t.npy", views=4)
    trainer.lessons = replace(trainer.lessons, teacher=teacher)
    words = Phase("words", 20, 24, 3e-3, Weights(alignment=1), average=0.9)
    photos = Phase("photos", 20, 24, 3e-3, Weights(feature=1, embedding=1), average=0.9)
    entries = list(trainer(Recipe((words, photos), validate_every=20)).run())
    assert {entry.phase for entry in entries} == {"words", "photos"}
    assert entries[-1].recalls["vi R@10"] > 80
    assert entries[-1].losses["embedding"] < 0.7  # 1 at the start


def test_words_are_measured_by_the_teacher_before_there_are_images(
    trainer: Trainer, tmp_path: Path
) -> None:
    known = taught(trainer.lessons, tmp_path / "t.npy")
    trainer.lessons = replace(trainer.lessons, teacher=known)
    whole = known.embeddings[::4, 0].astype(np.float32)  # the held-out scenes, in the same order
    trainer.held_out = replace(trainer.held_out, teacher=whole)
    words = Phase("words", 20, 24, 3e-3, Weights(alignment=1), average=0.9)
    assert list(trainer(Recipe((words,))).run())[-1].recalls["vi R@10 by the teacher"] > 90


@pytest.mark.parametrize(
    "weights",
    [Weights(feature=1), Weights(embedding=1), Weights(similarity=1), Weights(translation=1)],
)
def test_what_no_loss_looks_at_stays_as_it_was(
    weights: Weights, trainer: Trainer, tmp_path: Path
) -> None:
    teacher = taught(trainer.lessons, tmp_path / "t.npy")
    sentences = [("a red ball", "quả bóng đỏ"), ("a dog", "con chó")] * 8
    trainer.lessons = replace(trainer.lessons, teacher=teacher, sentences=sentences)
    before = trainer.untrained().state_dict()
    after = trainer.weights(Recipe((replace(CONTRAST, weights=weights),)))
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    other = ".A." if weights.translation else ".B."
    assert moved
    assert not any(other in name for name in moved)


def test_the_seed_decides_every_weight(trainer: Trainer) -> None:
    first, again, other = (trainer.weights(Recipe((CONTRAST,), seed)) for seed in (1, 1, 2))
    assert same(first, again)
    assert not same(first, other)


DEMANDING = (
    replace(CONTRAST, epochs=2, batch_size=16, accumulate=2, dropout=0.2, hard_negatives=0.5),
    Phase("photos", 1, 32, 1e-3, Weights(feature=1, embedding=1), muon=True),
    replace(CONTRAST, name="both", weights=Weights(contrastive=1, alignment=0.5), chunk=7),
)


def tokenize_so_often(trainer: Trainer, times: int, then: BaseException) -> Tokenize:
    left = iter(range(times))

    def tokenize(texts: Sequence[str]) -> tuple[Tensor, ...]:
        if next(left, None) is None:
            raise then
        return trainer.tokenizer.encode(list(texts))

    return tokenize


def test_a_training_killed_at_any_step_ends_as_one_that_was_not(
    trainer: Trainer, tmp_path: Path
) -> None:
    teacher = taught(trainer.lessons, tmp_path / "t.npy", views=4)
    trainer.lessons = replace(trainer.lessons, teacher=teacher)
    recipe = Recipe(DEMANDING)
    whole = trainer(recipe)
    told = list(whole.run())
    weights = trainer.network.state_dict()

    class KilledError(Exception):
        pass

    for steps in (1, 5, 9, 13, 15, 17):  # in each of the three phases
        folder = tmp_path / f"killed-{steps}"
        dying = tokenize_so_often(trainer, steps, KilledError())
        with pytest.raises(KilledError):
            list(trainer(recipe, folder, dying).run(save_every=0))
        training = trainer(recipe, folder)
        list(training.run())
        assert same(trainer.network.state_dict(), weights), steps
        assert [replace(e, seconds=0) for e in training.entries] == [
            replace(e, seconds=0) for e in told
        ]


class Normed(Beit3Retrieval):
    """With statistics that a forward pass in training changes; interrupted at will."""

    def __init__(self, config: Beit3Config) -> None:
        super().__init__(config)
        self.norm = nn.BatchNorm1d(config.embed_dim)
        self.texts_left = math.inf

    def embed_images(self, pixels: Tensor) -> Tensor:
        return cast("Tensor", self.norm(super().embed_images(pixels)))

    def embed_texts(self, ids: Tensor, padding_mask: Tensor | None) -> Tensor:
        self.texts_left -= 1  # after the images, whose statistics have moved by then
        if self.texts_left < 0:
            raise KeyboardInterrupt
        return super().embed_texts(ids, padding_mask)


INTERRUPTED = Recipe((replace(CONTRAST, epochs=2, batch_size=16, dropout=0.2),), validate_every=1)


def steps_kept(folder: Path) -> int:
    state = torch.load(folder / STATE_FILE, weights_only=True)
    return int(state["progress"]["learner"]["step"])


def test_ctrl_c_in_a_step_loses_nothing(trainer: Trainer, tmp_path: Path) -> None:
    trainer.kind = Normed
    weights = trainer.weights(INTERRUPTED)
    training = trainer(INTERRUPTED, tmp_path)
    cast("Normed", trainer.network).texts_left = 4
    with pytest.raises(KeyboardInterrupt):
        list(training.run())
    assert steps_kept(tmp_path) == 4
    list(trainer(INTERRUPTED, tmp_path).run())
    assert same(trainer.network.state_dict(), weights)


def test_ctrl_c_in_a_validation_loses_nothing(trainer: Trainer, tmp_path: Path) -> None:
    told = list(trainer(INTERRUPTED).run())
    weights = trainer.network.state_dict()
    stopping = tokenize_so_often(trainer, 6, KeyboardInterrupt())  # after the six steps
    with pytest.raises(KeyboardInterrupt):
        list(trainer(INTERRUPTED, tmp_path, stopping).run())
    assert steps_kept(tmp_path) == 6
    again = trainer(INTERRUPTED, tmp_path)
    list(again.run())
    assert same(trainer.network.state_dict(), weights)
    assert [replace(e, seconds=0) for e in again.entries] == [replace(e, seconds=0) for e in told]


def test_ctrl_c_waits_until_a_step_is_taken_whole(trainer: Trainer, tmp_path: Path) -> None:
    recipe = replace(INTERRUPTED, phases=(replace(INTERRUPTED.phases[0], muon=True),))
    weights = trainer.weights(recipe)
    steps = count(1)

    def interrupt(*_: object) -> None:
        if next(steps) == 5:
            signal.raise_signal(signal.SIGINT)  # Muon, the average and the schedules follow yet

    hook = register_optimizer_step_post_hook(interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            list(trainer(recipe, tmp_path).run())
    finally:
        hook.remove()
    assert steps_kept(tmp_path) == 3
    list(trainer(recipe, tmp_path).run())
    assert same(trainer.network.state_dict(), weights)


def test_a_reader_that_stops_loses_nothing(trainer: Trainer, tmp_path: Path) -> None:
    recipe = Recipe((replace(CONTRAST, epochs=3, batch_size=48),))
    weights = trainer.weights(recipe)
    entries = trainer(recipe, tmp_path).run()
    assert next(entries).step == 2
    assert not (tmp_path / STATE_FILE).exists()
    cast("Generator[Entry, None, None]", entries).close()
    assert steps_kept(tmp_path) == 2
    again = trainer(recipe, tmp_path)
    assert [entry.step for entry in again.run()] == [4, 6]
    assert [entry.step for entry in again.entries] == [2, 4, 6]
    assert same(trainer.network.state_dict(), weights)


def test_what_was_validated_is_kept_whatever_happens(trainer: Trainer, tmp_path: Path) -> None:
    phase = replace(CONTRAST, epochs=3, batch_size=96)
    dying = tokenize_so_often(trainer, 4, RuntimeError())  # in the third step
    with pytest.raises(RuntimeError):
        list(trainer(Recipe((phase,), validate_every=1), tmp_path, dying).run())
    assert steps_kept(tmp_path) == 2


def test_two_trainings_do_not_share_a_folder(trainer: Trainer, tmp_path: Path) -> None:
    recipe = Recipe((replace(CONTRAST, epochs=2),))
    first = trainer(recipe, tmp_path).run()
    next(first)
    with pytest.raises(TrainingError, match="Another training is at work in"):
        next(trainer(recipe, tmp_path).run())
    list(first)
    assert list(trainer(recipe, tmp_path).run()) == []


def test_another_teacher_beginning_or_photo_is_another_training(
    trainer: Trainer, tmp_path: Path
) -> None:
    teacher = taught(trainer.lessons, tmp_path / "t.npy", views=2)
    lessons = replace(trainer.lessons, teacher=teacher)
    recipe = Recipe((replace(CONTRAST, batch_size=96, weights=Weights(feature=1)),))
    trainer.lessons = lessons
    list(trainer(recipe, tmp_path).run())
    pixels = lessons.pixels.copy()
    pixels[3, 4, 5] ^= 1
    others = [
        replace(lessons, pixels=pixels),
        *(
            replace(lessons, teacher=replace(teacher, **changed))
            for changed in (
                {"seed": 6},
                {"how": ImageAugmentation()},
                {"networks": ("other",)},
                {"embeddings": teacher.embeddings * np.float16(2)},
            )
        ),
    ]
    for each in others:
        trainer.lessons = each
        with pytest.raises(CheckpointError, match="a training with other settings"):
            next(trainer(recipe, tmp_path).run())
    trainer.lessons = lessons
    with pytest.raises(CheckpointError, match="a training with other settings"):
        next(trainer(recipe, tmp_path, identity="of another checkpoint").run())
    assert list(trainer(recipe, tmp_path).run()) == []


def test_the_rate_told_is_that_of_the_last_step(trainer: Trainer) -> None:
    entries = list(trainer(Recipe((replace(CONTRAST, epochs=3, batch_size=96),))).run())
    # One step up to the peak, and two along a cosine.
    assert [e.learning_rate for e in entries] == pytest.approx([1e-3, 1e-3, 0.5e-3])


def test_accumulated_batches_are_one_large_batch_where_rows_are_on_their_own(
    trainer: Trainer, tmp_path: Path
) -> None:
    teacher = taught(trainer.lessons, tmp_path / "t.npy")
    trainer.lessons = replace(trainer.lessons, teacher=teacher)

    def moved(batch_size: int, accumulate: int) -> Tensor:
        phase = replace(CONTRAST, batch_size=batch_size, accumulate=accumulate)
        after = trainer.weights(Recipe((replace(phase, weights=Weights(feature=1)),)))
        before = trainer.untrained().state_dict()
        return torch.cat([(after[name] - before[name]).flatten() for name in before])

    whole, parts, other = moved(48, 1), moved(12, 4), moved(12, 1)
    # AdamW makes steps of one size even of gradients that are nothing but rounding.
    assert (whole - parts).norm() < 0.05 * whole.norm()
    assert (whole - other).norm() > 0.5 * whole.norm()


def test_a_gradient_that_is_no_number_is_told_before_it_moves_anything(trainer: Trainer) -> None:
    training = trainer(Recipe((CONTRAST,)))
    weights = deepcopy(trainer.network.state_dict())
    spoil = trainer.network.logit_scale.register_hook
    spoil(lambda gradient: gradient * math.nan)  # type: ignore[no-untyped-call]
    with pytest.raises(TrainingError, match="length of the gradient is nan at step 1 of captions"):
        next(training.run())
    assert same(trainer.network.state_dict(), weights)


def test_prefixes_leave_the_whole_embedding_in_the_lesson(trainer: Trainer) -> None:
    phase = replace(CONTRAST, batch_size=96)
    entries = [
        next(trainer(Recipe((replace(phase, prefixes=prefixes),))).run())
        for prefixes in ((12,), (12, CONFIG.embed_dim), (CONFIG.embed_dim,), ())
    ]
    losses = [entry.losses["contrastive"] for entry in entries]
    assert losses[0] == losses[1] != losses[2] == losses[3]


def test_a_finished_training_has_nothing_left_to_do(trainer: Trainer, tmp_path: Path) -> None:
    recipe = Recipe((CONTRAST,))
    list(trainer(recipe, tmp_path).run())
    weights = trainer.network.state_dict()
    again = trainer(recipe, tmp_path)
    assert list(again.run()) == []
    assert same(trainer.network.state_dict(), weights)
    assert read_history(tmp_path / HISTORY_FILE) == tuple(again.entries)


def test_the_state_of_another_training_is_refused(trainer: Trainer, tmp_path: Path) -> None:
    list(trainer(Recipe((CONTRAST,)), tmp_path).run())
    other = Recipe((replace(CONTRAST, learning_rate=2e-3),))
    with pytest.raises(CheckpointError, match="a training with other settings or photos"):
        next(trainer(other, tmp_path).run())


def test_a_state_that_is_damaged_is_told(trainer: Trainer, tmp_path: Path) -> None:
    (tmp_path / STATE_FILE).write_bytes(b"not a state")
    with pytest.raises(CheckpointError, match=r"cannot be read; delete it to begin anew\.$"):
        next(trainer(Recipe((CONTRAST,)), tmp_path).run())


def test_a_folder_that_cannot_be_written_is_told(trainer: Trainer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CheckpointError, match="cannot be written: Not a directory"):
        list(trainer(Recipe((CONTRAST,)), tmp_path / "file" / "work").run())


@pytest.mark.parametrize("changed", [{"chunk": 5}, {"chunk": 32}])
def test_embedding_in_chunks_changes_nothing_but_rounding(
    changed: dict[str, int], trainer: Trainer
) -> None:
    def moved(phase: Phase) -> Tensor:
        after, before = trainer.weights(Recipe((phase,))), trainer.untrained().state_dict()
        return torch.cat([(after[name] - before[name]).flatten() for name in before])

    whole, chunked = moved(CONTRAST), moved(replace(CONTRAST, **changed))  # type: ignore[arg-type]
    # AdamW makes steps of one size even of gradients that are nothing but rounding.
    assert (whole - chunked).norm() < 0.05 * whole.norm()


def test_epochs_are_validated_when_due_and_at_the_end(trainer: Trainer) -> None:
    phase = replace(CONTRAST, epochs=5, batch_size=96)
    entries = list(trainer(Recipe((phase,), validate_every=2)).run())
    assert [entry.step for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.step for entry in entries if entry.recalls] == [2, 4, 5]
    assert all(entry.steps == 5 for entry in entries)


def test_fewer_photos_than_a_step_are_refused_with_both_numbers(trainer: Trainer) -> None:
    phase = replace(CONTRAST, batch_size=49, accumulate=2)
    with pytest.raises(TrainingError, match=r"about 96 photos, fewer than a step of 98"):
        next(trainer(Recipe((phase,))).run())


def test_an_epoch_that_chance_leaves_without_a_step_is_passed_over(trainer: Trainer) -> None:
    photos = [CaptionedPhoto(p.path, p.captions, (0.5,)) for p in trainer.lessons.photos]
    trainer.lessons = replace(trainer.lessons, photos=photos)
    entries = list(trainer(Recipe((replace(CONTRAST, epochs=6, batch_size=48),))).run())
    assert 0 < len(entries) < 6
    assert entries[-1].step == entries[-1].steps == len(entries)
    assert entries[-1].recalls


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (replace(CONTRAST, prefixes=(12, 49)), "The lengths 12, 49 are not all within 1 and 48"),
        (replace(CONTRAST, prefixes=(0, 48)), "The lengths 0, 48 are not all within 1 and 48"),
        (
            replace(CONTRAST, weights=Weights(translation=1), hard_negatives=0.5),
            "The phase “captions” has no images that could be alike.",
        ),
    ],
)
def test_what_a_phase_cannot_do_is_told(changed: Phase, sentence: str, trainer: Trainer) -> None:
    with pytest.raises(TrainingError, match=sentence):
        trainer(Recipe((changed,)))


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        (Weights(feature=1), "The phase “captions” needs a teacher's embeddings."),
        (Weights(translation=1), "The phase “captions” needs sentences in both languages."),
        (Weights(), "The phase “captions” weighs no loss."),
    ],
)
def test_what_the_lessons_lack_is_told_before_anything_is_computed(
    weights: Weights, sentence: str, trainer: Trainer
) -> None:
    with pytest.raises(TrainingError, match=sentence):
        trainer(Recipe((replace(CONTRAST, weights=weights),)))


def test_weights_that_diverge_are_told(trainer: Trainer) -> None:
    phase = replace(CONTRAST, epochs=9, learning_rate=1e30)
    with pytest.raises(TrainingError, match="the weights have diverged"):
        list(trainer(Recipe((phase,))).run())


def test_the_temperature_stays_in_its_bounds(trainer: Trainer) -> None:
    training = trainer(Recipe((replace(CONTRAST, batch_size=96),)))
    with torch.no_grad():
        trainer.network.logit_scale.fill_(LARGEST_LOGIT_SCALE + 1)
    list(training.run())
    assert 0 < float(trainer.network.logit_scale.detach()) <= LARGEST_LOGIT_SCALE + 1e-6


def test_work_stops_where_its_reader_stops(trainer: Trainer) -> None:
    training = trainer(Recipe((replace(CONTRAST, epochs=1000, batch_size=96),)))
    assert [entry.step for entry in islice(training.run(), 2)] == [1, 2]


def test_the_diary_holds_what_was_told(trainer: Trainer, tmp_path: Path) -> None:
    told = list(trainer(Recipe((replace(CONTRAST, epochs=3),), validate_every=1), tmp_path).run())
    lines = (tmp_path / HISTORY_FILE).read_text("utf-8").splitlines()
    assert [json.loads(line)["step"] for line in lines] == [entry.step for entry in told]
    assert all(math.isfinite(loss) for entry in told for loss in entry.losses.values())
