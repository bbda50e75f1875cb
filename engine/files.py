"""Writing files so that a reader finds the old one or the new one, never half of one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def replacing(path: Path, *, durable: bool = True) -> Iterator[Path]:
    """Name a temporary file beside `path` that takes its place when the block ends well.

    The name is always the same, so that what a killed program left behind is overwritten; a file
    must have one writer at a time.

    Args:
        path: what is to be written or replaced; its folder is there.
        durable: bring it to the disk first, so that it outlasts a loss of power; not worth its
            time for what is easily made again.

    Raises:
        OSError: the disk is full or cannot be written to; `path` is as it was.
    """
    temporary = path.with_name(f".{path.name}.part")
    try:
        yield temporary
        if durable:
            with temporary.open("r+b") as file:
                os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        with suppress(OSError):  # it has been renamed, was never made, or cannot be removed
            temporary.unlink()
