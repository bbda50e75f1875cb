"""Installed checkpoints as networks that learn by adapters."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn

from engine.models.beit3.encoder import load_tokenizer as load_beit3_tokenizer
from engine.models.beit3.encoder import network_config
from engine.models.beit3.retrieval import load_retrieval
from engine.models.checkpoint import Checkpoint
from engine.models.installed import InstalledCheckpoint
from engine.models.open_clip import load_model
from engine.models.open_clip_encoder import check_sizes, embedding_of, own_weights
from engine.models.open_clip_text import load_tokenizer as load_open_clip_tokenizer
from engine.models.weights import load_weights
from engine.training.lora import add_adapters
from engine.training.network import Tokenize

ALPHA_PER_RANK = 2.0  # so that another rank needs no other learning rate


class AdaptedNetwork(nn.Module):
    """A frozen network with adapters, as a `DualEncoder`.

    Its state dict holds what is learnt, which is little; copies share what is frozen; and norms
    keep their statistics in training.

    Args:
        network: of either family, after `add_adapters`.
        image_side: embeds pixels with a network like this one.
        text_side: embeds tokens likewise.
    """

    def __init__(
        self,
        network: nn.Module,
        image_side: Callable[[Any, Tensor], Tensor],
        text_side: Callable[..., Tensor],
    ) -> None:
        super().__init__()
        self.network = network
        self._image_side, self._text_side = image_side, text_side
        # Kept, since copies of a network may be frozen as a whole.
        self.learnt = tuple(n for n, p in self.named_parameters() if p.requires_grad)
        self.register_state_dict_post_hook(_drop_frozen)  # type: ignore[no-untyped-call]
        self.register_load_state_dict_post_hook(_forgive_frozen)  # type: ignore[no-untyped-call]

    @property
    def logit_scale(self) -> Tensor:
        return cast("Tensor", self.network.logit_scale)

    def embed_images(self, pixels: Tensor) -> Tensor:
        return self._image_side(self.network, pixels)

    def embed_texts(self, *tokens: Tensor) -> Tensor:
        return self._text_side(self.network, *tokens)

    def train(self, mode: bool = True) -> "AdaptedNetwork":
        super().train(mode)
        for module in self.modules():
            if hasattr(module, "running_mean"):
                module.training = False
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "AdaptedNetwork":
        memo |= {id(p): p for n, p in self.named_parameters() if n not in self.learnt}
        copied = AdaptedNetwork.__new__(AdaptedNetwork)
        memo[id(self)] = copied
        copied.__dict__ = deepcopy(self.__dict__, memo)
        return copied


def _drop_frozen(
    network: AdaptedNetwork, state: dict[str, Any], prefix: str, _metadata: dict[str, Any]
) -> None:
    for name in _not_learnt(network):
        state.pop(f"{prefix}{name}", None)


def _forgive_frozen(network: AdaptedNetwork, keys: Any) -> None:  # noqa: ANN401 - torch's own
    frozen = tuple(_not_learnt(network))
    keys.missing_keys[:] = [name for name in keys.missing_keys if not name.endswith(frozen)]


def _not_learnt(network: AdaptedNetwork) -> list[str]:
    named = (*network.named_parameters(), *network.named_buffers())
    return [name for name, _ in named if name not in network.learnt]


@dataclass(frozen=True, slots=True)
class Trainable:
    """An installed checkpoint, opened for training.

    Attributes:
        network: with new adapters, on the CPU, in float32.
        tokenize: of its text side.
        types: of its tensors as they are stored, by name.
    """

    network: AdaptedNetwork
    tokenize: Tokenize
    types: Mapping[str, torch.dtype]


def open_trainable(checkpoint: InstalledCheckpoint, rank: int, seed: int) -> Trainable:
    """Load a checkpoint of either family and add adapters to it.

    Args:
        checkpoint: its files stay as they are, and are not needed any more afterwards.
        rank: of the adapters.
        seed: of their first values.

    Raises:
        CheckpointError: a file is missing or damaged, or the files do not fit each other.
        TrainingError: peft is not installed, or the network has nothing to adapt.
    """
    record, folder = checkpoint.record, checkpoint.folder
    beit3 = record.family == "beit3"
    network, tokenize, types = (_open_beit3 if beit3 else _open_open_clip)(record, folder)
    torch.manual_seed(seed)
    add_adapters(network, rank, ALPHA_PER_RANK * rank)
    if beit3:
        adapted = AdaptedNetwork(network, _beit3_images, _beit3_texts)
    else:
        adapted = AdaptedNetwork(network, _open_clip_images, _open_clip_texts)
    return Trainable(adapted, tokenize, types)


Opened = tuple[nn.Module, Tokenize, dict[str, torch.dtype]]


def _open_beit3(record: Checkpoint, folder: Path) -> Opened:
    config = network_config(record, folder)
    tokenizer = load_beit3_tokenizer(record, folder, config)
    weights = folder / record.weights.name
    types = {name: tensor.dtype for name, tensor in load_weights(weights).items()}
    return load_retrieval(weights, config), tokenizer.encode, types


def _open_open_clip(record: Checkpoint, folder: Path) -> Opened:
    check_sizes(record, folder)
    model = load_model(record.architecture, folder, record.weights.name)
    types = {name: tensor.dtype for name, tensor in model.state_dict().items()}
    tokenize = load_open_clip_tokenizer(record, folder, model.text.vocab_size)
    own_weights(model, torch.device("cpu"), torch.float32)
    return model, lambda texts: (tokenize(list(texts)),), types


def _beit3_images(network: Any, pixels: Tensor) -> Tensor:  # noqa: ANN401
    return cast("Tensor", network.embed_images(pixels))


def _beit3_texts(network: Any, ids: Tensor, padding_mask: Tensor) -> Tensor:  # noqa: ANN401
    return cast("Tensor", network.embed_texts(ids, padding_mask))


def _open_clip_images(model: Any, pixels: Tensor) -> Tensor:  # noqa: ANN401
    return embedding_of(model.visual(pixels))


def _open_clip_texts(model: Any, tokens: Tensor) -> Tensor:  # noqa: ANN401
    return embedding_of(model.text(tokens))
