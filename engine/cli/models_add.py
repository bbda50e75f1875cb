"""`anhoi models add`: a checkpoint of the user's own, copied, converted and tried out."""

import argparse
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.cli.options import language_codes, positive
from engine.errors import CheckpointError
from engine.images.preprocessing import CLIP_MEAN, CLIP_STD, HALF, Preprocessing
from engine.models.checkpoint import CONFIG_FILE, Checkpoint, CheckpointFile
from engine.models.encoder import load_encoder
from engine.models.installed import (
    InstalledCheckpoint,
    can_be_downloaded,
    check_name,
    installed,
    measured,
    read_record,
)
from engine.models.keeping import keeping
from engine.paths import checkpoints_folder

PROBE_TEXT = "một con chó chạy trên bãi cỏ"
README_FILE = "README.md"

Sources = Mapping[str, Path]  # by the name in the checkpoint's folder: where it lies now


def add_add_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
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
    add.add_argument(
        "--tokenizer",
        type=Path,
        help="SentencePiece file (BEiT3: beit3.spm), or the folder of a Hugging Face tokenizer",
    )
    add.add_argument(
        "--size", type=positive, help="side of its input, in pixels (OpenCLIP: the architecture's)"
    )
    add.add_argument(
        "--preprocessing",
        choices=("clip", "siglip"),
        help="what an OpenCLIP checkpoint was trained with (what open_clip's own weights of the "
        "architecture were; BEiT3 knows one way only)",
    )
    add.add_argument(
        "--languages",
        type=language_codes,
        default=("en",),
        metavar="CODES",
        help="that its text side reads: ISO 639-1 codes, separated by commas (en)",
    )
    add.add_argument("--licence", default="unknown")


def run_add(parsed: argparse.Namespace) -> int:
    try:
        record, sources = (_described_folder if parsed.path.is_dir() else _described_file)(parsed)
    except OSError as error:
        raise CheckpointError(f"{error.filename} cannot be read: {error.strerror}.") from error
    check_name(record.name)
    here = {checkpoint.record.name for checkpoint in installed()}
    if record.name in here or can_be_downloaded(record.name):
        raise CheckpointError(f"There is a checkpoint “{record.name}” already: choose a --name.")
    folder = _made(checkpoints_folder() / record.name)
    try:
        _copy(sources, folder)
        _try_out(_kept(record, folder))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    print(f"{record.name} is here ({record.dimension} dimensions).")
    return 0


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True)
    except FileExistsError as error:  # somebody's own files, a killed attempt, another program's
        raise CheckpointError(
            f"{folder} is there already: choose another --name, or delete it with anhoi models "
            f"remove {folder.name}."
        ) from error
    except OSError as error:
        raise CheckpointError(f"{folder} cannot be made: {error.strerror}.") from error
    return folder


def _described_folder(parsed: argparse.Namespace) -> tuple[Checkpoint, Sources]:
    record = read_record(parsed.path)
    sources = {file.name: parsed.path / file.name for file in record.files}
    readme = parsed.path / README_FILE
    if readme.is_file():
        sources[README_FILE] = readme
    return replace(record, name=parsed.name or record.name), sources


def _described_file(parsed: argparse.Namespace) -> tuple[Checkpoint, Sources]:
    if not (parsed.name and parsed.family and parsed.architecture):
        raise CheckpointError("A file of weights needs --name, --family and --architecture.")
    if parsed.family == "beit3" and not (parsed.tokenizer and parsed.size):
        raise CheckpointError(
            "A BEiT3 checkpoint needs its tokenizer (--tokenizer beit3.spm) and the size in the "
            "name of its file (--size 224, 384 or 480)."
        )
    texts = _text_files(parsed)
    sources = {parsed.path.name: parsed.path, **texts}
    missing = next((path for path in sources.values() if not path.is_file()), None)
    if missing:
        raise CheckpointError(f"There is no file {missing}.")
    return _record(parsed, list(texts)), sources


def _text_files(parsed: argparse.Namespace) -> Sources:
    """What the text side reads with, the tokenizer first."""
    path: Path | None = parsed.tokenizer
    config = _text_config(parsed)
    if path is None:
        if config.get("hf_tokenizer_name"):
            raise CheckpointError(
                f"{parsed.architecture} has no tokenizer of its own: name the folder of its "
                f"tokenizer.json, from {config['hf_tokenizer_name']} on the Hugging Face hub "
                "(--tokenizer FOLDER)."
            )
        return {}
    if path.is_dir() or path.suffix == ".json":
        return _hugging_face_files(path, tower=bool(config.get("hf_model_name")))
    return {path.name: path}


def _text_config(parsed: argparse.Namespace) -> dict[str, Any]:
    if parsed.family == "beit3":
        return {}
    from engine.models.open_clip import read_config

    return dict(read_config(parsed.architecture)["text_cfg"])


def _hugging_face_files(path: Path, *, tower: bool) -> Sources:
    from engine.models.open_clip import TEXT_CONFIG_FILE
    from engine.models.open_clip_text import (
        SPECIAL_TOKENS_FILE,
        TOKENIZER_CONFIG_FILE,
        TOKENIZER_FILE,
    )

    folder = path if path.is_dir() else path.parent
    files = {
        TOKENIZER_FILE: folder / TOKENIZER_FILE if path.is_dir() else path,
        TOKENIZER_CONFIG_FILE: folder / TOKENIZER_CONFIG_FILE,
    }
    if (folder / SPECIAL_TOKENS_FILE).is_file():
        files[SPECIAL_TOKENS_FILE] = folder / SPECIAL_TOKENS_FILE
    ours, hubs = folder / TEXT_CONFIG_FILE, folder / CONFIG_FILE
    described = ours if ours.is_file() else hubs
    if tower or described.is_file():  # it may tell the tokenizer's class
        files[TEXT_CONFIG_FILE] = described
    return files


def _record(parsed: argparse.Namespace, texts: list[str]) -> Checkpoint:
    from engine.models.dimensions import dimension_of

    return Checkpoint(
        name=parsed.name,
        family=parsed.family,
        architecture=parsed.architecture,
        weights=CheckpointFile(parsed.path.name),
        tokenizer=CheckpointFile(texts[0]) if texts else None,
        preprocessing=_preprocessing(parsed),
        dimension=dimension_of(parsed.family, parsed.architecture),
        licence=parsed.licence,
        languages=parsed.languages,
        memory_mb=0,  # known when the weights are converted
        source=str(parsed.path.absolute()),
        other_files=tuple(map(CheckpointFile, texts[1:])),
    )


def _preprocessing(parsed: argparse.Namespace) -> Preprocessing:
    from engine.models.dimensions import image_size_of
    from engine.models.tags import usual_preprocessing

    if parsed.family == "beit3":
        return Preprocessing(parsed.size, "squash", HALF, HALF)
    size = parsed.size or image_size_of(parsed.architecture)
    if parsed.preprocessing == "clip":
        return Preprocessing(size, "crop", CLIP_MEAN, CLIP_STD)
    if parsed.preprocessing == "siglip":
        return Preprocessing(size, "squash", HALF, HALF)
    return replace(usual_preprocessing(parsed.architecture), size=size)


def _copy(sources: Sources, folder: Path) -> None:
    try:
        for name, path in sources.items():
            shutil.copyfile(path, folder / name)
    except OSError as error:
        raise CheckpointError(
            f"{error.filename} could not be copied to {folder}: {error.strerror}."
        ) from error


def _kept(record: Checkpoint, folder: Path) -> InstalledCheckpoint:
    """Convert what has to be, once, and write the record of what is in the folder then."""
    files: Mapping[str, CheckpointFile] = {
        file.name: measured(folder, file) for file in record.files
    }
    convert = keeping(record).convert
    if convert:
        files = convert(files, folder)
    size = files[record.weights.name].size or 0
    complete = replace(record, memory_mb=record.memory_mb or round(size / 2**20))
    keeping(complete).install(files, folder)
    return InstalledCheckpoint(read_record(folder), folder)


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
