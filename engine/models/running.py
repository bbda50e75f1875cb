"""What both families do alike: pixels to the device, small batches, unit length."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import normalize

from engine.images.preprocessing import Preprocessing
from engine.models.encoder import FloatArray, UInt8Array

IMAGES_AT_ONCE = {"cpu": 8}  # more is not faster on a CPU and takes memory
IMAGES_AT_ONCE_ELSEWHERE = 64
TEXTS_AT_ONCE = 64


def normalised_pixels(
    images: UInt8Array, how: Preprocessing, device: torch.device | str = "cpu"
) -> Tensor:
    """Bring prepared images to a device and into the range the network was trained on.

    Args:
        images: shape (n, S, S, 3), uint8.
        how: its mean and std are applied.
        device: where to.

    Returns:
        Shape (n, 3, S, S), float32, channels last in memory.
    """
    # A copy, because the array may lie in memory shared read-only with another process.
    scaled = torch.tensor(images).to(device).permute(0, 3, 1, 2).float() / 255
    mean = torch.tensor(how.mean, device=device).view(3, 1, 1)
    std = torch.tensor(how.std, device=device).view(3, 1, 1)
    return (scaled - mean) / std


def images_at_once(device: torch.device) -> int:
    """How many images a batch may hold on this device."""
    return IMAGES_AT_ONCE.get(device.type, IMAGES_AT_ONCE_ELSEWHERE)


def in_parts(
    embed: Callable[[slice], Tensor], count: int, at_once: int, dimension: int
) -> FloatArray:
    """Embed `count` things in small batches, so that memory stays bounded.

    Args:
        embed: embeds a slice of them, shape (k, dimension), any floating type and length.
        count: how many in all.
        at_once: how many a batch.
        dimension: length of an embedding.

    Returns:
        Unit-length embeddings, shape (count, dimension), float32.
    """
    embeddings = np.empty((count, dimension), np.float32)
    with torch.inference_mode():
        for start in range(0, count, at_once):
            part = slice(start, start + at_once)
            embeddings[part] = normalize(embed(part).float(), dim=-1).cpu().numpy()
    return embeddings
