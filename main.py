"""The door: no command opens the window, a sub-command runs without one."""

import multiprocessing
import os
import sys
from collections.abc import Sequence
from pathlib import Path

# Known without loading the engine. A folder of the same name is opened as ./demo.
COMMANDS = frozenset(
    ("index", "forget", "search", "watch", "evaluate", "models", "train", "doctor", "demo")
)
INTERRUPTED = 130  # exit code, as of every program that Ctrl-C has ended


def main() -> int:
    """Run the program; returns its exit code."""
    multiprocessing.freeze_support()  # first: the packaged program starts its model process anew
    for name in ("stdout", "stderr"):
        _make_writable(name)
    wanted = _window_wanted(sys.argv[1:])
    if wanted is None:
        try:
            from engine.cli.commands import run
        except KeyboardInterrupt:  # while much is still being read; later, `run` sees to it
            return INTERRUPTED
        return run(sys.argv[1:])
    from gui.application import run as run_window  # Qt is not loaded for a sub-command

    return run_window(*wanted)


def _window_wanted(arguments: Sequence[str]) -> tuple[list[bytes], Path | None] | None:
    """What the window is to be opened with; None where a sub-command is meant.

    Returns:
        Folders and files to take in, and the library's folder, None for the user's own.
    """
    library, rest = None, list(arguments)
    if rest[:1] == ["--library"] and len(rest) > 1:
        library, rest = Path(rest[1]), rest[2:]
    if rest[:1] and (rest[0] in COMMANDS or not all(map(os.path.exists, rest))):
        return None
    return [os.fsencode(path) for path in rest], library


def _make_writable(name: str) -> None:
    """Let every text be written to a standard stream, whatever its encoding."""
    stream = getattr(sys, name)
    if stream is None:  # a windowed build has none
        setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - to the end
    else:
        stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
