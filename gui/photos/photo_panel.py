"""The details of the chosen photo, at the right side of the window."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.engine_sentences import translated
from gui.photos.fact_sheet import FactSheet
from gui.photos.icon_label import IconLabel
from gui.photos.photo_facts import file_size
from gui.photos.preview import Preview, ThumbnailOf
from gui.photos.preview_loader import PreviewLoader
from gui.photos.preview_pane import PreviewPane
from gui.photos.shown_photo import ShownPhoto
from gui.theme import icon

_NARROWEST, _WIDEST = 280, 420
_MARGIN = 16
_GAP = 8
_LARGE_ICON_SIDE = 48


class PhotoPanel(QWidget):
    """Shows the picture of a photo, what is known of it, and why it was found.

    Args:
        previews: reads the pictures.
        thumbnail_of: what is shown until a picture has been read.
        parent: Qt's.
    """

    similar_wanted = Signal(int)
    relevance_marked = Signal(int, bool)
    favourite_marked = Signal(int, bool)
    opened = Signal(int)

    def __init__(
        self,
        previews: PreviewLoader,
        thumbnail_of: ThumbnailOf = lambda _: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._previews = previews
        self._thumbnail_of = thumbnail_of
        self._shown: ShownPhoto | None = None
        self.setMinimumWidth(_NARROWEST)
        self.setMaximumWidth(_WIDEST)
        self.setAccessibleName(self.tr("Details"))
        self._make_widgets()
        self._lay_out()
        self._connect()
        self.show_photo(None)

    def show_photo(self, shown: ShownPhoto | None) -> None:
        """Show a photo; None says that none is chosen."""
        before, self._shown = self._shown, shown
        if shown is None:
            self._word.setText(self.tr("Choose a photo to see its details here."))
            self._pages.setCurrentWidget(self._word_page)
            return
        same = before is not None and before.photo == shown.photo
        self.facts.show_photo(shown, keep_shooting=same)
        self._show_buttons(shown)
        self._pages.setCurrentWidget(self._photo_page)
        if not same or before is None or before.online != shown.online:
            self._scroll.verticalScrollBar().setValue(0)
            self._read(shown)

    def show_many(self, count: int, total_bytes: int) -> None:
        """Say how many photos are chosen, and how large their files are together."""
        self._shown = None
        chosen = self.tr("%n photo(s) chosen", "", count)
        self._word.setText(f"{chosen}\n{file_size(total_bytes)}")
        self._pages.setCurrentWidget(self._word_page)

    def _read(self, shown: ShownPhoto) -> None:
        thumbnail = self._thumbnail_of(shown.photo.id)
        if thumbnail is not None:
            self.picture.show_picture([thumbnail.toImage()])
        else:
            self.picture.show_sentence("")
        if shown.online and not shown.photo.missing:
            self._previews.request(shown.photo, round(_WIDEST * self.devicePixelRatioF()))
        elif thumbnail is None:
            self.picture.show_sentence(self.facts.notice)

    def _show_preview(self, preview: Preview) -> None:
        if self._shown is not None and preview.photo_id == self._shown.photo.id:
            self.picture.show_picture(preview.levels)
            self.facts.show_shooting(preview.shooting)

    def _show_failure(self, photo_id: int, sentence: str) -> None:
        if self._shown is not None and photo_id == self._shown.photo.id:
            self.picture.show_sentence(translated(sentence))

    def _show_buttons(self, shown: ShownPhoto) -> None:
        self.right_photo.setEnabled(bool(shown.query))
        self.right_photo.setChecked(shown.marked)
        if shown.query:
            hint = self.tr("Marks it as a right answer to “{query}”. ").format(query=shown.query)
        else:
            hint = self.tr("Search with words first. ")
        use = self.tr("The evaluation measures the search by the photos marked so.")
        self.right_photo.setToolTip(hint + use)

    def _make_widgets(self) -> None:
        self.picture = PreviewPane(self)
        self.picture.setAccessibleName(self.tr("Preview"))
        self.facts = FactSheet(self)
        self.similar = QPushButton(icon("similar"), self.tr("Find similar"), self)
        self.right_photo = QPushButton(icon("check"), self.tr("This is the right photo"), self)
        self.right_photo.setCheckable(True)
        self._word = QLabel(self, wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self._word.setProperty("role", "hint")

    def _connect(self) -> None:
        self.picture.opened.connect(lambda: self.opened.emit(self._id()))
        self.similar.clicked.connect(lambda: self.similar_wanted.emit(self._id()))
        self.right_photo.clicked.connect(
            lambda marked: self.relevance_marked.emit(self._id(), marked)
        )
        self.facts.favourite.clicked.connect(
            lambda marked: self.favourite_marked.emit(self._id(), marked)
        )
        self._previews.ready.connect(self._show_preview)
        self._previews.failed.connect(self._show_failure)

    def _id(self) -> int:
        assert self._shown is not None, "the buttons are on the page of a photo"
        return self._shown.photo.id

    def _lay_out(self) -> None:
        self._photo_page = self._make_photo_page()
        self._word_page = self._make_word_page()
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._word_page)
        self._pages.addWidget(self._photo_page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)

    def _make_photo_page(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(_MARGIN, _GAP, _MARGIN, _MARGIN)
        column.setSpacing(_MARGIN)
        column.addWidget(self.picture)
        column.addWidget(self.facts)
        column.addStretch(1)
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setWidget(content)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return self._with_buttons(self._scroll)

    def _with_buttons(self, above: QWidget) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(above, 1)
        buttons = QVBoxLayout()
        buttons.setContentsMargins(_MARGIN, _GAP, _MARGIN, _MARGIN)
        buttons.setSpacing(_GAP)
        buttons.addWidget(self.similar)
        buttons.addWidget(self.right_photo)
        column.addLayout(buttons)
        return page

    def _make_word_page(self) -> QWidget:
        page = QWidget()
        tint = QPalette.ColorRole.PlaceholderText
        drawing = IconLabel(icon("photos", tint), _LARGE_ICON_SIDE, page)
        column = QVBoxLayout(page)
        column.setContentsMargins(2 * _MARGIN, _MARGIN, 2 * _MARGIN, _MARGIN)
        column.setSpacing(_MARGIN)
        column.addStretch(2)
        column.addWidget(drawing, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._word)
        column.addStretch(3)
        return page
