import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.errors import FolderError
from engine.evaluation.metrics import FIGURES
from engine.evaluation.reports import Report, table, write_csv, write_json
from engine.models.encoder import FloatArray
from engine.search.fusion import Fusion, IntArray
from tests.engine.evaluation.tables import NAMES, evaluated

FUSION = Fusion("zscore", (0.3, 0.7))


def searches() -> tuple[FloatArray, IntArray]:
    rng = np.random.default_rng(0)
    scores = rng.standard_normal((2, 40, 12)).astype(np.float32)
    photos = (np.arange(40) % 10).astype(np.int64)  # two photos have no caption
    scores[:, np.arange(40), photos] += 1
    return scores, photos


@pytest.fixture(scope="module")
def report() -> Report:
    return evaluated(*searches(), FUSION).report


def test_the_summary_has_exactly_the_agreed_keys(report: Report) -> None:
    summary = report.summary()
    assert list(summary) == [
        "openclip",
        "beit3",
        "fused",
        "weights",
        "normalisation",
        "queries",
        "photos",
    ]
    assert all(list(summary[name]) == list(FIGURES) for name in ("openclip", "beit3", "fused"))
    assert summary["weights"] == {"openclip": 0.3, "beit3": 0.7}
    assert (summary["normalisation"], summary["queries"], summary["photos"]) == ("zscore", 40, 12)
    assert json.loads(json.dumps(summary)) == summary


def test_captions_of_one_photo_are_evaluated_without_a_sweep(tmp_path: Path) -> None:
    scores, _ = searches()
    report = evaluated(scores, np.zeros(40, np.int64), FUSION).report
    assert report.sweep is None
    assert "Best on one half" not in table(report)
    write_json(report, tmp_path / "report.json")
    assert json.loads((tmp_path / "report.json").read_text("utf-8"))["sweep"] is None


def test_the_table_is_aligned_and_holds_every_figure(report: Report) -> None:
    blocks = table(report).split("\n\n")
    assert blocks[0].splitlines() == [
        "OpenCLIP: ViT-B-32",
        "BEiT3: beit3 cơ bản",
        "fused: z-score 0.3 : 0.7",
    ]
    titles = [block.splitlines()[0] for block in blocks[1:]]
    assert titles[:2] == ["Text to image: 40 captions", "Image to text: 10 photos"]
    assert titles[2].startswith("Best on one half of the photos: ")
    for block in blocks[1:]:
        header, *rows = block.splitlines()[1:]
        assert header.split() == ["R@1", "R@5", "R@10", "mean", "median"]
        assert [row.split()[0] for row in rows] == ["OpenCLIP", "BEiT3", "fused"]
        assert {len(row) for row in rows} == {len(header)}
    found = report.text_to_image["fused"]
    low, high = found.intervals["r1"]
    assert f"{found.r1:.1f} [{low:5.1f}, {high:5.1f}]" in blocks[1].splitlines()[-1]


def test_json_holds_everything(report: Report, tmp_path: Path) -> None:
    write_json(report, tmp_path / "report.json")
    kept = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert kept["checkpoints"] == {"openclip": NAMES[0], "beit3": NAMES[1]}
    assert kept["text_to_image"]["fused"]["r1"] == report.summary()["fused"]["r1"]
    assert set(kept["image_to_text"]["beit3"]["intervals"]) == set(FIGURES)
    assert len(kept["sweep"]["rows"]) == 84
    assert set(kept["sweep"]["held_out"]) == {"openclip", "beit3", "fused"}
    assert kept["sweep"]["chosen"]["normalisation"] in ("none", "zscore", "minmax", "rrf")


def test_csv_has_a_line_for_each_direction_and_ranking(report: Report, tmp_path: Path) -> None:
    write_csv(report, tmp_path / "report.csv")
    with (tmp_path / "report.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["direction"], row["ranking"]) for row in rows] == [
        (direction, ranking)
        for direction in ("text_to_image", "image_to_text")
        for ranking in ("openclip", "beit3", "fused")
    ]
    assert float(rows[2]["r10"]) == report.summary()["fused"]["r10"]
    assert all(float(row["r5_low"]) <= float(row["r5"]) <= float(row["r5_high"]) for row in rows)


@pytest.mark.parametrize("write", [write_json, write_csv])
def test_a_file_that_is_there_is_replaced_and_nothing_is_left_beside_it(
    report: Report, tmp_path: Path, write: Callable[[Report, Path], None]
) -> None:
    path = tmp_path / "báo cáo"
    path.write_text("old", "utf-8")
    write(report, path)
    assert len(path.read_text("utf-8")) > 100
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_named_and_left_as_it_was(
    report: Report, tmp_path: Path
) -> None:
    with pytest.raises(FolderError, match=r"nowhere.* cannot be written: .+\."):
        write_json(report, tmp_path / "nowhere" / "report.json")
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(FolderError, match="folder cannot be written"):
        write_csv(report, folder)
    assert list(tmp_path.iterdir()) == [folder]
