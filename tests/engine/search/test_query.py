import unicodedata
from collections import Counter
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


@pytest.mark.parametrize(
    ("typed", "wanted", "avoided"),
    [
        ("chó -biển", "chó", ("biển",)),
        ("-biển chó", "chó", ("biển",)),
        ('chó -"xe máy" đẹp', "chó đẹp", ("xe máy",)),
        ("chó -“xe máy”", "chó", ("xe máy",)),
        ('chó -"xe má', "chó", ("xe má",)),  # still being typed
        ("chó -mèo, -chim -mèo", "chó", ("mèo", "chim")),
        ("chó\u00a0\u2212tuyết", "chó", ("tuyết",)),
        ("chó \u2011tuyết", "chó", ("tuyết",)),
        (unicodedata.normalize("NFD", "bình minh -hoà"), "bình minh", ("hòa",)),
        ("chó -🐶", "chó", ("🐶",)),
        ("chó -xe-máy", "chó", ("xe-máy",)),
    ],
)
def test_words_after_a_dash_are_avoided(typed: str, wanted: str, avoided: tuple[str, ...]) -> None:
    query = parse_query(typed)
    assert (query.text, query.normalised, query.avoided) == (typed, wanted, avoided)


@pytest.mark.parametrize(
    "text",
    [
        *("chó - mèo", "chó -", "xe-máy", "2023-05-01", "lạnh -5 độ", "Huế –Hội An"),
        *("--chó", "chó -(mèo)", "chó -...", "chó -_", 'chó -"', 'chó -""'),
    ],
)
def test_other_dashes_are_text(text: str) -> None:
    query = parse_query(text)
    assert (query.normalised, query.avoided) == (text, ())


@pytest.mark.parametrize("text", ["-biển", ' -"xe máy" -chó', "-biển ...", "-biển , ( )"])
def test_words_to_avoid_need_something_to_look_for(text: str) -> None:
    with pytest.raises(QueryError, match="only says what to avoid") as caught:
        parse_query(text)
    assert (caught.value.start, caught.value.end) == (0, len(text))


def test_a_picture_is_enough_to_look_for() -> None:
    assert parse_query("-biển", with_picture=True) == Query("-biển", "", ("biển",))
    assert parse_query(" \u200b", with_picture=True) == Query(" \u200b", "")
    assert parse_query("chó -biển", with_picture=True) == parse_query("chó -biển")
    with pytest.raises(QueryError, match="no word"):
        parse_query("...", with_picture=True)


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
        assert found.normalised == normalise_text(found.normalised) != ""
        assert found.avoided or found.normalised == normalise_text(text)
        assert all(thing in normalise_text(text) for thing in found.avoided)
        found.normalised.encode("utf-8")


@given(st.text('ab -"“”\u2212,.5đ', max_size=12))
def test_what_is_avoided_is_taken_out_and_nothing_else(text: str) -> None:
    found = outcome(text)
    if isinstance(found, Query):
        kept = Counter(found.normalised + "".join(found.avoided))
        assert Counter(normalise_text(text)) >= kept


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
