"""`anhoi models`: list, download, verify, add and choose checkpoints."""

import argparse
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from engine.cli.common import library_folder, say
from engine.cli.index import positive
from engine.errors import CheckpointError
from engine.images.preprocessing import CLIP_MEAN, CLIP_STD, HALF, Preprocessing
from engine.library.library import Library
from engine.models.checkpoint import Checkpoint, CheckpointFile, Family
from engine.models.checkpoints import CHECKPOINTS
from engine.models.download import download, find_downloadable
from engine.models.encoder import load_encoder
from engine.models.installed import (
    InstalledCheckpoint,
    check_name,
    find_installed,
    install,
    installed,
    installed_folders,
    read_record,
    verify,
)
from engine.models.tags import fetch_tag
from engine.paths import checkpoints_folder

PROBE_TEXT = "một con chó chạy trên bãi cỏ"


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("models", help="list, download, verify, add, choose checkpoints")
    actions = parser.add_subparsers(title="actions", dest="action", required=True)
    actions.add_parser("list", help="all known checkpoints").set_defaults(run=run_list)
    fetch = actions.add_parser("download", help="fetch a checkpoint")
    fetch.add_argument("name", help="one of the list, or open_clip's ARCHITECTURE:TAG")
    fetch.set_defaults(run=run_download)
    check = actions.add_parser("verify", help="compare files to their recorded hashes")
    check.add_argument("name", nargs="*", help="checkpoints (all that are on this machine)")
    check.set_defaults(run=run_verify)
    use = actions.add_parser("use", help="search a library with another checkpoint from now on")
    use.add_argument("name")
    use.set_defaults(run=run_use)
    _add_add_parser(actions)


def _add_add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    add = actions.add_parser(
        "add",
        help="add a checkpoint of your own",
        description="Add a folder written by `anhoi train`, which describes itself, or a file of "
        "weights, which has to be described.",
    )
    add.add_argument("path", type=Path, help="a folder, or a .safetensors, .pt, .pth or .bin file")
    add.add_argument("--name", help="what to call it: a-z, 0-9, dots, hyphens")
    of_a_file = add.add_argument_group("for a file of weights")
    _add_description(of_a_file)
    add.set_defaults(run=run_add)


def _add_description(add: "argparse._ArgumentGroup") -> None:
    add.add_argument("--family", choices=("openclip", "beit3"))
    add.add_argument(
        "--architecture", help="open_clip's name (ViT-B-16), or base or large for BEiT3"
    )
    add.add_argument("--tokenizer", type=Path, help="SentencePiece file (BEiT3: beit3.spm)")
    add.add_argument(
        "--size", type=positive, help="side of its input, in pixels (OpenCLIP: the architecture's)"
    )
    add.add_argument(
        "--preprocessing",
        choices=("clip", "siglip"),
        default="clip",
        help="what an OpenCLIP checkpoint was trained with (BEiT3 knows one way only)",
    )
    add.add_argument("--languages", default="en", help="codes, separated by commas (en)")
    add.add_argument("--licence", default="unknown")


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
    name = parsed.name
    if ":" in name:  # open_clip's own names, which it downloads itself
        name = fetch_tag(name).record.name
    else:
        _download_listed(name)
    print(f"{name} is here; search with it: anhoi models use {name}")
    return 0


def _download_listed(name: str) -> None:
    with tqdm(unit="B", unit_scale=True) as bar:
        for report in download(find_downloadable(name)):
            bar.desc, bar.total = report.file, report.total
            bar.update(report.done - bar.n)


def run_verify(parsed: argparse.Namespace) -> int:
    folders = [find_installed(name).folder for name in parsed.name] or installed_folders()
    code = 0
    for folder in folders:
        try:
            verify(InstalledCheckpoint(read_record(folder), folder))
        except CheckpointError as error:
            say(f"anhoi: {error}")
            code = 1
        else:
            print(f"{folder.name}: all files are as recorded.")
    return code


def run_use(parsed: argparse.Namespace) -> int:
    checkpoint = find_installed(parsed.name)
    with Library.open(library_folder(parsed)) as library:
        library.remember(checkpoint.record.family, checkpoint.record.name)
        left = library.embeddings.count_unembedded([checkpoint.key])
    print(f"{checkpoint.record.name} is used from now on; {left:,} photos are to be embedded.")
    return 0


def run_add(parsed: argparse.Namespace) -> int:
    record, files = _described_folder(parsed) if parsed.path.is_dir() else _described_file(parsed)
    check_name(record.name)
    known = {checkpoint.record.name for checkpoint in installed()}
    folder = checkpoints_folder() / record.name
    if record.name in known | {each.name for each in CHECKPOINTS}:
        raise CheckpointError(f"There is a checkpoint “{record.name}” already: choose a --name.")
    shutil.rmtree(folder, ignore_errors=True)  # what a killed attempt may have left
    try:
        _copy(files, folder)
        _try_out(install(record, folder))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    print(f"{record.name} is here ({record.dimension} dimensions).")
    return 0


def _described_folder(parsed: argparse.Namespace) -> tuple[Checkpoint, list[Path]]:
    record = read_record(parsed.path)
    files = [parsed.path / file.name for file in record.files]
    return replace(record, name=parsed.name or record.name), files


def _described_file(parsed: argparse.Namespace) -> tuple[Checkpoint, list[Path]]:
    if not (parsed.name and parsed.family and parsed.architecture):
        raise CheckpointError("A file of weights needs --name, --family and --architecture.")
    if parsed.family == "beit3" and not (parsed.tokenizer and parsed.size):
        raise CheckpointError(
            "A BEiT3 checkpoint needs its tokenizer (--tokenizer beit3.spm) and the size in the "
            "name of its file (--size 224, 384 or 480)."
        )
    files = [path for path in (parsed.path, parsed.tokenizer) if path]
    missing = next((path for path in files if not path.is_file()), None)
    if missing:
        raise CheckpointError(f"There is no file {missing}.")
    return _record(parsed), files


def _copy(files: Sequence[Path], folder: Path) -> None:
    try:
        folder.mkdir(parents=True)
        for path in files:
            shutil.copyfile(path, folder / path.name)
    except OSError as error:
        raise CheckpointError(
            f"{error.filename} could not be copied to {folder}: {error.strerror}."
        ) from error


def _record(parsed: argparse.Namespace) -> Checkpoint:
    from engine.models.dimensions import dimension_of, image_size_of

    family: Family = parsed.family
    dimension = dimension_of(family, parsed.architecture)
    clip = family == "openclip" and parsed.preprocessing == "clip"
    return Checkpoint(
        name=parsed.name,
        family=family,
        architecture=parsed.architecture,
        weights=CheckpointFile(parsed.path.name),
        tokenizer=CheckpointFile(parsed.tokenizer.name) if parsed.tokenizer else None,
        preprocessing=Preprocessing(
            size=parsed.size or image_size_of(parsed.architecture),
            resize="crop" if clip else "squash",
            mean=CLIP_MEAN if clip else HALF,
            std=CLIP_STD if clip else HALF,
        ),
        dimension=dimension,
        licence=parsed.licence,
        languages=tuple(code.strip() for code in parsed.languages.split(",")),
        memory_mb=round(parsed.path.stat().st_size / 2**20),
        source=str(parsed.path.absolute()),
    )


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
