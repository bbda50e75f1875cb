"""What the engine says, in the language of the window.

The engine knows no Qt and speaks English sentences with names and numbers in them.
The `*_templates` hold each of them with {placeholders}, where the tools of the translators find it.
"""

import functools
import re
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QLocale

from gui import engine_templates
from gui.download_templates import DOWNLOAD_TEMPLATES
from gui.model_templates import MODEL_TEMPLATES

TEMPLATES: tuple[str, ...] = (
    *engine_templates.TEMPLATES,
    *MODEL_TEMPLATES,
    *DOWNLOAD_TEMPLATES,
)


def translated(sentence: str) -> str:
    """A sentence of the engine in the language of the window.

    What is put into it (a path, a reason) is translated where it is known too. Anything else,
    the words of the operating system say, comes back as it is.
    """
    for form in _forms():
        if match := form.pattern.fullmatch(sentence):
            values = {name: _value(text) for name, text in match.groupdict().items()}
            return QCoreApplication.translate("EngineSentence", form.template).format(**values)
    return sentence


class _Form(NamedTuple):
    template: str
    pattern: re.Pattern[str]


@functools.cache
def _forms() -> list[_Form]:
    """The sentences, those with the most words of their own first."""
    forms = [_Form(template, _pattern(template)) for template in TEMPLATES]
    return sorted(forms, key=lambda form: -len(re.sub(r"{\w+}", "", form.template)))


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"{(\w+)}", template)
    literals, names = parts[::2], parts[1::2]
    groups = [f"(?P<{name}>.*?)" for name in names] + [""]
    return re.compile(
        "".join(
            re.escape(literal) + group for literal, group in zip(literals, groups, strict=True)
        ),
        re.DOTALL,
    )


def _value(text: str) -> str:
    if re.fullmatch(r"\d{1,3}(,\d{3})+", text):
        return QLocale().toString(int(text.replace(",", "")))
    return translated(text)
