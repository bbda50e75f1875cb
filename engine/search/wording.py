"""In which words each encoder is asked: the user's, or English ones."""

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.errors import CheckpointError, ModelProcessDied
from engine.models.checkpoint import Checkpoint, Family
from engine.search.query import Query, normalise_text, parse_query
from engine.search.vietnamese import Language, language_of

if TYPE_CHECKING:  # the window knows wordings before it starts the process
    from engine.inference.client import ModelProcess

logger = logging.getLogger(__name__)

# What would mean something in a query: quotes, and dashes that begin a word. Networks that learnt
# from subtitles begin many an answer with a dash.
_SIGNS = re.compile(r"[\"“”„]|(?<!\S)[-\u2010\u2011\u2212\uff0d]+(?=\S)")


@dataclass(frozen=True, slots=True)
class Wording:
    """How a query was put to the encoders.

    Attributes:
        language: of what was typed.
        english: what encoders that know English only were asked with, as a query of its own that
            the user may edit; None where no encoder needed it or none could be made.
        left_out: by family, a sentence why that encoder was not asked with the text.
    """

    language: Language
    english: str | None = None
    left_out: Mapping[Family, str] = field(default_factory=dict)


class _NoWordsError(CheckpointError):
    """A text came out empty; it stands in the sentence."""


@dataclass(frozen=True, slots=True)
class Worded:
    """A query as each encoder understands it.

    Attributes:
        wording: what the user is told of it.
        asked: by checkpoint key; an encoder that is left out is not in it.
    """

    wording: Wording
    asked: Mapping[str, Query]


def word(
    query: Query, encoders: Mapping[str, Checkpoint], models: "ModelProcess", english: str | None
) -> Worded:
    """Put a query into words that each encoder knows.

    An encoder that knows Vietnamese gets what was typed, and so does every encoder where that is
    not Vietnamese. Any other gets the translation, or is left out where there is none.

    Args:
        query: what was typed; with a text, words to avoid, or both.
        encoders: their records, by key.
        models: translates.
        english: the user's own words in place of a translation; None or blank asks for one.

    Raises:
        QueryError: `english` cannot be searched.
    """
    language = language_of(" ".join([query.normalised, *query.avoided]))
    own = normalise_text(english or "")
    needy = [key for key in foreign(encoders) if own or language == "vi"]
    if not needy:
        return Worded(Wording(language), dict.fromkeys(encoders, query))
    asked = {key: query for key in encoders if key not in needy}
    try:
        put = parse_query(own, with_picture=not query.normalised) if own else _put(query, models)
    except (CheckpointError, ModelProcessDied) as error:
        reasons = {encoders[key].family: reason(encoders[key], models, error) for key in needy}
        return Worded(Wording(language, left_out=reasons), asked)
    return Worded(Wording(language, put.text), asked | dict.fromkeys(needy, put))


def foreign(encoders: Mapping[str, Checkpoint]) -> list[str]:
    """The keys of those that do not know Vietnamese."""
    return [key for key, record in encoders.items() if not record.knows("vi")]


def translated(texts: Sequence[str], models: "ModelProcess") -> list[str]:
    """Translate Vietnamese texts; what stands in them means nothing in a query.

    Args:
        texts: n strings, normalised.
        models: translates.

    Returns:
        n strings, normalised, each with a word in it.

    Raises:
        CheckpointError: there is no translator, it cannot be loaded, or it has no words for one
            of the texts.
        ModelProcessDied: the process died twice over them, or was closed.
    """
    found = [normalise_text(_SIGNS.sub(" ", text)) for text in models.translate(texts)]
    for text, english in zip(texts, found, strict=True):
        if not any(map(str.isalnum, english)):
            raise _NoWordsError(f"The translator has no words for “{text}”.")
    return found


def reason(record: Checkpoint, models: "ModelProcess", error: Exception) -> str:
    """Why an encoder is left out, for the user."""
    if models.translator is None:
        return (
            f"{record.name} does not know Vietnamese, and there is no translator: "
            "it is not asked with this text."
        )
    # What was typed is nobody's business who reads the log.
    told = type(error).__name__ if isinstance(error, _NoWordsError) else error
    logger.warning("%s is left out of a query. %s", record.name, told)
    return (
        f"{record.name} does not know Vietnamese, and the text could not be translated: "
        f"it is not asked. {error}"
    )


def nobody_asked(left_out: Iterable[str]) -> str:
    """What is told where all encoders are left out."""
    return f"No encoder can be asked. {next(iter(left_out))}"


def _put(query: Query, models: "ModelProcess") -> Query:
    """A query in English, its text such that it can be read again."""
    wanted = [query.normalised] if query.normalised else []
    found = translated([*wanted, *query.avoided], models)
    text = " ".join(found[: len(wanted)])
    avoided = tuple(dict.fromkeys(map(_bare, found[len(wanted) :])))
    written = " ".join([*found[: len(wanted)], *(f'-"{thing}"' for thing in avoided)])
    return Query(written, text, avoided)


def _bare(thing: str) -> str:
    """Without the full stop of a sentence, as words to avoid are read."""
    return thing.strip(" ,.;!?")
