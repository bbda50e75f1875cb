"""Buttons over a picture that go away when the mouse rests."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, QVariantAnimation, Signal
from PySide6.QtWidgets import QGraphicsOpacityEffect, QWidget

_REST_MS = 2500
_FADE_MS = 180


class Fading(QObject):
    """Shows widgets while somebody stirs and fades them out afterwards.

    Args:
        widgets: what is shown and hidden.
        parent: Qt's.
        rest_ms: how long nobody stirs before they fade, in milliseconds.
    """

    hidden = Signal(bool)

    def __init__(
        self, widgets: Sequence[QWidget], parent: QObject, rest_ms: int = _REST_MS
    ) -> None:
        super().__init__(parent)
        self._widgets = widgets
        for widget in widgets:
            widget.setGraphicsEffect(QGraphicsOpacityEffect(widget))
        self._animation = QVariantAnimation(self, duration=_FADE_MS)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.valueChanged.connect(self._show_through)
        self._timer = QTimer(self, singleShot=True, interval=rest_ms)
        self._timer.timeout.connect(self._rest)

    def wake(self) -> None:
        """Show them, and wait again."""
        self._timer.start()
        self._go(QVariantAnimation.Direction.Forward)

    def stop(self) -> None:
        """Do nothing more until woken."""
        self._timer.stop()
        self._animation.stop()

    def _rest(self) -> None:
        if any(widget.underMouse() for widget in self._widgets):
            self._timer.start()
        else:
            self._go(QVariantAnimation.Direction.Backward)

    def _go(self, direction: QVariantAnimation.Direction) -> None:
        running = self._animation.state() == QVariantAnimation.State.Running
        if direction == self._animation.direction() and not running:
            end = float(direction == QVariantAnimation.Direction.Forward)
            self._show_through(end)
            return
        self._animation.setDirection(direction)
        if not running:
            self._animation.start()

    def _show_through(self, opacity: float) -> None:
        for widget in self._widgets:
            effect = widget.graphicsEffect()
            if isinstance(effect, QGraphicsOpacityEffect):
                effect.setOpacity(opacity)
            widget.setVisible(opacity > 0)
        self.hidden.emit(opacity == 0)
