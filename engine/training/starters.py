"""The two small encoders that come with the program: their sizes, and how they are made."""

import json
from collections.abc import Iterator, Mapping, Sequence
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
from engine.models.checkpoint import CONFIG_FILE, Checkpoint, CheckpointFile, Family, Recall
from engine.models.installed import RECORD_FILE, check_name, install
from engine.models.open_clip import build_model
from engine.models.tokenizer import PAD, SentencePieceTokenizer
from engine.models.weights import save_weights
from engine.search.vietnamese import remove_diacritics
from engine.training.batches import Lessons
from engine.training.data import CaptionedPhoto
from engine.training.fitting import Training
from engine.training.history import Entry
from engine.training.recipe import Phase, Recipe, Weights
from engine.training.text_augmentation import TextAugmentation
from engine.training.validation import MEASURED_RANKS, HeldOut
from engine.training.vocabulary import train_vocabulary

WEIGHTS_FILE = "model.safetensors"
VOCABULARY_FILE = "vocabulary.spm"
PIECES = 4000
TEXT_LENGTH = 32
DIMENSION = 256
# Squashed, as most of the photos they learn from were.
PREPROCESSING = Preprocessing(size=128, resize="squash", mean=HALF, std=HALF)
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
        "image_size": PREPROCESSING.size,
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

        The record makes the folder a checkpoint: it goes first and comes last, so that files of
        two trainings are never taken for one.

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
        try:
            (self.folder / RECORD_FILE).unlink(missing_ok=True)
            save_weights(self.folder / WEIGHTS_FILE, tensors)
            _write_description(self.family, self.vocabulary, self.folder)
            install(self._record(tensors, recalls), self.folder)
        except OSError as error:
            raise _unwritable(self.folder, error) from error

    def _record(self, tensors: Mapping[str, Tensor], recalls: Sequence[Recall]) -> Checkpoint:
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
            recalls=tuple(recalls),
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
    vocabulary = train_vocabulary(_with_and_without_marks(photos), PIECES)
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


def _with_and_without_marks(photos: Sequence[CaptionedPhoto]) -> Iterator[str]:
    """Every caption, and every other one as it is typed without a Vietnamese keyboard."""
    for photo in photos:
        yield from photo.captions
        yield from map(remove_diacritics, photo.captions[::2])


EPOCHS_OF_PHOTOS: dict[Family, int] = {"openclip": 150, "beit3": 90}
RATE_OF_PHOTOS: dict[Family, float] = {"openclip": 2e-3, "beit3": 1e-3}
# The vocabulary folds case, and queries are brought to one tone placement.
TEXTS = TextAugmentation(all_marks=0.3, case=0, tone_placement=0)


def recipe_of(family: Family, seed: int) -> Recipe:
    """How a starter learns from a teacher: words first, then photos, then both.

    The text side learns to find the teacher's embeddings, mapped linearly; the image side
    learns to embed photos as that map does, which needs no words and takes the longest; then
    the two learn from each other.
    """
    words = Phase(
        "words",
        epochs=40,
        batch_size=512,
        learning_rate=7e-4,
        weights=Weights(alignment=1),
        weight_decay=0.2,
        dropout=0.2,
        teacher_dropout=0.3,
        whole=0.5,
        text_augmentation=TEXTS,
    )
    photos = Phase(
        "photos",
        epochs=EPOCHS_OF_PHOTOS[family],
        batch_size=128,
        learning_rate=RATE_OF_PHOTOS[family],
        weights=Weights(feature=1, embedding=1),
        weight_decay=0.05,
    )
    both = Phase(
        "both",
        epochs=10,
        batch_size=256,
        learning_rate=2e-4,
        weights=Weights(contrastive=1, alignment=0.5, feature=1, embedding=1),
        weight_decay=0.1,
        dropout=0.2,
        teacher_dropout=0.3,
        whole=0.3,
        text_augmentation=TEXTS,
    )
    return Recipe((words, photos, both), seed)


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
        held_out: what it is measured on, its pixels prepared by `PREPROCESSING`.
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
    for entry in training.run():
        if entry.recalls and entry.phase in with_images:
            starter.save(training.averaged(), _recalls_of(entry, held_out))
        yield entry


def _recalls_of(entry: Entry, held_out: HeldOut) -> list[Recall]:
    return [
        Recall(asked.language, asked.source, rank, entry.recalls[asked.recall(rank)], SOURCE)
        for asked in held_out.questions
        for rank in MEASURED_RANKS
        if asked.marks
    ]
