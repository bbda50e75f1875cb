import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import CheckpointError, QueryError
from engine.inference.client import ModelProcess
from engine.models.checkpoint import Checkpoint
from engine.models.checkpoints import DEFAULT_BEIT3, DEFAULT_OPENCLIP
from engine.models.installed import InstalledCheckpoint, find_installed
from engine.models.installed_translators import InstalledTranslator
from engine.search.query import Query, normalise_text, parse_query
from engine.search.wording import Worded, Wording, word
from tests.engine.models.tiny_translators import LEARNT

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
VIETNAMESE = "một con chó chạy trên bãi cỏ"


@pytest.fixture(autouse=True)
def no_leaks() -> None:
    """The process of this module outlives its tests; `models` ends it."""


@pytest.fixture(scope="module")
def models(tiny_pair: Pair, marian: InstalledTranslator) -> Iterator[ModelProcess]:
    with ModelProcess(tiny_pair, translator=marian) as process:
        yield process


class Dictionary:
    """Says what it is told to, where a network says what it has learnt."""

    translator = object()

    def __init__(self, *answers: str) -> None:
        self.answers = answers

    def translate(self, texts: list[str]) -> list[str]:
        return list(self.answers[: len(texts)])


class Silent:
    """Fails a test that has something translated."""

    translator = object()

    def translate(self, texts: list[str]) -> list[str]:
        raise AssertionError(f"{texts} were translated")


def knowing(openclip: tuple[str, ...], beit3: tuple[str, ...], pair: Pair) -> dict[str, Checkpoint]:
    """The records of the tiny pair, as if they knew these languages."""
    spoken = zip(pair, (openclip, beit3), strict=True)
    return {one.key: replace(one.record, languages=languages) for one, languages in spoken}


def worded(text: str, encoders: dict[str, Checkpoint], models: object, english: str = "") -> Worded:
    query = parse_query(text, with_picture=True)
    return word(query, encoders, models, english)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", [VIETNAMESE, "a dog in the snow", "con cho -meo"])
def test_encoders_that_know_vietnamese_get_what_was_typed(text: str, tiny_pair: Pair) -> None:
    encoders = knowing(("vi", "en"), ("vi",), tiny_pair)
    found = worded(text, encoders, Silent())
    assert set(found.asked.values()) == {parse_query(text)}
    assert found.wording == Wording("en" if text.startswith("a") else "vi")


@pytest.mark.parametrize("text", [VIETNAMESE, "a dog in the snow", "con cho -meo"])
def test_the_starters_never_wait_for_a_translation(text: str) -> None:
    try:
        starters = [find_installed(name) for name in (DEFAULT_OPENCLIP, DEFAULT_BEIT3)]
    except CheckpointError:
        pytest.skip("needs the bundled weights")
    found = worded(text, {one.key: one.record for one in starters}, Silent())
    assert (found.wording.english, found.wording.left_out) == (None, {})
    assert len(found.asked) == 2


def test_an_english_text_is_not_translated(tiny_pair: Pair) -> None:
    encoders = knowing(("en",), ("en",), tiny_pair)
    found = worded("two dogs -snow", encoders, Silent())
    assert found.wording == Wording("en")
    assert list(found.asked.values()) == [parse_query("two dogs -snow")] * 2


def test_only_who_knows_no_vietnamese_gets_the_translation(
    tiny_pair: Pair, models: ModelProcess
) -> None:
    encoders = knowing(("vi",), ("en",), tiny_pair)
    found = worded(VIETNAMESE, encoders, models)
    assert found.wording == Wording("vi", LEARNT[VIETNAMESE])
    assert [query.normalised for query in found.asked.values()] == [VIETNAMESE, LEARNT[VIETNAMESE]]


def test_two_words_to_avoid_of_one_meaning_are_avoided_once(tiny_pair: Pair) -> None:
    models = Dictionary("a dog", "cat.", "cat")
    records = knowing(("vi",), ("en",), tiny_pair)
    found = word(parse_query(f"{VIETNAMESE} -mèo -miêu"), records, models, None)  # type: ignore[arg-type]
    assert found.wording.english == 'a dog -"cat"'
    assert found.asked[tiny_pair[1].key].avoided == ("cat",)


def test_what_was_typed_does_not_get_into_the_log(
    tiny_pair: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    records = knowing(("vi",), ("en",), tiny_pair)
    with caplog.at_level(logging.WARNING):
        found = word(parse_query(VIETNAMESE), records, Dictionary("..."), None)  # type: ignore[arg-type]
    assert VIETNAMESE in found.wording.left_out["beit3"]
    assert "is left out of a query" in caplog.text
    assert VIETNAMESE not in caplog.text


def test_words_to_avoid_are_translated_as_well(tiny_pair: Pair, models: ModelProcess) -> None:
    text = f'{VIETNAMESE} -tuyết -"con mèo đen"'
    found = worded(text, knowing(("en",), ("en",), tiny_pair), models)
    assert found.wording.english == 'a dog runs across the grass -"snow" -"a black cat"'
    [query, same] = found.asked.values()
    assert query == same
    assert query.avoided == ("snow", "a black cat")
    alone = worded("-tuyết", knowing(("en",), ("en",), tiny_pair), models)
    assert alone.wording.english == '-"snow"'


def test_the_users_own_words_take_the_place_of_the_translation(tiny_pair: Pair) -> None:
    encoders = knowing(("vi",), ("en",), tiny_pair)
    found = worded(VIETNAMESE, encoders, Silent(), " a puppy  -cat ")
    assert found.wording == Wording("vi", "a puppy -cat")
    assert [query.normalised for query in found.asked.values()] == [VIETNAMESE, "a puppy"]
    with pytest.raises(QueryError, match="only says what to avoid"):
        worded(VIETNAMESE, encoders, Silent(), "-cat")


def test_without_a_translator_an_encoder_is_left_out_with_the_reason(
    tiny_pair: Pair, models: ModelProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "translator", None)
    found = worded(VIETNAMESE, knowing(("vi",), ("en",), tiny_pair), models)
    assert list(found.asked) == [tiny_pair[0].key]
    assert found.wording.english is None
    assert found.wording.left_out == {
        "beit3": "tiny-beit3 does not know Vietnamese, and there is no translator: "
        "it is not asked with this text."
    }


def test_a_translator_that_cannot_be_loaded_is_told_of_and_logged(
    tiny_pair: Pair,
    marian: InstalledTranslator,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = InstalledTranslator(marian.record, tmp_path)
    with ModelProcess(tiny_pair, translator=broken) as models, caplog.at_level(logging.WARNING):
        found = worded(VIETNAMESE, knowing(("vi",), ("en",), tiny_pair), models)
    [sentence] = found.wording.left_out.values()
    assert sentence.startswith("tiny-beit3 does not know Vietnamese, and the text could not be")
    assert "cannot be read" in sentence
    assert "cannot be read" in caplog.text


@pytest.mark.parametrize("answer", ["", " ", "...", '""', "-"])
def test_an_empty_translation_is_no_question(answer: str, tiny_pair: Pair) -> None:
    found = worded("chó", knowing(("vi",), ("en",), tiny_pair), Dictionary(answer))
    assert list(found.wording.left_out) == ["beit3"]
    assert "has no words for “chó”" in found.wording.left_out["beit3"]


@given(st.tuples(st.text(min_size=1), st.text(), st.text()))
def test_what_is_shown_of_a_translation_means_the_same_when_it_is_edited(
    tiny_pair: Pair, answers: tuple[str, str, str]
) -> None:
    encoders = knowing(("en",), ("en",), tiny_pair)
    found = worded("chó -mèo -tuyết", encoders, Dictionary(*answers))
    if found.wording.english is None:
        assert set(found.wording.left_out) == {"openclip", "beit3"}
        return
    asked = next(iter(found.asked.values()))
    assert asked == parse_query(found.wording.english)
    assert isinstance(asked, Query)
    assert normalise_text(asked.normalised) == asked.normalised


def test_nothing_is_hidden_behind_a_mistake_of_ours(tiny_pair: Pair) -> None:
    with pytest.raises(AssertionError, match="were translated"):
        worded("chó", knowing(("vi",), ("en",), tiny_pair), Silent())
    with pytest.raises(CheckpointError, match="no translator"):
        ModelProcess(tiny_pair).translate(["chó"])
