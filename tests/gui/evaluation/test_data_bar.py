from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from gui.evaluation.data_bar import DataBar
from gui.evaluation.running import CaptionFile


@pytest.fixture
def bar(qtbot: QtBot) -> DataBar:
    bar = DataBar()
    qtbot.addWidget(bar)
    bar.show()
    return bar


def test_marks_can_be_evaluated_when_there_are_some(qtbot: QtBot, bar: DataBar) -> None:
    assert not bar.run.isEnabled()
    bar.show_marked(0)
    assert not bar.run.isEnabled()
    bar.show_marked(12)
    assert "12" in bar.of_marks.text()
    with qtbot.waitSignal(bar.run_wanted) as wanted:
        QTest.mouseClick(bar.run, Qt.MouseButton.LeftButton)
    assert wanted.args == [None]


def test_a_caption_file_can_be_evaluated_when_both_paths_are_there(
    qtbot: QtBot, bar: DataBar
) -> None:
    bar.of_captions.click()
    assert bar.captions.isEnabled()
    assert not bar.run.isEnabled()
    bar.captions.setText("/a/lời.tsv")
    assert not bar.run.isEnabled()
    bar.images.setText("/a/ảnh")
    with qtbot.waitSignal(bar.run_wanted) as wanted:
        bar.run.click()
    assert wanted.args == [CaptionFile(Path("/a/lời.tsv"), Path("/a/ảnh"))]


def test_the_folder_of_the_photos_is_guessed(bar: DataBar, tmp_path: Path) -> None:
    bar.choose_captions(tmp_path / "captions.tsv")
    assert bar.chosen == CaptionFile(tmp_path / "captions.tsv", tmp_path)
    (tmp_path / "images").mkdir()
    bar.choose_captions(tmp_path / "captions.tsv")
    assert bar.chosen == CaptionFile(tmp_path / "captions.tsv", tmp_path / "images")
    bar.choose_images(tmp_path / "elsewhere")
    assert bar.chosen == CaptionFile(tmp_path / "captions.tsv", tmp_path / "elsewhere")


def test_files_and_folders_are_chosen_in_dialogs(
    bar: DataBar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bar.of_captions.click()
    chosen = str(tmp_path / "c.tsv")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (chosen, ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/other")
    bar.find_captions.click()
    bar.find_images.click()
    assert bar.chosen == CaptionFile(tmp_path / "c.tsv", Path("/other"))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    bar.find_captions.click()
    bar.find_images.click()
    assert bar.chosen == CaptionFile(tmp_path / "c.tsv", Path("/other"))


def test_a_run_can_be_cancelled_and_shows_how_far_it_is(qtbot: QtBot, bar: DataBar) -> None:
    bar.show_marked(3)
    assert not bar.bar.isVisible()
    bar.show_progress("Ranking the photos", 0.25)
    assert bar.bar.isVisible()
    assert bar.bar.value() / bar.bar.maximum() == 0.25
    assert bar.word.text() == "Ranking the photos"
    assert not bar.run.isVisible()
    assert not bar.of_captions.isEnabled()
    bar.show_progress("Finding photos", None)
    assert bar.bar.maximum() == 0  # it goes to and fro
    with qtbot.waitSignal(bar.cancel_wanted):
        bar.cancel.click()
    bar.show_idle()
    assert bar.run.isVisible()
    assert bar.run.isEnabled()
    assert not bar.cancel.isVisible()
    assert not bar.word.isVisible()


def test_an_error_stays_until_the_next_run(bar: DataBar) -> None:
    bar.tell("lời.tsv cannot be read: it is gone.", is_error=True)
    assert bar.word.isVisible()
    assert bar.sign.isVisible()
    bar.show_progress("Opening the library", None)
    assert not bar.sign.isVisible()
    assert bar.word.text() == "Opening the library"


def test_a_word_during_a_run_does_not_end_it(bar: DataBar) -> None:
    bar.show_progress("Ranking the photos", 0.5)
    bar.tell("Saved as /x.csv.")
    assert bar.cancel.isVisible()
    assert bar.word.text() == "Saved as /x.csv."
