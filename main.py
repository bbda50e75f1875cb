"""The door: a sub-command runs without a window."""

import multiprocessing
import os
import sys

from engine.cli.commands import run


def main() -> int:
    """Run the program; returns its exit code."""
    multiprocessing.freeze_support()  # first: the packaged program starts its model process anew
    for name in ("stdout", "stderr"):
        _make_writable(name)
    return run(sys.argv[1:])


def _make_writable(name: str) -> None:
    """Let every text be written to a standard stream, whatever its encoding."""
    stream = getattr(sys, name)
    if stream is None:  # a windowed build has none
        setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - to the end
    else:
        stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
