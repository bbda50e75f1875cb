"""Keeps the page of problems level with the library."""

import os

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from engine.library.library import Library
from engine.library.photo import Failure
from gui.folder_state import FolderState
from gui.problems_page import ProblemsPage
from gui.session import Session


class Problems(QObject):
    """Feeds the page, and does what is asked for there.

    Args:
        page: shows them.
        session: the open library.
        parent: Qt's.
    """

    def __init__(self, page: ProblemsPage, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page, self._session = page, session
        self._failures: list[Failure] = []
        self._folders: list[FolderState] = []
        self._count = -1
        self._restarts = 0
        session.problems_changed.connect(self._take_count)
        session.folders_changed.connect(self._take_folders)
        session.restarted.connect(self._take_restarts)
        page.retry_wanted.connect(session.retry)
        page.open_wanted.connect(open_folder)

    def read(self) -> None:
        """Read from the library what could not be read from the disk."""

        def read(library: Library) -> list[Failure]:
            return library.failures.all()

        self._session.read(read, self._take)

    def _take_count(self, count: int) -> None:
        if count != self._count:
            self._count = count
            self.read()

    def _take_restarts(self, restarts: int) -> None:
        self._restarts = restarts
        self._show()

    def _take_folders(self, folders: list[FolderState]) -> None:
        self._folders = folders
        self._show()

    def _take(self, failures: list[Failure]) -> None:
        self._failures = failures
        self._show()

    def _show(self) -> None:
        self._page.show_problems(self._failures, self._folders, self._restarts)


def open_folder(path: bytes) -> None:
    """Show a folder, or the one that a file lies in, in the system's file manager."""
    folder = path if os.path.isdir(path) else os.path.dirname(path)
    QDesktopServices.openUrl(QUrl.fromLocalFile(os.fsdecode(folder)))
