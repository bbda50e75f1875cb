import csv
import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from engine.cli.commands import run
from engine.evaluation.runs import own_library
from engine.inference.client import ModelProcess
from engine.library.library import Library
from engine.models.installed import InstalledCheckpoint
from engine.paths import cache_folder, default_library_folder

MakePhoto = Callable[..., Path]
Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
Capture = pytest.CaptureFixture[str]
FIGURES = {"r1", "r5", "r10", "mean_rank", "median_rank"}
CAPTIONS = "con/0.png\tmột con chó\n1.png\thoà bình\n2.png\ttết 2023\n0.png\tmột con mèo\n"


@pytest.fixture(autouse=True)
def no_leaks() -> None:
    """The process of this module outlives its tests; `models` ends it."""


@pytest.fixture(scope="module")
def models(tiny_pair: Pair) -> Iterator[ModelProcess]:
    with ModelProcess(tiny_pair) as process:
        yield process


@pytest.fixture
def images(tmp_path: Path, make_photo: MakePhoto) -> Path:
    folder = tmp_path / "ảnh của tôi"
    for seed, name in enumerate(("con/0.png", "1.png", "2.png", "not captioned.png")):
        make_photo(folder / name, seed=seed)
    return folder


@pytest.fixture
def captions(tmp_path: Path) -> Path:
    path = tmp_path / "lời.tsv"
    path.write_text(CAPTIONS, "utf-8")
    return path


def use(library: Path, pair: Pair) -> None:
    with Library.open(library) as opened:
        for checkpoint in pair:
            opened.remember(checkpoint.record.family, checkpoint.record.name)


@pytest.fixture(autouse=True)
def surroundings(
    models: ModelProcess, tiny_pair: Pair, images: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tiny pair, run by one process for all commands: starting one takes seconds."""
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(tiny_pair[0].folder.parent))
    monkeypatch.setattr("engine.workspace.ModelProcess", lambda *_, **__: nullcontext(models))
    use(own_library(images), tiny_pair)


def evaluate(captions: Path, images: Path, *options: str) -> int:
    return run(["evaluate", str(captions), "--images", str(images), *options])


def embedded(library: Path, pair: Pair) -> int:
    with Library.open_to_read(library) as opened:
        return opened.embeddings.count(pair[0].key)


def test_json_prints_exactly_one_object_with_exactly_the_promised_keys(
    captions: Path, images: Path, capsys: Capture
) -> None:
    assert evaluate(captions, images, "--json") == 0
    out, err = capsys.readouterr()
    assert out.count("\n") == 1
    figures = json.loads(out)
    keys = ["openclip", "beit3", "fused", "weights", "normalisation", "queries", "photos"]
    assert list(figures) == keys
    assert all(set(figures[name]) == FIGURES for name in keys[:3])
    # 0.png is found by its name, in the folder below: two captions for one photo.
    assert (figures["queries"], figures["photos"]) == (4, 3)
    assert figures["weights"] == {"openclip": 0.5, "beit3": 0.5}
    assert "Embedding" in err


def test_other_checkpoints_can_be_evaluated_for_once(
    captions: Path, images: Path, tiny_pair: Pair, tmp_path: Path
) -> None:
    output = tmp_path / "report.json"
    names = [checkpoint.record.name for checkpoint in tiny_pair]
    options = ["--openclip", names[0], "--beit3", names[1], "--output", str(output)]
    folder = tmp_path / "library"
    arguments = ["evaluate", str(captions), "--images", str(images), *options]
    assert run(["--library", str(folder), *arguments]) == 0
    assert list(json.loads(output.read_text())["checkpoints"].values()) == names
    with Library.open_to_read(folder) as library:
        assert library.setting("openclip") is None


def test_a_table_is_printed_for_people(captions: Path, images: Path, capsys: Capture) -> None:
    assert evaluate(captions, images, "--weights", "1", "3", "--normalisation", "rrf") == 0
    out, _ = capsys.readouterr()
    assert "fused: RRF 1 : 3" in out
    assert "Text to image: 4 captions" in out
    assert "Image to text: 3 photos" in out


def test_all_figures_are_written_where_asked(
    captions: Path, images: Path, tmp_path: Path, capsys: Capture
) -> None:
    for name in ("kết quả.json", "RESULT.CSV"):
        assert evaluate(captions, images, "--json", "--output", str(tmp_path / name)) == 0
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    written = json.loads((tmp_path / "kết quả.json").read_text("utf-8"))
    for name in ("openclip", "beit3", "fused"):
        assert written["text_to_image"][name].items() >= printed[name].items()
    rows = list(csv.DictReader((tmp_path / "RESULT.CSV").read_text("utf-8").splitlines()))
    assert [row["direction"] for row in rows] == ["text_to_image"] * 3 + ["image_to_text"] * 3


def test_the_users_own_library_is_left_alone_and_the_second_run_embeds_nothing(
    captions: Path, images: Path, tiny_pair: Pair, capsys: Capture
) -> None:
    assert evaluate(captions, images) == 0
    assert not default_library_folder().exists()
    library = own_library(images)
    assert library.is_relative_to(cache_folder())
    assert embedded(library, tiny_pair) == 3
    capsys.readouterr()
    assert evaluate(captions, images) == 0
    assert "Embedding:" not in capsys.readouterr().err.replace("0 photos", "")


def test_a_named_library_is_used_and_keeps_the_photos(
    captions: Path, images: Path, tmp_path: Path, tiny_pair: Pair, capsys: Capture
) -> None:
    library = tmp_path / "thư viện"
    use(library, tiny_pair)
    arguments = ["evaluate", str(captions), "--images", str(images), "--json"]
    assert run(["--library", str(library), *arguments]) == 0
    assert embedded(library, tiny_pair) == 3
    assert embedded(own_library(images), tiny_pair) == 0


def test_photos_left_out_are_told_on_standard_error(
    captions: Path, images: Path, capsys: Capture
) -> None:
    captions.write_text(CAPTIONS + "gone.png\tkhông có\n", "utf-8")
    (images / "2.png").write_bytes(b"no picture")
    assert evaluate(captions, images, "--json") == 0
    out, err = capsys.readouterr()
    assert "1 captioned photos are not there and left out: gone.png" in err
    assert "1 captioned photos could not be read and left out: " in err
    assert "2.png" in err
    assert json.loads(out)["photos"] == 2


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        (None, (), "cannot be read: No such file"),
        (b"", (), "line 1: there is no caption"),
        (b"1.png\n", (), "line 1: columns expected: 2, found: 1"),
        (b"1.png\t\xff\n", (), "line 1: it is not UTF-8 text"),
        (b"other.png\tmeo\n", (), "None of the photos that"),
        (b"1.png\tmeo\n", ("--output", "result.xls"), "must end in .json or .csv"),
        (b"1.png\tmeo\n", ("--output", "/nowhere/r.csv"), "/nowhere/r.csv cannot be written"),
        (b"1.png\tmeo\n", ("--weights", "0", "0"), "at least one weight must be above zero"),
    ],
)
def test_what_cannot_be_evaluated_is_told_in_a_sentence(
    content: bytes | None,
    options: tuple[str, ...],
    sentence: str,
    captions: Path,
    images: Path,
    capsys: Capture,
) -> None:
    captions.unlink()
    if content is not None:
        captions.write_bytes(content)
    assert evaluate(captions, images, *options) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert sentence in err.splitlines()[-1]
    assert "Traceback" not in err


def test_a_missing_folder_and_a_library_in_use_are_told(
    captions: Path, images: Path, tmp_path: Path, tiny_pair: Pair, capsys: Capture
) -> None:
    use(own_library(tmp_path / "nowhere"), tiny_pair)
    assert evaluate(captions, tmp_path / "nowhere") == 1
    assert "There is no folder" in capsys.readouterr().err
    with Library.open(own_library(images)):
        assert evaluate(captions, images) == 1
    assert "Another Ảnh Ơi is writing" in capsys.readouterr().err
