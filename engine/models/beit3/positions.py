"""Position tables of the image side, brought from one image size to another."""

import math

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own custom
from torch import Tensor

from engine.errors import CheckpointError

UNUSED_ROWS = 2  # both tables start with two rows that no token uses
HEAD_ROWS = UNUSED_ROWS + 1  # and the image table goes on with the CLS token


def interpolate_positions(table: Tensor, image_size: int, patch_size: int) -> Tensor:
    """Resize the image side's position table to another image size.

    The first three rows (two unused, one for CLS) stay; the rest is a square grid of patches,
    row by row, and is resized bicubically without antialiasing.

    Args:
        table: shape (g*g + 3, D) for images of g by g patches, floating point.
        image_size: side of the square image wanted, in pixels.
        patch_size: side of a patch, in pixels.

    Returns:
        Shape (h*h + 3, D) with h = image_size // patch_size, in the type of `table`; `table`
        itself where it fits already.

    Raises:
        CheckpointError: `table` is not that of a square image.

    Source: the BEiT3 release (microsoft/unilm, beit3), which resizes so before fine-tuning.
    """
    wanted = image_size // patch_size
    rows = max(table.shape[0] - HEAD_ROWS, 0)
    side = math.isqrt(rows)
    if table.ndim != 2 or side == 0 or side * side != rows:
        raise CheckpointError(
            f"A position table of shape {tuple(table.shape)} is not that of a square image."
        )
    if side == wanted:
        return table
    grid = table[HEAD_ROWS:].float().T.reshape(1, -1, side, side)
    resized = F.interpolate(grid, size=(wanted, wanted), mode="bicubic", align_corners=False)
    patches = resized.flatten(2)[0].T.to(table.dtype)
    return torch.cat([table[:HEAD_ROWS], patches])
