"""How the window looks: colours, style sheet, icons.

The style sheet knows these values of the dynamic property `role`, beside Qt's own widgets:
`title`, `heading`, `hint`, `badge` of a QLabel; `card` of a QFrame; `primary`, `danger`, `quiet` of
a QPushButton.
"""

from pathlib import Path
from string import Template
from typing import Literal

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from gui.icons import icon
from gui.palettes import CONTRAST, DARK, LIGHT, Colours, palette

__all__ = [
    "BEIT3_COLOUR",
    "DANGER_COLOUR",
    "FAVOURITE_COLOUR",
    "OPENCLIP_COLOUR",
    "SUCCESS_COLOUR",
    "WARNING_COLOUR",
    "ThemeName",
    "apply",
    "blended",
    "icon",
]

ThemeName = Literal["system", "light", "dark", "contrast"]

# Each stands out at least 3 : 1 from the light and from the dark background; the two encoders'
# differ for every kind of colour blindness.
OPENCLIP_COLOUR = QColor("#2f80d0")
BEIT3_COLOUR = QColor("#d9730d")
SUCCESS_COLOUR = QColor("#2e9e5b")
WARNING_COLOUR = QColor("#c77700")
DANGER_COLOUR = QColor("#d64545")
FAVOURITE_COLOUR = QColor("#e0446a")

STYLE = Path(__file__).resolve().parent.parent / "resources" / "style"


def apply(app: QApplication, name: ThemeName) -> None:
    """Give the whole program this look, at once.

    Args:
        app: the program.
        name: "system" follows the system's light or dark scheme and its wish for high contrast,
            also when they change later.
    """
    followers = [child for child in app.children() if isinstance(child, _Follower)]
    (followers[0] if followers else _Follower(app)).follow(name)


def blended(front: QColor, back: QColor, share: float) -> QColor:
    """The colour `share` (0 to 1) of the way from `back` to `front`."""
    red, green, blue = (
        a * share + b * (1 - share)
        for a, b in (
            (front.red(), back.red()),
            (front.green(), back.green()),
            (front.blue(), back.blue()),
        )
    )
    return QColor(round(red), round(green), round(blue))


class _Follower(QObject):
    """Keeps the program in the chosen theme while the system changes its own."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._name: ThemeName = "system"
        hints = app.styleHints()
        self._scheme = hints.colorScheme()
        self._contrast = Qt.ContrastPreference.NoPreference
        hints.colorSchemeChanged.connect(self._follow_scheme)
        if hasattr(hints, "accessibility"):  # from Qt 6.10 on
            self._contrast = hints.accessibility().contrastPreference()
            hints.accessibility().contrastPreferenceChanged.connect(self._follow_contrast)

    def follow(self, name: ThemeName) -> None:
        self._name = name
        schemes = {"system": Qt.ColorScheme.Unknown, "light": Qt.ColorScheme.Light}
        # Title bars and the system's own dialogs go by this.
        self._app.styleHints().setColorScheme(schemes.get(name, Qt.ColorScheme.Dark))
        self._restyle()

    def _follow_scheme(self, scheme: Qt.ColorScheme) -> None:
        self._scheme = scheme
        self._restyle()

    def _follow_contrast(self, contrast: Qt.ContrastPreference) -> None:
        self._contrast = contrast
        self._restyle()

    def _restyle(self) -> None:
        colours = self._colours()
        made = palette(colours)
        if self._app.styleSheet() and self._app.palette() == made:
            return
        self._app.setStyle("Fusion")
        self._app.setPalette(made)
        self._app.setStyleSheet(_style_sheet(colours, self._app.font().pointSizeF()))

    def _colours(self) -> Colours:
        if self._name != "system":
            return {"light": LIGHT, "dark": DARK, "contrast": CONTRAST}[self._name]
        if self._contrast == Qt.ContrastPreference.HighContrast:
            return CONTRAST
        return DARK if self._scheme == Qt.ColorScheme.Dark else LIGHT


def _style_sheet(colours: Colours, points: float) -> str:
    """The style sheet with this theme's colours and sizes that go by the system's font."""
    accent, base, text, faint = (
        QColor(colour) for colour in (colours.accent, colours.base, colours.text, colours.faint)
    )
    bold = colours is CONTRAST
    template = Template((STYLE / "window.qss").read_text("utf-8"))
    return template.substitute(
        {name: getattr(colours, name) for name in Colours.__slots__},
        style=STYLE.as_posix(),
        accent_soft=blended(accent, base, 0.3 if bold else 0.14).name(),
        accent_hover=blended(text, accent, 0.12).name(),
        handle=blended(faint, base, 0.6).name(),
        check="check-on-dark" if base.lightnessF() > 0.5 else "check-on-light",
        danger=blended(DANGER_COLOUR, text, 0.75).name(),
        groove=colours.hover if bold else colours.border,
        line="2px" if bold else "1px",
        dot="10px" if bold else "8px",
        round="10px" if bold else "9px",
        title_size=f"{points * 1.6:.1f}pt",
        heading_size=f"{points * 1.15:.1f}pt",
    )
