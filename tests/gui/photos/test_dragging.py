import numpy as np
from PySide6.QtGui import QColor, QImage, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from gui.photos.dragging import MOST_SHOWN, SIDE, STEP, files_to_drop, stack


def pixmap(colour: str, width: int, height: int) -> QPixmap:
    made = QPixmap(width, height)
    made.fill(QColor(colour))
    return made


def pixels_of(picture: QPixmap, colour: QColor) -> int:
    image = picture.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    values = np.frombuffer(bytes(image.constBits()), np.uint32)
    return int(np.count_nonzero(values == colour.rgba()))


def test_file_names_are_kept_byte_for_byte() -> None:
    mime = files_to_drop(["/ảnh/Tết 2023.jpg".encode(), b"/a/\xff%41.jpg"])
    assert [bytes(url.toEncoded().data()) for url in mime.urls()] == [
        b"file:///%E1%BA%A3nh/T%E1%BA%BFt%202023.jpg",
        b"file:///a/%FF%2541.jpg",
    ]
    assert mime.urls()[0].toLocalFile() == "/ảnh/Tết 2023.jpg"


def test_one_photo_is_dragged_as_itself(qapp: QApplication) -> None:
    picture = stack([pixmap("#804020", 320, 160)], 1, QPalette(), 1)
    assert pixels_of(picture, QColor("#804020")) == SIDE * SIDE // 2


def test_several_photos_are_a_stack_with_their_number(qapp: QApplication) -> None:
    palette = QApplication.palette()
    photos = [pixmap(colour, 100, 100) for colour in ("#ff0000", "#00ff00", "#0000ff", "#ffff00")]
    picture = stack(photos, 1234, palette, 1)
    shown = [pixels_of(picture, QColor(name)) > 0 for name in ("#00ff00", "#0000ff", "#ffff00")]
    assert shown == [True, True, False]
    assert pixels_of(picture, palette.color(QPalette.ColorRole.Highlight)) > 100


def test_it_is_as_fine_as_the_screen(qapp: QApplication) -> None:
    picture = stack([], 3, QPalette(), 2)
    assert picture.width() == 2 * (SIDE + STEP * (MOST_SHOWN - 1))
    assert picture.devicePixelRatio() == 2
