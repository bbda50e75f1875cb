"""What a checkpoint is: weights with all that is needed to use them."""

from dataclasses import dataclass
from typing import Literal

from engine.images.preprocessing import Preprocessing

Family = Literal["openclip", "beit3"]

CONFIG_FILE = "config.json"  # as an architecture: described by this file of the checkpoint


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file on the Hugging Face hub.

    Attributes:
        repository: such as "timm/ViT-B-16-SigLIP2".
        path: within it.
        revision: a commit, a tag or a branch.
    """

    repository: str
    path: str
    revision: str = "main"


@dataclass(frozen=True, slots=True)
class CheckpointFile:
    """One file of a checkpoint.

    Attributes:
        name: file name inside the checkpoint's folder.
        urls: where it can be downloaded, the first one first; none for files that come with the
            program, with the user, or from the hub.
        hub: where it lies on the Hugging Face hub, which is asked before `urls`.
        sha256: hex digest; None where nobody has published one.
        size: in bytes; None where unknown.
        made_from: what was downloaded, where the file was converted from it; None else.
    """

    name: str
    urls: tuple[str, ...] = ()
    hub: HubFile | None = None
    sha256: str | None = None
    size: int | None = None
    made_from: "CheckpointFile | None" = None


@dataclass(frozen=True, slots=True)
class Recall:
    """How often a text finds its photo, as somebody has published or we have measured it.

    Attributes:
        language: ISO 639-1 code of the texts.
        data: the test set.
        rank: the photo is among so many first ones.
        percent: of the texts.
        source: who measured it, where to read it.
    """

    language: str
    data: str
    rank: int
    percent: float
    source: str


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One set of weights with all that is needed to use it.

    Attributes:
        name: short and unique; what the user types.
        family: which code runs it.
        architecture: open_clip's name of the architecture or "base"/"large" for BEiT3; the word
            "config.json" means: described by the file of that name among `files`.
        weights: the file that holds the weights (.safetensors, .pt, .pth, .bin).
        tokenizer: a SentencePiece file (.spm, .model) or one of Hugging Face's (tokenizer.json);
            None for open_clip's own tokenizer.
        preprocessing: what the image side wants.
        dimension: length of an embedding.
        licence: SPDX name, or a sentence where there is none.
        languages: ISO 639-1 codes the text side knows.
        memory_mb: both sides loaded in float32, in MiB.
        source: who made it, for people.
        other_files: what else belongs to it.
        gmacs: multiply-adds of the image side for one photo, in billions; None where unknown.
        recalls: how well it finds photos; empty where nobody has measured it.
    """

    name: str
    family: Family
    architecture: str
    weights: CheckpointFile
    tokenizer: CheckpointFile | None
    preprocessing: Preprocessing
    dimension: int
    licence: str
    languages: tuple[str, ...]
    memory_mb: int
    source: str
    other_files: tuple[CheckpointFile, ...] = ()
    gmacs: float | None = None
    recalls: tuple[Recall, ...] = ()

    @property
    def files(self) -> tuple[CheckpointFile, ...]:
        """All files, weights first."""
        tokenizer = (self.tokenizer,) if self.tokenizer else ()
        return (self.weights, *tokenizer, *self.other_files)

    def knows(self, language: str) -> bool:
        """Whether the text side reads a language, by its ISO 639-1 code."""
        return language in self.languages


@dataclass(frozen=True, slots=True)
class PairDefault:
    """How the scores of two checkpoints are best joined, chosen on a validation set.

    Attributes:
        openclip: name of the OpenCLIP checkpoint.
        beit3: name of the BEiT3 checkpoint.
        normalisation: "none", "zscore", "minmax" or "rrf".
        weights: of OpenCLIP and of BEiT3.
        chosen_on: the validation set, for people.
    """

    openclip: str
    beit3: str
    normalisation: Literal["none", "zscore", "minmax", "rrf"]
    weights: tuple[float, float]
    chosen_on: str
