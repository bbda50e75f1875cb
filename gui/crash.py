"""Brings every error that nobody caught before the user; the program goes on."""

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from functools import partial
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from engine.errors import EngineError
from gui.crash_dialog import CrashDialog
from gui.engine_sentences import translated

logger = logging.getLogger(__name__)


class CrashReporter(QObject):
    """Tells the user of errors, from whatever thread they come.

    What the user can mend (an EngineError) is a sentence for the message bar. Anything else is a
    bug and is shown with its trace, in one dialog however many come. An error that was shown
    before is a sentence only, so that one that comes with every stroke leaves the window usable.

    Args:
        window: what the dialog stands before; None while there is no window.
        tell: shows a sentence.

    Signals:
        quit_wanted: the user would rather end the program.
    """

    quit_wanted = Signal()
    _reported = Signal(object, str)

    def __init__(self, window: Callable[[], QWidget | None], tell: Callable[[str], None]) -> None:
        super().__init__()
        self._window = window
        self._tell = tell
        self._dialog: CrashDialog | None = None
        self._seen: set[str] = set()
        self._hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        # Queued even within the window's thread: an error while painting opens no dialog there.
        self._reported.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def report(self, error: BaseException) -> None:
        """Tell the user of an error; may be called in any thread."""
        trace = "".join(traceback.format_exception(error))
        if isinstance(error, EngineError):
            logger.warning("%s", error, exc_info=error)
        else:
            logger.critical("An unexpected error", exc_info=error)
        self._reported.emit(error, trace)

    def install(self) -> None:
        """Be told from now on of what nobody catches."""
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread
        sys.unraisablehook = self._unraisable

    def uninstall(self) -> None:
        """Leave uncaught errors to what was told of them before."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._hooks

    def _uncaught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            self.quit_wanted.emit()
        else:
            self.report(error.with_traceback(trace))

    def _uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value and not isinstance(args.exc_value, SystemExit):
            self.report(args.exc_value)

    def _unraisable(self, args: "sys.UnraisableHookArgs") -> None:
        # While something was cleared away: nothing the user did has failed.
        logger.error("%s %r", args.err_msg or "Ignored in", args.object, exc_info=args.exc_value)

    def _show(self, error: BaseException, trace: str) -> None:
        if isinstance(error, EngineError):
            self._tell(translated(str(error)))
            return
        place = repr(traceback.extract_tb(error.__traceback__))
        if self._dialog is None and place in self._seen:
            self._tell(self.tr("The same unexpected error occurred again."))
        else:
            self._seen.add(place)
            self._opened_dialog().add(trace)

    def _opened_dialog(self) -> CrashDialog:
        if self._dialog is None:
            # A modal dialog lets nothing through to what is not its own child.
            dialog = CrashDialog(QApplication.activeModalWidget() or self._window())
            dialog.quit_wanted.connect(self.quit_wanted)
            for end in (dialog.finished, dialog.destroyed):
                end.connect(partial(self._forget, dialog))
            dialog.show()
            self._dialog = dialog
        return self._dialog

    def _forget(self, dialog: CrashDialog, _: object = None) -> None:
        if self._dialog is dialog:
            self._dialog = None
