"""Random ways of writing a caption, so that encoders understand what people really type."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import astuple, dataclass

import numpy as np

from engine.search.regional_words import Region, in_words_of
from engine.search.vietnamese import (
    language_of,
    modernise_tone_placement,
    remove_diacritics,
    telex_keys,
    unify_tone_placement,
)

_WORD = re.compile(r"[^\W\d_]+")
_COMMA = re.compile(r" ?,(?=\s|$)")  # not the one in 1,5


@dataclass(frozen=True, slots=True)
class TextAugmentation:
    """How likely each change is, from 0 to 1; each is drawn by itself, and in this order made.

    Attributes:
        regional: the words of the North or of the South, whichever is drawn; where that changes
            nothing, of the other. 34 % of Flickr8k's captions have such words, 53 % of UIT-ViIC's.
        tone_placement: hòa to hoà, and back. `normalise_text` undoes it, so searches never need
            it; it is for those who use the encoder without that function.
        all_marks: every diacritic dropped.
        some_marks: those of each word dropped with chance a half.
        telex: one or two words as their Telex keys, as they stay when the input method is off.
        punctuation: final full stops and all commas dropped.
        case: all small, all capital, a capital on every word, or no first capital, as likely.
            Vocabularies that fold case, as the starters' do, take no notice.
    """

    regional: float = 0.1
    tone_placement: float = 0.1
    all_marks: float = 0.3
    some_marks: float = 0.1
    telex: float = 0.03
    punctuation: float = 0.1
    case: float = 0.1

    def __post_init__(self) -> None:
        if not all(0 <= chance <= 1 for chance in astuple(self)):
            raise ValueError(f"Chances lie between 0 and 1: {self}.")


def vary(text: str, how: TextAugmentation, random: np.random.Generator) -> str:
    """Write a caption as somebody else might have typed it.

    Queries and captions are brought into one form by `normalise_text` before an encoder sees
    them. What comes from here must not go through it again, or a changed tone placement is lost.

    Args:
        text: a caption, normalised. Punctuation and case are all that changes where it is not
            Vietnamese or has no marks.
        how: how likely each change is.
        random: where the randomness comes from; the same state gives the same result.

    Returns:
        The caption, in NFC, never blank.
    """
    lots = zip(_CHANGES.items(), random.random(len(_CHANGES)).tolist(), strict=True)
    due = [change for (name, change), lot in lots if lot < getattr(how, name)]
    if due and (text.isascii() or language_of(text) != "vi"):
        due = [change for change in due if change in _ANY_LANGUAGE]
    for change in due:
        text = change(text, random)
    return unicodedata.normalize("NFC", text)


def _said_elsewhere(text: str, random: np.random.Generator) -> str:
    text = unify_tone_placement(text)
    northern = random.random() < 0.5
    regions: tuple[Region, Region] = ("north", "south") if northern else ("south", "north")
    for region in regions:
        said = in_words_of(region, text, lambda n: int(random.integers(n)))
        if said != text:
            break
    return said


def _other_placement(text: str, _random: np.random.Generator) -> str:
    modern = modernise_tone_placement(text)
    return modern if modern != text else unify_tone_placement(text)


def _without_marks(text: str, _random: np.random.Generator) -> str:
    return remove_diacritics(text)


def _without_some_marks(text: str, random: np.random.Generator) -> str:
    words = text.split(" ")
    bare = random.random(len(words)) < 0.5
    return " ".join(remove_diacritics(w) if b else w for w, b in zip(words, bare, strict=True))


def _with_telex_keys(text: str, random: np.random.Generator) -> str:
    marked = [found.span() for found in _WORD.finditer(text) if not found[0].isascii()]
    if not marked:
        return text
    count = min(int(random.integers(1, 3)), len(marked))
    for place in sorted(random.choice(len(marked), count, replace=False), reverse=True):
        start, end = marked[place]
        text = text[:start] + telex_keys(text[start:end]) + text[end:]
    return text


def _without_punctuation(text: str, _random: np.random.Generator) -> str:
    return _COMMA.sub("", text).rstrip(" .…") or text


def _in_another_case(text: str, random: np.random.Generator) -> str:
    match random.integers(4):
        case 0:
            return text.lower()
        case 1:
            return text.upper()
        case 2:
            return " ".join(word[:1].upper() + word[1:] for word in text.split(" "))
        case _:
            return text[:1].lower() + text[1:]


_Change = Callable[[str, np.random.Generator], str]
# By the field that tells how likely each is, in the order they are made in.
_CHANGES: dict[str, _Change] = {
    "regional": _said_elsewhere,
    "tone_placement": _other_placement,
    "all_marks": _without_marks,
    "some_marks": _without_some_marks,
    "telex": _with_telex_keys,
    "punctuation": _without_punctuation,
    "case": _in_another_case,
}
_ANY_LANGUAGE = (_without_punctuation, _in_another_case)
