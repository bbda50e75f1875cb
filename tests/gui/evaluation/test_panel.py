import json
import multiprocessing
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from engine.indexing.adding import add_files
from engine.indexing.embedding import embed_missing
from engine.inference.client import ModelProcess
from engine.library.library import Library
from engine.paths import absolute
from engine.search.fusion import Fusion
from engine.workspace import Pair, Workspace, open_workspace
from gui.evaluation.panel import EvaluationPanel
from gui.evaluation.running import CaptionFile
from gui.tasks import TaskRunner

FUSION = Fusion("zscore", (0.4, 0.6))
LONG = 60_000  # milliseconds


@pytest.fixture
def open_marks(library_folder: Path) -> Callable[[], AbstractContextManager[Workspace]]:
    return lambda: open_workspace(library_folder, writable=False)


@pytest.fixture
def panel(
    qtbot: QtBot,
    tasks: TaskRunner,
    library_folder: Path,
    open_marks: Callable[[], AbstractContextManager[Workspace]],
) -> EvaluationPanel:
    panel = EvaluationPanel(tasks, library_folder, open_marks, lambda: FUSION)
    qtbot.addWidget(panel, before_close_func=lambda _: panel.close_run())
    panel.resize(1280, 740)
    panel.show()
    return panel


@pytest.fixture
def captions(album: Path) -> CaptionFile:
    path = album.parent / "lời.tsv"
    path.write_text("".join(f"{number}.png\tảnh số {number}\n" for number in range(10)), "utf-8")
    return CaptionFile(path, album)


def choose(panel: EvaluationPanel, captions: CaptionFile) -> None:
    panel.data.choose_captions(captions.captions)
    panel.data.choose_images(captions.images)


def test_a_caption_file_is_evaluated_and_the_result_stays(
    qtbot: QtBot, panel: EvaluationPanel, captions: CaptionFile, errors: list[Exception]
) -> None:
    assert not panel.export.isEnabled()
    choose(panel, captions)
    panel.data.run.click()
    assert panel.data.cancel.isVisible()
    qtbot.waitUntil(lambda: panel.results.outcome is not None, timeout=LONG)
    assert panel.results.isVisible()
    assert panel.export.isEnabled()
    assert panel.data.run.isVisible()
    assert not panel.data.word.isVisible()
    outcome = panel.results.outcome
    assert outcome is not None
    report = outcome.evaluation.report
    assert (report.photos, report.fusion) == (10, FUSION)
    assert report.sweep is not None
    rows = [row for row in report.sweep.rows if row.fusion.normalisation == "minmax"]
    drawn = [point.y() for point in panel.results.charts.recall.lines["minmax"].points()]
    assert drawn == pytest.approx([row.metrics.r10 for row in rows])
    panel.hide()
    panel.show()
    assert panel.results.outcome is outcome
    assert errors == []


def test_the_users_marks_are_counted_and_evaluated(
    qtbot: QtBot, panel: EvaluationPanel, library_folder: Path, album: Path
) -> None:
    with open_workspace(library_folder, writable=True) as workspace:
        library = workspace.library
        list(add_files(library, absolute(album)))
        list(embed_missing(library, workspace.models, workspace.indexes))
        for query, photo_id in zip(("biển", "núi"), library.photos.ids().tolist(), strict=False):
            library.mark_relevant(query, photo_id)
    panel.hide()
    panel.show()
    qtbot.waitUntil(lambda: "2" in panel.data.of_marks.text())
    panel.data.run.click()
    qtbot.waitUntil(lambda: panel.results.outcome is not None, timeout=LONG)
    outcome = panel.results.outcome
    assert outcome is not None
    assert outcome.of_marks
    assert outcome.evaluation.texts == ("biển", "núi")


def test_another_pair_is_prepared_or_compared(
    qtbot: QtBot,
    panel: EvaluationPanel,
    library_folder: Path,
    album: Path,
    second_pair: Pair,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(second_pair[0].folder.parent))
    with open_workspace(library_folder, writable=True) as workspace:
        library = workspace.library
        list(add_files(library, absolute(album)))
        list(embed_missing(library, workspace.models, workspace.indexes))
        for query, photo_id in zip(("biển", "núi"), library.photos.ids().tolist(), strict=False):
            library.mark_relevant(query, photo_id)
    panel.look_again()
    other = panel.data.other
    qtbot.waitUntil(lambda: other.openclip.findText("second-openclip") >= 0, timeout=LONG)
    other.wanted.setChecked(True)
    other.openclip.setCurrentText("second-openclip")
    other.beit3.setCurrentText("second-beit3")
    qtbot.waitUntil(other.prepare.isVisible, timeout=LONG)
    assert not panel.data.run.isEnabled()
    with qtbot.waitSignal(panel.pair_wanted) as wanted:
        other.prepare.click()
    assert wanted.args == [{"openclip": "second-openclip", "beit3": "second-beit3"}]
    with Library.open(library_folder) as library, ModelProcess(second_pair) as models:
        keys = [checkpoint.key for checkpoint in second_pair]
        list(embed_missing(library, models, {}, checkpoints=keys))
    panel.look_again()
    qtbot.waitUntil(panel.data.run.isEnabled, timeout=LONG)
    panel.data.run.click()
    qtbot.waitUntil(lambda: panel.results.outcome is not None, timeout=LONG)
    assert panel.results.comparison.isVisible()
    assert panel.results.comparison.names[1].text() == "second-openclip + second-beit3"
    other.wanted.setChecked(False)
    panel.data.run.click()
    qtbot.waitUntil(panel.results.comparison.isHidden, timeout=LONG)


def test_cancelling_ends_the_run_and_its_process(
    qtbot: QtBot, panel: EvaluationPanel, captions: CaptionFile, errors: list[Exception]
) -> None:
    choose(panel, captions)
    panel.data.run.click()
    qtbot.waitUntil(lambda: "Embedding" in panel.data.word.text(), timeout=LONG)
    qtbot.waitUntil(lambda: bool(multiprocessing.active_children()), timeout=LONG)
    panel.data.cancel.click()
    assert panel.data.run.isVisible()
    assert panel.data.word.text() == "The evaluation was cancelled."
    qtbot.waitUntil(lambda: not multiprocessing.active_children(), timeout=LONG)
    assert panel.results.outcome is None
    panel.data.run.click()
    qtbot.waitUntil(lambda: panel.results.outcome is not None, timeout=LONG)
    assert errors == []


def test_what_is_wrong_with_the_data_is_told_in_the_panel(
    qtbot: QtBot, panel: EvaluationPanel, captions: CaptionFile, errors: list[Exception]
) -> None:
    captions.captions.write_text("0.png\tmột\n1.png\n", "utf-8")
    choose(panel, captions)
    panel.data.run.click()
    qtbot.waitUntil(lambda: panel.data.sign.isVisible(), timeout=LONG)
    assert panel.data.word.text() == "lời.tsv, line 2: columns expected: 2, found: 1."
    assert panel.data.run.isEnabled()
    assert errors == []


def test_a_library_that_is_gone_is_told_in_the_panel(
    qtbot: QtBot, tasks: TaskRunner, tmp_path: Path
) -> None:
    def open_marks() -> AbstractContextManager[Workspace]:
        return open_workspace(tmp_path / "nothing", writable=False)

    panel = EvaluationPanel(tasks, tmp_path / "nothing", open_marks, lambda: FUSION)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: panel.data.sign.isVisible())
    assert "There is no library" in panel.data.word.text()


def test_a_bug_goes_to_the_crash_dialog_and_the_panel_can_be_used_again(
    qtbot: QtBot, tasks: TaskRunner, library_folder: Path
) -> None:
    def open_marks() -> AbstractContextManager[Workspace]:
        raise sqlite3.ProgrammingError("a bug")

    panel = EvaluationPanel(tasks, library_folder, open_marks, lambda: FUSION)
    qtbot.addWidget(panel)
    panel.show()
    with qtbot.captureExceptions() as raised:
        panel.start(None)
        qtbot.waitUntil(lambda: bool(raised))
    assert raised[0][0] is sqlite3.ProgrammingError
    assert panel.data.run.isVisible()


def test_a_fusion_chosen_elsewhere_is_noticed(
    qtbot: QtBot, panel: EvaluationPanel, captions: CaptionFile
) -> None:
    choose(panel, captions)
    panel.data.run.click()
    qtbot.waitUntil(lambda: panel.results.outcome is not None, timeout=LONG)
    with qtbot.waitSignal(panel.fusion_chosen) as chosen:
        panel.results.best.use.click()
    assert isinstance(chosen.args[0], Fusion)
    assert not panel.results.best.use.isEnabled()
    panel.show_fusion()  # the window kept to the other one
    assert panel.results.best.use.isEnabled()


def test_results_are_exported(
    qtbot: QtBot,
    panel: EvaluationPanel,
    captions: CaptionFile,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    choose(panel, captions)
    panel.data.run.click()
    qtbot.waitUntil(lambda: panel.results.outcome is not None, timeout=LONG)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "r.json"), ""))
    panel.export.json.trigger()
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["photos"] == 10
    assert panel.data.word.text() == f"Saved as {tmp_path / 'r.json'}."
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("/nowhere/c.png", ""))
    panel.export.picture.trigger()
    assert panel.data.sign.isVisible()
    assert "/nowhere/c.png" in panel.data.word.text()


def test_the_library_is_free_again_after_a_run(
    qtbot: QtBot, panel: EvaluationPanel, library_folder: Path
) -> None:
    panel.start(None)
    qtbot.waitUntil(lambda: panel.data.sign.isVisible(), timeout=LONG)
    assert "No photo has been marked" in panel.data.word.text()
    with Library.open(library_folder) as library:
        assert library.writable
