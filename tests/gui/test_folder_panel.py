import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from gui.folder_delegate import state_rect
from gui.folder_model import ROW_ROLE
from gui.folder_panel import FolderPanel
from gui.folder_rows import Key, Row
from gui.progress import Progress
from tests.gui.folder_states import folder

LEFT = Qt.MouseButton.LeftButton
STATES = [
    folder(1, "/ảnh/Biển", problems=3),
    folder(2, "/ảnh/Chợ", held_back=120),
    folder(3, "/usb/DCIM", online=False),
]


@pytest.fixture
def panel(qtbot: QtBot) -> FolderPanel:
    panel = FolderPanel()
    qtbot.addWidget(panel)
    panel.resize(264, 600)
    panel.show_folders(STATES)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def rect_of(panel: FolderPanel, key: Key) -> QRect:
    row = panel.model.row_of(key)
    assert row is not None
    return panel.list.visualRect(panel.model.index(row))


def row_of(panel: FolderPanel, key: Key) -> Row:
    position = panel.model.row_of(key)
    assert position is not None
    row: Row = panel.model.index(position).data(ROW_ROLE)
    return row


def click(panel: FolderPanel, position: QPoint) -> None:
    QTest.mouseClick(panel.list.viewport(), LEFT, pos=position)


def name_of(panel: FolderPanel, key: Key) -> QPoint:
    return rect_of(panel, key).topLeft() + QPoint(60, 12)


def trigger(menu: QMenu, text: str) -> None:
    next(action for action in menu.actions() if action.text().startswith(text)).trigger()


def question(panel: FolderPanel) -> QMessageBox:
    box = panel.findChild(QMessageBox)
    assert box is not None
    assert box.defaultButton() is box.button(QMessageBox.StandardButton.Cancel)
    return box


def press(box: QMessageBox, text: str) -> None:
    button = next(button for button in box.findChildren(QPushButton) if button.text() == text)
    QTest.mouseClick(button, LEFT)


def test_a_click_chooses_what_is_shown(panel: FolderPanel) -> None:
    chosen: list[object] = []
    panel.folder_chosen.connect(chosen.append)
    panel.favourites_chosen.connect(lambda: chosen.append("favourites"))
    for key in (3, "favourites", "all"):
        click(panel, name_of(panel, key))
    assert chosen == [3, "favourites", None]
    assert panel.chosen == "all"


def test_the_arrow_keys_choose_too_and_leave_the_heading_out(panel: FolderPanel) -> None:
    chosen: list[object] = []
    panel.folder_chosen.connect(chosen.append)
    panel.choose("favourites")
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    assert chosen == [1]


def test_what_is_chosen_stays_so_when_folders_come_and_go(qtbot: QtBot, panel: FolderPanel) -> None:
    panel.choose(3)
    with qtbot.assertNotEmitted(panel.folder_chosen):
        panel.show_folders([folder(4, "/ảnh/An"), *STATES])
        panel.show_progress(Progress("embedding"))
    assert panel.list.currentIndex().data() == "DCIM"
    assert panel.list.selectionModel().selectedIndexes() == [panel.list.currentIndex()]


def test_all_photos_are_chosen_where_the_chosen_folder_is_removed(
    qtbot: QtBot, panel: FolderPanel
) -> None:
    panel.choose(3)
    with qtbot.waitSignal(panel.folder_chosen) as chosen:
        panel.show_folders(STATES[:2])
    assert chosen.args == [None]
    assert panel.chosen == "all"


def test_removing_asks_first_and_cancel_is_the_safe_answer(
    qtbot: QtBot, panel: FolderPanel
) -> None:
    panel.choose(1)
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert "no file is touched" in question(panel).informativeText()
    with qtbot.assertNotEmitted(panel.remove_wanted):
        QTest.keyClick(question(panel), Qt.Key.Key_Return)


def test_a_folder_is_removed_when_the_user_says_so(qtbot: QtBot, panel: FolderPanel) -> None:
    trigger(panel.menu(row_of(panel, 2)), "Remove")
    with qtbot.waitSignal(panel.remove_wanted) as wanted:
        press(question(panel), "Remove")
    assert wanted.args == [2]


def test_all_photos_and_favourites_cannot_be_removed(panel: FolderPanel) -> None:
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert panel.findChild(QMessageBox) is None
    assert panel.menu(row_of(panel, "all")).isEmpty()


def test_a_folder_is_looked_through_again_by_key_and_menu(qtbot: QtBot, panel: FolderPanel) -> None:
    panel.choose(2)
    with qtbot.waitSignal(panel.look_through_wanted) as wanted:
        QTest.keyClick(panel.list, Qt.Key.Key_F5)
    assert wanted.args == [2]
    with qtbot.waitSignal(panel.look_through_wanted) as wanted:
        trigger(panel.menu(row_of(panel, 1)), "Look through again")
    assert wanted.args == [1]


def test_the_menu_opens_and_shows_a_folder(qtbot: QtBot, panel: FolderPanel) -> None:
    menu = panel.menu(row_of(panel, 3))
    with qtbot.waitSignal(panel.open_wanted) as opened:
        trigger(menu, "Open in the file manager")
    assert opened.args == [3]
    with qtbot.waitSignal(panel.folder_chosen) as chosen:
        trigger(menu, "Show only")
    assert chosen.args == [3]


def test_a_click_on_the_problems_shows_them(qtbot: QtBot, panel: FolderPanel) -> None:
    with qtbot.waitSignal(panel.problems_wanted):
        click(panel, state_rect(rect_of(panel, 1)).center())


def test_missing_photos_are_confirmed_after_a_question(qtbot: QtBot, panel: FolderPanel) -> None:
    click(panel, state_rect(rect_of(panel, 2)).center())
    with qtbot.waitSignal(panel.confirm_missing_wanted) as wanted:
        press(question(panel), "They are gone")
    assert wanted.args == [2]


def test_the_right_button_opens_the_menu_without_choosing(qtbot: QtBot, panel: FolderPanel) -> None:
    with qtbot.assertNotEmitted(panel.folder_chosen):
        QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.RightButton, pos=name_of(panel, 2))
        panel.list.customContextMenuRequested.emit(name_of(panel, 2))
    menu = panel.findChild(QMenu)
    assert menu is not None
    assert menu.isVisible()
    menu.close()


def test_the_button_asks_for_a_folder(qtbot: QtBot, panel: FolderPanel) -> None:
    with qtbot.waitSignal(panel.add_wanted):
        QTest.mouseClick(panel.add_button, LEFT)


def test_favourites_are_counted(panel: FolderPanel) -> None:
    panel.show_favourites(57)
    assert row_of(panel, "favourites").count == 57


def test_every_row_is_drawn(panel: FolderPanel) -> None:
    drawn = panel.list.grab().toImage()
    for key in ("all", 1, 2, 3):
        rect = rect_of(panel, key)
        colours = {
            drawn.pixel(x, y)
            for x in range(rect.left(), rect.right(), 2)
            for y in range(rect.top(), rect.bottom(), 2)
        }
        assert len(colours) > 3, key


def test_the_name_of_a_folder_is_no_markup(panel: FolderPanel, qtbot: QtBot) -> None:
    panel.show_folders([folder(1, "/x/<b>a")])
    panel._ask_to_remove(panel.model.index(3).data(ROW_ROLE))
    (box,) = panel.findChildren(QMessageBox)
    assert box.textFormat() == Qt.TextFormat.PlainText
    assert "“<b>a”" in box.text()
    box.reject()
