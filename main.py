"""The door: a sub-command runs without a window."""

import multiprocessing
import sys

from engine.cli.commands import run


def main() -> int:
    """Run the program; returns its exit code."""
    multiprocessing.freeze_support()  # first: the packaged program starts its model process anew
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
