"""What the grid says where there are no photos."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QPainter, QPalette
from PySide6.QtWidgets import QWidget

from gui.theme import icon

SIGN = 56  # side of the icon, in pixels
GAP = 12
MARGIN = 48
_FLAGS = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


def paint_empty_text(widget: QWidget, title: str, hint: str) -> None:
    """Paint an icon, a title and a hint in the middle of a widget, during its paint event."""
    painter = QPainter(widget)
    painter.setPen(widget.palette().color(QPalette.ColorRole.PlaceholderText))
    area = widget.rect().adjusted(MARGIN, 0, -MARGIN, 0)
    large = QFont(widget.font())
    large.setPointSizeF(large.pointSizeF() * 1.4)
    heights = [SIGN + GAP]
    for font, text in ((large, title), (widget.font(), hint)):
        painter.setFont(font)
        heights.append(painter.boundingRect(area, _FLAGS, text).height() + GAP)
    area.setTop(area.center().y() - sum(heights) // 2)
    icon("photos", QPalette.ColorRole.PlaceholderText).paint(
        painter, QRect(area.left(), area.top(), area.width(), SIGN)
    )
    painter.setFont(large)
    painter.drawText(area.adjusted(0, heights[0], 0, 0), _FLAGS, title)
    painter.setFont(widget.font())
    painter.drawText(area.adjusted(0, heights[0] + heights[1], 0, 0), _FLAGS, hint)
    painter.end()
