"""BEiT3 with the heads that make images and texts comparable."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn

from engine.models.beit3.architecture import Beit3, Branch, initialise, require
from engine.models.beit3.config import Beit3Config
from engine.models.beit3.positions import interpolate_positions
from engine.models.encoder import SIDES, Side
from engine.models.weights import fill, load_weights

BRANCH_OF: dict[Side, Branch] = {"image": "A", "text": "B"}
IMAGE_POSITIONS = "beit3.encoder.embed_positions.A.weight"
INITIAL_TEMPERATURE = 0.07

_OUTSIDE_BRANCHES = {
    "image": ("vision_head.", "beit3.vision_embed."),
    "text": ("language_head.", "beit3.text_embed."),
}


class Beit3Retrieval(nn.Module):
    """The dual encoder: one CLS state through a linear head for either side.

    Args:
        config: the sizes.
        sides: which sides to build; one alone holds about half of the weights.

    Source: Wang et al., CVPR 2023, section 3.1.5 (image-text retrieval).
    """

    def __init__(self, config: Beit3Config, sides: Sequence[Side] = SIDES) -> None:
        super().__init__()
        self.config = config
        self.beit3 = Beit3(config, [BRANCH_OF[side] for side in SIDES if side in sides])
        self.vision_head = _head(config) if "image" in sides else None
        self.language_head = _head(config) if "text" in sides else None
        self.logit_scale = nn.Parameter(torch.tensor(math.log(1 / INITIAL_TEMPERATURE)))
        self.apply(initialise)

    def embed_images(self, pixels: Tensor) -> Tensor:
        """Embed images.

        Args:
            pixels: shape (n, 3, S, S), floating point, each channel less its mean and divided
                by its deviation.

        Returns:
            Shape (n, D), not yet of unit length.

        Raises:
            RuntimeError: the image side was not built.
        """
        head = require(self.vision_head, "image")
        return cast("Tensor", head(self.beit3(pixels)[:, 0]))

    def embed_texts(self, ids: Tensor, padding_mask: Tensor | None) -> Tensor:
        """Embed texts.

        Args:
            ids: shape (n, T), int64, each row <s>, the pieces, </s>, padding.
            padding_mask: shape (n, T), integer or bool, 1 at padding; None where there is none.

        Returns:
            Shape (n, D), not yet of unit length.

        Raises:
            RuntimeError: the text side was not built.
        """
        head = require(self.language_head, "text")
        return cast("Tensor", head(self.beit3(ids=ids, padding_mask=padding_mask)[:, 0]))


def side_keys(sides: Sequence[Side]) -> Callable[[str], bool]:
    """Return the test whether a tensor, by its name, belongs to one of these sides."""
    starts = ("logit_scale", *(start for side in sides for start in _OUTSIDE_BRANCHES[side]))
    branches = [f".{BRANCH_OF[side]}." for side in sides]

    def belongs(name: str) -> bool:
        return name.startswith(starts) or any(branch in name for branch in branches)

    return belongs


def load_retrieval(
    weights: Path, config: Beit3Config, sides: Sequence[Side] = SIDES
) -> Beit3Retrieval:
    """Build the network and fill it from a file; only what the sides need is read.

    Args:
        weights: a file with the names of the released checkpoints.
        config: the sizes; `image_size` may differ from that of the file, whose position table
            is interpolated then.
        sides: which sides to build.

    Returns:
        The network on the CPU, in float32 whatever the file's type.

    Raises:
        CheckpointError: the file cannot be read, or a tensor is missing, too much or of another
            shape.
    """
    tensors = load_weights(weights, wanted=side_keys(sides))
    tensors = {name: tensor.float() for name, tensor in tensors.items()}
    if IMAGE_POSITIONS in tensors:
        table = tensors[IMAGE_POSITIONS]
        size, patch = config.image_size, config.patch_size
        tensors[IMAGE_POSITIONS] = interpolate_positions(table, size, patch)
    with torch.device("meta"):  # no time and no memory for weights that are replaced at once
        network = Beit3Retrieval(config, sides)
    fill(network, tensors, weights)
    return network


def _head(config: Beit3Config) -> nn.Linear:
    return nn.Linear(config.embed_dim, config.embed_dim, bias=False)
