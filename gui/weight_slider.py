"""The slider that shares the weight out between the two encoders."""

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QToolTip, QWidget

STEPS = 100
_PAGE = 10
# Neither end is more than the other, so no side of the groove is filled.
_NEUTRAL = "WeightSlider::sub-page:horizontal { background: transparent; }"
_TICK = (2.0, 12.0)  # pixels


class WeightSlider(QSlider):
    """At the left end only OpenCLIP counts, at the right end only BEiT3.

    A tick marks the default of the pair of checkpoints; a double click goes back to it.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, STEPS)
        self.setPageStep(_PAGE)
        self._default = STEPS // 2
        self.setValue(self._default)
        self.setMinimumWidth(120)
        self.setStyleSheet(_NEUTRAL)
        self.setAccessibleName(self.tr("Weight of BEiT3 in percent"))
        self.setToolTip(
            self.tr("How much each encoder counts. A double click goes back to the default.")
        )
        self.sliderMoved.connect(self._show_bubble)

    @property
    def weights(self) -> tuple[float, float]:
        """OpenCLIP's and BEiT3's; they add up to 1."""
        return (STEPS - self.value()) / STEPS, self.value() / STEPS

    def set_weights(self, weights: tuple[float, ...]) -> None:
        """Go to the nearest step; only the ratio of the two counts."""
        self.setValue(_steps(weights))

    def set_default(self, weights: tuple[float, ...]) -> None:
        """Mark this place."""
        self._default = _steps(weights)
        self.update()

    @property
    def default(self) -> int:
        """The place that is marked."""
        return self._default

    def reset(self) -> None:
        """Go to the marked place."""
        self.setValue(self._default)

    def label(self) -> str:
        """The weights as they are shown: "0.3 : 0.7"."""
        return " : ".join(self.locale().toString(weight, "g", 2) for weight in self.weights)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setValue(self._value_at(event.position().toPoint()))
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().dark())
        width, height = _TICK
        middle = QRectF(self.rect()).center().y()
        left = self._position_of(self._default) - width / 2
        painter.drawRoundedRect(QRectF(left, middle - height / 2, width, height), 1, 1)
        painter.end()
        super().paintEvent(event)

    def _show_bubble(self) -> None:
        QToolTip.showText(
            self.mapToGlobal(QPoint(self._position_of(self.value()), -44)), self.label(), self
        )

    def _handle_width(self) -> int:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        complex_control = QStyle.ComplexControl.CC_Slider
        part = QStyle.SubControl.SC_SliderHandle
        return self.style().subControlRect(complex_control, option, part, self).width()

    def _position_of(self, value: int) -> int:
        handle = self._handle_width()
        way = self.width() - handle
        return handle // 2 + QStyle.sliderPositionFromValue(0, STEPS, value, way)

    def _value_at(self, position: QPoint) -> int:
        handle = self._handle_width()
        return QStyle.sliderValueFromPosition(
            0, STEPS, position.x() - handle // 2, self.width() - handle
        )


def _steps(weights: tuple[float, ...]) -> int:
    openclip, beit3 = weights
    return round(STEPS * beit3 / (openclip + beit3))
