from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from gui.photos.viewer_actions import ViewerActions


def test_every_action_has_a_name_and_keys_of_its_own(qtbot: QtBot) -> None:
    parent = QObject()
    actions = ViewerActions(parent).all()
    keys = [key.toString() for action in actions for key in action.shortcuts()]
    assert all(action.text() and action.shortcuts() for action in actions)
    assert len(set(keys)) == len(keys)


def test_no_key_deletes(qtbot: QtBot) -> None:
    parent = QObject()
    keys = [key for action in ViewerActions(parent).all() for key in action.shortcuts()]
    assert not {QKeySequence("Del"), QKeySequence("Shift+Del")} & set(keys)


def test_the_favourite_shows_whether_it_is_one(qtbot: QtBot) -> None:
    parent = QObject()
    favourite = ViewerActions(parent).favourite
    before = favourite.icon().pixmap(24).toImage()
    favourite.setChecked(True)
    assert favourite.icon().pixmap(24).toImage() != before
    favourite.setChecked(False)
    assert favourite.icon().pixmap(24).toImage() == before
