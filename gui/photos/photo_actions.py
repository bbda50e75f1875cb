"""What can be done with photos: open them, show them elsewhere, copy them, mark them.

Nothing here deletes, moves or changes a file of the user's.
"""

import os
from collections.abc import Callable, Collection, Sequence
from functools import partial

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from engine.errors import UnreadableImageError
from engine.library.photo import Photo
from engine.paths import shown_path
from gui.engine_sentences import translated
from gui.photos import desktop
from gui.photos.exporter import Exporter
from gui.photos.open_with_menu import OpenWithMenu
from gui.photos.preview import Preview, read_preview
from gui.photos.shown_photo import PhotosOf
from gui.tasks import TaskRunner
from gui.theme import FAVOURITE_COLOUR, icon

_MOST_OPENED = 20
_PHOTOS_ASKED_AT_ONCE = 500
_EVERY_PIXEL = 2**31 - 1
_GNOME_FILES = "x-special/gnome-copied-files"


class PhotoActions(QObject):
    """The actions for the selected photos, with their keys.

    Args:
        photos_of: the rows of photos by their ids; those that are gone are left out.
        tasks: runs what takes long.
        window: its dialogs are shown before it.
    """

    similar_wanted = Signal(int)
    favourite_marked = Signal(list, bool)
    told = Signal(str)
    """A sentence for the user, of what was done or why not."""

    def __init__(
        self, photos_of: PhotosOf, tasks: TaskRunner, window: QWidget | None = None
    ) -> None:
        super().__init__(window)
        self._photos_of = photos_of
        self._tasks = tasks
        self._ids: list[int] = []
        self._favourites: frozenset[int] = frozenset()
        self.exporter = Exporter(tasks, window)
        self.exporter.told.connect(self.told)
        self._open_with = OpenWithMenu(self._paths)
        self._open_with.failed.connect(self.told)
        self._make_actions()
        self._menu = self._make_menu()
        self.set_photos([])

    def set_photos(self, ids: Sequence[int]) -> None:
        """Say which photos the actions are about."""
        self._ids = [int(photo_id) for photo_id in ids]
        for action in (*self.for_viewer(), self.favourite, self._open_with.menuAction()):
            action.setEnabled(bool(self._ids))
        for action in (self.copy_picture, self.similar):
            action.setEnabled(len(self._ids) == 1)
        self._show_favourite()

    def set_favourites(self, ids: Collection[int]) -> None:
        """Say which photos are favourites."""
        self._favourites = frozenset(ids)
        self._show_favourite()

    def menu(self, ids: Sequence[int]) -> QMenu:
        """The context menu for photos, which the actions are about from now on."""
        self.set_photos(ids)
        return self._menu

    def for_viewer(self) -> list[QAction]:
        """The actions whose keys the viewer can take beside its own."""
        return [
            self.open,
            self.reveal,
            self.copy_file,
            self.copy_picture,
            self.copy_path,
            self.export,
        ]

    def for_window(self) -> list[QAction]:
        """The actions whose keys the window takes."""
        return [*self.for_viewer(), self.favourite, self.similar]

    def _make_actions(self) -> None:
        self.open = self._action(self.tr("Open"), "open", "Ctrl+Return", self._open)
        self.reveal = self._action(
            self.tr("Show in file manager"), "reveal", "Ctrl+Shift+O", self._reveal
        )
        self.copy_file = self._action(self.tr("Copy file"), "copy", "Ctrl+C", self._copy_file)
        self.copy_picture = self._action(
            self.tr("Copy picture"), "image", "Ctrl+Shift+C", self._copy_picture
        )
        self.copy_path = self._action(self.tr("Copy path"), "folder", "Ctrl+Alt+C", self._copy_path)
        self.export = self._action(self.tr("Copy to a folder…"), "export", "Ctrl+E", self._export)
        self.similar = self._action(
            self.tr("Find similar"), "similar", "Ctrl+Shift+F", self._find_similar
        )
        self.favourite = self._action(self.tr("Favourite"), "heart", "Ctrl+D", self._mark_favourite)
        self.favourite.setCheckable(True)

    def _action(self, text: str, icon_name: str, key: str, act: Callable[[], None]) -> QAction:
        action = QAction(icon(icon_name), text, self)
        action.setShortcut(QKeySequence(key))
        action.triggered.connect(lambda: act())
        return action

    def _make_menu(self) -> QMenu:
        menu = QMenu()
        menu.addAction(self.open)
        menu.addMenu(self._open_with)
        menu.addAction(self.reveal)
        menu.addSeparator()
        menu.addActions([self.similar, self.favourite])
        menu.addSeparator()
        menu.addActions([self.copy_file, self.copy_picture, self.copy_path, self.export])
        return menu

    def _open(self) -> None:
        if len(self._ids) > _MOST_OPENED:
            self.told.emit(self.tr("At most %n photo(s) can be opened at once.", "", _MOST_OPENED))
            return
        if not all(map(desktop.open_by_default, self._paths())):
            self.told.emit(self.tr("The system knows no program that opens this photo."))

    def _reveal(self) -> None:
        paths = self._paths()
        if paths:
            sentence = self.tr("No file manager could be started.")
            desktop.reveal(paths, partial(self.told.emit, sentence))

    def _copy_file(self) -> None:
        paths = self._paths()
        if not paths:
            return
        addresses = [desktop.address(path) for path in paths]
        lines = [b"copy", *(address.toEncoded().data() for address in addresses)]
        mime = QMimeData()
        mime.setUrls(addresses)
        mime.setData(_GNOME_FILES, b"\n".join(lines))
        QGuiApplication.clipboard().setMimeData(mime)
        self.told.emit(self.tr("%n photo(s) copied; paste them into any folder.", "", len(paths)))

    def _copy_picture(self) -> None:
        for photo in self._photos():
            self._tasks.run(
                partial(read_preview, photo.id, photo.path, _EVERY_PIXEL),
                self._take_picture,
                on_error=self._tell_unreadable,
                thread="pictures",
            )

    def _take_picture(self, preview: Preview) -> None:
        QGuiApplication.clipboard().setImage(preview.levels[0])
        self.told.emit(self.tr("The picture is on the clipboard."))

    def _tell_unreadable(self, error: Exception) -> None:
        if not isinstance(error, UnreadableImageError):
            raise error
        self.told.emit(translated(str(error)))

    def _copy_path(self) -> None:
        paths = [photo.shown_path for photo in self._photos()]
        QGuiApplication.clipboard().setText("\n".join(paths))
        self.told.emit(self.tr("%n path(s) copied.", "", len(paths)))

    def _export(self) -> None:
        paths = [photo.path for photo in self._photos()]
        if paths:
            self.exporter.ask_and_export(paths)

    def _find_similar(self) -> None:
        self.similar_wanted.emit(self._ids[0])

    def _mark_favourite(self) -> None:
        marked = self.favourite.isChecked()
        changed = self._favourites | set(self._ids) if marked else self._favourites - set(self._ids)
        self.set_favourites(changed)
        self.favourite_marked.emit(self._ids, marked)

    def _show_favourite(self) -> None:
        marked = bool(self._ids) and self._favourites.issuperset(self._ids)
        self.favourite.setChecked(marked)
        self.favourite.setIcon(icon("heart-filled", FAVOURITE_COLOUR) if marked else icon("heart"))

    def _photos(self) -> list[Photo]:
        starts = range(0, len(self._ids), _PHOTOS_ASKED_AT_ONCE)
        pieces = [self._ids[start : start + _PHOTOS_ASKED_AT_ONCE] for start in starts]
        return [photo for piece in pieces for photo in self._photos_of(piece)]

    def _paths(self) -> list[bytes]:
        """The files that are there; says so where some are not."""
        photos = self._photos()
        there = [photo.path for photo in photos if os.path.exists(photo.path)]
        if len(there) < len(self._ids):
            gone = {photo.path for photo in photos} - set(there)
            self._tell_gone(sorted(gone), len(self._ids) - len(there))
        return there

    def _tell_gone(self, paths: Sequence[bytes], count: int) -> None:
        if count == 1 and paths:
            sentence = self.tr("{name} is gone, or its drive is not connected.")
            self.told.emit(sentence.format(name=os.path.basename(shown_path(paths[0]))))
        else:
            sentence = self.tr("%n photo(s) are gone, or their drive is not connected.", "", count)
            self.told.emit(sentence)
