"""Lines of the details: an icon and what is known."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QDesktopServices,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPalette,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QVBoxLayout, QWidget

from engine.library.photo import Photo
from gui.elided_label import ElidedLabel
from gui.flat_button import FlatButton
from gui.photos.icon_label import IconLabel
from gui.photos.photo_facts import coordinates, map_address
from gui.theme import icon

_ICON_SIDE = 18
_GAP = 10
_SELECTABLE = (
    Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
)


class FactRow(QWidget):
    """An icon, a line of text and a fainter one below it; hidden while there is no text.

    Args:
        icon_name: of a file in `resources/icons`.
        name: what the fact is.
        parent: Qt's.
        tint: of the icon.
    """

    _where_icon_stands = Qt.AlignmentFlag.AlignTop

    def __init__(
        self,
        icon_name: str,
        name: str,
        parent: QWidget | None = None,
        tint: QColor | QPalette.ColorRole = QPalette.ColorRole.PlaceholderText,
    ) -> None:
        super().__init__(parent)
        self._text = _selectable(name, self)
        self._more = _selectable(name, self)
        self._more.setProperty("role", "hint")
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(_GAP)
        picture = IconLabel(icon(icon_name, tint), _ICON_SIDE, self)
        picture.setToolTip(name)
        self.row.addWidget(picture, 0, self._where_icon_stands)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._text)
        texts.addWidget(self._more)
        self.row.addLayout(texts, 1)
        self.show_text("")

    @property
    def text(self) -> str:
        return self._text.text()

    @property
    def more(self) -> str:
        return self._more.text()

    def show_text(self, text: str, more: str = "") -> None:
        """Show a fact, and what belongs to it below."""
        self._text.setText(text)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self.setVisible(bool(text))


class PlaceRow(FactRow):
    """Where a photo was taken, to be copied or looked up on a map."""

    _where_icon_stands = Qt.AlignmentFlag.AlignVCenter

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("map-pin", self.tr("Map coordinates"), parent)
        self._address = ""
        self.copy = FlatButton("copy", self.tr("Copy the coordinates"), self)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text))
        self.show_map = FlatButton("open", self.tr("Show on map"), self)
        self.show_map.setToolTip(
            self.tr("Opens openstreetmap.org in the browser, which is told this place")
        )
        self.show_map.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(self._address)))
        self.row.setSpacing(4)
        self.row.insertSpacing(1, _GAP - 4)
        for button in (self.copy, self.show_map):
            self.row.addWidget(button)

    def show_place(self, photo: Photo) -> None:
        """Show where this photo was taken, if it says."""
        place = coordinates(photo)
        self._address = map_address(photo) if place else ""
        self.show_text(place)


class PathLine(ElidedLabel):
    """A path, with "…" in its middle where it is too narrow; copied as a whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.TextElideMode.ElideMiddle)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        copy = QAction(icon("copy"), self.tr("Copy the path"), self)
        copy.triggered.connect(self.copy)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(copy)
        menu.popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Put the whole path on the clipboard."""
        QGuiApplication.clipboard().setText(self.text())


def _selectable(name: str, parent: QWidget) -> QLabel:
    label = QLabel(parent, wordWrap=True, textInteractionFlags=_SELECTABLE)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAccessibleName(name)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
