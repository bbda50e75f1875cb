"""Making a downloaded translator ready to run: PyTorch's weights become CTranslate2's."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.errors import CheckpointError
from engine.models.checkpoint import CheckpointFile
from engine.models.converting import UNFINISHED
from engine.models.encoder import FloatArray
from engine.models.installed import measured
from engine.models.translator import Translator, TranslatorKind
from engine.models.translator_spec import Config, Spec, marian_spec, t5_spec
from engine.models.translators import NETWORK_FILE, WEIGHTS_FILE

# Vietnamese and English; they run as they were downloaded.
PIECES_FILES: dict[TranslatorKind, tuple[str, str]] = {
    "marian": ("source.spm", "target.spm"),
    "t5": ("spiece.model", "spiece.model"),
}


def convert(
    record: Translator, files: Mapping[str, CheckpointFile], folder: Path
) -> dict[str, CheckpointFile]:
    """Make what has been downloaded ready to run.

    Pickled weights are read without running what is in them; see `load_weights`. They become
    8-bit integers. A conversion that fails or is killed leaves the downloaded files as they were.

    Args:
        record: as it is in the table.
        files: what lies in the folder, by name; with files that are ready, nothing is done.
        folder: where the result is, too.

    Returns:
        The files that it runs from, by name, with their sizes and hashes.

    Raises:
        CheckpointError: a file is damaged, or does not fit the others; the disk is full.
    """
    if NETWORK_FILE not in files:
        return dict(files)
    try:
        spec = _spec(record, folder)
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RuntimeError) as error:
        raise CheckpointError(f"{folder} holds no translator that is known: {error}") from error
    try:
        names = [*_save(spec, folder), *PIECES_FILES[record.kind]]
    except OSError as error:
        raise CheckpointError(f"{folder} cannot be written to: {error.strerror}.") from error
    return {name: measured(folder, CheckpointFile(name)) for name in names}


def _spec(record: Translator, folder: Path) -> Spec:
    from engine.models.weights import load_weights  # torch

    describe = {"marian": _marian, "t5": _t5}[record.kind]
    config = json.loads((folder / NETWORK_FILE).read_text("utf-8"))
    tensors = load_weights(folder / WEIGHTS_FILE)
    spec = describe(config, {name: each.float().numpy() for name, each in tensors.items()}, folder)
    spec.validate()
    return spec


def _marian(config: Config, tensors: Mapping[str, FloatArray], folder: Path) -> Spec:
    ids = json.loads((folder / "vocab.json").read_text("utf-8"))
    pieces = sorted(ids, key=ids.__getitem__)
    if [ids[piece] for piece in pieces] != list(range(len(ids))) or pieces[-1:] != ["<pad>"]:
        raise CheckpointError(f"{folder / 'vocab.json'} is no vocabulary that ends in <pad>.")
    return marian_spec(config, tensors, pieces)


def _t5(config: Config, tensors: Mapping[str, FloatArray], folder: Path) -> Spec:
    from sentencepiece import SentencePieceProcessor

    content = (folder / PIECES_FILES["t5"][0]).read_bytes()  # opens no path; see `tokenizer`
    pieces = SentencePieceProcessor(model_proto=content)
    return t5_spec(config, tensors, [pieces.id_to_piece(id_) for id_ in range(len(pieces))])


def _save(spec: Spec, folder: Path) -> list[str]:
    """Write CTranslate2's files into the folder; returns their names."""
    spec.optimize(quantization="int8")
    with TemporaryDirectory(dir=folder, prefix=UNFINISHED) as temporary:
        spec.save(temporary)
        names = sorted(os.listdir(temporary))
        for name in names:
            os.replace(Path(temporary, name), folder / name)
    return names
