"""Values of options: which are taken, and what is said of the others."""

import argparse
from collections.abc import Callable

import pytest

from engine.cli.options import (
    language_codes,
    lengths,
    loss_weight,
    natural,
    positive,
    rate,
    seed_number,
    share,
)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (positive, "3", 3),
        (natural, "0", 0),
        (seed_number, f"{2**63 - 1}", 2**63 - 1),
        (rate, "1e-3", 0.001),
        (loss_weight, "0", 0.0),
        (share, "0.25", 0.25),
        (lengths, "64, 256", (64, 256)),
        (language_codes, " vi,EN ,vi", ("vi", "en")),
    ],
)
def test_what_makes_sense_is_taken(kind: Callable[[str], object], text: str, value: object) -> None:
    assert kind(text) == value


@pytest.mark.parametrize(
    ("kind", "texts", "sentence"),
    [
        (positive, ("0", "-1", "x", "1.5"), "is not a whole number of at least 1"),
        (natural, ("-1", "x"), "is not a whole number of at least 0"),
        (seed_number, ("-1", f"{2**63}", "x"), "is not a whole number from 0 to 2^63 - 1"),
        (rate, ("0", "-1", "inf", "nan", "fast"), "is not a number above 0"),
        (loss_weight, ("-0.1", "inf", "nan", "much"), "is not a number of at least 0"),
        (share, ("1", "-0.1", "nan", "half"), "is not a share: from 0 to below 1"),
        (lengths, ("64,", "0", "a"), "is not a list of lengths such as 64,256"),
        (language_codes, ("vn", "vi-VN"), "is not a language's code; vi is Vietnamese"),
        (language_codes, ("vi,", ""), "“” is not a language's code"),
    ],
)
def test_what_makes_none_is_told_with_what_would(
    kind: Callable[[str], object], texts: tuple[str, ...], sentence: str
) -> None:
    for text in texts:
        with pytest.raises(argparse.ArgumentTypeError) as told:
            kind(text)
        assert sentence in str(told.value)
