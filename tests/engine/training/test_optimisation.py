import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from engine.training.optimisation import BEGINNING, Average, optimizers_of, schedule_of
from engine.training.recipe import Phase

PHASE = Phase("p", 1, 8, 2.0, warm_up=0.1, weight_decay=0.3)


def test_the_rate_climbs_to_its_peak_and_comes_down_along_a_cosine() -> None:
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=PHASE.learning_rate)
    schedule = schedule_of(optimizer, PHASE, 50)
    rates = []
    for _ in range(50):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    assert rates[:6] == pytest.approx([0.4, 0.8, 1.2, 1.6, 2.0, 2.0])
    for step in range(5, 50):
        assert rates[step] == pytest.approx(1 + math.cos(math.pi * (step - 5) / 45))
    assert 0 < rates[-1] < 0.005
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0)


def test_matrices_decay_and_biases_norms_and_scales_do_not() -> None:
    module = nn.Sequential(nn.Linear(2, 3), nn.LayerNorm(3), nn.Conv2d(1, 1, 2))
    module.register_parameter("logit_scale", nn.Parameter(torch.zeros(())))
    frozen = nn.Linear(2, 2).requires_grad_(False)
    module.append(frozen)
    (adamw,) = optimizers_of(module, PHASE, module)
    decayed, plain = adamw.param_groups
    names = {parameter: name for name, parameter in module.named_parameters()}
    assert {names[p] for p in decayed["params"]} == {"0.weight", "2.weight"}
    assert {names[p] for p in plain["params"]} == {
        *("0.bias", "1.weight", "1.bias", "2.bias", "logit_scale"),
    }
    assert (decayed["weight_decay"], plain["weight_decay"]) == (0.3, 0)


def test_muon_moves_the_layers_it_is_given_and_adamw_the_rest() -> None:
    attention = nn.MultiheadAttention(6, 2, bias=False)
    hidden = nn.Sequential(nn.Embedding(5, 4), nn.Linear(4, 6), nn.Linear(6, 6), attention)
    hidden[2].requires_grad_(False)
    module = nn.ModuleDict({"network": hidden, "map": nn.Linear(6, 9)})
    adamw, muon = optimizers_of(module, replace(PHASE, muon=True), hidden)
    names = {parameter: name for name, parameter in module.named_parameters()}
    taken = [[names[p] for g in o.param_groups for p in g["params"]] for o in (adamw, muon)]
    in_attention = ["network.3.in_proj_weight", "network.3.out_proj.weight"]
    assert taken[1] == ["network.1.weight", *in_attention]
    assert set(taken[0]) == {"network.0.weight", "network.1.bias", "map.weight", "map.bias"}
    assert muon.param_groups[0]["weight_decay"] == PHASE.weight_decay


def test_a_step_of_muon_goes_equally_far_in_all_directions_of_the_gradient() -> None:
    phase, layer = replace(PHASE, muon=True, weight_decay=0), nn.Linear(12, 8, bias=False)
    _, muon = optimizers_of(nn.ModuleDict({"layer": layer, "rest": nn.Linear(2, 2)}), phase, layer)
    before = layer.weight.detach().clone()
    left, _, right = torch.linalg.svd(torch.randn(8, 12), full_matrices=False)
    layer.weight.grad = left @ torch.diag(torch.logspace(-2, 0, 8)) @ right
    muon.step()
    moved = left.T @ (before - layer.weight.detach()) @ right.T
    along = moved.diagonal() / (phase.learning_rate * 0.2 * math.sqrt(12))  # length as of AdamW
    # Five iterations of Newton and Schulz come this near to 1.
    assert 0.6 < along.min() < along.max() < 1.3
    assert (moved - torch.diag(moved.diagonal())).abs().max() < 0.05 * moved.diagonal().min()


class Counted(nn.Module):
    """A weight, a counter, and a mask that is no part of the state."""

    count: Tensor
    mask: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([1.0, -2.0]))
        self.register_buffer("count", torch.tensor(0))
        self.register_buffer("mask", torch.tensor([0.0, -math.inf]), persistent=False)


def test_the_average_follows_the_weights_first_fast_then_by_its_decay() -> None:
    module, expected = Counted(), torch.tensor([1.0, -2.0], dtype=torch.float64)
    average = Average(module, decay=0.5)
    for step in range(1, 60):
        with torch.no_grad():
            module.weight.add_(torch.tensor([0.1, step % 3]))
            module.count.add_(2)
        average.follow(module)
        kept = min(0.5, step / (step + BEGINNING))
        expected = kept * expected + (1 - kept) * module.weight.detach().double()
    assert torch.allclose(average.module.weight.double(), expected, atol=1e-5)
    assert int(average.module.count) == 2 * 59
    assert average.module.mask.tolist() == [0, -math.inf]
    assert not average.module.weight.requires_grad


def test_an_average_goes_on_from_its_state() -> None:
    module, phase = Counted(), replace(PHASE, average=0.9)
    first = Average(module, phase.average)
    first.follow(module)
    second = Average(Counted(), phase.average)
    second.load_state_dict(first.state_dict())
    with torch.no_grad():
        module.weight.fill_(5)
    for each in (first, second):
        each.follow(module)
    assert torch.equal(first.module.weight, second.module.weight)
