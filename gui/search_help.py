"""What can be asked for in the search bar, on one small sheet."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

_WIDTH = 376


class SearchHelp(QFrame):
    """A sheet that opens below the search bar and closes with the next click."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "card")
        self.setStyleSheet("SearchHelp { border-radius: 0; }")  # windows have corners
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        heading = QLabel(self.tr("How to search"))
        heading.setProperty("role", "heading")
        column.addWidget(heading)
        sentences = QLabel("".join(f"<p>{sentence}</p>" for sentence in self._sentences()))
        sentences.setWordWrap(True)
        sentences.setFixedWidth(_WIDTH)
        column.addWidget(sentences)

    def open_below(self, widget: QWidget) -> None:
        """Show it with its right edge below that of a widget."""
        self.adjustSize()
        corner = widget.mapToGlobal(QPoint(widget.width() - self.width(), widget.height() + 4))
        self.move(corner)
        self.show()

    def _sentences(self) -> list[str]:
        return [
            self.tr(
                "Describe what is to be seen, in a sentence or in a few words:<br>"
                "<b>hai đứa trẻ chơi bên bờ biển</b>"
            ),
            self.tr(
                "Put a minus sign before what should not be seen:<br>"
                "<b>chợ nổi -thuyền -&quot;xe máy&quot;</b>"
            ),
            self.tr("Drop a picture here, or paste one, to find photos that look like it."),
            self.tr("Words beside a picture steer the search:<br><b>lúc hoàng hôn</b>"),
            self.tr("The Down key shows earlier searches; the Delete key forgets one."),
        ]
