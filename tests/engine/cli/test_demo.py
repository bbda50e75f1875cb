from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from engine.cli.commands import run
from engine.cli.demo import QUERIES, RESULTS
from engine.inference.client import ModelProcess
from engine.library.library import Library
from engine.models.installed import InstalledCheckpoint
from engine.paths import cache_folder

MakePhoto = Callable[..., Path]
Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def no_leaks() -> None:
    """The process of this module outlives its tests; `models` ends it."""


@pytest.fixture(scope="module")
def models(tiny_pair: Pair) -> Iterator[ModelProcess]:
    with ModelProcess(tiny_pair) as process:
        yield process


@pytest.fixture(autouse=True)
def surroundings(models: ModelProcess, tiny_pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tiny pair in the demo's library, run by one process for all commands."""
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(tiny_pair[0].folder.parent))
    monkeypatch.setattr("engine.workspace.ModelProcess", lambda *_, **__: nullcontext(models))
    with Library.open(cache_folder() / "demo" / "library") as library:
        for checkpoint in tiny_pair:
            library.remember(checkpoint.record.family, checkpoint.record.name)


def shown(out: str, suffix: str) -> list[str]:
    return [line for line in out.splitlines() if line.startswith("   ") and line.endswith(suffix)]


def test_the_demo_draws_its_own_photos_searches_and_says_where_things_are(
    capsys: Capture,
) -> None:
    assert run(["demo"]) == 0
    out, _ = capsys.readouterr()
    assert all(f"“{query}”" in out for query in QUERIES)
    assert len(shown(out, ".jpg")) == RESULTS * len(QUERIES)
    demo = cache_folder() / "demo"
    assert f"Photos:   {demo / 'scenes'}" in out
    assert f"Library:  {demo / 'library'}" in out
    assert len(list((demo / "scenes").iterdir())) == 24


def test_a_second_demo_embeds_nothing_and_one_of_an_album_shows_that_album_only(
    tmp_path: Path, make_photo: MakePhoto, capsys: Capture
) -> None:
    assert run(["demo"]) == 0
    capsys.readouterr()
    assert run(["demo"]) == 0
    assert "24 photo files." in capsys.readouterr().err
    album = tmp_path / "ảnh của tôi"
    for seed in range(4):
        make_photo(album / f"{seed}.png", seed=seed)
    assert run(["demo", str(album)]) == 0
    out, _ = capsys.readouterr()
    assert len(shown(out, ".png")) == RESULTS * len(QUERIES)
    assert not shown(out, ".jpg")


def test_a_demo_of_a_folder_that_is_not_there_or_empty_is_told(
    tmp_path: Path, capsys: Capture
) -> None:
    assert run(["demo", str(tmp_path / "nowhere")]) == 1
    assert "There is no folder" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert run(["demo", str(tmp_path / "empty")]) == 0
    assert "no photos" in capsys.readouterr().err
