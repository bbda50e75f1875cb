import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from engine.cli.commands import run
from engine.cli.scenes import draw_scenes
from engine.models.installed import InstalledCheckpoint, find_installed, read_record, verify
from engine.paths import checkpoints_folder
from engine.training.fitting import HISTORY_FILE
from engine.training.history import read_history
from tests.engine.cli.teaching import teach

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


def train(scenes: tuple[str, str], output: Path, *options: str, weight: str | None = None) -> int:
    data = ["--data", *scenes, *([weight] if weight else []), "--validation", *scenes]
    return run(["train", "new", "beit3", *data, "--output", str(output), *options])


def test_a_training_reports_its_epochs_and_leaves_a_sound_checkpoint(
    scenes: tuple[str, str], tmp_path: Path, capsys: Capture
) -> None:
    output = tmp_path / "my-beit3"
    assert train(scenes, output, "--epochs", "2", "--batch-size", "4", "--seed", "3") == 0
    out, err = capsys.readouterr()
    line = r"captions, step 4: contrastive \d\.\d{3}, vi R@1 [\d.]+, vi R@10 100\.0, vi without"
    assert re.search(line, out)
    assert f"The checkpoint is in {output}, the report in {output}.training.\n" in out
    assert err.startswith("There are only 8 validation photos: R@10 means little")
    assert "\nReading 8 photos…\n" in err
    assert "captions: 0 steps" in err
    assert "4/4" in err
    report = (tmp_path / "my-beit3.training" / "report.html").read_text("utf-8")
    assert "my-beit3" in report
    assert "vi R@10" in report
    verify(InstalledCheckpoint(read_record(output), output))
    assert out.endswith(f"To search with it: anhoi models add {output}\n")
    assert run(["models", "add", str(output)]) == 0
    assert find_installed("my-beit3").record.dimension == 256
    assert (output / "model.safetensors").stat().st_size < 20_000_000


@pytest.mark.parametrize(
    ("name", "options", "weight", "sentence"),
    [
        ("My Model", (), "1", "“My Model” cannot name a checkpoint"),
        ("ok", (), "0", "“0” is not a weight: above 0, at most 1."),
        ("ok", (), "1.5", "“1.5” is not a weight"),
        ("ok", (), "nan", "“nan” is not a weight"),
        ("ok", (), "heavy", "“heavy” is not a weight"),
        ("ok", ("--batch-size", "9"), "1", "A step takes 9 photos (--batch-size x --accumulate)"),
        ("ok", ("--batch-size", "3", "--accumulate", "3"), "1", "more than the 8 there are."),
        ("ok", ("--prefixes", "64,999"), "1", "An embedding has 256 numbers: --prefixes 999"),
        ("ok", ("--translation", "1"), "1", "how much --sentences counts, which is missing."),
        ("ok", ("--feature", "1"), "1", "--feature says how much --teacher counts, which is"),
        ("ok", ("--similarity", "1"), "1", "--similarity says how much --teacher counts"),
        ("ok", ("--validation-teacher", "a.npy"), "1", "is for --recipe starter alone."),
        ("ok", ("--recipe", "starter"), "1", "learns from a teacher: name one with --teacher."),
        (
            "ok",
            ("--recipe", "starter", "--teacher", "a.npy", "--epochs", "2", "--sentences", "b.tsv"),
            "1",
            "decides by itself: leave out --epochs, --sentences, or choose --recipe captions.",
        ),
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
    absent = ["--validation", f"{captions}y", folder]
    assert train(scenes, tmp_path / "ok", *absent) == 1
    err = capsys.readouterr().err
    assert "cannot be read: No such file" in err
    assert "Reading" not in err  # the many photos that are learnt from
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
    err = capsys.readouterr().err
    assert "a training with other settings or photos" in err
    assert "name another --work and --output" in err


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
        "rand-augment": "1",
    }
    options = [part for name, value in told.items() for part in (f"--{name}", value)]
    assert train(scenes, tmp_path / "ok", "--epochs", "1", "--batch-size", "4", *options) == 0
    report = (tmp_path / "ok.training" / "report.html").read_text("utf-8")
    del told["rand-augment"]
    assert "rand augment 1," in report
    for name, value in {**told, "prefixes": "(64, 256)"}.items():
        said = rf"{name.replace('-', ' ')}\b[^\n]*?>{re.escape(value)}<"
        assert re.search(said, report, re.IGNORECASE), name


def test_sentences_and_a_teacher_are_learnt_from(scenes: tuple[str, str], tmp_path: Path) -> None:
    sentences = tmp_path / "cặp.tsv"
    sentences.write_text("a dog\tmột con chó\na red ball\tquả bóng đỏ\n", "utf-8")
    teacher = teach(*scenes, tmp_path / "teacher.npy", views=2)
    more = ("--sentences", str(sentences), "--teacher", teacher)
    small = ("--epochs", "1", "--batch-size", "4")

    def losses(name: str, *options: str) -> set[str]:
        assert train(scenes, tmp_path / name, *small, *options) == 0
        (entry,) = read_history(tmp_path / f"{name}.training" / HISTORY_FILE)
        return set(entry.losses)

    assert losses("all", *more, "--similarity", "0.5") == {
        "contrastive",
        "translation",
        "feature",
        "similarity",
    }
    report = (tmp_path / "all.training" / "report.html").read_text("utf-8")
    for name, weight in {"translation": "0.25", "feature": "1", "similarity": "0.5"}.items():
        assert re.search(rf"weight of {name}\b[^\n]*?>{weight}<", report, re.IGNORECASE), name
    assert losses("few", *more, "--translation", "0", "--feature", "0") == {"contrastive"}


def test_a_teacher_that_does_not_fit_is_told_before_photos_are_decoded(
    scenes: tuple[str, str], tmp_path: Path, capsys: Capture
) -> None:
    assert train(scenes, tmp_path / "ok", "--teacher", str(tmp_path / "no.npy")) == 1
    assert "no.npy does not exist" in capsys.readouterr().err
    seen = ("--teacher", teach(*scenes, tmp_path / "seen.npy", views=2))
    assert train(scenes, tmp_path / "ok", *seen, "--rand-augment", "1") == 1
    err = capsys.readouterr().err
    assert "--rand-augment would show other views than the teacher has seen" in err
    assert "Reading" not in err


def test_a_training_takes_all_photos_at_once_where_they_are_few(
    scenes: tuple[str, str], tmp_path: Path
) -> None:
    assert train(scenes, tmp_path / "ok", "--epochs", "1") == 0
    report = (tmp_path / "ok.training" / "report.html").read_text("utf-8")
    assert re.search(r"batch size\b[^\n]*?>8<", report, re.IGNORECASE)
    assert train(scenes, tmp_path / "half", "--epochs", "1", "--accumulate", "2") == 0
    report = (tmp_path / "half.training" / "report.html").read_text("utf-8")
    assert re.search(r"batch size\b[^\n]*?>4<", report, re.IGNORECASE)


def test_a_training_among_the_checkpoints_needs_no_adding(
    scenes: tuple[str, str], tmp_path: Path, capsys: Capture
) -> None:
    output = checkpoints_folder() / "mine"
    assert train(scenes, output, "--epochs", "1", "--work", str(tmp_path / "work")) == 0
    assert capsys.readouterr().out.endswith("To search with it: anhoi models use mine\n")
    assert find_installed("mine").folder == output


@pytest.mark.parametrize("count", [1, 4])
def test_data_are_a_file_a_folder_and_a_weight(
    count: int, scenes: tuple[str, str], tmp_path: Path, capsys: Capture
) -> None:
    data = [*scenes, "1", "1"][:count]
    options = ["--validation", *scenes, "--output", str(tmp_path / "ok")]
    assert run(["train", "new", "beit3", "--data", *data, *options]) == 2
    assert "takes CAPTIONS IMAGES, or CAPTIONS IMAGES WEIGHT" in capsys.readouterr().err


@pytest.mark.parametrize("action", ["new", "tune", "teacher"])
def test_the_help_says_how_data_are_named(action: str, capsys: Capture) -> None:
    assert run(["train", action, "--help"]) == 0
    assert "--data CAPTIONS IMAGES [WEIGHT ...]" in capsys.readouterr().out


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
