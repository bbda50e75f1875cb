"""What the evaluation panel shows before the first result."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.theme import icon

_ICON = QSize(56, 56)
_WIDTH = 560  # pixels, of the sentences


class EmptyPage(QWidget):
    """Says what an evaluation is good for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing = QLabel()
        title = QLabel(self.tr("How well are the photos found?"))
        title.setProperty("role", "heading")
        sentences = (
            self.tr(
                "An evaluation searches for sentences whose right photo is known, with OpenCLIP, "
                "with BEiT3 and with both, and tells which weights find the right photos best."
            ),
            self.tr(
                "Use your own photos: search, and mark the right photo among the results. Or "
                "choose a file of captions and the folder of its photos."
            ),
        )
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addStretch(2)
        for label in (self._drawing, title, *map(_hint, sentences)):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addStretch(3)
        layout = QHBoxLayout(self)
        layout.addStretch(1)
        layout.addLayout(column)
        layout.addStretch(1)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        self._drawing.setPixmap(icon("chart", QPalette.ColorRole.PlaceholderText).pixmap(_ICON))


def _hint(sentence: str) -> QLabel:
    label = QLabel(sentence)
    label.setProperty("role", "hint")
    label.setWordWrap(True)
    label.setFixedWidth(_WIDTH)
    return label
