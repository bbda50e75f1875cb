import platform
from pathlib import Path

import PySide6
import pytest
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from gui.crash_dialog import MOST_SHOWN, CrashDialog

TRACE = 'Traceback (most recent call last):\n  File "{home}/anhoi/gui/grid.py"\nValueError: ảnh'


@pytest.fixture
def dialog(qtbot: QtBot) -> CrashDialog:
    dialog = CrashDialog()
    qtbot.addWidget(dialog)
    dialog.add(TRACE.format(home=Path.home()))
    dialog.show()
    return dialog


def text_of(dialog: CrashDialog) -> str:
    return dialog.findChildren(QPlainTextEdit)[0].toPlainText()


def test_the_copy_holds_the_trace_and_all_versions(dialog: CrashDialog) -> None:
    next(b for b in dialog.findChildren(QPushButton) if b.text() == "&Copy").click()
    copied = QGuiApplication.clipboard().text()
    assert "ValueError: ảnh" in copied
    assert PySide6.__version__ in copied
    assert platform.python_version() in copied
    assert platform.system() in copied
    assert "Ảnh Ơi 0" in copied


def test_the_name_of_the_user_is_not_in_it(dialog: CrashDialog) -> None:
    dialog.copy()
    assert str(Path.home()) not in QGuiApplication.clipboard().text()
    assert 'File "~/anhoi/gui/grid.py"' in text_of(dialog)


def test_the_trace_is_read_only_in_letters_of_one_width(dialog: CrashDialog) -> None:
    view = dialog.findChildren(QPlainTextEdit)[0]
    assert view.isReadOnly()
    metrics = QFontMetrics(view.font())
    assert metrics.horizontalAdvance("iii") == metrics.horizontalAdvance("MMM")


def test_only_so_many_traces_are_kept(dialog: CrashDialog) -> None:
    for number in range(3 * MOST_SHOWN):
        dialog.add(f"ValueError: {number}")
    assert text_of(dialog).count("ValueError") == MOST_SHOWN
    assert str(3 * MOST_SHOWN + 1) in dialog.sentence()
