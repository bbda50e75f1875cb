import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.errors import CaptionsError, FolderError
from engine.evaluation.evaluating import Evaluation, Progress
from engine.evaluation.metrics import FIGURES
from engine.evaluation.queries import (
    CaptionedPhotos,
    captioned_queries,
    find_captioned,
    find_marked,
    unreadable,
)
from engine.evaluation.reports import Report
from engine.evaluation.runs import evaluate, evaluate_steps, own_library, prepare
from engine.index.upkeep import open_index
from engine.indexing.adding import add_files
from engine.indexing.embedding import EmbedReport, embed_missing
from engine.inference.client import ModelProcess
from engine.library.library import Library
from engine.models.installed import InstalledCheckpoint
from engine.paths import absolute
from engine.search.fusion import Fusion
from engine.workspace import Workspace

MakePhoto = Callable[..., Path]
Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
FUSION = Fusion("zscore", (0.4, 0.6))
SAID = (
    ("con/0.png", "một con chó chạy trên bãi cỏ"),
    ("con/0.png", "hoà bình"),
    ("1.png", "hai đứa trẻ; một quả bóng"),
    ("2.png", "tết 2023"),
    ("3.png", "thuyền trên biển"),
)


@pytest.fixture(autouse=True)
def no_leaks() -> None:
    """The process of this module outlives its tests; `models` ends it."""


@pytest.fixture(scope="module")
def models(tiny_pair: Pair) -> Iterator[ModelProcess]:
    with ModelProcess(tiny_pair) as process:
        yield process


@pytest.fixture
def workspace(tmp_path: Path, tiny_pair: Pair, models: ModelProcess) -> Iterator[Workspace]:
    with Library.open(tmp_path / "library") as library:
        indexes = {c.key: open_index(library, c.key, c.record.dimension) for c in tiny_pair}
        yield Workspace(library, tiny_pair, models, indexes)


@pytest.fixture
def images(tmp_path: Path, make_photo: MakePhoto) -> Path:
    """Four photos that have captions, one in a folder below, and two that have none."""
    folder = tmp_path / "ảnh"
    for seed, name in enumerate(("con/0.png", "1.png", "2.png", "3.png", "x.png", "con/y.png")):
        make_photo(folder / name, seed=seed)
    return folder


def tsv(path: Path, said: tuple[tuple[str, str], ...] = SAID) -> Path:
    path.write_text("".join(f"{image}\t{caption}\n" for image, caption in said), "utf-8")
    return path


def semicolons(path: Path) -> Path:
    lines = ["image_filename;caption\n", *(f'{image};"{text}"\n' for image, text in SAID)]
    path.write_text("".join(lines), "utf-8")
    return path


def jsonl(path: Path) -> Path:
    lines = [json.dumps({"image": image, "caption": text}) + "\n" for image, text in SAID]
    path.write_text("".join(lines), "utf-8")
    return path


def embed(workspace: Workspace, captions: Path, images: Path) -> EmbedReport:
    last = list(prepare(workspace, captions, images))[-1]
    assert isinstance(last, EmbedReport)
    return last


def report_on(workspace: Workspace, captioned: CaptionedPhotos) -> Report:
    queries = captioned_queries(workspace.library, captioned, list(workspace.indexes))
    return evaluate(workspace, queries, FUSION).report


@pytest.mark.parametrize(
    ("write", "name"), [(tsv, "c.tsv"), (semicolons, "c.csv"), (jsonl, "c.jsonl")]
)
def test_all_formats_give_the_same_figures_among_captioned_photos_only(
    write: Callable[[Path], Path],
    name: str,
    workspace: Workspace,
    images: Path,
    tmp_path: Path,
) -> None:
    captions = write(tmp_path / name)
    assert embed(workspace, captions, images).done == 4  # x.png and y.png have no captions
    captioned = find_captioned(workspace.library, captions, images)
    assert captioned.left_out == ()
    report = report_on(workspace, captioned)
    assert report.photos == 4
    assert report.text_to_image["fused"].queries == 5
    assert report.image_to_text["fused"].queries == 4
    assert report.names == ("tiny-openclip", "tiny-beit3")
    assert report.text_to_image["fused"].r5 == report.text_to_image["fused"].r10 == 100


def test_ranks_are_those_of_a_search_among_these_photos(
    workspace: Workspace, images: Path, tmp_path: Path
) -> None:
    captions = tsv(tmp_path / "c.tsv")
    embed(workspace, captions, images)
    captioned = find_captioned(workspace.library, captions, images)
    report = report_on(workspace, captioned)
    for name, fusion in (("openclip", Fusion("none", (1, 0))), ("beit3", Fusion("none", (0, 1)))):
        ranks = []
        for caption, photo_id in zip(captioned.captions, captioned.photo_ids, strict=True):
            results = workspace.searcher.score_text(caption.text).rank("fused", fusion)
            ranks.append(1 + [result.photo_id for result in results].index(photo_id))
        assert report.text_to_image[name].mean_rank == np.mean(ranks)
        assert report.text_to_image[name].r1 == 100 * np.mean(np.array(ranks) == 1)


def test_the_summary_holds_what_the_command_line_promises(
    workspace: Workspace, images: Path, tmp_path: Path
) -> None:
    captions = tsv(tmp_path / "c.tsv")
    embed(workspace, captions, images)
    captioned = find_captioned(workspace.library, captions, images)
    summary = json.loads(json.dumps(report_on(workspace, captioned).summary()))
    assert list(summary) == [
        *("openclip", "beit3", "fused"),
        *("weights", "normalisation", "queries", "photos"),
    ]
    assert all(tuple(summary[name]) == FIGURES for name in ("openclip", "beit3", "fused"))
    assert summary["weights"] == {"openclip": 0.4, "beit3": 0.6}
    assert (summary["normalisation"], summary["queries"], summary["photos"]) == ("zscore", 5, 4)


def test_a_second_evaluation_embeds_nothing(
    workspace: Workspace, images: Path, tmp_path: Path
) -> None:
    captions = tsv(tmp_path / "c.tsv")
    assert (first := embed(workspace, captions, images)).total == first.done == 4
    assert (second := embed(workspace, captions, images)).total == second.done == 0


def test_photos_that_are_not_there_or_ambiguous_are_told_and_left_out(
    workspace: Workspace, images: Path, tmp_path: Path, make_photo: MakePhoto
) -> None:
    make_photo(images / "a" / "same.png", seed=11)
    make_photo(images / "b" / "same.png", seed=12)
    more = (*SAID, ("nowhere.png", "không có"), ("same.png", "hai ảnh"), ("y.png", "một ảnh"))
    captions = tsv(tmp_path / "c.tsv", more)
    embed(workspace, captions, images)
    captioned = find_captioned(workspace.library, captions, images)
    assert captioned.left_out == ("nowhere.png", "same.png")
    assert report_on(workspace, captioned).photos == 5


def test_photos_that_cannot_be_read_are_told_and_left_out(
    workspace: Workspace, images: Path, tmp_path: Path
) -> None:
    (images / "2.png").write_bytes(b"no picture")
    captions = tsv(tmp_path / "c.tsv")
    report = embed(workspace, captions, images)
    assert (report.done, report.failed) == (3, 1)
    captioned = find_captioned(workspace.library, captions, images)
    assert unreadable(workspace.library, captioned, list(workspace.indexes)) == [
        str(images / "2.png")
    ]
    result = report_on(workspace, captioned)
    assert result.photos == 3
    assert result.text_to_image["fused"].queries == 4


def test_photos_embedded_by_one_encoder_only_are_ranked_last_by_the_other(
    workspace: Workspace, images: Path, tmp_path: Path
) -> None:
    captions = tsv(tmp_path / "c.tsv")
    openclip, beit3 = workspace.indexes
    list(add_files(workspace.library, absolute(images)))
    captioned = find_captioned(workspace.library, captions, images)
    ids = captioned.distinct_ids
    for keys, only in (([openclip], ids[:3]), ([beit3], ids[1:])):
        some = {key: workspace.indexes[key] for key in keys}
        list(embed_missing(workspace.library, workspace.models, some, only=only))
    report = report_on(workspace, captioned)
    assert unreadable(workspace.library, captioned, list(workspace.indexes)) == []
    assert report.photos == 4
    assert report.text_to_image["openclip"].queries == 5
    # The photo that OpenCLIP lacks is the last of its four, for both of its captions.
    assert report.text_to_image["openclip"].mean_rank >= (4 + 4 + 1 + 1 + 1) / 5
    assert report.text_to_image["openclip"].r1 <= 60
    assert report.text_to_image["beit3"].r1 <= 80
    assert np.isfinite(report.text_to_image["fused"].mean_rank)


def test_an_encoder_that_has_embedded_nothing_does_not_stop_an_evaluation(
    workspace: Workspace, images: Path, tmp_path: Path
) -> None:
    captions = tsv(tmp_path / "c.tsv")
    list(add_files(workspace.library, absolute(images)))
    openclip = next(iter(workspace.indexes))
    some = {openclip: workspace.indexes[openclip]}
    list(embed_missing(workspace.library, workspace.models, some))
    report = report_on(workspace, find_captioned(workspace.library, captions, images))
    assert report.text_to_image["fused"].as_dict() == report.text_to_image["openclip"].as_dict()


def test_captions_are_encoded_as_queries_are(
    workspace: Workspace, images: Path, tmp_path: Path
) -> None:
    new_style = tsv(tmp_path / "new.tsv", (("1.png", "hoà"), ("2.png", "khoẻ"), ("3.png", "biển")))
    old_style = tsv(tmp_path / "old.tsv", (("1.png", "hòa"), ("2.png", "khỏe"), ("3.png", "biển")))
    embed(workspace, new_style, images)
    found = [
        report_on(workspace, find_captioned(workspace.library, captions, images)).as_dict()
        for captions in (new_style, old_style)
    ]
    assert found[0] == found[1]


def test_a_malformed_caption_file_is_told_before_the_folder_is_gone_through(
    workspace: Workspace, images: Path, tmp_path: Path
) -> None:
    captions = tmp_path / "c.tsv"
    captions.write_text("1.png\tmột\n2.png\n")
    with pytest.raises(CaptionsError, match="line 2"):
        next(prepare(workspace, captions, images))
    assert workspace.library.photos.count() == 0


def test_captions_of_other_photos_are_told(
    workspace: Workspace, images: Path, tmp_path: Path
) -> None:
    captions = tsv(tmp_path / "c.tsv", (("elsewhere.png", "một"),))
    with pytest.raises(CaptionsError, match="None of the photos"):
        list(prepare(workspace, captions, images))


def test_a_folder_that_is_not_there_is_told(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="There is no folder"):
        list(prepare(workspace, tsv(tmp_path / "c.tsv"), tmp_path / "nowhere"))


def test_no_readable_photo_at_all_is_told(
    workspace: Workspace, images: Path, tmp_path: Path
) -> None:
    captions = tsv(tmp_path / "c.tsv", (("1.png", "một"),))
    (images / "1.png").write_bytes(b"no picture")
    embed(workspace, captions, images)
    with pytest.raises(CaptionsError, match="could be read"):
        report_on(workspace, find_captioned(workspace.library, captions, images))


def test_photos_outside_the_folder_play_no_part(
    workspace: Workspace, images: Path, tmp_path: Path, make_photo: MakePhoto
) -> None:
    make_photo(tmp_path / "other" / "1.png", seed=50)
    list(add_files(workspace.library, absolute(tmp_path / "other")))
    captions = tsv(tmp_path / "c.tsv")
    embed(workspace, captions, images)
    captioned: CaptionedPhotos = find_captioned(workspace.library, captions, images)
    paths = {photo.path for photo in workspace.library.photos.get(captioned.distinct_ids)}
    assert paths == {absolute(images / image) for image, _ in SAID}


def test_how_far_an_evaluation_is_only_grows(
    workspace: Workspace, images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.evaluation.runs.TEXTS_AT_ONCE", 2)
    captions = tsv(tmp_path / "c.tsv")
    embed(workspace, captions, images)
    captioned = find_captioned(workspace.library, captions, images)
    queries = captioned_queries(workspace.library, captioned, list(workspace.indexes))
    *steps, last = evaluate_steps(workspace, queries, FUSION)
    assert isinstance(last, Evaluation)
    told = [step for step in steps if isinstance(step, Progress)]
    assert len(told) == len(steps)
    assert [*dict.fromkeys(step.part for step in told)] == ["encoding", "ranking", "summing up"]
    assert sum(step.part == "encoding" for step in told) == 6  # 5 texts, 2 at once, 2 encoders
    for part in ("encoding", "ranking", "summing up"):
        shares = [step.share for step in told if step.part == part]
        assert shares == sorted(shares)
        assert 0 <= shares[0] <= shares[-1] <= 1


def test_the_users_marks_are_searched_for_among_all_photos(
    workspace: Workspace, images: Path
) -> None:
    library = workspace.library
    list(add_files(library, absolute(images)))
    list(embed_missing(library, workspace.models, workspace.indexes))
    first, second, third = library.photos.ids()[:3].tolist()
    for query, photo_id in (("một con chó", first), ("một con chó", third), ("biển", second)):
        library.mark_relevant(query, photo_id)
    queries = find_marked(library, list(workspace.indexes))
    found = evaluate(workspace, queries, FUSION)
    assert found.report.photos == 6
    assert found.texts == ("một con chó", "biển")
    for row, right in enumerate(({first, third}, {second})):
        results = workspace.searcher.score_text(found.texts[row]).rank("fused", FUSION)
        places = [rank for rank, result in enumerate(results, 1) if result.photo_id in right]
        assert found.text_to_image["fused"][row] == places[0]
    assert len(found.image_to_text["fused"]) == 3


def test_each_folder_has_a_library_of_its_own_however_it_is_named(
    images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link").symlink_to(images)
    monkeypatch.chdir(images)
    assert own_library(Path(".")) == own_library(images) == own_library(tmp_path / "link")
    assert own_library(images / "con") != own_library(images)
