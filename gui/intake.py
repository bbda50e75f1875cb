"""Taking in what the user drops, names or chooses: folders to watch, photos to find."""

import os
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from engine.paths import is_within, shown_path
from engine.search.composing import Wish
from gui.dropping import folders_of, sort_out
from gui.session import Session


class Intake(QObject):
    """Decides with the user what becomes of paths.

    Signals:
        told: arg1: str, a sentence for the user.
        wished: arg1: Wish, a picture to search with.

    Args:
        session: the open library.
        window: that its dialogs stand before.
    """

    told = Signal(str)
    wished = Signal(object)

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._window = window

    def choose(self) -> None:
        """Let the user choose a folder to add."""
        pictures = QStandardPaths.StandardLocation.PicturesLocation
        chosen = QFileDialog.getExistingDirectory(
            self._window,
            self.tr("Choose a folder of photos"),
            QStandardPaths.writableLocation(pictures),
        )
        if chosen:
            self.take_in([os.fsencode(chosen)])

    def take_in(self, paths: Iterable[bytes]) -> None:
        """Add the folders, ask what photos are for, and say what cannot be used."""
        dropped = sort_out(paths)
        if dropped.folders:
            self._session.add(dropped.folders)
        foreign = [photo for photo in dropped.photos if not self._is_watched(photo)]
        if foreign:
            self._ask(foreign)
        elif dropped.photos:
            self.wished.emit(Wish(picture=dropped.photos[0]))
        if dropped.others:
            self.told.emit(
                self.tr("Neither a folder nor a photo: {names}").format(
                    names=", ".join(shown_path(path) for path in dropped.others[:3])
                )
            )

    def _is_watched(self, photo: bytes) -> bool:
        return any(is_within(photo, folder.path) for folder in self._session.folders)

    def _ask(self, photos: Sequence[bytes]) -> None:
        """Photos are watched by folder: ask before a whole folder is added for one of them."""
        folders = folders_of(photos)
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Photos"))
        box.setText(self.tr("%n photo(s) from outside the watched folders.", "", len(photos)))
        box.setInformativeText(
            self.tr("Ảnh Ơi watches whole folders. What would you like to do?\n{folders}").format(
                folders="\n".join(shown_path(folder) for folder in folders[:5])
            )
        )
        add = box.addButton(
            self.tr("Add %n folder(s)", "", len(folders)), QMessageBox.ButtonRole.AcceptRole
        )
        search = box.addButton(self.tr("Find photos like this"), QMessageBox.ButtonRole.ActionRole)
        search.setEnabled(len(photos) == 1)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.buttonClicked.connect(
            lambda button: self._follow(button is add, button is search, photos, folders)
        )
        box.open()

    def _follow(
        self, add: bool, search: bool, photos: Sequence[bytes], folders: Sequence[bytes]
    ) -> None:
        if add:
            self._session.add(folders)
        elif search:
            self.wished.emit(Wish(picture=photos[0]))
