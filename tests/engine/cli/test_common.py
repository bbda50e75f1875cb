import argparse
from collections.abc import Generator
from pathlib import Path

import pytest

from engine.cli.common import Progress, library_folder, sentences
from engine.indexing.adding import AddReport
from engine.indexing.embedding import EmbedReport
from engine.library.photo import Folder

FOLDER = Folder(1, "/ảnh".encode(), True)


@pytest.mark.parametrize(
    ("report", "told"),
    [
        (AddReport(FOLDER), ["/ảnh: no photos."]),
        (
            AddReport(FOLDER, seen=1_234, added=1_000, moved=3, changed=2, missing=1),
            ["/ảnh: 1,234 photo files, 1,000 new, 3 moved or renamed, 2 changed, 1 gone."],
        ),
    ],
)
def test_what_was_found_is_told_in_a_sentence(report: AddReport, told: list[str]) -> None:
    assert sentences(report) == told


def test_what_the_user_should_see_to_is_told() -> None:
    (offline,) = sentences(AddReport(FOLDER, offline=True))
    assert "/ảnh cannot be reached" in offline
    _, unreadable, held_back = sentences(AddReport(FOLDER, seen=5, unreadable=2, held_back=1_500))
    assert unreadable.startswith("2 folders")
    assert "Suddenly missing: 1,500 photos of /ảnh" in held_back
    assert "--remove-missing" in held_back


def test_names_that_are_no_text_are_told_all_the_same() -> None:
    (told,) = sentences(AddReport(Folder(1, b"/\xff", True)))
    assert told == "/\ufffd: no photos."


def test_a_bar_runs_for_each_piece_of_work(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress()
    found = [AddReport(FOLDER, seen=3), AddReport(FOLDER, seen=7, finished=True)]
    progress.follow(found)
    progress.follow([EmbedReport(7), EmbedReport(7, 5, 2, [1])])
    progress.follow([AddReport(FOLDER, seen=1, finished=True)])
    assert [report.seen for report in progress.added] == [7, 1]
    assert progress.embedded
    assert progress.embedded.done == 5
    told = capsys.readouterr().err
    assert "Finding photos" in told
    assert "7/7" in told


def test_a_bar_comes_to_its_end_with_the_last_report(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress()
    for report in (EmbedReport(1), EmbedReport(1, 1, 0, [1])):
        progress.show(report)
    assert "1/1" in capsys.readouterr().err, "before anything else happens"


def test_no_bar_is_shown_where_there_is_nothing_to_embed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Progress().follow([EmbedReport(0)])
    assert capsys.readouterr().err == ""


def test_work_that_is_interrupted_is_closed_at_once() -> None:
    saved = []

    def work() -> Generator[EmbedReport]:
        try:
            yield EmbedReport(1)
            yield EmbedReport(1, 1, 0, [1])
        finally:
            saved.append(True)

    class Interrupted(Progress):
        def show(self, report: AddReport | EmbedReport) -> None:
            raise KeyboardInterrupt

    reports = work()
    with pytest.raises(KeyboardInterrupt):
        Interrupted().follow(reports)
    assert saved == [True]


def test_the_library_is_the_one_named_else_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANHOI_LIBRARY", str(tmp_path / "own"))
    monkeypatch.chdir(tmp_path)
    assert library_folder(argparse.Namespace(library=None)) == tmp_path / "own"
    assert library_folder(argparse.Namespace(library=Path("named"))) == tmp_path / "named"
