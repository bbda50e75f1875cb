"""packaging/starters.sh, with a program in place of ours that only notes what it is asked."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.cli.commands import build_parser

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the starters are made on Linux")

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "packaging" / "starters.sh"
NEEDED = (
    "data/flickr8k/captions_vi_train.tsv",
    "data/flickr8k/captions_en_train.tsv",
    "data/flickr8k/captions_vi_native_train.tsv",
    "data/flickr8k/captions_vi_dev.tsv",
    "data/flickr8k/captions_en_dev.tsv",
    "data/flickr8k/images/1.jpg",
    "data/uit-viic/captions_vi.tsv",
    "data/uit-viic/images/1.jpg",
    "teachers/mobilenet_v1_1.0_224_quant_embedding_extractor.tflite",
    "teachers/mobilenet_v2_1.0_224_quant.tflite",
)
PROGRAM = f"""#!{sys.executable}
import json, os, sys, time
from pathlib import Path

with open("asked.jsonl", "a") as file:
    file.write(json.dumps(sys.argv[1:]) + "\\n")
if sys.argv[2:4] == ["train", "new"]:
    family, output = sys.argv[4], Path(sys.argv[sys.argv.index("--output") + 1])
    Path(f"{{family}}.pid").write_text(str(os.getpid()))
    if os.environ.get("HANGS"):
        time.sleep(60)
    if os.environ.get("FAILS") == family:
        sys.exit("Nothing is learnt.")
    output.mkdir(parents=True)
    for name in ("checkpoint.json", "model.safetensors"):
        (output / name).write_text(os.environ.get("WRITES", f"new {{family}}"))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with all that the script needs, the data in “dữ liệu”."""
    for name in NEEDED:
        path = tmp_path / "dữ liệu" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    program = tmp_path / ".venv" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text(PROGRAM, "utf-8")
    program.chmod(0o755)
    for family in ("openclip", "beit3"):
        folder = tmp_path / "resources" / "models" / f"starter-{family}"
        folder.mkdir(parents=True)
        for name in ("README.md", "checkpoint.json", "model.safetensors"):
            (folder / name).write_text(f"old {family}")
    return tmp_path


def script(project: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["sh", SCRIPT, *(arguments or ("dữ liệu", "nơi làm"))],
        cwd=project,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def contents(project: Path, name: str) -> list[str]:
    models = project / "resources" / "models"
    return [(models / f"starter-{family}" / name).read_text() for family in ("openclip", "beit3")]


def test_both_are_trained_and_take_the_place_of_the_old_ones(project: Path) -> None:
    running = script(project)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 0, err
    for name in ("checkpoint.json", "model.safetensors"):
        assert contents(project, name) == ["new openclip", "new beit3"]
    assert contents(project, "README.md") == ["old openclip", "old beit3"]


def test_a_record_names_the_data_and_not_the_file_of_captions(project: Path) -> None:
    written = '{"data": "captions_vi_dev"}\n{"data": "captions_en_dev"}\n'
    _, err = script(project, WRITES=written).communicate(timeout=60)
    named = '{"data": "Flickr8k dev"}\n' * 2
    assert contents(project, "checkpoint.json") == [named] * 2, err
    assert contents(project, "model.safetensors") == [written] * 2


def test_everything_that_is_asked_is_understood(project: Path) -> None:
    script(project).communicate(timeout=60)
    asked = [json.loads(line) for line in (project / "asked.jsonl").read_text().splitlines()]
    assert all(words[0] == "main.py" for words in asked)
    understood = [build_parser().parse_args(words[1:]) for words in asked]
    assert [each.images for each in understood if "images" in each] == [
        Path("dữ liệu/data/flickr8k/images")
    ]
    dev, train = (each for each in understood if "views" in each)
    assert (dev.views, train.views, train.mixed) == (0, 16, True)
    trained = [each for each in understood if "family" in each]
    assert {each.family for each in trained} == {"openclip", "beit3"}
    for each in trained:
        assert each.recipe == "starter"
        assert (each.teacher, each.validation_teacher) == (train.output, dev.output)
        assert each.data == train.data


@pytest.mark.parametrize("family", ["openclip", "beit3"])
def test_a_training_that_fails_is_told_and_changes_nothing(project: Path, family: str) -> None:
    running = script(project, FAILS=family)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 1
    assert f"The training of {family} has failed." in err
    assert err.endswith("Nothing is learnt.\n")
    assert contents(project, "model.safetensors") == ["old openclip", "old beit3"]


def test_stopping_the_script_stops_both_trainings(project: Path) -> None:
    running = script(project, HANGS="1")
    processes = [project / f"{family}.pid" for family in ("openclip", "beit3")]
    while not all(path.exists() and path.read_text() for path in processes):
        assert running.poll() is None
        time.sleep(0.02)
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=30)
    assert running.returncode == 130
    for path in processes:
        assert not Path(f"/proc/{path.read_text()}").exists()
    assert contents(project, "model.safetensors") == ["old openclip", "old beit3"]


@pytest.mark.parametrize("name", NEEDED)
def test_what_is_missing_is_named_before_anything_is_done(project: Path, name: str) -> None:
    path = project / "dữ liệu" / name
    path.unlink()
    if path.parent.name == "images":
        path.parent.rmdir()
    running = script(project)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 1
    assert f"dữ liệu/{name.removesuffix('/1.jpg')} is missing: make starters SHARED=" in err
    assert not (project / "asked.jsonl").exists()


def test_without_folders_it_says_how_it_is_called(project: Path) -> None:
    running = script(project, "dữ liệu")
    _, err = running.communicate(timeout=60)
    assert running.returncode == 2
    assert err == "Usage: sh packaging/starters.sh SHARED WORK\n"
