"""What moves the weights: AdamW, Muon, their schedule, and the average of where they were."""

import math
from copy import deepcopy
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor, nn

from engine.training.recipe import Phase

M = TypeVar("M", bound=nn.Module)

BEGINNING = 20  # steps in which the average follows fast; it would hardly leave the start else


def optimizers_of(
    module: nn.Module, phase: Phase, hidden: nn.Module
) -> list[torch.optim.Optimizer]:
    """AdamW in two groups, matrices that decay and vectors that do not; Muon where it is asked for.

    Args:
        module: all that is trained.
        phase: how.
        hidden: the part of it whose linear layers, those inside of attention too, are Muon's, if
            the phase has it.

    Source: Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019; Jordan et
    al., "Muon", 2024, with the step lengths of Liu et al., "Muon is Scalable for LLM Training",
    2025, section 2.2, so that one learning rate does for both.
    """
    trained = [p for p in module.parameters() if p.requires_grad]
    layers = _linear_weights(hidden) if phase.muon else []
    by_muon = [weight for weight in layers if weight.requires_grad]
    taken = {id(weight) for weight in by_muon}
    groups = [
        {
            "params": [p for p in trained if p.ndim >= 2 and id(p) not in taken],
            "weight_decay": phase.weight_decay,
        },
        {"params": [p for p in trained if p.ndim < 2], "weight_decay": 0.0},
    ]
    rate = phase.learning_rate
    optimizers: list[torch.optim.Optimizer] = [
        torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98))
    ]
    if by_muon:
        decay, lengths = phase.weight_decay, "match_rms_adamw"
        optimizers.append(torch.optim.Muon(by_muon, rate, decay, adjust_lr_fn=lengths))
    return optimizers


def _linear_weights(module: nn.Module) -> list[Tensor]:
    """Of linear layers, and of attention, which keeps those to query, key and value as one."""
    weights: list[Tensor] = []
    for part in module.modules():
        if isinstance(part, nn.Linear):
            weights.append(part.weight)
        elif isinstance(part, nn.MultiheadAttention) and part.in_proj_weight is not None:
            weights.append(part.in_proj_weight)
    return weights


def schedule_of(
    optimizer: torch.optim.Optimizer, phase: Phase, steps: int
) -> torch.optim.lr_scheduler.LambdaLR:
    """Climb to the peak, then come down along a cosine; the last of `steps` is almost 0.

    Source: Loshchilov and Hutter, "SGDR", ICLR 2017, equation 5, without restarts.
    """
    warm_up = max(1, round(phase.warm_up * steps))

    def share(step: int) -> float:
        if step < warm_up:
            return (step + 1) / warm_up
        return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - warm_up) / max(1, steps - warm_up))))

    return torch.optim.lr_scheduler.LambdaLR(optimizer, share)


class Average(Generic[M]):
    """A copy of a module that follows its weights and statistics slowly, at first less so.

    After n steps it moves by 1 - min(decay, n / (n + 20)) of the way.

    Attributes:
        module: the copy, whose own weights nothing trains.

    Source: Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992;
    exponential as in Tarvainen and Valpola, "Mean teachers", NeurIPS 2017.
    """

    def __init__(self, module: M, decay: float) -> None:
        self.module = deepcopy(module).requires_grad_(False)
        self._decay, self._steps = decay, 0

    @torch.no_grad()
    def follow(self, module: nn.Module) -> None:
        """Move towards the module as it is now."""
        self._steps += 1
        kept = min(self._decay, self._steps / (self._steps + BEGINNING))
        averaged = self.module.state_dict()
        for name, value in module.state_dict().items():  # not constants, such as masks of -inf
            if value.is_floating_point():
                averaged[name].lerp_(value, 1 - kept)
            else:  # counters
                averaged[name].copy_(value)

    def state_dict(self) -> dict[str, Any]:
        """What `load_state_dict` needs to go on from here."""
        return {"steps": self._steps, "module": self.module.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict` gave."""
        self._steps = state["steps"]
        self.module.load_state_dict(state["module"])
