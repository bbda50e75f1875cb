"""In which words each encoder is asked for the queries of an evaluation."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.errors import CaptionsError, CheckpointError, ModelProcessDied
from engine.evaluation.evaluating import Progress
from engine.models.checkpoint import Checkpoint, Family
from engine.search.vietnamese import language_of
from engine.search.wording import foreign, nobody_asked, reason, translated

if TYPE_CHECKING:
    from engine.inference.client import ModelProcess

TEXTS_AT_ONCE = 16  # between two reports; a search that is typed meanwhile waits for them
# So many of English captions may be taken for Vietnamese; asked as they stand they change no
# figure by more than this.
MISTAKEN = 0.01


@dataclass(frozen=True, slots=True)
class Asked:
    """The texts of an evaluation as each encoder is given them.

    Attributes:
        texts: by checkpoint key, all of them; an encoder that is left out is not in it.
        translated: how many of them were translated for encoders that do not know Vietnamese.
        left_out: by family, a sentence why that encoder was not asked.
    """

    texts: Mapping[str, tuple[str, ...]]
    translated: int = 0
    left_out: Mapping[Family, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many texts there are."""
        return len(next(iter(self.texts.values())))


def word_all(
    texts: tuple[str, ...], encoders: Mapping[str, Checkpoint], models: "ModelProcess"
) -> Generator[Progress, None, Asked]:
    """Put texts into words that each encoder knows, as a search does with one.

    Yields:
        How far it is; nothing where no text has to be translated.

    Raises:
        CaptionsError: no encoder knows their language.
    """
    asked = dict.fromkeys(encoders, texts)
    needy = foreign(encoders)
    rows = [row for row, text in enumerate(texts) if needy and language_of(text) == "vi"]
    if not rows:
        return Asked(asked)
    try:
        english = []
        for start in range(0, len(rows), TEXTS_AT_ONCE):
            yield Progress("encoding", start / len(rows) / (1 + len(encoders)))
            some = rows[start : start + TEXTS_AT_ONCE]
            english += translated([texts[row] for row in some], models)
    except (CheckpointError, ModelProcessDied) as error:
        if len(rows) <= MISTAKEN * len(texts):
            return Asked(asked)
        left_out = {encoders[key].family: reason(encoders[key], models, error) for key in needy}
        if len(needy) == len(encoders):
            raise CaptionsError(nobody_asked(left_out.values())) from error
        return Asked({key: texts for key in encoders if key not in needy}, 0, left_out)
    by_row = dict(zip(rows, english, strict=True))
    put = tuple(by_row.get(row, text) for row, text in enumerate(texts))
    return Asked(asked | dict.fromkeys(needy, put), len(rows))
