from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.progress import Progress
from gui.progress_strip import ProgressStrip

WORKING = Progress("embedding", done=812, total=4310, rate=31.2, seconds_left=112.0)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def english_numbers() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def strip(qtbot: QtBot) -> ProgressStrip:
    strip = ProgressStrip()
    qtbot.addWidget(strip)
    return strip


def test_it_takes_no_room_where_nothing_is_done(strip: ProgressStrip) -> None:
    strip.show_progress(WORKING)
    assert strip.isVisible()
    strip.show_progress(Progress())
    assert strip.isHidden()


def test_embedding_is_said_with_rate_and_time(strip: ProgressStrip) -> None:
    strip.show_progress(WORKING)
    assert strip.label.text() == "Embedding 812 of 4,310 · 31 photos/s · 2 minute(s) left"
    assert (strip.bar.value(), strip.bar.maximum()) == (812, 4310)


def test_what_is_unknown_is_not_said(strip: ProgressStrip) -> None:
    strip.show_progress(Progress("embedding", total=4310))
    assert strip.label.text() == "Embedding 0 of 4,310"


def test_photos_that_could_not_be_read_are_counted(strip: ProgressStrip) -> None:
    strip.show_progress(Progress("embedding", done=5, total=10, failed=2, rate=0.53))
    assert strip.label.text() == "Embedding 5 of 10 · 0.5 photos/s · 2 could not be read"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "a few seconds left"),
        (9.9, "a few seconds left"),
        (41, "50 second(s) left"),
        (61, "2 minute(s) left"),
        (3_599, "60 minute(s) left"),
        (3_601, "2 hour(s) left"),
    ],
)
def test_the_time_is_said_in_words(strip: ProgressStrip, seconds: float, words: str) -> None:
    assert strip.time_left(seconds) == words


def test_preparing_new_models_is_said_with_its_end(strip: ProgressStrip) -> None:
    strip.show_progress(replace(WORKING, phase="preparing"))
    said = "Preparing new models: 812 of 4,310 · 31 photos/s · 2 minute(s) left"
    assert strip.label.text() == said
    assert strip.pause_button.isVisibleTo(strip)
    strip.show_progress(replace(WORKING, phase="put off"))
    assert strip.label.text() == "Preparing new models stopped at 812 of 4,310"
    assert strip.go_on_button.isVisibleTo(strip)
    strip.show_progress(Progress("waiting", done=812, total=4310, offline=3498))
    assert strip.label.text() == "New models wait for the drive of 3,498 photo(s)"
    assert not strip.bar.isVisibleTo(strip)


def test_while_photos_are_looked_for_the_bar_only_says_busy(strip: ProgressStrip) -> None:
    strip.show_progress(Progress("finding", folder="/ảnh", done=2211))
    assert strip.label.text() == "Looking for photos in /ảnh: 2,211 found"
    assert (strip.bar.minimum(), strip.bar.maximum()) == (0, 0)
    assert not strip.pause_button.isVisible()


def test_work_can_be_paused_and_stopped(qtbot: QtBot, strip: ProgressStrip) -> None:
    strip.show_progress(WORKING)
    with qtbot.waitSignal(strip.pause_wanted) as wanted:
        QTest.mouseClick(strip.pause_button, LEFT)
    assert wanted.args == [True]
    with qtbot.waitSignal(strip.cancel_wanted):
        QTest.mouseClick(strip.cancel_button, LEFT)


def test_paused_work_can_go_on(qtbot: QtBot, strip: ProgressStrip) -> None:
    strip.show_progress(replace(WORKING, phase="paused", seconds_left=None))
    assert strip.label.text() == "Paused at 812 of 4,310"
    assert not strip.pause_button.isVisible()
    with qtbot.waitSignal(strip.pause_wanted) as wanted:
        QTest.keyClick(strip.go_on_button, Qt.Key.Key_Space)
    assert wanted.args == [False]


def test_stopped_work_can_go_on(strip: ProgressStrip) -> None:
    strip.show_progress(Progress("stopped", total=3498))
    assert strip.label.text() == "Indexing stopped; 3,498 photo(s) cannot be found yet"
    assert strip.go_on_button.isVisible()
    assert not strip.cancel_button.isVisible()
    assert not strip.bar.isVisible()


def test_in_a_narrow_window_the_words_come_first(strip: ProgressStrip) -> None:
    strip.show_progress(replace(WORKING, done=81_200, total=431_000, failed=2_345))
    for width, bar_width in ((1600, 240), (780, 130)):
        strip.resize(width, strip.height())
        assert strip.bar.width() == bar_width
    QApplication.sendPostedEvents()
    words = strip.label.fontMetrics().horizontalAdvance(strip.label.text())
    assert words <= strip.label.width()
