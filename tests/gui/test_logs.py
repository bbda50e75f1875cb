import logging
from pathlib import Path

import pytest
from PySide6.QtCore import qCritical, qInfo, qWarning

from gui import logs


def test_what_the_program_tells_is_in_the_file() -> None:
    with logs.written_down():
        logging.getLogger("engine.test").info("Ảnh %s được đọc.", "tết.jpg")
        logging.getLogger("engine.test").debug("trifle")
    text = logs.log_file().read_text("utf-8")
    assert "INFO engine.test: Ảnh tết.jpg được đọc." in text
    assert "trifle" not in text


@pytest.mark.qt_log_level_fail("CRITICAL")
def test_what_qt_tells_is_in_the_file_by_its_weight() -> None:
    with logs.written_down():
        qInfo("said")
        qWarning("warned")
        qCritical("lamented")
    text = logs.log_file().read_text("utf-8")
    assert "INFO qt.default: said" in text
    assert "WARNING qt.default: warned" in text
    assert "ERROR qt.default: lamented" in text


def test_the_terminal_hears_warnings_only(capsys: pytest.CaptureFixture[str]) -> None:
    with logs.written_down():
        logging.getLogger("engine.test").info("quiet")
        logging.getLogger("engine.test").warning("loud")
    heard = capsys.readouterr().err
    assert "loud" in heard
    assert "quiet" not in heard


def test_old_files_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MAX_BYTES", 1000)
    with logs.written_down():
        for number in range(200):
            logging.getLogger("engine.test").info("%d %s", number, "x" * 50)
    files = list(logs.log_file().parent.iterdir())
    assert len(files) == logs.OLDER_FILES + 1
    assert all(file.stat().st_size <= 1000 for file in files)


def test_a_folder_that_refuses_the_file_keeps_nothing_shut(
    caplog: pytest.LogCaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(logs, "log_file", lambda: tmp_path / "file" / "anhoi.log")
    with logs.written_down():
        pass
    assert "Nothing is written to" in caplog.text


def test_afterwards_logging_is_as_before() -> None:
    root = logging.getLogger()
    before = root.level, list(root.handlers)
    with logs.written_down():
        assert root.level == logging.INFO
    assert (root.level, root.handlers) == before
