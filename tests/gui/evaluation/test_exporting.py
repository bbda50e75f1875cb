import csv
import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from engine.errors import FolderError
from engine.evaluation.evaluating import Evaluation
from gui.evaluation.exporting import ExportButton


def save_picture(path: Path) -> None:
    path.write_bytes(b"picture")


@pytest.fixture
def button(qtbot: QtBot, evaluation: Evaluation) -> ExportButton:
    button = ExportButton(save_picture)
    qtbot.addWidget(button)
    assert not button.isEnabled()
    button.show_report(evaluation.report)
    assert button.isEnabled()
    return button


def answer(monkeypatch: pytest.MonkeyPatch, path: Path | str) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))


def test_the_figures_are_written_as_csv(
    qtbot: QtBot,
    button: ExportButton,
    evaluation: Evaluation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer(monkeypatch, tmp_path / "kết quả.csv")
    with qtbot.waitSignal(button.saved) as saved:
        button.csv.trigger()
    assert saved.args == [f"Saved as {tmp_path / 'kết quả.csv'}."]
    rows = list(csv.DictReader((tmp_path / "kết quả.csv").read_text("utf-8").splitlines()))
    assert [row["ranking"] for row in rows] == ["openclip", "beit3", "fused"] * 2
    assert float(rows[2]["r10"]) == round(evaluation.report.text_to_image["fused"].r10, 2)


def test_everything_is_written_as_json(
    button: ExportButton, evaluation: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, tmp_path / "all")  # the ending is added
    button.json.trigger()
    written = json.loads((tmp_path / "all.json").read_text("utf-8"))
    assert written == json.loads(json.dumps(evaluation.report.as_dict()))
    assert len(written["sweep"]["rows"]) == 84


def test_a_picture_of_the_chart_is_written(
    button: ExportButton, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, tmp_path / "chart.png")
    button.picture.trigger()
    assert (tmp_path / "chart.png").read_bytes() == b"picture"


def test_a_dialog_that_is_closed_writes_nothing(
    button: ExportButton, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, "")
    monkeypatch.chdir(tmp_path)
    for action in (button.csv, button.json, button.picture):
        action.trigger()
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told_in_a_sentence(
    qtbot: QtBot, button: ExportButton, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, tmp_path / "nowhere" / "x.csv")
    with qtbot.waitSignal(button.failed) as failed:
        button.csv.trigger()
    assert "x.csv cannot be written: No such file or directory." in failed.args[0]

    def refuse(path: Path) -> None:
        raise FolderError(f"{path} cannot be written as a picture.")

    with qtbot.waitSignal(button.failed) as failed:
        button.export(refuse, tmp_path / "x.png")
    assert failed.args == [f"{tmp_path / 'x.png'} cannot be written as a picture."]
