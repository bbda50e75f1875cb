"""The training loop: phase by phase, epoch by epoch, and from where it was stopped."""

import hashlib
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from engine.errors import TrainingError
from engine.images.preprocessing import Preprocessing
from engine.models.precision import choose_device
from engine.training.batches import Batch, Batches, Lessons
from engine.training.data import CaptionedPhoto
from engine.training.dropout import dropped_out
from engine.training.gradient_cache import cached_backward
from engine.training.hard_negatives import hard_order
from engine.training.history import Entry, write_history
from engine.training.network import DualEncoder, Tokenize
from engine.training.objective import Objective
from engine.training.optimisation import Average, optimizer_of, schedule_of
from engine.training.recipe import Phase, Recipe
from engine.training.state import load_state, save_state, writing_to
from engine.training.teacher import IntArray, TeacherEmbeddings
from engine.training.validation import HeldOut, recalls_of

LARGEST_LOGIT_SCALE = math.log(100)  # as in CLIP, section 2.5
LONGEST_GRADIENT = 1.0
SAVE_EVERY = 300.0  # seconds
REPORT_EVERY = 25  # steps
HISTORY_FILE = "history.jsonl"


class Training:
    """One training of one network; `run` begins it, or goes on where it was stopped.

    Everything random follows from the seed and the number of phase, epoch and step, and what
    has been learnt is kept in `folder`: a training that was killed ends with the same weights as
    one that was not.

    Args:
        network: changed in place; in the end it holds the averaged weights.
        tokenize: of its text side.
        preprocessing: of its image side; only size, mean and std matter here.
        dimension: of its embeddings.
        lessons: what it learns from.
        held_out: what it is measured on.
        recipe: how.
        folder: where the state is kept; None keeps none.
        text_branches: modules of the text side on which `Phase.dropout` acts.

    Attributes:
        entries: the diary from the very beginning.

    Raises:
        TrainingError: the recipe asks for what the lessons do not have.
        CaptionsError: the teacher does not know a photo.
    """

    def __init__(
        self,
        network: DualEncoder,
        tokenize: Tokenize,
        preprocessing: Preprocessing,
        dimension: int,
        lessons: Lessons,
        held_out: HeldOut,
        recipe: Recipe,
        *,
        folder: Path | None = None,
        text_branches: Sequence[nn.Module] = (),
    ) -> None:
        self.entries: list[Entry] = []
        self._tokenize, self._preprocessing = tokenize, preprocessing
        self._lessons, self._held_out, self._recipe = lessons, held_out, recipe
        self._folder, self._text_branches = folder, text_branches
        _check(recipe, lessons, dimension)
        self._device = choose_device()
        torch.manual_seed(_seed(recipe.seed))
        statistics = _statistics(lessons.teacher)
        self._objective = Objective(network, dimension, statistics).to(self._device)
        self._averaged = self._objective
        # CLIP's bound, unless what is trained further is beyond it, as SigLIP's networks are.
        self._largest_scale = max(LARGEST_LOGIT_SCALE, float(network.logit_scale.detach()))
        self._known = np.zeros((len(lessons.photos), dimension), np.float32)
        self._worked, self._since = 0.0, monotonic()

    def run(self, save_every: float = SAVE_EVERY) -> Iterator[Entry]:
        """Train, or go on.

        Args:
            save_every: seconds between two savings of the state.

        Yields:
            What came of the last steps, several times an epoch.

        Raises:
            TrainingError: the weights have diverged.
            CheckpointError: the state cannot be written or read, or is of another training.
        """
        state = self._restored()
        self._since = monotonic()
        for number, phase in enumerate(self._recipe.phases):
            if state and number < state["phase"]:
                continue
            yield from _Stretch(self, number, phase, save_every).run(state)
            state = None
        self._objective.train(False)

    def note(self, entry: Entry) -> None:
        """Write an entry into the diary.

        Raises:
            CheckpointError: the folder cannot be written to.
        """
        self.entries.append(entry)
        if self._folder and entry.recalls:
            with writing_to(self._folder):
                write_history(self._folder / HISTORY_FILE, self.entries)

    def averaged(self) -> dict[str, Tensor]:
        """The network's averaged weights of this moment, by its names for them."""
        return self._averaged.network.state_dict()

    def _restored(self) -> dict[str, Any] | None:
        state = load_state(self._folder, self._name()) if self._folder else None
        if state:
            self.entries = [Entry(**entry) for entry in state["entries"]]
            self._worked = state["seconds"]
            self._objective.load_state_dict(state["objective"])
            self._known = state["known"].numpy()
        return state

    def _save(self, phase: int, progress: dict[str, Any]) -> None:
        if not self._folder:
            return
        common = {
            "training": self._name(),
            "phase": phase,
            "entries": [asdict(entry) for entry in self.entries],
            "seconds": self._seconds(),
            "objective": self._objective.state_dict(),
            "known": torch.from_numpy(self._known),
        }
        save_state(common | progress, self._folder)

    def _name(self) -> str:
        """Differs where recipe, photos, captions or teacher differ."""
        said = [(photo.name, photo.captions, photo.caption_weights) for photo in self._photos]
        shapes = {name: tuple(t.shape) for name, t in self._objective.state_dict().items()}
        everything = repr((self._recipe, said, self._lessons.sentences, shapes))
        return hashlib.sha256(everything.encode()).hexdigest()

    @property
    def _photos(self) -> Sequence[CaptionedPhoto]:
        return self._lessons.photos

    def _seconds(self) -> float:
        return self._worked + monotonic() - self._since


class _Stretch:
    """One phase of a training."""

    def __init__(self, training: Training, number: int, phase: Phase, save_every: float) -> None:
        self._training, self._number, self._phase = training, number, phase
        self._save_every, self._saved = save_every, monotonic()
        self._objective = training._objective
        self._seeds = training._recipe.seed, number
        self._batches = Batches(
            training._lessons, phase, self._seeds, training._tokenize, training._preprocessing.size
        )
        self._steps_of = self._batches.steps_of
        self._steps = sum(self._steps_of)
        self._optimizer = optimizer_of(self._objective, phase)
        self._schedule = schedule_of(self._optimizer, phase, self._steps)
        self._bound_temperature()
        self._average = Average(self._objective, phase.average)
        training._averaged = self._average.module
        self._step = 0
        self._order: IntArray | None = None
        self._sums: dict[str, list[float]] = defaultdict(list)

    def run(self, state: dict[str, Any] | None) -> Iterator[Entry]:
        if state and "order" in state:
            self._restore(state)
        with dropped_out(self._training._text_branches, self._phase.dropout):
            before = 0
            for epoch, steps in enumerate(self._steps_of):
                if before + steps > self._step:
                    yield from self._epoch(epoch, before, steps)
                before += steps
        self._objective.load_state_dict(self._average.module.state_dict())
        self._training._save(self._number + 1, {})

    def _epoch(self, epoch: int, before: int, steps: int) -> Iterator[Entry]:
        if self._order is None:
            self._order = self._ordered(epoch)
        self._objective.train()
        first = self._step - before
        for index, batches in enumerate(self._batches.steps(self._order, epoch, first), first):
            self._learn(batches)
            self._step += 1
            last = index == steps - 1
            if last:
                self._order = None
            due = last and self._validation_is_due(epoch)
            if last or self._step % REPORT_EVERY == 0:
                yield self._entry(self._recalls() if due else {})
                self._objective.train()
            if monotonic() - self._saved >= self._save_every:
                self._save()

    def _ordered(self, epoch: int) -> IntArray:
        """The photos of an epoch, those that are alike together as far as the phase asks."""
        drawn, random = self._batches.drawn(epoch), np.random.default_rng((*self._seeds, epoch, 2))
        share, size = self._phase.hard_negatives, self._phase.batch_size
        return hard_order(drawn, self._training._known, size, share, random)

    def _validation_is_due(self, epoch: int) -> bool:
        later = any(self._steps_of[epoch + 1 :])
        return not later or (epoch + 1) % self._training._recipe.validate_every == 0

    # What is learnt

    def _learn(self, batches: Sequence[Batch]) -> None:
        torch.manual_seed(_seed(*self._seeds, self._step))  # of dropout
        self._optimizer.zero_grad(set_to_none=True)
        for batch in batches:
            self._backward(batch)
        nn.utils.clip_grad_norm_(self._objective.parameters(), LONGEST_GRADIENT)
        self._optimizer.step()
        self._schedule.step()
        self._bound_temperature()
        self._average.follow(self._objective)

    @torch.no_grad()
    def _bound_temperature(self) -> None:
        self._objective.network.logit_scale.clamp_(0, self._training._largest_scale)

    def _backward(self, batch: Batch) -> None:
        device = self._training._device
        encoders = self._encoders(batch)
        teacher = None if batch.teacher is None else batch.teacher.to(device)
        owners = batch.owners.to(device)

        def loss(*embedded: Tensor) -> Tensor:
            by_name = dict(zip(encoders, embedded, strict=True))
            losses = self._objective.losses(self._phase, by_name, teacher, owners)
            self._note(batch, by_name, losses)
            weights = asdict(self._phase.weights)
            return (
                sum(
                    (weights[name] * value for name, value in losses.items()),
                    start=torch.zeros((), device=device),
                )
                / self._phase.accumulate
            )

        if self._phase.chunk is None:
            total = loss(*(torch.cat([encode() for encode in each]) for each in encoders.values()))
            if total.requires_grad:
                total.backward()  # type: ignore[no-untyped-call]
        else:
            cached_backward(list(encoders.values()), loss)

    def _encoders(self, batch: Batch) -> dict[str, list[Callable[[], Tensor]]]:
        """By what is embedded: functions that embed it chunk by chunk."""
        network = self._objective.network
        encoders: dict[str, list[Callable[[], Tensor]]] = {}
        if batch.pixels is not None:
            views = torch.split(batch.pixels, self._phase.chunk or len(batch.pixels))
            encoders["images"] = [partial(self._embed_pixels, part) for part in views]
        for name in ("texts", "english", "vietnamese"):
            if tokens := getattr(batch, name):
                parts = [torch.split(each, self._phase.chunk or len(each)) for each in tokens]
                encoders[name] = [
                    partial(self._embed, network.embed_texts, *chunk)
                    for chunk in zip(*parts, strict=True)
                ]
        return encoders

    def _embed_pixels(self, pixels: Tensor) -> Tensor:
        how, device = self._training._preprocessing, self._training._device
        scaled = pixels.to(device).permute(0, 3, 1, 2).float() / 255
        mean = torch.tensor(how.mean, device=device).view(3, 1, 1)
        deviation = torch.tensor(how.std, device=device).view(3, 1, 1)
        return self._embed(self._objective.network.embed_images, (scaled - mean) / deviation)

    def _embed(self, embed: Callable[..., Tensor], *inputs: Tensor) -> Tensor:
        device = self._training._device
        with torch.autocast(device.type, dtype=torch.bfloat16):
            return embed(*(each.to(device) for each in inputs)).float()

    def _note(self, batch: Batch, embedded: dict[str, Tensor], losses: dict[str, Tensor]) -> None:
        for name, value in losses.items():
            number = float(value.detach())
            if not math.isfinite(number):
                raise TrainingError(
                    f"The {name} loss is {number} at step {self._step + 1:,} of {self._phase.name}:"
                    " the weights have diverged. A lower learning rate helps."
                )
            self._sums[name].append(number)
        if "images" in embedded and self._phase.hard_negatives:
            known = normalize(embedded["images"].detach().float(), dim=-1)
            self._training._known[batch.rows] = known.cpu().numpy()

    # What is told and kept

    def _entry(self, recalls: dict[str, float]) -> Entry:
        entry = Entry(
            self._phase.name,
            self._step,
            self._steps,
            self._training._seconds(),
            float(self._optimizer.param_groups[0]["lr"]),
            {name: float(np.mean(values)) for name, values in self._sums.items()},
            recalls,
        )
        self._sums.clear()
        self._training.note(entry)
        return entry

    def _recalls(self) -> dict[str, float]:
        """Of the averaged weights; before there are images, of the mapped teacher."""
        training = self._training
        objective, held_out = training._averaged, training._held_out
        objective.train(False)
        images = None
        if not self._phase.weights.need_images:
            if held_out.teacher is None:
                return {}
            with torch.inference_mode():
                seen = torch.from_numpy(held_out.teacher).to(training._device)
                images = objective.map_teacher(seen)
        return recalls_of(
            objective.network, training._tokenize, training._preprocessing, held_out, images
        )

    def _save(self) -> None:
        self._saved = monotonic()
        progress = {
            "step": self._step,
            "order": None if self._order is None else torch.from_numpy(self._order),
            "optimizer": self._optimizer.state_dict(),
            "schedule": self._schedule.state_dict(),
            "average": self._average.state_dict(),
            "sums": dict(self._sums),
        }
        self._training._save(self._number, progress)

    def _restore(self, state: dict[str, Any]) -> None:
        self._step = state["step"]
        self._order = None if state["order"] is None else state["order"].numpy()
        self._optimizer.load_state_dict(state["optimizer"])
        self._schedule.load_state_dict(state["schedule"])
        self._average.load_state_dict(state["average"])
        self._sums.update(state["sums"])


def _check(recipe: Recipe, lessons: Lessons, dimension: int) -> None:
    for phase in recipe.phases:
        if phase.prefixes and not 1 <= min(phase.prefixes) <= max(phase.prefixes) <= dimension:
            raise TrainingError(
                f"The lengths {', '.join(map(str, phase.prefixes))} are not all within 1 and "
                f"{dimension}, that of an embedding."
            )
        if phase.hard_negatives and not phase.weights.need_images:
            raise TrainingError(f"The phase “{phase.name}” has no images that could be alike.")
        if not any(asdict(phase.weights).values()):
            raise TrainingError(f"The phase “{phase.name}” weighs no loss.")
        if phase.weights.need_teacher and lessons.teacher is None:
            raise TrainingError(f"The phase “{phase.name}” needs a teacher's embeddings.")
        if phase.weights.translation and not lessons.sentences:
            raise TrainingError(f"The phase “{phase.name}” needs sentences in both languages.")


def _statistics(teacher: TeacherEmbeddings | None) -> tuple[Tensor, Tensor] | None:
    if teacher is None:
        return None
    mean, deviation = teacher.statistics()
    return torch.from_numpy(mean), torch.from_numpy(deviation)


def _seed(*numbers: int) -> int:
    """One seed of several numbers, other ones giving another."""
    return int(np.random.SeedSequence(numbers).generate_state(1, np.uint64)[0] >> 1)
