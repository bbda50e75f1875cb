"""A SentencePiece vocabulary of one's own, laid out as BEiT3's is."""

import io
from collections.abc import Iterable, Iterator

import sentencepiece

from engine.errors import CaptionsError


def train_vocabulary(texts: Iterable[str], pieces: int) -> bytes:
    """Learn a unigram vocabulary.

    Case is folded, so that few captions teach more; ids 0, 1, 2 are unk, <s>, </s> as the
    tokenizer expects.

    Args:
        texts: what people write, normalised.
        pieces: largest size of the vocabulary; few captions give fewer.

    Returns:
        The model file's bytes.

    Raises:
        CaptionsError: there is nothing to learn from.

    Source: Kudo, "Subword Regularization", ACL 2018.
    """
    model = io.BytesIO()
    try:
        _train(iter(texts), model, pieces)
    except RuntimeError as error:  # how SentencePiece says anything
        raise CaptionsError(f"No vocabulary can be learnt from the captions: {error}.") from error
    return model.getvalue()


def _train(texts: Iterator[str], model: io.BytesIO, pieces: int) -> None:
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=texts,
        model_writer=model,
        vocab_size=pieces,
        hard_vocab_limit=False,
        model_type="unigram",
        normalization_rule_name="nmt_nfkc_cf",
        character_coverage=0.9998,
        unk_id=0,
        bos_id=1,
        eos_id=2,
        pad_id=-1,
        num_threads=1,
        minloglevel=2,
    )
