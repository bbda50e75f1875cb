import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from engine.cli.commands import run
from engine.cli.scenes import draw_scenes
from engine.models.installed import InstalledCheckpoint, read_record, verify

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)  # a busy machine makes two many times slower than one
    yield
    torch.set_num_threads(before)


@pytest.fixture
def scenes(tmp_path: Path) -> tuple[str, str]:
    """A caption file and the folder of its eight photos."""
    folder = tmp_path / "cảnh vẽ"
    folder.mkdir()
    lines = []
    for name, caption, image in list(draw_scenes())[::3]:
        image.resize((160, 120)).save(folder / f"{name}.png")
        lines.append(f"{name}.png\t{caption}\n")
    (tmp_path / "lời.tsv").write_text("".join(lines), "utf-8")
    return str(tmp_path / "lời.tsv"), str(folder)


def train(scenes: tuple[str, str], output: Path, *options: str, weight: str = "1") -> int:
    data = ["--data", *scenes, weight, "--validation", *scenes]
    return run(["train", "new", "beit3", *data, "--output", str(output), *options])


def test_a_training_reports_its_epochs_and_leaves_a_sound_checkpoint(
    scenes: tuple[str, str], tmp_path: Path, capsys: Capture
) -> None:
    output = tmp_path / "my-beit3"
    assert train(scenes, output, "--epochs", "2", "--batch-size", "4", "--seed", "3") == 0
    out, err = capsys.readouterr()
    line = r"captions, step 4: contrastive \d\.\d{3}, vi R@1 [\d.]+, vi R@10 100\.0, vi without"
    assert re.search(line, out)
    assert out.endswith(f"The checkpoint is in {output}, the report in {output}.training.\n")
    assert "4/4" in err
    report = (tmp_path / "my-beit3.training" / "report.html").read_text("utf-8")
    assert "my-beit3" in report
    assert "vi R@10" in report
    verify(InstalledCheckpoint(read_record(output), output))
    assert (output / "model.safetensors").stat().st_size < 20_000_000


@pytest.mark.parametrize(
    ("name", "options", "weight", "sentence"),
    [
        ("My Model", (), "1", "“My Model” cannot name a checkpoint"),
        ("ok", (), "0", "“0” is no weight above 0 and up to 1."),
        ("ok", (), "1.5", "“1.5” is no weight"),
        ("ok", (), "nan", "“nan” is no weight"),
        ("ok", (), "heavy", "“heavy” is no weight"),
        ("ok", ("--batch-size", "9"), "1", "about 8 photos, fewer than a step of 9"),
        ("file/ok", (), "1", "ok cannot be written: Not a directory."),
    ],
)
def test_what_cannot_be_trained_is_told_in_a_sentence(
    name: str,
    options: tuple[str, ...],
    weight: str,
    sentence: str,
    scenes: tuple[str, str],
    tmp_path: Path,
    capsys: Capture,
) -> None:
    (tmp_path / "file").write_text("")
    assert train(scenes, tmp_path / name, *options, weight=weight) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert sentence in err.splitlines()[-1]


def test_captions_and_photos_that_are_missing_or_broken_are_named(
    scenes: tuple[str, str], tmp_path: Path, capsys: Capture
) -> None:
    captions, folder = scenes
    assert train((f"{captions}x", folder), tmp_path / "ok") == 1
    assert "cannot be read: No such file" in capsys.readouterr().err
    assert train((captions, f"{folder}x"), tmp_path / "ok") == 1
    assert "Captioned photos are missing: 8, first " in capsys.readouterr().err
    broken = next(Path(folder).iterdir())
    broken.write_bytes(b"no picture")
    assert train(scenes, tmp_path / "ok", "--batch-size", "4") == 1
    assert f"{broken.name} cannot be trained on: " in capsys.readouterr().err
    assert not (tmp_path / "ok").exists()


def test_a_training_run_again_goes_on_and_is_done(
    scenes: tuple[str, str], tmp_path: Path, capsys: Capture
) -> None:
    options = ("--epochs", "2", "--batch-size", "4", "--work", str(tmp_path / "work"))
    assert train(scenes, tmp_path / "ok", *options) == 0
    capsys.readouterr()
    assert train(scenes, tmp_path / "ok", *options) == 0
    assert "step" not in capsys.readouterr().out
    assert train(scenes, tmp_path / "ok", *options, "--seed", "2") == 1
    assert "a training with other settings or photos" in capsys.readouterr().err


def test_a_folder_of_something_else_is_left_alone(
    scenes: tuple[str, str], tmp_path: Path, capsys: Capture
) -> None:
    album = tmp_path / "album"
    album.mkdir()
    (album / "config.json").write_text("mine")
    assert train(scenes, album) == 1
    assert "album is not empty, and not what a training in" in capsys.readouterr().err
    assert [path.name for path in album.iterdir()] == ["config.json"]
    assert (album / "config.json").read_text() == "mine"


def test_what_a_phase_can_be_told_reaches_it(
    scenes: tuple[str, str], tmp_path: Path, capsys: Capture
) -> None:
    told = {
        "accumulate": "2",
        "captions": "2",
        "chunk": "2",
        "hard-negatives": "0.25",
        "prefixes": "64,256",
    }
    options = [part for name, value in told.items() for part in (f"--{name}", value)]
    assert train(scenes, tmp_path / "ok", "--epochs", "1", "--batch-size", "4", *options) == 0
    report = (tmp_path / "ok.training" / "report.html").read_text("utf-8")
    for name, value in {**told, "prefixes": "(64, 256)"}.items():
        assert re.search(rf"{name.replace('-', ' ')}\b[^\n]*?{re.escape(value)}", report), name
    too_long = ("--epochs", "1", "--batch-size", "4", "--prefixes", "999")
    assert train(scenes, tmp_path / "other", *too_long) == 1
    assert "999" in capsys.readouterr().err.splitlines()[-1]


def test_a_teacher_that_does_not_fit_is_told(
    scenes: tuple[str, str], tmp_path: Path, capsys: Capture
) -> None:
    assert train(scenes, tmp_path / "ok", "--teacher", str(tmp_path / "no.npy")) == 1
    assert "no.json cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [
        ("--epochs", "0"),
        ("--batch-size", "x"),
        ("--learning-rate", "0"),
        ("--learning-rate", "nan"),
        ("--learning-rate", "-1e-3"),
        ("--learning-rate", "fast"),
        ("--hard-negatives", "1"),
        ("--prefixes", "64,"),
        ("--chunk", "0"),
        ("--seed", "-1"),
        ("--seed", str(2**63)),
    ],
)
def test_numbers_that_make_no_sense_are_a_wrong_call(
    options: tuple[str, ...], scenes: tuple[str, str], tmp_path: Path, capsys: Capture
) -> None:
    assert train(scenes, tmp_path / "ok", *options) == 2
    assert capsys.readouterr().err.startswith("usage: anhoi train new")
