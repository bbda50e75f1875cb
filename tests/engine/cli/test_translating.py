"""Searching and evaluating from the command line with an encoder that knows English only."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from engine.cli.commands import run
from engine.index.upkeep import open_index
from engine.indexing.adding import add_files
from engine.indexing.embedding import embed_missing
from engine.inference.client import ModelProcess
from engine.library.library import Library
from engine.models.installed import RECORD_FILE, InstalledCheckpoint, install
from engine.models.installed_translators import InstalledTranslator
from engine.paths import absolute
from tests.conftest import MakePhoto
from tests.engine.models.tiny_translators import LEARNT

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
Capture = pytest.CaptureFixture[str]
DOG = "một con chó chạy trên bãi cỏ"


@pytest.fixture(autouse=True)
def no_leaks() -> None:
    """The process of this module outlives its tests; `models` ends it."""


@pytest.fixture(scope="module")
def pair(tiny_pair: Pair, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """The tiny pair, of which the second one knows English only."""
    parent = tmp_path_factory.mktemp("checkpoints")
    found = []
    for one, languages in zip(tiny_pair, (("vi", "en"), ("en",)), strict=True):
        folder = parent / one.record.name
        folder.mkdir()
        for path in one.folder.iterdir():
            if path.name != RECORD_FILE:
                (folder / path.name).write_bytes(path.read_bytes())
        found.append(install(replace(one.record, languages=languages), folder))
    return found[0], found[1]


@pytest.fixture(scope="module")
def models(pair: Pair, marian: InstalledTranslator) -> Iterator[ModelProcess]:
    with ModelProcess(pair, translator=marian) as process:
        yield process


@pytest.fixture
def library(
    pair: Pair,
    models: ModelProcess,
    tmp_path: Path,
    make_photo: MakePhoto,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """Four photos, embedded; one process answers all commands, because starting it takes long."""
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(pair[0].folder.parent))
    monkeypatch.setattr("engine.workspace.ModelProcess", lambda *_, **__: nullcontext(models))
    folder = tmp_path / "library"
    for seed in range(4):
        make_photo(tmp_path / "photos" / f"{seed}.png", seed=seed)
    with Library.open(folder) as opened:
        for one in pair:
            opened.remember(one.record.family, one.record.name)
        indexes = {one.key: open_index(opened, one.key, one.record.dimension) for one in pair}
        list(add_files(opened, absolute(tmp_path / "photos")))
        list(embed_missing(opened, models, indexes))
    return folder


def search(library: Path, *arguments: str) -> int:
    return run(["--library", str(library), "search", *arguments])


def test_the_english_words_are_told_beside_the_ranking(library: Path, capsys: Capture) -> None:
    assert search(library, DOG) == 0
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 5
    assert err == f"In English: {LEARNT[DOG]}\n"
    assert search(library, DOG, "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["english"] for row in rows] == [LEARNT[DOG]] * 4
    assert all(row["left_out"] == [] and row["beit3"] is not None for row in rows)


def test_the_users_own_english_words_are_searched(library: Path, capsys: Capture) -> None:
    assert search(library, DOG, "--english", "snow -dog") == 0
    assert capsys.readouterr().err == "In English: snow -dog\n"
    assert search(library, DOG, "--english=-dog") == 1
    assert "only says what to avoid" in capsys.readouterr().err


def test_english_words_that_nobody_needs_are_told_of(
    library: Path,
    models: ModelProcess,
    pair: Pair,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    everybody = {one.key: replace(one, record=pair[0].record) for one in pair}
    monkeypatch.setattr(models, "checkpoints", everybody)
    assert search(library, DOG, "--english", "a dog") == 0
    assert "--english changes nothing" in capsys.readouterr().err


def test_an_english_query_is_searched_as_it_is(library: Path, capsys: Capture) -> None:
    assert search(library, "a dog in the snow", "--json") == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "english" not in json.loads(out)[0]


def test_without_a_translator_it_is_told_who_is_left_out(
    library: Path, models: ModelProcess, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "translator", None)
    assert search(library, DOG) == 0
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 5
    assert "tiny-beit3 does not know Vietnamese, and there is no translator" in err
    assert search(library, DOG, "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert all(row["left_out"] == ["beit3"] and row["beit3"] is None for row in rows)
    assert search(library, DOG, "--mode", "beit3") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "no translator" in err


def test_an_evaluation_tells_what_was_translated_and_who_was_left_out(
    library: Path,
    models: ModelProcess,
    tmp_path: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    captions = tmp_path / "captions.tsv"
    lines = [f"{number}.png\t{text}\n" for number, text in enumerate(list(LEARNT)[:4])]
    captions.write_text("".join(lines), "utf-8")
    evaluate = ["--library", str(library), "evaluate", str(captions)]
    evaluate += ["--images", str(tmp_path / "photos")]
    assert run(evaluate) == 0
    assert "4 captions were translated" in capsys.readouterr().out
    monkeypatch.setattr(models, "translator", None)
    assert run(evaluate) == 0
    assert "No figures of BEiT3: tiny-beit3 does not know" in capsys.readouterr().out
    assert run([*evaluate, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["beit3"] is None
    assert figures["fused"] == figures["openclip"]
    assert list(figures["left_out"]) == ["beit3"]
