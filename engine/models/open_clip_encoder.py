"""The OpenCLIP family: any architecture open_clip knows, or one described by a config.json."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import torch
from torch import Tensor, nn

from engine.errors import CheckpointError
from engine.models.checkpoint import CONFIG_FILE, Checkpoint
from engine.models.encoder import SIDES, FloatArray, Side, UInt8Array
from engine.models.open_clip import image_size, load_model, read_config
from engine.models.open_clip_text import Tokenize, load_tokenizer
from engine.models.running import TEXTS_AT_ONCE, images_at_once, in_parts, normalised_pixels


class OpenClipEncoder:
    """One side or both of an OpenCLIP model behind the encoder protocol.

    Args:
        checkpoint: its record.
        towers: the sides that were loaded, on the device and in the type they run in.
        tokenize: None where the text side was not loaded.
        device: where they are.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        towers: dict[Side, nn.Module],
        tokenize: Tokenize | None,
        device: torch.device,
        dtype: torch.dtype,
    ) -> None:
        self._checkpoint = checkpoint
        self._towers = towers
        self._tokenize = tokenize
        self._device, self._dtype = device, dtype

    @classmethod
    def load(
        cls,
        checkpoint: Checkpoint,
        folder: Path,
        sides: Sequence[Side] = SIDES,
        device: torch.device | str = "cpu",
        dtype: torch.dtype = torch.float32,
    ) -> Self:
        """Load the wanted sides of a checkpoint.

        Args:
            checkpoint: one of the OpenCLIP family.
            folder: where its files lie.
            sides: what will be asked for; the other side's memory is freed.
            device: where to compute.
            dtype: of weights and hidden states; embeddings are float32 in any case.

        Raises:
            CheckpointError: a file is missing or damaged, or the files do not fit each other.
        """
        device = torch.device(device)
        check_sizes(checkpoint, folder)
        model = load_model(checkpoint.architecture, folder, checkpoint.weights.name)
        modules: dict[Side, nn.Module] = {"image": model.visual, "text": model.text}
        tokenize = None
        if "text" in sides:
            tokenize = load_tokenizer(checkpoint, folder, model.text.vocab_size)
        towers = {side: own_weights(modules[side], device, dtype) for side in sides}
        return cls(checkpoint, towers, tokenize, device, dtype)

    @property
    def dimension(self) -> int:
        """Length of an embedding."""
        return self._checkpoint.dimension

    def encode_images(self, images: UInt8Array) -> FloatArray:
        """See `Encoder.encode_images`."""
        tower = self._tower("image")

        def embed(part: slice) -> Tensor:
            how = self._checkpoint.preprocessing
            pixels = normalised_pixels(images[part], how, self._device)
            return embedding_of(tower(pixels.to(self._dtype)))

        return in_parts(embed, len(images), images_at_once(self._device), self.dimension)

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        """See `Encoder.encode_texts`."""
        tower, tokenize = self._tower("text"), self._tokenize
        assert tokenize is not None  # it is loaded with the tower

        def embed(part: slice) -> Tensor:
            return embedding_of(tower(tokenize(list(texts[part])).to(self._device)))

        return in_parts(embed, len(texts), TEXTS_AT_ONCE, self.dimension)

    def _tower(self, side: Side) -> nn.Module:
        if side not in self._towers:
            raise RuntimeError(f"the {side} side of this encoder was not loaded")
        return self._towers[side]


def embedding_of(output: Tensor | tuple[Tensor, ...]) -> Tensor:
    """What a tower made of its input; some hand out their tokens after the embedding."""
    return output[0] if isinstance(output, tuple) else output


def own_weights(tower: nn.Module, device: torch.device, dtype: torch.dtype) -> nn.Module:
    """Bring a tower to its place and type, apart from the file that its weights lie in."""
    for tensor in (*tower.parameters(), *tower.buffers()):
        wanted = dtype if tensor.is_floating_point() else tensor.dtype
        tensor.data = tensor.data.to(device, wanted, copy=True)
    return tower.eval().requires_grad_(False)


def check_sizes(checkpoint: Checkpoint, folder: Path) -> None:
    """Compare a record to the description of its network.

    Raises:
        CheckpointError: they do not agree, or the description cannot be read.
    """
    config = read_config(checkpoint.architecture, folder)
    try:
        found = image_size(config), int(config["embed_dim"])
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(
            f"{folder / CONFIG_FILE} does not describe an OpenCLIP model: {error!r}"
        ) from error
    expected = checkpoint.preprocessing.size, checkpoint.dimension
    if found != expected:
        raise CheckpointError(
            f"The checkpoint {checkpoint.name} should take images of {expected[0]} pixels and give "
            f"{expected[1]} numbers; its network takes {found[0]} and gives {found[1]}."
        )
