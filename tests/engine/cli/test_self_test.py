"""Faults are built into real files: what is sound in words only would not be found so."""

import json
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from engine.cli.commands import run
from engine.cli.scenes import MORE_FIGURES, MORE_GROUNDS, draw_scenes
from engine.cli.self_test import (
    CHECKS,
    Finding,
    draw_album,
    examine,
    index_album,
    models_in,
    trial_in,
)
from engine.cli.soundness import Trial, Unsound, new_style, rankings_are_fused_plainly
from engine.cli.understanding import p_value
from engine.errors import FolderError, IndexFileError, ModelProcessDied
from engine.index.upkeep import open_index, save_index
from engine.inference.client import ModelProcess
from engine.library.library import Library
from engine.models.installed import InstalledCheckpoint, install
from engine.paths import bundled_checkpoints_folder, cache_folder
from engine.search.fusion import Fusion
from engine.search.query import normalise_text
from engine.search.scores import Ranking, Scores
from engine.workspace import Workspace, remember_fusion, use_pair
from tests.engine.inference.serving import serve_nothing

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
Indexed = tuple[Path, dict[str, str]]
Capture = pytest.CaptureFixture[str]
FUSION = Fusion("zscore", (0.5, 0.5))
needs_starters = pytest.mark.skipif(
    not (bundled_checkpoints_folder() / "starter-openclip").exists(),
    reason="a checkout without the bundled weights",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "tự kiểm tra"
    made.mkdir()
    return made


@pytest.fixture
def own_pair(tiny_pair: Pair, tmp_path: Path) -> Pair:
    """The tiny pair in folders that a test may damage."""
    openclip, beit3 = (
        InstalledCheckpoint(
            each.record, Path(shutil.copytree(each.folder, tmp_path / "own" / each.record.name))
        )
        for each in tiny_pair
    )
    return openclip, beit3


def faults(found: dict[str, Finding]) -> dict[str, str]:
    return {name: finding.fault for name, finding in found.items() if finding.fault is not None}


@pytest.fixture(scope="module")
def indexed(tiny_pair: Pair, tmp_path_factory: pytest.TempPathFactory) -> Indexed:
    """A folder with the scenes and their library, and the queries; to be copied."""
    made = tmp_path_factory.mktemp("indexed")
    queries = draw_album(made)
    with models_in(made, tiny_pair) as models:
        list(index_album(made, tiny_pair, FUSION, models))
    return made, queries


@pytest.fixture
def copied(indexed: Indexed, folder: Path) -> Indexed:
    """The same with a library of its own."""
    shutil.copytree(indexed[0] / "library", folder / "library")
    return folder, indexed[1]


def examined(album: Indexed, pair: Pair) -> dict[str, Finding]:
    """What is found in a library of the scenes."""
    folder, queries = album
    with models_in(folder, pair) as models, trial_in(folder, pair, queries, models) as trial:
        return {finding.name: finding for finding in examine(trial)}


@needs_starters
def test_the_bundled_starters_are_sound_and_understand_the_scenes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    assert run(["doctor", "--self-test"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for name in CHECKS:
        assert any(line.startswith(f"{name}: sound") for line in lines)
    (understood,) = (line for line in lines if line.startswith("understanding, fused: sound"))
    assert "by chance 2 / 10 / 20 %" in understood
    assert not (tmp_path / "home").exists()  # nothing is written but into the temporary folder,
    assert not list(temporary.iterdir())  # which is tidied up


def test_random_weights_are_told_to_be_at_chance_and_all_else_is_sound(
    tiny_pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(tiny_pair[0].folder.parent))
    with Library.open(tmp_path / "library") as library:
        use_pair(library, {each.record.family: each.record.name for each in tiny_pair})
    assert run(["--library", str(tmp_path / "library"), "doctor", "--json"]) == 1
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert not told["sound"]
    assert "tiny-openclip and tiny-beit3" in err
    assert [each["name"] for each in told["findings"] if each["fault"]] == ["understanding, fused"]
    last = told["findings"][-1]
    assert "no better than chance" in last["fault"]
    assert set(last["figures"]) == {"R@1", "R@5", "R@10", "mean rank", "p"}
    assert not cache_folder().exists()


def test_an_index_file_whose_ids_were_permuted_is_caught(copied: Indexed, tiny_pair: Pair) -> None:
    with Library.open(copied[0] / "library") as library:
        for each in tiny_pair:
            index = open_index(library, each.key, each.record.dimension)
            index._ids = np.random.default_rng(1).permutation(index._ids)
            save_index(index, library, each.key)
    found = faults(examined(copied, tiny_pair))
    assert "The index file of tiny-openclip does not hold" in found["index files"]
    assert "finds another one before it" in found["photos find themselves"]
    assert "are not those of the embeddings" in found["cosines"]


def test_weights_that_were_exchanged_after_indexing_are_caught(
    copied: Indexed, own_pair: Pair, second_pair: Pair
) -> None:
    weights = second_pair[1].folder / "model.safetensors"
    shutil.copy(weights, own_pair[1].folder / "model.safetensors")
    found = faults(examined(copied, own_pair))
    assert "tiny-beit3 embeds the same photo differently" in found["photos again"]
    assert set(found) <= {"photos again", "photos find themselves", "understanding, fused"}


def test_embeddings_and_index_files_that_were_lost_are_caught(
    copied: Indexed, tiny_pair: Pair
) -> None:
    openclip, beit3 = tiny_pair
    with Library.open(copied[0] / "library") as library, library.transaction():
        first = int(library.photos.ids()[0])
        library.embeddings.add(first, openclip.key, np.full(32, np.nan, np.float16))
    found = faults(examined(copied, tiny_pair))
    assert "tiny-openclip are not of length 1" in found["embeddings"]
    assert "tiny-openclip does not hold" in found["index files"]
    (copied[0] / "library" / "indexes" / f"{openclip.key}.faiss").unlink()
    with Library.open_to_read(copied[0] / "library") as library:
        workspace = Workspace(library, (openclip, beit3), ModelProcess(()), {})
        with pytest.raises(IndexFileError, match=openclip.key):
            CHECKS["index files"](Trial(workspace, copied[1]))


def test_a_photo_that_cannot_be_embedded_ends_it_with_its_reason(
    folder: Path, tiny_pair: Pair
) -> None:
    queries = draw_album(folder)
    (folder / "scenes" / next(iter(queries))).write_bytes(b"\xff\xd8\xff no more")
    with models_in(folder, tiny_pair) as models:
        list(index_album(folder, tiny_pair, FUSION, models))
        with trial_in(folder, tiny_pair, queries, models) as trial:
            (only,) = examine(trial)
    assert only.name == "photos"
    assert only.fault is not None
    assert only.fault.startswith("A scene could not be embedded: ")


def test_encoders_of_other_languages_are_told_to_be_left_out(
    copied: Indexed, own_pair: Pair
) -> None:
    openclip, beit3 = own_pair
    english = install(replace(openclip.record, languages=("en",)), openclip.folder)
    found = examined(copied, (english, beit3))
    assert set(faults(found)) <= {"understanding, fused"}
    assert "tiny-openclip left out of 50 of 50 queries: " in found["translation"].note
    assert found["understanding, OpenCLIP only"].note == "left out"


def test_two_neighbours_that_changed_places_are_caught_also_where_ranks_are_fused(
    copied: Indexed, tiny_pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, queries = copied
    with Library.open(folder / "library") as library:
        remember_fusion(library, tiny_pair, Fusion("rrf", (0.5, 0.5)))
    fused = Scores.ranking

    def swapped(scores: Scores, by: Literal["fused"], fusion: Fusion) -> Ranking:
        ranking = fused(scores, by, fusion)
        apart = int(np.flatnonzero(np.diff(ranking.scores) < 0)[-1])
        ranking.ids[[apart, apart + 1]] = ranking.ids[[apart + 1, apart]]
        return ranking

    with (
        models_in(folder, tiny_pair) as models,
        trial_in(folder, tiny_pair, queries, models) as trial,
    ):
        assert "as computed plainly" in rankings_are_fused_plainly(trial)
        monkeypatch.setattr(Scores, "ranking", swapped)
        with pytest.raises(Unsound, match="is not what its cosines give"):
            rankings_are_fused_plainly(trial)


def test_queries_that_nobody_understands_are_a_fault(copied: Indexed, own_pair: Pair) -> None:
    openclip, beit3 = (
        install(replace(each.record, languages=("en",)), each.folder) for each in own_pair
    )
    found = faults(examined(copied, (openclip, beit3)))
    assert list(found) == ["queries"]
    assert "does not know Vietnamese" in found["queries"]


def test_a_checkpoint_that_is_not_there_or_damaged_is_one_sentence(
    own_pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(tmp_path / "own"))
    with Library.open(tmp_path / "library") as library:
        use_pair(library, {each.record.family: each.record.name for each in own_pair})
    arguments = ["--library", str(tmp_path / "library"), "doctor", "--self-test"]
    (own_pair[1].folder / "model.safetensors").write_bytes(b"damaged")
    assert run(arguments) == 1
    assert "self-test: The weights file" in capsys.readouterr().out
    shutil.rmtree(own_pair[1].folder)
    assert run(arguments) == 1
    assert "self-test: There is no checkpoint “tiny-beit3”" in capsys.readouterr().out


def test_a_model_process_that_dies_is_one_sentence(copied: Indexed, tiny_pair: Pair) -> None:
    folder, queries = copied
    with (
        ModelProcess(tiny_pair, serve=serve_nothing) as models,
        trial_in(folder, tiny_pair, queries, models) as trial,
        pytest.raises(ModelProcessDied, match="dies whenever a text is encoded"),
    ):
        CHECKS["queries"](trial)


def test_a_folder_that_cannot_be_written_to_is_told(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    (folder / "scenes").write_text("in the way")
    with pytest.raises(FolderError, match=r"The self-test cannot write to .*: File exists"):
        draw_album(folder)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert run(["doctor", "--self-test"]) == 1
    assert "self-test: There is no temporary folder" in capsys.readouterr().out


def test_there_are_fifty_queries_of_which_some_can_be_spelt_in_two_ways() -> None:
    queries = [words for _, words, _ in draw_scenes(MORE_GROUNDS, MORE_FIGURES)]
    assert len(set(queries)) == 50
    other = [new_style(query) for query in queries]
    assert [normalise_text(query) for query in other] == queries
    assert sum(a != b for a, b in zip(queries, other, strict=True)) == len(MORE_GROUNDS)
    assert new_style("tòa nhà lúc hoàng hôn, khỏe, thủy, quý") == (
        "toà nhà lúc hoàng hôn, khoẻ, thuỷ, quý"
    )


def test_whoever_ranks_without_understanding_seldom_beats_chance() -> None:
    """Also where all scenes of a ground go together, which makes lucky hits come in tens."""
    rng = np.random.default_rng(3)
    lucky = 0
    for _ in range(200):
        seen = np.repeat(rng.normal(size=(5, 8)), 10, axis=0) + 0.1 * rng.normal(size=(50, 8))
        asked = np.repeat(rng.normal(size=(5, 8)), 10, axis=0) + 0.1 * rng.normal(size=(50, 8))
        lucky += p_value(np.argsort(np.argsort(-asked @ seen.T)) + 1, 5) < 0.01
    assert lucky <= 6
    perfect = (np.arange(50) - np.arange(50)[:, np.newaxis]) % 50 + 1
    assert p_value(perfect, 5) < 0.001
    assert p_value(np.tile(np.arange(1, 51), (50, 1)), 5) == 1
