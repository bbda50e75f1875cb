"""How long the embeddings of an architecture are, without loading weights."""

from engine.errors import CheckpointError
from engine.models.checkpoints import Family


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

    from engine.models.open_clip import import_open_clip

    config = import_open_clip().get_model_config(architecture)
    if config is None:
        raise CheckpointError(f"open_clip knows no architecture “{architecture}”.")
    return int(config["embed_dim"])
