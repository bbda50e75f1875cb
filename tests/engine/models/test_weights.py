import argparse
import os
import pickle
import warnings
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import safe_open
from torch import Tensor, nn

from engine.errors import CheckpointError
from engine.models.weights import fill, load_weights, save_weights

TENSORS = {"a.weight": torch.arange(6.0).reshape(2, 3), "b": torch.tensor(0.5)}


def assert_same(found: dict[str, Tensor], expected: dict[str, Tensor] = TENSORS) -> None:
    assert list(found) == list(expected)
    assert all(torch.equal(found[name], expected[name]) for name in expected)


class Hostile:
    """Makes a folder when unpickled by a careless loader."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.path),)


def test_saved_tensors_and_their_metadata_come_back(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    save_weights(path, TENSORS, {"epoch": "3"})
    assert_same(load_weights(path))
    with safe_open(path, framework="pt") as file:
        assert file.metadata() == {"epoch": "3"}


def test_saving_replaces_the_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    save_weights(path, {"old": torch.zeros(1)})
    save_weights(path, {"new": nn.Parameter(torch.ones(3, 2)).T})
    assert_same(load_weights(path), {"new": torch.ones(2, 3)})
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_named_when_saving(tmp_path: Path) -> None:
    path = tmp_path / "absent" / "w.safetensors"
    with pytest.raises(CheckpointError, match="cannot be written"):
        save_weights(path, TENSORS)


@pytest.mark.parametrize("name", ["w.safetensors", "w.pt"])
def test_only_the_wanted_tensors_are_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    save = save_weights if name.endswith("safetensors") else lambda p, t: torch.save(t, p)
    save(path, TENSORS)
    assert_same(load_weights(path, wanted=lambda key: key == "b"), {"b": TENSORS["b"]})


@pytest.mark.parametrize("name", ["w.safetensors", "w.pt"])
def test_loaded_tensors_outlive_what_is_written_over_their_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    save = save_weights if name.endswith("safetensors") else lambda p, t: torch.save(t, p)
    save(path, TENSORS)
    found = load_weights(path)
    path.write_bytes(bytes(path.stat().st_size))
    assert_same(found)


@pytest.mark.parametrize("name", ["model", "module", "state_dict"])
@pytest.mark.parametrize("zipped", [True, False])
def test_a_state_dict_is_found_under_its_usual_names(
    tmp_path: Path, name: str, zipped: bool
) -> None:
    path = tmp_path / "w.pth"
    content = {"epoch": 15, name: OrderedDict(TENSORS)}
    torch.save(content, path, _use_new_zipfile_serialization=zipped)
    assert_same(load_weights(path))


def test_model_is_preferred_to_module(tmp_path: Path) -> None:
    path = tmp_path / "w.bin"
    torch.save({"module": {"x": torch.zeros(1)}, "model": TENSORS}, path)
    assert_same(load_weights(path))


def test_the_prefix_of_distributed_training_is_taken_off(tmp_path: Path) -> None:
    path = tmp_path / "epoch_15.pt"
    torch.save({"state_dict": {f"module.{name}": t for name, t in TENSORS.items()}}, path)
    assert_same(load_weights(path))
    wanted = load_weights(path, wanted=lambda name: name == "b")
    assert_same(wanted, {"b": TENSORS["b"]})


def test_a_module_among_others_keeps_its_name(tmp_path: Path) -> None:
    path = tmp_path / "w.pt"
    torch.save({"module.a": torch.zeros(1), "b": torch.ones(1)}, path)
    assert list(load_weights(path)) == ["module.a", "b"]


def test_options_and_scores_beside_the_weights_are_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "w.pth"
    optimizer = torch.optim.AdamW([nn.Parameter(torch.ones(2))])
    content = {
        "model": TENSORS,
        "optimizer": optimizer.state_dict(),
        "args": argparse.Namespace(lr=1e-3, output="out", dist=None, betas=[0.9, 0.98]),
        "scores": [np.float64(0.5), np.float32(0.25), np.int64(3), np.bool_(True)],
    }
    torch.save(content, path)
    assert_same(load_weights(path))


def test_a_number_saved_by_an_older_numpy_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "w.pth"
    torch.save({"model": TENSORS, "best": np.float64(0.5)}, path)
    torch.save(
        {"model": TENSORS, "best": np.float64(0.5)}, path, _use_new_zipfile_serialization=False
    )
    new, old = b"numpy._core.multiarray", b"numpy.core.multiarray"
    assert new in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(new, old))
    assert_same(load_weights(path))


@pytest.mark.parametrize("zipped", [True, False])
def test_a_hostile_pickle_is_refused_and_not_run(tmp_path: Path, zipped: bool) -> None:
    path, made = tmp_path / "w.pt", tmp_path / "made"
    content = {"model": TENSORS, "args": Hostile(made)}
    torch.save(content, path, _use_new_zipfile_serialization=zipped)
    with pytest.raises(CheckpointError, match=r"w\.pt is damaged or holds Python objects"):
        load_weights(path)
    assert not made.exists()


def test_a_plain_hostile_pickle_is_refused_and_not_run(tmp_path: Path) -> None:
    path, made = tmp_path / "w.bin", tmp_path / "made"
    path.write_bytes(pickle.dumps(Hostile(made)))
    with pytest.raises(CheckpointError, match=r"w\.bin"):
        load_weights(path)
    assert not made.exists()


@pytest.mark.parametrize("content", [TENSORS["b"], [], {}, {"a": 1}, {1: TENSORS["b"]}])
def test_a_file_without_a_table_of_tensors_is_refused(tmp_path: Path, content: object) -> None:
    path = tmp_path / "w.pt"
    torch.save(content, path)
    with pytest.raises(CheckpointError, match="holds no weights"):
        load_weights(path)


@pytest.mark.parametrize("name", ["w.safetensors", "w.pt", "w.pth", "w.bin"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(CheckpointError, match=f"{name} does not exist"):
        load_weights(tmp_path / name)


@pytest.mark.parametrize("name", ["w.safetensors", "w.pt"])
def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.mkdir()
    with pytest.raises(CheckpointError, match=name):
        load_weights(path)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no weights file"):
        load_weights(tmp_path / "w.onnx")


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("samples")
    save_weights(folder / "w.safetensors", TENSORS)
    torch.save({"model": TENSORS, "best": np.float64(1)}, folder / "w.pt")
    torch.save(TENSORS, folder / "w.pth", _use_new_zipfile_serialization=False)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("name", ["w.safetensors", "w.pt", "w.pth"])
@given(share=st.floats(0, 1, exclude_max=True))
@settings(deadline=None, max_examples=30)
def test_a_file_cut_short_anywhere_is_refused(
    samples: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory, name: str, share: float
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(samples[name][: int(share * len(samples[name]))])
    with pytest.raises(CheckpointError, match=name):
        load_weights(path)


@pytest.mark.parametrize("name", ["w.safetensors", "w.pt", "w.pth"])
@given(changes=st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), max_size=5))
@settings(deadline=None, max_examples=60)
def test_a_file_with_changed_bytes_is_read_or_refused(
    samples: dict[str, bytes],
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    changes: list[tuple[int, int]],
) -> None:
    content = bytearray(samples[name])
    for place, value in changes:
        content[place % len(content)] = value
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(content)
    try:
        found = load_weights(path)
    except CheckpointError as error:
        assert name in str(error)  # noqa: PT017 - either outcome is right
    else:
        assert all(isinstance(tensor, Tensor) for tensor in found.values())


def meta_linear() -> nn.Linear:
    with torch.device("meta"):
        return nn.Linear(3, 2)


def test_a_network_is_filled_without_copies() -> None:
    network, weight = meta_linear(), torch.ones(2, 3)
    fill(network, {"weight": weight, "bias": torch.zeros(2)}, Path("w.pt"))
    assert network.weight.data_ptr() == weight.data_ptr()
    assert network.weight.requires_grad


@pytest.mark.parametrize(
    ("tensors", "complaint"),
    [
        ({"weight": torch.ones(2, 3)}, "bias is missing"),
        (
            {"weight": torch.ones(3, 3), "bias": torch.ones(2)},
            r"weight has shape \(3, 3\) where \(2, 3\)",
        ),
        ({"weight": torch.ones(2, 3), "bias": torch.ones(2), "c": torch.ones(1)}, "c has no place"),
    ],
)
def test_the_first_tensor_that_does_not_fit_is_named(
    tensors: dict[str, Tensor], complaint: str
) -> None:
    with pytest.raises(CheckpointError, match=rf"w\.pt does not fit: {complaint}"):
        fill(meta_linear(), tensors, Path("w.pt"))


def test_a_torchscript_archive_is_not_opened(tmp_path: Path) -> None:
    """As OpenAI has published its weights: loading one runs what is in it."""
    path = tmp_path / "ViT-B-32.pt"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # torch's own, of TorchScript
        traced: Any = torch.jit.trace(torch.nn.Linear(2, 2), torch.zeros(1, 2))  # type: ignore[no-untyped-call]
        torch.jit.save(traced, path)
    with pytest.raises(CheckpointError, match="is a TorchScript archive"):
        load_weights(path)
