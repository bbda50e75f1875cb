"""The search bar: what is typed, dropped or pasted becomes a wish to search for."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QMimeData, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QPalette,
    QPixmap,
)
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.search.composing import Wish
from engine.search.wording import Wording
from gui.given_picture import holds_picture, keep_pasted, pasted_folder, picture_file, read_small
from gui.search_field import SearchField
from gui.search_help import SearchHelp
from gui.search_history import HistoryCompleter, SearchHistory
from gui.tasks import TaskRunner
from gui.theme import DANGER_COLOUR
from gui.translation_line import TranslationLine

DEBOUNCE_MS = 150  # Telex typed by a keyboard driver sends backspaces and letters faster than this
REST_MS = 2_000  # a search looked at for so long was meant
CHIP_SIDE = 96  # pixels read for the chip, enough for any screen

PixmapOf = Callable[[int], QPixmap | None]


class SearchBar(QWidget):
    """One tall field for words and a picture.

    Args:
        tasks: reads and writes pictures beside the window's thread.
        pixmap_of: the thumbnail of a photo by its id, if there is one at hand.
        parent: Qt's.

    Signals:
        wish_changed: there is another `Wish` to search for; also when Enter asks for it again.
        cleared: there is nothing to search for any more.
        escaped: Escape was pressed with nothing left to clear.
        history_changed: the earlier searches, most recent first.
    """

    wish_changed = Signal(object)
    cleared = Signal()
    escaped = Signal()
    history_changed = Signal(list)

    def __init__(
        self,
        tasks: TaskRunner,
        pixmap_of: PixmapOf = lambda photo_id: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._pixmap_of = pixmap_of
        self._picture: int | bytes | None = None
        self._told = Wish()
        self._english: str | None = None  # the user's own, for what stands in the line
        self._history = SearchHistory()
        self._debounce = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self.setAcceptDrops(True)
        self._build()
        self._connect()

    @property
    def wish(self) -> Wish:
        """What stands in the bar."""
        return Wish(self.line.text(), self._picture, self._english)

    def set_wish(self, wish: Wish) -> None:
        """Put this into the bar and search for it at once, if it is another."""
        self.line.setText(wish.text)
        self._english = wish.english
        self._set_picture(wish.picture)
        self._tell()

    def clear(self) -> None:
        """Empty the bar."""
        self.set_wish(Wish())

    @property
    def history(self) -> list[str]:
        """Earlier searches, most recent first."""
        return self._history.texts

    def set_history(self, texts: list[str]) -> None:
        """Take over the searches of earlier sessions, most recent first."""
        for text in reversed(texts):
            self._history.remember(text)

    def paste_picture(self) -> None:
        """Search with the picture on the clipboard; without one, nothing happens."""
        data = QGuiApplication.clipboard().mimeData()
        if holds_picture(data):
            self._take(data)

    def show_busy(self, busy: bool) -> None:
        """Show, where it takes long, that a search is under way."""
        self.field.glass.show_busy(busy)

    def show_wording(self, wording: Wording | None) -> None:
        """Show in which words the encoders were asked for what stands in the bar."""
        self.translation.show_wording(wording, own=self._english is not None)

    def show_error(self, sentence: str, start: int = 0, end: int = 0) -> None:
        """Say below the field what is wrong, until the next change.

        Args:
            sentence: in the window's language.
            start: of the characters at fault, which are underlined.
            end: behind them.
        """
        self._rest.stop()  # it is looked at because it is wrong
        self.line.mark(start, end)
        self.error_label.setText(sentence)
        self.error_label.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self.error_label, QAccessible.Event.Alert))

    def _build(self) -> None:
        self.field = SearchField(self)
        self.line, self.chip = self.field.line, self.field.chip
        self.setFocusProxy(self.line)
        self.completer = HistoryCompleter(self.line)
        self.error_label = QLabel(self)
        self.error_label.setWordWrap(True)
        self.error_label.setTextFormat(Qt.TextFormat.PlainText)
        self.error_label.setIndent(12)
        red = self.error_label.palette()
        red.setColor(QPalette.ColorRole.WindowText, DANGER_COLOUR)
        self.error_label.setPalette(red)
        self.error_label.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.field)
        self.translation = TranslationLine(self)
        column.addWidget(self.error_label)
        column.addWidget(self.translation)

    def _connect(self) -> None:
        line = self.line
        line.textChanged.connect(self._on_text)
        line.composing_changed.connect(self._on_composing)
        line.returnPressed.connect(self._search_now)
        line.escaped.connect(self._on_escape)
        line.picture_pasted.connect(self.paste_picture)
        line.history_wanted.connect(self._show_history)
        line.erased_before_start.connect(self._remove_picture)
        self.chip.removal_wanted.connect(self._remove_picture)
        self.field.clear_button.clicked.connect(self._clear_by_hand)
        self.field.help_button.clicked.connect(lambda: SearchHelp(self).open_below(self.field))
        self.completer.taken.connect(self._on_chosen)
        self.completer.forgotten.connect(self._on_forgotten)
        self.translation.edited.connect(self._put_in_english)
        self.translation.left.connect(self.line.setFocus)
        self._debounce.timeout.connect(self._tell)
        self._rest.timeout.connect(lambda: self._remember(rested=True))

    def _on_text(self) -> None:
        self._english = None
        self.translation.forget()
        self._show_state()
        self._rest.stop()
        self.line.offer(self._history.beginning_with(self.line.text()))
        if not self.line.composing:
            self._debounce.start()
        if self.completer.is_open:
            self._show_history()

    def _on_composing(self, composing: bool) -> None:
        self._rest.stop()
        if composing:
            self._debounce.stop()
        else:
            self._debounce.start()

    def _on_escape(self) -> None:
        if self._holds_something():
            self.clear()
        else:
            self.escaped.emit()

    def _on_chosen(self, text: str) -> None:
        self.line.setText(text)
        self._search_now()

    def _on_forgotten(self, text: str) -> None:
        self._history.forget(text)
        self.history_changed.emit(self.history)

    def _put_in_english(self, english: str) -> None:
        self._english = english or None
        self._tell(again=True)

    def _clear_by_hand(self) -> None:
        self.clear()
        self.line.setFocus()

    def _search_now(self) -> None:
        self._tell(again=True)
        self._remember(rested=False)

    def _tell(self, *, again: bool = False) -> None:
        self._debounce.stop()
        wish = self.wish
        told, self._told = self._told, wish
        if wish and (again or wish != told):
            self._rest.start()
            self.wish_changed.emit(wish)
        elif told and not wish:
            self.cleared.emit()

    def _remember(self, *, rested: bool) -> None:
        self._rest.stop()
        before = self.history
        self._history.remember(self.line.text(), rested=rested)
        if self.history != before:
            self.history_changed.emit(self.history)

    def _show_history(self) -> None:
        field = self.field
        corner = self.line.mapFrom(field, QPoint(0, 0))
        texts = self._history.matching(self.line.text())
        self.completer.show_texts(texts, QRect(corner, field.size()))

    def _show_state(self) -> None:
        self.chip.setVisible(self._picture is not None)
        self.field.clear_button.setVisible(self._holds_something())
        self.error_label.hide()

    def _holds_something(self) -> bool:
        return bool(self.line.text()) or self._picture is not None

    def _set_picture(self, picture: int | bytes | None) -> None:
        if picture != self._picture:
            self._picture = picture
            self._show_on_chip(picture)
        self._show_state()

    def _remove_picture(self) -> None:
        if self._picture is not None:
            self._search_with(None)

    def _show_on_chip(self, picture: int | bytes | None) -> None:
        self.chip.show_pixmap(self._pixmap_of(picture) if isinstance(picture, int) else None)
        if isinstance(picture, bytes):
            self._tasks.run(
                partial(read_small, picture, CHIP_SIDE),
                partial(self._on_small, picture),
                thread="chip",
            )

    def _on_small(self, picture: bytes, image: QImage) -> None:
        if picture == self._picture:
            self.chip.show_pixmap(QPixmap.fromImage(image))

    def _take(self, data: QMimeData) -> None:
        if (path := picture_file(data)) is not None:
            self._search_with(path)
        elif not (image := QImage(data.imageData())).isNull():
            self._tasks.run(
                partial(keep_pasted, image, pasted_folder()), self._search_with, thread="chip"
            )

    def _search_with(self, picture: bytes | None) -> None:
        self._set_picture(picture)
        self._tell()
        self.line.setFocus()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        data = event.mimeData()
        wanted = holds_picture(data) or (data.hasText() and not data.hasUrls())
        self.field.set_drop_coming(wanted)
        if wanted:
            event.acceptProposedAction()
        else:
            event.ignore()  # files to add: the window takes them

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.field.set_drop_coming(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.field.set_drop_coming(False)
        if holds_picture(event.mimeData()):
            self._take(event.mimeData())
        else:
            self.line.insert(event.mimeData().text())
        event.acceptProposedAction()
