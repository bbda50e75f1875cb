"""`anhoi train`: train encoders from captioned photos."""

import argparse

from engine.cli.train_new import add_new_parser
from engine.cli.train_teacher import add_teacher_parser
from engine.cli.train_tune import add_tune_parser


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("train", help="train encoders from captioned photos")
    actions = parser.add_subparsers(title="actions", dest="action", required=True)
    add_new_parser(actions)
    add_tune_parser(actions)
    add_teacher_parser(actions)
