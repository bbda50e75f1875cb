"""The columns of the window."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.columns import Columns


@pytest.mark.parametrize(
    ("width", "shown"), [(1200, (True, True)), (1000, (True, False)), (700, (False, False))]
)
def test_a_narrow_window_does_without_details_then_without_folders(
    qtbot: QtBot, width: int, shown: tuple[bool, bool]
) -> None:
    folders, pages, details = QWidget(), QWidget(), QWidget()
    columns = Columns(folders, pages, details)
    qtbot.addWidget(columns)
    columns.want(folders=True, details=True)
    columns.resize(width, 400)
    columns.show()
    assert (folders.isVisible(), details.isVisible()) == shown
    assert pages.isVisible()
    columns.want(folders=False, details=False)
    columns.resize(1200, 400)
    assert not folders.isVisible()
    assert not details.isVisible()
