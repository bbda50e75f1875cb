"""What an encoder is, and the one lazy door to the code that runs it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
import numpy.typing as npt

from engine.images.preprocessing import UInt8Array as UInt8Array
from engine.models.installed import InstalledCheckpoint

if TYPE_CHECKING:
    import torch

FloatArray = npt.NDArray[np.float32]
Side = Literal["image", "text"]
SIDES: tuple[Side, ...] = ("image", "text")


class Encoder(Protocol):
    """Turns images and texts into embeddings that can be compared by dot product."""

    @property
    def dimension(self) -> int:
        """Length of an embedding."""

    def encode_images(self, images: UInt8Array) -> FloatArray:
        """Embed prepared images.

        Args:
            images: shape (n, S, S, 3), uint8, RGB, S as the checkpoint's preprocessing says.

        Returns:
            Unit-length embeddings of shape (n, dimension), float32.
        """

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        """Embed texts.

        Args:
            texts: n strings, none of them blank.

        Returns:
            Unit-length embeddings of shape (n, dimension), float32.
        """


def load_encoder(
    checkpoint: InstalledCheckpoint,
    sides: Sequence[Side] = SIDES,
    device: "torch.device | str" = "cpu",
    dtype: "torch.dtype | None" = None,
) -> Encoder:
    """Load an installed checkpoint; the only way to the code that imports torch.

    Args:
        checkpoint: of either family.
        sides: what will be asked for; each side loads without the other.
        device: where to compute.
        dtype: of the weights; None means float32.

    Raises:
        CheckpointError: a file is missing or damaged, or the files do not fit each other.
    """
    import torch

    from engine.models.beit3.encoder import Beit3Encoder
    from engine.models.open_clip_encoder import OpenClipEncoder

    families: dict[str, type[Beit3Encoder | OpenClipEncoder]] = {
        "beit3": Beit3Encoder,
        "openclip": OpenClipEncoder,
    }
    return families[checkpoint.record.family].load(
        checkpoint.record, checkpoint.folder, sides, device, dtype or torch.float32
    )
