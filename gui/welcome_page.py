"""The first page, which asks for nothing but a folder."""

import os
from functools import partial
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, QStandardPaths, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.theme import SUCCESS_COLOUR, blended, icon

_WIDTH = 560
_SIGN = 112
_TITLE = 3.0  # times the usual letters
_SENTENCE = 1.25
_RADIUS = 16.0
_PLACES = (
    QStandardPaths.StandardLocation.PicturesLocation,
    QStandardPaths.StandardLocation.DownloadLocation,
)


class DropZone(QFrame):
    """A dashed frame that stands out while something is dragged over the page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.highlighted = False

    def set_highlighted(self, highlighted: bool) -> None:
        """Stand out, or no more."""
        self.highlighted = highlighted
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self.palette()
        accent, base = palette.highlight().color(), palette.base().color()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = accent if self.highlighted else palette.mid().color()
        painter.setPen(QPen(line, 2, Qt.PenStyle.DashLine))
        painter.setBrush(blended(accent, base, 0.14) if self.highlighted else base)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(frame, _RADIUS, _RADIUS)


class WelcomePage(QWidget):
    """Says what the program does and how to begin.

    Signals:
        add_wanted: the user wants to choose a folder.
        folder_offered: one of the usual folders was picked. arg1: its path, bytes.
    """

    add_wanted = Signal()
    folder_offered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.offers: list[QPushButton] = []
        self._build()

    def set_drop_highlight(self, highlight: bool) -> None:
        """Show that what is dragged may be dropped, or no more."""
        self.zone.set_highlighted(highlight)

    def _build(self) -> None:
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(32, 16, 32, 16)
        column.setSpacing(8)
        column.addStretch(1)
        for part in (self._app_sign(), self._title(), self._sentence(), self._zone()):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.insertSpacing(column.count() - 1, 24)
        column.addStretch(1)
        column.addLayout(self._promise())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is only an ornament gives way in a low window."""
        super().resizeEvent(event)
        needed = self._column.minimumSize().height()
        if self.sign.isHidden():
            needed += _SIGN + self._column.spacing()
        self.sign.setHidden(self.height() < needed)

    def _zone(self) -> DropZone:
        self.zone = DropZone(self)
        self.zone.setFixedWidth(_WIDTH)
        column = QVBoxLayout(self.zone)
        column.setContentsMargins(32, 40, 32, 32)
        column.setSpacing(12)
        column.addWidget(self._add_button(), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._hint(self.tr("or drop it here")))
        column.addSpacing(12)
        column.addLayout(self._offers())
        return self.zone

    def _app_sign(self) -> QLabel:
        self.sign = QLabel()
        self.sign.setPixmap(icon("app").pixmap(QSize(_SIGN, _SIGN)))
        return self.sign

    def _title(self) -> QLabel:
        title = QLabel("Ảnh Ơi")
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * _TITLE)
        font.setBold(True)
        title.setFont(font)
        return title

    def _sentence(self) -> QLabel:
        sentence = QLabel(
            self.tr("Describe a photo in Vietnamese, and find it among all that lie on this disk.")
        )
        sentence.setWordWrap(True)
        sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        sentence.setFixedWidth(_WIDTH)
        font = sentence.font()
        font.setPointSizeF(font.pointSizeF() * _SENTENCE)
        sentence.setFont(font)
        return sentence

    def _add_button(self) -> QPushButton:
        tint = QPalette.ColorRole.HighlightedText
        self.add_button = QPushButton(
            icon("folder-add", tint), self.tr("Choose a folder of photos…"), self
        )
        self.add_button.setProperty("role", "primary")
        self.add_button.setStyleSheet("padding: 12px 28px;")
        self.add_button.setIconSize(QSize(20, 20))
        self.add_button.clicked.connect(self.add_wanted)
        return self.add_button

    def _offers(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for path in usual_folders():
            button = QPushButton(icon("folder"), path.name, self)
            button.setToolTip(str(path))
            button.setAccessibleName(self.tr("Add the folder {path}").format(path=path))
            button.clicked.connect(partial(self._offer, os.fsencode(path)))
            self.offers.append(button)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _offer(self, path: bytes) -> None:
        self.folder_offered.emit(path)

    def _hint(self, text: str) -> QLabel:
        hint = QLabel(text, self)
        hint.setProperty("role", "hint")
        hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        return hint

    def _promise(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(_Shield(self))
        row.addWidget(self._hint(self.tr("Nothing leaves this machine.")))
        row.addStretch(1)
        return row


class _Shield(QWidget):
    """A sign that follows the theme, unlike a pixmap in a label."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(18, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        icon("shield", SUCCESS_COLOUR).paint(QPainter(self), self.rect())


def usual_folders() -> list[Path]:
    """Where photos usually lie on this machine, as far as it is there."""
    named = [Path(QStandardPaths.writableLocation(place)) for place in _PLACES]
    return [path for path in dict.fromkeys(named) if path.is_dir() and path != Path.home()]
