"""The OpenCLIP family: any architecture open_clip knows, or one described by a config.json."""

import importlib
import json
import sys
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Self

import torch
from torch import Tensor, nn

from engine.errors import CheckpointError
from engine.models.checkpoint import CONFIG_FILE, Checkpoint
from engine.models.encoder import SIDES, FloatArray, Side, UInt8Array
from engine.models.running import TEXTS_AT_ONCE, images_at_once, in_parts, normalised_pixels
from engine.models.tokenizer import SentencePieceTokenizer
from engine.models.weights import load_weights

Tokenize = Callable[[list[str]], Tensor]

# Kept for the life of the process: torch forgets operators whose library object is collected.
_declared: list[torch.library.Library] = []


def import_open_clip() -> ModuleType:
    """Import open_clip, also where torchvision's compiled part does not fit torch.

    PyPI's torchvision is a CUDA build; beside a CPU-only torch its import stops at the missing
    operator `torchvision::nms`. open_clip only needs torchvision's Python part, so there, and
    only there, the operators are declared first.
    """
    try:
        importlib.import_module("torchvision")
    except RuntimeError as error:
        if "torchvision::nms does not exist" not in str(error):
            raise
        for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
            del sys.modules[name]
        library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
        for name in ("nms", "qnms"):
            signature = f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
            library.define(signature)  # type: ignore[no-untyped-call]
        _declared.append(library)
    return importlib.import_module("open_clip")


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
        _check_sizes(checkpoint, folder)
        model = build_model(checkpoint.architecture, folder)
        _load_weights(model, folder / checkpoint.weights.name)
        modules: dict[Side, nn.Module] = {"image": model.visual, "text": model.text}
        tokenize = _tokenizer(checkpoint, folder, model) if "text" in sides else None
        towers = {
            side: modules[side].to(device, dtype).eval().requires_grad_(False) for side in sides
        }
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
            return _first(tower(pixels.to(self._dtype)))

        return in_parts(embed, len(images), images_at_once(self._device), self.dimension)

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        """See `Encoder.encode_texts`."""
        tower, tokenize = self._tower("text"), self._tokenize
        assert tokenize is not None  # it is loaded with the tower

        def embed(part: slice) -> Tensor:
            return _first(tower(tokenize(list(texts[part])).to(self._device)))

        return in_parts(embed, len(texts), TEXTS_AT_ONCE, self.dimension)

    def _tower(self, side: Side) -> nn.Module:
        if side not in self._towers:
            raise RuntimeError(f"the {side} side of this encoder was not loaded")
        return self._towers[side]


def _first(output: Tensor | tuple[Tensor, ...]) -> Tensor:
    """Some towers hand out their tokens after the embedding."""
    return output[0] if isinstance(output, tuple) else output


def read_config(architecture: str, folder: Path | None = None) -> dict[str, Any]:
    """open_clip's description of an architecture.

    Args:
        architecture: open_clip's name, or "config.json" for the file of that name in `folder`.
        folder: the checkpoint's folder.

    Raises:
        CheckpointError: open_clip does not know the architecture, or the file cannot be read.
    """
    if folder and architecture == CONFIG_FILE:
        try:
            return dict(json.loads((folder / CONFIG_FILE).read_text("utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise CheckpointError(f"{folder / CONFIG_FILE} cannot be read: {error}") from error
    open_clip = import_open_clip()
    # Looked up first: for a name that begins with "hf-hub:" open_clip would ask the network.
    if architecture not in open_clip.list_models():
        raise CheckpointError(f"open_clip knows no architecture “{architecture}”.")
    return dict(open_clip.get_model_config(architecture))


def image_size(config: dict[str, Any]) -> int:
    """Side of the input, in pixels, of an architecture by its description."""
    return int(config["vision_cfg"]["image_size"])


def _check_sizes(checkpoint: Checkpoint, folder: Path) -> None:
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


def build_model(architecture: str, folder: Path) -> Any:  # noqa: ANN401 - open_clip has no types
    """Build an untrained model with separate `visual` and `text` modules.

    Args:
        architecture: open_clip's name, or "config.json" for the file of that name in `folder`.
        folder: the checkpoint's folder.

    Raises:
        CheckpointError: open_clip does not know the architecture, or the file is malformed.
    """
    config, open_clip = read_config(architecture, folder), import_open_clip()
    kind = open_clip.CoCa if "multimodal_cfg" in config else open_clip.CustomTextCLIP
    config.pop("custom_text", None)  # so it is in any case
    try:
        # Not by create_model, which warns of random weights and may fetch timm's.
        config["vision_cfg"] = config["vision_cfg"] | {"timm_model_pretrained": False}
        return kind(**config)
    except Exception as error:  # there is no telling what a strange description leads to
        raise CheckpointError(
            f"The OpenCLIP architecture “{architecture}” cannot be built: {_sentence(error)}"
        ) from error


def _load_weights(model: nn.Module, path: Path) -> None:
    load_weights(path, wanted=lambda _name: False)  # refuses damaged files and strange objects
    try:
        import_open_clip().factory.load_checkpoint(model, str(path), strict=True, weights_only=True)
    except Exception as error:
        raise CheckpointError(f"{path} does not fit this encoder: {_sentence(error)}") from error


def _sentence(error: Exception) -> str:
    """The beginning of what open_clip or torch say, which can be pages of parameter names."""
    return textwrap.shorten(str(error), 200, placeholder=" …") or type(error).__name__


def _tokenizer(checkpoint: Checkpoint, folder: Path, model: Any) -> Tokenize:  # noqa: ANN401
    if checkpoint.tokenizer is None:
        try:
            tokenize: Tokenize = import_open_clip().get_tokenizer(checkpoint.architecture)
        except Exception as error:  # some come from the hub, by packages that are not required
            raise CheckpointError(
                f"The tokenizer of “{checkpoint.architecture}” is not at hand: {_sentence(error)}"
            ) from error
        return tokenize
    own = SentencePieceTokenizer(
        folder / checkpoint.tokenizer.name,
        sha256=checkpoint.tokenizer.sha256,
        pieces=None,
        length=model.text.context_length,
    )
    if own.vocab_size > model.text.vocab_size:
        raise CheckpointError(
            f"The tokenizer of {checkpoint.name} has {own.vocab_size} tokens; its network knows "
            f"{model.text.vocab_size}."
        )
    return lambda texts: own.encode(texts, trim=False)[0]
