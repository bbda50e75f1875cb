"""A button that is only an icon."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from gui.theme import icon

ICON_SIDE = 18


class FlatButton(QToolButton):
    """An icon without a frame; its name is its tool tip and what a screen reader says.

    Args:
        icon_name: of a file in `resources/icons`.
        name: what it does.
        parent: Qt's.
    """

    def __init__(self, icon_name: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setIconSize(QSize(ICON_SIDE, ICON_SIDE))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_as(icon_name, name)

    def show_as(self, icon_name: str, name: str) -> None:
        """Give it another icon and name."""
        self.setIcon(icon(icon_name))
        self.setToolTip(name)
        self.setAccessibleName(name)
