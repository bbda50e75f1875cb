"""open_clip itself: imported where it can be, asked for architectures, filled with weights."""

import importlib
import json
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from engine.errors import CheckpointError
from engine.models.checkpoint import CONFIG_FILE
from engine.models.weights import load_weights

TEXT_CONFIG_FILE = "text_config.json"  # of a text tower that open_clip takes from transformers

# Kept for the life of the process: torch forgets operators whose library object is collected.
_declared: list[torch.library.Library] = []


def import_open_clip() -> ModuleType:
    """Import open_clip without transformers, also where torchvision's compiled part does not fit.

    PyPI's torchvision is a CUDA build; beside a CPU-only torch its import stops at the missing
    operator `torchvision::nms`. open_clip only needs torchvision's Python part, so there, and
    only there, the operators are declared first.
    """
    try:
        importlib.import_module("torchvision")
    except RuntimeError as error:
        if "torchvision::nms does not exist" not in str(error):
            raise
        for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
            del sys.modules[name]
        library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
        for name in ("nms", "qnms"):
            signature = f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
            library.define(signature)  # type: ignore[no-untyped-call]
        _declared.append(library)
    with _transformers_put_off():
        return importlib.import_module("open_clip")


@contextmanager
def _transformers_put_off() -> Iterator[None]:
    """Make open_clip do without transformers, which few checkpoints need and all would wait for."""
    known = "transformers" in sys.modules or "open_clip" in sys.modules
    if known:
        yield
        return
    sys.modules["transformers"] = None  # type: ignore[assignment]  # its import fails
    try:
        yield
    finally:
        del sys.modules["transformers"]


def import_transformers() -> ModuleType:
    """Import transformers, silent, and make it known to open_clip."""
    open_clip, transformers = import_open_clip(), importlib.import_module("transformers")
    transformers.logging.set_verbosity_error()
    if open_clip.hf_model.transformers is None:  # it was imported without
        open_clip.model.HFTextEncoder = importlib.reload(open_clip.hf_model).HFTextEncoder
    return transformers


def read_config(architecture: str, folder: Path | None = None) -> dict[str, Any]:
    """open_clip's description of an architecture.

    Args:
        architecture: open_clip's name, or "config.json" for the file of that name in `folder`.
        folder: the checkpoint's folder.

    Raises:
        CheckpointError: open_clip does not know the architecture, or the file cannot be read.
    """
    if folder and architecture == CONFIG_FILE:
        try:
            return dict(json.loads((folder / CONFIG_FILE).read_text("utf-8")))
        except OSError as error:
            path = folder / CONFIG_FILE
            raise CheckpointError(f"{path} cannot be read: {error.strerror}.") from error
        except (ValueError, TypeError) as error:
            raise CheckpointError(f"{folder / CONFIG_FILE} cannot be read: {error}") from error
    open_clip = import_open_clip()
    # Looked up first: for a name that begins with "hf-hub:" open_clip would ask the network.
    if architecture not in open_clip.list_models():
        raise CheckpointError(f"open_clip knows no architecture “{architecture}”.")
    return dict(open_clip.get_model_config(architecture))


def image_size(config: dict[str, Any]) -> int:
    """Side of the input, in pixels, of an architecture by its description."""
    return int(config["vision_cfg"]["image_size"])


def build_model(architecture: str, folder: Path) -> Any:  # noqa: ANN401 - open_clip has no types
    """Build an untrained model with separate `visual` and `text` modules; nothing is fetched.

    Args:
        architecture: open_clip's name, or "config.json" for the file of that name in `folder`.
        folder: the checkpoint's folder; a text tower of transformers is described by the file
            text_config.json in it.

    Raises:
        CheckpointError: open_clip does not know the architecture, or a file is missing or
            malformed.
    """
    config, open_clip = read_config(architecture, folder), import_open_clip()
    kind = open_clip.CoCa if "multimodal_cfg" in config else open_clip.CustomTextCLIP
    config.pop("custom_text", None)  # so it is in any case
    try:
        # Not by create_model, which warns of random weights and may fetch timm's.
        config["vision_cfg"] = config["vision_cfg"] | {"timm_model_pretrained": False}
        if config["text_cfg"].get("hf_model_name"):
            config["text_cfg"] = config["text_cfg"] | _described_here(folder)
        return kind(**config)
    except CheckpointError:
        raise
    except Exception as error:  # there is no telling what a strange description leads to
        raise CheckpointError(
            f"The OpenCLIP architecture “{architecture}” cannot be built: {sentence(error)}"
        ) from error


def _described_here(folder: Path) -> dict[str, Any]:
    """What makes open_clip build transformers' tower from a file instead of the hub."""
    path = folder / TEXT_CONFIG_FILE
    read_text_config(path)
    return {"hf_model_name": str(path), "hf_model_pretrained": False}


def read_text_config(path: Path) -> Any:  # noqa: ANN401 - of transformers
    """Read transformers' description of a text tower; code that it may name is never run.

    Raises:
        CheckpointError: the file is missing, or transformers cannot build such a tower itself.
    """
    if not path.is_file():
        raise CheckpointError(
            f"{path} is missing: it describes the text tower (config.json of the model that it "
            "comes from)."
        )
    config = import_transformers().AutoConfig
    try:
        return config.from_pretrained(str(path), trust_remote_code=False, local_files_only=True)
    except Exception as error:  # there is no telling what a strange description leads to
        raise CheckpointError(f"{path} describes no text tower: {sentence(error)}") from error


def load_model(architecture: str, folder: Path, weights: str) -> Any:  # noqa: ANN401
    """Build a model and fill it with the weights of a file, as open_clip itself would.

    The parameters stay in the file's types, and those of a safetensors file in the file itself,
    mapped into memory: what is not used is never read. Copy what is to outlast the file.

    Args:
        architecture: see `build_model`.
        folder: the checkpoint's folder.
        weights: name of the file in it.

    Raises:
        CheckpointError: a file is missing or damaged, or they do not fit each other.
    """
    with _WithoutRandomValues():
        model = build_model(architecture, folder)
    path = folder / weights
    load_weights(path, wanted=lambda _name: False)  # refuses damaged files and strange objects
    # open_clip would copy each tensor; this way the model takes them over.
    model.load_state_dict = partial(model.load_state_dict, assign=True)
    try:
        import_open_clip().factory.load_checkpoint(model, str(path), strict=True, weights_only=True)
    except (AttributeError, LookupError, TypeError) as error:  # open_clip adapts what it knows
        raise CheckpointError(f"{path} holds the weights of another network.") from error
    except Exception as error:
        raise CheckpointError(f"{path} does not fit this encoder: {sentence(error)}") from error
    return model


class _WithoutRandomValues(TorchFunctionMode):
    """Leaves out what takes most of the time and memory of building a model, to be overwritten."""

    def __torch_function__(
        self,
        func: Callable[..., object],
        _types: object,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> object:
        named = kwargs or {}
        if getattr(func, "__name__", "") in _RANDOM:
            return args[0] if args else named["tensor"]
        return func(*args, **named)


# By name: torch has them as functions and as methods, and transformers has its own.
_RANDOM = {"normal_", "uniform_", "trunc_normal_", "kaiming_uniform_", "xavier_uniform_"}


def sentence(error: Exception) -> str:
    """The beginning of what open_clip or torch say, which can be pages of parameter names."""
    return textwrap.shorten(str(error), 200, placeholder=" …") or type(error).__name__
