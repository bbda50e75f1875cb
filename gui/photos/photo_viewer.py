"""The window that shows one photo as large as it can be, and those beside it at a key."""

import os
from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QContextMenuEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QMenu, QWidget

from engine.library.photo import Photo
from gui.engine_sentences import translated
from gui.palettes import DARK
from gui.photos.fading import Fading
from gui.photos.image_view import STEP, ImageView
from gui.photos.preview import Preview, ThumbnailOf
from gui.photos.preview_loader import PreviewLoader
from gui.photos.shown_photo import PhotosOf
from gui.photos.viewer_actions import ViewerActions
from gui.photos.viewer_controls import Caption, ControlBar, SideButton

SLIDESHOW_SECONDS = 4.0
_EVERY_PIXEL = 2**31 - 1
_SIZE = QSize(1200, 800)
_SHARE_OF_SCREEN = 0.9
_MARGIN = 16
_WORD_WIDTH = 480
_CENTRED = Qt.AlignmentFlag.AlignCenter


class PhotoViewer(QWidget):
    """Shows photos one at a time: zoom, next and previous, full screen, slideshow.

    Args:
        photos_of: the rows of photos by their ids; those that are gone are left out.
        previews: reads the pictures.
        thumbnail_of: what is shown until a picture has been read.
        parent: Qt's; it is a window of its own all the same.
    """

    current_changed = Signal(int)
    favourite_marked = Signal(int, bool)
    closed = Signal()

    def __init__(
        self,
        photos_of: PhotosOf,
        previews: PreviewLoader,
        thumbnail_of: ThumbnailOf = lambda _: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._photos_of = photos_of
        self._previews = previews
        self._thumbnail_of = thumbnail_of
        self._menu_of: Callable[[list[int]], QMenu] | None = None
        self._ids: Sequence[int] = ()
        self._position = 0
        self._photo: Photo | None = None
        self._favourites: frozenset[int] = frozenset()
        self._slides = QTimer(self, singleShot=True)
        self.set_slideshow_seconds(SLIDESHOW_SECONDS)
        self._slides.timeout.connect(self._show_next_slide)
        self.commands = ViewerActions(self)
        self._lay_out()
        self._connect()

    @property
    def current_id(self) -> int | None:
        """The id of the photo that is shown."""
        return int(self._ids[self._position]) if len(self._ids) else None

    def show_photos(self, ids: Sequence[int], start: int) -> None:
        """Open the window.

        Args:
            ids: the photos to go through, in order.
            start: which of them is shown first, from 0 on.
        """
        self._ids = ids
        self.show()
        self.raise_()
        self.activateWindow()
        self.go_to(start)

    def set_favourites(self, ids: Collection[int]) -> None:
        """Tell which photos are favourites."""
        self._favourites = frozenset(ids)
        self._show_favourite()

    def look_again(self, ids: Collection[int]) -> None:
        """The files of these photos hold something else now."""
        if self._photo is not None and self._photo.id in ids:
            photos = self._photos_of([self._photo.id])
            self._photo = photos[0] if photos else None
            self._read([])

    def set_slideshow_seconds(self, seconds: float) -> None:
        """Say how long each photo stays in a slideshow."""
        self._slides.setInterval(round(seconds * 1000))

    def set_menu_provider(self, menu_of: Callable[[list[int]], QMenu]) -> None:
        """Say what the context menu of the photo is."""
        self._menu_of = menu_of

    def go_to(self, position: int) -> None:
        """Show the photo at a position, from 0 on; beyond either end it is the last one there."""
        if not len(self._ids):
            return
        self._slides.stop()
        if not self.commands.slideshow.isChecked():
            self._controls.wake()
        self._position = min(max(position, 0), len(self._ids) - 1)
        current = self.current_id
        near = {photo.id: photo for photo in self._photos_of(self._near())}
        self._photo = near.pop(current, None) if current is not None else None
        self._show_names()
        self._show_favourite()
        self._read(list(near.values()))
        self.current_changed.emit(current)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._view.setGeometry(self.rect())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._menu_of is not None and self._photo is not None:
            self._menu_of([self._photo.id]).popup(event.globalPos())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and self._photo:
            self.current_changed.emit(self._photo.id)  # the other window may speak of another one

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._controls.wake()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.commands.slideshow.setChecked(False)
        self._controls.stop()
        self._photo = None
        self._view.clear()
        super().closeEvent(event)
        self.closed.emit()

    def _near(self) -> list[int]:
        last = len(self._ids) - 1
        around = (self._position, self._position + 1, self._position - 1)
        return [int(self._ids[position]) for position in around if 0 <= position <= last]

    def _read(self, neighbours: Sequence[Photo]) -> None:
        self._word.hide()
        self._view.clear()
        if self._photo is None:
            self._say(self.tr("This photo is no longer in the library."))
            return
        self._show_stand_in(self._photo)
        self._previews.request(self._photo, self._pixels_of_screen())
        for photo in neighbours:
            self._previews.prefetch(photo, self._pixels_of_screen())

    def _show_stand_in(self, photo: Photo) -> None:
        thumbnail = self._thumbnail_of(photo.id)
        if thumbnail is not None and photo.width is not None and photo.height is not None:
            self._view.show_picture([thumbnail.toImage()], photo.width, photo.height)

    def _pixels_of_screen(self) -> int:
        size = self.screen().size()
        return round(min(size.width(), size.height()) * self.devicePixelRatioF())

    def _show_preview(self, preview: Preview) -> None:
        if self._photo is None or preview.photo_id != self._photo.id:
            return
        self._view.sharpen(preview.levels, preview.width, preview.height)
        self._wait_for_next_slide()

    def _show_failure(self, photo_id: int, sentence: str) -> None:
        if self._photo is not None and photo_id == self._photo.id:
            self._view.clear()
            self._say(translated(sentence))

    def _say(self, sentence: str) -> None:
        self._word.setText(sentence)
        self._word.show()
        self._wait_for_next_slide()

    def _read_every_pixel(self) -> None:
        if self._photo is not None:
            self._previews.request(self._photo, _EVERY_PIXEL)

    def _show_names(self) -> None:
        name = "" if self._photo is None else os.path.basename(self._photo.shown_path)
        self._caption.show_text(name, self._position + 1, len(self._ids))
        self.setWindowTitle(name or self.tr("Photo"))
        self._view.setAccessibleName(name)
        self.commands.previous.setEnabled(self._position > 0)
        self.commands.next.setEnabled(self._position < len(self._ids) - 1)

    def _show_favourite(self) -> None:
        self.commands.favourite.setChecked(self.current_id in self._favourites)

    def _mark_favourite(self, marked: bool) -> None:
        current = self.current_id
        if current is not None:
            self.set_favourites(self._favourites ^ {current})
            self.favourite_marked.emit(current, marked)

    def _play(self) -> None:
        self._slides.stop()
        self._wait_for_next_slide()

    def _wait_for_next_slide(self) -> None:
        if self.commands.slideshow.isChecked() and not self._slides.isActive():
            self._slides.start()

    def _show_next_slide(self) -> None:
        self.go_to((self._position + 1) % max(1, len(self._ids)))

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _leave(self) -> None:
        if self.isFullScreen():
            self._toggle_full_screen()
        else:
            self.close()

    def _hide_mouse(self, hidden: bool) -> None:
        if hidden and self.isFullScreen():
            self.setCursor(Qt.CursorShape.BlankCursor)
        else:
            self.unsetCursor()

    def _connect(self) -> None:
        actions, view = self.commands, self._view
        self.addActions(actions.all())
        actions.previous.triggered.connect(lambda: self.go_to(self._position - 1))
        actions.next.triggered.connect(lambda: self.go_to(self._position + 1))
        actions.first.triggered.connect(lambda: self.go_to(0))
        actions.last.triggered.connect(lambda: self.go_to(len(self._ids) - 1))
        actions.smaller.triggered.connect(lambda: view.zoom_by(1 / STEP))
        actions.larger.triggered.connect(lambda: view.zoom_by(STEP))
        actions.fit.triggered.connect(view.fit)
        actions.full_size.triggered.connect(lambda: view.zoom_to(1.0))
        actions.slideshow.toggled.connect(self._play)
        actions.favourite.triggered.connect(self._mark_favourite)
        actions.full_screen.triggered.connect(self._toggle_full_screen)
        actions.leave.triggered.connect(self._leave)
        view.detail_wanted.connect(self._read_every_pixel)
        view.scale_changed.connect(self._bar.show_scale)
        self._controls.hidden.connect(self._hide_mouse)
        self._previews.ready.connect(self._show_preview)
        self._previews.failed.connect(self._show_failure)

    def _lay_out(self) -> None:
        self.resize(_SIZE.boundedTo(self.screen().availableSize() * _SHARE_OF_SCREEN))
        self._view = ImageView(self)
        self._view.setMouseTracking(True)
        self._word = QLabel(self, wordWrap=True, alignment=_CENTRED)
        self._word.setMinimumWidth(_WORD_WIDTH)
        self._word.setStyleSheet(f"color: {DARK.text};")
        actions = self.commands
        zoom = [actions.smaller, actions.larger, actions.fit, actions.full_size]
        shows = [actions.slideshow, actions.favourite, actions.full_screen]
        self._bar = ControlBar([shows, zoom], self)
        self._caption = Caption(self)
        sides = [SideButton(actions.previous, self), SideButton(actions.next, self)]
        self._place(sides)
        self._controls = Fading([self._bar, self._caption, *sides], self)

    def _place(self, sides: Sequence[QWidget]) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        side = Qt.AlignmentFlag
        for widget, where in (
            (self._word, side.AlignCenter),
            (self._caption, side.AlignTop | side.AlignHCenter),
            (sides[0], side.AlignVCenter | side.AlignLeft),
            (sides[1], side.AlignVCenter | side.AlignRight),
            (self._bar, side.AlignBottom | side.AlignHCenter),
        ):
            grid.addWidget(widget, 0, 0, where)  # one over the other
