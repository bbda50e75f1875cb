"""What a training needs to go on after it was stopped at any moment."""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from engine.errors import CheckpointError
from engine.files import replacing

STATE_FILE = "state.pt"


def save_state(state: dict[str, Any], folder: Path) -> None:
    """Write tensors and plain values, whole or not at all.

    Raises:
        CheckpointError: the folder cannot be written to.
    """
    with writing_to(folder), replacing(folder / STATE_FILE) as temporary:
        torch.save(state, temporary)


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Make a folder to write to; what the disk refuses becomes a sentence.

    Raises:
        CheckpointError: the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise CheckpointError(f"{folder} cannot be written: {error.strerror or error}.") from error


def load_state(folder: Path, training: str) -> dict[str, Any] | None:
    """Read what `save_state` wrote; None where nothing was begun.

    Args:
        folder: of the training.
        training: names settings and data; the state of another training is refused.

    Raises:
        CheckpointError: the file cannot be read, or belongs to another training.
    """
    path = folder / STATE_FILE
    if not path.exists():
        return None
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise CheckpointError(f"{path} cannot be read; delete it to begin anew.") from error
    if state.get("training") != training:
        raise CheckpointError(
            f"{folder} holds a training with other settings or photos; "
            "delete it to begin anew, or use another folder."
        )
    return dict(state)
