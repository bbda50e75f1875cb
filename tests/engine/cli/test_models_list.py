import shutil
from pathlib import Path

import pytest

from engine.cli.models_list import show_list
from engine.models.checkpoints import CHECKPOINTS, DEFAULT_BEIT3, DEFAULT_OPENCLIP
from engine.models.installed import InstalledCheckpoint
from engine.models.machine import machine_facts
from engine.models.recommending import recommend
from engine.paths import checkpoints_folder

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]


def listed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    show_list()
    return capsys.readouterr().out.splitlines()


def row(name: str, lines: list[str]) -> list[str]:
    return next(line.split() for line in lines if line.split()[0] == name)


def test_every_checkpoint_has_a_row_with_what_it_costs_and_how_well_it_finds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = listed(capsys)
    for record in CHECKPOINTS:
        cells = row(record.name, lines)
        assert cells[1:3] == [record.family, "no"]
        assert f"{record.memory_mb:,}" in cells
        assert cells[-1] == record.licence
    assert row("nllb-clip-base-siglip-mrl", lines)[-3:-1] == ["61.5x", "49.1x"]
    assert row("vit-b-16-openai", lines)[-3:-1] == ["1.1x", "39.3x"]
    assert row("vit-b-16-siglip2", lines)[-3:-1] == ["–", "52.1c"]


def test_translators_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert any(
        line.startswith("Translators") and "opus-mt-vi-en (292 MB)" in line
        for line in listed(capsys)
    )


def test_those_that_read_vietnamese_come_first_within_their_family(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = [line.split()[0] for line in listed(capsys)]
    assert names.index("vit-b-16-siglip2") < names.index("vit-b-16-openai")
    assert names.index("vit-b-16-openai") < names.index("beit3-base-itc-patch16-224")


def test_columns_stand_below_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    lines = listed(capsys)
    table = lines[: next(place for place, line in enumerate(lines) if line.startswith("MiB:"))]
    place = table[0].index("licence")
    assert all(line[place - 1] == " " != line[place] for line in table)


def test_what_is_here_is_told_with_its_true_size(
    tiny_pair: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    record, folder = tiny_pair[0].record, tiny_pair[0].folder
    shutil.copytree(folder, checkpoints_folder() / record.name)
    cells = row(record.name, listed(capsys))
    assert cells[2] == "yes"
    assert not cells[3].startswith("~")


def test_it_ends_with_what_suits_this_machine_and_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no graphics card that could fall asleep meanwhile
    recommended = recommend(machine_facts(checkpoints_folder()))
    lines = listed(capsys)
    place = next(place for place, line in enumerate(lines) if line.startswith("Recommended"))
    assert lines[place + 1 :] == list(recommended.reasons)
    for record, starter in (
        (recommended.openclip, DEFAULT_OPENCLIP),
        (recommended.beit3, DEFAULT_BEIT3),
    ):
        assert (record.name if record else starter) in lines[place]
