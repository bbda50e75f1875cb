"""What the tests of `anhoi models add` share."""

import argparse
from pathlib import Path

import pytest

from engine.cli import models
from engine.errors import CheckpointError
from engine.paths import checkpoints_folder


def anhoi(*arguments: object) -> int:
    """Type `anhoi models ...`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--library", type=Path)
    models.add_parser(parser.add_subparsers())
    parsed = parser.parse_args([str(argument) for argument in arguments])
    code: int = parsed.run(parsed)
    return code


def refused(*arguments: object) -> str:
    """What is told; no trace of the checkpoint is left."""
    before = set(checkpoints_folder().glob("*"))
    with pytest.raises(CheckpointError) as error:
        anhoi("models", "add", *arguments)
    assert set(checkpoints_folder().glob("*")) == before
    assert "\n" not in str(error.value)
    return str(error.value)
