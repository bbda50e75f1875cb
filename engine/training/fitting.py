"""The training loop: phase by phase, epoch by epoch, and from where it was stopped."""

import hashlib
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import torch
import xxhash
from torch import Tensor, nn

from engine.errors import CheckpointError
from engine.files import writing_to
from engine.images.preprocessing import Preprocessing
from engine.models.precision import choose_device
from engine.training.batches import Batches, Lessons
from engine.training.checks import check
from engine.training.dropout import dropped_out
from engine.training.hard_negatives import hard_order
from engine.training.history import Entry, write_history
from engine.training.network import DualEncoder, Tokenize
from engine.training.objective import Objective
from engine.training.recipe import Phase, Recipe
from engine.training.state import alone, load_state, save_state, uninterrupted
from engine.training.steps import Learner, Setup, seed_of
from engine.training.teacher import IntArray, TeacherEmbeddings
from engine.training.validation import HeldOut

LARGEST_LOGIT_SCALE = math.log(100)  # as in CLIP, section 2.5
SAVE_EVERY = 300.0  # seconds
REPORT_EVERY = 25  # steps
HISTORY_FILE = "history.jsonl"


class Training:
    """One training of one network; `run` begins it, or goes on where it was stopped.

    Everything random follows from the seed and the number of phase, epoch and step, and what
    has been learnt is kept in `folder`: on the CPU, with as many threads, a training that was
    stopped ends with the same weights as one that was not. A GPU adds up in an order of its own,
    so that two trainings on it are alike, but not equal to the last bit, stopped or not.

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
        identity: of the network's weights at the start, where they do not follow from the recipe;
            the state of a training that began with others is refused.

    Attributes:
        entries: the diary from the very beginning.

    Raises:
        TrainingError: the recipe asks for what the lessons do not have, or the validation's
            teacher is another one.
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
        identity: str = "",
    ) -> None:
        check(recipe, lessons, held_out, dimension)
        self.entries: list[Entry] = []
        self._recipe, self._folder, self._identity = recipe, folder, identity
        self._text_branches = text_branches
        torch.manual_seed(seed_of(recipe.seed))
        statistics = _statistics(lessons.teacher)
        mines = any(phase.hard_negatives for phase in recipe.phases)
        self._setup = Setup(
            Objective(network, dimension, statistics).to(choose_device()),
            tokenize,
            preprocessing,
            lessons,
            held_out,
            # CLIP's bound, unless what is trained further is beyond it, as SigLIP's networks are.
            max(LARGEST_LOGIT_SCALE, float(network.logit_scale.detach())),
            np.zeros((len(lessons.photos), dimension), np.float32) if mines else None,
        )
        self._averaged = self._setup.objective
        self._worked, self._since = 0.0, monotonic()

    def run(self, save_every: float = SAVE_EVERY) -> Iterator[Entry]:
        """Train, or go on.

        The state is saved after every validation, at times in between, and when the work is
        interrupted (Ctrl-C) or its reader stops reading.

        Args:
            save_every: seconds between two savings of the state.

        Yields:
            What came of the last steps, several times an epoch.

        Raises:
            TrainingError: the weights have diverged, or another training is at work in the folder.
            CaptionsError: the teacher does not know a photo.
            CheckpointError: the state cannot be written or read, or is of another training.
        """
        with alone(self._folder) if self._folder else nullcontext():
            first, progress = self._restored()
            self._since = monotonic()
            for number, phase in list(enumerate(self._recipe.phases))[first:]:
                seeds = self._recipe.seed, number
                stretch = _Stretch(self._setup, phase, seeds, self._recipe.validate_every)
                if progress:
                    stretch.load_state_dict(progress)
                    progress = {}  # which frees it
                self._averaged = stretch.learner.averaged
                with dropped_out(self._text_branches, phase.dropout):
                    yield from self._followed(number, stretch, save_every)
                stretch.learner.finish()
                self._save(number + 1, {})
            self._setup.objective.train(False)

    def averaged(self) -> dict[str, Tensor]:
        """The network's averaged weights of this moment, by its names for them."""
        return self._averaged.network.state_dict()

    def _followed(self, number: int, stretch: "_Stretch", save_every: float) -> Iterator[Entry]:
        """Pass on the entries of a phase, and save its state whenever that is due."""
        learner = stretch.learner
        saved, when = learner.step, monotonic()
        try:
            for entry in stretch.run(self._note):
                if entry:
                    yield entry
                if (entry and entry.recalls) or monotonic() - when >= save_every:
                    self._save(number, stretch.state_dict())
                    saved, when = learner.step, monotonic()
        except (KeyboardInterrupt, GeneratorExit):
            if learner.step > saved:
                self._save(number, stretch.state_dict())
            raise

    def _note(self, entry: Entry) -> Entry:
        """Write an entry into the diary, with the time it has taken to come there."""
        entry = replace(entry, seconds=self._seconds())
        self.entries.append(entry)
        if self._folder and entry.recalls:
            with writing_to(self._folder, CheckpointError):
                write_history(self._folder / HISTORY_FILE, self.entries)
        return entry

    def _restored(self) -> tuple[int, dict[str, Any]]:
        """The phase to go on with, and what is done of it."""
        state = load_state(self._folder, self._fingerprint) if self._folder else None
        if not state:
            return 0, {}
        self.entries = [Entry(**entry) for entry in state["entries"]]
        self._worked = state["seconds"]
        self._setup.objective.load_state_dict(state["objective"])
        if self._setup.seen is not None:
            self._setup.seen[:] = state["seen"].numpy()
        return state["phase"], state["progress"]

    def _save(self, phase: int, progress: dict[str, Any]) -> None:
        if not self._folder:
            return
        seen = self._setup.seen
        state = {
            "training": self._fingerprint,
            "phase": phase,
            "progress": progress,
            "entries": [asdict(entry) for entry in self.entries],
            "seconds": self._seconds(),
            "objective": self._setup.objective.state_dict(),
            "seen": None if seen is None else torch.from_numpy(seen),
        }
        save_state(state, self._folder)

    @cached_property
    def _fingerprint(self) -> str:
        """Differs where recipe, material, teacher or network differ."""
        lessons, teacher = self._setup.lessons, self._setup.lessons.teacher
        said = [(photo.name, photo.captions, photo.caption_weights) for photo in lessons.photos]
        pixels = xxhash.xxh3_128_hexdigest(np.ascontiguousarray(lessons.pixels).data)
        objective = self._setup.objective.state_dict()
        shapes = {name: tuple(tensor.shape) for name, tensor in objective.items()}
        makes = [self._identity, self._recipe, said, pixels, lessons.sentences, shapes]
        if teacher:
            statistics = [objective[name].cpu().numpy().tobytes() for name in ("mean", "deviation")]
            makes += [teacher.seed, teacher.how, teacher.networks, statistics]
        return hashlib.sha256(repr(makes).encode()).hexdigest()

    def _seconds(self) -> float:
        return self._worked + monotonic() - self._since


class _Stretch:
    """One phase of a training.

    Args:
        setup: of the training.
        phase: what is done.
        seeds: of the training and of the phase.
        validate_every: epochs between two validations.

    Attributes:
        learner: what moves the weights.
    """

    def __init__(
        self, setup: Setup, phase: Phase, seeds: tuple[int, int], validate_every: int
    ) -> None:
        self._setup, self._phase, self._seeds = setup, phase, seeds
        self._validate_every = validate_every
        self._batches = Batches(
            setup.lessons, phase, seeds, setup.tokenize, setup.preprocessing.size
        )
        self._steps = sum(self._batches.steps_of)
        self._order: IntArray = np.zeros(0, np.int64)  # of the photos of the epoch at hand
        self.learner = Learner(setup, phase, seeds, self._steps)

    def run(self, note: Callable[[Entry], Entry]) -> Iterator[Entry | None]:
        """Do what is left, and stop after every step, so that the state may be saved.

        Args:
            note: keeps an entry, and completes it.

        Yields:
            What came of the last steps, where that is due; else None.
        """
        first = 0
        for epoch, steps in enumerate(self._batches.steps_of):
            if self.learner.step < first + steps:
                yield from self._epoch(epoch, first, note)
            first += steps
            if self.learner.step == first and self.learner.has_news:
                recalls = self.learner.recalls() if self._validation_is_due(epoch) else {}
                yield self._entry(recalls, note)

    def _epoch(
        self, epoch: int, first: int, note: Callable[[Entry], Entry]
    ) -> Iterator[Entry | None]:
        """The steps of an epoch, whose first one has the number `first` in the phase."""
        if self.learner.step == first:
            self._order = self._ordered(epoch)
        last = first + self._batches.steps_of[epoch]
        for batches in self._batches.steps(self._order, epoch, self.learner.step - first):
            self.learner.learn(batches)
            due = self.learner.step % REPORT_EVERY == 0 and self.learner.step < last
            yield self._entry({}, note) if due else None

    def _ordered(self, epoch: int) -> IntArray:
        """The photos of an epoch, those that are alike together as far as the phase asks."""
        drawn, random = self._batches.drawn(epoch), np.random.default_rng((*self._seeds, epoch, 2))
        share, size = self._phase.hard_negatives, self._phase.batch_size
        if self._setup.seen is None:
            return drawn
        return hard_order(drawn, self._setup.seen, size, share, random)

    def _validation_is_due(self, epoch: int) -> bool:
        later = any(self._batches.steps_of[epoch + 1 :])
        return not later or (epoch + 1) % self._validate_every == 0

    def _entry(self, recalls: dict[str, float], note: Callable[[Entry], Entry]) -> Entry:
        with uninterrupted():
            rate, losses = self.learner.report()
            step, steps = self.learner.step, self._steps
            return note(Entry(self._phase.name, step, steps, 0.0, rate, losses, recalls))

    def state_dict(self) -> dict[str, Any]:
        """What `load_state_dict` needs to go on from here."""
        return {"order": torch.from_numpy(self._order), "learner": self.learner.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict` gave."""
        self._order = state["order"].numpy()
        self.learner.load_state_dict(state["learner"])


def _statistics(teacher: TeacherEmbeddings | None) -> tuple[Tensor, Tensor] | None:
    if teacher is None:
        return None
    mean, deviation = teacher.statistics()
    return torch.from_numpy(mean), torch.from_numpy(deviation)
