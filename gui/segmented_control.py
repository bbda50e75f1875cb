"""A row of buttons of which exactly one is chosen."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

_RADIUS = 10.0
_BACK = (Qt.Key.Key_Left, Qt.Key.Key_Up)
_ON = (Qt.Key.Key_Right, Qt.Key.Key_Down)


class SegmentedControl(QWidget):
    """Choices side by side; the arrow keys go from one to the next.

    Args:
        labels: what is shown, by the key of each choice; the first is chosen.
        parent: Qt's.

    Signals:
        chosen: the key of the choice, when it is another than before.
    """

    chosen = Signal(str)

    def __init__(self, labels: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._key = next(iter(labels))
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for key, label in labels.items():
            self.buttons[key] = self._button(label)
            row.addWidget(self.buttons[key])
        self.buttons[self._key].setChecked(True)
        self._group.buttonToggled.connect(self._on_toggled)

    @property
    def key(self) -> str:
        """Of the choice."""
        return self._key

    def choose(self, key: str) -> None:
        """Make this the choice."""
        self.buttons[key].setChecked(True)

    def _button(self, label: str) -> QToolButton:
        button = _Segment(self)
        button.setText(label)
        button.setAccessibleName(label)
        button.setCheckable(True)
        self._group.addButton(button)
        return button

    def _on_toggled(self) -> None:
        key = next(key for key, button in self.buttons.items() if button.isChecked())
        if key != self._key:
            self._key = key
            self.chosen.emit(key)

    def move_choice(self, step: int) -> None:
        """Choose the next one (1) or the one before (-1), as far as there is one."""
        keys = list(self.buttons)
        position = min(max(keys.index(self._key) + step, 0), len(keys) - 1)
        self.choose(keys[position])
        self.buttons[keys[position]].setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.palette().mid().color())
        painter.setBrush(self.palette().base())
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, _RADIUS, _RADIUS)


class _Segment(QToolButton):
    def __init__(self, control: SegmentedControl) -> None:
        super().__init__(control)
        self._control = control
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.toggled.connect(self._take_part_in_tabbing)
        self._take_part_in_tabbing(False)

    def _take_part_in_tabbing(self, checked: bool) -> None:
        # Tab reaches the choice only; the arrow keys go on from there.
        focus = Qt.FocusPolicy.StrongFocus if checked else Qt.FocusPolicy.ClickFocus
        self.setFocusPolicy(focus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _BACK:
            self._control.move_choice(-1)
        elif event.key() in _ON:
            self._control.move_choice(1)
        else:
            super().keyPressEvent(event)
