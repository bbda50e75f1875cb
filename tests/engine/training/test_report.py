import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from engine.errors import CheckpointError
from engine.training.history import Entry
from engine.training.report import write_report

HISTORY = (
    Entry("feature", 50, 100, 30.0, 1e-3, {"feature": 2.0}, {}),
    Entry("feature", 100, 100, 61.0, 1e-5, {"feature": 1.0}, {}),
    Entry("contrastive", 40, 80, 1800.0, 5e-4, {"contrastive": 5.0}, {"vi R@10": 31.3}),
    Entry("contrastive", 80, 80, 3961.0, 1e-5, {"contrastive": 5.5}, {"vi R@10": 29.8}),
)


def page_of(
    folder: Path,
    entries: Sequence[Entry],
    title: str = "A training",
    settings: Mapping[str, str] | None = None,
    phases: Mapping[str, Mapping[str, str]] | None = None,
    before: Mapping[str, float] | None = None,
) -> ElementTree.Element:
    write_report(
        folder / "report.html",
        title,
        settings or {},
        entries,
        phases=phases or {},
        before=before or {},
    )
    return ElementTree.parse(folder / "report.html").getroot()


def text_of(page: ElementTree.Element) -> str:
    return " ".join("".join(page.itertext()).split())


def tables_of(page: ElementTree.Element) -> dict[str, dict[str, list[str]]]:
    """The cells of every row by its name, table by table."""
    return {
        heading.text or "": {
            row[0].text or "": ["".join(cell.itertext()) for cell in row[1:]]
            for row in card.iter("tr")
        }
        for heading, card in pairwise(page[1])
        if heading.tag == "h2"
    }


def test_last_and_best_figures(tmp_path: Path) -> None:
    figures = tables_of(page_of(tmp_path, HISTORY))["Figures"]
    assert figures["vi R@10"] == ["29.8", "31.3", "140"]  # steps count over all phases
    assert figures["Contrastive"] == ["5.5", "5", "140"]
    assert figures["Feature"] == ["1", "1", "100"]


def test_the_figures_of_before_are_the_first_of_the_curve(tmp_path: Path) -> None:
    page = page_of(tmp_path, HISTORY, before={"vi R@10": 35.0, "en R@10": 40.0})
    figures = tables_of(page)["Figures"]
    assert figures[""] == ["Before", "Last", "Best", "At step"]
    assert figures["vi R@10"] == ["35.0", "29.8", "35.0", "0"]  # it has become no better
    assert figures["Feature"] == ["", "1", "1", "100"]
    hints = [hint.text for hint in page.iter("title")]
    assert "vi R@10 35, step 0" in hints
    without = tables_of(page_of(tmp_path, HISTORY))["Figures"]
    assert without[""] == ["Last", "Best", "At step"]


def test_what_recall_means_is_said_where_there_is_some(tmp_path: Path) -> None:
    assert "find their photo among the first 10 of all" in text_of(page_of(tmp_path, HISTORY))
    assert "R@" not in text_of(page_of(tmp_path, HISTORY[:2]))


def test_length_of_each_phase(tmp_path: Path) -> None:
    phases = tables_of(page_of(tmp_path, HISTORY))["Phases"]
    assert phases["Feature"] == ["100", "100", "1 min 01 s"]
    assert phases["Contrastive"] == ["80", "180", "1 h 05 min"]


def test_a_single_phase_is_not_told_from_others(tmp_path: Path) -> None:
    page = page_of(tmp_path, HISTORY[:1], phases={"feature": {"epochs": "3"}})
    assert "Phases" not in tables_of(page)
    assert "50 steps in 30 s, so far to step 50 of 100." in text_of(page)
    assert tables_of(page)["Settings"] == {"Epochs": ["3"]}


def test_settings_of_several_phases_stand_side_by_side(tmp_path: Path) -> None:
    phases = {"words": {"epochs": "3", "dropout": "0.2"}, "both": {"epochs": "5", "whole": "0.3"}}
    write_report(tmp_path / "a.html", "A", {"seed": "1"}, HISTORY, phases=phases)
    page = ElementTree.parse(tmp_path / "a.html").getroot()
    general, by_phase = [list(t.iter("tr")) for t in page.iter("table")][-2:]
    assert [[cell.text or "" for cell in row] for row in general] == [["Seed", "1"]]
    assert [[cell.text or "" for cell in row] for row in by_phase] == [
        ["", "Words", "Both"],
        ["Epochs", "3", "5"],
        ["Dropout", "0.2", "–"],
        ["Whole", "–", "0.3"],
    ]


def test_settings_are_shown_in_their_order(tmp_path: Path) -> None:
    settings = {"Seed": "1", "Command": "anhoi train --data <a> & b", "Batch size": "512"}
    rows = tables_of(page_of(tmp_path, HISTORY, settings=settings))["Settings"]
    assert list(rows.items()) == [(name, [value]) for name, value in settings.items()]


def test_a_chart_for_recall_each_loss_and_the_rate(tmp_path: Path) -> None:
    page = page_of(tmp_path, HISTORY)
    charts = [svg for svg in page.iter("svg") if svg.get("role") == "img"]
    assert [svg.get("aria-label") for svg in charts] == [
        "vi R@10",
        "Feature",
        "Contrastive",
        "Learning rate",
    ]
    lines = [len(list(svg.iter("polyline"))) for svg in charts]
    assert lines == [1, 1, 1, 2]  # the rate begins anew with each phase
    assert ["".join(item.itertext()) for item in page.iter("li")] == ["vi R@10"]


def test_a_phase_of_the_same_name_that_begins_anew_is_another(tmp_path: Path) -> None:
    entries = [replace(entry, phase="training", steps=100) for entry in HISTORY]
    page = page_of(tmp_path, entries)
    assert "180 steps in 1 h 06 min" in text_of(page)
    phases = [row for row in page.iter("tr") if row[0].text == "Training"]
    assert [[cell.text for cell in row][1:3] for row in phases] == [["100", "100"], ["80", "180"]]


def test_a_running_training_says_how_far_it_is(tmp_path: Path) -> None:
    so_far = text_of(page_of(tmp_path, HISTORY[:3]))
    assert "140 steps in 30 min 00 s, so far to step 40 of 80 of “Contrastive”." in so_far
    assert "so far" not in text_of(page_of(tmp_path, HISTORY))


@pytest.mark.parametrize("lost", [math.nan, math.inf])
def test_a_diverged_training_has_a_report(tmp_path: Path, lost: float) -> None:
    diverged = replace(HISTORY[-1], losses={"contrastive": lost, "similarity": lost})
    figures = tables_of(page_of(tmp_path, [*HISTORY[:3], diverged]))["Figures"]
    assert figures["Contrastive"] == [str(lost), "5", "140"]
    assert figures["Similarity"] == [str(lost), "", ""]


def test_nothing_reported_yet(tmp_path: Path) -> None:
    page = page_of(tmp_path, [], settings={"Seed": "1"})
    assert "Nothing has been reported yet." in text_of(page)
    assert tables_of(page)["Settings"]["Seed"] == ["1"]


def test_names_are_text_and_no_markup(tmp_path: Path) -> None:
    bad = '<script>alert("ảnh")</script> & "co"'
    entry = Entry(bad, 1, 2, 0.5, 1e-3, {bad: 1.0}, {f"{bad} R@1": 2.0})
    page = page_of(tmp_path, [entry], bad, {bad: bad})
    assert list(page.iter("script")) == []
    assert page.findtext("body/h1") == bad
    assert tables_of(page)["Figures"][bad] == ["1", "1", "1"]
    assert tables_of(page)["Settings"][bad] == [bad]


def test_the_page_asks_for_nothing_else(tmp_path: Path) -> None:
    page_of(tmp_path, HISTORY)
    text = (tmp_path / "report.html").read_text("utf-8")
    for sign in ("http", "src=", "href=", "url(", "@import", "<script"):
        assert sign not in text
    assert "prefers-color-scheme: dark" in text


def test_the_same_for_the_same_history(tmp_path: Path) -> None:
    write_report(tmp_path / "a.html", "A", {"Seed": "1"}, HISTORY)
    write_report(tmp_path / "b.html", "A", {"Seed": "1"}, HISTORY)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_a_page_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / ".report.html.part").mkdir()
    with pytest.raises(CheckpointError, match=r"report\.html cannot be written: "):
        page_of(tmp_path, HISTORY)
