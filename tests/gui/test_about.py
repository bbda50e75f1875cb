from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from engine.version import program_version
from gui.about import show_about
from gui.licences import LicencesDialog


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    window = QWidget()
    window.show()
    yield window
    window.close()
    window.deleteLater()


def test_it_says_what_the_program_is_and_which(window: QWidget) -> None:
    box = show_about(window)
    assert program_version() in box.text()
    assert "Apache-2.0" in box.text()
    box.close()


def test_it_leads_to_the_licences(qtbot: QtBot, window: QWidget) -> None:
    box = show_about(window)
    (button,) = [one for one in box.buttons() if one.text() == "&Licences…"]
    button.click()
    (dialog,) = window.findChildren(LicencesDialog)
    assert dialog.isVisible()
    dialog.close()


def test_ok_only_closes_it(qtbot: QtBot, window: QWidget) -> None:
    box = show_about(window)
    box.button(QMessageBox.StandardButton.Ok).click()
    assert not window.findChildren(LicencesDialog)
