import pytest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from gui.settings import Settings
from gui.settings_pages.page import SettingsPage, check_box, choose, combo, hint_label


class NamePage(SettingsPage):
    def __init__(self) -> None:
        super().__init__("Names")
        self.name = QLineEdit()
        self._add_row("Name", self.name, hint_label("As you are called."))


def test_a_field_has_its_label_and_its_hint(qtbot: QtBot) -> None:
    page = NamePage()
    qtbot.addWidget(page)
    labels = {label.text(): label for label in page.findChildren(QLabel)}
    assert labels.keys() == {"Names", "Name", "As you are called."}
    assert labels["Name"].buddy() is page.name
    assert page.name.accessibleName() == "Name"


def test_every_page_must_say_what_it_shows(qtbot: QtBot) -> None:
    page = NamePage()
    qtbot.addWidget(page)
    with pytest.raises(NotImplementedError):
        page.show_settings(Settings())
    with pytest.raises(NotImplementedError):
        page.edited_settings(Settings())


def test_a_choice_is_kept_by_its_value(qtbot: QtBot) -> None:
    told: list[int] = []
    box = combo({"a": "First", "b": "Second"}, lambda: told.append(1))
    qtbot.addWidget(box)
    choose(box, "b")
    assert (box.currentText(), box.currentData()) == ("Second", "b")
    assert told == [1]


def test_a_value_of_another_system_can_be_shown(qtbot: QtBot) -> None:
    box = combo({"cuda": "Graphics card"}, lambda: None)
    qtbot.addWidget(box)
    choose(box, "mps")
    assert box.currentData() == "mps"


def test_a_check_box_tells_of_every_change(qtbot: QtBot) -> None:
    told: list[int] = []
    box = check_box("On", lambda: told.append(1))
    qtbot.addWidget(box)
    box.setChecked(True)
    box.setChecked(False)
    assert told == [1, 1]
