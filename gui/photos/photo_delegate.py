"""Draws the rows of the grid: cells with photos, headings, and the row that shows more."""

from collections.abc import Sequence

from PySide6.QtCore import QLocale, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QPainterPath, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.photos import wording
from gui.photos.grid_layout import CellSize
from gui.photos.photo_model import Index
from gui.photos.roles import Kind, Role
from gui.photos.thumbnail_loader import ThumbnailLoader
from gui.theme import BEIT3_COLOUR, FAVOURITE_COLOUR, OPENCLIP_COLOUR, blended, icon

PADDING = 8  # between a cell's edge and its picture, in pixels
BAR_HEIGHT = 4
BAR_GAP = 6  # between picture and score bar
HEADING_HEIGHT = 40
ROUND = 6.0  # radius of corners
BADGE = 22  # height of what lies on a picture
INSET = 6  # between a picture's edge and its badges
MOST_ENLARGED = 2  # a tiny photo is shown at no more than so many times its size
FADED = 0.35  # opacity of what is no longer there
VEIL = 225  # of 255

_ROLE = QPalette.ColorRole
_STATE = QStyle.StateFlag
ENCODER_COLOURS = (OPENCLIP_COLOUR, BEIT3_COLOUR)


def cell_size(side: int, *, with_bars: bool) -> CellSize:
    """The size of cells whose pictures fit in squares of about `side` pixels."""
    below = BAR_GAP + BAR_HEIGHT if with_bars else 0
    return CellSize(side + 2 * PADDING, below, HEADING_HEIGHT)


class PhotoDelegate(QStyledItemDelegate):
    """Draws rows of a `PhotoModel`; what it draws is what is wished from the loader.

    Args:
        thumbnails: gives the pictures.
        parent: Qt's.
    """

    def __init__(self, thumbnails: ThumbnailLoader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._check = icon("check", _ROLE.BrightText)
        self._heart = icon("heart-filled", FAVOURITE_COLOUR)
        self._offline = icon("folder-off", _ROLE.Text)
        self._vanished = icon("photo-off", _ROLE.Text)
        self._broken = icon("broken-photo", _ROLE.PlaceholderText)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        draw = {
            Kind.PHOTO: self._draw_photo,
            Kind.HEADING: self._draw_heading,
            Kind.MORE: self._draw_more,
        }
        painter.save()
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        draw[index.data(Role.KIND)](painter, option, index)
        painter.restore()

    def burst_badge(self, option: QStyleOptionViewItem, index: Index) -> QRect:
        """Where the number of a burst lies in a cell, to be clicked; empty where there is none."""
        count = index.data(Role.BURST)
        if not count:
            return QRect()
        width = QFontMetrics(_small(option.font)).horizontalAdvance(_times(count))
        badge = QRect(0, 0, width + 2 * INSET + 2, BADGE)
        picture = self._picture_rect(option.rect, index.data(Role.ID))
        badge.moveTopRight(picture.topRight() + QPoint(-INSET, INSET))
        return badge

    def _draw_photo(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        photo_id = index.data(Role.ID)
        picture = self._picture_rect(option.rect, photo_id)
        _draw_ground(painter, option, index)
        self._draw_picture(painter, option, index, picture)
        self._draw_troubles(painter, option, index, picture)
        if option.state & _STATE.State_Selected:
            self._draw_chosen(painter, option, picture)
        if index.data(Role.FAVOURITE):
            corner = picture.bottomLeft() + QPoint(INSET, -INSET - BADGE)
            _draw_sign(painter, option, corner, self._heart)
        if index.data(Role.BURST):
            self._draw_burst(painter, option, index)
        if shares := index.data(Role.SHARES):
            _draw_bar(painter, option, shares, index.data(Role.LACKING))

    def _picture_rect(self, cell: QRect, photo_id: int) -> QRect:
        """The place of the picture itself; the whole square until it is known."""
        square = _square(cell)
        pixmap = self._thumbnails.pixmap(photo_id)
        if pixmap is None:
            return square
        size = pixmap.size().scaled(square.size(), Qt.AspectRatioMode.KeepAspectRatio)
        size = size.boundedTo(pixmap.size() * MOST_ENLARGED)
        rect = QRect(QPoint(), size)
        rect.moveCenter(square.center())
        return rect

    def _draw_picture(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, place: QRect
    ) -> None:
        photo_id = index.data(Role.ID)
        pixmap = self._thumbnails.pixmap(photo_id)
        path = QPainterPath()
        path.addRoundedRect(QRectF(place), ROUND, ROUND)
        if pixmap is None:
            painter.fillPath(path, _shade(option, 0.06))
            self._thumbnails.request(photo_id)
            return
        painter.save()
        painter.setClipPath(path)
        painter.setOpacity(FADED if index.data(Role.VANISHED) else 1.0)
        painter.drawPixmap(place, pixmap)
        painter.restore()

    def _draw_troubles(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, picture: QRect
    ) -> None:
        if index.data(Role.VANISHED):
            _draw_notice(painter, option, picture, self._vanished, wording.vanished())
        elif self._thumbnails.failure(index.data(Role.ID)):
            _draw_notice(painter, option, picture, self._broken, wording.unreadable())
        if index.data(Role.OFFLINE):
            corner = picture.bottomRight() - QPoint(INSET + BADGE, INSET + BADGE)
            _draw_sign(painter, option, corner, self._offline)

    def _draw_chosen(self, painter: QPainter, option: QStyleOptionViewItem, picture: QRect) -> None:
        accent = option.palette.color(_ROLE.Accent)
        painter.setPen(QPen(accent, 3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(picture), ROUND, ROUND)
        badge = QRect(picture.topLeft() + QPoint(INSET, INSET), QSize(BADGE, BADGE))
        painter.setPen(QPen(option.palette.color(_ROLE.BrightText), 1.5))
        painter.setBrush(accent)
        painter.drawEllipse(badge)
        self._check.paint(painter, badge.adjusted(4, 4, -4, -4))

    def _draw_burst(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        badge = self.burst_badge(option, index)
        unfolded = index.data(Role.UNFOLDED)
        back, front = (_ROLE.Accent, _ROLE.BrightText) if unfolded else (_ROLE.Base, _ROLE.Text)
        painter.setPen(option.palette.color(_ROLE.Mid))
        painter.setBrush(_veil(option.palette.color(back)))
        painter.drawRoundedRect(QRectF(badge), BADGE / 2, BADGE / 2)
        painter.setFont(_small(option.font))
        painter.setPen(option.palette.color(front))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, _times(index.data(Role.BURST)))

    def _draw_heading(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        font = QFont(option.font)
        font.setPointSizeF(font.pointSizeF() * 1.1)
        font.setWeight(QFont.Weight.DemiBold)
        line = option.rect.adjusted(PADDING, PADDING, -PADDING, 0)
        title = index.data(Qt.ItemDataRole.DisplayRole)
        painter.setFont(font)
        painter.setPen(option.palette.color(_ROLE.Text))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, title)
        line.setLeft(line.left() + QFontMetrics(font).horizontalAdvance(title) + PADDING)
        painter.setFont(option.font)
        painter.setPen(option.palette.color(_ROLE.PlaceholderText))
        number = QLocale().toString(index.data(Role.COUNT))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, number)

    def _draw_more(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        text = index.data(Qt.ItemDataRole.DisplayRole)
        button = QRect(0, 0, option.fontMetrics.horizontalAdvance(text) + 6 * PADDING, 32)
        button.moveCenter(option.rect.center())
        focused = option.state & _STATE.State_HasFocus
        hovered = option.state & _STATE.State_MouseOver
        palette = option.palette
        painter.setPen(QPen(palette.color(_ROLE.Accent if focused else _ROLE.Mid), 1.5))
        painter.setBrush(palette.color(_ROLE.Midlight if hovered else _ROLE.Button))
        painter.drawRoundedRect(QRectF(button), ROUND, ROUND)
        painter.setPen(palette.color(_ROLE.ButtonText))
        painter.drawText(button, Qt.AlignmentFlag.AlignCenter, text)


def _square(cell: QRect) -> QRect:
    side = cell.width() - 2 * PADDING
    return QRect(cell.topLeft() + QPoint(PADDING, PADDING), QSize(side, side))


def _draw_ground(painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
    """What tells cells apart that are chosen, pointed at, of one burst, or current."""
    accent, hover, base = (
        option.palette.color(role) for role in (_ROLE.Accent, _ROLE.Midlight, _ROLE.Base)
    )
    ground = QRectF(option.rect).adjusted(2, 2, -2, -2)
    painter.setPen(Qt.PenStyle.NoPen)
    if index.data(Role.UNFOLDED):
        painter.fillRect(option.rect, blended(accent, base, 0.1))
    if option.state & _STATE.State_Selected:
        painter.setBrush(blended(accent, base, 0.2))
        painter.drawRoundedRect(ground, ROUND, ROUND)
    elif option.state & _STATE.State_MouseOver:
        painter.setBrush(hover)
        painter.drawRoundedRect(ground, ROUND, ROUND)
    if option.state & _STATE.State_HasFocus:
        painter.setPen(QPen(option.palette.color(_ROLE.Text), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(ground, ROUND, ROUND)


def _draw_sign(
    painter: QPainter, option: QStyleOptionViewItem, corner: QPoint, sign: QIcon
) -> None:
    badge = QRect(corner, QSize(BADGE, BADGE))
    painter.setPen(option.palette.color(_ROLE.Mid))
    painter.setBrush(_veil(option.palette.color(_ROLE.Base)))
    painter.drawEllipse(QRectF(badge))
    sign.paint(painter, badge.adjusted(4, 4, -4, -4))


def _draw_notice(
    painter: QPainter, option: QStyleOptionViewItem, picture: QRect, sign: QIcon, words: str
) -> None:
    """An icon with words under it, in the middle of a picture."""
    metrics = option.fontMetrics
    words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, picture.width() - 4 * INSET)
    width = metrics.horizontalAdvance(words) + 2 * PADDING
    plate = QRect(0, 0, width, 24 + metrics.height() + 2 * PADDING)
    plate.moveCenter(picture.center())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_veil(option.palette.color(_ROLE.Base)))
    painter.drawRoundedRect(plate, ROUND, ROUND)
    inside = plate.adjusted(0, PADDING, 0, -PADDING)
    sign.paint(painter, QRect(inside.topLeft(), QSize(inside.width(), 24)))
    painter.setPen(option.palette.color(_ROLE.Text))
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
    painter.drawText(inside, flags, words)


def _draw_bar(
    painter: QPainter, option: QStyleOptionViewItem, shares: Sequence[float], lacking: int | None
) -> None:
    square = _square(option.rect)
    bar = QRectF(square.left(), square.bottom() + 1 + BAR_GAP, square.width(), BAR_HEIGHT)
    path = QPainterPath()
    path.addRoundedRect(bar, BAR_HEIGHT / 2, BAR_HEIGHT / 2)
    painter.fillPath(path, _shade(option, 0.12))
    painter.save()
    painter.setClipPath(path)
    left = bar.left()
    for share, colour in zip(shares, ENCODER_COLOURS, strict=True):
        painter.fillRect(QRectF(left, bar.top(), share * bar.width(), BAR_HEIGHT), colour)
        left += share * bar.width()
    painter.restore()
    if lacking is not None:
        painter.setPen(QPen(ENCODER_COLOURS[lacking], 1.5))
        painter.setBrush(option.palette.color(_ROLE.Base))
        painter.drawEllipse(QPointF(bar.right() - BAR_HEIGHT, bar.center().y()), 3.5, 3.5)


def _shade(option: QStyleOptionViewItem, share: float) -> QColor:
    """The background with so much of the text's colour in it."""
    palette = option.palette
    return blended(palette.color(_ROLE.Text), palette.color(_ROLE.Base), share)


def _veil(colour: QColor) -> QColor:
    """Covers a picture so that what is drawn on it can be read."""
    return QColor(colour.red(), colour.green(), colour.blue(), VEIL)


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * 0.9)
    small.setWeight(QFont.Weight.DemiBold)
    return small


def _times(count: int) -> str:
    return f"×{QLocale().toString(count)}"
