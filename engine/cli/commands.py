"""All sub-commands, their common options, and what becomes of errors."""

import argparse
import errno
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from engine.cli import demo, doctor, evaluate, forget, index, models, search, train, watch
from engine.errors import EngineError
from engine.version import program_version

DONE, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130
COMMANDS = (index, forget, search, watch, evaluate, models, train, doctor, demo)


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = argparse.ArgumentParser(
        prog="anhoi", description="Find the photos on your own disk from a Vietnamese sentence."
    )
    parser.add_argument("--version", action="version", version=f"anhoi {program_version()}")
    parser.add_argument(
        "--library",
        type=Path,
        metavar="PATH",
        help="folder of the library (default: where the system keeps application data)",
    )
    parser.add_argument("--verbose", action="store_true", help="tell more of what is going on")
    commands = parser.add_subparsers(title="commands", dest="command", required=True)
    for command in COMMANDS:
        command.add_parser(commands)
    return parser


def run(arguments: Sequence[str]) -> int:
    """Run one sub-command.

    Args:
        arguments: as typed, without the program's name.

    Returns:
        0 done, 1 failed with a sentence on standard error, 2 wrongly called, 130 interrupted.
    """
    try:
        code = _run(arguments)
        print(end="", flush=True)  # a full disk, or a reader that has gone, shows here at last
    except EngineError as error:
        print(f"anhoi: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("\nanhoi: stopped; what was finished is kept.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output, `head` say, has seen enough
        _drop_output()
        return DONE
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _drop_output()
        print(f"anhoi: the disk is full ({error.filename or 'output'}).", file=sys.stderr)
        return FAILED
    return code


def _run(arguments: Sequence[str]) -> int:
    try:
        parsed = build_parser().parse_args(arguments)
    except SystemExit as stop:  # argparse has said what is wrong, or what it was asked for
        return int(stop.code or 0)
    level = logging.INFO if parsed.verbose else logging.WARNING
    logging.basicConfig(level=level, format="%(message)s", stream=sys.stderr)
    signal.signal(signal.SIGTERM, _interrupt)  # a polite kill saves as Ctrl-C does
    code: int = parsed.run(parsed)
    return code


def _drop_output() -> None:
    """Send what is still unwritten nowhere, so that no second error follows at the exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _interrupt(signal_number: int, frame: object) -> None:
    raise KeyboardInterrupt
