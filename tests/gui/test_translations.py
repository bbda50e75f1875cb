"""Every text of the window is there in Vietnamese; `packaging/translations.sh update` adds new."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gui.language import TRANSLATIONS
from tests.gui.translation import SCRIPT
from tests.gui.window_sources import translated_texts, untranslated_texts


@dataclass(frozen=True)
class Message:
    context: str
    source: str
    plural: bool


def messages(path: Path) -> dict[Message, list[str]]:
    """What a file of translations says; an unfinished translation is an empty list."""
    found = {}
    for context in ElementTree.parse(path).iter("context"):
        for message in context.iter("message"):
            key = Message(
                context.findtext("name", ""),
                message.findtext("source", ""),
                message.get("numerus") == "yes",
            )
            found[key] = list(_forms(message))
    return found


def _forms(message: ElementTree.Element) -> Iterator[str]:
    translation = message.find("translation")
    if translation is not None and translation.get("type") != "unfinished":
        for form in [*translation.iter("numerusform")] or [translation]:
            yield form.text or ""


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"{\w*}|%L?[n\d]", text))


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of translations as the sources would have them now."""
    folder = tmp_path_factory.mktemp("translations")
    for path in TRANSLATIONS.glob("anhoi_*.ts"):
        shutil.copy(path, folder)
    subprocess.run(["sh", SCRIPT, "update", folder], check=True)
    return folder


@pytest.mark.parametrize("name", ["anhoi_vi.ts", "anhoi_en.ts"])
def test_every_string_is_translated(wanted: Path, name: str) -> None:
    theirs, ours = messages(wanted / name), messages(TRANSLATIONS / name)
    assert theirs.keys() - ours.keys() == set(), "new: packaging/translations.sh update"
    assert ours.keys() - theirs.keys() == set(), "gone: packaging/translations.sh update"
    assert [key for key, forms in ours.items() if not forms or not all(forms)] == []


@pytest.mark.parametrize("name", ["anhoi_vi.ts", "anhoi_en.ts", "qtbase_vi.ts"])
def test_a_translation_keeps_what_is_put_into_it(name: str) -> None:
    wrong = [
        (key.source, form)
        for key, forms in messages(TRANSLATIONS / name).items()
        for form in forms[-1:]  # "one photo" may leave out its number
        if placeholders(form) != placeholders(key.source)
    ]
    assert wrong == []


def test_a_translation_ends_as_its_source_does() -> None:
    wrong = [
        (key.source, form)
        for key, forms in messages(TRANSLATIONS / "anhoi_vi.ts").items()
        for form in forms
        if any(key.source.endswith(end) != form.endswith(end) for end in (".", "…", ":", "?", " "))
    ]
    assert wrong == []


def test_a_key_to_a_menu_or_button_stays_one() -> None:
    wrong = [
        (key.source, form)
        for key, forms in messages(TRANSLATIONS / "anhoi_vi.ts").items()
        for form in forms
        if len(re.findall(r"&\w", key.source)) != len(re.findall(r"&\w", form))
    ]
    assert wrong == []


def test_a_number_decides_how_its_text_is_said() -> None:
    """In `translate` the tool sees no number: such texts go through `self.tr(text, "", n)`."""
    texts = messages(TRANSLATIONS / "anhoi_vi.ts")
    assert [key for key in texts if re.search("%L?n", key.source) and not key.plural] == []


def test_translators_find_every_text() -> None:
    """The tool sees literal texts of `self.tr` only, and what it cannot see it leaves out."""
    known = {(key.context, key.source) for key in messages(TRANSLATIONS / "anhoi_vi.ts")}
    texts = list(translated_texts())
    tables = {text.context for text in texts if text.source is not None}
    lost = [
        text.where
        for text in texts
        if (text.context, text.source) not in known
        and not (text.source is None and text.context in tables)
    ]
    assert lost == []


def test_nothing_is_shown_untranslated() -> None:
    assert list(untranslated_texts()) == []
