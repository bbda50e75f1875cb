from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import CaptionsError
from engine.models.tokenizer import BEGIN, END, UNKNOWN, SentencePieceTokenizer
from engine.search.query import normalise_text
from engine.training.vocabulary import train_vocabulary

TEXTS = ["một con chó chạy trên bãi cỏ", "hai đứa trẻ chơi bên bờ biển", "a dog on the grass"]


def tokenizer(vocabulary: bytes, folder: Path) -> SentencePieceTokenizer:
    path = folder / "vocabulary.spm"
    path.write_bytes(vocabulary)
    return SentencePieceTokenizer(path, sha256=None, pieces=None, length=32)


def test_a_vocabulary_numbers_its_pieces_as_the_tokenizer_expects(tmp_path: Path) -> None:
    own = tokenizer(train_vocabulary(TEXTS, 60), tmp_path)
    ids, mask = own.encode(TEXTS)
    assert ids[:, 0].tolist() == [BEGIN] * 3
    assert all(END in row for row in ids.tolist())
    assert not (ids == UNKNOWN).any()
    assert int(ids.max()) < own.vocab_size
    assert int(mask.sum()) == int((ids == 1).sum())


def test_what_captions_do_not_hold_is_unknown(tmp_path: Path) -> None:
    ids, _ = tokenizer(train_vocabulary(TEXTS, 60), tmp_path).encode(["犬"])
    assert UNKNOWN in ids[0].tolist()


def test_case_does_not_count(tmp_path: Path) -> None:
    own = tokenizer(train_vocabulary(TEXTS, 60), tmp_path)
    lower, upper = (own.encode([text])[0].tolist() for text in ("bãi cỏ", "BÃI CỎ"))
    assert lower == upper


def test_training_twice_gives_the_same_vocabulary() -> None:
    assert train_vocabulary(TEXTS, 60) == train_vocabulary(iter(TEXTS), 60)


def test_few_captions_give_a_small_vocabulary_instead_of_an_error(tmp_path: Path) -> None:
    assert tokenizer(train_vocabulary(["con chó"], 4000), tmp_path).vocab_size < 30


@pytest.mark.parametrize("texts", [[], [" "]])
def test_nothing_to_learn_from_is_told_in_a_sentence(texts: list[str]) -> None:
    with pytest.raises(CaptionsError, match="No vocabulary can be learnt"):
        train_vocabulary(texts, 60)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(max_size=30).map(normalise_text).filter(str.strip), min_size=1, max_size=4))
def test_any_captions_give_a_vocabulary_that_loads(texts: list[str]) -> None:
    assert train_vocabulary(texts, 100)
