from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QTabWidget
from pytestqt.qtbot import QtBot

from engine.version import program_version
from gui import licences
from gui.licences import LICENCE, NOTICES, LicencesDialog


def texts(dialog: LicencesDialog) -> list[str]:
    (tabs,) = dialog.findChildren(QTabWidget)
    views = [tabs.widget(number) for number in range(tabs.count())]
    return [view.toPlainText() for view in views if isinstance(view, QPlainTextEdit)]


@pytest.fixture
def packaged(tmp_path: Path) -> Path:
    (tmp_path / LICENCE).write_text("Giấy phép của chúng tôi", "utf-8")
    (tmp_path / NOTICES).write_text("Qt 6, LGPL-3.0: © Các tác giả", "utf-8-sig")
    return tmp_path


def test_the_packaged_program_shows_what_lies_beside_it(qtbot: QtBot, packaged: Path) -> None:
    dialog = LicencesDialog(folders=[packaged / "elsewhere", packaged])
    qtbot.addWidget(dialog)
    assert texts(dialog) == ["Giấy phép của chúng tôi", "Qt 6, LGPL-3.0: © Các tác giả"]


def test_a_checkout_shows_the_licence_and_says_where_the_others_are(qtbot: QtBot) -> None:
    dialog = LicencesDialog()
    qtbot.addWidget(dialog)
    own, others = texts(dialog)
    assert "Apache License" in own
    assert ".dist-info" in others


def test_the_version_stands_above(qtbot: QtBot, packaged: Path) -> None:
    dialog = LicencesDialog(folders=[packaged])
    qtbot.addWidget(dialog)
    shown = [label.text() for label in dialog.findChildren(QLabel)]
    assert f"Ảnh Ơi {program_version()}" in shown


def test_nothing_can_be_changed_and_the_tab_key_leads_out(qtbot: QtBot, packaged: Path) -> None:
    dialog = LicencesDialog(folders=[packaged])
    qtbot.addWidget(dialog)
    for view in dialog.findChildren(QPlainTextEdit):
        assert view.isReadOnly()
        assert view.tabChangesFocus()


def test_a_packaged_program_looks_beside_itself_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "Contents" / "MacOS" / "anhoi"))
    monkeypatch.setattr("sys.frozen", True, raising=False)
    assert licences.places() == (
        tmp_path / "Contents" / "MacOS",
        tmp_path / "Contents" / "Resources",
        licences.SOURCES,
    )
