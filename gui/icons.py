"""The icons: line drawings that take their colour from the palette, whatever theme comes."""

from functools import cache, lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QImage,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from shiboken6 import isValid

ICONS = Path(__file__).resolve().parent.parent / "resources" / "icons"
KEPT = 512  # drawn icons: all that a window shows, in a few states and sizes

_clones: list[QIconEngine] = []

Tint = QColor | QPalette.ColorRole


def icon(name: str, tint: Tint = QPalette.ColorRole.ButtonText) -> QIcon:
    """The icon `resources/icons/NAME.svg`, which follows every change of theme.

    Args:
        name: of the file, without its ending.
        tint: a role of the palette, or a colour for all themes, such as
            `gui.theme.FAVOURITE_COLOUR`; what is disabled is faint in any case.

    Raises:
        FileNotFoundError: there is no such icon.
    """
    _drawing(name)
    return QIcon(_TintedIcon(name, tint))


class _TintedIcon(QIconEngine):
    """Draws an icon in the colour that the palette has at that moment."""

    def __init__(self, name: str, tint: Tint) -> None:
        super().__init__()
        self._name = name
        self._tint = tint

    def clone(self) -> QIconEngine:
        # Qt takes the copy over without a word to Python, which must not delete it meanwhile.
        copy = _TintedIcon(self._name, self._tint)
        _clones[:] = [copy, *filter(isValid, _clones)]
        return copy

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        scale = painter.device().devicePixelRatio()
        side = round(min(rect.width(), rect.height()) * scale)
        square = QRect(0, 0, round(side / scale), round(side / scale))
        square.moveCenter(rect.center())
        painter.drawImage(square, _image(self._name, side, self._colour(mode).name()))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        side = min(size.width(), size.height())
        return QPixmap.fromImage(_image(self._name, side, self._colour(mode).name()))

    def _colour(self, mode: QIcon.Mode) -> QColor:
        palette = QGuiApplication.palette()
        if mode == QIcon.Mode.Disabled:
            return palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
        return self._tint if isinstance(self._tint, QColor) else palette.color(self._tint)


@lru_cache(maxsize=KEPT)
def _image(name: str, side: int, colour: str) -> QImage:
    """A square drawing, `side` device pixels high; images outlive the application unharmed."""
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    tinted = _drawing(name).replace("currentColor", colour)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(tinted.encode())).render(painter)
    painter.end()
    return image


@cache
def _drawing(name: str) -> str:
    return (ICONS / f"{name}.svg").read_text("utf-8")
