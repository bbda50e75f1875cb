import pytest
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from gui.pages import PageBar, Pages


@pytest.fixture
def bar(qtbot: QtBot) -> PageBar:
    bar = PageBar()
    qtbot.addWidget(bar)
    return bar


def button(bar: PageBar, name: str) -> QToolButton:
    return next(b for b in bar.findChildren(QToolButton) if b.accessibleName() == name)


def test_a_heavy_page_is_made_once_when_it_is_first_wanted(qtbot: QtBot) -> None:
    made: list[QLabel] = []

    def make() -> QLabel:
        made.append(QLabel("heavy"))
        return made[-1]

    photos = QLabel("photos")
    pages = Pages({"photos": photos}, {"evaluation": make})
    qtbot.addWidget(pages)
    turned: list[str] = []
    pages.turned.connect(turned.append)
    assert not made
    for page in ("evaluation", "photos", "evaluation"):
        pages.turn_to(page)
    assert len(made) == 1
    assert pages.currentWidget() is made[0]
    assert turned == ["evaluation", "photos", "evaluation"]


def test_a_button_leads_to_its_page_and_back(bar: PageBar) -> None:
    wanted: list[str] = []
    bar.page_wanted.connect(wanted.append)
    button(bar, "Evaluation").click()
    button(bar, "Evaluation").click()
    assert wanted == ["evaluation", "photos"]


def test_the_button_of_the_shown_page_is_down(bar: PageBar) -> None:
    bar.show_page("problems")
    assert button(bar, "Problems").isChecked()
    assert not button(bar, "Evaluation").isChecked()
    bar.show_page("photos")
    assert not button(bar, "Problems").isChecked()


def test_the_number_of_problems_is_told(bar: PageBar) -> None:
    bar.show_problems(3)
    assert "3" in button(bar, "3 problem(s)").toolTip()
    bar.show_problems(0)
    assert button(bar, "Problems")


def test_details_are_shown_and_hidden(bar: PageBar) -> None:
    wanted: list[bool] = []
    bar.details_wanted.connect(wanted.append)
    button(bar, "Details").click()
    button(bar, "Details").click()
    assert wanted == [False, True]
