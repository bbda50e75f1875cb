"""SentencePiece with the ids of XLM-R: BEiT3's tokenizer, and the starters' own."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import torch
from sentencepiece import SentencePieceProcessor
from torch import Tensor

from engine.errors import CheckpointError

BEIT3_SPM_SHA256 = "6f5e2fefcf793761a76a6bfb8ad35489f9c203b25557673284b6d032f41043f4"
BEIT3_SPM_PIECES = 64000

BEGIN, PAD, END, UNKNOWN = 0, 1, 2, 3
OFFSET = 1  # of a piece's model id over its SentencePiece id, which has no padding

_PIECE_IDS = {"unk": 0, "bos": 1, "eos": 2}


class SentencePieceTokenizer:
    """Turns texts into token ids.

    Model ids are <s> 0, <pad> 1, </s> 2, <unk> 3, otherwise the SentencePiece id + 1, and <mask>
    behind the last piece. Names of special tokens in a text are ordinary text.

    Args:
        path: the SentencePiece file.
        sha256: the file's hex digest; None leaves it unchecked.
        pieces: how many pieces the file holds; None leaves it unchecked. A file cut short loads
            without an error and with fewer pieces, so give one of the two where they are known.
        length: longest text, in tokens, with <s> and </s>.

    Raises:
        CheckpointError: the file is missing, damaged or another one.
    """

    def __init__(
        self, path: Path, *, sha256: str | None, pieces: int | None, length: int = 64
    ) -> None:
        self.length = length
        self._processor = _load(path, sha256)
        found = self._processor.get_piece_size()
        if pieces is not None and found != pieces:
            raise CheckpointError(
                f"The tokenizer {path} holds {found} pieces where {pieces} are needed; "
                "it may be cut short."
            )
        _check_ids(self._processor, path)

    @property
    def mask_id(self) -> int:
        """Model id of <mask>."""
        return self._processor.get_piece_size() + OFFSET

    @property
    def vocab_size(self) -> int:
        """Number of model ids; an embedding table may have rows to spare."""
        return self.mask_id + 1

    def encode(self, texts: Sequence[str], *, trim: bool = True) -> tuple[Tensor, Tensor]:
        """Encode texts; what exceeds `length` is cut off before </s>.

        Args:
            texts: n strings, none of them blank.
            trim: pad to the longest of these texts only, not to `length`.

        Returns:
            Token ids and padding mask (1 at padding), both of shape (n, T), int64.

        Raises:
            ValueError: a text is blank, or nothing is left of it after normalisation.
        """
        rows = [self._row(text) for text in texts]
        width = max(map(len, rows), default=self.length) if trim else self.length
        ids = torch.full((len(rows), width), PAD, dtype=torch.int64)
        for row, tokens in zip(ids, rows, strict=True):
            row[: len(tokens)] = torch.tensor(tokens)
        return ids, (ids == PAD).long()

    def _row(self, text: str) -> list[int]:
        pieces: list[int] = self._processor.encode(whole(text), out_type=int)
        if not pieces:
            raise ValueError(f"blank text {text!r} cannot be encoded")
        ids = [UNKNOWN if piece == _PIECE_IDS["unk"] else piece + OFFSET for piece in pieces]
        return [BEGIN, *ids[: self.length - 2], END]


def whole(text: str) -> str:
    """A text without half a surrogate pair, which a broken clipboard can bring.

    No tokenizer takes one.
    """
    return text.encode("utf-8", "replace").decode("utf-8")


def _load(path: Path, sha256: str | None) -> SentencePieceProcessor:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CheckpointError(
            f"The tokenizer {path} cannot be read: {error.strerror or error}."
        ) from error
    if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256.lower():
        raise CheckpointError(f"The tokenizer {path} is damaged or not the one expected.")
    if not content:
        raise CheckpointError(f"The tokenizer {path} is empty.")
    try:
        # From memory, because SentencePiece cannot open every path that Windows allows.
        return SentencePieceProcessor(model_proto=content)
    except RuntimeError as error:
        raise CheckpointError(f"The tokenizer {path} is no SentencePiece model.") from error


def _check_ids(processor: SentencePieceProcessor, path: Path) -> None:
    found = {"unk": processor.unk_id(), "bos": processor.bos_id(), "eos": processor.eos_id()}
    if found != _PIECE_IDS:
        raise CheckpointError(
            f"The tokenizer {path} numbers its special pieces {found}, not {_PIECE_IDS}."
        )
