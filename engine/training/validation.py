"""How well a network in training finds photos it has not learnt from."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import normalize

from engine.errors import TrainingError
from engine.evaluation.metrics import Metrics, ranks
from engine.images.preprocessing import Preprocessing
from engine.models.encoder import FloatArray, UInt8Array
from engine.models.running import normalised_pixels
from engine.search.vietnamese import Language, language_of, remove_diacritics
from engine.training.data import Source, gather, load_pixels
from engine.training.network import DualEncoder, Tokenize
from engine.training.teacher import TeacherEmbeddings
from engine.training.views import WHOLE_PHOTO

MEASURED_RANKS = (1, 10)
WITHOUT_MARKS = " without marks"  # ends the name of questions typed without a Vietnamese keyboard
IMAGES_AT_ONCE, TEXTS_AT_ONCE = 64, 256


@dataclass(frozen=True, slots=True)
class Questions:
    """Texts, and which photo each of them is about.

    Attributes:
        name: for people, such as "vi"; no other of a validation is called so.
        language: of the texts, ISO 639-1.
        source: the file they are from, for people.
        texts: m texts, normalised.
        relevant: the photo of each text, shape (m,), int64.
        marks: False where Vietnamese is asked as it is typed without its marks.
    """

    name: str
    language: Language
    source: str
    texts: Sequence[str]
    relevant: np.ndarray
    marks: bool = True

    def recall(self, rank: int) -> str:
        """What their recall among so many first photos is called."""
        return f"{self.name} R@{rank}"


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Photos that are not learnt from, and what is asked about them.

    Attributes:
        pixels: prepared photos, shape (n, S, S, 3), uint8.
        questions: one measurement each.
        teacher: its embeddings of these photos, shape (n, t), float32; None where there are none.
        networks: those of the teacher, by name.
    """

    pixels: UInt8Array
    questions: Sequence[Questions]
    teacher: FloatArray | None = None
    networks: tuple[str, ...] = ()


def hold_out(
    sources: Sequence[Source], teacher: TeacherEmbeddings | None, how: Preprocessing
) -> HeldOut:
    """Read what a training is measured on.

    Args:
        sources: caption files, each asked by itself; Vietnamese ones also without their marks.
        teacher: its embeddings of the photos, of whole ones.
        how: what the network wants done to a photo.

    Raises:
        CaptionsError: captions or photos are missing or unreadable, or the teacher does not
            know a photo.
    """
    photos = gather(sources)
    rows = {photo.path: row for row, photo in enumerate(photos)}
    questions = list(_all_questions(sources, rows))
    if teacher is None:
        return HeldOut(load_pixels(photos, how), questions)
    seen = teacher.rows_of([photo.name for photo in photos])
    known = teacher.embeddings[seen, WHOLE_PHOTO].astype(np.float32)
    return HeldOut(load_pixels(photos, how), questions, known, teacher.networks)


def _all_questions(sources: Sequence[Source], rows: Mapping[Path, int]) -> Iterator[Questions]:
    """Of each source, and of Vietnamese ones without marks; each by a name of its own."""
    asked = [_questions(*pair, rows) for pair in zip(sources, _stems(sources), strict=True)]
    languages = Counter(each.language for each in asked)
    for each in asked:
        several = languages[each.language] > 1
        named = replace(each, name=f"{each.language} {each.source}") if several else each
        yield named
        if named.language == "vi":
            plain = [remove_diacritics(text) for text in named.texts]
            yield replace(named, name=named.name + WITHOUT_MARKS, texts=plain, marks=False)


def _questions(source: Source, stem: str, rows: Mapping[Path, int]) -> Questions:
    photos = gather([source])
    texts = [text for photo in photos for text in photo.captions]
    relevant = np.array([rows[photo.path] for photo in photos for _ in photo.captions])
    language = Counter(map(language_of, texts)).most_common(1)[0][0]
    return Questions(language, language, stem, texts, relevant)


def _stems(sources: Sequence[Source]) -> list[str]:
    """The names of caption files, counted where two have the same."""
    stems = [source.captions.stem for source in sources]
    return [
        f"{stem} {stems[: place + 1].count(stem)}" if stems.count(stem) > 1 else stem
        for place, stem in enumerate(stems)
    ]


@torch.inference_mode()
def embed_pixels(network: DualEncoder, pixels: UInt8Array, preprocessing: Preprocessing) -> Tensor:
    """Embed prepared photos, shape (n, S, S, 3), uint8, to (n, d), not normalised."""
    device = network.logit_scale.device
    return torch.cat(
        [
            network.embed_images(normalised_pixels(pixels[part], preprocessing, device))
            for part in _parts(len(pixels), IMAGES_AT_ONCE)
        ]
    )


@torch.inference_mode()
def embed_captions(network: DualEncoder, texts: Sequence[str], tokenize: Tokenize) -> Tensor:
    """Embed n texts to (n, d), not normalised."""
    device = network.logit_scale.device
    return torch.cat(
        [
            network.embed_texts(*(tokens.to(device) for tokens in tokenize(texts[part])))
            for part in _parts(len(texts), TEXTS_AT_ONCE)
        ]
    )


def measure(texts: Tensor, images: Tensor, relevant: np.ndarray) -> Metrics:
    """Rank images (n, d) for each text (m, d) by cosine; `relevant` (m,) are the right ones.

    Raises:
        TrainingError: an embedding is not made of numbers.
    """
    cosines = normalize(texts.float()) @ normalize(images.float()).T
    if not cosines.isfinite().all():
        raise TrainingError("The network's embeddings are no numbers: the weights have diverged.")
    return Metrics.from_ranks(ranks(cosines.cpu().numpy(), relevant), seed=None)


def recalls_of(
    network: DualEncoder,
    tokenize: Tokenize,
    preprocessing: Preprocessing,
    held_out: HeldOut,
    images: Tensor | None = None,
) -> dict[str, float]:
    """How many texts find their photo among the first ones, in percent, such as "vi R@10".

    Args:
        network: in evaluation mode.
        tokenize: of its text side.
        preprocessing: of its image side.
        held_out: what is asked.
        images: embeddings of the photos, shape (n, d); None: those of the network itself.
    """
    if images is None:
        images = embed_pixels(network, held_out.pixels, preprocessing)
    found: dict[str, float] = {}
    for asked in held_out.questions:
        texts = embed_captions(network, asked.texts, tokenize)
        figures = measure(texts, images, asked.relevant)
        found |= {asked.recall(rank): getattr(figures, f"r{rank}") for rank in MEASURED_RANKS}
    return found


def _parts(count: int, size: int) -> Iterator[slice]:
    return (slice(start, start + size) for start in range(0, count, size))
