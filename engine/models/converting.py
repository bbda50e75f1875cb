"""Weights that come as a pickle become safetensors, in a process that may die or be killed."""

import asyncio
import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

from engine.errors import CheckpointError
from engine.models.checkpoint import CheckpointFile
from engine.models.installed import measured
from engine.processes import interrupts_held_back

PICKLE_SUFFIXES = (".pt", ".pth", ".bin")
UNFINISHED = ".converting-"  # begins the names of folders that are gone when it has ended well
LOOKS_EVERY_SECONDS = 0.05
Made = TypeVar("Made")


def is_pickle(file: CheckpointFile) -> bool:
    """Whether weights by this name are a pickle."""
    return file.name.lower().endswith(PICKLE_SUFFIXES)


def converted_name(name: str) -> str:
    """The file that a pickle becomes."""
    return f"{Path(name).stem}.safetensors"


def convert_weights(
    weights: CheckpointFile, files: Mapping[str, CheckpointFile], folder: Path
) -> Mapping[str, CheckpointFile]:
    """Write the tensors of a checkpoint's pickle to a safetensors file beside it.

    Nothing the pickle holds is run, and only tensors are taken over, in their own types; those
    that share memory are written once each.

    Args:
        weights: the pickle, as the table has it.
        files: what lies in the folder, by the names in the table.
        folder: holds the pickle, and the safetensors file afterwards.

    Returns:
        `files` with the safetensors file in the pickle's place, which remembers the pickle.

    Raises:
        CheckpointError: the pickle is no file of weights, or the disk is full. A pickle whose hash
            nobody has published is removed, as it may have arrived damaged.
    """
    from engine.models.weights import load_weights, save_weights

    pickle = files[weights.name]
    if pickle.made_from:
        return files
    try:
        tensors = load_weights(folder / pickle.name)
    except CheckpointError:
        if weights.sha256 is None:
            (folder / pickle.name).unlink(missing_ok=True)
        raise
    target = folder / converted_name(pickle.name)
    save_weights(target, tensors, {"format": "pt"})
    made = replace(measured(folder, CheckpointFile(target.name)), made_from=pickle)
    return {**files, weights.name: made}


async def in_process(name: str, function: Callable[..., Made], *arguments: object) -> Made:
    """Run a function in a process of its own, which is killed where this is cancelled.

    Args:
        name: what is converted, for the message.
        function: of a module; its errors of the engine arrive here.
        arguments: for it.

    Raises:
        CheckpointError: the function raised it, or the process died or could not be started.
        RuntimeError: the function raised anything else, whose trace is in it.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(
        target=_work, args=(there, function, *arguments), name="anhoi-converting", daemon=True
    )
    try:
        with interrupts_held_back():
            process.start()
    except OSError as error:
        here.close()
        raise CheckpointError(
            f"{name} could not be converted: {error}. Close other programs and download again."
        ) from error
    finally:
        there.close()  # only the child holds it, so that its end is noticed
    try:
        while not here.poll():
            await asyncio.sleep(LOOKS_EVERY_SECONDS)
        made, fault = here.recv()
    except EOFError as error:
        raise CheckpointError(
            f"{name} could not be converted: there may be too little memory. Close other programs "
            "and download again; what has arrived is kept."
        ) from error
    finally:
        process.kill()
        process.join()
        process.close()
        here.close()
    if fault:
        raise fault
    result: Made = made
    return result


def _work(there: Connection, function: Callable[..., object], *arguments: object) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        there.send((function(*arguments), None))
    except CheckpointError as error:
        there.send((None, error))
    except MemoryError:  # which this process may have too little left of to say anything
        raise
    except Exception:  # noqa: BLE001 - a bug, which is told where it can be seen
        there.send((None, RuntimeError(f"An error in a conversion:\n{traceback.format_exc()}")))


def _end_with_parent() -> None:
    """A killed program's next start would write the same file."""
    parent = multiprocessing.parent_process()
    assert parent
    parent.join()
    os._exit(1)
