"""A picture that is zoomed and moved about, smoothly at any size."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.palettes import DARK
from gui.photos.preview import level_for

STEP = 1.25
_GROUND = QColor(DARK.base)  # photos are judged before the same dark ground in every theme
_LARGEST_SCALE = 16.0
_SINGLE_PIXELS_FROM = 4.0  # enlarged so far, the pixels themselves are what one wants to see
_UNITS_A_NOTCH = 120  # of a mouse wheel


class ImageView(QWidget):
    """Draws one picture, fitted or at a scale.

    A scale is pixels of the screen to a pixel of the photo, so that 1.0 is 100 % on every screen.
    Places in the picture are in pixels of the photo at full size, whatever it is decoded at.
    """

    scale_changed = Signal(float)
    detail_wanted = Signal()
    """More pixels are drawn than the picture was decoded at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._levels: Sequence[QImage] = ()
        self._size = QSizeF()
        self._scale = 1.0
        self._centre = QPointF()
        self._fitting = True
        self._grabbed_at: QPointF | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(1, 1)

    @property
    def scale(self) -> float:
        return self._scale

    @property
    def is_fitting(self) -> bool:
        """Whether the whole picture is kept in view when the window changes its size."""
        return self._fitting

    @property
    def centre(self) -> QPointF:
        """The place in the picture that is in the middle of the view."""
        return QPointF(self._centre)

    def clear(self) -> None:
        """Show nothing."""
        self._levels = ()
        self._size = QSizeF()
        self._show_hand()
        self.update()

    def show_picture(self, levels: Sequence[QImage], width: int, height: int) -> None:
        """Show another picture, fitted.

        Args:
            levels: the picture, each half the size of the one before.
            width: of the photo at full size, in pixels.
            height: of the photo at full size, in pixels.
        """
        self._levels = levels
        self._size = QSizeF(width, height)
        self.fit()

    def sharpen(self, levels: Sequence[QImage], width: int, height: int) -> None:
        """Show the same picture in more detail, at the same place."""
        if self._size != QSizeF(width, height):
            self.show_picture(levels, width, height)
            return
        self._levels = levels
        self.update()
        self._ask_for_detail()

    def fit(self) -> None:
        """Show all of it, as large as the view; never enlarged."""
        self._fitting = True
        self._centre = self._middle_of_picture()
        self._set_scale(self._fitting_scale())

    def zoom_to(self, scale: float, at: QPointF | None = None) -> None:
        """Show it at a scale.

        Args:
            scale: pixels of the screen to a pixel of the photo.
            at: the point of the view whose place in the picture stays under it; None is the
                middle.
        """
        if not self._levels:
            return
        away = (at or self._middle_of_view()) - self._middle_of_view()
        ratio = self.devicePixelRatioF()
        scale = min(max(scale, min(self._fitting_scale(), 1.0)), _LARGEST_SCALE)
        self._fitting = scale <= self._fitting_scale()
        self._centre += away * (ratio / self._scale - ratio / scale)
        self._set_scale(scale)

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Show it larger or smaller by a factor."""
        self.zoom_to(self._scale * factor, at)

    def toggle_full_size(self, at: QPointF | None = None) -> None:
        """Change between all of it and 100 %."""
        if self._fitting:
            self.zoom_to(1.0, at)
        else:
            self.fit()

    def move_by(self, way: QPointF) -> None:
        """Move the picture under the view, in pixels of the window."""
        self._centre -= way * (self.devicePixelRatioF() / self._scale)
        self._stay_inside()
        self.update()

    def picture_at(self, point: QPointF) -> QPointF:
        """The place in the picture under a point of the view."""
        away = point - self._middle_of_view()
        return self._centre + away * (self.devicePixelRatioF() / self._scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), _GROUND)
        if not self._levels:
            return
        whole = self._whole()
        shown = whole.intersected(QRectF(self.rect()))
        level = level_for(self._levels, whole.width() * self.devicePixelRatioF())
        across, down = level.width() / whole.width(), level.height() / whole.height()
        part = shown.translated(-whole.topLeft())
        source = QRectF(
            part.x() * across, part.y() * down, part.width() * across, part.height() * down
        )
        smooth = self._scale < _SINGLE_PIXELS_FROM
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(shown, level, source)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._fitting:
            self.fit()
        else:
            self._stay_inside()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / _UNITS_A_NOTCH
        if notches:
            self.zoom_by(math.pow(STEP, notches), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed_at = event.position()
            self._show_hand()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.ignore()  # the window shows its buttons when the mouse is moved
        if self._grabbed_at is not None:
            self.move_by(event.position() - self._grabbed_at)
            self._grabbed_at = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed_at = None
        self._show_hand()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.toggle_full_size(event.position())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange and self._fitting:
            self.fit()

    def _set_scale(self, scale: float) -> None:
        self._scale = scale
        self._stay_inside()
        self._show_hand()
        self.update()
        self.scale_changed.emit(scale)
        self._ask_for_detail()

    def _ask_for_detail(self) -> None:
        if not self._levels or self._levels[0].width() >= self._size.width():
            return
        if self._size.width() * self._scale > self._levels[0].width() + 1:
            self.detail_wanted.emit()

    def _show_hand(self) -> None:
        movable = self._levels and not QRectF(self.rect()).contains(self._whole())
        if not movable:
            self.unsetCursor()
        elif self._grabbed_at is None:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def _fitting_scale(self) -> float:
        if self._size.isEmpty():
            return 1.0
        ratio = self.devicePixelRatioF()
        across = self.width() * ratio / self._size.width()
        down = self.height() * ratio / self._size.height()
        return min(across, down, 1.0)

    def _stay_inside(self) -> None:
        self._centre = QPointF(
            self._inside(self._centre.x(), self._size.width(), self.width()),
            self._inside(self._centre.y(), self._size.height(), self.height()),
        )

    def _inside(self, centre: float, length: float, view: float) -> float:
        half = view * self.devicePixelRatioF() / self._scale / 2
        if 2 * half >= length:
            return length / 2
        return min(max(centre, half), length - half)

    def _whole(self) -> QRectF:
        # On whole pixels of the screen, so that nothing is blurred at 100 %.
        ratio = self.devicePixelRatioF()
        corner = self._middle_of_view() * ratio - self._centre * self._scale
        size = self._size * self._scale
        return QRectF(
            round(corner.x()) / ratio,
            round(corner.y()) / ratio,
            max(1.0, size.width()) / ratio,
            max(1.0, size.height()) / ratio,
        )

    def _middle_of_view(self) -> QPointF:
        return QPointF(self.width() / 2, self.height() / 2)

    def _middle_of_picture(self) -> QPointF:
        return QPointF(self._size.width() / 2, self._size.height() / 2)
