"""Running a translator."""

import re
import textwrap
from collections.abc import Sequence
from typing import Any, Self

from engine.errors import CheckpointError
from engine.models.installed_translators import InstalledTranslator, verify_translator
from engine.models.translator_conversion import PIECES_FILES

BEAMS = 4
# CTranslate2 ends a search at BEAMS * PATIENCE finished answers, however poor, also while a far
# better one goes on: where a network is sure, the other beams soon finish with nonsense. With 2
# times as many it finds, but for ties, what transformers finds, which waits for the better one.
PATIENCE = 2
TEXTS_AT_ONCE = 32
REMEMBERED = 500  # a query is typed letter by letter, and letters are taken back
# Networks of sentences leave out what follows the first one. Abbreviations (TP., St.) end none.
_SENTENCE_END = re.compile(r"(?<=\w{3}[.!?…])\s+")
# Characters given to the network at once, fewer than the 512 pieces that Marian has positions for.
LONGEST = 300
# A network that runs into a loop says the same for ever; so many pieces are said once.
NO_REPEAT = 4


class LoadedTranslator:
    """A translator in memory.

    Args:
        translator: its record.
        network: CTranslate2's Translator.
        source: SentencePiece of Vietnamese.
        target: of English.
    """

    def __init__(
        self,
        translator: InstalledTranslator,
        network: Any,  # noqa: ANN401 - CTranslate2 has no types
        source: Any,  # noqa: ANN401 - neither has SentencePiece
        target: Any,  # noqa: ANN401
    ) -> None:
        self._record = translator.record
        self._network = network
        self._source = source
        self._target = target
        self._remembered: dict[str, str] = {}

    @classmethod
    def load(cls, translator: InstalledTranslator, threads: int = 0) -> Self:
        """Load a translator from its folder, to compute on the CPU.

        Args:
            translator: whose files are compared to their hashes first.
            threads: to compute with; 0 leaves it to CTranslate2.

        Raises:
            CheckpointError: a file is missing, damaged, or does not fit the others.
        """
        import ctranslate2
        from sentencepiece import SentencePieceProcessor

        verify_translator(translator)
        folder = translator.folder
        try:
            network = ctranslate2.Translator(str(folder), device="cpu", intra_threads=threads)
            source, target = (
                # From memory; see `engine.models.tokenizer`.
                SentencePieceProcessor(model_proto=(folder / name).read_bytes())
                for name in PIECES_FILES[translator.record.kind]
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise CheckpointError(
                f"The translator {translator.record.name} cannot be loaded: {error}."
            ) from error
        return cls(translator, network, source, target)

    def translate(self, texts: Sequence[str]) -> list[str]:
        """Translate texts; the same text always comes out the same.

        Texts are translated sentence by sentence, and long ones in parts, so that no end is lost.

        Args:
            texts: Vietnamese, n strings.

        Returns:
            n strings in English; "" where the network says nothing.
        """
        new = [text for text in dict.fromkeys(texts) if text not in self._remembered]
        found = self._remembered | dict(zip(new, self._translate(new), strict=True))
        self._remembered = dict(list(found.items())[-REMEMBERED:])
        return [found[text] for text in texts]

    def _translate(self, texts: Sequence[str]) -> list[str]:
        parts = [(number, part) for number, text in enumerate(texts) for part in _parts(text)]
        answers = self._network.translate_batch(
            [self._pieces(part) for _, part in parts],
            beam_size=BEAMS,
            patience=PATIENCE,
            max_batch_size=TEXTS_AT_ONCE,
            no_repeat_ngram_size=NO_REPEAT,
            disable_unk=True,
        )
        said: list[list[str]] = [[] for _ in texts]
        for (number, _), answer in zip(parts, answers, strict=True):
            said[number].append(self._text(answer.hypotheses[0]))
        return [" ".join(filter(None, sentences)) for sentences in said]

    def _pieces(self, part: str) -> list[str]:
        return [*self._source.encode(self._record.prefix + part, out_type=str), "</s>"]

    def _text(self, pieces: list[str]) -> str:
        text: str = self._target.decode(pieces)
        # Without its last blank, which the network may leave out.
        return text.strip().removeprefix(self._record.answer_prefix.strip()).strip()


def _parts(text: str) -> list[str]:
    """What is translated at once: sentences, or parts of long ones."""
    return [
        part
        for sentence in _SENTENCE_END.split(text)
        for part in textwrap.wrap(sentence, LONGEST, break_on_hyphens=False)
    ]
