"""What is typed as the value of an option, and what is said where it makes no sense."""

import argparse
import math
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LARGEST_SEED = 2**63 - 1  # what torch and numpy both take


def read(text: str, kind: Callable[[str], T], fits: Callable[[T], bool], wanted: str) -> T:
    """The value of an option.

    Args:
        text: as typed.
        kind: reads it; a ValueError where it cannot.
        fits: whether a value makes sense.
        wanted: what would, to follow “is not”.

    Raises:
        ArgumentTypeError: it cannot be read, or makes no sense.
    """
    try:
        value = kind(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}” is not {wanted}") from error
    if not fits(value):
        raise argparse.ArgumentTypeError(f"“{text}” is not {wanted}")
    return value


def positive(text: str) -> int:
    """A number of things, at least one."""
    return read(text, int, lambda number: number >= 1, "a whole number of at least 1")


def natural(text: str) -> int:
    """A number of things, or none."""
    return read(text, int, lambda number: number >= 0, "a whole number of at least 0")


def seed_number(text: str) -> int:
    """What everything random is a function of."""
    wanted = "a whole number from 0 to 2^63 - 1"
    return read(text, int, lambda number: 0 <= number <= LARGEST_SEED, wanted)


def rate(text: str) -> float:
    """A finite number above 0."""
    return read(text, float, lambda number: 0 < number < math.inf, "a number above 0")


def loss_weight(text: str) -> float:
    """How much a loss counts; 0 leaves it out."""
    return read(text, float, lambda number: 0 <= number < math.inf, "a number of at least 0")


def share(text: str) -> float:
    """A part of a whole that leaves some of it."""
    return read(text, float, lambda number: 0 <= number < 1, "a share: from 0 to below 1")


def lengths(text: str) -> tuple[int, ...]:
    """Such as 64,256."""
    wanted = "a list of lengths such as 64,256"
    return read(text, _whole_numbers, lambda numbers: min(numbers) >= 1, wanted)


def _whole_numbers(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in text.split(","))


def language_codes(text: str) -> tuple[str, ...]:
    """Such as "vi, en"; each counts once."""
    codes = tuple(dict.fromkeys(code.strip().lower() for code in text.split(",")))
    wrong = next((code for code in codes if code not in LANGUAGES), None)
    if wrong is not None:
        raise argparse.ArgumentTypeError(
            f"“{wrong}” is not a language's code; vi is Vietnamese, en English (ISO 639-1)"
        )
    return codes


# ISO 639-1; countries have others, such as vn.
_CODES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da "
    "de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy "
    "hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg "
    "li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or "
    "os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta "
    "te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
LANGUAGES = frozenset(_CODES.split())
