import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.segmented_control import SegmentedControl


@pytest.fixture
def control(qtbot: QtBot) -> SegmentedControl:
    control = SegmentedControl({"a": "One", "b": "Two", "c": "Three"})
    qtbot.addWidget(control)
    control.show()
    return control


def checked(control: SegmentedControl) -> list[str]:
    return [key for key, button in control.buttons.items() if button.isChecked()]


def test_the_first_is_chosen_at_first(control: SegmentedControl) -> None:
    assert control.key == "a"
    assert checked(control) == ["a"]


def test_a_click_chooses_one_alone(qtbot: QtBot, control: SegmentedControl) -> None:
    with qtbot.waitSignal(control.chosen) as chosen:
        QTest.mouseClick(control.buttons["c"], Qt.MouseButton.LeftButton)
    assert chosen.args == ["c"]
    assert checked(control) == ["c"]


def test_a_click_on_the_choice_tells_nothing(qtbot: QtBot, control: SegmentedControl) -> None:
    with qtbot.assertNotEmitted(control.chosen):
        QTest.mouseClick(control.buttons["a"], Qt.MouseButton.LeftButton)
    assert checked(control) == ["a"]


def test_the_arrow_keys_choose_the_neighbour_and_stop_at_the_ends(
    control: SegmentedControl,
) -> None:
    heard: list[str] = []
    control.chosen.connect(heard.append)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Right):
        QTest.keyClick(control.buttons[control.key], key)
    assert heard == ["b", "c"]
    QTest.keyClick(control.buttons["c"], Qt.Key.Key_Left)
    assert control.key == "b"


def test_the_tab_key_reaches_the_choice_only(control: SegmentedControl) -> None:
    control.choose("b")
    by_tab = [
        key
        for key, button in control.buttons.items()
        if button.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert by_tab == ["b"]
