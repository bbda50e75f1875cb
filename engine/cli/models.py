"""`anhoi models`: list, download, verify, add, choose and remove checkpoints."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from engine.cli.common import counted, library_folder, say
from engine.cli.models_add import add_add_parser
from engine.cli.models_download import add_download_parser, add_remove_parser
from engine.cli.models_forget import add_forget_parser
from engine.cli.models_list import show_list
from engine.errors import CheckpointError
from engine.library.library import Library
from engine.models.installed import (
    InstalledCheckpoint,
    find_installed,
    installed_folders,
    read_record,
    verify,
)
from engine.models.installed_translators import (
    TRANSLATOR_FILE,
    InstalledTranslator,
    read_translator,
    verify_translator,
)
from engine.paths import checkpoints_folder
from engine.workspace import use_pair


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("models", help="list, download, verify, add, choose checkpoints")
    actions = parser.add_subparsers(title="actions", dest="action", required=True)
    actions.add_parser("list", help="all known checkpoints").set_defaults(run=run_list)
    add_download_parser(actions)
    check = actions.add_parser("verify", help="compare files to their recorded hashes")
    check.add_argument("name", nargs="*", help="checkpoints (all that are on this machine)")
    check.set_defaults(run=run_verify)
    use = actions.add_parser("use", help="search a library with another checkpoint from now on")
    use.add_argument("name")
    use.set_defaults(run=run_use)
    add_remove_parser(actions)
    add_forget_parser(actions)
    add_add_parser(actions)


def run_list(parsed: argparse.Namespace) -> int:
    show_list()
    return 0


def run_verify(parsed: argparse.Namespace) -> int:
    code = 0
    for folder in _folders(parsed.name):
        try:
            _verify(folder)
        except CheckpointError as error:
            say(f"anhoi: {error}")
            code = 1
        else:
            print(f"{folder.name}: all files are as recorded.")
    return code


def _folders(names: Sequence[str]) -> list[Path]:
    """Those of the named checkpoints and translators, or of all that are here."""
    translators = _translators()
    if not names:
        return [*installed_folders(), *translators.values()]
    return [translators.get(name) or find_installed(name).folder for name in names]


def _translators() -> dict[str, Path]:
    """The folders of those on this machine, malformed ones too."""
    files = checkpoints_folder().glob(f"*/{TRANSLATOR_FILE}")
    return {path.parent.name: path.parent for path in files}


def _verify(folder: Path) -> None:
    if (folder / TRANSLATOR_FILE).exists():
        verify_translator(InstalledTranslator(read_translator(folder), folder))
    else:
        verify(InstalledCheckpoint(read_record(folder), folder))


def run_use(parsed: argparse.Namespace) -> int:
    if parsed.name in _translators():
        raise CheckpointError(f"{parsed.name} is a translator: it is used wherever one is needed.")
    checkpoint = find_installed(parsed.name)
    with Library.open(library_folder(parsed)) as library:
        use_pair(library, {checkpoint.record.family: checkpoint.record.name})
        left = library.embeddings.count_unembedded([checkpoint.key])
    print(f"{checkpoint.record.name} is used from now on; {counted(left, 'photo')} to be embedded.")
    return 0
