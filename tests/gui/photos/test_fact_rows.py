from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from gui.photos.fact_rows import FactRow, PathLine, PlaceRow
from tests.gui.photos.browsing import handed_over
from tests.gui.photos.rows import row_of

PLACED = row_of(Path("/tmp/a.jpg"), place=(10.5, 106.25))


def test_a_row_without_a_fact_is_hidden(qtbot: QtBot) -> None:
    row = FactRow("camera", "Camera")
    qtbot.addWidget(row)
    assert row.isHidden()
    row.show_text("Nikon", "50 mm")
    assert (row.isHidden(), row.text, row.more) == (False, "Nikon", "50 mm")


def test_a_fact_is_named_and_can_be_selected_with_the_keyboard(qtbot: QtBot) -> None:
    row = FactRow("camera", "Camera")
    qtbot.addWidget(row)
    labels = row.findChildren(QLabel)
    keyboard = Qt.TextInteractionFlag.TextSelectableByKeyboard
    assert all(label.textInteractionFlags() & keyboard for label in labels)
    assert {label.accessibleName() for label in labels} == {"Camera"}


def test_a_fact_is_shown_as_it_is_written(qtbot: QtBot) -> None:
    row = FactRow("camera", "Camera")
    qtbot.addWidget(row)
    row.show_text("<b>5</b>")
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in row.findChildren(QLabel))


def test_coordinates_are_copied(qtbot: QtBot) -> None:
    row = PlaceRow()
    qtbot.addWidget(row)
    row.show_place(PLACED)
    QTest.mouseClick(row.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "10.50000, 106.25000"


def test_the_map_is_opened_upon_a_click_only(qtbot: QtBot) -> None:
    row = PlaceRow()
    qtbot.addWidget(row)
    with handed_over("https") as addresses:
        row.show_place(PLACED)
        assert not addresses
        QTest.mouseClick(row.show_map, Qt.MouseButton.LeftButton)
    assert len(addresses) == 1
    assert addresses[0].startswith("https://www.openstreetmap.org/?mlat=10.5")
    assert "browser" in row.show_map.toolTip()


def test_a_photo_without_a_place_has_no_such_row(qtbot: QtBot) -> None:
    row = PlaceRow()
    qtbot.addWidget(row)
    row.show_place(PLACED)
    row.show_place(row_of(Path("/tmp/a.jpg")))
    assert row.isHidden()


def test_the_whole_path_is_copied_however_little_of_it_is_shown(qtbot: QtBot) -> None:
    line = PathLine()
    qtbot.addWidget(line)
    path = "/home/lan/Ảnh/" + "rất dài/" * 20
    line.show_text(path)
    line.resize(100, 20)
    line.show()
    QTest.keyClick(line, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == path
    assert line.toolTip() == path


def test_the_path_has_a_menu_to_copy_it(qtbot: QtBot) -> None:
    line = PathLine()
    qtbot.addWidget(line)
    line.show_text("/tmp/a")
    at = line.rect().center()
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(line, QContextMenuEvent(reason, at, line.mapToGlobal(at)))
    menu = line.findChild(QMenu)
    assert isinstance(menu, QMenu)
    menu.actions()[0].trigger()
    assert QGuiApplication.clipboard().text() == "/tmp/a"
    menu.close()
