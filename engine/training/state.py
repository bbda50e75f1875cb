"""What a training needs to go on after it was stopped at any moment."""

import pickle
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from types import FrameType
from typing import Any

import filelock
import torch

from engine.errors import CheckpointError, TrainingError
from engine.files import replacing, writing_to

STATE_FILE = "state.pt"
LOCK_FILE = ".training.lock"


def save_state(state: dict[str, Any], folder: Path) -> None:
    """Write tensors and plain values to a folder that is there, whole or not at all.

    Raises:
        CheckpointError: the folder cannot be written to.
    """
    content = BytesIO()  # what the disk refuses, torch would tell as an error of its own
    torch.save(state, content)
    with writing_to(folder, CheckpointError), replacing(folder / STATE_FILE) as temporary:
        temporary.write_bytes(content.getbuffer())


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
            f"{folder} holds a training with other settings or photos, or another teacher; "
            "delete it to begin anew, or name another --work and --output. To learn for more "
            "epochs, tune the checkpoint that it has made."
        )
    return dict(state)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Make a folder, and keep other trainings out of it.

    Raises:
        CheckpointError: the folder cannot be written to.
        TrainingError: another training is at it.
    """
    lock = filelock.FileLock(folder / LOCK_FILE, thread_local=False)
    with writing_to(folder, CheckpointError):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout as error:
            raise TrainingError(
                f"Another training is at work in {folder}: wait for it, or use another folder."
            ) from error
    try:
        yield
    finally:
        with suppress(OSError):  # Windows, where releasing it removes it
            (folder / LOCK_FILE).unlink()  # while it is ours: afterwards it may be another's
        lock.release()


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let Ctrl-C, or whatever else Python code handles of SIGINT and SIGTERM, wait for the block.

    The block is to be short: nothing else can stop it politely.
    """
    waiting: list[tuple[int, FrameType | None]] = []
    main = threading.current_thread() is threading.main_thread()  # others are never interrupted
    signals = (signal.SIGINT, signal.SIGTERM) if main else ()
    found = {number: signal.getsignal(number) for number in signals}
    handlers = {number: handle for number, handle in found.items() if callable(handle)}
    try:
        for number in handlers:
            signal.signal(number, lambda number, frame: waiting.append((number, frame)))
        yield
    finally:
        for number, handle in handlers.items():
            signal.signal(number, handle)
    for asked, frame in waiting[:1]:
        handlers[signal.Signals(asked)](asked, frame)
