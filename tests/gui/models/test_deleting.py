import pytest
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from engine.models.checkpoints import CHECKPOINTS
from gui.models.deleting import Deleting
from gui.models.offers import Offer


@pytest.mark.parametrize(
    ("can_come_back", "words"), [(True, "downloaded again"), (False, "it is gone")]
)
def test_the_question_says_whether_it_can_come_back(
    qtbot: QtBot, can_come_back: bool, words: str
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    Deleting(parent).ask_for_files(Offer(CHECKPOINTS[0], "here"), can_come_back, lambda: None)
    (box,) = parent.findChildren(QMessageBox)
    assert CHECKPOINTS[0].name in box.text()
    assert words in box.informativeText()
    box.close()


def test_nothing_is_asked_where_nothing_is_kept(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    Deleting(parent).ask_for_embeddings(Offer(CHECKPOINTS[0], "here"), lambda: None)
    assert not parent.findChildren(QMessageBox)
