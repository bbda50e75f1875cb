"""The program with a window: what is made before the window, around it, and after it."""

import logging
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from engine.errors import EngineError
from engine.indexing.selection import Selection
from engine.inference.messages import Machine
from engine.library.library import Library
from engine.paths import APP_NAME, default_library_folder
from engine.updates import Release
from gui import language, logs, theme
from gui.crash import CrashReporter
from gui.garbage import GarbageCollector
from gui.main_window import MainWindow
from gui.open_events import Application
from gui.session import Session
from gui.settings import Settings, SettingsFile, user_settings_file
from gui.settings_control import SettingsControl
from gui.single_instance import SingleInstance
from gui.tasks import TaskRunner
from gui.tray import TrayIcon
from gui.update_check import UpdateCheck

logger = logging.getLogger(__name__)

NO_SCREEN = "There is no screen to open the window on; anhoi --help lists what works without one."


def run(paths: Sequence[bytes], library: Path | None) -> int:
    """Open the window and stay until it is closed.

    Args:
        paths: folders to add and photos to look into.
        library: its folder; None means the user's own.

    Returns:
        The exit code.
    """
    if not _has_screen():
        print(f"anhoi: {NO_SCREEN}", file=sys.stderr)  # noqa: T201 - there is no window to tell it
        return 1
    app = Application(sys.argv[:1])
    app.setApplicationName(APP_NAME)
    app.setApplicationDisplayName("Ảnh Ơi")
    app.setDesktopFileName(APP_NAME)
    app.setWindowIcon(theme.icon("app"))
    app.setQuitOnLastWindowClosed(False)
    with logs.written_down():
        program = Program(app, SettingsFile(user_settings_file()), library)
        # As an exception it would land in whatever Python is at, be it painting a widget for Qt.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: QTimer.singleShot(0, program.quit))
        app.files_opened.connect(program.take_in)
        if not program.begin([os.path.abspath(path) for path in paths]):
            return 0
        return app.exec()


def _has_screen() -> bool:
    """Whether Qt will find one; asked first, because it ends the process where it does not."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


class Program(QObject):
    """One run of the program.

    Args:
        app: Qt's.
        settings_file: what the user has set.
        library: its folder; None means what the settings say.
    """

    def __init__(
        self, app: QApplication, settings_file: SettingsFile, library: Path | None = None
    ) -> None:
        super().__init__()
        self._app = app
        self._file = settings_file
        self._named_library = library
        self.settings, self._word = settings_file.load()
        self.window: MainWindow | None = None
        self.tray: TrayIcon | None = None
        self.crashes = CrashReporter(lambda: self.window, self._tell)
        self.crashes.quit_wanted.connect(self.quit)
        self._garbage = GarbageCollector(self)
        self._control = SettingsControl(self, self.crashes.report)
        self.updates = UpdateCheck(self.crashes.report, self)
        self.updates.found.connect(self._tell_of_version)
        self._instance = SingleInstance(self._library_folder(), self)
        self._instance.called.connect(self.take_in)

    def begin(self, paths: Sequence[bytes]) -> bool:
        """Show the window, unless another start of the program has one of this library.

        Args:
            paths: folders to add and photos to look into, absolute.
        """
        if not self._instance.claim(paths):
            return False
        self.crashes.install()
        self._garbage.start()
        theme.apply(self._app, self.settings.theme)
        self.open()
        for word in filter(None, (self._word, self._instance.word)):
            self._tell(word)
        if paths and self.window:
            self.window.take_in(paths)
        return True

    def open(self) -> None:
        """Open the library in a window; its threads begin after the first paint."""
        language.install(self._app, self.settings.language)
        settings = self.settings
        self._tasks = TaskRunner(self.crashes.report, self)
        self.session = Session(
            self._library_folder(),
            self._tasks,
            Machine(settings.device, settings.machine_share),
            in_float32=settings.precision == "float32",
            parent=self,
        )
        self.session.failed.connect(self.crashes.report)
        self.session.pair_switched.connect(self._control.show_tools)
        self.window = MainWindow(self.session, self._tasks, settings)
        self.window.closed.connect(self._close_window)
        self.window.settings_wanted.connect(self._open_settings)
        self.window.reopen_wanted.connect(self.reopen)
        self.window.quit_wanted.connect(self.quit)
        self._show_tray()
        self.window.show()
        QTimer.singleShot(0, self.session.start)
        self._select(settings)
        self.updates.set_daily(settings.check_updates)

    def close(self) -> None:
        """Close the library and its window at once; nothing that was finished is lost."""
        window = self.window
        if window is None:
            return
        self._control.close_dialog()  # a child of the window
        window.hide()
        self.save(replace(self.settings, **window.state()))
        self.let_go()
        self._hide_tray()
        self.window = None
        viewer = window.photos.viewer  # a window of its own, which nobody else would delete
        for gone in (viewer, window, self.session, self._tasks):
            gone.deleteLater()

    def let_go(self) -> None:
        """End all work on the library and close it."""
        self.session.close()
        if self.window:
            self.window.close_down()
        self._tasks.close()

    def reopen(self) -> None:
        """Make the window and open the library anew, with what is set now."""
        self.close()
        self._instance.move(self._library_folder())
        self.open()

    def settle(self, library_folder: Path) -> None:
        """Keep a library's new place.

        Raises:
            FolderError: the disk refuses.
        """
        settings = replace(self.settings, library_folder=str(library_folder))
        self._file.save(settings)
        self.settings, self._named_library = settings, None

    def apply(self, before: Settings) -> None:
        """Take over what can change while the window is open."""
        settings = self.settings
        if settings.theme != before.theme:
            theme.apply(self._app, settings.theme)
        if settings.keep_in_tray != before.keep_in_tray:
            self._hide_tray()
            self._show_tray()
        if self.window:
            self.window.apply(settings)
        self.updates.set_daily(settings.check_updates)
        self._select(settings)

    def take_in(self, paths: list[bytes]) -> None:
        """Show the window and what it is asked to open, as after a second start of the program."""
        self._raise()
        if paths and self.window:
            self.window.take_in(paths)

    def quit(self) -> None:
        """End the program."""
        self._control.close()
        self.close()
        self._instance.close()
        self.crashes.uninstall()
        self.updates.close()
        self._garbage.stop()
        self._app.quit()

    def save(self, settings: Settings) -> None:
        """Keep these settings; where the disk refuses, they hold until the program ends."""
        self.settings = settings
        try:
            self._file.save(settings)
        except EngineError as error:
            self.crashes.report(error)

    def _library_folder(self) -> Path:
        if self._named_library is not None:
            return self._named_library.absolute()
        chosen = self.settings.library_folder
        return Path(chosen) if chosen else default_library_folder().absolute()

    def _select(self, settings: Settings) -> None:
        """Let the library's thread go by what is to be left out, if that is new to it."""
        selection = Selection(
            settings.hidden_files, tuple(os.fsencode(path) for path in settings.excluded_folders)
        )

        session = self.session  # not to be read in the library's thread: it may be another by then

        def select(library: Library) -> None:
            if Selection.of(library) != selection:
                session.select(selection)

        session.write(select)

    def _open_settings(self) -> None:
        if dialog := self._control.open():
            dialog.general.updates_wanted.connect(self.updates.look)
            self.updates.told.connect(dialog.general.show_updates)

    def _tell_of_version(self, release: Release) -> None:
        def open_page() -> None:
            QDesktopServices.openUrl(QUrl(release.page))

        if self.window:
            sentence = self.updates.sentence(release)
            self.window.message_bar.tell(sentence, self.tr("Open the page"), open_page)

    def _show_tray(self) -> None:
        if not (self.settings.keep_in_tray and TrayIcon.isSystemTrayAvailable()):
            return
        tray = self.tray = TrayIcon(theme.icon("app"), self._is_hidden, self)
        tray.open_wanted.connect(self._raise)
        tray.quit_wanted.connect(self.quit)
        tray.pause_wanted.connect(
            lambda paused: self.session.pause() if paused else self.session.resume()
        )
        self.session.progressed.connect(tray.show_progress)
        self.session.folders_changed.connect(tray.show_folders)
        tray.show()

    def _hide_tray(self) -> None:
        if self.tray:
            self.tray.hide()
            self.tray.deleteLater()
        self.tray = None

    def _is_hidden(self) -> bool:
        return self.window is None or not self.window.isVisible()

    def _close_window(self) -> None:
        """A closed window goes on watching in the tray, where the user wants that."""
        if self.tray is None:
            self.quit()

    def _raise(self) -> None:
        if self.window:
            self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
            self.window.show()
            self.window.raise_()
            self.window.activateWindow()

    def _tell(self, sentence: str) -> None:
        if self.window:
            self.window.tell(sentence, lasting=True)
