"""How large the images and embeddings of an architecture are, without loading weights."""

from engine.errors import CheckpointError
from engine.models.checkpoint import Family


def dimension_of(family: Family, architecture: str) -> int:
    """Length of an embedding.

    Raises:
        CheckpointError: the family knows no such architecture.
    """
    if family == "beit3":
        from engine.models.beit3.encoder import RELEASED

        if architecture not in RELEASED:
            raise CheckpointError(f"BEiT3 comes as base and large, not as “{architecture}”.")
        return RELEASED[architecture].embed_dim

    from engine.models.open_clip import read_config

    return int(read_config(architecture)["embed_dim"])


def image_size_of(architecture: str) -> int:
    """Side of an input image in pixels, of an architecture of OpenCLIP; BEiT3's take any.

    Raises:
        CheckpointError: open_clip knows no such architecture.
    """
    from engine.models.open_clip import image_size, read_config

    return image_size(read_config(architecture))
