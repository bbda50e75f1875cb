"""Where an image transformer begins that has few photos to learn from."""

import math

import torch
from torch import Tensor

GAIN = 0.15  # of the filters, beside position embeddings of deviation 0.02
COLOURS = ((1.0, 1.0, 1.0), (1.0, 0.0, -1.0), (1.0, -2.0, 1.0))  # grey, red-blue, green-magenta
RARITY = (1.0, 3.0, 3.0)  # in photos these two vary about a third as much as grey


@torch.no_grad()
def draw_cosine_filters(filters: Tensor) -> None:
    """Let patch embeddings begin with the cosines that vary most in photos, in random directions.

    Of every patch they keep the lowest frequencies of its discrete cosine transform, of grey more
    than of colours, each brought to about the same variance: in photos, deviation falls as one
    over frequency. Random filters would have to learn as much first.

    Args:
        filters: changed in place, shape (D, 3, P, P), D at most 3 x P x P, floating point.

    Source: Ahmed, Natarajan and Rao, "Discrete Cosine Transform", 1974; fall of the spectrum after
    Field, "Relations between the statistics of natural images and the response properties of
    cortical cells", 1987.
    """
    count, _, side, _ = filters.shape
    position, frequency = torch.arange(side) + 0.5, torch.arange(side)
    cosines = torch.cos(math.pi / side * frequency[:, None] * position)
    cosines = cosines / cosines.norm(dim=1, keepdim=True)
    colours = torch.tensor(COLOURS)
    colours = colours / colours.norm(dim=1, keepdim=True)
    basis = torch.einsum("kc,ih,jw->kijchw", colours, cosines, cosines).flatten(0, 2)
    squares = frequency[:, None] ** 2 + frequency**2
    rarity = (torch.tensor(RARITY)[:, None, None] * (1 + squares.sqrt())).flatten()
    kept = rarity.argsort(stable=True)[:count]
    directions = torch.linalg.qr(torch.randn(count, count)).Q
    whitened = rarity[kept, None] * basis[kept].flatten(1)
    filters.copy_(GAIN * (directions @ whitened).view_as(filters))
