"""The program's icon in the form that each system wants, drawn from resources/icons/app.svg.

python packaging/icons.py FOLDER    below FOLDER, as the icon theme hicolor of Linux has it
"""

import os
import shutil
import sys
from pathlib import Path

from PIL import Image

DRAWING = Path(__file__).resolve().parent.parent / "resources" / "icons" / "app.svg"
SIDE = 1024
LINUX_SIDES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
WINDOWS_SIDES = (16, 24, 32, 48, 64, 128, 256)


def made(folder: Path) -> str | None:
    """Make the icon of a program for this system.

    Returns:
        The file in `folder`; None where programs carry no icon.
    """
    if sys.platform == "win32":
        return str(windows_icon(folder / "app.ico"))
    if sys.platform == "darwin":
        return str(macos_icon(folder / "app.icns"))
    return None


def windows_icon(path: Path) -> Path:
    """Each size is drawn by itself: a large drawing made small is blurred."""
    largest, *others = (drawn(side, path.parent) for side in reversed(WINDOWS_SIDES))
    sizes = [(side, side) for side in WINDOWS_SIDES]
    largest.save(path, sizes=sizes, append_images=others)
    return path


def macos_icon(path: Path) -> Path:
    drawn(SIDE, path.parent).save(path)
    return path


def linux_icons(theme: Path) -> None:
    """Fill an icon theme's folders with the program's icon."""
    for side in LINUX_SIDES:
        folder = theme / f"{side}x{side}" / "apps"
        folder.mkdir(parents=True, exist_ok=True)
        drawn(side, folder).save(folder / "anhoi.png")
    scalable = theme / "scalable" / "apps"
    scalable.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(DRAWING, scalable / "anhoi.svg")


def drawn(side: int, folder: Path) -> Image.Image:
    """A square drawing, `side` pixels high; `folder` takes a file for a moment."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    canvas = QImage(side, side, QImage.Format.Format_ARGB32)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    QSvgRenderer(str(DRAWING)).render(painter)
    painter.end()
    folder.mkdir(parents=True, exist_ok=True)
    passing = folder / f"drawn-{side}.png"
    canvas.save(str(passing))
    with Image.open(passing) as image:
        image.load()
    passing.unlink()
    return image


if __name__ == "__main__":
    linux_icons(Path(sys.argv[1]))
