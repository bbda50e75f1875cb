import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import QueryError
from engine.search.query import MAX_LENGTH, Query, normalise_text, parse_query
from engine.search.vietnamese import remove_diacritics

ANYTHING = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    "text", ["tết 2023", "tết (", "100%", "a_b", "% tết _", "ảnh số 12/3", "chó & mèo", "Tết [.*]"]
)
def test_digits_and_signs_survive_unchanged(text: str) -> None:
    assert parse_query(text).normalised == text


@pytest.mark.parametrize(
    ("typed", "normalised"),
    [
        ("  hai\t con \n\u00a0mèo ", "hai con mèo"),
        ("\ufeffhai\u200bcon\u2060 mèo\x00", "hai con mèo"),
        (unicodedata.normalize("NFD", "tết ở Huế"), "tết ở Huế"),
        (unicodedata.normalize("NFD", "hoà bình"), "hòa bình"),
        ("biển\u3000xanh\u2028mây\x85trắng", "biển xanh mây trắng"),
        ("🐶", "🐶"),
        ("7", "7"),
    ],
)
def test_a_query_is_brought_into_one_form(typed: str, normalised: str) -> None:
    query = parse_query(typed)
    assert query.text == typed
    assert query.normalised == normalised


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u200b\ufeff", "...", "( ) %", "_", "\u0301"])
def test_nothing_to_search_for_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert (caught.value.start, caught.value.end) == (0, len(text))


def test_half_a_character_is_refused_where_it_stands() -> None:
    with pytest.raises(QueryError, match="broken character") as caught:
        parse_query("mèo \ud83d ngủ")
    assert (caught.value.start, caught.value.end) == (4, 5)


def test_a_text_too_long_is_refused_from_its_limit_on() -> None:
    assert parse_query("m" * MAX_LENGTH)
    with pytest.raises(QueryError, match="2,001 characters") as caught:
        parse_query("m" * (MAX_LENGTH + 1))
    assert (caught.value.start, caught.value.end) == (MAX_LENGTH, MAX_LENGTH + 1)


def outcome(text: str) -> Query | QueryError:
    try:
        return parse_query(text)
    except QueryError as error:
        return error


@given(ANYTHING)
def test_any_text_is_a_query_or_an_error_that_points_into_it(text: str) -> None:
    found = outcome(text)
    if isinstance(found, QueryError):
        assert 0 <= found.start <= found.end <= len(text)
        assert str(found).endswith(".")
    else:
        assert found.text == text
        assert found.normalised == normalise_text(text) != ""
        found.normalised.encode("utf-8")


@given(st.text())
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise_text(text)
    assert normalise_text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "  " not in once
    assert once == once.strip()


@given(st.text())
def test_composed_and_decomposed_texts_are_one_query(text: str) -> None:
    assert normalise_text(unicodedata.normalize("NFD", text)) == normalise_text(text)


@given(st.lists(st.text("abcđ12%_(", min_size=1), min_size=1), st.sampled_from(" \t\n\u00a0\u200b"))
def test_words_without_tones_stay_and_only_blanks_change(words: list[str], blank: str) -> None:
    assert normalise_text(blank.join(words)) == " ".join(words)


@pytest.mark.shared
def test_every_reference_caption_is_a_query_whose_letters_stay() -> None:
    path = Path(__file__).parents[3].parent / "shared" / "data" / "uit-viic" / "captions_vi.tsv"
    if not path.exists():
        pytest.skip(f"{path} is not on this machine")
    for line in path.read_text("utf-8").splitlines():
        caption = line.partition("\t")[2]
        normalised = parse_query(caption).normalised
        assert remove_diacritics(normalised).split() == remove_diacritics(caption).split()
