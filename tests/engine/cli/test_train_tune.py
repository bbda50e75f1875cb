import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.cli.commands import run
from engine.cli.scenes import draw_scenes
from engine.models.installed import InstalledCheckpoint, find_installed, install, verify
from engine.paths import checkpoints_folder, trainings_folder
from engine.training.fitting import HISTORY_FILE
from engine.training.history import read_history
from tests.engine.cli.teaching import teach

Capture = pytest.CaptureFixture[str]
Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)  # a busy machine makes two many times slower than one
    yield
    torch.set_num_threads(before)


@pytest.fixture(autouse=True)
def checkpoints(tiny_pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the tiny pair is installed; new ones go there, too."""
    folder = tmp_path / "checkpoints"
    folder.mkdir()
    for checkpoint in tiny_pair:
        (folder / checkpoint.folder.name).symlink_to(checkpoint.folder)
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(folder))


@pytest.fixture
def scenes(tmp_path: Path) -> tuple[str, str]:
    """A caption file and the folder of its eight photos."""
    folder = tmp_path / "cảnh vẽ"
    folder.mkdir()
    lines = []
    for name, caption, image in list(draw_scenes())[::3]:
        image.resize((96, 72)).save(folder / f"{name}.png")
        lines.append(f"{name}.png\t{caption}\n")
    (tmp_path / "lời.tsv").write_text("".join(lines), "utf-8")
    return str(tmp_path / "lời.tsv"), str(folder)


def tune(scenes: tuple[str, str], checkpoint: str, output: str, *options: str) -> int:
    data = ["--data", *scenes, "1", "--validation", *scenes]
    small = ["--epochs", "2", "--batch-size", "4", "--rank", "2"]
    return run(["train", "tune", checkpoint, *data, "--output", output, *small, *options])


@pytest.mark.parametrize("original", ["tiny-openclip", "tiny-beit3"])
def test_a_tuned_checkpoint_is_here_with_its_figures_before_and_after(
    original: str, scenes: tuple[str, str], capsys: Capture
) -> None:
    assert tune(scenes, original, "mine", "--languages", "vi,en", "--chunk", "2") == 0
    out = capsys.readouterr().out
    figures = r"vi R@1 [\d.]+, vi R@10 100\.0, vi without marks R@1 [\d.]+, .* 100\.0\n"
    assert re.match(f"{original}: {figures}", out)
    assert re.search(rf"\ntuning, step 4: contrastive \d\.\d+, {figures}", out)
    assert re.search(f"\nmine: {figures}", out)
    work = trainings_folder() / "mine"
    end = f"mine is here: anhoi models use mine. The report is in {work}.\n"
    assert out.endswith(end)
    assert (work / "report.html").stat().st_size > 1000
    found = find_installed("mine")
    verify(found)
    assert found.record.languages == ("vi", "en")
    assert tune(scenes, original, "mine", "--chunk", "2") == 0  # it is finished already
    assert capsys.readouterr().out.endswith(end)
    assert find_installed("mine").key == found.key
    assert run(["models", "list"]) == 0
    assert re.search(r"mine +(openclip|beit3) +yes", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("checkpoint", "output", "options", "sentence"),
    [
        ("nothing", "ok", (), "There is no checkpoint “nothing”: anhoi models list shows all."),
        ("ViT-B-32:openai", "ok", (), "There is no checkpoint “ViT-B-32:openai”"),
        ("tiny-beit3", "My Own", (), "“My Own” cannot name a checkpoint"),
        ("tiny-beit3", "../ok", (), "“../ok” cannot name a checkpoint"),
        ("tiny-beit3", "tiny-beit3", (), "There is a checkpoint “tiny-beit3” already: choose"),
        ("tiny-beit3", "starter-beit3", (), "starter-beit3 comes with the program: choose"),
        ("tiny-beit3", "vit-b-16-siglip2", (), "can be downloaded: choose another --output."),
        ("tiny-beit3", "ok", ("--batch-size", "9"), "more than the 8 there are"),
        ("tiny-beit3", "ok", ("--languages", "en"), "Most captions are Vietnamese"),
        ("tiny-beit3", "ok", ("--prefixes", "99"), "An embedding has 32 numbers: --prefixes 99"),
    ],
)
def test_what_cannot_be_tuned_is_told_in_a_sentence(
    checkpoint: str,
    output: str,
    options: tuple[str, ...],
    sentence: str,
    scenes: tuple[str, str],
    capsys: Capture,
) -> None:
    assert tune(scenes, checkpoint, output, *options) == 1
    assert sentence in capsys.readouterr().err.splitlines()[-1]
    assert not (checkpoints_folder() / "ok").exists()


def test_a_removed_checkpoint_is_there_again_after_the_same_command(
    scenes: tuple[str, str], capsys: Capture
) -> None:
    assert tune(scenes, "tiny-openclip", "mine") == 0
    key = find_installed("mine").key
    assert run(["models", "remove", "mine"]) == 0
    capsys.readouterr()
    assert tune(scenes, "tiny-openclip", "mine") == 0
    assert "step" not in capsys.readouterr().out  # nothing was learnt again
    assert find_installed("mine").key == key


def test_the_folder_of_another_training_gives_no_right_to_a_checkpoint(
    scenes: tuple[str, str], tmp_path: Path, capsys: Capture
) -> None:
    work = ("--work", str(tmp_path / "work"))
    assert tune(scenes, "tiny-openclip", "mine", *work) == 0
    key = find_installed("tiny-beit3").key
    assert tune(scenes, "tiny-openclip", "tiny-beit3", *work) == 1
    assert "There is a checkpoint “tiny-beit3” already" in capsys.readouterr().err
    assert find_installed("tiny-beit3").key == key
    assert tune(scenes, "tiny-openclip", "other", *work) == 1
    assert "work keeps the training of another checkpoint, " in capsys.readouterr().err


def test_a_missing_peft_is_told_before_anything_is_decoded(
    scenes: tuple[str, str], capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "peft", None)
    assert tune(("no captions", scenes[1]), "tiny-beit3", "ok") == 1
    assert 'pip install "anhoi[train]"' in capsys.readouterr().err


def test_a_tuning_that_did_not_help_says_so(scenes: tuple[str, str], capsys: Capture) -> None:
    assert tune(scenes, "tiny-beit3", "mine", "--learning-rate", "1e-12") == 0
    out, err = capsys.readouterr()
    assert "\nmine finds no more of the validation photos than tiny-beit3 does. More " in out
    assert "There are only 8 validation photos: R@10 means little" in err
    report = (trainings_folder() / "mine" / "report.html").read_text("utf-8")
    assert "Before" in report


def test_sentences_and_a_teacher_are_learnt_from(scenes: tuple[str, str], tmp_path: Path) -> None:
    pairs = tmp_path / "cặp.tsv"
    pairs.write_text("a dog\tmột con chó\na red ball\tquả bóng đỏ\n", "utf-8")
    teacher = ("--teacher", teach(*scenes, tmp_path / "teacher.npy", views=0))
    more = ("--sentences", str(pairs), *teacher, "--similarity", "1")
    assert tune(scenes, "tiny-openclip", "mine", *more) == 0
    entries = read_history(trainings_folder() / "mine" / HISTORY_FILE)
    named = {"contrastive", "translation", "feature", "similarity"}
    assert set(entries[-1].losses) == named
    verify(find_installed("mine"))


def test_damaged_weights_are_told(
    scenes: tuple[str, str], tiny_pair: Pair, capsys: Capture
) -> None:
    folder = checkpoints_folder() / "broken"
    folder.mkdir()
    for path in tiny_pair[0].folder.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "model.safetensors").write_bytes(b"cut short")
    weights = replace(tiny_pair[0].record.weights, sha256=None, size=None)
    install(replace(tiny_pair[0].record, name="broken", weights=weights), folder)
    assert tune(scenes, "broken", "ok") == 1
    assert "model.safetensors is damaged or incomplete" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [
        ("--rank", "0"),
        ("--chunk", "0"),
        ("--epochs", "x"),
        ("--learning-rate", "0"),
        ("--languages", "vn"),
    ],
)
def test_numbers_that_make_no_sense_are_a_wrong_call(
    options: tuple[str, ...], scenes: tuple[str, str], capsys: Capture
) -> None:
    assert tune(scenes, "tiny-beit3", "ok", *options) == 2
    assert capsys.readouterr().err.startswith("usage: anhoi train tune")
