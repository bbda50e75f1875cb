"""What a translator is: a network that turns Vietnamese into English, with all it needs."""

from dataclasses import dataclass
from typing import Literal

from engine.models.checkpoint import CheckpointFile

TranslatorKind = Literal["marian", "t5"]


@dataclass(frozen=True, slots=True)
class Bleu:
    """How near translations come to those of people, as somebody has published it.

    Attributes:
        data: the test set.
        score: 0 to 100, more is better; of different test sets no two compare.
        source: who measured it, where to read it.
    """

    data: str
    score: float
    source: str


@dataclass(frozen=True, slots=True)
class Translator:
    """One network from Vietnamese to English.

    Attributes:
        name: short and unique; what the user types.
        kind: which architecture it has; the names of its files follow from it.
        files: as they are downloaded; of an installed one those that it runs from.
        licence: SPDX name, or a sentence where there is none.
        memory_mb: its weights as 8-bit integers, in MiB; what it computes with comes on top.
        source: who made it, for people.
        prefix: stands before every text it is given.
        answer_prefix: begins its answers and is no part of them.
        download_mb: all `files` together, in millions of bytes, about; None where unknown.
        bleus: how well it translates; empty where nobody has measured it.
    """

    name: str
    kind: TranslatorKind
    files: tuple[CheckpointFile, ...]
    licence: str
    memory_mb: int
    source: str
    prefix: str = ""
    answer_prefix: str = ""
    download_mb: int | None = None
    bleus: tuple[Bleu, ...] = ()
