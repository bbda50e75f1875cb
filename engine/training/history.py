"""The diary of a training: what came of it so far, one line an entry."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from engine.errors import CheckpointError
from engine.files import replacing, writing_to


@dataclass(frozen=True, slots=True)
class Entry:
    """What came of the steps since the entry before.

    Attributes:
        phase: name of the part of the recipe.
        step: optimiser steps of this phase done so far, 1 to `steps`.
        steps: how many this phase has in all, at least 1.
        seconds: of work since the whole training began, without the pauses between a kill and
            its resumption.
        learning_rate: of the last of these steps.
        losses: mean of each over the steps since the last entry, by name; NaN or infinite where
            the training diverged.
        recalls: in percent, by name ("vi R@10"); empty where no validation was due.
    """

    phase: str
    step: int
    steps: int
    seconds: float
    learning_rate: float
    losses: Mapping[str, float]
    recalls: Mapping[str, float]


def write_history(path: Path, entries: Sequence[Entry]) -> None:
    """Write all entries as JSON lines; a reader finds the old file or the new one, never half.

    Raises:
        CheckpointError: the file cannot be written; what was there stays.
    """
    lines = [json.dumps(asdict(entry), ensure_ascii=False) + "\n" for entry in entries]
    with writing_to(path, CheckpointError), replacing(path) as temporary:
        temporary.write_text("".join(lines), "utf-8")


def read_history(path: Path) -> tuple[Entry, ...]:
    """Read what `write_history` wrote.

    Raises:
        CheckpointError: the file is missing, cannot be read, or has a line that is no entry.
    """
    try:
        with path.open(encoding="utf-8") as file:
            lines = list(file)  # str.splitlines would also split at signs inside of names
    except (OSError, UnicodeDecodeError) as error:
        raise CheckpointError(f"The history {path} cannot be read: {error}.") from error
    return tuple(_entry(path, number, line) for number, line in enumerate(lines, 1))


def _entry(path: Path, number: int, line: str) -> Entry:
    try:
        fields: dict[str, Any] = json.loads(line)
        entry = Entry(**fields)
        _check(entry)
    except (ValueError, TypeError) as error:
        raise CheckpointError(
            f"Line {number:,} of {path} is no entry of a training's history: {error}."
        ) from error
    return entry


def _check(entry: Entry) -> None:
    """Raise a ValueError where a field, right by name, is not what it should be."""
    if not isinstance(entry.phase, str):
        raise ValueError("the phase is no text")
    if not (_is_whole(entry.step) and _is_whole(entry.steps)):
        raise ValueError("a number of steps is not whole")
    if not 1 <= entry.step <= entry.steps:
        raise ValueError(f"{entry.step} is no step of {entry.steps}")
    if not (_is_number(entry.seconds) and _is_number(entry.learning_rate)):
        raise ValueError("seconds or learning rate is no number")
    for by_name in (entry.losses, entry.recalls):
        if not isinstance(by_name, dict) or not all(map(_is_number, by_name.values())):
            raise ValueError("losses or recalls are no numbers by name")


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
