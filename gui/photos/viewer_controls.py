"""What lies over the picture in the viewer: its name, and buttons for the mouse."""

from collections.abc import Sequence

from PySide6.QtCore import QLocale, QSize, Qt
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from gui.elided_label import ElidedLabel
from gui.palettes import DARK

_ICON_SIDE = 22
_LARGE_ICON_SIDE = 32
_VEIL = QColor(DARK.window)
_VEIL.setAlphaF(0.82)
# The viewer is dark in every theme, so its buttons do not take the window's style sheet.
_STYLE = f"""
QFrame#veil {{ background: {_VEIL.name(QColor.NameFormat.HexArgb)}; border-radius: 12px; }}
QLabel {{ color: {DARK.text}; background: transparent; }}
QToolButton {{
    background: transparent; border: 1px solid transparent; border-radius: 8px; padding: 6px;
}}
QToolButton:hover {{ background: {DARK.hover}; }}
QToolButton:pressed {{ background: {DARK.border}; }}
QToolButton:checked {{ background: {DARK.border}; border-color: {DARK.accent}; }}
"""


class Veil(QFrame):
    """A dark, slightly transparent ground with things in a row."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("veil")
        self.setStyleSheet(_STYLE)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(8, 6, 8, 6)
        self.row.setSpacing(4)


class ControlBar(Veil):
    """Buttons for actions, with the scale between them."""

    def __init__(self, groups: Sequence[Sequence[QAction]], parent: QWidget) -> None:
        super().__init__(parent)
        for position, group in enumerate(groups):
            if position:
                self.row.addSpacing(12)
            for action in group:
                self.row.addWidget(_button(action, self, _ICON_SIDE))
        self._scale = QLabel(self)
        self._scale.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._scale.setMinimumWidth(self.fontMetrics().horizontalAdvance("1 600 %") + 8)
        self.row.addSpacing(8)
        self.row.addWidget(self._scale)

    def show_scale(self, scale: float) -> None:
        """Show at how many pixels of the screen a pixel of the photo is drawn."""
        percent = QLocale().toString(round(scale * 100))
        self._scale.setText(self.tr("{percent}%").format(percent=percent))
        self._scale.setAccessibleName(self.tr("Zoom"))


class Caption(Veil):
    """The name of the file, and which of how many it is."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.row.setContentsMargins(14, 8, 14, 8)
        self.row.setSpacing(16)
        self._count = QLabel(self)
        self._name = ElidedLabel(self, Qt.TextElideMode.ElideMiddle)
        self.row.addWidget(self._name)
        self.row.addWidget(self._count)

    def show_text(self, name: str, position: int, total: int) -> None:
        """Show the name of the photo at a position, from 1 on."""
        self._name.show_text(name)
        self._name.setVisible(bool(name))
        locale = QLocale()
        self._count.setText(f"{locale.toString(position)} / {locale.toString(total)}")
        self._count.setAccessibleName(
            self.tr("Photo {position} of {total}").format(
                position=locale.toString(position), total=locale.toString(total)
            )
        )


class SideButton(Veil):
    """A large button at one side of the picture."""

    def __init__(self, action: QAction, parent: QWidget) -> None:
        super().__init__(parent)
        self.row.setContentsMargins(2, 2, 2, 2)
        self.row.addWidget(_button(action, self, _LARGE_ICON_SIDE))


def _button(action: QAction, parent: QWidget, side: int) -> QToolButton:
    button = QToolButton(parent)
    button.setDefaultAction(action)
    button.setIconSize(QSize(side, side))
    # Each has a key, and the space bar belongs to the slideshow.
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.setAccessibleName(action.text())
    keys = action.shortcut().toString(action.shortcut().SequenceFormat.NativeText)
    button.setToolTip(f"{action.text()} ({keys})" if keys else action.text())
    return button
