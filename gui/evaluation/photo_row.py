"""A row of thumbnails with a word beneath each."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPalette, QPixmap
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QSizePolicy, QWidget

from engine.images.thumbnails import thumbnail_path
from gui.theme import icon

SIDE = 96  # pixels of a thumbnail
_CELL = QSize(SIDE + 12, SIDE + 32)
_ID_ROLE = Qt.ItemDataRole.UserRole


class PhotoRow(QListWidget):
    """Shows a few photos side by side.

    Args:
        name: what a screen reader calls the row.
        count: how many there is room for.
        parent: Qt's.

    Signals:
        opened: the id of a photo that was double-clicked.
    """

    opened = Signal(int)

    def __init__(self, name: str, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(SIDE, SIDE))
        self.setGridSize(_CELL)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("QListView { border: none; background: transparent; }")
        self.setFixedHeight(_CELL.height() + 16)  # with the scroll bar, should it be needed
        self.setMinimumWidth(_CELL.width() + 4)
        self.setMaximumWidth(count * _CELL.width() + 4)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.itemActivated.connect(lambda item: self.opened.emit(item.data(_ID_ROLE)))

    def sizeHint(self) -> QSize:
        return self.maximumSize()

    def show_photos(
        self, ids: Sequence[int], words: Sequence[str], images: Sequence[QImage]
    ) -> None:
        """Show these photos; an empty image stands for one that cannot be shown."""
        self.clear()
        for photo_id, word, image in zip(ids, words, images, strict=True):
            item = QListWidgetItem(_drawn(image), word, self)
            item.setData(_ID_ROLE, photo_id)

    def ids(self) -> list[int]:
        """The photos that are shown."""
        return [self.item(row).data(_ID_ROLE) for row in range(self.count())]


def load_thumbnails(folder: Path, ids: Sequence[int]) -> list[QImage]:
    """Read thumbnails as large as a row shows them; empty where there is none."""
    images = [QImage(str(thumbnail_path(folder, photo_id))) for photo_id in ids]
    return [image if image.isNull() else _fitted(image) for image in images]


def _fitted(image: QImage) -> QImage:
    side = 2 * SIDE  # for screens with fine pixels
    fitted = image.scaled(
        side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    fitted.setDevicePixelRatio(2)
    return fitted


def _drawn(image: QImage) -> QIcon:
    if image.isNull():
        return icon("broken-photo", QPalette.ColorRole.PlaceholderText)
    drawn = QIcon()
    pixmap = QPixmap.fromImage(image)
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # a chosen photo keeps its colours
        drawn.addPixmap(pixmap, mode)
    return drawn
