"""The icon beside the clock, through which the program keeps watching without a window."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

if TYPE_CHECKING:
    from gui.folder_state import FolderState
    from gui.progress import Progress


class TrayIcon(QSystemTrayIcon):
    """Tells of the indexing and leads back to the window.

    Meant for where `QSystemTrayIcon.isSystemTrayAvailable()` says so and the user wants it.

    Args:
        icon: of the program.
        window_hidden: asked when there is something to tell; a window that shows tells it itself.
        parent: Qt's.

    Signals:
        open_wanted: the window is to be shown.
        pause_wanted: the indexing is to be paused (True) or taken up again (False).
        quit_wanted: the program is to end.
    """

    open_wanted = Signal()
    pause_wanted = Signal(bool)
    quit_wanted = Signal()

    def __init__(
        self, icon: QIcon, window_hidden: Callable[[], bool], parent: QObject | None = None
    ) -> None:
        super().__init__(icon, parent)
        self._window_hidden = window_hidden
        self._paused = False
        self._idle = False
        self._folders: Sequence[FolderState] = ()
        self._begun: set[int] = set()  # folders that were seen with photos waiting
        self._complete: set[int] | None = None  # folders that have been indexed to their end
        self._menu = QMenu()
        self._menu.addAction(self.tr("&Open Ảnh Ơi"), self.open_wanted.emit)
        self._pause = self._menu.addAction("", lambda: self.pause_wanted.emit(not self._paused))
        self._menu.addSeparator()
        self._menu.addAction(self.tr("&Quit"), self.quit_wanted.emit)
        self.setContextMenu(self._menu)
        self.setToolTip(self.tr("Ảnh Ơi"))
        self._name_pause()
        self.activated.connect(self._follow_click)
        self.messageClicked.connect(self.open_wanted)

    def show_progress(self, progress: "Progress") -> None:
        """Say in the tool tip how far the indexing is."""
        self._idle = progress.phase in ("idle", "preparing", "waiting", "put off")
        self._paused = progress.phase == "paused"
        self._name_pause()
        self.setToolTip(self._line(progress))
        self._announce_complete()

    def show_folders(self, folders: "Sequence[FolderState]") -> None:
        """Announce a folder when it is indexed to its end for the first time."""
        self._folders = folders
        if self._complete is None:
            self._complete = {folder.id for folder in folders if _is_complete(folder)}
        self._begun |= {folder.id for folder in folders if folder.waiting}
        self._announce_complete()

    def _announce_complete(self) -> None:
        if not self._idle or self._complete is None:
            return
        for folder in self._folders:
            if _is_complete(folder) and folder.id in self._begun - self._complete:
                self._complete.add(folder.id)
                self._announce(folder)

    def _announce(self, folder: "FolderState") -> None:
        if self._window_hidden():
            found = self.tr("%Ln photo(s) in “{folder}” can be searched now.", "", folder.photos)
            self.showMessage(self.tr("Ảnh Ơi"), found.format(folder=folder.name), self.icon())

    def _line(self, progress: "Progress") -> str:
        match progress.phase:
            case "finding":
                return self.tr("Ảnh Ơi: looking for photos in “{folder}”").format(
                    folder=progress.folder
                )
            case "embedding":
                number = QLocale().toString
                return self.tr("Ảnh Ơi: {done} of {total} photos indexed").format(
                    done=number(progress.done), total=number(progress.total)
                )
            case "paused":
                return self.tr("Ảnh Ơi: indexing is paused")
            case "stopped":
                return self.tr("Ảnh Ơi: indexing has stopped")
            case "idle" | "preparing" | "waiting" | "put off":
                return self.tr("Ảnh Ơi: all photos are indexed")

    def _name_pause(self) -> None:
        self._pause.setText(
            self.tr("&Resume indexing") if self._paused else self.tr("&Pause indexing")
        )

    def _follow_click(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason != QSystemTrayIcon.ActivationReason.Context:
            self.open_wanted.emit()


def _is_complete(folder: "FolderState") -> bool:
    return folder.photos > 0 and folder.waiting == 0
