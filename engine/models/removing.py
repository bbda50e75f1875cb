"""Deleting what was downloaded; embeddings that were made with it stay in their libraries."""

import shutil
from pathlib import Path

from engine.errors import CheckpointError
from engine.models.downloading.alone import LOCK_FILE, alone
from engine.models.installed import check_name, find_installed
from engine.paths import bundled_checkpoints_folder, checkpoints_folder


def remove(name: str) -> int:
    """Delete the files of a checkpoint or a translator, or what has arrived of one.

    Args:
        name: as it is called; who searches with it has to be asked before.

    Returns:
        How many bytes are free again.

    Raises:
        CheckpointError: there is none, or it came with the program, or it cannot be deleted.
    """
    check_name(name)
    folder = _folder_of(name)
    try:
        with alone(folder):  # what a download is writing to may vanish while it is measured
            files = [path for path in folder.rglob("*") if path.is_file()]
            files = [path for path in files if path.name != LOCK_FILE]
            size = sum(path.stat().st_size for path in files)
            for record in folder.glob("*.json"):  # first: without it, nobody takes the rest
                record.unlink()
            for path in files:
                path.unlink(missing_ok=True)
        if folder.is_symlink():  # to another disk, say
            folder.unlink()
        else:
            shutil.rmtree(folder)
    except OSError as error:
        raise CheckpointError(
            f"{error.filename} cannot be deleted: {error.strerror}. Close Ảnh Ơi and try again."
        ) from error
    return size


def _folder_of(name: str) -> Path:
    """The user's own folder of this name, else of the checkpoint, which may call it otherwise."""
    folder = checkpoints_folder() / name
    if not folder.is_dir():
        folder = find_installed(name).folder  # says so where it is not here
        if folder.parent == bundled_checkpoints_folder():
            raise CheckpointError(f"{name} came with the program and cannot be removed.")
    return folder
