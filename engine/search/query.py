"""What was typed, made ready for the encoders."""

import re
import unicodedata
from dataclasses import dataclass

from engine.errors import QueryError
from engine.search.vietnamese import unify_tone_placement

MAX_LENGTH = 2_000  # characters; far above what the encoders read, far below what hurts

# Whitespace, control characters, and what takes no room: zero-width and directional marks, BOM.
# U+2581 is SentencePiece's own sign for a blank, U+FFFD stands for what could not be read.
_BLANKS = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    r"\u2581\ufeff\ufffd]+"
)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_MEANINGFUL = ("L", "N", "So")  # letters, digits, pictographs (emoji)


@dataclass(frozen=True, slots=True)
class Query:
    """A query that can be searched.

    Attributes:
        text: as typed.
        normalised: what the encoders are given.
    """

    text: str
    normalised: str


def normalise_text(text: str) -> str:
    """Bring a text into the one form in which queries and captions reach the encoders.

    NFC; every run of whitespace, control and zero-width characters is one blank, none at the
    ends; tone placement unified. Digits, punctuation and case stay as they are.

    Args:
        text: any text.

    Returns:
        The normalised text, "" where nothing visible was in it.
    """
    composed = unicodedata.normalize("NFC", text)
    return unify_tone_placement(_BLANKS.sub(" ", composed).strip(" "))


def parse_query(text: str) -> Query:
    """Read what was typed.

    Args:
        text: as typed; brackets, `%`, `_` and digits have no special meaning.

    Returns:
        The query.

    Raises:
        QueryError: there is nothing to search for, the text is longer than `MAX_LENGTH`
            characters, or it holds half a character; `start` and `end` mark where.
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(
            f"The query has {len(text):,} characters; at most {MAX_LENGTH:,} can be searched.",
            MAX_LENGTH,
            len(text),
        )
    if broken := _SURROGATE.search(text):
        raise QueryError("The query holds a broken character.", broken.start(), broken.end())
    normalised = normalise_text(text)
    if not normalised:
        raise QueryError("The query is empty.", 0, len(text))
    if not any(unicodedata.category(character).startswith(_MEANINGFUL) for character in normalised):
        raise QueryError("The query has no word in it.", 0, len(text))
    return Query(text, normalised)
