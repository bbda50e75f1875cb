"""What the training loop asks of a network."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import torch
from torch import Tensor, nn

# n texts to what `embed_texts` takes, each tensor with n rows.
Tokenize = Callable[[Sequence[str]], tuple[Tensor, ...]]


class DualEncoder(Protocol):
    """A trainable network with an image side and a text side, an `nn.Module` otherwise."""

    @property
    def logit_scale(self) -> Tensor:
        """Logarithm of the inverse temperature, shape ()."""

    def parameters(self) -> Iterator[nn.Parameter]:
        """As of nn.Module."""

    def state_dict(self) -> dict[str, Any]:
        """As of nn.Module."""

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> object:
        """As of nn.Module."""

    def to(self, device: torch.device) -> nn.Module:
        """As of nn.Module."""

    def train(self, mode: bool = True) -> nn.Module:
        """As of nn.Module."""

    def embed_images(self, pixels: Tensor) -> Tensor:
        """(n, 3, S, S) normalised pixels to (n, d), not normalised."""

    @property
    def embed_texts(self) -> Callable[..., Tensor]:
        """What `Tokenize` gave for n texts, tensor by tensor, to (n, d), not normalised."""
