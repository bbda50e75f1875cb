import unicodedata
from collections import Counter
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.search.query import normalise_text
from engine.search.vietnamese import remove_diacritics, unify_tone_placement
from engine.training.text_augmentation import TextAugmentation, vary

NAMES = [field.name for field in fields(TextAugmentation)]
NEVER = TextAugmentation(*[0.0] * len(NAMES))
ALWAYS = TextAugmentation(*[1.0] * len(NAMES))
CAPTION = "Một con chó đuổi theo quả bóng cạnh tòa nhà, một người khỏe mạnh đứng xem ."
ENGLISH = "A dog runs after a ball, a man in a café looks on ."
TEXTS = st.one_of(
    st.text("aăâeêioôơuưy àáảãạ ộểữ bcdđgh QĐÀ,.… \u0301\u0323", min_size=1), st.text(min_size=1)
)


def only(name: str) -> TextAugmentation:
    return replace(NEVER, **{name: 1.0})


def several(text: str, how: TextAugmentation, times: int = 60) -> set[str]:
    random = np.random.default_rng(1)
    return {vary(text, how, random) for _ in range(times)}


def test_without_a_chance_nothing_changes() -> None:
    assert several(CAPTION, NEVER) == {CAPTION}


def test_all_marks_are_dropped() -> None:
    assert several("Con chó chạy trên cỏ, đội mũ đỏ", only("all_marks")) == {
        "Con cho chay tren co, doi mu do"
    }


def test_the_marks_of_about_half_of_the_words_are_dropped() -> None:
    text = " ".join(["chó"] * 400)
    words = Counter(vary(text, only("some_marks"), np.random.default_rng(1)).split())
    assert words.keys() == {"chó", "cho"}
    assert 150 < words["cho"] < 250


def test_the_tone_is_placed_the_other_way() -> None:
    assert several("tòa nhà Hòa, khỏe", only("tone_placement")) == {"toà nhà Hoà, khoẻ"}
    assert several("toà nhà Hoà, khoẻ", only("tone_placement")) == {"tòa nhà Hòa, khỏe"}


def test_one_or_two_words_are_left_as_telex_keys() -> None:
    found = several("con chó đen, xe", only("telex"))
    assert found == {"con chos đen, xe", "con chó dden, xe", "con chos dden, xe"}


def test_the_words_of_either_region_are_used() -> None:
    found = several("quả bóng ở hồ bơi", only("regional"))
    assert found == {"trái bóng ở hồ bơi", "trái banh ở hồ bơi", "quả bóng ở bể bơi"}
    assert several("quả táo", only("regional")) == {"trái táo"}  # no word of the South to change
    assert several("toà nhà, quả táo", only("regional")) == {"tòa nhà, trái táo"}


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Một con chó, một con mèo .", "Một con chó một con mèo"),
        ("Một con chó , một con mèo...", "Một con chó một con mèo"),
        ("cao 1,5 mét", "cao 1,5 mét"),
        ("a dog, a cat.", "a dog a cat"),
        (".", "."),
        (",", ","),
        ("chó, .", "chó"),
    ],
)
def test_full_stops_and_commas_are_dropped(text: str, bare: str) -> None:
    assert several(text, only("punctuation")) == {bare}


def test_each_case_is_as_likely() -> None:
    random = np.random.default_rng(1)
    found = Counter(vary("Chó ở Huế", only("case"), random) for _ in range(800))
    assert found.keys() == {"chó ở huế", "CHÓ Ở HUẾ", "Chó Ở Huế", "chó ở Huế"}
    assert all(150 < times < 250 for times in found.values())


@pytest.mark.parametrize("name", ["regional", "tone_placement", "all_marks", "some_marks", "telex"])
@pytest.mark.parametrize("text", [ENGLISH, "Chloé in a café", "con cho chay", "to ly"])
def test_text_in_other_languages_or_without_marks_is_left_alone(text: str, name: str) -> None:
    assert several(text, only(name)) == {text}


def test_english_changes_in_case_and_punctuation() -> None:
    english = "A dog runs, a man looks on ."
    found = several(english, ALWAYS)
    assert found == {
        "a dog runs a man looks on",
        "A DOG RUNS A MAN LOOKS ON",
        "A Dog Runs A Man Looks On",
    }


@pytest.mark.parametrize("name", NAMES)
def test_each_change_happens_as_often_as_asked(name: str) -> None:
    text = "Tòa nhà cạnh quả táo ."
    random = np.random.default_rng(1)
    how = replace(NEVER, **{name: 0.3})
    always = np.mean([vary(text, only(name), random) != text for _ in range(500)])
    assert np.mean([vary(text, how, random) != text for _ in range(2000)]) == pytest.approx(
        0.3 * always, abs=0.04
    )


def test_the_generator_alone_decides() -> None:
    def drawn(seed: int) -> list[str]:
        random = np.random.default_rng(seed)
        return [vary(CAPTION, replace(ALWAYS, all_marks=0.5), random) for _ in range(20)]

    assert drawn(1) == drawn(1) != drawn(2)


@given(TEXTS, st.integers(0, 100), st.sampled_from([TextAugmentation(), ALWAYS, *map(only, NAMES)]))
def test_any_caption_stays_one(text: str, seed: int, how: TextAugmentation) -> None:
    caption = normalise_text(text)
    varied = vary(caption, how, np.random.default_rng(seed))
    assert unicodedata.is_normalized("NFC", varied)
    assert bool(varied.strip()) == bool(caption.strip())


@given(st.integers(0, 10_000))
def test_marks_and_placement_never_change_the_letters(seed: int) -> None:
    how = TextAugmentation(
        regional=0,
        tone_placement=0.5,
        all_marks=0.2,
        some_marks=0.5,
        telex=0,
        punctuation=0,
        case=0,
    )
    varied = vary(CAPTION, how, np.random.default_rng(seed))
    assert remove_diacritics(varied) == remove_diacritics(CAPTION)
    if len(varied.encode()) == len(CAPTION.encode()):
        assert unify_tone_placement(varied) == CAPTION


@pytest.mark.parametrize("chance", [-0.1, 1.5, float("nan")])
def test_chances_lie_between_0_and_1(chance: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        TextAugmentation(telex=chance)
