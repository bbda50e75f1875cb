import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.search.vietnamese import (
    language_of,
    modernise_tone_placement,
    remove_diacritics,
    telex_keys,
    unify_tone_placement,
)
from tests.conftest import SHARED

VIETNAMESE = st.text(
    "aàáảãạăâeèéẻẽẹêioòóỏõọôơuùúủũụưyỳýỷỹỵbcdđghklmnpqrstvx HOÀEÈUỲQ\u0301\u0323-2("
)
TEXTS = st.one_of(VIETNAMESE, st.text()).map(lambda text: unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("new", "old"),
    [
        ("hoà", "hòa"),
        ("khoẻ", "khỏe"),
        ("thuỷ", "thủy"),
        ("loè", "lòe"),
        ("HOÀ", "HÒA"),
        ("Hoà", "Hòa"),
        ("hOÀ", "hÒA"),
        ("oà", "òa"),
        ("uỷ", "ủy"),
        ("Uỷ ban", "Ủy ban"),
        ("nghoẹ", "nghọe"),
        ("hoạ sĩ vẽ đoá hoa", "họa sĩ vẽ đóa hoa"),
        ("(xoã),toé-truỵ", "(xõa),tóe-trụy"),
        ("hoà2023", "hòa2023"),
    ],
)
def test_the_new_placement_becomes_the_old_and_back(new: str, old: str) -> None:
    assert unify_tone_placement(new) == old
    assert modernise_tone_placement(old) == new


@pytest.mark.parametrize(
    "text",
    [
        "quý quỳ quỷ Quý QUỲ",  # qu is a consonant
        "hoàn tuýp loét khuỷu huỳnh toàn",  # closed
        "ngoài xoáy ngoéo khoái",  # ends in a third vowel
        "hoa khoe thuy",  # no tone
        "Chloé Zoëë wwhoà",  # no Vietnamese syllable
        "quà quạ quê của mùa thuở",
        "tết 2023",
        "",
    ],
)
def test_what_both_styles_write_alike_is_left_alone(text: str) -> None:
    assert unify_tone_placement(text) == text
    assert modernise_tone_placement(text) == text


@pytest.mark.parametrize("tone", "\u0300\u0301\u0309\u0303\u0323")
@pytest.mark.parametrize(("first", "second"), ["oa", "oe", "uy"])
def test_every_tone_moves_in_every_ending(first: str, second: str, tone: str) -> None:
    new = unicodedata.normalize("NFC", f"h{first}{second}{tone}")
    old = unicodedata.normalize("NFC", f"h{first}{tone}{second}")
    assert unify_tone_placement(new) == unify_tone_placement(old) == old


@given(TEXTS)
def test_unifying_twice_is_unifying_once(text: str) -> None:
    once = unify_tone_placement(text)
    assert unify_tone_placement(once) == once


@given(TEXTS)
def test_the_new_placement_is_taken_back(text: str) -> None:
    modern = modernise_tone_placement(text)
    assert unify_tone_placement(modern) == unify_tone_placement(text)
    assert modernise_tone_placement(unify_tone_placement(text)) == modern
    assert unicodedata.is_normalized("NFC", modern)


@given(TEXTS)
def test_only_tones_move(text: str) -> None:
    unified = unify_tone_placement(text)
    assert len(unified) == len(text)
    assert remove_diacritics(unified) == remove_diacritics(text)
    assert unicodedata.is_normalized("NFC", unified)


@given(st.lists(st.sampled_from(["hoà", "quý", "thuỷ", "một", "HOÀ", "toán"])))
def test_each_word_is_rewritten_by_itself(words: list[str]) -> None:
    assert unify_tone_placement(" ".join(words)) == " ".join(map(unify_tone_placement, words))


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("Đường phố đông người", "Duong pho dong nguoi"),
        ("ẮẰẲẴẶ ờỡởợ ưừ", "AAAAA oooo uu"),
        ("tết 2023 (%_", "tet 2023 (%_"),
        ("한국 กำ", "한국 กำ"),
    ],
)
def test_diacritics_are_removed_and_nothing_else(marked: str, plain: str) -> None:
    assert remove_diacritics(marked) == plain
    assert remove_diacritics(unicodedata.normalize("NFD", marked)) == plain


@given(st.text())
def test_removing_diacritics_twice_is_removing_them_once(text: str) -> None:
    once = remove_diacritics(text)
    assert remove_diacritics(once) == once


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("một con chó trong tuyết", "vi"),
        ("a dog in the snow", "en"),
        ("A DOG IN THE SNOW", "en"),
        ("two men", "en"),
        ("con meo den", "vi"),
        ("con cho chay tren co", "vi"),
        ("ban do", "vi"),
        ("ha noi", "vi"),
        ("thanh pho ho chi minh", "vi"),
        ("quyen sach, quyet dinh, giuong, nghieng", "vi"),
        ("con cho labrador", "vi"),  # most words decide
        ("nguoi mac ao nike", "vi"),
        ("Paris by night", "en"),
        ("a cat", "en"),  # à and cát, but everyday English words
        ("a man in a hat", "en"),
        ("the thao", "vi"),  # as many on both sides, all of which can be spelt in Vietnamese
        ("an com", "vi"),
        ("hot dog", "en"),  # as many on both sides, one of which cannot
        ("café in Paris", "en"),  # marks that French has, too
        ("El Niño", "en"),
        ("Hội An old town", "vi"),
        ("ôtô", "en"),  # neither a syllable nor marks of Vietnamese alone
        ("càphê sữa", "vi"),
        ("2023", "en"),
        ("犬", "en"),
        ("🐕", "en"),
        ("", "en"),
    ],
)
def test_the_language_of_a_text_is_told(text: str, language: str) -> None:
    assert language_of(text) == language
    assert language_of(unicodedata.normalize("NFD", text)) == language


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "language"),
    [("flickr8k/captions_en_dev.tsv", "en"), ("flickr8k/captions_vi_native_train.tsv", "vi")],
)
def test_captions_are_told_apart_with_and_without_marks(name: str, language: str) -> None:
    path = SHARED / "data" / name
    if not path.exists():
        pytest.skip("needs the captions beside the project")
    captions = [line.split("\t")[1] for line in path.read_text("utf-8").splitlines()]
    assert {language_of(text) for text in captions} == {language}
    assert {language_of(remove_diacritics(text)) for text in captions} == {language}


@given(st.text())
def test_any_text_has_a_language(text: str) -> None:
    assert language_of(text) in ("vi", "en")
    assert language_of(f"{text} người") == "vi"


@pytest.mark.parametrize(
    ("syllable", "keys"),
    [
        ("chó", "chos"),
        ("đường", "dduwowngf"),
        ("Đường", "Dduwowngf"),
        ("NGƯỜI", "NGUWOWIF"),
        ("Ở", "Owr"),
        ("ảnh", "anhr"),
        ("ơi", "owi"),
        ("trẻ", "trer"),
        ("mũ", "mux"),
        ("ngựa", "nguwaj"),
        ("tuyết", "tuyeets"),
        ("mặc", "mawcj"),
        ("một", "mootj"),
        ("cô", "coo"),
        ("hòa", "hoaf"),
        ("hoà", "hoaf"),  # the keys are the same in both placements
        ("quyển", "quyeenr"),
        ("giếng", "gieengs"),
        ("xe", "xe"),
        ("Chloé", "Chloé"),  # no syllable
        ("über", "über"),
        ("犬", "犬"),
        ("", ""),
    ],
)
def test_telex_keys_are_those_that_are_taught(syllable: str, keys: str) -> None:
    assert telex_keys(syllable) == keys
    assert telex_keys(unicodedata.normalize("NFD", syllable)) in (
        keys,
        unicodedata.normalize("NFD", keys),
    )


def test_every_vowel_with_every_tone_has_its_own_ascii_keys() -> None:
    letters = [
        f"b{v}{tone}" for v in "aăâeêioôơuưy" for tone in ["", *"\u0300\u0301\u0309\u0303\u0323"]
    ]
    letters += ["da", "đa"]
    keys = {telex_keys(unicodedata.normalize("NFC", letter)) for letter in letters}
    assert len(keys) == len(letters)
    assert all(key.isascii() for key in keys)
