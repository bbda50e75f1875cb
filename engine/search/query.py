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
_WORDS = ("L", "So")  # letters, pictographs (emoji)
_MEANINGFUL = (*_WORDS, "N")
# A dash at the beginning of a word, as in -chó or -"xe máy". Long dashes belong to sentences. What
# is still being typed has no closing quote yet.
_AVOIDED = re.compile(
    r"""(?:^|(?<=\ ))[-\u2010\u2011\u2212\uff0d]
    (?:["“”„](?P<phrase>[^"“”„]*)(?:["“”„]|$) | (?P<word>[^\ "“”„]+))""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Query:
    """A query that can be searched.

    Attributes:
        text: as typed.
        normalised: what the encoders are given, without the words to avoid; "" only where a
            picture is searched with.
        avoided: what photos shall not show, normalised.
    """

    text: str
    normalised: str
    avoided: tuple[str, ...] = ()


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


def parse_query(text: str, *, with_picture: bool = False) -> Query:
    """Read what was typed.

    `-word` and `-"some words"` name what is to be avoided. A dash within a word, before a digit
    or by itself is text.

    Args:
        text: as typed; brackets, `%`, `_` and digits have no special meaning.
        with_picture: whether a picture is searched with, so that there need be no text.

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
    wanted, avoided = _part(normalise_text(text))
    if _has_word(wanted):
        return Query(text, wanted, avoided)
    if with_picture and (avoided or not wanted):
        return Query(text, "", avoided)
    raise QueryError(_what_lacks(wanted, avoided), 0, len(text))


def _part(normalised: str) -> tuple[str, tuple[str, ...]]:
    """What is wanted, and each thing to avoid once."""
    avoided = []

    def take_out(found: re.Match[str]) -> str:
        word = found["word"]
        thing = (word or found["phrase"]).strip(" ,.;!?")
        if not _has_word(thing) or (word and not _begins_word(word)):
            return found[0]
        avoided.append(thing)
        return " "

    wanted = " ".join(_AVOIDED.sub(take_out, normalised).split())
    return wanted, tuple(dict.fromkeys(avoided))


def _has_word(text: str) -> bool:
    return any(unicodedata.category(character).startswith(_MEANINGFUL) for character in text)


def _begins_word(text: str) -> bool:
    return unicodedata.category(text[0]).startswith(_WORDS)


def _what_lacks(wanted: str, avoided: tuple[str, ...]) -> str:
    if avoided:
        return "The query only says what to avoid; say what to look for, too."
    return "The query has no word in it." if wanted else "The query is empty."
