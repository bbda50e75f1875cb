"""Random views of a batch of photos, so that few photos teach more."""

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

SMALLEST_CROP = 0.6  # of the side
COLOUR_RANGE = 0.25  # brightness and contrast, each way


def random_views(images: Tensor, size: int, generator: torch.Generator) -> Tensor:
    """Crop, mirror and recolour each image at random.

    Args:
        images: shape (n, C, C, 3), uint8, on any device.
        size: side of the views, in pixels.
        generator: where the randomness comes from, on the CPU, so that it is the same everywhere.

    Returns:
        Views of shape (n, 3, size, size), float32 in [0, 1], on the device of the images.
    """
    n = len(images)
    width, height = (_uniform(n, SMALLEST_CROP, 1.0, generator) for _ in range(2))
    mirror = torch.where(torch.rand(n, generator=generator) < 0.5, -1.0, 1.0)
    boxes = torch.zeros(n, 2, 3)
    boxes[:, 0, 0], boxes[:, 1, 1] = width * mirror, height
    boxes[:, 0, 2] = (1 - width) * _uniform(n, -1.0, 1.0, generator)
    boxes[:, 1, 2] = (1 - height) * _uniform(n, -1.0, 1.0, generator)
    pixels = images.permute(0, 3, 1, 2).float() / 255
    grid = affine_grid(boxes.to(images.device), [n, 3, size, size], align_corners=False)
    views = grid_sample(pixels, grid, padding_mode="reflection", align_corners=False)
    return _recoloured(views, generator)


def _recoloured(views: Tensor, generator: torch.Generator) -> Tensor:
    contrast, brightness = (
        _uniform(len(views), 1 - COLOUR_RANGE, 1 + COLOUR_RANGE, generator)
        .view(-1, 1, 1, 1)
        .to(views.device)
        for _ in range(2)
    )
    mean = views.mean(dim=(1, 2, 3), keepdim=True)
    return (((views - mean) * contrast + mean) * brightness).clamp(0, 1)


def _uniform(n: int, low: float, high: float, generator: torch.Generator) -> Tensor:
    return low + (high - low) * torch.rand(n, generator=generator)
