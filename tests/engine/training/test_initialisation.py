import math

import pytest
import torch
from torch import Tensor

from engine.training.initialisation import draw_cosine_filters

SIDE, COUNT = 8, 64


def drawn(seed: int = 1) -> Tensor:
    torch.manual_seed(seed)
    filters = torch.empty(COUNT, 3, SIDE, SIDE)
    draw_cosine_filters(filters)
    return filters.flatten(1)


def wave(cycles: float, colour: tuple[float, float, float]) -> Tensor:
    """A patch that brightens and darkens along x so often."""
    phase = math.pi * 2 * cycles * (torch.arange(SIDE) + 0.5) / SIDE
    return torch.einsum("c,y,x->cyx", torch.tensor(colour), torch.ones(SIDE), phase.cos()).flatten()


def kept(patch: Tensor, filters: Tensor) -> float:
    """Share of a patch that can be told from what the filters make of it."""
    basis = torch.linalg.qr(filters.T).Q
    return float((basis.T @ patch).norm() / patch.norm())


def test_low_frequencies_are_kept_whole_and_high_ones_of_colours_are_not() -> None:
    filters = drawn()
    for colour in ((1.0, 1.0, 1.0), (1.0, 0.0, -1.0), (0.2, 0.9, 0.1)):
        assert kept(wave(0, colour), filters) > 0.999
        assert kept(wave(0.5, colour), filters) > 0.999
    assert kept(wave(3.5, (1.0, 1.0, 1.0)), filters) > 0.999
    assert kept(wave(3.5, (1.0, 0.0, -1.0)), filters) < 0.001


def test_what_is_rare_in_photos_is_amplified() -> None:
    filters, grey = drawn(), (1.0, 1.0, 1.0)
    answers = [float((filters @ wave(cycles, grey)).norm()) for cycles in (0.5, 1, 2)]
    assert torch.allclose(torch.tensor(answers) / answers[0], torch.tensor([1, 3 / 2, 5 / 2]))
    red = float((filters @ wave(0.5, (1.0, 0.0, -1.0))).norm()) / math.sqrt(2)
    assert red / (answers[0] / math.sqrt(3)) == pytest.approx(3)


def test_no_two_filters_are_alike_and_the_seed_decides() -> None:
    filters = drawn()
    assert torch.linalg.matrix_rank(filters) == COUNT
    assert torch.equal(filters, drawn())
    assert not torch.allclose(filters, drawn(seed=2))
