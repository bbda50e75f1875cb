"""The table of checkpoints and of pairs of them. Data only."""

from engine.models.beit3_table import BEIT3_CHECKPOINTS
from engine.models.checkpoint import Checkpoint, PairDefault
from engine.models.openclip_table import OPENCLIP_CHECKPOINTS

CHECKPOINTS: tuple[Checkpoint, ...] = (*OPENCLIP_CHECKPOINTS, *BEIT3_CHECKPOINTS)

DEFAULT_OPENCLIP = "starter-openclip"
DEFAULT_BEIT3 = "starter-beit3"

PAIRS: tuple[PairDefault, ...] = (
    PairDefault(
        DEFAULT_OPENCLIP, DEFAULT_BEIT3, "zscore", (0.75, 0.25), "Flickr8k dev, Vietnamese"
    ),
    PairDefault(
        "vit-b-16-openai",
        "beit3-base-patch16-384-coco-retrieval",
        "none",
        (0.3, 0.7),
        "the original paper project",
    ),
)


def pair_default(openclip: str, beit3: str) -> PairDefault:
    """How to join two checkpoints; equal parts by z-score where nobody has measured it."""
    for pair in PAIRS:
        if (pair.openclip, pair.beit3) == (openclip, beit3):
            return pair
    return PairDefault(openclip, beit3, "zscore", (0.5, 0.5), "not measured for this pair")
