import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from gui.photos.fading import Fading

REST_MS = 30


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


def test_they_fade_when_nobody_stirs_and_come_back(qtbot: QtBot, window: QWidget) -> None:
    label = QLabel("a", window)
    fading = Fading([label], window, REST_MS)
    fading.wake()
    assert label.isVisible()
    qtbot.waitUntil(lambda: not label.isVisible())
    fading.wake()
    qtbot.waitUntil(label.isVisible)
    fading.stop()


def test_it_tells_when_they_are_hidden(qtbot: QtBot, window: QWidget) -> None:
    fading = Fading([QLabel("a", window)], window, REST_MS)
    with qtbot.waitSignal(fading.hidden, check_params_cb=lambda hidden: hidden):
        fading.wake()


def test_a_stopped_one_stays_as_it_is(qtbot: QtBot, window: QWidget) -> None:
    label = QLabel("a", window)
    fading = Fading([label], window, REST_MS)
    fading.wake()
    fading.stop()
    with qtbot.assertNotEmitted(fading.hidden, wait=3 * REST_MS):
        assert label.isVisible()
