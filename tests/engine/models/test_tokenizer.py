import io
import json
import os
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import torch
from sentencepiece import SentencePieceTrainer

from engine.errors import CheckpointError
from engine.models.tokenizer import BEIT3_SPM_PIECES, BEIT3_SPM_SHA256, SentencePieceTokenizer

ROOT = Path(__file__).parents[3]
ORACLE = Path(os.environ.get("ANHOI_ORACLE", ROOT.parent / "shared" / "oracle" / "beit3"))
RELEASED = ORACLE / "beit3.spm"
RECORDED = ORACLE / "tokenizer" / "tokenizer_oracle.json"
SPECIAL_NAMES = re.compile("<(s|/s|pad|unk|mask)>")
SENTENCES = ["a dog runs on the beach", "con mèo ngủ trên ghế", "two cats and a dog"] * 3


def train(path: Path, *, first_id: int = 0) -> Path:
    """Write a small vocabulary whose special pieces are numbered from `first_id` on."""
    model = io.BytesIO()
    SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES),
        model_writer=model,
        vocab_size=60,
        hard_vocab_limit=False,
        minloglevel=2,
        pad_id=first_id - 1,
        unk_id=first_id,
        bos_id=first_id + 1,
        eos_id=first_id + 2,
    )
    path.write_bytes(model.getvalue())
    return path


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(tmp_path_factory.mktemp("vocabulary") / "từ vựng.spm")


@pytest.fixture
def tokenizer(vocabulary: Path) -> SentencePieceTokenizer:
    return SentencePieceTokenizer(vocabulary, sha256=None, pieces=None, length=16)


def test_a_text_stands_between_begin_and_end(tokenizer: SentencePieceTokenizer) -> None:
    ids, padding_mask = tokenizer.encode(["a dog"])
    assert ids[0, [0, -1]].tolist() == [0, 2]
    assert ((ids[0, 1:-1] > 3) & (ids[0, 1:-1] < tokenizer.mask_id)).all()
    assert ids.dtype == padding_mask.dtype == torch.int64
    assert not padding_mask.any()


def test_texts_are_padded_to_the_longest_of_them(tokenizer: SentencePieceTokenizer) -> None:
    ids, padding_mask = tokenizer.encode(["a", "a dog"])
    alone, _ = tokenizer.encode(["a"])
    length = alone.shape[1]
    assert ids.shape[1] > length
    assert torch.equal(ids[0, :length], alone[0])
    assert (ids[0, length:] == 1).all()
    assert torch.equal(padding_mask, (ids == 1).long())


def test_untrimmed_texts_have_the_full_length(tokenizer: SentencePieceTokenizer) -> None:
    ids, padding_mask = tokenizer.encode(["a"], trim=False)
    assert ids.shape == padding_mask.shape == (1, 16)


def test_a_long_text_is_cut_before_its_end(tokenizer: SentencePieceTokenizer) -> None:
    ids, _ = tokenizer.encode(["a dog runs on the beach " * 9])
    assert ids.shape == (1, 16)
    assert ids[0, -1] == 2


def test_an_unknown_letter_is_the_unknown_token(tokenizer: SentencePieceTokenizer) -> None:
    ids, _ = tokenizer.encode(["a 犬"])
    assert 3 in ids[0]


def test_the_name_of_a_special_token_is_ordinary_text(tokenizer: SentencePieceTokenizer) -> None:
    ids, _ = tokenizer.encode(["</s> <mask> <pad>"])
    assert (ids[0, 1:-1] > 2).all()
    assert tokenizer.mask_id not in ids


def test_half_a_surrogate_pair_is_read_as_an_unknown_letter(
    tokenizer: SentencePieceTokenizer,
) -> None:
    ids, _ = tokenizer.encode(["a \ud83d dog"])
    assert 3 in ids[0]


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b"])
def test_a_blank_text_is_refused(tokenizer: SentencePieceTokenizer, text: str) -> None:
    with pytest.raises(ValueError, match="blank"):
        tokenizer.encode(["a dog", text])


def test_no_texts_are_no_rows(tokenizer: SentencePieceTokenizer) -> None:
    ids, padding_mask = tokenizer.encode([])
    assert len(ids) == len(padding_mask) == 0


def test_the_mask_follows_the_last_piece(
    tokenizer: SentencePieceTokenizer, vocabulary: Path
) -> None:
    pieces = tokenizer.mask_id - 1
    SentencePieceTokenizer(vocabulary, sha256=None, pieces=pieces)
    assert tokenizer.vocab_size == pieces + 2


def test_a_file_with_the_right_hash_is_accepted(vocabulary: Path) -> None:
    digest = sha256(vocabulary.read_bytes()).hexdigest()
    SentencePieceTokenizer(vocabulary, sha256=digest.upper(), pieces=None)


def test_a_file_with_another_hash_is_refused(vocabulary: Path) -> None:
    with pytest.raises(CheckpointError, match="damaged or not the one expected"):
        SentencePieceTokenizer(vocabulary, sha256="0" * 64, pieces=None)


def test_a_file_with_another_number_of_pieces_is_refused(vocabulary: Path) -> None:
    with pytest.raises(CheckpointError, match="where 64000 are needed"):
        SentencePieceTokenizer(vocabulary, sha256=None, pieces=64000)


@pytest.mark.parametrize("content", [b"", b"no model" * 99])
def test_a_file_that_is_no_vocabulary_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.spm"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=r"broken\.spm"):
        SentencePieceTokenizer(path, sha256=None, pieces=None)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"absent\.spm"):
        SentencePieceTokenizer(tmp_path / "absent.spm", sha256=None, pieces=None)


def test_special_pieces_with_other_ids_are_refused(tmp_path: Path) -> None:
    path = train(tmp_path / "other.spm", first_id=1)
    with pytest.raises(CheckpointError, match="special pieces"):
        SentencePieceTokenizer(path, sha256=None, pieces=None)


@pytest.fixture(scope="module")
def released_tokenizer() -> SentencePieceTokenizer:
    if not RELEASED.exists():
        pytest.skip(f"no released vocabulary at {RELEASED}")
    return SentencePieceTokenizer(RELEASED, sha256=BEIT3_SPM_SHA256, pieces=BEIT3_SPM_PIECES)


def tokenizer_samples() -> list[dict[str, Any]]:
    if not RECORDED.exists():
        return [{"text": "absent"}]
    samples = json.loads(RECORDED.read_text("utf-8"))["samples"]
    # Names of special tokens are ordinary text to us, since people type them by accident only.
    return [sample for sample in samples if not SPECIAL_NAMES.search(sample["text"])]


@pytest.mark.shared
def test_the_released_vocabulary_is_numbered_as_in_the_release(
    released_tokenizer: SentencePieceTokenizer,
) -> None:
    assert (released_tokenizer.mask_id, released_tokenizer.vocab_size) == (64001, 64002)


@pytest.mark.shared
@pytest.mark.skipif(not RECORDED.exists(), reason=f"no recorded texts at {RECORDED}")
@pytest.mark.parametrize(
    "sample", tokenizer_samples(), ids=lambda sample: ascii(sample["text"][:20])
)
def test_texts_are_encoded_as_in_the_release(
    sample: dict[str, Any], released_tokenizer: SentencePieceTokenizer
) -> None:
    if sample["input_ids"] is None:
        with pytest.raises(ValueError, match="blank"):
            released_tokenizer.encode([sample["text"]])
        return
    ids, padding_mask = released_tokenizer.encode([sample["text"]], trim=False)
    assert ids[0].tolist() == sample["input_ids"]
    assert padding_mask[0].tolist() == sample["padding_mask"]


@pytest.mark.shared
@pytest.mark.skipif(not RELEASED.exists(), reason=f"no released vocabulary at {RELEASED}")
def test_the_vocabulary_that_is_handed_on_cut_short_is_refused(tmp_path: Path) -> None:
    cut = tmp_path / "beit3.spm"
    cut.write_bytes(RELEASED.read_bytes()[:786_432])
    with pytest.raises(CheckpointError, match="45233 pieces"):
        SentencePieceTokenizer(cut, sha256=None, pieces=BEIT3_SPM_PIECES)
    with pytest.raises(CheckpointError, match="damaged"):
        SentencePieceTokenizer(cut, sha256=BEIT3_SPM_SHA256, pieces=None)
