"""The language of the window, and the order of Vietnamese names."""

import functools
import logging
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QCollator, QCoreApplication, QLocale, Qt, QTranslator

Language = Literal["vi", "en"]
Choice = Literal["system", "vi", "en"]

TRANSLATIONS = Path(__file__).resolve().parent.parent / "resources" / "translations"

logger = logging.getLogger(__name__)


def install(app: QCoreApplication, choice: Choice, folder: Path = TRANSLATIONS) -> Language:
    """Let all text made from now on speak one language, numbers and dates included.

    Widgets that are there already keep theirs. Where the compiled translation is missing, the
    window speaks the English of its sources, and the log says so.

    Args:
        app: what the translation belongs to; one installed before is taken out.
        choice: "system" leaves it to `language_of`.
        folder: where the compiled translations lie.

    Returns:
        The language that was chosen.
    """
    language = language_of(QLocale.system().uiLanguages()) if choice == "system" else choice
    for installed in app.findChildren(QTranslator):
        app.removeTranslator(installed)
        installed.deleteLater()
    translator = QTranslator(app)
    if translator.load(f"anhoi_{language}.qm", str(folder)):
        app.installTranslator(translator)
    else:
        logger.error("%s has no anhoi_%s.qm; packaging/setup.sh makes it.", folder, language)
    QLocale.setDefault(_locale(language))
    return language


def language_of(ui_languages: Sequence[str]) -> Language:
    """The language for someone whose system speaks these, most wanted first.

    Vietnamese comes first: it is spoken wherever the system names it, however far down, and
    where the system names neither; English only where it is named and Vietnamese is not.
    """
    named = {name.split("-")[0] for name in ui_languages}
    return "en" if "en" in named and "vi" not in named else "vi"


def collation_key(text: str) -> tuple[tuple[Any, ...], str]:
    """Where a name stands in a Vietnamese list: a key for `sorted`.

    As in a dictionary, syllable by syllable: letters in the order a ă â b c d đ e ê ..., then tones
    (ngang huyền hỏi ngã sắc nặng), so that "ba cụm" precedes "bà con". Numbers count by their
    value, capital letters only where nothing else differs. To be called in the window's thread.
    """
    syllables = re.split(r"[\s_.-]+", text)
    return tuple(_compared()(syllable) for syllable in syllables), text.swapcase()


@functools.cache
def _compared() -> Any:  # noqa: ANN401 - functools does not name the type of its keys
    collator = QCollator(QLocale("vi_VN"))
    collator.setNumericMode(True)
    collator.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    return functools.cmp_to_key(collator.compare)


def _locale(language: Language) -> QLocale:
    """How the system writes numbers and dates, where it speaks the language; else its usual way."""
    usual = QLocale("vi_VN" if language == "vi" else "en_US")
    system = QLocale.system()
    return system if system.language() == usual.language() else usual
