from pathlib import Path

import numpy as np
import pytest

from engine.errors import CaptionsError
from engine.evaluation.metrics import Metrics
from engine.evaluation.queries import Queries
from engine.indexing.adding import add_files
from engine.indexing.embedding import embed_missing
from engine.inference.client import ModelProcess
from engine.library.library import Library
from engine.paths import absolute
from engine.search.fusion import Fusion
from engine.workspace import Pair, open_workspace, remember_fusion
from gui.evaluation.comparing import (
    FEWEST_QUERIES,
    Comparison,
    Lacking,
    among,
    count_lacking,
    differences,
    pair_choices,
)
from gui.evaluation.running import CaptionFile, Outcome, Rival, Run, caption_run

FUSION = Fusion("zscore", (0.4, 0.6))
OTHER = Fusion("minmax", (0.1, 0.9))
SECOND = ("second-openclip", "second-beit3")


@pytest.fixture
def library_folder(
    library_folder: Path, second_pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A library beside four checkpoints, with a fusion for the second pair."""
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(second_pair[0].folder.parent))
    with Library.open(library_folder) as library:
        remember_fusion(library, second_pair, OTHER)
    return library_folder


@pytest.fixture
def marked(library_folder: Path, album: Path, second_pair: Pair) -> Path:
    """Ten photos, two of them marked; the other pair lacks the last one."""
    with open_workspace(library_folder, writable=True) as workspace:
        library = workspace.library
        list(add_files(library, absolute(album)))
        list(embed_missing(library, workspace.models, workspace.indexes))
        ids = library.photos.ids().tolist()
        for query, photo_id in zip(("biển", "núi"), ids, strict=False):
            library.mark_relevant(query, photo_id)
        keys = [checkpoint.key for checkpoint in second_pair]
        with ModelProcess(second_pair) as models:
            list(embed_missing(library, models, {}, only=ids[:9], checkpoints=keys))
    return library_folder


def queries() -> Queries:
    """Two photos are right for the second of three queries."""
    rows, columns = np.array([0, 1, 1, 2]), np.array([0, 1, 2, 3])
    return Queries(("a", "b", "c"), np.array([10, 11, 12, 13]), rows, columns)


def test_the_same_ranks_differ_by_nothing() -> None:
    ranks = np.arange(1, 101)
    assert {d.value for d in differences(ranks, ranks).values()} == {0.0}
    assert not any(d.is_certain for d in differences(ranks, ranks).values())


def test_a_difference_is_that_of_the_figures_and_certain_where_it_is_large() -> None:
    rng = np.random.default_rng(0)
    ours = rng.integers(1, 100, 300)
    theirs = np.maximum(1, ours // 4)
    found = differences(ours, theirs)
    expected = Metrics.from_ranks(theirs, None).r10 - Metrics.from_ranks(ours, None).r10
    low, high = found["r10"].interval
    assert found["r10"].value == pytest.approx(expected)
    assert low < expected < high
    assert found["r10"].is_certain
    assert found["mean_rank"].value < 0


def test_pairing_tells_what_two_intervals_would_not() -> None:
    ours = np.random.default_rng(0).integers(1, 40, 400)
    theirs = ours.copy()
    theirs[ours == 11] = 10  # better for a few queries, worse for none
    first, second = (Metrics.from_ranks(ranks).intervals["r10"] for ranks in (ours, theirs))
    assert first[1] > second[0]  # they overlap
    assert differences(ours, theirs)["r10"].is_certain


def test_queries_are_asked_among_the_photos_of_both_pairs() -> None:
    kept = among(queries(), np.array([9, 11, 12, 14]))
    assert kept.texts == ("b",)
    assert kept.photo_ids.tolist() == [11, 12]
    assert (kept.rows.tolist(), kept.columns.tolist()) == ([0, 0], [0, 1])
    whole = among(queries(), np.arange(20))
    assert (whole.rows.tolist(), whole.columns.tolist()) == ([0, 1, 1, 2], [0, 1, 2, 3])


def test_without_any_common_right_photo_there_is_a_sentence() -> None:
    with pytest.raises(CaptionsError, match="both pairs"):
        among(queries(), np.array([99]))


def test_the_choices_are_the_checkpoints_on_this_machine(library_folder: Path) -> None:
    choices = pair_choices(library_folder)
    assert choices.in_use == ("tiny-openclip", "tiny-beit3")
    assert {"tiny-openclip", "second-openclip"} <= set(choices.names["openclip"])
    assert "second-beit3" not in choices.names["openclip"]


def test_what_a_pair_lacks_of_the_library_is_counted(marked: Path) -> None:
    assert count_lacking(marked, SECOND) == Lacking(1, 0)
    assert count_lacking(marked, ("tiny-openclip", "tiny-beit3")) == Lacking(0, 0)
    with Library.open(marked) as library:
        library.mark_relevant("sông", library.photos.ids().tolist()[9])
    assert count_lacking(marked, SECOND) == Lacking(1, 1)


def test_two_pairs_are_compared_on_the_users_marks(marked: Path) -> None:
    run = Run(lambda: open_workspace(marked, writable=False), None, FUSION, Rival(SECOND, marked))
    *_, outcome = run.steps()
    assert isinstance(outcome, Outcome)
    assert outcome.comparison is not None
    ours, theirs = outcome.evaluation.report, outcome.comparison.report
    assert (ours.names, theirs.names) == (("tiny-openclip", "tiny-beit3"), SECOND)
    assert ours.photos == theirs.photos == 9  # those that both pairs know
    assert (ours.fusion, theirs.fusion) == (FUSION, OTHER)
    fused = [report.text_to_image["fused"].mean_rank for report in (ours, theirs)]
    assert outcome.comparison.differences["mean_rank"].value == pytest.approx(fused[1] - fused[0])
    assert ours.text_to_image["fused"].queries < FEWEST_QUERIES
    assert not outcome.comparison.is_certain


def test_two_pairs_are_compared_on_a_caption_file(library_folder: Path, album: Path) -> None:
    path = album.parent / "lời.tsv"
    path.write_text("".join(f"{number}.png\tảnh số {number}\n" for number in range(4)), "utf-8")
    run = caption_run(
        library_folder, CaptionFile(path, album), FUSION, Rival(SECOND, library_folder)
    )
    *_, outcome = run.steps()
    assert isinstance(outcome, Outcome)
    assert isinstance(outcome.comparison, Comparison)
    assert outcome.comparison.report.photos == outcome.evaluation.report.photos == 4
    with Library.open_to_read(library_folder) as library:
        assert library.photos.count() == 0
