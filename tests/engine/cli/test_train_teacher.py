from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.cli.commands import run
from engine.cli.scenes import draw_scenes
from engine.training.teacher import read_teacher
from tests.engine.training.tiny_tflite import SCALE, SIZE, ZERO, quarters, write_tflite

Capture = pytest.CaptureFixture[str]
N = 24


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A caption file and the folder of its photos."""
    parent = tmp_path_factory.mktemp("data")
    folder = parent / "cảnh vẽ"
    folder.mkdir()
    lines = []
    for name, caption, image in draw_scenes():
        image.resize((SIZE, SIZE)).save(folder / f"{name}.png")
        lines.append(f"{name}.png\t{caption}\n")
    assert len(lines) == N
    (parent / "lời.tsv").write_text("".join(lines), "utf-8")
    return str(parent / "lời.tsv"), str(folder)


@pytest.fixture
def network(tmp_path: Path) -> Path:
    return write_tflite(tmp_path / "tiny.tflite")


def teach(scenes: tuple[str, str], output: Path, *options: str, weight: str = "1") -> int:
    data = ["--data", *scenes, weight]
    return run(["train", "teacher", *data, "--output", str(output), *options])


def test_views_are_embedded_by_all_networks_side_by_side(
    scenes: tuple[str, str], network: Path, tmp_path: Path, capsys: Capture
) -> None:
    output = tmp_path / "thầy.npy"
    both = ("--network", str(network), "--network", f"{network}:averages")
    assert teach(scenes, output, *both, "--views", "3", "--mixed", "--seed", "5") == 0
    out, err = capsys.readouterr()
    assert out == f"The embeddings of 24 photos are in {output}.\n"
    assert "Embedding: 100%" in err
    found = read_teacher(output)
    assert found.embeddings.shape == (N, 3, 3 + 12)
    assert (found.seed, found.plain_views) == (5, (0, 2))
    # What is largest of the averages is the first network's output.
    averages = found.embeddings[..., 3:].reshape(N, 3, 4, 3)
    assert np.array_equal(averages.max(axis=2), found.embeddings[..., :3])
    assert [name.partition("@")[0] for name in found.networks] == [
        "tiny.tflite",
        "tiny.tflite:averages",
    ]


def test_whole_photos_are_embedded_under_their_names(
    scenes: tuple[str, str], network: Path, tmp_path: Path
) -> None:
    output = tmp_path / "a.npy"
    assert teach(scenes, output, "--network", f"{network}:averages", "--views", "0") == 0
    found = read_teacher(output)
    for row, name in enumerate(found.names):
        folder, file = name.split("/")
        assert folder == "cảnh vẽ"
        pixels = np.asarray(Image.open(Path(scenes[1]) / file).convert("RGB"))
        expected = SCALE * (np.rint(quarters(pixels)).ravel() - ZERO)
        assert found.embeddings[row, 0] == pytest.approx(expected, abs=SCALE)


def test_the_same_command_goes_on_and_another_one_has_to_ask_for_a_new_beginning(
    scenes: tuple[str, str], network: Path, tmp_path: Path, capsys: Capture
) -> None:
    output = tmp_path / "a.npy"
    options = ("--network", str(network), "--views", "2")
    assert teach(scenes, output, *options) == 0
    first = output.read_bytes()
    assert teach(scenes, output, *options, "--jobs", "3") == 0
    assert output.read_bytes() == first
    assert teach(scenes, output, *options, "--seed", "2") == 1
    assert "begin anew (--anew)." in capsys.readouterr().err
    assert output.read_bytes() == first
    assert teach(scenes, output, *options, "--seed", "2", "--anew") == 0
    assert output.read_bytes() != first


@pytest.mark.parametrize(
    ("network_of", "weight", "output", "sentence"),
    [
        ("{}x", "1", "a.npy", "tiny.tflitex cannot be read: No such file"),
        ("{}:", "1", "a.npy", "tiny.tflite has no tensor “”."),
        ("{}:logits", "1", "a.npy", "tiny.tflite has no tensor “logits”."),
        ("{}", "2", "a.npy", "“2” is not a weight: above 0, at most 1."),
        ("{}", "1", "a.bin", "“a.bin” does not end in .npy."),
        ("{}", "1", "no/a.npy", "a.npy cannot be written: No such file or directory."),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    network_of: str,
    weight: str,
    output: str,
    sentence: str,
    scenes: tuple[str, str],
    network: Path,
    tmp_path: Path,
    capsys: Capture,
) -> None:
    options = ("--network", network_of.format(network))
    assert teach(scenes, tmp_path / output, *options, weight=weight) == 1
    assert sentence in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize("options", [("--views", "-1"), ("--jobs", "0"), ("--seed", "-1"), ()])
def test_numbers_that_make_no_sense_and_no_network_are_a_wrong_call(
    options: tuple[str, ...], scenes: tuple[str, str], tmp_path: Path, capsys: Capture
) -> None:
    with_network = (*options, "--network", "x.tflite") if options else ()
    assert teach(scenes, tmp_path / "a.npy", *with_network) == 2
    assert capsys.readouterr().err.startswith("usage: anhoi train teacher")
