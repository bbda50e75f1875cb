"""Keeps the panel of folders level with the library."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from gui.folder_panel import FolderPanel
from gui.folder_state import FolderState
from gui.photos_page import PhotosPage
from gui.problems import open_folder
from gui.searching import Restriction
from gui.session import Session


class Folders(QObject):
    """Feeds the panel, and does what is asked for there.

    Signals:
        chosen: arg1: Restriction, which photos shall be shown.

    Args:
        panel: shows them.
        session: the open library.
        photos: shows which folders are out of reach.
        parent: Qt's.
    """

    chosen = Signal(object)

    def __init__(
        self,
        panel: FolderPanel,
        session: Session,
        photos: PhotosPage,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._photos = session, photos
        self._offline: list[bytes] = []
        session.folders_changed.connect(panel.show_folders)
        session.folders_changed.connect(self._follow_drives)
        session.progressed.connect(panel.show_progress)
        photos.marks.favourites_changed.connect(lambda ids: panel.show_favourites(len(ids)))
        panel.remove_wanted.connect(session.remove_folder)
        panel.look_through_wanted.connect(session.look_through)
        panel.confirm_missing_wanted.connect(session.confirm_missing)
        panel.open_wanted.connect(lambda id_: open_folder(self._path(id_) or b""))
        panel.folder_chosen.connect(lambda id_: self.chosen.emit(Restriction(self._path(id_))))
        panel.favourites_chosen.connect(lambda: self.chosen.emit(Restriction(favourites=True)))

    def _follow_drives(self, folders: Sequence[FolderState]) -> None:
        offline = [folder.path for folder in folders if not folder.online]
        if offline != self._offline:
            self._offline = offline
            self._photos.browser.show_offline(offline)

    def _path(self, folder_id: int | None) -> bytes | None:
        paths = [folder.path for folder in self._session.folders if folder.id == folder_id]
        return paths[0] if paths else None
