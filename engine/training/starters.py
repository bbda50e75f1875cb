"""The two small encoders that come with the program: their sizes, and how they are written."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from engine.errors import CheckpointError
from engine.images.preprocessing import HALF, Preprocessing
from engine.models.beit3.config import Beit3Config
from engine.models.beit3.retrieval import Beit3Retrieval
from engine.models.checkpoint import CONFIG_FILE, Checkpoint, CheckpointFile, Family
from engine.models.installed import RECORD_FILE, check_name, install
from engine.models.open_clip import build_model
from engine.models.tokenizer import PAD, SentencePieceTokenizer
from engine.models.weights import save_weights
from engine.training.data import CaptionedPhoto, Source, gather, load_pixels
from engine.training.fitting import Epoch, Recipe, fit
from engine.training.vocabulary import train_vocabulary

WEIGHTS_FILE = "model.safetensors"
VOCABULARY_FILE = "vocabulary.spm"
PIECES = 4000
TEXT_LENGTH = 32
DIMENSION = 256
# Squashed, as most of the photos they learn from were.
PREPROCESSING = Preprocessing(size=128, resize="squash", mean=HALF, std=HALF)
MARGIN = 1.12  # decoded a little larger than the input, so that random crops lose no detail

BEIT3 = Beit3Config(
    embed_dim=DIMENSION,
    layers=6,
    heads=4,
    ffn_dim=768,
    vocab_size=PIECES + 8,
    image_size=PREPROCESSING.size,
    patch_size=16,
    max_text_positions=TEXT_LENGTH + 2,
    text_length=TEXT_LENGTH,
)
OPENCLIP: dict[str, Any] = {
    "embed_dim": DIMENSION,
    "vision_cfg": {
        "timm_model_name": "resnet10t",
        "timm_pool": "avg",
        "timm_proj": "linear",
        "image_size": PREPROCESSING.size,
    },
    "text_cfg": {
        "context_length": TEXT_LENGTH,
        "vocab_size": PIECES + 8,
        "width": 256,
        "heads": 4,
        "layers": 4,
        "pad_id": 1,
        "eos_id": 2,
        "pool_type": "eos",
    },
}


class OpenClipNetwork(nn.Module):
    """An open_clip model as a `DualEncoder`."""

    def __init__(self, model: Any) -> None:  # noqa: ANN401 - open_clip has no types
        super().__init__()
        self.model = model

    @property
    def logit_scale(self) -> Tensor:
        return cast("Tensor", self.model.logit_scale)

    def embed_images(self, pixels: Tensor) -> Tensor:
        return cast("Tensor", self.model.visual(pixels))

    def embed_texts(self, ids: Tensor, padding_mask: Tensor) -> Tensor:
        lacking = int(self.model.text.context_length) - ids.shape[1]
        return cast("Tensor", self.model.text(pad(ids, (0, lacking), value=PAD)))


@dataclass(frozen=True, slots=True)
class Starter:
    """A network in training with all that its checkpoint's folder will hold."""

    family: Family
    network: OpenClipNetwork | Beit3Retrieval
    tokenizer: SentencePieceTokenizer
    vocabulary: bytes
    folder: Path

    def save(self) -> None:
        """Write float16 weights, vocabulary, configuration and the record of them.

        The record makes the folder a checkpoint: it goes first and comes last, so that files of
        two trainings are never taken for one.

        Raises:
            CheckpointError: the folder cannot be written.
        """
        inner = self.network.model if isinstance(self.network, OpenClipNetwork) else self.network
        tensors = {
            name: tensor.half() if tensor.is_floating_point() else tensor
            for name, tensor in inner.state_dict().items()
        }
        try:
            (self.folder / RECORD_FILE).unlink(missing_ok=True)
            save_weights(self.folder / WEIGHTS_FILE, tensors)
            _write_description(self.family, self.vocabulary, self.folder)
            install(self._record(tensors), self.folder)
        except OSError as error:
            raise _unwritable(self.folder, error) from error

    def _record(self, tensors: dict[str, Tensor]) -> Checkpoint:
        return Checkpoint(
            name=self.folder.name,
            family=self.family,
            architecture=CONFIG_FILE,
            weights=CheckpointFile(WEIGHTS_FILE),
            tokenizer=CheckpointFile(VOCABULARY_FILE),
            preprocessing=PREPROCESSING,
            dimension=DIMENSION,
            licence="weights as the photos they were trained on: see README.md",
            languages=("vi", "en"),
            memory_mb=round(sum(tensor.numel() for tensor in tensors.values()) * 4 / 2**20),
            source="anhoi train",
            other_files=(CheckpointFile(CONFIG_FILE),),
        )


def begin(family: Family, photos: Sequence[CaptionedPhoto], folder: Path, seed: int) -> Starter:
    """Make an untrained starter with a vocabulary learnt from the photos' captions.

    What is in the folder stays as it is until `Starter.save`.

    Raises:
        CheckpointError: the folder cannot be made, or its name cannot name a checkpoint.
        CaptionsError: the captions are too few to learn a vocabulary from.
    """
    check_name(folder.name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error
    vocabulary = train_vocabulary((text for p in photos for text in p.captions), PIECES)
    with TemporaryDirectory() as name:
        temporary = Path(name)
        _write_description(family, vocabulary, temporary)
        tokenizer = SentencePieceTokenizer(
            temporary / VOCABULARY_FILE, sha256=None, pieces=None, length=TEXT_LENGTH
        )
        torch.manual_seed(seed)
        network = _untrained(family, temporary)
    return Starter(family, network, tokenizer, vocabulary, folder)


def _untrained(family: Family, folder: Path) -> OpenClipNetwork | Beit3Retrieval:
    if family == "beit3":
        return Beit3Retrieval(BEIT3)
    return OpenClipNetwork(build_model(CONFIG_FILE, folder))


def _write_description(family: Family, vocabulary: bytes, folder: Path) -> None:
    """Write all that a checkpoint's folder holds beside weights and record."""
    (folder / VOCABULARY_FILE).write_bytes(vocabulary)
    config = BEIT3.to_dict() if family == "beit3" else OPENCLIP
    (folder / CONFIG_FILE).write_text(json.dumps(config, indent=2) + "\n", "utf-8")


def _unwritable(folder: Path, error: OSError) -> CheckpointError:
    return CheckpointError(f"{folder} cannot be written: {error.strerror or error}.")


def train_starter(
    family: Family,
    sources: Sequence[Source],
    validation: Source,
    folder: Path,
    recipe: Recipe,
) -> Iterator[Epoch]:
    """Train a starter from scratch and write it to `folder` after every validation.

    Args:
        family: which of the two.
        sources: what it learns from.
        validation: what it is measured on.
        folder: its name names the checkpoint; one that is in there already is replaced.
        recipe: how to train.

    Yields:
        One report an epoch; where it has a validation, the checkpoint of that moment is written.

    Raises:
        CaptionsError: captions or photos are missing, unreadable, or too few for a batch.
        CheckpointError: the folder cannot be written, or its name cannot name a checkpoint.
    """
    photos, held_out = gather(sources), gather([validation])
    starter = begin(family, photos, folder, recipe.seed)
    pixels = load_pixels(photos, round(PREPROCESSING.size * MARGIN))
    held_out_pixels = load_pixels(held_out, PREPROCESSING.size)
    for epoch in fit(
        starter.network,
        starter.tokenizer,
        PREPROCESSING,
        photos,
        pixels,
        (held_out, held_out_pixels),
        recipe,
    ):
        if epoch.validation:
            starter.save()
        yield epoch
