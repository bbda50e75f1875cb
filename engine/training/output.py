"""Where a training writes its checkpoint, which takes no other's place."""

from pathlib import Path
from tempfile import TemporaryFile

from engine.errors import CheckpointError
from engine.files import writing_to
from engine.training.fitting import HISTORY_FILE
from engine.training.state import STATE_FILE, alone

OUTPUT_FILE = "output.txt"  # in the folder of a training: the folder of its checkpoint


def check_output(folder: Path, work: Path) -> None:
    """Refuse what would fail in the end, or write over what is not this training's.

    Args:
        folder: of the checkpoint; it need not be there.
        work: where the state of its training is kept; it need not be there.

    Raises:
        CheckpointError: a folder cannot be written, `work` is of another checkpoint, or `folder`
            holds something that was not begun in `work`.
    """
    if _has_begun(work):
        if not is_of(folder, work):
            raise CheckpointError(
                f"{work} keeps the training of another checkpoint, {_output_of(work)}: name "
                "another --work, or the --output that it has."
            )
    elif folder.is_dir() and any(folder.iterdir()):
        raise CheckpointError(
            f"{folder} is not empty, and not what a training in {work} made: name another "
            "--output, or empty it."
        )
    for each in (folder, work):
        _try_writing(each)


def claim(folder: Path, work: Path) -> None:
    """Note in `work` that its training makes the checkpoint in `folder`.

    Raises:
        CheckpointError: it cannot be written.
        TrainingError: another training is at work there.
    """
    with alone(work), writing_to(work, CheckpointError):
        (work / OUTPUT_FILE).write_text(f"{folder.absolute()}\n", "utf-8")


def is_of(folder: Path, work: Path) -> bool:
    """Whether a training that was begun in `work` makes the checkpoint in `folder`."""
    return _has_begun(work) and _output_of(work) == str(folder.absolute())


def _has_begun(work: Path) -> bool:
    return (work / HISTORY_FILE).exists() or (work / STATE_FILE).exists()


def _output_of(work: Path) -> str:
    try:
        return (work / OUTPUT_FILE).read_text("utf-8").removesuffix("\n")
    except FileNotFoundError:
        return "which is not known any more"
    except (OSError, UnicodeDecodeError) as error:
        raise CheckpointError(f"{work / OUTPUT_FILE} cannot be read: {error}.") from error


def _try_writing(folder: Path) -> None:
    made = not folder.exists()
    with writing_to(folder, CheckpointError):
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder) as file:
            file.write(b"1")
        if made:
            folder.rmdir()
