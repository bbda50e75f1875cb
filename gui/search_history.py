"""Earlier searches: remembered, completed from, forgotten."""

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    QStringListModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QCompleter,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from engine.search.vietnamese import remove_diacritics
from gui.theme import icon

HISTORY_LENGTH = 50
FEWEST_LETTERS = 2  # before a search is completed from an earlier one
_ROW_HEIGHT = 36
_ICON_SIDE = 16
_MARGIN = 12


class SearchHistory:
    """What was searched for, most recent first, nothing twice."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._rested = ""

    def remember(self, text: str, *, rested: bool = False) -> None:
        """Put a search in front.

        Args:
            text: as typed or pasted; one without a visible character is not remembered, and
                line breaks are blanks in the list.
            rested: the user only paused on it; where typing goes on, the longer text replaces it.
        """
        if not (text := " ".join(text.split())):
            return
        superseded = self._rested if text.startswith(self._rested) else ""
        kept = [other for other in self.texts if other not in (text, superseded)]
        self.texts = [text, *kept][:HISTORY_LENGTH]
        self._rested = text if rested else ""

    def forget(self, text: str) -> None:
        """Take a search out."""
        self.texts = [other for other in self.texts if other != text]

    def matching(self, typed: str) -> list[str]:
        """Searches that contain what is typed, whatever its case and marks.

        All of them where it is one of them: then the user looks for another.
        """
        if " ".join(typed.split()) in self.texts:
            return self.texts
        return [text for text in self.texts if _folded(typed) in _folded(text)]

    def beginning_with(self, typed: str) -> str:
        """The latest search that goes on from what is typed; "" where there is none."""
        if len(typed.strip()) < FEWEST_LETTERS:
            return ""
        begun = typed.casefold()
        longer = (text for text in self.texts if text.casefold().startswith(begun))
        return next((text for text in longer if len(text) > len(typed)), "")


class HistoryCompleter(QCompleter):
    """Shows earlier searches below a line; Delete or a click on the cross forgets one.

    Signals:
        taken: the text that is to be searched for again.
        forgotten: the text that the user wants no more.
    """

    taken = Signal(str)
    forgotten = Signal(str)

    def __init__(self, line: QLineEdit) -> None:
        super().__init__(line)
        self._texts = QStringListModel(self)
        self._list = _HistoryList()
        self.setModel(self._texts)
        self.setWidget(line)
        self.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.setPopup(self._list)
        self._list.setItemDelegate(_HistoryDelegate(self._list))  # the completer has set its own
        self._list.cross_clicked.connect(self._forget)
        self.activated.connect(self.taken)

    @property
    def is_open(self) -> bool:
        """Whether the list is shown."""
        return self._list.isVisible()

    def show_texts(self, texts: list[str], below: QRect) -> None:
        """Show these below a rectangle of the line's; nothing where there are none."""
        self._texts.setStringList(texts)
        if not texts:
            self._list.hide()
            return
        self.complete(below)
        self._list.setCurrentIndex(self._texts.index(0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Qt hands keys to the line first, which would clear itself or search for its own text.
        if (
            watched is self._list
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and self._take_key(event.key())
        ):
            return True
        return super().eventFilter(watched, event)

    def _take_key(self, key: int) -> bool:
        index = self._list.currentIndex()
        if key == Qt.Key.Key_Escape:
            self._list.hide()
        elif key == Qt.Key.Key_Delete and index.isValid():
            self._forget(index)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self._list.hide()
            self.taken.emit(index.data())
        else:
            return False
        return True

    def _forget(self, index: QModelIndex) -> None:
        text = index.data()
        self._texts.removeRow(index.row())
        if not self._texts.rowCount():
            self._list.hide()
        self.forgotten.emit(text)


class _HistoryList(QListView):
    cross_clicked = Signal(QModelIndex)

    def __init__(self) -> None:
        super().__init__()
        self.setStyleSheet("QListView { border-radius: 0; }")  # windows have corners
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Earlier searches"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._on_cross(event):
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._on_cross(event):
            self.cross_clicked.emit(self.indexAt(event.position().toPoint()))
        else:
            super().mouseReleaseEvent(event)

    def _on_cross(self, event: QMouseEvent) -> bool:
        position = event.position().toPoint()
        index = self.indexAt(position)
        return index.isValid() and _cross(self.visualRect(index)).adjusted(-8, -8, 8, 8).contains(
            position
        )


class _HistoryDelegate(QStyledItemDelegate):
    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(0, _ROW_HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        palette: QPalette = option.palette
        chosen = bool(state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver))
        if chosen:
            painter.fillRect(rect, palette.midlight())
            icon("close").paint(painter, _cross(rect))
        icon("history", QPalette.ColorRole.PlaceholderText).paint(painter, _clock(rect))
        words = rect.adjusted(2 * _MARGIN + _ICON_SIDE, 0, -2 * _MARGIN - _ICON_SIDE, 0)
        elided = painter.fontMetrics().elidedText(
            index.data(), Qt.TextElideMode.ElideRight, words.width()
        )
        painter.setPen(palette.text().color())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, elided)


def _clock(row: QRect) -> QRect:
    return QRect(row.left() + _MARGIN, _icon_top(row), _ICON_SIDE, _ICON_SIDE)


def _cross(row: QRect) -> QRect:
    return QRect(row.right() - _MARGIN - _ICON_SIDE, _icon_top(row), _ICON_SIDE, _ICON_SIDE)


def _icon_top(row: QRect) -> int:
    return row.top() + (row.height() - _ICON_SIDE) // 2


def _folded(text: str) -> str:
    return remove_diacritics(text.strip()).casefold()
