"""Copies photos to a folder that the user chooses, while the window stays usable."""

import threading
from collections.abc import Generator, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QFileDialog, QProgressDialog, QWidget

from engine.errors import FolderError
from gui.photos.copying import Copied, copy_into
from gui.tasks import TaskRunner

_SHOWN_AFTER_MS = 400


class Exporter(QObject):
    """Asks for a folder, copies, shows how far it is and says how it ended.

    Args:
        tasks: runs the copying.
        window: the progress is shown before it.
    """

    told = Signal(str)

    def __init__(self, tasks: TaskRunner, window: QWidget | None = None) -> None:
        super().__init__(window)
        self._window = window
        self._tasks = tasks
        self._stop: threading.Event | None = None  # there while an export is under way
        self._folder = Path.home()
        self._copied = Copied(0, 0)
        self._dialog: QFileDialog | None = None  # nobody else keeps it while no window is active
        self._progress: QProgressDialog | None = None

    @property
    def is_busy(self) -> bool:
        return self._stop is not None

    def ask_and_export(self, paths: Sequence[bytes]) -> None:
        """Let the user choose a folder, and copy there."""
        title = self.tr("Copy photos to a folder")
        dialog = QFileDialog(QApplication.activeWindow(), title, str(self._folder))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, self.tr("Copy here"))
        dialog.fileSelected.connect(lambda folder: self.export(paths, Path(folder)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        self._dialog = dialog

    def export(self, paths: Sequence[bytes], folder: Path) -> None:
        """Copy files to a folder; one export at a time.

        Args:
            paths: of the files, as the file system has them.
            folder: where to.
        """
        if self.is_busy:
            self.told.emit(self.tr("Photos are being copied already; wait for them or cancel."))
            return
        self._folder = folder
        self._copied = Copied(0, 0)
        self._show_progress(len(paths))
        self._stop = threading.Event()
        self._tasks.follow(
            partial(_copy_until, self._stop, folder, list(paths)),
            self._take,
            self._finish,
            on_error=self._fail,
            thread="copies",
        )

    def cancel(self) -> None:
        """Stop after the file that is being copied; what was copied stays."""
        if self._stop is not None:
            self._stop.set()

    def _show_progress(self, total: int) -> None:
        progress = QProgressDialog(self._window)
        progress.setWindowTitle(self.tr("Copying photos"))
        progress.setLabelText(self.tr("Copying to {folder}").format(folder=self._folder))
        progress.setCancelButtonText(self.tr("Cancel"))
        progress.setAutoClose(False)
        progress.setAutoReset(False)
        progress.setMaximum(total)
        progress.setMinimumDuration(_SHOWN_AFTER_MS)
        progress.canceled.connect(self.cancel)
        self._progress = progress

    def _take(self, copied: Copied) -> None:
        self._copied = copied
        if self._progress is not None:
            self._progress.setValue(copied.done + copied.left_out)

    def _finish(self) -> None:
        cancelled = self._stop is not None and self._stop.is_set()
        self._end(self.tr("Copying was cancelled.") if cancelled else "")

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, FolderError):
            self._end("")
            raise error
        self._end(str(error))

    def _end(self, first: str) -> None:
        self._stop = None
        if self._progress is not None:
            self._progress.canceled.disconnect(self.cancel)
            self._progress.deleteLater()
            self._progress = None
        self.told.emit(" ".join(filter(None, [first, *self._account()])))

    def _account(self) -> list[str]:
        done, left_out = self._copied.done, self._copied.left_out
        sentences = [
            self.tr("%n photo(s) copied to {folder}.", "", done).format(folder=self._folder)
        ]
        if left_out:
            sentences.append(self.tr("%n could not be read: gone, or not permitted.", "", left_out))
        return sentences


def _copy_until(stop: threading.Event, folder: Path, paths: Sequence[bytes]) -> Generator[Copied]:
    # It ends by itself rather than being cut off, so that what was copied is counted to the last.
    for copied in copy_into(folder, paths):
        yield copied
        if stop.is_set():
            return
