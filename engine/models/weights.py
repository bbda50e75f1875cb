"""Weights in files: reading what is wanted of them without running what is in them."""

import pickle
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from engine.errors import CheckpointError
from engine.files import replacing
from engine.models.converting import PICKLE_SUFFIXES

STATE_DICT_NAMES = ("model", "module", "state_dict")


class _LeftOut:
    """Stands in for what training keeps beside the weights: options, the best score."""

    def __init__(self, *_args: object) -> None: ...

    def __setstate__(self, _state: object) -> None: ...


# numpy's own functions are not let in, since a dtype in a strange state crashes the process.
_STAND_INS: list[Any] = [
    (_LeftOut, name)
    for name in (
        "argparse.Namespace",
        "numpy.dtype",
        "numpy.core.multiarray.scalar",
        "numpy._core.multiarray.scalar",
    )
]


def load_weights(path: Path, *, wanted: Callable[[str], bool] | None = None) -> dict[str, Tensor]:
    """Read the tensors of a weights file; nothing that the file holds is ever run.

    A pickle may hold the tensors under "model", "module" or "state_dict", looked for in this
    order, or be the state dict itself. A "module." that begins every name, as left by
    distributed training, is taken off.

    Args:
        path: a .safetensors, .pt, .pth or .bin file.
        wanted: says by its name whether a tensor is read; None reads all.

    Returns:
        Tensors by name, on the CPU, in the types of the file. They are copies: the file may be
        replaced or removed afterwards.

    Raises:
        CheckpointError: the file is missing, damaged, no weights file, or holds Python objects
            other than weights and the options and numbers that training keeps beside them.
    """
    read = _reader(path)
    try:
        return read(path, wanted or _everything)
    except CheckpointError:
        raise
    except FileNotFoundError as error:
        raise CheckpointError(f"The weights file {path} does not exist.") from error
    except pickle.UnpicklingError as error:
        raise CheckpointError(
            f"The weights file {path} is damaged or holds Python objects besides weights; "
            "it was not opened."
        ) from error
    except OSError as error:
        raise CheckpointError(
            f"The weights file {path} cannot be read: {error.strerror or error}."
        ) from error
    except Exception as error:  # a damaged pickle can make the unpickler raise anything
        raise CheckpointError(
            f"The weights file {path} is damaged or incomplete, or memory ran out over it."
        ) from error


def save_weights(
    path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str] | None = None
) -> None:
    """Write a safetensors file that is either whole or not there.

    Args:
        path: the file; one that is already there is replaced.
        tensors: by name; no two may share memory.
        metadata: kept in the file's header.

    Raises:
        CheckpointError: the file cannot be written (no space, no permission).
    """
    whole = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    try:
        with replacing(path) as temporary:
            save_file(whole, temporary, dict(metadata or {}))
            temporary.chmod(0o644)  # safetensors leaves it to its owner alone
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"The weights file {path} cannot be written: {error}.") from error


def fill(network: nn.Module, tensors: Mapping[str, Tensor], source: Path) -> None:
    """Make tensors the parameters of a network, exactly and completely.

    Args:
        network: may be on the meta device; takes the tensors over without a copy.
        tensors: one for each entry of the network's state dict, in the network's types.
        source: the file they come from, for the message.

    Raises:
        CheckpointError: a tensor is missing, too much, or of another shape; the first is named.
    """
    misfit = _first_misfit(network.state_dict(), tensors)
    if misfit:
        raise CheckpointError(f"The weights file {source} does not fit: {misfit}.")
    network.load_state_dict(dict(tensors), strict=True, assign=True)


def _first_misfit(expected: Mapping[str, Tensor], found: Mapping[str, Tensor]) -> str | None:
    for name, tensor in expected.items():
        if name not in found:
            return f"{name} is missing"
        if found[name].shape != tensor.shape:
            return f"{name} has shape {_shape(found[name])} where {_shape(tensor)} is needed"
    surplus = next((name for name in found if name not in expected), None)
    return None if surplus is None else f"{surplus} has no place in this network"


def _shape(tensor: Tensor) -> str:
    return str(tuple(tensor.shape))


def _everything(_name: str) -> bool:
    return True


Reader = Callable[[Path, Callable[[str], bool]], dict[str, Tensor]]


def _reader(path: Path) -> Reader:
    suffix = path.suffix.lower()
    if suffix == ".safetensors":
        return _read_safetensors
    if suffix in PICKLE_SUFFIXES:
        return _read_pickle
    raise CheckpointError(
        f"The file {path} is no weights file: its name ends in neither .safetensors "
        f"nor {', '.join(PICKLE_SUFFIXES)}."
    )


def _read_safetensors(path: Path, wanted: Callable[[str], bool]) -> dict[str, Tensor]:
    with safe_open(path, framework="pt") as file:
        names = _names(list(file.keys()))
        # get_tensor maps the file into memory, which would tie the tensors to it.
        return {name: file.get_tensor(names[name]).clone() for name in names if wanted(name)}


def _read_pickle(path: Path, wanted: Callable[[str], bool]) -> dict[str, Tensor]:
    if _is_torchscript(path):
        raise CheckpointError(
            f"The file {path} is a TorchScript archive, which holds a program beside its weights; "
            "it was not opened. OpenAI's weights come without one by name: anhoi models download "
            "ViT-B-32:openai"
        )
    with torch.serialization.safe_globals(_STAND_INS):
        content = torch.load(
            path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path)
        )
    tensors = _state_dict(content, path)
    names = _names(list(tensors))
    return {name: tensors[names[name]].clone() for name in names if wanted(name)}


def _is_torchscript(path: Path) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return any(name.endswith("/constants.pkl") for name in archive.namelist())


def _state_dict(content: object, path: Path) -> Mapping[str, Tensor]:
    if isinstance(content, Mapping):
        inner = (content.get(name) for name in STATE_DICT_NAMES)
        found = next((each for each in inner if isinstance(each, Mapping)), content)
        if found and all(_is_named_tensor(*item) for item in found.items()):
            return found
    raise CheckpointError(f"The file {path} holds no weights: it is not a table of tensors.")


def _is_named_tensor(name: object, value: object) -> bool:
    return isinstance(name, str) and isinstance(value, Tensor)


def _names(stored: list[str]) -> dict[str, str]:
    """Names as the network knows them, each with the name in the file."""
    if stored and all(name.startswith("module.") for name in stored):
        return {name.removeprefix("module."): name for name in stored}
    return {name: name for name in stored}
