import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication

from gui.engine_sentences import TEMPLATES, translated
from tests.gui.engine_sources import Said, said
from tests.gui.translation import speaking


@pytest.fixture
def vietnamese(qapp: QCoreApplication) -> Iterator[None]:
    with speaking(qapp, "vi"):
        yield


@pytest.mark.parametrize("sentence", list(said()), ids=lambda sentence: sentence.where)
def test_every_sentence_of_the_engine_is_known(sentence: Said, vietnamese: None) -> None:
    """Known as a whole, so that each of its values is one placeholder."""
    text = translated(sentence.sentence)
    has_words = re.search(r"[a-z]", sentence.sentence)
    assert text != sentence.sentence or not has_words
    assert all(f"⟦{number}⟧" in text for number in range(sentence.values))


def test_in_english_a_sentence_stays_as_it_is(qapp: QCoreApplication) -> None:
    for template in TEMPLATES:
        assert translated(template) == template


def test_a_sentence_keeps_its_path_and_its_own_words_are_vietnamese(vietnamese: None) -> None:
    assert translated("There is no folder /ảnh/{tết}.") == "Không có thư mục /ảnh/{tết}."


def test_what_a_sentence_repeats_is_translated_too(vietnamese: None) -> None:
    assert (
        translated("chú thích.csv, line 1,204: the caption is empty.")
        == "chú thích.csv, dòng 1.204: chú thích trống."
    )
    assert translated("/ảnh/a.jpg: The file is empty.") == "/ảnh/a.jpg: Tệp trống."


def test_the_more_particular_sentence_is_taken(vietnamese: None) -> None:
    text = translated("The weights file /a: b.pt cannot be read: Permission denied.")
    assert text == "Không đọc được tệp trọng số /a: b.pt: không có quyền truy cập."


def test_the_words_of_others_come_back_unchanged(vietnamese: None) -> None:
    assert translated("quota exceeded for user") == "quota exceeded for user"
    assert translated("The file cannot be read: disk quota exceeded.").endswith(
        "disk quota exceeded."
    )
