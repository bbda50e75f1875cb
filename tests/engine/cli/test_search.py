import json
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from engine.cli.commands import run
from engine.index.upkeep import open_index
from engine.indexing.adding import add_files
from engine.indexing.embedding import embed_missing
from engine.inference.client import ModelProcess
from engine.library.library import Library
from engine.models.installed import InstalledCheckpoint
from engine.paths import absolute
from engine.search.fusion import NORMALISATIONS

MakePhoto = Callable[..., Path]
Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
Capture = pytest.CaptureFixture[str]
KEYS = ["path", "id", "online", "score", "openclip", "beit3", "taken_at"]


@pytest.fixture(autouse=True)
def no_leaks() -> None:
    """The process of this module outlives its tests; `models` ends it."""


@pytest.fixture(scope="module")
def models(tiny_pair: Pair) -> Iterator[ModelProcess]:
    with ModelProcess(tiny_pair) as process:
        yield process


@pytest.fixture(autouse=True)
def surroundings(models: ModelProcess, tiny_pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tiny pair, run by one process for all commands: starting one takes seconds."""
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(tiny_pair[0].folder.parent))
    monkeypatch.setattr("engine.workspace.ModelProcess", lambda *_, **__: nullcontext(models))


@pytest.fixture
def photos_folder(tmp_path: Path, make_photo: MakePhoto) -> Path:
    folder = tmp_path / "ảnh của tôi"
    for seed in range(6):
        make_photo(folder / "con" / f"hình {seed}.png", seed=seed)
    for seed in range(6, 9):
        make_photo(folder / f"{seed}.png", seed=seed)
    return folder


@pytest.fixture
def library(tmp_path: Path, photos_folder: Path, tiny_pair: Pair, models: ModelProcess) -> Path:
    """Nine photos, embedded."""
    folder = tmp_path / "thư viện"
    with Library.open(folder) as opened:
        for checkpoint in tiny_pair:
            opened.remember(checkpoint.record.family, checkpoint.record.name)
        indexes = {c.key: open_index(opened, c.key, c.record.dimension) for c in tiny_pair}
        list(add_files(opened, absolute(photos_folder)))
        list(embed_missing(opened, models, indexes))
    return folder


def search(library: Path, *arguments: str) -> int:
    return run(["--library", str(library), "search", *arguments])


def found(capsys: Capture, library: Path, *arguments: str) -> list[dict[str, object]]:
    assert search(library, *arguments, "--json") == 0
    out = capsys.readouterr().out
    assert out.isascii()  # so that it can be written to a stream of any encoding
    rows: list[dict[str, object]] = json.loads(out)
    return rows


def test_a_ranking_is_printed_as_a_table(library: Path, capsys: Capture) -> None:
    assert search(library, "một con chó", "--limit", "4") == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0].split() == ["rank", "score", "OpenCLIP", "BEiT3", "photo"]
    assert [line.split()[0] for line in lines[1:]] == ["1", "2", "3", "4"]
    assert all(".png" in line for line in lines[1:])
    assert err == ""


def test_json_is_one_list_of_photos_best_first_and_nothing_else(
    library: Path, capsys: Capture
) -> None:
    rows = found(capsys, library, "một con chó")
    assert all(list(row) == KEYS for row in rows)
    assert len({row["id"] for row in rows}) == len(rows) == 9
    scores = [row["score"] for row in rows]
    assert scores == sorted(scores, reverse=True, key=float)  # type: ignore[arg-type]
    assert any("ảnh của tôi/con/hình" in str(row["path"]) for row in rows)


def test_old_and_new_tone_placement_and_decomposed_text_find_the_same(
    library: Path, capsys: Capture
) -> None:
    rankings = [
        found(capsys, library, text)
        for text in ("hòa bình", "hoà bình", unicodedata.normalize("NFD", "hoà bình"))
    ]
    assert rankings[0] == rankings[1] == rankings[2]


@pytest.mark.parametrize("text", ["tết (", "100%", "a_b", "tết 2023", "*", "[a-"])
def test_signs_are_ordinary_text(text: str, library: Path, capsys: Capture) -> None:
    if text == "*":
        assert search(library, text) == 1
        assert "no word" in capsys.readouterr().err
    else:
        assert len(found(capsys, library, text)) == 9


def test_modes_and_fusions_change_the_ranking_but_lose_no_photo(
    library: Path, capsys: Capture
) -> None:
    every = sorted(str(row["id"]) for row in found(capsys, library, "chó"))
    for how in NORMALISATIONS:
        options = ("--normalisation", how, "--weights", "0.2", "0.8")
        rows = found(capsys, library, "chó", *options)
        assert sorted(str(row["id"]) for row in rows) == every
    for mode in ("openclip", "beit3"):
        rows = found(capsys, library, "chó", "--mode", mode)
        assert all(row["score"] == row[mode] for row in rows)


def test_filters_by_folder_and_by_day(library: Path, photos_folder: Path, capsys: Capture) -> None:
    assert len(found(capsys, library, "chó", "--folder", str(photos_folder / "con"))) == 6
    assert len(found(capsys, library, "chó", "--folder", str(photos_folder.parent))) == 9
    two = ("--folder", str(photos_folder / "con"), "--folder", str(photos_folder))
    assert len(found(capsys, library, "chó", *two)) == 9
    assert search(library, "chó", "--from", "2024-01-01") == 0
    assert capsys.readouterr().out == "No photo fits.\n"
    assert found(capsys, library, "chó", "--from", "2024-01-01") == []


def test_photos_like_one_of_the_library_and_like_any_other(
    library: Path, photos_folder: Path, tmp_path: Path, make_photo: MakePhoto, capsys: Capture
) -> None:
    own = photos_folder / "con" / "hình 3.png"
    rows = found(capsys, library, "--like", str(own))
    assert len(rows) == 8
    assert str(own) not in [row["path"] for row in rows]
    foreign = make_photo(tmp_path / "lạ.png", seed=3)
    assert found(capsys, library, "--like", str(foreign))[0]["path"] == str(own)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("",), "The query is empty."),
        (("  ",), "The query is empty."),
        (("x" * 3000,), "at most 2,000 can be searched."),
        (("a\udcff",), "The query holds a broken character."),
        (("x", "--weights", "-1", "1"), "finite and not negative"),
        (("x", "--weights", "nan", "1"), "finite and not negative"),
        (("x", "--weights", "0", "0"), "at least one weight must be above zero"),
        (("x", "--folder", "/nowhere"), "/nowhere is in no folder of the library."),
        (("x", "--from", "2024-05-02", "--to", "2024-05-01"), "2024-05-02 is after 2024-05-01."),
        (("--like", "/nowhere.jpg"), "/nowhere.jpg: The file is no longer there."),
        (("--like", "/"), "/: This is not an ordinary file."),
    ],
)
def test_what_cannot_be_searched_is_told_in_one_sentence(
    arguments: tuple[str, ...], sentence: str, library: Path, capsys: Capture
) -> None:
    assert search(library, *arguments) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("anhoi: ")
    assert sentence in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("x", "--like", "y.jpg"),
        ("x", "--limit", "0"),
        ("x", "--limit", "many"),
        ("x", "--from", "2024-13-01"),
        ("x", "--to", "yesterday"),
        ("x", "--weights", "1"),
        ("x", "--mode", "clip"),
        ("x", "--normalisation", "softmax"),
    ],
)
def test_a_wrong_call_is_told_with_the_usage(
    arguments: tuple[str, ...], library: Path, capsys: Capture
) -> None:
    assert search(library, *arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("usage: anhoi search")


def test_a_photo_of_the_library_that_cannot_be_read_is_no_empty_ranking(
    library: Path, photos_folder: Path, capsys: Capture
) -> None:
    broken = photos_folder / "hỏng.jpg"
    broken.write_bytes(b"no picture")
    with Library.open(library) as opened:
        list(add_files(opened, absolute(photos_folder)))
    assert search(library, "--like", str(broken)) == 1
    assert "hỏng.jpg: " in capsys.readouterr().err


def test_photos_still_to_be_embedded_are_told_but_not_those_that_cannot_be(
    library: Path,
    photos_folder: Path,
    tiny_pair: Pair,
    models: ModelProcess,
    make_photo: MakePhoto,
    capsys: Capture,
) -> None:
    (photos_folder / "hỏng.jpg").write_bytes(b"no picture")
    make_photo(photos_folder / "new.png", seed=20)
    with Library.open(library) as opened:
        list(add_files(opened, absolute(photos_folder)))
    assert search(library, "chó") == 0
    assert capsys.readouterr().err == "2 of 11 photos are still to be embedded.\n"
    with Library.open(library) as opened:
        indexes = {c.key: open_index(opened, c.key, c.record.dimension) for c in tiny_pair}
        list(embed_missing(opened, models, indexes))
    assert search(library, "chó") == 0
    assert capsys.readouterr().err == ""


def test_a_library_that_is_not_there_or_empty_says_to_index_first(
    tmp_path: Path, tiny_pair: Pair, capsys: Capture
) -> None:
    assert search(tmp_path / "none", "chó") == 1
    assert "index a folder first" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
    with Library.open(tmp_path / "empty") as opened:
        for checkpoint in tiny_pair:
            opened.remember(checkpoint.record.family, checkpoint.record.name)
    assert search(tmp_path / "empty", "chó") == 0
    out, err = capsys.readouterr()
    assert out == "No photo fits.\n"
    assert "index a folder first" in err


def test_photos_removed_while_the_query_is_encoded_are_left_out(
    library: Path, photos_folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.search.searching import Searcher

    score = Searcher.score_text

    def remove_meanwhile(searcher: Searcher, text: str, english: str | None) -> object:
        with Library.open(library) as other:
            other.folders.remove(other.folders.all()[0].id)
        return score(searcher, text, english)

    monkeypatch.setattr(Searcher, "score_text", remove_meanwhile)
    assert search(library, "chó") == 0
    assert capsys.readouterr().out == "No photo fits.\n"


def test_photos_of_an_unplugged_drive_are_found_and_marked(library: Path, capsys: Capture) -> None:
    with Library.open(library) as opened:
        opened.folders.set_online(opened.folders.all()[0].id, False)
    assert not any(row["online"] for row in found(capsys, library, "một con chó"))
    assert run(["--library", str(library), "search", "một con chó"]) == 0
    assert capsys.readouterr().out.count("(off-line)") == len(found(capsys, library, "một con chó"))
