"""What a network learns in the steps of one phase."""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from engine.errors import TrainingError
from engine.images.preprocessing import Preprocessing
from engine.models.encoder import FloatArray
from engine.training.batches import Batch, Lessons
from engine.training.gradient_cache import cached_backward
from engine.training.network import Tokenize
from engine.training.objective import Objective
from engine.training.optimisation import Average, optimizers_of, schedule_of
from engine.training.recipe import Phase
from engine.training.state import uninterrupted
from engine.training.validation import HeldOut, recalls_of

LONGEST_GRADIENT = 1.0
OF_THE_TEACHER = " by the teacher"  # ends the name of a recall among the teacher's embeddings


@dataclass(frozen=True, slots=True)
class Setup:
    """What all phases of a training share.

    Attributes:
        objective: the network and the maps of its teacher, on the device; changed in place.
        tokenize: of its text side.
        preprocessing: of its image side.
        lessons: what it learns from.
        held_out: what it is measured on.
        largest_scale: bound of the logarithm of the inverse temperature.
        seen: embeddings of the n photos as they were last shown, shape (n, d), float32, unit
            length or zero; None where no phase asks which photos are alike. Changed in place.
    """

    objective: Objective
    tokenize: Tokenize
    preprocessing: Preprocessing
    lessons: Lessons
    held_out: HeldOut
    largest_scale: float
    seen: FloatArray | None

    @property
    def device(self) -> torch.device:
        return self.objective.network.logit_scale.device


@dataclass(frozen=True, slots=True)
class _Learnt:
    """Of one batch: its losses, and the embeddings of its photos, unit length, (n, d)."""

    batch: Batch
    losses: dict[str, float]
    images: FloatArray | None


class Learner:
    """Moves the weights in one phase of a training.

    Args:
        setup: of the training.
        phase: what is weighed, and how it is optimised.
        seeds: of the training and of the phase.
        steps: how many there will be.

    Attributes:
        step: how many there have been.
        averaged: a copy of the objective with the averaged weights of this moment.
    """

    def __init__(self, setup: Setup, phase: Phase, seeds: tuple[int, int], steps: int) -> None:
        self._setup, self._phase, self._seeds = setup, phase, seeds
        self._objective = setup.objective
        self._optimizers = optimizers_of(self._objective, phase, setup.objective.hidden)
        self._schedules = [schedule_of(each, phase, steps) for each in self._optimizers]
        self._rate = self._scheduled_rate()
        self._bound_temperature()
        self._average = Average(self._objective, phase.average)
        self._sums: dict[str, list[float]] = defaultdict(list)
        self.averaged = self._average.module
        self.step = 0

    def learn(self, batches: Sequence[Batch]) -> None:
        """Do one step; what interrupts it leaves everything as it was before.

        Raises:
            TrainingError: a loss or the gradient is no number, or infinite.
        """
        torch.manual_seed(seed_of(*self._seeds, self.step))  # of dropout
        self._objective.train()
        for optimizer in self._optimizers:
            optimizer.zero_grad(set_to_none=True)
        before, statistics = self.step, [each.clone() for each in self._objective.buffers()]
        try:
            learnt = [self._backward(batch) for batch in batches]
            self._check_gradient()
            with uninterrupted():
                self._move(learnt)
        except BaseException:
            if self.step == before:  # batch norm has followed the batches already
                self._bring_back(statistics)
            raise

    @property
    def has_news(self) -> bool:
        """Whether there were steps since the last report."""
        return bool(self._sums)

    def report(self) -> tuple[float, dict[str, float]]:
        """Learning rate of the last step, and mean of each loss since the last report."""
        means = {name: float(np.mean(values)) for name, values in self._sums.items()}
        self._sums.clear()
        return self._rate, means

    def recalls(self) -> dict[str, float]:
        """Of the averaged weights; before there are images, of texts and the mapped teacher."""
        setup, averaged = self._setup, self.averaged.train(False)
        asked = averaged.network, setup.tokenize, setup.preprocessing, setup.held_out
        if self._phase.weights.need_images:
            return recalls_of(*asked)
        if setup.held_out.teacher is None:
            return {}
        with torch.inference_mode():
            seen = torch.from_numpy(setup.held_out.teacher).to(setup.device)
            images = averaged.map_teacher(seen)
        found = recalls_of(*asked, images)
        return {f"{name}{OF_THE_TEACHER}": percent for name, percent in found.items()}

    def finish(self) -> None:
        """Give the averaged weights to the objective."""
        self._objective.load_state_dict(self.averaged.state_dict())

    def state_dict(self) -> dict[str, Any]:
        """What `load_state_dict` needs to go on from here, beside the objective's own state."""
        return {
            "step": self.step,
            "rate": self._rate,
            "optimizers": [each.state_dict() for each in self._optimizers],
            "schedules": [each.state_dict() for each in self._schedules],
            "average": self._average.state_dict(),
            "sums": dict(self._sums),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` gave."""
        self.step, self._rate = state["step"], state["rate"]
        for optimizer, saved in zip(self._optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
        for schedule, saved in zip(self._schedules, state["schedules"], strict=True):
            schedule.load_state_dict(saved)
        self._average.load_state_dict(state["average"])
        self._sums.update(state["sums"])

    # The gradient

    def _backward(self, batch: Batch) -> _Learnt:
        """Add the gradient of a batch."""
        encoders = self._encoders(batch)
        learnt: list[_Learnt] = []
        loss = partial(self._loss, learnt, batch, tuple(encoders))
        if self._phase.chunk is None:
            total = loss(*(torch.cat([encode() for encode in each]) for each in encoders.values()))
            if total.requires_grad:
                total.backward()  # type: ignore[no-untyped-call]
        else:
            cached_backward(list(encoders.values()), loss)
        return learnt[0]

    def _loss(
        self, learnt: list[_Learnt], batch: Batch, names: Sequence[str], *embedded: Tensor
    ) -> Tensor:
        """The batch's share of the step's loss, shape (); what it is made of goes to `learnt`.

        Args:
            learnt: takes one more.
            batch: what was embedded.
            names: of what is embedded, as `Objective.losses` knows it.
            embedded: in their order.
        """
        by_name = dict(zip(names, embedded, strict=True))
        teacher = None if batch.teacher is None else batch.teacher.to(self._setup.device)
        owners = batch.owners.to(self._setup.device)
        losses = self._objective.losses(self._phase, by_name, teacher, owners)
        learnt.append(self._learnt(batch, losses, by_name.get("images")))
        weights = asdict(self._phase.weights)
        total = torch.zeros((), device=self._setup.device)
        for name, value in losses.items():
            total = total + weights[name] * value
        return total / self._phase.accumulate

    def _learnt(self, batch: Batch, losses: dict[str, Tensor], images: Tensor | None) -> _Learnt:
        numbers = {name: float(value.detach()) for name, value in losses.items()}
        for name, number in numbers.items():
            if not math.isfinite(number):
                raise self._diverged(f"{name} loss", number)
        if images is None or not self._phase.hard_negatives:
            return _Learnt(batch, numbers, None)
        seen = normalize(images.detach().float(), dim=-1)
        return _Learnt(batch, numbers, seen.cpu().numpy())

    def _check_gradient(self) -> None:
        """Make it no longer than it may be."""
        length = nn.utils.clip_grad_norm_(self._objective.parameters(), LONGEST_GRADIENT)
        if not math.isfinite(length):
            raise self._diverged("length of the gradient", float(length))

    def _diverged(self, what: str, number: float) -> TrainingError:
        return TrainingError(
            f"The {what} is {number} at step {self.step + 1:,} of {self._phase.name}: the weights "
            "have diverged. A lower learning rate helps."
        )

    # The step

    def _move(self, learnt: Sequence[_Learnt]) -> None:
        """Take the step, and note what the batches were like."""
        self._rate = self._scheduled_rate()
        for optimizer, schedule in zip(self._optimizers, self._schedules, strict=True):
            optimizer.step()
            schedule.step()
        self._bound_temperature()
        self._average.follow(self._objective)
        for each in learnt:
            for name, number in each.losses.items():
                self._sums[name].append(number)
            if each.images is not None and self._setup.seen is not None:
                self._setup.seen[each.batch.rows] = each.images
        self.step += 1

    def _scheduled_rate(self) -> float:
        return float(self._schedules[0].get_last_lr()[0])

    @torch.no_grad()
    def _bound_temperature(self) -> None:
        self._objective.network.logit_scale.clamp_(0, self._setup.largest_scale)

    def _bring_back(self, statistics: Sequence[Tensor]) -> None:
        with uninterrupted():
            for buffer, before in zip(self._objective.buffers(), statistics, strict=True):
                buffer.copy_(before)

    # The embeddings

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
        how, device = self._setup.preprocessing, self._setup.device
        scaled = pixels.to(device).permute(0, 3, 1, 2).float() / 255
        mean = torch.tensor(how.mean, device=device).view(3, 1, 1)
        deviation = torch.tensor(how.std, device=device).view(3, 1, 1)
        return self._embed(self._objective.network.embed_images, (scaled - mean) / deviation)

    def _embed(self, embed: Callable[..., Tensor], *inputs: Tensor) -> Tensor:
        device = self._setup.device
        with torch.autocast(device.type, dtype=torch.bfloat16):
            return embed(*(each.to(device) for each in inputs)).float()


def seed_of(*numbers: int) -> int:
    """One seed of several numbers, other ones giving another."""
    return int(np.random.SeedSequence(numbers).generate_state(1, np.uint64)[0] >> 1)
