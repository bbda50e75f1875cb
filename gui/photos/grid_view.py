"""A list view that lies in columns under headings, however many rows there are."""

from collections.abc import Iterator

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QCursor,
    QHoverEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyleOptionViewItem,
    QWidget,
)

from gui.photos.grid_layout import CellSize, GridLayout
from gui.photos.photo_model import Index, PhotoModel
from gui.photos.selecting import Run, runs_in, selection_of

MARGIN = 12  # beside the columns, in pixels
BAND_OPACITY = 40  # of 255
_MOVE = QAbstractItemView.CursorAction
_HINT = QAbstractItemView.ScrollHint
_SELECTING = QAbstractItemView.State.DragSelectingState


class GridView(QListView):
    """Shows a photo model's rows, each where a `GridLayout` says.

    Qt's own list view lays out row by row, which takes a quarter of a second for 100,000 rows and
    begins anew with every batch of photos that comes in. Here nothing is computed a row: all that
    asks for places is answered by arithmetic.
    """

    def __init__(self, model: PhotoModel, size: CellSize, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._photos = model
        self._size = size
        self._layout = GridLayout(0, [], MARGIN, 1, size)
        self._hovered = QPersistentModelIndex()
        self._band = QRect()
        self._eye: tuple[QPersistentModelIndex, int] | None = None
        self._set_up()

    def _set_up(self) -> None:
        self.setMovement(QListView.Movement.Static)
        self.setViewMode(QListView.ViewMode.IconMode)  # as a list it would lay out at any change
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionRectVisible(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)

    def _attach(self) -> None:
        """Show the model; a subclass does this when it is ready to be told of selections."""
        self.setModel(self._photos)
        self._photos.rowsAboutToBeInserted.connect(self._remember_place)
        self._photos.rowsInserted.connect(self._return_to_place)
        self._photos.modelReset.connect(self._begin_anew)

    def set_cell_size(self, size: CellSize) -> None:
        """Lay out with other cells; what was on top stays there."""
        self._remember_place()
        self._size = size
        self._return_to_place()

    def visible_rows(self) -> range:
        """The rows that are in sight, if only in part."""
        return self._layout.rows_between(
            self.verticalOffset(), self.verticalOffset() + self.viewport().height() - 1
        )

    def visualRect(self, index: Index) -> QRect:  # noqa: N802
        if not index.isValid() or index.row() >= self._photos.rowCount():
            return QRect()
        return self._layout.rect(index.row()).translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:  # noqa: N802
        row = self._layout.row_at(point + QPoint(0, self.verticalOffset()))
        return QModelIndex() if row is None else self._photos.index(row)

    def scrollTo(  # noqa: N802 - Qt's names
        self, index: Index, hint: QAbstractItemView.ScrollHint = _HINT.EnsureVisible
    ) -> None:
        if not index.isValid():
            return
        sight, bar = self._layout.sight(index.row()), self.verticalScrollBar()
        height = self.viewport().height()
        if hint == _HINT.PositionAtCenter:
            bar.setValue(sight.center().y() - height // 2)
        elif hint == _HINT.PositionAtTop or sight.top() < bar.value():
            bar.setValue(sight.top())
        elif hint == _HINT.PositionAtBottom or sight.bottom() >= bar.value() + height:
            bar.setValue(self._layout.rect(index.row()).bottom() + 1 - height)

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        rows = self._photos.rowCount()
        current = self.currentIndex()
        if not rows:
            return QModelIndex()
        if not current.isValid() or action == _MOVE.MoveHome:
            return self._stop_from(0, 1, current)
        match action:
            case _MOVE.MoveEnd:
                return self._stop_from(rows - 1, -1, current)
            case _MOVE.MoveLeft | _MOVE.MovePrevious:
                return self._stop_from(current.row() - 1, -1, current)
            case _MOVE.MoveRight | _MOVE.MoveNext:
                return self._stop_from(current.row() + 1, 1, current)
            case _:
                return self._vertically(current, action)

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:  # noqa: N802
        self.selectionModel().select(selection_of(self._photos, self._rows_in(rect)), command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: N802
        seen, region = self.visible_rows(), QRegion()
        for first, last in runs_in(selection):
            for row in range(max(first, seen.start), min(last + 1, seen.stop)):
                region += self.visualRect(self._photos.index(row))
        return region

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def horizontalOffset(self) -> int:  # noqa: N802
        return 0

    def doItemsLayout(self) -> None:  # noqa: N802
        self._lay_out()
        QAbstractItemView.doItemsLayout(self)

    def updateGeometries(self) -> None:
        bar, height = self.verticalScrollBar(), self.viewport().height()
        bar.setSingleStep(max(20, self._layout.cell_height // 3))
        bar.setPageStep(height)
        bar.setRange(0, max(0, self._layout.height - height))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().scroll(0, dy)
        if self.viewport().underMouse():
            self._hover(self.viewport().mapFromGlobal(QCursor.pos()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._remember_place()
        self._return_to_place()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHoverEvent):
            left = event.type() == QEvent.Type.HoverLeave
            self._hover(QPoint(-1, -1) if left else event.position().toPoint())
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        state, top = option.state, event.rect().top() + self.verticalOffset()
        for row in self._layout.rows_between(top, top + event.rect().height() - 1):
            index = self._photos.index(row)
            option.rect = self.visualRect(index)
            option.state = state | self._state_of(index)
            self.itemDelegate().paint(painter, option, index)
        if self.state() == _SELECTING:
            self._paint_band(painter)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._band = QRect(event.position().toPoint() + self._offset(), QSize(1, 1))
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self.state() == _SELECTING:
            self._band.setBottomRight(event.position().toPoint() + self._offset())
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.viewport().update()

    def _offset(self) -> QPoint:
        return QPoint(0, self.verticalOffset())

    def _lay_out(self) -> None:
        room = self.maximumViewportSize().width() - self.verticalScrollBar().sizeHint().width()
        self._layout = GridLayout(
            self._photos.rowCount(), self._photos.wide_rows, MARGIN, room - 2 * MARGIN, self._size
        )
        self.updateGeometries()
        self.viewport().update()

    def _begin_anew(self) -> None:
        self._hovered = QPersistentModelIndex()
        self._lay_out()
        if not self._photos.same_place:
            self.verticalScrollBar().setValue(0)

    def _remember_place(self) -> None:
        self._eye = None
        if self.verticalOffset() > 0 and self._photos.rowCount():
            top = self._photos.index(self.visible_rows().start)
            self._eye = QPersistentModelIndex(top), self.visualRect(top).top()

    def _return_to_place(self) -> None:
        self._lay_out()
        if self._eye is not None:
            index, distance = self._eye
            self.verticalScrollBar().setValue(self._layout.rect(index.row()).top() - distance)

    def _stop_from(self, row: int, step: int, otherwise: QModelIndex) -> QModelIndex:
        """The first row from here on that can be the current one."""
        rows = self._photos.rowCount()
        while 0 <= row < rows:
            index = self._photos.index(row)
            if index.flags() & Qt.ItemFlag.ItemIsEnabled:
                return index
            row += step
        return otherwise

    def _vertically(
        self, current: QModelIndex, action: QAbstractItemView.CursorAction
    ) -> QModelIndex:
        rect, page = self._layout.rect(current.row()), self.viewport().height()
        up = action in (_MOVE.MoveUp, _MOVE.MovePageUp)
        y = rect.top() - 1 if up else rect.bottom() + 1
        if action in (_MOVE.MovePageUp, _MOVE.MovePageDown):
            wanted = rect.center().y() + (-page if up else page)
            y = min(max(0, wanted), self._layout.height - 1)
        while 0 <= y < self._layout.height:
            row = self._layout.row_near(QPoint(rect.center().x(), y))
            index = self._photos.index(-1 if row is None else row)
            if index.flags() & Qt.ItemFlag.ItemIsEnabled:
                return index
            place = self._layout.rect(index.row())
            y = place.top() - 1 if up else place.bottom() + 1
        return current

    def _rows_in(self, rect: QRect) -> Iterator[Run]:
        """Runs of rows that a selection means, the last row of each included."""
        if self.state() == _SELECTING:
            area = rect.normalized().translated(self._offset())
            yield from self._layout.runs_within(area)
            return
        ends = [self.indexAt(rect.topLeft()), self.indexAt(rect.bottomRight())]
        rows = sorted(index.row() for index in ends if index.isValid())
        if rows:
            yield rows[0], rows[-1]

    def _state_of(self, index: QModelIndex) -> QStyle.StateFlag:
        state = QStyle.StateFlag.State_None
        if self.selectionModel().isSelected(index):
            state |= QStyle.StateFlag.State_Selected
        if index == self.currentIndex() and self.hasFocus():
            state |= QStyle.StateFlag.State_HasFocus
        if self._hovered == index:
            state |= QStyle.StateFlag.State_MouseOver
        return state

    def _hover(self, point: QPoint) -> None:
        index = self.indexAt(point) if self.viewport().rect().contains(point) else QModelIndex()
        if self._hovered != index:
            self.update(self._hovered)
            self.update(index)
            self._hovered = QPersistentModelIndex(index)

    def _paint_band(self, painter: QPainter) -> None:
        colour = self.palette().color(QPalette.ColorRole.Highlight)
        painter.setPen(colour)
        painter.setBrush(QColor(colour.red(), colour.green(), colour.blue(), BAND_OPACITY))
        painter.drawRect(self._band.normalized().translated(-self._offset()))
