"""Fine-tuning: an installed checkpoint learns a user's own captions, and becomes another one."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn

from engine.errors import CaptionsError, CheckpointError
from engine.images.preprocessing import Preprocessing
from engine.models.beit3.encoder import load_tokenizer as load_beit3_tokenizer
from engine.models.beit3.encoder import network_config
from engine.models.beit3.retrieval import load_retrieval
from engine.models.checkpoint import Checkpoint, CheckpointFile
from engine.models.installed import (
    RECORD_FILE,
    InstalledCheckpoint,
    can_be_downloaded,
    check_name,
    install,
)
from engine.models.open_clip import load_model
from engine.models.open_clip_encoder import check_sizes, embedding_of, own_weights
from engine.models.open_clip_text import load_tokenizer as load_open_clip_tokenizer
from engine.models.weights import load_weights, save_weights
from engine.paths import bundled_checkpoints_folder, checkpoints_folder
from engine.search.vietnamese import language_of
from engine.training.batches import Lessons
from engine.training.data import CaptionedPhoto, Source, gather, load_pixels
from engine.training.fitting import HISTORY_FILE, SAVE_EVERY, Training
from engine.training.history import Entry
from engine.training.lora import add_adapters, merged_weights
from engine.training.network import Tokenize
from engine.training.recipe import Phase, Recipe
from engine.training.validation import HeldOut, hold_out, recalls_of
from engine.training.views import ImageAugmentation

WEIGHTS_FILE = "model.safetensors"
ALPHA_PER_RANK = 2.0  # so that another rank needs no other learning rate
MARGIN = 1.12  # decoded a little larger than the input, so that crops lose no detail
# Gentler than from nothing: the network knows pictures, and shall learn what they are called.
AUGMENTATION = ImageAugmentation(smallest_area=0.5, colour=0.2)


class AdaptedNetwork(nn.Module):
    """A frozen network with adapters, as a `DualEncoder`.

    Its state dict holds what is learnt, which is little; copies share what is frozen; and norms
    keep their statistics in training.

    Args:
        network: of either family, after `add_adapters`.
        image_side: embeds pixels with a network like this one.
        text_side: embeds tokens likewise.
    """

    def __init__(
        self,
        network: nn.Module,
        image_side: Callable[[Any, Tensor], Tensor],
        text_side: Callable[..., Tensor],
    ) -> None:
        super().__init__()
        self.network = network
        self._image_side, self._text_side = image_side, text_side
        # Kept, since copies of a network may be frozen as a whole.
        self.learnt = tuple(n for n, p in self.named_parameters() if p.requires_grad)
        self.register_state_dict_post_hook(_drop_frozen)  # type: ignore[no-untyped-call]
        self.register_load_state_dict_post_hook(_forgive_frozen)  # type: ignore[no-untyped-call]

    @property
    def logit_scale(self) -> Tensor:
        return cast("Tensor", self.network.logit_scale)

    def embed_images(self, pixels: Tensor) -> Tensor:
        return self._image_side(self.network, pixels)

    def embed_texts(self, *tokens: Tensor) -> Tensor:
        return self._text_side(self.network, *tokens)

    def train(self, mode: bool = True) -> "AdaptedNetwork":
        super().train(mode)
        for module in self.modules():
            if hasattr(module, "running_mean"):
                module.training = False
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "AdaptedNetwork":
        memo |= {id(p): p for n, p in self.named_parameters() if n not in self.learnt}
        copied = AdaptedNetwork.__new__(AdaptedNetwork)
        memo[id(self)] = copied
        copied.__dict__ = deepcopy(self.__dict__, memo)
        return copied


def _drop_frozen(
    network: AdaptedNetwork, state: dict[str, Any], prefix: str, _metadata: dict[str, Any]
) -> None:
    for name in _not_learnt(network):
        state.pop(f"{prefix}{name}", None)


def _forgive_frozen(network: AdaptedNetwork, keys: Any) -> None:  # noqa: ANN401 - torch's own
    frozen = tuple(_not_learnt(network))
    keys.missing_keys[:] = [name for name in keys.missing_keys if not name.endswith(frozen)]


def _not_learnt(network: AdaptedNetwork) -> list[str]:
    named = (*network.named_parameters(), *network.named_buffers())
    return [name for name, _ in named if name not in network.learnt]


@dataclass(frozen=True, slots=True)
class Trainable:
    """An installed checkpoint, opened for training.

    Attributes:
        network: with new adapters, on the CPU, in float32.
        tokenize: of its text side.
        types: of its tensors as they are stored, by name.
    """

    network: AdaptedNetwork
    tokenize: Tokenize
    types: Mapping[str, torch.dtype]


def open_trainable(checkpoint: InstalledCheckpoint, rank: int, seed: int) -> Trainable:
    """Load a checkpoint of either family and add adapters to it.

    Args:
        checkpoint: its files stay as they are, and are not needed any more afterwards.
        rank: of the adapters.
        seed: of their first values.

    Raises:
        CheckpointError: a file is missing or damaged, or the files do not fit each other.
        TrainingError: peft is not installed, or the network has nothing to adapt.
    """
    record, folder = checkpoint.record, checkpoint.folder
    beit3 = record.family == "beit3"
    network, tokenize, types = (_open_beit3 if beit3 else _open_open_clip)(record, folder)
    torch.manual_seed(seed)
    add_adapters(network, rank, ALPHA_PER_RANK * rank)
    if beit3:
        adapted = AdaptedNetwork(network, _beit3_images, _beit3_texts)
    else:
        adapted = AdaptedNetwork(network, _open_clip_images, _open_clip_texts)
    return Trainable(adapted, tokenize, types)


Opened = tuple[nn.Module, Tokenize, dict[str, torch.dtype]]


def _open_beit3(record: Checkpoint, folder: Path) -> Opened:
    config = network_config(record, folder)
    tokenizer = load_beit3_tokenizer(record, folder, config)
    weights = folder / record.weights.name
    types = {name: tensor.dtype for name, tensor in load_weights(weights).items()}
    return load_retrieval(weights, config), tokenizer.encode, types


def _open_open_clip(record: Checkpoint, folder: Path) -> Opened:
    check_sizes(record, folder)
    model = load_model(record.architecture, folder, record.weights.name)
    types = {name: tensor.dtype for name, tensor in model.state_dict().items()}
    tokenize = load_open_clip_tokenizer(record, folder, model.text.vocab_size)
    own_weights(model, torch.device("cpu"), torch.float32)
    return model, lambda texts: (tokenize(list(texts)),), types


def _beit3_images(network: Any, pixels: Tensor) -> Tensor:  # noqa: ANN401
    return cast("Tensor", network.embed_images(pixels))


def _beit3_texts(network: Any, ids: Tensor, padding_mask: Tensor) -> Tensor:  # noqa: ANN401
    return cast("Tensor", network.embed_texts(ids, padding_mask))


def _open_clip_images(model: Any, pixels: Tensor) -> Tensor:  # noqa: ANN401
    return embedding_of(model.visual(pixels))


def _open_clip_texts(model: Any, tokens: Tensor) -> Tensor:  # noqa: ANN401
    return embedding_of(model.text(tokens))


def read_material(
    how: Preprocessing, sources: Sequence[Source], validation: Sequence[Source]
) -> tuple[Lessons, HeldOut]:
    """Read captions and photos, these as the image side wants them.

    Args:
        how: of the image side.
        sources: what is learnt from.
        validation: what is not.

    Raises:
        CaptionsError: captions or photos are missing or unreadable.
    """
    photos = gather(sources)
    larger = replace(how, size=round(how.size * MARGIN))
    return Lessons(photos, load_pixels(photos, larger)), hold_out(validation, None, how)


def recipe_for(checkpoint: InstalledCheckpoint, captions: Phase, seed: int) -> Recipe:
    """How a checkpoint learns captions: by one gentle phase.

    The phase is named by the checkpoint, so that the state of a training is not taken for that
    of another.
    """
    gentle = replace(
        captions,
        name=f"{captions.name} {checkpoint.key}",
        warm_up=0.1,
        weight_decay=0.01,
        image_augmentation=AUGMENTATION,
    )
    return Recipe((gentle,), seed, validate_every=1)


def new_folder(name: str, work: Path) -> Path:
    """The folder of a checkpoint that is to be made, or that was begun.

    Args:
        name: what it shall be called.
        work: where the state of its training is kept.

    Raises:
        CheckpointError: the name is taken, or cannot name a checkpoint.
    """
    check_name(name)
    folder = checkpoints_folder() / name
    begun = (work / HISTORY_FILE).is_file()  # it is there before the first state and checkpoint
    bundled = (bundled_checkpoints_folder() / name).exists()
    if bundled or can_be_downloaded(name) or (folder.exists() and not begun):
        raise CheckpointError(
            f"There is a checkpoint “{name}” already: choose another --output, or delete it with "
            f"anhoi models remove {name}."
        )
    return folder


class Tuning:
    """The fine-tuning of one checkpoint.

    Args:
        checkpoint: what is learnt on; it stays as it is.
        lessons: what is learnt from.
        held_out: what is measured on.
        folder: of the new checkpoint, which is called as its folder is.
        recipe: how; see `recipe_for`.
        rank: of the adapters.
        languages: codes of those that the new checkpoint reads; None for those of the old one.
        work: where the state is kept, so that a stopped training can go on; None keeps none.

    Raises:
        CheckpointError: a file is missing or damaged, or the files do not fit each other.
        CaptionsError: the captions are in a language that the new checkpoint would not read.
        TrainingError: peft is not installed, or the recipe and the photos do not fit each other.
    """

    def __init__(
        self,
        checkpoint: InstalledCheckpoint,
        lessons: Lessons,
        held_out: HeldOut,
        folder: Path,
        recipe: Recipe,
        *,
        rank: int = 8,
        languages: Sequence[str] | None = None,
        work: Path | None = None,
    ) -> None:
        record = checkpoint.record
        self._checkpoint, self._folder, self._held_out = checkpoint, folder, held_out
        self._languages = tuple(languages or record.languages)
        check_languages(record, lessons.photos, self._languages)
        self._trainable = open_trainable(checkpoint, rank, recipe.seed)
        self._training = Training(
            self._trainable.network,
            self._trainable.tokenize,
            record.preprocessing,
            record.dimension,
            lessons,
            held_out,
            recipe,
            folder=work,
        )

    def recalls(self) -> dict[str, float]:
        """How many texts find their photo with the network as it is, in percent, by name."""
        network, tokenize = self._trainable.network.train(False), self._trainable.tokenize
        how = self._checkpoint.record.preprocessing
        return recalls_of(network, tokenize, how, self._held_out)

    def run(self, save_every: float = SAVE_EVERY) -> Iterator[Entry]:
        """Train, or go on, and write the new checkpoint after every validation.

        Args:
            save_every: seconds between two savings of the state.

        Yields:
            What came of the last steps; where it has recalls, the checkpoint of that moment is
            written.

        Raises:
            TrainingError: the weights have diverged.
            CheckpointError: a folder cannot be written, or the state is of another training.
        """
        for entry in self._training.run(save_every):
            if entry.recalls:
                self._save(self._training.averaged())
            yield entry

    def _save(self, learnt: Mapping[str, Tensor]) -> None:
        """Write a checkpoint; its record makes the folder one, so it goes first and comes last."""
        original, types = self._checkpoint, self._trainable.types
        averaged = deepcopy(self._trainable.network)
        averaged.load_state_dict(learnt)
        merged = merged_weights(averaged.network)
        tensors = {name: tensor.to(types[name]) for name, tensor in merged.items()}
        record = _record(original.record, self._folder.name, self._languages)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / RECORD_FILE).unlink(missing_ok=True)
            for file in record.files[1:]:
                shutil.copyfile(original.folder / file.name, self._folder / file.name)
        except OSError as error:
            raise CheckpointError(
                f"{self._folder} cannot be written: {error.strerror or error}."
            ) from error
        save_weights(self._folder / WEIGHTS_FILE, tensors, {"format": "pt"})
        install(record, self._folder)


def check_languages(
    record: Checkpoint, photos: Sequence[CaptionedPhoto], languages: Sequence[str]
) -> None:
    """Refuse to learn Vietnamese for a checkpoint that is searched in English afterwards.

    Raises:
        CaptionsError: most captions are Vietnamese, and `languages` lack it.
    """
    texts = [text for photo in photos for text in photo.captions]
    vietnamese = sum(language_of(text) == "vi" for text in texts)
    if 2 * vietnamese > len(texts) and "vi" not in languages:
        raise CaptionsError(
            f"Most captions are Vietnamese, which {record.name} does not read, so that queries "
            "would go on being translated to English. Translate the captions, or say "
            f"--languages {','.join((*languages, 'vi'))} to search in Vietnamese afterwards."
        )


def _record(original: Checkpoint, name: str, languages: tuple[str, ...]) -> Checkpoint:
    """Of the new checkpoint; nobody has measured on published sets how well it finds photos."""
    tokenizer = CheckpointFile(original.tokenizer.name) if original.tokenizer else None
    return replace(
        original,
        name=name,
        weights=CheckpointFile(WEIGHTS_FILE),
        tokenizer=tokenizer,
        other_files=tuple(CheckpointFile(file.name) for file in original.other_files),
        languages=languages,
        source=f"{original.name} ({original.source}), fine-tuned by anhoi train tune",
        recalls=(),
    )
