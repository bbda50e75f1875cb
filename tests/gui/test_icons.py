import gc

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from gui.icons import ICONS, icon
from gui.theme import FAVOURITE_COLOUR

ALL = sorted(path.stem for path in ICONS.glob("*.svg"))


def drawn(image: QImage) -> set[str]:
    """The opaque colours of an image."""
    places = [(x, y) for x in range(image.width()) for y in range(image.height())]
    pixels = (image.pixelColor(x, y) for x, y in places)
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


@pytest.mark.parametrize("name", ALL)
def test_every_icon_is_drawn_in_one_colour_and_inside_its_square(
    qapp: QApplication, name: str
) -> None:
    image = icon(name).pixmap(48, 48).toImage()
    assert image.size() == QSize(48, 48)
    colours = drawn(image)
    assert colours, "nothing is drawn"
    if name != "app":
        assert len(colours) == 1
        edge = [image.pixelColor(i, side).alpha() for i in range(48) for side in (0, 47)]
        assert max(edge) < 128


@pytest.mark.parametrize("name", ALL)
def test_every_line_drawing_takes_its_colour_from_the_theme(name: str) -> None:
    drawing = (ICONS / f"{name}.svg").read_text("utf-8")
    assert ("currentColor" in drawing) != (name == "app")
    assert "#" not in drawing or name == "app"


def test_an_icon_follows_a_change_of_the_palette(qapp: QApplication) -> None:
    before = qapp.palette()
    shown = icon("search")
    changed = QPalette(before)
    changed.setColor(QPalette.ColorRole.ButtonText, QColor("#12ab34"))
    try:
        qapp.setPalette(changed)
        assert drawn(shown.pixmap(48, 48).toImage()) == {"#12ab34"}
    finally:
        qapp.setPalette(before)


def test_what_is_disabled_is_faint(qapp: QApplication) -> None:
    group, role = QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText
    image = icon("search").pixmap(48, 48, QIcon.Mode.Disabled).toImage()
    assert drawn(image) == {qapp.palette().color(group, role).name()}


def test_an_icon_can_have_a_colour_of_its_own(qapp: QApplication) -> None:
    image = icon("heart-filled", FAVOURITE_COLOUR).pixmap(48, 48).toImage()
    assert drawn(image) == {FAVOURITE_COLOUR.name()}


def test_a_sharp_screen_gets_more_pixels(qapp: QApplication) -> None:
    pixmap = icon("search").pixmap(QSize(16, 16), 2.0)
    assert pixmap.size() == QSize(32, 32)
    assert pixmap.devicePixelRatio() == 2.0


def test_an_icon_is_painted_in_the_middle_at_the_screen_s_scale(qapp: QApplication) -> None:
    canvas = QImage(80, 40, QImage.Format.Format_ARGB32_Premultiplied)
    canvas.setDevicePixelRatio(2.0)
    canvas.fill(0)
    painter = QPainter(canvas)
    icon("pause").paint(painter, QRect(0, 0, 40, 20))
    painter.end()
    columns = [x for x in range(80) if any(canvas.pixelColor(x, y).alpha() for y in range(40))]
    assert min(columns) >= 24
    assert max(columns) <= 56
    assert abs((min(columns) + max(columns)) / 2 - 39.5) <= 1


def test_copies_of_an_icon_outlive_it(qtbot: QtBot) -> None:
    button = QToolButton()
    qtbot.addWidget(button)
    button.setIcon(QIcon(icon("search")))
    gc.collect()
    assert drawn(button.icon().pixmap(48, 48).toImage())


def test_a_copy_that_qt_detaches_lives_on(qapp: QApplication) -> None:
    first = icon("search")
    copies = [QIcon(first) for _ in range(50)]
    for copy in copies:
        copy.setIsMask(True)  # from here on it has an engine of its own
    del first
    gc.collect()
    for copy in copies:
        assert drawn(copy.pixmap(48, 48).toImage())


def test_a_name_without_a_drawing_is_a_mistake(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon")
