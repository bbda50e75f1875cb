import pytest
import torch
from torch import nn

from engine.training.dropout import dropped_out


def dropped(module: nn.Module) -> float:
    """The share of its outputs that is zero."""
    return float((module(torch.ones(50, 200)) == 0).float().mean())


def test_values_are_dropped_in_training_only_and_only_within_the_block() -> None:
    torch.manual_seed(1)
    chosen, other = nn.Identity(), nn.Identity()
    with dropped_out([chosen], 0.3):
        assert dropped(chosen) == pytest.approx(0.3, abs=0.03)
        assert chosen(torch.ones(50, 200)).mean() == pytest.approx(1, abs=0.03)  # made up for
        assert dropped(other) == 0
        chosen.eval()
        assert dropped(chosen) == 0
    chosen.train()
    assert dropped(chosen) == 0


def test_nothing_is_left_behind_by_an_error() -> None:
    module = nn.Identity()
    with pytest.raises(RuntimeError), dropped_out([module], 0.5):
        raise RuntimeError
    assert dropped(module) == 0
    assert not module._forward_hooks
