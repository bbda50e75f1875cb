"""`anhoi models`: list, download, verify, add and choose checkpoints."""

import argparse
import shutil
from pathlib import Path

import numpy as np
from tqdm import tqdm

from engine.cli.common import library_folder, say
from engine.errors import CheckpointError
from engine.images.preprocessing import CLIP_MEAN, CLIP_STD, HALF, Preprocessing
from engine.library.library import Library
from engine.models.checkpoints import CHECKPOINTS, Checkpoint, CheckpointFile, Family
from engine.models.download import download, find_downloadable
from engine.models.encoder import load_encoder
from engine.models.installed import (
    InstalledCheckpoint,
    check_name,
    find_installed,
    install,
    installed,
    verify,
)
from engine.paths import checkpoints_folder

PROBE_TEXT = "một con chó chạy trên bãi cỏ"


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("models", help="list, download, verify, add, choose checkpoints")
    actions = parser.add_subparsers(title="actions", dest="action", required=True)
    actions.add_parser("list", help="all known checkpoints").set_defaults(run=run_list)
    fetch = actions.add_parser("download", help="fetch a checkpoint of the table")
    fetch.add_argument("name")
    fetch.set_defaults(run=run_download)
    check = actions.add_parser("verify", help="compare files to their recorded hashes")
    check.add_argument("name", nargs="*", help="checkpoints (all that are on this machine)")
    check.set_defaults(run=run_verify)
    use = actions.add_parser("use", help="search a library with another checkpoint from now on")
    use.add_argument("name")
    use.set_defaults(run=run_use)
    _add_add_parser(actions)


def _add_add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    add = actions.add_parser("add", help="add a checkpoint from a local file")
    add.add_argument("weights", type=Path, help=".safetensors, .pt or .pth")
    add.add_argument("--name", required=True, help="what to call it: a-z, 0-9, dots, hyphens")
    add.add_argument("--family", choices=("openclip", "beit3"), required=True)
    add.add_argument(
        "--architecture",
        required=True,
        help="open_clip's name (ViT-B-16), or base or large for BEiT3",
    )
    add.add_argument("--tokenizer", type=Path, help="SentencePiece file (BEiT3: beit3.spm)")
    add.add_argument("--size", type=int, default=224, help="side of its input, in pixels (224)")
    add.add_argument(
        "--preprocessing",
        choices=("clip", "siglip"),
        default="clip",
        help="what an OpenCLIP checkpoint was trained with (BEiT3 knows one way only)",
    )
    add.add_argument("--languages", default="en", help="codes, separated by commas (en)")
    add.add_argument("--licence", default="unknown")
    add.set_defaults(run=run_add)


def run_list(parsed: argparse.Namespace) -> int:
    here = {checkpoint.record.name: checkpoint.record for checkpoint in installed()}
    records = {checkpoint.name: checkpoint for checkpoint in CHECKPOINTS} | here
    print(f"{'name':40} {'family':9} {'on disk':8} {'dim':>5} {'MiB':>6}  languages  licence")
    for name, record in records.items():
        on_disk = "yes" if name in here else "no"
        print(
            f"{name:40} {record.family:9} {on_disk:8} {record.dimension:5} {record.memory_mb:6}"
            f"  {','.join(record.languages):9}  {record.licence}"
        )
    return 0


def run_download(parsed: argparse.Namespace) -> int:
    checkpoint = find_downloadable(parsed.name)
    with tqdm(unit="B", unit_scale=True) as bar:
        for report in download(checkpoint):
            bar.desc, bar.total = report.file, report.total
            bar.update(report.done - bar.n)
    print(f"{checkpoint.name} is here; search with it: anhoi models use {checkpoint.name}")
    return 0


def run_verify(parsed: argparse.Namespace) -> int:
    wanted = [find_installed(name) for name in parsed.name] or installed()
    code = 0
    for checkpoint in wanted:
        try:
            verify(checkpoint)
        except CheckpointError as error:
            say(f"anhoi: {error}")
            code = 1
        else:
            print(f"{checkpoint.record.name}: all files are as recorded.")
    return code


def run_use(parsed: argparse.Namespace) -> int:
    checkpoint = find_installed(parsed.name)
    with Library.open(library_folder(parsed)) as library:
        library.remember(checkpoint.record.family, checkpoint.record.name)
        left = library.photos.count() - library.embeddings.count(checkpoint.key)
    print(f"{checkpoint.record.name} is used from now on; {left:,} photos are to be embedded.")
    return 0


def run_add(parsed: argparse.Namespace) -> int:
    check_name(parsed.name)
    folder = checkpoints_folder() / parsed.name
    if folder.exists():
        raise CheckpointError(f"There is a checkpoint “{parsed.name}” already: {folder}")
    if parsed.family == "beit3" and not parsed.tokenizer:
        raise CheckpointError("A BEiT3 checkpoint needs its tokenizer: --tokenizer beit3.spm")
    try:
        checkpoint = _install_copy(parsed, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    print(f"{parsed.name} is here ({checkpoint.record.dimension} dimensions).")
    return 0


def _install_copy(parsed: argparse.Namespace, folder: Path) -> InstalledCheckpoint:
    files = [path for path in (parsed.weights, parsed.tokenizer) if path]
    folder.mkdir(parents=True)
    for path in files:
        try:
            shutil.copyfile(path, folder / path.name)
        except OSError as error:
            raise CheckpointError(f"{path} could not be copied: {error.strerror}.") from error
    record = _record(parsed, dimension=_dimension(parsed))
    checkpoint = install(record, folder)
    _try_out(checkpoint)
    return checkpoint


def _record(parsed: argparse.Namespace, dimension: int) -> Checkpoint:
    family: Family = parsed.family
    clip = family == "openclip" and parsed.preprocessing == "clip"
    return Checkpoint(
        name=parsed.name,
        family=family,
        architecture=parsed.architecture,
        weights=CheckpointFile(parsed.weights.name),
        tokenizer=CheckpointFile(parsed.tokenizer.name) if parsed.tokenizer else None,
        preprocessing=Preprocessing(
            size=parsed.size,
            resize="crop" if clip else "squash",
            mean=CLIP_MEAN if clip else HALF,
            std=CLIP_STD if clip else HALF,
        ),
        dimension=dimension,
        licence=parsed.licence,
        languages=tuple(parsed.languages.split(",")),
        memory_mb=round(parsed.weights.stat().st_size / 2**20),
        source=str(parsed.weights.absolute()),
    )


def _dimension(parsed: argparse.Namespace) -> int:
    from engine.models.dimensions import dimension_of

    return dimension_of(parsed.family, parsed.architecture)


def _try_out(checkpoint: InstalledCheckpoint) -> None:
    """Load both sides and embed something, so that a misfit shows now and not at a search."""
    encoder = load_encoder(checkpoint)
    size = checkpoint.record.preprocessing.size
    images = encoder.encode_images(np.zeros((1, size, size, 3), np.uint8))
    texts = encoder.encode_texts([PROBE_TEXT])
    if images.shape != texts.shape:
        raise CheckpointError(
            f"{checkpoint.record.name} makes {images.shape[1]} numbers of a photo and "
            f"{texts.shape[1]} of a text; they cannot be compared."
        )
