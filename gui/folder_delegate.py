"""Draws the rows of the side panel."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QLocale,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.folder_model import ROW_ROLE, Index
from gui.folder_rows import Row
from gui.theme import WARNING_COLOUR, icon

_HEIGHT = 36
_HEIGHT_WITH_STATE = 52
_HEIGHT_OF_HEADING = 40
_MARGIN = 12
_ICON = 20
_GAP = 10
_RADIUS = 8.0
_SMALLER = 0.88  # the second line's letters

_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class FolderDelegate(QStyledItemDelegate):
    """Icon, name and count; below the name the state, which may ask for a click.

    Signals:
        called: a state that asks for something was clicked. arg1: its `Row`.
    """

    called = Signal(object)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: Row = index.data(ROW_ROLE)
        if row.key == "heading":
            return QSize(0, _HEIGHT_OF_HEADING)
        return QSize(0, _HEIGHT_WITH_STATE if row.state else _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(ROW_ROLE)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        palette: QPalette = option.palette
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.key == "heading":
            _paint_heading(painter, rect, palette, row)
        else:
            _paint_back(painter, rect, palette, state)
            _paint_first_line(painter, rect, palette, row)
            _paint_state(painter, rect, palette, row)
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        row: Row = index.data(ROW_ROLE)
        rect: QRect = option.rect
        released = event.type() == QEvent.Type.MouseButtonRelease
        if released and isinstance(event, QMouseEvent) and row.call != "none":
            position: QPoint = event.position().toPoint()
            if event.button() == Qt.MouseButton.LeftButton and state_rect(rect).contains(position):
                self.called.emit(row)
                return True
        return super().editorEvent(event, model, option, index)


def state_rect(row: QRect) -> QRect:
    """Where the second line stands within a row that has one."""
    left = row.left() + _MARGIN + _ICON + _GAP
    return QRect(left, row.top() + 28, row.right() - _MARGIN - left, 18)


def _paint_heading(painter: QPainter, rect: QRect, palette: QPalette, row: Row) -> None:
    font = _smaller(painter.font())
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(palette.placeholderText().color())
    words = rect.adjusted(_MARGIN, 12, -_MARGIN, 0)
    painter.drawText(words, _MIDDLE, row.name)


def _paint_back(painter: QPainter, rect: QRect, palette: QPalette, state: QStyle.StateFlag) -> None:
    if not state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
        return
    tint = QColor(palette.accent().color())
    tint.setAlphaF(0.18 if state & QStyle.StateFlag.State_Selected else 0.07)
    box = QRectF(rect).adjusted(2, 1, -2, -1)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    painter.drawRoundedRect(box, _RADIUS, _RADIUS)
    if state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(palette.accent().color())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)


def _paint_first_line(painter: QPainter, rect: QRect, palette: QPalette, row: Row) -> None:
    height = 26 if row.state else rect.height()
    line = QRect(rect.left() + _MARGIN, rect.top() + (4 if row.state else 0), 0, height)
    line.setRight(rect.right() - _MARGIN)
    picture = QRect(line.left(), rect.top() + (rect.height() - _ICON) // 2, _ICON, _ICON)
    icon(row.icon).paint(painter, picture)
    painter.setPen(palette.placeholderText().color())
    if row.count is not None:
        count = painter.fontMetrics().horizontalAdvance(number := QLocale().toString(row.count))
        painter.drawText(line, _RIGHT, number)
        line.setRight(line.right() - count - _GAP)
    line.setLeft(picture.left() + _ICON + _GAP)
    _paint_name(painter, line, palette, row)


def _paint_name(painter: QPainter, line: QRect, palette: QPalette, row: Row) -> None:
    metrics = painter.fontMetrics()
    name = metrics.elidedText(row.name, Qt.TextElideMode.ElideMiddle, line.width())
    painter.setPen(palette.windowText().color())
    painter.drawText(line, _MIDDLE, name)
    line.setLeft(line.left() + metrics.horizontalAdvance(name) + _GAP // 2)
    if row.beside and line.width() > 2 * _GAP:
        beside = metrics.elidedText(row.beside, Qt.TextElideMode.ElideMiddle, line.width())
        painter.setPen(palette.placeholderText().color())
        painter.drawText(line, _MIDDLE, beside)


def _paint_state(painter: QPainter, rect: QRect, palette: QPalette, row: Row) -> None:
    painter.setFont(_smaller(painter.font()))
    painter.setPen(_state_colour(palette, row))
    line = state_rect(rect)
    words = painter.fontMetrics().elidedText(row.state, Qt.TextElideMode.ElideRight, line.width())
    painter.drawText(line, _MIDDLE, words)


def _state_colour(palette: QPalette, row: Row) -> QColor:
    if row.call == "confirm":
        return WARNING_COLOUR
    return (palette.link() if row.call == "problems" else palette.placeholderText()).color()


def _smaller(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * _SMALLER)
    return small
