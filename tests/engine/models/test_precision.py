import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import CheckpointError
from engine.models import precision
from engine.models.encoder import SIDES, Encoder, FloatArray, Side, load_encoder
from engine.models.installed import InstalledCheckpoint
from engine.models.precision import (
    LARGEST_COSINE_CHANGE,
    PROBES,
    Measurement,
    choose_device,
    choose_dtype,
    measure,
    probe_images,
)

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Tiny networks on several threads mostly wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


class Loading:
    """Loads sides of a real encoder and counts."""

    def __init__(self, checkpoint: InstalledCheckpoint) -> None:
        self.checkpoint = checkpoint
        self.loaded: list[tuple[Side, torch.dtype]] = []

    def __call__(self, side: Side, dtype: torch.dtype) -> Encoder:
        self.loaded.append((side, dtype))
        return load_encoder(self.checkpoint, [side], CPU, dtype)

    def choose(self, side: Side, memory: Path) -> torch.dtype:
        return choose_dtype(self, side, 32, CPU, self.checkpoint.key, memory)


@pytest.mark.parametrize(
    ("change", "speed_up", "worth_it"),
    [
        (0.0, 2.0, True),
        (LARGEST_COSINE_CHANGE, 1.01, True),
        (LARGEST_COSINE_CHANGE * 1.01, 9.0, False),
        (0.0, 0.9, False),
        (0.0, 1.0, False),
        (np.inf, 2.0, False),
    ],
)
def test_a_precision_is_worth_it_when_it_is_faster_and_close_enough(
    change: float, speed_up: float, worth_it: bool
) -> None:
    assert Measurement(change, speed_up).worth_it is worth_it


@pytest.mark.parametrize("family", [0, 1])
def test_measuring_finds_the_largest_change_of_a_cosine_between_image_and_text(
    tiny_pair: Pair, family: int
) -> None:
    load = Loading(tiny_pair[family])
    found = measure(load, torch.bfloat16, 32)

    def cosines(dtype: torch.dtype) -> FloatArray:
        images = load("image", dtype).encode_images(probe_images(32))
        return images @ load("text", dtype).encode_texts(precision.PROBE_TEXTS).T

    change = np.abs(cosines(torch.bfloat16) - cosines(torch.float32)).max()
    assert found["image"].change == found["text"].change == pytest.approx(change, rel=0.1)
    assert 0 < change < 0.02
    assert all(found[side].speed_up > 0 for side in SIDES)


def test_nothing_changes_where_the_precision_is_the_same(tiny_pair: Pair) -> None:
    found = measure(Loading(tiny_pair[1]), torch.float32, 32)
    assert found["image"].change < 1e-6


def test_a_precision_is_measured_once_for_both_sides_and_remembered(
    tiny_pair: Pair, tmp_path: Path
) -> None:
    memory, load = tmp_path / "cache" / "precisions.json", Loading(tiny_pair[0])
    chosen = {side: load.choose(side, memory) for side in SIDES}
    assert len(load.loaded) == len(set(load.loaded)) == 4
    assert {side: load.choose(side, memory) for side in SIDES} == chosen
    assert len(load.loaded) == 4
    assert len(json.loads(memory.read_text())) == 2
    other = Loading(tiny_pair[1])
    other.choose("image", memory)
    assert len(other.loaded) == 4
    assert len(json.loads(memory.read_text())) == 4
    assert list(memory.parent.iterdir()) == [memory]


@pytest.mark.parametrize("taken", [True, False])
def test_what_is_remembered_decides(tiny_pair: Pair, tmp_path: Path, taken: bool) -> None:
    memory, load = tmp_path / "precisions.json", Loading(tiny_pair[0])
    load.choose("image", memory)
    memory.write_text(json.dumps(dict.fromkeys(json.loads(memory.read_text()), taken)))
    expected = torch.bfloat16 if taken else torch.float32
    assert [load.choose(side, memory) for side in SIDES] == [expected] * 2


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1, 2]", b"null", b"5", b"\xff\xfe", b'"text"', b'{"a": ']
)
def test_a_memory_that_cannot_be_read_is_measured_again_with_a_warning(
    tiny_pair: Pair, tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    memory, load = tmp_path / "precisions.json", Loading(tiny_pair[0])
    memory.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        load.choose("text", memory)
    assert "measured again" in caplog.text
    assert len(json.loads(memory.read_text())) == 2


def test_answers_of_the_wrong_kind_are_measured_again(tiny_pair: Pair, tmp_path: Path) -> None:
    memory, load = tmp_path / "precisions.json", Loading(tiny_pair[0])
    load.choose("text", memory)
    memory.write_text(json.dumps(dict.fromkeys(json.loads(memory.read_text()), "yes")))
    load.choose("text", memory)
    assert len(load.loaded) == 8


def test_a_memory_that_cannot_be_written_is_no_obstacle(
    tiny_pair: Pair, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    with caplog.at_level(logging.WARNING):
        Loading(tiny_pair[0]).choose("text", tmp_path / "file" / "precisions.json")
    assert "cannot be written" in caplog.text


def test_a_precision_that_cannot_be_computed_in_is_refused(
    tiny_pair: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        found = measure(failing_in(torch.bfloat16, tiny_pair[0]), torch.bfloat16, 32)
    assert not any(found[side].worth_it for side in SIDES)
    assert "cannot be computed in" in caplog.text


def test_running_out_of_memory_while_measuring_is_not_taken_for_an_answer(tiny_pair: Pair) -> None:
    def load(_side: Side, _dtype: torch.dtype) -> Encoder:
        raise torch.OutOfMemoryError

    with pytest.raises(torch.OutOfMemoryError):
        measure(load, torch.bfloat16, 32)


def failing_in(
    lower: torch.dtype, checkpoint: InstalledCheckpoint
) -> Callable[[Side, torch.dtype], Encoder]:
    def load(side: Side, dtype: torch.dtype) -> Encoder:
        if dtype == lower:
            torch.zeros(2, 2, dtype=torch.int32).log_softmax(0)  # not implemented for this type
        return load_encoder(checkpoint, [side], CPU, dtype)

    return load


def test_probes_are_always_the_same_and_differ_from_each_other(tiny_pair: Pair) -> None:
    probes = probe_images(96)
    assert probes.shape == (PROBES, 96, 96, 3)
    assert probes.dtype == np.uint8
    np.testing.assert_array_equal(probes, probe_images(96))
    assert len({probe.tobytes() for probe in probes}) == PROBES
    # Photographs are smooth, and lie apart in light and in contrast.
    values = probes.astype(np.float32)
    assert np.abs(np.diff(values, axis=2)).mean() < 0.5 * values.std(axis=(1, 2, 3)).mean()
    assert values.mean(axis=(1, 2, 3)).std() > 15


@pytest.mark.parametrize("size", [1, 7, 384])
def test_probes_come_in_any_size(size: int) -> None:
    assert probe_images(size).shape == (PROBES, size, size, 3)


@pytest.mark.parametrize(
    ("cuda", "mps", "chosen"),
    [(True, True, "cuda"), (True, False, "cuda"), (False, True, "mps"), (False, False, "cpu")],
)
def test_cuda_comes_before_mps_and_both_before_the_cpu(
    monkeypatch: pytest.MonkeyPatch, cuda: bool, mps: bool, chosen: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert choose_device().type == chosen


def test_a_wanted_device_is_taken_or_refused_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert choose_device("cpu").type == "cpu"
    with pytest.raises(CheckpointError, match="cannot run on mps: this machine has none"):
        choose_device("mps")


def test_there_is_a_lower_precision_for_every_device() -> None:
    assert set(precision.CANDIDATES) == {"cuda", "mps", "cpu"}
    precision.free_unused_memory()
