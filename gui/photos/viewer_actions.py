"""What can be done in the viewer, each with its keys."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QColor, QKeySequence

from gui.palettes import DARK
from gui.theme import FAVOURITE_COLOUR, icon

_TINT = QColor(DARK.text)  # the viewer is dark in every theme
_Keys = Qt.Key | str | QKeySequence.StandardKey


class ViewerActions(QObject):
    """The actions of the viewer; it connects them."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        key, act = Qt.Key, self._action
        self.previous = act(
            self.tr("Previous photo"), "previous", key.Key_Left, key.Key_PageUp, key.Key_Backspace
        )
        self.next = act(self.tr("Next photo"), "next", key.Key_Right, key.Key_PageDown)
        self.first = act(self.tr("First photo"), None, key.Key_Home)
        self.last = act(self.tr("Last photo"), None, key.Key_End)
        self.smaller = act(self.tr("Zoom out"), "zoom-out", key.Key_Minus)
        self.larger = act(self.tr("Zoom in"), "zoom-in", key.Key_Plus, key.Key_Equal)
        self.fit = act(self.tr("Fit to the window"), "fit", key.Key_0)
        self.full_size = act(self.tr("Full size"), "full-size", key.Key_1)
        self.slideshow = act(self.tr("Slideshow"), "slideshow", key.Key_F5, key.Key_Space)
        self.slideshow.setCheckable(True)
        self.slideshow.toggled.connect(self._show_playing)
        self.favourite = act(self.tr("Favourite"), "heart", "Ctrl+D")
        self.favourite.setCheckable(True)
        self.favourite.toggled.connect(self._show_favourite)
        self.full_screen = act(self.tr("Full screen"), "fullscreen", key.Key_F11, key.Key_F)
        self.leave = act(self.tr("Close"), None, key.Key_Escape, QKeySequence.StandardKey.Close)

    def all(self) -> list[QAction]:
        """Every action, so that a window can take their keys."""
        return self.findChildren(QAction)

    def _action(self, text: str, icon_name: str | None, *keys: _Keys) -> QAction:
        action = QAction(text, self)
        if icon_name is not None:
            action.setIcon(icon(icon_name, _TINT))
        action.setShortcuts([QKeySequence(key) for key in keys])
        return action

    def _show_playing(self, playing: bool) -> None:
        self.slideshow.setIcon(icon("pause" if playing else "slideshow", _TINT))

    def _show_favourite(self, marked: bool) -> None:
        filled, empty = ("heart-filled", FAVOURITE_COLOUR), ("heart", _TINT)
        self.favourite.setIcon(icon(*(filled if marked else empty)))
