"""Fine-tuning: an installed checkpoint learns a user's own captions, and becomes another one."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

from torch import Tensor

from engine.errors import CaptionsError, CheckpointError, TrainingError
from engine.images.preprocessing import Preprocessing
from engine.models.checkpoint import Checkpoint, CheckpointFile
from engine.models.installed import (
    InstalledCheckpoint,
    can_be_downloaded,
    check_name,
    write_checkpoint,
)
from engine.paths import bundled_checkpoints_folder, checkpoints_folder
from engine.search.vietnamese import language_of
from engine.training.adapted import open_trainable
from engine.training.batches import Lessons
from engine.training.data import CaptionedPhoto
from engine.training.fitting import SAVE_EVERY, Training
from engine.training.history import Entry
from engine.training.lora import merged_weights
from engine.training.output import check_output, claim, is_of
from engine.training.recipe import Phase, Recipe
from engine.training.teacher import TeacherEmbeddings
from engine.training.validation import HeldOut, recalls_of
from engine.training.views import ImageAugmentation

WEIGHTS_FILE = "model.safetensors"
MARGIN = 1.12  # decoded a little larger than the input, so that crops lose no detail
# Gentler than from nothing: the network knows pictures, and shall learn what they are called.
AUGMENTATION = ImageAugmentation(smallest_area=0.5, colour=0.2)


def decoding_of(how: Preprocessing) -> Preprocessing:
    """How photos are decoded that a network is to learn from: larger than its input."""
    return replace(how, size=round(how.size * MARGIN))


def recipe_for(captions: Phase, seed: int) -> Recipe:
    """How captions are learnt by what knows pictures already: by one gentle phase."""
    gentle = replace(
        captions,
        warm_up=0.1,
        weight_decay=0.01,
        image_augmentation=replace(
            AUGMENTATION, rand_augment=captions.image_augmentation.rand_augment
        ),
    )
    return Recipe((gentle,), seed, validate_every=1)


def new_folder(name: str, work: Path) -> Path:
    """The folder of a checkpoint that is to be made, or that was begun.

    Args:
        name: what it shall be called.
        work: where the state of its training is kept.

    Raises:
        CheckpointError: the name is taken, or cannot name a checkpoint, or a folder cannot be
            written.
    """
    check_name(name)
    if (bundled_checkpoints_folder() / name).exists():
        raise CheckpointError(f"{name} comes with the program: choose another --output.")
    if can_be_downloaded(name):
        raise CheckpointError(
            f"“{name}” names a checkpoint that can be downloaded: choose another --output."
        )
    folder = checkpoints_folder() / name
    if folder.exists() and not is_of(folder, work):
        raise CheckpointError(
            f"There is a checkpoint “{name}” already: choose another --output, or delete it with "
            f"anhoi models remove {name}."
        )
    check_output(folder, work)
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
        TrainingError: peft is not installed, or recipe, photos and teacher do not fit each other.
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
        check_teacher(record, lessons.teacher)
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
            identity=checkpoint.key,
        )
        self._work = work

    def recalls(self) -> dict[str, float]:
        """How many texts find their photo with the network as it is, in percent, by name."""
        network, tokenize = self._trainable.network.train(False), self._trainable.tokenize
        how = self._checkpoint.record.preprocessing
        return recalls_of(network, tokenize, how, self._held_out)

    def run(self, save_every: float = SAVE_EVERY) -> Iterator[Entry]:
        """Train, or go on, and write the new checkpoint after every validation.

        What was finished before is written again, since it may be gone.

        Args:
            save_every: seconds between two savings of the state.

        Yields:
            What came of the last steps; where it has recalls, the checkpoint of that moment is
            written.

        Raises:
            TrainingError: the weights have diverged.
            CheckpointError: a folder cannot be written, or the state is of another training.
        """
        if self._work:
            claim(self._folder, self._work)
        written = False
        for entry in self._training.run(save_every):
            written = bool(entry.recalls)
            if written:
                self._save(self._training.averaged())
            yield entry
        if not written:  # finished before, and perhaps removed since, or stopped while written
            self._save(self._training.averaged())

    def _save(self, learnt: Mapping[str, Tensor]) -> None:
        """Write the new checkpoint."""
        original, types = self._checkpoint, self._trainable.types
        averaged = deepcopy(self._trainable.network)
        averaged.load_state_dict(learnt)
        merged = merged_weights(averaged.network)
        tensors = {name: tensor.to(types[name]) for name, tensor in merged.items()}
        record = _record(original.record, self._folder.name, self._languages)
        files = {file.name: _content(original.folder / file.name) for file in record.files[1:]}
        write_checkpoint(record, self._folder, tensors, files)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror or error}.") from error


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


def check_teacher(record: Checkpoint, teacher: TeacherEmbeddings | None) -> None:
    """Refuse a teacher that has seen other views than a checkpoint would.

    Raises:
        TrainingError: its views are of squashed photos, and the checkpoint crops them.
    """
    if teacher and teacher.how and record.preprocessing.resize != "squash":
        raise TrainingError(
            f"{record.name} crops photos to squares, and the views that the teacher has seen are "
            "of whole ones: embed whole photos with anhoi train teacher --views 0."
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
