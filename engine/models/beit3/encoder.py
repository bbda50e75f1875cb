"""BEiT3 behind the encoder protocol."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine.errors import CheckpointError
from engine.images.preprocessing import Preprocessing
from engine.models.beit3.config import BASE, LARGE, Beit3Config
from engine.models.beit3.retrieval import Beit3Retrieval, load_retrieval
from engine.models.checkpoint import Checkpoint
from engine.models.encoder import SIDES, FloatArray, Side, UInt8Array
from engine.models.running import TEXTS_AT_ONCE, images_at_once, in_parts, normalised_pixels
from engine.models.tokenizer import BEIT3_SPM_PIECES, SentencePieceTokenizer

RELEASED = {"base": BASE, "large": LARGE}
DESCRIBED = "config.json"


class Beit3Encoder:
    """Embeds images and texts with one BEiT3 retrieval checkpoint.

    Args:
        network: its device and type are those that the work is done on and in.
        tokenizer: None where the text side is not built.
        preprocessing: what the image side wants.
    """

    def __init__(
        self,
        network: Beit3Retrieval,
        tokenizer: SentencePieceTokenizer | None,
        preprocessing: Preprocessing,
    ) -> None:
        self._network = network.eval().requires_grad_(False)
        self._tokenizer = tokenizer
        self._preprocessing = preprocessing
        self._device = network.logit_scale.device
        self._dtype = network.logit_scale.dtype

    @classmethod
    def load(
        cls,
        checkpoint: Checkpoint,
        folder: Path,
        sides: Sequence[Side] = SIDES,
        device: torch.device | str = "cpu",
        dtype: torch.dtype = torch.float32,
    ) -> "Beit3Encoder":
        """Load the wanted sides of a checkpoint.

        Args:
            checkpoint: one of the BEiT3 family.
            folder: where its files lie.
            sides: what will be asked for.
            device: where to compute.
            dtype: of weights and hidden states; embeddings are float32 in any case.

        Raises:
            CheckpointError: a file is missing or damaged, or the files do not fit each other.
        """
        config = network_config(checkpoint, folder)
        tokenizer = load_tokenizer(checkpoint, folder, config) if "text" in sides else None
        network = load_retrieval(folder / checkpoint.weights.name, config, sides)
        return cls(network.to(device=device, dtype=dtype), tokenizer, checkpoint.preprocessing)

    @property
    def dimension(self) -> int:
        """Length of an embedding."""
        return self._network.config.embed_dim

    def encode_images(self, images: UInt8Array) -> FloatArray:
        """Embed prepared images.

        Args:
            images: shape (n, S, S, 3), uint8, RGB.

        Returns:
            Unit-length embeddings of shape (n, dimension), float32.

        Raises:
            ValueError: the array is of another shape or type.
            RuntimeError: the image side was not loaded.
        """
        size = self._preprocessing.size
        if images.dtype != np.uint8 or images.shape[1:] != (size, size, 3):
            raise ValueError(f"images are {images.dtype} of shape {images.shape}")
        at_once = images_at_once(self._device)
        return in_parts(
            lambda part: self._embed_images(images[part]), len(images), at_once, self.dimension
        )

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        """Embed texts.

        Args:
            texts: n strings, none of them blank.

        Returns:
            Unit-length embeddings of shape (n, dimension), float32.

        Raises:
            ValueError: a text is blank.
            RuntimeError: the text side was not loaded.
        """
        return in_parts(
            lambda part: self._embed_texts(texts[part]), len(texts), TEXTS_AT_ONCE, self.dimension
        )

    def _embed_images(self, images: UInt8Array) -> Tensor:
        pixels = normalised_pixels(images, self._preprocessing, self._device)
        return self._network.embed_images(pixels.to(self._dtype))

    def _embed_texts(self, texts: Sequence[str]) -> Tensor:
        if self._tokenizer is None:
            raise RuntimeError("the text side of this encoder was not loaded")
        ids, padding_mask = self._tokenizer.encode(texts)
        return self._network.embed_texts(ids.to(self._device), padding_mask.to(self._device))


def network_config(checkpoint: Checkpoint, folder: Path) -> Beit3Config:
    """The checkpoint's sizes, found to agree with its record.

    Raises:
        CheckpointError: they do not, or cannot be read.
    """
    size = checkpoint.preprocessing.size
    if checkpoint.architecture in RELEASED:
        config = replace(RELEASED[checkpoint.architecture], image_size=size)
    elif checkpoint.architecture == DESCRIBED:
        config = Beit3Config.read(folder / DESCRIBED)
    else:
        raise CheckpointError(
            f"The checkpoint {checkpoint.name} has the unknown architecture "
            f"{checkpoint.architecture}."
        )
    if (config.image_size, config.embed_dim) != (size, checkpoint.dimension):
        raise CheckpointError(
            f"The checkpoint {checkpoint.name} should take images of {size} pixels and give "
            f"{checkpoint.dimension} numbers; its network takes {config.image_size} and gives "
            f"{config.embed_dim}."
        )
    return config


def load_tokenizer(
    checkpoint: Checkpoint, folder: Path, config: Beit3Config
) -> SentencePieceTokenizer:
    """Load what a checkpoint reads texts with.

    Raises:
        CheckpointError: there is none, or it is damaged, or has more tokens than the network.
    """
    file = checkpoint.tokenizer
    if file is None:
        raise CheckpointError(f"The checkpoint {checkpoint.name} names no tokenizer.")
    tokenizer = SentencePieceTokenizer(
        folder / file.name,
        sha256=file.sha256,
        pieces=BEIT3_SPM_PIECES if checkpoint.architecture in RELEASED else None,
        length=config.text_length,
    )
    if tokenizer.vocab_size > config.vocab_size:
        raise CheckpointError(
            f"The tokenizer {folder / file.name} has {tokenizer.vocab_size} tokens; the network "
            f"knows {config.vocab_size}."
        )
    return tokenizer
