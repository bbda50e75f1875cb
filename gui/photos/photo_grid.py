"""The grid of photos: what can be done with it by mouse and keyboard."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QMimeData,
    QModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QMenu, QStyleOptionViewItem, QWidget

from gui.photos.dragging import MOST_SHOWN, stack
from gui.photos.empty_text import paint_empty_text
from gui.photos.grid_view import GridView
from gui.photos.photo_delegate import PhotoDelegate, cell_size
from gui.photos.photo_model import Index, PhotoModel
from gui.photos.roles import Kind, Role
from gui.photos.selecting import runs_in, runs_of, selection_of
from gui.photos.thumbnail_loader import ThumbnailLoader

CELL_SIDE = 176
CELL_SIDES = range(96, 321)  # pixels; a thumbnail is not larger
SIDE_STEP = 16
Chosen = tuple[list[int], int | None]  # the selected photos and the current one
_FLAG = QItemSelectionModel.SelectionFlag
_KEY = Qt.Key
_OPENING = (_KEY.Key_Return, _KEY.Key_Enter, _KEY.Key_Space)
_TYPING = (
    Qt.KeyboardModifier.ShiftModifier
    | Qt.KeyboardModifier.KeypadModifier
    | Qt.KeyboardModifier.GroupSwitchModifier
)


class PhotoGrid(GridView):
    """Shows a photo model as cells under headings.

    Enter, Space or a double click opens a photo; Ctrl+B or a click on its number spreads a burst
    out; what is typed is passed on to the search box.

    Signals:
        opened: a photo is to be seen large. arg1: int.
        current_changed: the photo the keyboard is on. arg1: int, or None.
        selection_changed: arg1: list of int, in the order of the rows.
        cell_side_wanted: Ctrl and the wheel ask for other cells. arg1: int, pixels.
        typed: arg1: str, the characters of a key.

    Args:
        model: what is shown.
        thumbnails: gives the pictures.
        parent: Qt's.
    """

    opened = Signal(int)
    current_changed = Signal(object)
    selection_changed = Signal(list)
    cell_side_wanted = Signal(int)
    typed = Signal(str)

    def __init__(
        self, model: PhotoModel, thumbnails: ThumbnailLoader, parent: QWidget | None = None
    ) -> None:
        super().__init__(model, cell_size(CELL_SIDE, with_bars=False), parent)
        self._thumbnails = thumbnails
        self._delegate = PhotoDelegate(thumbnails, self)
        self._side = CELL_SIDE
        self._empty_text = ("", "")
        self._menu_of: Callable[[list[int]], QMenu] | None = None
        self._menu: QMenu | None = None
        self._told: Chosen = ([], None)
        self._kept: Chosen | None = None  # while the model is reset
        self._anchor: tuple[int, int] | None = None  # likewise: a photo, and how high it is seen
        self.setItemDelegate(self._delegate)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)  # so that the window gets what is dropped here
        self.setAccessibleName(self.tr("Photos"))
        self._attach()
        self._connect(model)

    def _connect(self, model: PhotoModel) -> None:
        self._thumbnails.ready.connect(self._repaint)
        self._thumbnails.failed.connect(self._repaint)
        self._thumbnails.vanished.connect(model.add_vanished)
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._restore)
        self.doubleClicked.connect(self._open)
        self.clicked.connect(self._reveal)

    def set_cell_side(self, side: int) -> None:
        """Draw pictures about this large, in pixels."""
        self._side = min(max(side, CELL_SIDES[0]), CELL_SIDES[-1])
        self.set_cell_size(cell_size(self._side, with_bars=self._photos.found is not None))

    def set_empty_text(self, title: str, hint: str = "") -> None:
        """Say what is shown where there are no photos."""
        self._empty_text = (title, hint)
        self.viewport().update()

    def set_menu_provider(self, menu_of: Callable[[list[int]], QMenu]) -> None:
        """Say who makes the context menu of selected photos."""
        self._menu_of = menu_of

    def set_paths_provider(self, paths_of: Callable[[Sequence[int]], Iterable[bytes]]) -> None:
        """Say where the paths of photos come from that are dragged away."""
        self._photos.set_paths_provider(paths_of)

    def selected_ids(self) -> list[int]:
        """The selected photos, in the order of the rows."""
        runs = runs_in(self.selectionModel().selection())
        return [id_ for first, last in runs for id_ in self._photos.ids_between(first, last)]

    def current_id(self) -> int | None:
        """The photo the keyboard is on."""
        return self._photos.id_at(self.currentIndex())

    def show_photo(self, photo_id: int) -> None:
        """Bring a shown photo into view, as the current and only selected one."""
        self.setCurrentIndex(self._photos.index_of(photo_id))

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 - Qt's name
        """What is typed belongs to the search box."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() in _OPENING:
            self._activate(self.currentIndex())
        elif event.modifiers() == Qt.KeyboardModifier.ControlModifier and event.key() == _KEY.Key_B:
            self._toggle_burst(self.currentIndex())
        elif event.text().isprintable() and event.text() and not event.modifiers() & ~_TYPING:
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        on_badge = self._badge(index).contains(event.position().toPoint())
        if on_badge and event.button() == Qt.MouseButton.LeftButton:
            self._toggle_burst(index)
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if self._badge(index).contains(event.position().toPoint()):
            self.mousePressEvent(event)
        else:
            super().mouseDoubleClickEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() != Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
        elif turned := event.angleDelta().y():
            side = self._side + (SIDE_STEP if turned > 0 else -SIDE_STEP)
            self.cell_side_wanted.emit(min(max(side, CELL_SIDES[0]), CELL_SIDES[-1]))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        ids = self.selected_ids()
        if self._menu_of is None or not ids:
            return
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            place = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        self._menu = self._menu_of(ids)
        self._menu.popup(place)

    def startDrag(self, actions: Qt.DropAction) -> None:
        mime = self._photos.mime_of(self.selected_ids())
        if mime.hasUrls():
            self._drag(mime).exec(Qt.DropAction.CopyAction)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self._tell()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self._tell()

    def paintEvent(self, event: QPaintEvent) -> None:
        with self._thumbnails.at_rest():
            super().paintEvent(event)
        if not self._photos.rowCount():
            paint_empty_text(self.viewport(), *self._empty_text)

    def _tell(self) -> None:
        """Tell what has changed for those who think in photos, not in rows."""
        if self._kept is not None:
            return
        (selected, current), now = self._told, (self.selected_ids(), self.current_id())
        self._told = now
        if now[1] != current:
            self.current_changed.emit(now[1])
        if now[0] != selected:
            self.selection_changed.emit(now[0])

    def _activate(self, index: QModelIndex) -> None:
        if index.data(Role.KIND) is Kind.MORE:
            self._reveal(index)
        else:
            self._open(index)

    def _open(self, index: QModelIndex) -> None:
        photo_id = self._photos.id_at(index)
        if photo_id is not None:
            self.opened.emit(photo_id)

    def _reveal(self, index: QModelIndex) -> None:
        """Show more, if that is the row; the keyboard goes on at the first new photo."""
        if index.data(Role.KIND) is Kind.MORE:
            row = index.row()
            self._photos.show_more()
            self.setCurrentIndex(self._stop_from(row, 1, self.currentIndex()))

    def _toggle_burst(self, index: QModelIndex) -> None:
        if index.data(Role.BURST):
            self._photos.expand_burst(index.data(Role.ID))

    def _badge(self, index: QModelIndex) -> QRect:
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        option.rect = self.visualRect(index)
        return self._delegate.burst_badge(option, index)

    def _repaint(self, photo_id: int) -> None:
        for row in self._photos.rows_of([photo_id], self.visible_rows()):
            self.update(self._photos.index(row))

    def _keep(self) -> None:
        self._kept = (self.selected_ids(), self.current_id())
        seen = self.visible_rows()
        ids = self._photos.ids_between(seen.start, seen.stop - 1) if self.verticalOffset() else []
        self._anchor = None
        if ids and self._photos.found is None:
            self._anchor = ids[0], self.visualRect(self._photos.index_of(ids[0])).top()

    def _restore(self) -> None:
        """After a reset, select by id what was selected, if it is the same place."""
        self.set_cell_side(self._side)
        if self._photos.same_place and self._kept is not None:
            self._return_to_anchor()
            ids, current = self._kept
            selection = selection_of(self._photos, runs_of(self._photos.rows_of(ids)))
            self.selectionModel().select(selection, _FLAG.ClearAndSelect)
            if current is not None:
                index = self._photos.index_of(current)
                self.setAutoScroll(False)
                self.selectionModel().setCurrentIndex(index, _FLAG.NoUpdate)
                self.setAutoScroll(True)
        self._kept = None
        self._tell()

    def _return_to_anchor(self) -> None:
        """Photos that came before those in sight do not push them away."""
        if self._anchor is not None:
            photo_id, height = self._anchor
            index = self._photos.index_of(photo_id)
            if index.isValid():
                moved = self.visualRect(index).top() - height
                self.verticalScrollBar().setValue(self.verticalOffset() + moved)

    def _drag(self, mime: QMimeData) -> QDrag:
        ids = self.selected_ids()
        at_hand = [self._thumbnails.pixmap(photo_id) for photo_id in ids[:MOST_SHOWN]]
        shown = [pixmap for pixmap in at_hand if pixmap is not None]
        drag = QDrag(self)
        drag.setMimeData(mime)
        drag.setPixmap(stack(shown, len(ids), self.palette(), self.devicePixelRatioF()))
        drag.setHotSpot(QPoint(16, 16))
        return drag
