import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema

from engine.errors import CheckpointError
from engine.images.preprocessing import UInt8Array
from engine.training.tflite import TfliteNetwork
from tests.conftest import SHARED
from tests.engine.training.tiny_tflite import AVERAGES, SCALE, SIZE, ZERO, quarters, write_tflite

TEACHERS = SHARED / "teachers"


def images(n: int = 1) -> UInt8Array:
    return np.random.default_rng(0).integers(0, 256, (n, SIZE, SIZE, 3), dtype=np.uint8)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_tflite(tmp_path / "tiny.tflite")


def test_the_output_is_the_embedding_as_the_numbers_its_integers_mean(path: Path) -> None:
    network = TfliteNetwork(path)
    assert (network.size, network.dimension) == (SIZE, 3)
    image = images()[0]
    embedding = network.embed(image)
    largest = np.rint(quarters(image)).max(axis=(0, 1))
    assert embedding.dtype == np.float32
    assert embedding == pytest.approx(SCALE * (largest - ZERO), abs=SCALE)  # one step of rounding
    assert np.allclose(embedding / SCALE, np.rint(embedding / SCALE))


def test_an_inner_tensor_can_be_the_embedding(path: Path) -> None:
    network = TfliteNetwork(path, AVERAGES)
    assert network.dimension == 12
    for image in images(3):  # each invocation makes its own
        expected = SCALE * (np.rint(quarters(image)).ravel() - ZERO)
        assert network.embed(image) == pytest.approx(expected, abs=SCALE)


def test_the_name_tells_file_tensor_and_content(path: Path) -> None:
    output, inner = TfliteNetwork(path).name, TfliteNetwork(path, AVERAGES).name
    assert re.fullmatch(r"tiny\.tflite@[0-9a-f]{12}", output)
    assert inner == output.replace("@", ":averages@")
    write_tflite(path, scale=2 * SCALE)
    changed = TfliteNetwork(path).name
    assert changed.startswith("tiny.tflite@")
    assert changed != output


def test_threads_do_not_disturb_each_other(path: Path) -> None:
    network = TfliteNetwork(path, AVERAGES)
    many = images(200)
    alone = [network.embed(image) for image in many]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(network.embed, many))
    assert np.array_equal(alone, together)


def test_an_embedding_stays_when_the_next_one_is_made(path: Path) -> None:
    network = TfliteNetwork(path)
    first, second = images(2)
    kept = network.embed(first)
    before = kept.copy()
    network.embed(second)
    assert np.array_equal(kept, before)


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        ({"taken": (1, 8, 8, 1)}, "uint8, but (1, 8, 8, 1), uint8."),
        ({"taken": (1, 8, 4, 3)}, "uint8, but (1, 8, 4, 3), uint8."),
        ({"kind": schema.TensorType.FLOAT32, "scale": None}, "but (1, 8, 8, 3), float32."),
        ({"scale": None}, "does not tell what the integers of largest mean."),
        ({"outputs": (1, 2)}, "has several outputs, name one: averages, largest."),
    ],
)
def test_networks_of_another_kind_are_refused(
    made: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    path = write_tflite(tmp_path / "odd.tflite", **made)
    with pytest.raises(CheckpointError, match=re.escape(sentence)):
        TfliteNetwork(path)


def test_one_of_several_outputs_can_be_named(tmp_path: Path) -> None:
    path = write_tflite(tmp_path / "two.tflite", outputs=(1, 2))
    assert TfliteNetwork(path, AVERAGES).dimension == 12


@pytest.mark.parametrize("content", [b"", b"no network", b"TFL3" * 100])
def test_what_is_no_network_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "broken.tflite"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=r"broken\.tflite is no network to be run: "):
        TfliteNetwork(path)


def test_missing_files_and_tensors_are_named(path: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"none\.tflite cannot be read: No such file"):
        TfliteNetwork(tmp_path / "none.tflite")
    with pytest.raises(CheckpointError, match=r"tiny\.tflite has no tensor “logits”\."):
        TfliteNetwork(path, "logits")


def test_without_the_package_it_is_told_how_to_get_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)  # as if not installed
    with pytest.raises(CheckpointError, match="pip install ai-edge-litert"):
        TfliteNetwork(path)


@pytest.mark.shared
@pytest.mark.skipif(not TEACHERS.is_dir(), reason="no shared teachers")
@pytest.mark.parametrize(
    ("file", "tensor", "dimension"),
    [
        ("mobilenet_v1_1.0_224_quant_embedding_extractor", None, 1024),
        ("mobilenet_v2_1.0_224_quant", "MobilenetV2/Logits/AvgPool", 1280),
    ],
)
def test_real_teachers_tell_photos_apart_and_know_a_mirrored_one(
    file: str, tensor: str | None, dimension: int
) -> None:
    from PIL import Image

    network = TfliteNetwork(TEACHERS / f"{file}.tflite", tensor)
    assert (network.size, network.dimension) == (224, dimension)
    folder = SHARED / "data" / "flickr8k" / "images"
    photos = [np.asarray(Image.open(path)) for path in sorted(folder.iterdir())[:3]]
    first, second, third = (network.embed(photo) for photo in photos)
    mirrored = network.embed(photos[0][:, ::-1])
    assert first.min() >= 0  # after a ReLU and an average

    def cosine(a: np.ndarray, b: np.ndarray) -> float:
        return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))

    assert cosine(first, mirrored) > 0.8
    assert cosine(first, mirrored) > max(cosine(first, second), cosine(first, third)) + 0.1
