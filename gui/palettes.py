"""The window's colours, by theme, as Qt's palettes."""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette

_ROLE = QPalette.ColorRole


@dataclass(frozen=True, slots=True)
class Colours:
    """What a theme is painted with.

    Attributes:
        window: behind everything.
        base: behind lists and what is typed into.
        alternate: every other line of a table.
        button: what can be pressed.
        hover: what the mouse is over.
        border: lines around things.
        faint: lines that are looked for, such as handles.
        text: what is read.
        placeholder: hints; still legible.
        accent: what is chosen or recommended.
        on_accent: text on `accent`.
        disabled: text of what cannot be used now.
        link: text that leads somewhere.
        tip: behind a tool tip.
        on_tip: text on `tip`.
    """

    window: str
    base: str
    alternate: str
    button: str
    hover: str
    border: str
    faint: str
    text: str
    placeholder: str
    accent: str
    on_accent: str
    disabled: str
    link: str
    tip: str
    on_tip: str


LIGHT = Colours(
    window="#f4f5f6",
    base="#ffffff",
    alternate="#f7f8f9",
    button="#ffffff",
    hover="#e7eaec",
    border="#d2d7db",
    faint="#868f96",
    text="#1c2023",
    placeholder="#626b72",
    accent="#0b7781",
    on_accent="#ffffff",
    disabled="#9aa2a8",
    link="#0b6a73",
    tip="#23282b",
    on_tip="#f4f5f6",
)
DARK = Colours(
    window="#1c1e20",
    base="#151718",
    alternate="#191b1d",
    button="#2a2d30",
    hover="#33373a",
    border="#3b4044",
    faint="#838c93",
    text="#e7e9eb",
    placeholder="#9aa3aa",
    accent="#3fb5bf",
    on_accent="#06181a",
    disabled="#6b7379",
    link="#66cdd5",
    tip="#3a3f43",
    on_tip="#f0f2f3",
)
CONTRAST = Colours(
    window="#000000",
    base="#000000",
    alternate="#101010",
    button="#000000",
    hover="#333333",
    border="#ffffff",
    faint="#ffffff",
    text="#ffffff",
    placeholder="#d8d8d8",
    accent="#ffd83d",
    on_accent="#000000",
    disabled="#9a9a9a",
    link="#7fdcff",
    tip="#000000",
    on_tip="#ffffff",
)


def palette(colours: Colours) -> QPalette:
    """Qt's palette of a theme, for what is active, inactive and disabled."""
    made = QPalette()
    for role, colour in _by_role(colours).items():
        made.setColor(QPalette.ColorGroup.All, role, QColor(colour))
    for role in (_ROLE.WindowText, _ROLE.Text, _ROLE.ButtonText, _ROLE.PlaceholderText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.disabled))
    made.setColor(QPalette.ColorGroup.Disabled, _ROLE.Highlight, QColor(colours.border))
    made.setColor(QPalette.ColorGroup.Disabled, _ROLE.Accent, QColor(colours.border))
    made.setColor(QPalette.ColorGroup.Disabled, _ROLE.HighlightedText, QColor(colours.disabled))
    return made


def _by_role(colours: Colours) -> dict[QPalette.ColorRole, str]:
    return {
        _ROLE.Window: colours.window,
        _ROLE.WindowText: colours.text,
        _ROLE.Base: colours.base,
        _ROLE.AlternateBase: colours.alternate,
        _ROLE.Text: colours.text,
        _ROLE.PlaceholderText: colours.placeholder,
        _ROLE.Button: colours.button,
        _ROLE.ButtonText: colours.text,
        _ROLE.BrightText: colours.on_accent,
        _ROLE.Light: colours.base,
        _ROLE.Midlight: colours.hover,
        _ROLE.Mid: colours.border,
        _ROLE.Dark: colours.faint,
        _ROLE.Shadow: colours.border,
        _ROLE.Highlight: colours.accent,
        _ROLE.HighlightedText: colours.on_accent,
        _ROLE.Accent: colours.accent,
        _ROLE.Link: colours.link,
        _ROLE.LinkVisited: colours.link,
        _ROLE.ToolTipBase: colours.tip,
        _ROLE.ToolTipText: colours.on_tip,
    }
