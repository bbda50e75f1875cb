import logging
import sys
import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from engine.errors import FolderError
from gui.crash import CrashReporter
from gui.crash_dialog import CrashDialog
from gui.tasks import TaskRunner


class Window(QWidget):
    """A window in which something can go wrong anywhere."""

    poked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.broken = False
        self.poked.connect(self.break_down)

    def break_down(self) -> None:
        raise ZeroDivisionError("in a slot")

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.broken:
            self.broken = False
            raise ValueError("while painting")
        QPainter(self).drawText(10, 10, "Ảnh Ơi")


class Told(list[str]):
    """The sentences of the message bar."""


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    window = Window()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def reporter(window: Window, told: Told) -> Iterator[CrashReporter]:
    reporter = CrashReporter(lambda: window, told.append)
    reporter.install()
    yield reporter
    reporter.uninstall()


@pytest.fixture
def dialog(qtbot: QtBot, window: Window) -> Callable[[], CrashDialog]:
    """Waits for the one crash dialog of the window."""

    def wait() -> CrashDialog:
        qtbot.waitUntil(lambda: len(window.findChildren(CrashDialog)) == 1)
        return window.findChildren(CrashDialog)[0]

    return wait


def trace_in(dialog: CrashDialog) -> str:
    return dialog.findChildren(QPlainTextEdit)[0].toPlainText()


def press(dialog: CrashDialog, text: str) -> None:
    next(b for b in dialog.findChildren(QPushButton) if b.text() == text).click()


def raise_(error: BaseException) -> None:
    raise error


def test_an_error_in_a_slot_is_shown_with_its_trace(
    window: Window, reporter: CrashReporter, dialog: Callable[[], CrashDialog]
) -> None:
    window.poked.emit()
    assert "in break_down" in trace_in(dialog())
    assert "ZeroDivisionError: in a slot" in trace_in(dialog())


def test_an_error_in_a_timer_is_shown(
    reporter: CrashReporter, dialog: Callable[[], CrashDialog]
) -> None:
    QTimer.singleShot(0, lambda: raise_(KeyError("in a timer")))
    assert "KeyError: 'in a timer'" in trace_in(dialog())


def test_an_error_while_painting_is_shown(
    window: Window, reporter: CrashReporter, dialog: Callable[[], CrashDialog]
) -> None:
    window.broken = True
    window.update()
    assert "ValueError: while painting" in trace_in(dialog())


def test_an_error_in_a_thread_is_shown(
    reporter: CrashReporter, dialog: Callable[[], CrashDialog]
) -> None:
    thread = threading.Thread(target=raise_, args=(ValueError("in a thread"),))
    thread.start()
    thread.join()
    assert "ValueError: in a thread" in trace_in(dialog())


def test_a_bug_in_a_task_is_shown(
    qtbot: QtBot, reporter: CrashReporter, dialog: Callable[[], CrashDialog]
) -> None:
    tasks = TaskRunner(reporter.report)
    tasks.run(lambda: raise_(ValueError("in a task")))
    assert "ValueError: in a task" in trace_in(dialog())
    tasks.close()


def test_what_the_user_can_mend_is_a_sentence_and_no_dialog(
    qtbot: QtBot, window: Window, reporter: CrashReporter, told: Told
) -> None:
    reporter.report(FolderError("There is no folder /ảnh."))
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["There is no folder /ảnh."]
    assert not window.findChildren(CrashDialog)


def test_the_window_stays_usable_behind_the_dialog(
    window: Window, reporter: CrashReporter, dialog: Callable[[], CrashDialog]
) -> None:
    window.poked.emit()
    assert not dialog().isModal()
    assert dialog().isVisible()
    assert window.isEnabled()


def test_many_errors_share_one_dialog(
    qtbot: QtBot,
    window: Window,
    reporter: CrashReporter,
    dialog: Callable[[], CrashDialog],
) -> None:
    for _ in range(50):
        window.poked.emit()
    QTimer.singleShot(0, lambda: raise_(KeyError("another")))
    qtbot.waitUntil(lambda: "another" in trace_in(dialog()))
    assert trace_in(dialog()).count("ZeroDivisionError: in a slot") == 1
    assert "51" in dialog().sentence()


def test_an_error_seen_before_does_not_block_the_window_again(
    qtbot: QtBot,
    window: Window,
    reporter: CrashReporter,
    told: Told,
    dialog: Callable[[], CrashDialog],
) -> None:
    window.poked.emit()
    press(dialog(), "&Go on")
    qtbot.waitUntil(lambda: not window.findChildren(CrashDialog))
    window.poked.emit()
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["The same unexpected error occurred again."]
    assert not window.findChildren(CrashDialog)


def test_the_next_error_after_going_on_is_shown(
    qtbot: QtBot, window: Window, reporter: CrashReporter, dialog: Callable[[], CrashDialog]
) -> None:
    window.poked.emit()
    press(dialog(), "&Go on")
    qtbot.waitUntil(lambda: not window.findChildren(CrashDialog))
    QTimer.singleShot(0, lambda: raise_(KeyError("another")))
    assert "another" in trace_in(dialog())


def test_return_goes_on(
    qtbot: QtBot, window: Window, reporter: CrashReporter, dialog: Callable[[], CrashDialog]
) -> None:
    window.poked.emit()
    go_on = next(b for b in dialog().findChildren(QPushButton) if b.isDefault())
    assert go_on.text() == "&Go on"
    assert dialog().focusWidget() is go_on


def test_quit_is_handed_on(
    qtbot: QtBot, window: Window, reporter: CrashReporter, dialog: Callable[[], CrashDialog]
) -> None:
    window.poked.emit()
    with qtbot.waitSignal(reporter.quit_wanted):
        press(dialog(), "&Quit Ảnh Ơi")


def test_control_c_quits_without_a_dialog(
    qtbot: QtBot, window: Window, reporter: CrashReporter
) -> None:
    with qtbot.waitSignal(reporter.quit_wanted):
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert not window.findChildren(CrashDialog)


def test_the_dialog_can_be_reached_over_a_modal_one(
    qtbot: QtBot, window: Window, reporter: CrashReporter
) -> None:
    settings = QDialog(window)
    settings.setModal(True)
    settings.show()
    window.poked.emit()
    qtbot.waitUntil(lambda: bool(settings.findChildren(CrashDialog)))
    settings.deleteLater()  # takes the crash dialog with it
    qtbot.waitUntil(lambda: not window.findChildren(QDialog))
    QTimer.singleShot(0, lambda: raise_(KeyError("another")))
    qtbot.waitUntil(lambda: bool(window.findChildren(CrashDialog)))


def test_an_error_without_a_main_window_is_shown(qtbot: QtBot, window: Window, told: Told) -> None:
    reporter = CrashReporter(lambda: None, told.append)
    reporter.report(ValueError("at the start"))

    def dialogs() -> list[CrashDialog]:
        shown = [w for w in QApplication.topLevelWidgets() if isinstance(w, CrashDialog)]
        return [dialog for dialog in shown if "at the start" in trace_in(dialog)]

    qtbot.waitUntil(lambda: len(dialogs()) == 1)
    dialogs()[0].close()
    qtbot.waitUntil(lambda: not dialogs())


def test_every_error_is_in_the_log(
    caplog: pytest.LogCaptureFixture,
    qtbot: QtBot,
    window: Window,
    reporter: CrashReporter,
    dialog: Callable[[], CrashDialog],
) -> None:
    window.poked.emit()
    dialog()
    assert [record.levelno for record in caplog.records] == [logging.CRITICAL]
    assert "in break_down" in caplog.text


class Unruly:
    def __del__(self) -> None:
        raise ValueError("while clearing away")


def test_an_error_while_clearing_away_is_only_logged(
    caplog: pytest.LogCaptureFixture, qtbot: QtBot, window: Window, reporter: CrashReporter
) -> None:
    thing = Unruly()
    del thing
    assert "while clearing away" in caplog.text
    QApplication.processEvents()
    assert not window.findChildren(CrashDialog)


def test_uninstalled_it_leaves_the_hooks_as_they_were(qapp: QApplication) -> None:
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    reporter = CrashReporter(lambda: None, lambda sentence: None)
    reporter.install()
    assert sys.excepthook != before[0]
    reporter.uninstall()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before
