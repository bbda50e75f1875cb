"""Vietnamese spelling: one tone placement, and text without its marks."""

import re
import unicodedata

_ONSETS = "ngh|ng|nh|gh|gi|ch|kh|ph|th|tr|[bcdđghklmnprstvx]"  # no q: the u of `qu` is no vowel
_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f])"
# An open syllable ending in oa, oe or uy with its tone on the last vowel. Naming the onsets keeps
# foreign words such as "Chloé" as they are.
_NEW_STYLE = re.compile(
    rf"(?<!{_LETTER})((?:{_ONSETS})?)(o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])(?!{_LETTER})", re.IGNORECASE
)
_MARKS = re.compile(r"[\u0300-\u036f]+")
_STROKES = str.maketrans("đĐ", "dD")


def unify_tone_placement(text: str) -> str:
    """Write the old and the new tone placement alike, so that both find the same photos.

    The old style ("kiểu cũ": hòa, khỏe, thủy) is kept because it is typed most; the new one
    ("kiểu mới": hoà, khoẻ, thuỷ) is rewritten to it. Only open syllables in oa, oe and uy differ
    between the two: quý, hoàn and ngoài are left alone, and so is everything that is no
    Vietnamese syllable.

    Args:
        text: in NFC.

    Returns:
        The text in the old style, in NFC, of the same length and case.
    """
    return _NEW_STYLE.sub(_move_tone_back, text)


def _move_tone_back(syllable: re.Match[str]) -> str:
    onset, vowels = syllable.groups()
    letter, tone = tuple(unicodedata.normalize("NFD", vowels[1]))
    return f"{onset}{unicodedata.normalize('NFC', vowels[0] + tone)}{letter}"


def remove_diacritics(text: str) -> str:
    """Write a text as it is typed without a Vietnamese keyboard.

    Args:
        text: any text; scripts whose marks are not the Latin ones keep them.

    Returns:
        The text in NFC without tones and vowel marks, đ as d.
    """
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", _MARKS.sub("", decomposed)).translate(_STROKES)
