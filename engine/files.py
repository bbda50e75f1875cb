"""Writing files so that a reader finds the old one or the new one, never half of one."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import get_ident


@contextmanager
def replacing(path: Path, *, durable: bool = True, several_writers: bool = False) -> Iterator[Path]:
    """Name a temporary file beside `path` that takes its place when the block ends well.

    Args:
        path: what is to be written or replaced; its folder is there.
        durable: bring it to the disk first, so that it outlasts a loss of power; not worth its
            time for what is easily made again.
        several_writers: others may write the same file at this moment; the last one wins. Else
            the temporary name is always the same, so that what a killed program left behind is
            overwritten.

    Raises:
        OSError: the disk is full or cannot be written to; `path` is as it was.
    """
    writer = f".{os.getpid()}-{get_ident()}" if several_writers else ""
    temporary = path.with_name(f".{path.name}{writer}.part")
    try:
        yield temporary
        if durable:
            with temporary.open("r+b") as file:
                os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        with suppress(OSError):  # it has been renamed, was never made, or cannot be removed
            temporary.unlink()


@contextmanager
def writing_to(path: Path, error: Callable[[str], Exception]) -> Iterator[None]:
    """Say in a sentence what the disk refuses while the block makes or writes `path`.

    Args:
        path: the file or folder that the sentence names.
        error: makes what is raised instead of an OSError; an error of `engine.errors`.

    Raises:
        Exception: what `error` makes; the disk is full or cannot be written to.
    """
    try:
        yield
    except OSError as refusal:
        raise error(f"{path} cannot be written: {refusal.strerror or refusal}.") from refusal
