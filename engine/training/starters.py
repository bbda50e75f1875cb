"""The two small encoders that come with the program: their sizes, and how they are made."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from engine.errors import CheckpointError
from engine.files import writing_to
from engine.images.preprocessing import HALF, Preprocessing
from engine.models.beit3.architecture import require
from engine.models.beit3.config import Beit3Config
from engine.models.beit3.retrieval import Beit3Retrieval
from engine.models.checkpoint import CONFIG_FILE, Checkpoint, CheckpointFile, Family, Recall
from engine.models.installed import check_name, write_checkpoint
from engine.models.open_clip import build_model
from engine.models.tokenizer import PAD, SentencePieceTokenizer
from engine.search.vietnamese import remove_diacritics
from engine.training.batches import Lessons
from engine.training.data import CaptionedPhoto
from engine.training.fitting import Training
from engine.training.history import Entry
from engine.training.initialisation import draw_cosine_filters
from engine.training.recipe import Recipe
from engine.training.validation import MEASURED_RANKS, HeldOut
from engine.training.vocabulary import train_vocabulary

WEIGHTS_FILE = "model.safetensors"
VOCABULARY_FILE = "vocabulary.spm"
PIECES = 4000
TEXT_LENGTH = 32
DIMENSION = 256
# In training; squashed, as most of the photos they learn from were.
PREPROCESSING = Preprocessing(size=128, resize="squash", mean=HALF, std=HALF)
# Crops show things larger than whole photos do; showing whole photos larger makes up for it where
# the tower takes any size (Touvron et al., "Fixing the train-test resolution discrepancy", 2019).
ENLARGED: dict[Family, float] = {"openclip": 1.25, "beit3": 1.0}
OPENCLIP_PREFIX = "model."  # of `OpenClipNetwork`; no name of BEiT3 begins so
SOURCE = "measured in training, see README.md beside the weights"
DECODED = 224  # side at which photos are kept for training, so that crops of them lose no detail

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
        "timm_model_name": "regnetx_004",
        "timm_pool": "avg",
        "timm_proj": "linear",
        "image_size": round(PREPROCESSING.size * ENLARGED["openclip"]),
    },
    "text_cfg": {
        "context_length": TEXT_LENGTH,
        "vocab_size": PIECES + 8,
        "width": 256,
        "heads": 4,
        "layers": 2,
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

    @property
    def text_branches(self) -> list[nn.Module]:
        """What dropout acts on."""
        text = self.model.text
        blocks = [part for each in text.transformer.resblocks for part in (each.ls_1, each.ls_2)]
        return [text.token_embedding, *blocks, text.ln_final]

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

    @property
    def text_branches(self) -> list[nn.Module]:
        """What dropout acts on: the residual branches, the embedding and the last norm."""
        if isinstance(self.network, OpenClipNetwork):
            return self.network.text_branches
        beit3 = cast("Any", self.network.beit3)
        layers = [
            part
            for layer in beit3.encoder.layers
            for part in (layer.self_attn.out_proj["B"], layer.ffn["B"])
        ]
        return [beit3.text_embed, *layers, beit3.encoder.layer_norm["B"]]

    def save(self, weights: Mapping[str, Tensor], recalls: Sequence[Recall] = ()) -> None:
        """Write float16 weights, vocabulary, configuration and the record of them.

        Args:
            weights: of the network, by its names for them.
            recalls: how well it finds photos.

        Raises:
            CheckpointError: the folder cannot be written.
        """
        tensors = {
            name.removeprefix(OPENCLIP_PREFIX): tensor.half()
            if tensor.is_floating_point()
            else tensor
            for name, tensor in weights.items()
        }
        files = _description(self.family, self.vocabulary)
        write_checkpoint(self._record(tensors, recalls), self.folder, tensors, files)

    def _record(self, tensors: Mapping[str, Tensor], recalls: Sequence[Recall]) -> Checkpoint:
        return Checkpoint(
            name=self.folder.name,
            family=self.family,
            architecture=CONFIG_FILE,
            weights=CheckpointFile(WEIGHTS_FILE),
            tokenizer=CheckpointFile(VOCABULARY_FILE),
            preprocessing=preprocessing_of(self.family),
            dimension=DIMENSION,
            licence="weights as the photos they were trained on: see README.md",
            languages=("vi", "en"),
            memory_mb=round(sum(tensor.numel() for tensor in tensors.values()) * 4 / 2**20),
            source="anhoi train",
            other_files=(CheckpointFile(CONFIG_FILE),),
            recalls=tuple(recalls),
        )


def preprocessing_of(family: Family) -> Preprocessing:
    """What a finished starter wants done to photos."""
    return replace(PREPROCESSING, size=round(PREPROCESSING.size * ENLARGED[family]))


def begin(family: Family, photos: Sequence[CaptionedPhoto], folder: Path, seed: int) -> Starter:
    """Make an untrained starter with a vocabulary learnt from the photos' captions.

    What is in the folder stays as it is until `Starter.save`.

    Raises:
        CheckpointError: the folder cannot be made, or its name cannot name a checkpoint.
        CaptionsError: the captions are too few to learn a vocabulary from.
    """
    check_name(folder.name)
    with writing_to(folder, CheckpointError):
        folder.mkdir(parents=True, exist_ok=True)
    vocabulary = train_vocabulary(_with_and_without_marks(photos), PIECES)
    with TemporaryDirectory() as name:
        temporary = Path(name)
        for file, content in _description(family, vocabulary).items():
            (temporary / file).write_bytes(content)
        tokenizer = SentencePieceTokenizer(
            temporary / VOCABULARY_FILE, sha256=None, pieces=None, length=TEXT_LENGTH
        )
        torch.manual_seed(seed)
        network = _untrained(family, temporary)
    return Starter(family, network, tokenizer, vocabulary, folder)


def _untrained(family: Family, folder: Path) -> OpenClipNetwork | Beit3Retrieval:
    if family == "beit3":
        network = Beit3Retrieval(BEIT3)
        draw_cosine_filters(require(network.beit3.vision_embed, "image").proj.weight)
        return network
    return OpenClipNetwork(build_model(CONFIG_FILE, folder))


def _description(family: Family, vocabulary: bytes) -> dict[str, bytes]:
    """All that a checkpoint's folder holds beside weights and record, by name."""
    config = BEIT3.to_dict() if family == "beit3" else OPENCLIP
    text = json.dumps(config, indent=2) + "\n"
    return {VOCABULARY_FILE: vocabulary, CONFIG_FILE: text.encode()}


def _with_and_without_marks(photos: Sequence[CaptionedPhoto]) -> Iterator[str]:
    """Every caption, and every other one as it is typed without a Vietnamese keyboard."""
    for photo in photos:
        yield from photo.captions
        yield from map(remove_diacritics, photo.captions[::2])


def train_starter(
    family: Family,
    lessons: Lessons,
    held_out: HeldOut,
    folder: Path,
    recipe: Recipe,
    work: Path | None = None,
) -> Iterator[Entry]:
    """Train a starter from scratch, or go on, and write it to `folder` after every validation.

    Args:
        family: which of the two.
        lessons: what it learns from.
        held_out: what it is measured on, its pixels prepared as `preprocessing_of` says.
        folder: its name names the checkpoint; one that is in there already is replaced.
        recipe: how to train.
        work: where the state is kept, so that a stopped training can go on; None keeps none.

    Yields:
        What came of the last steps; where it has recalls, the checkpoint of that moment is
        written.

    Raises:
        CaptionsError: captions are too few to learn a vocabulary from.
        TrainingError: the photos are too few for a batch, or the weights have diverged.
        CheckpointError: a folder cannot be written, or the name cannot name a checkpoint.
    """
    starter = begin(family, lessons.photos, folder, recipe.seed)
    training = Training(
        starter.network,
        starter.tokenizer.encode,
        PREPROCESSING,
        DIMENSION,
        lessons,
        held_out,
        recipe,
        folder=work,
        text_branches=starter.text_branches,
    )
    with_images = {phase.name for phase in recipe.phases if phase.weights.need_images}
    written = False
    for entry in training.run():
        written = bool(entry.recalls) and entry.phase in with_images
        if written:
            starter.save(training.averaged(), _recalls_of(entry, held_out))
        yield entry
    measured = [e for e in training.entries if e.recalls and e.phase in with_images]
    if measured and not written:  # the training was finished before; the checkpoint may be gone
        starter.save(training.averaged(), _recalls_of(measured[-1], held_out))


def _recalls_of(entry: Entry, held_out: HeldOut) -> list[Recall]:
    return [
        Recall(asked.language, asked.source, rank, entry.recalls[asked.recall(rank)], SOURCE)
        for asked in held_out.questions
        for rank in MEASURED_RANKS
        if asked.marks
    ]
