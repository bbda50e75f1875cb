"""What leaves the grid when photos are dragged to another program."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QLocale, QMimeData, QPoint, QRect, QSize, Qt, QUrl
from PySide6.QtGui import QColor, QPainter, QPalette, QPixmap

SIDE = 96  # of the picture under the mouse, in pixels
STEP = 6  # between the photos of the stack
MOST_SHOWN = 3
_BADGE = QSize(34, 22)


def files_to_drop(paths: Iterable[bytes]) -> QMimeData:
    """Files as what can be dropped on other programs, each name byte for byte."""
    mime = QMimeData()
    mime.setUrls([_url(path) for path in paths])
    return mime


def stack(pixmaps: Sequence[QPixmap], count: int, palette: QPalette, scale: float) -> QPixmap:
    """Draw dragged photos as a small stack with their number.

    Args:
        pixmaps: the first of them that are at hand; may be none.
        count: how many are dragged.
        palette: of the window.
        scale: device pixels a pixel.
    """
    side = SIDE + STEP * (MOST_SHOWN - 1)
    picture = QPixmap(QSize(side, side) * scale)
    picture.setDevicePixelRatio(scale)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    )
    shown = pixmaps[:MOST_SHOWN]
    for place in reversed(range(len(shown))):
        painter.drawPixmap(_fitted(shown[place], QPoint(STEP, STEP) * place), shown[place])
    if count > 1:
        _draw_number(painter, count, palette)
    painter.end()
    return picture


def _url(path: bytes) -> QUrl:
    # Through Path, because it keeps bytes that are no UTF-8.
    return QUrl.fromEncoded(Path(os.fsdecode(path)).as_uri().encode())


def _fitted(pixmap: QPixmap, corner: QPoint) -> QRect:
    square = QRect(corner, QSize(SIDE, SIDE))
    size = pixmap.size().scaled(square.size(), Qt.AspectRatioMode.KeepAspectRatio)
    rect = QRect(QPoint(), size)
    rect.moveCenter(square.center())
    return rect


def _draw_number(painter: QPainter, count: int, palette: QPalette) -> None:
    badge = QRect(QPoint(0, 0), _BADGE)
    badge.moveBottomRight(QPoint(SIDE, SIDE) + QPoint(STEP, STEP))
    painter.setPen(QColor(Qt.GlobalColor.transparent))
    painter.setBrush(palette.highlight())
    painter.drawRoundedRect(badge, badge.height() / 2, badge.height() / 2)
    painter.setPen(palette.color(QPalette.ColorRole.HighlightedText))
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, QLocale().toString(count))
