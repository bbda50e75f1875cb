from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from gui.photos.photo_delegate import BAR_GAP, BAR_HEIGHT, PADDING, PhotoDelegate, cell_size
from gui.photos.photo_model import PhotoModel
from gui.photos.thumbnail_loader import ThumbnailLoader
from gui.theme import BEIT3_COLOUR, FAVOURITE_COLOUR, OPENCLIP_COLOUR
from tests.gui.photos.results import fill_library, make_found

MakePhoto = Callable[..., Path]
State = QStyle.StateFlag
CELL = QRect(0, 0, 216, 226)
PHOTO = 1  # the first row of results is a heading


@pytest.fixture
def library(tmp_path: Path, make_photo: MakePhoto) -> Path:
    sizes = [(320, 160), (160, 320), (30, 20)]
    for number, size in enumerate(sizes):
        make_photo(tmp_path / "album" / f"{number}.png", number, size)
    fill_library(tmp_path / "library", tmp_path / "album")
    return tmp_path / "library"


@pytest.fixture
def loader(qtbot: QtBot, library: Path) -> Iterator[ThumbnailLoader]:
    loader = ThumbnailLoader(library)
    for photo_id in (1, 2, 3):
        with qtbot.waitSignal(loader.ready):
            loader.request(photo_id)
    yield loader
    loader.close()


@pytest.fixture
def delegate(loader: ThumbnailLoader) -> PhotoDelegate:
    return PhotoDelegate(loader)


@pytest.fixture
def model(qapp: QApplication) -> PhotoModel:
    model = PhotoModel()
    model.show_found(make_found([1, 2, 3, 4, 5], 2, 4))
    return model


def option_for(state: QStyle.StateFlag = State.State_Enabled) -> QStyleOptionViewItem:
    option = QStyleOptionViewItem()
    option.rect = CELL
    option.state = state
    option.palette = QApplication.palette()
    option.font = QApplication.font()
    return option


def drawn(
    delegate: PhotoDelegate,
    index: QModelIndex,
    state: QStyle.StateFlag = State.State_Enabled,
    scale: int = 1,
) -> QImage:
    image = QImage(CELL.size() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(QApplication.palette().color(QPalette.ColorRole.Base))
    painter = QPainter(image)
    delegate.paint(painter, option_for(state), index)
    painter.end()
    return image


def pixels_of(image: QImage, colour: QColor) -> int:
    values = np.frombuffer(bytes(image.constBits()), np.uint32)
    return int(np.count_nonzero(values == colour.rgb()))


def coloured_area(image: QImage) -> QRect:
    """Where the picture lies: what is not the background, above the score bar."""
    values = np.frombuffer(bytes(image.constBits()), np.uint32).reshape(image.height(), -1)
    background = QApplication.palette().color(QPalette.ColorRole.Base).rgb()
    ys, xs = np.nonzero(values[: 200 + PADDING] != background)
    return QRect(int(xs.min()), int(ys.min()), int(np.ptp(xs)) + 1, int(np.ptp(ys)) + 1)


@pytest.mark.parametrize(
    ("row", "size"), [(1, QSize(200, 100)), (2, QSize(100, 200))], ids=["wide", "tall"]
)
def test_a_picture_is_shown_whole_in_the_middle_of_its_square(
    delegate: PhotoDelegate, model: PhotoModel, row: int, size: QSize
) -> None:
    area = coloured_area(drawn(delegate, model.index(row)))
    assert area.size() == size
    assert area.center() == QRect(PADDING, PADDING, 200, 200).center()


def test_a_tiny_picture_is_not_blown_up(delegate: PhotoDelegate, model: PhotoModel) -> None:
    index = model.index_of(3)
    assert coloured_area(drawn(delegate, index)).size() == QSize(60, 40)


def test_a_picture_uses_all_pixels_of_a_fine_screen(
    delegate: PhotoDelegate, model: PhotoModel
) -> None:
    fine = drawn(delegate, model.index(PHOTO), scale=2)
    coarse = drawn(delegate, model.index(PHOTO))
    blown_up = coarse.scaled(fine.size())
    fine.setDevicePixelRatio(1)
    assert fine.convertToFormat(blown_up.format()) != blown_up
    values = np.frombuffer(bytes(fine.constBits()), np.uint32).reshape(fine.height(), -1)
    pairs = values[216:, 100:300].reshape(fine.height() - 216, 100, 2)
    assert np.count_nonzero(pairs[:, :, 0] != pairs[:, :, 1]) > 1000


def test_the_corners_of_a_picture_are_round(delegate: PhotoDelegate, model: PhotoModel) -> None:
    image = drawn(delegate, model.index(PHOTO))
    base = QApplication.palette().color(QPalette.ColorRole.Base)
    area = coloured_area(image)
    assert image.pixelColor(area.topLeft()) == base
    assert image.pixelColor(area.center().x(), area.top()) != base


def test_the_score_bar_shows_each_encoders_share(
    delegate: PhotoDelegate, model: PhotoModel
) -> None:
    image = drawn(delegate, model.index(PHOTO))
    line = PADDING + 200 + BAR_GAP + BAR_HEIGHT // 2
    colours = [image.pixelColor(x, line) for x in range(PADDING, PADDING + 200)]
    assert colours.count(OPENCLIP_COLOUR) == pytest.approx(50, abs=3)
    assert colours.count(BEIT3_COLOUR) == pytest.approx(150, abs=3)
    middle = drawn(delegate, model.index_of(3))
    assert pixels_of(middle, OPENCLIP_COLOUR) == 0


def test_there_is_no_score_bar_while_browsing(delegate: PhotoDelegate, model: PhotoModel) -> None:
    model.show_photos(np.array([1]))
    assert pixels_of(drawn(delegate, model.index(0)), OPENCLIP_COLOUR) == 0
    assert cell_size(200, with_bars=True).below > cell_size(200, with_bars=False).below == 0


def test_a_photo_that_an_encoder_lacks_carries_its_colour(
    delegate: PhotoDelegate, model: PhotoModel
) -> None:
    found = make_found([1, 2, 3], 3, 3)
    found.ranking.cosines[1, 0] = np.nan
    model.show_found(found)
    image = drawn(delegate, model.index(PHOTO))
    ring = QRect(PADDING + 190, PADDING + 200, 10, 16)
    assert pixels_of(image.copy(ring), BEIT3_COLOUR) > 4


@pytest.mark.parametrize(
    "state",
    [State.State_Selected, State.State_MouseOver, State.State_HasFocus],
    ids=["selected", "pointed at", "current"],
)
def test_states_are_told_apart(
    delegate: PhotoDelegate, model: PhotoModel, state: QStyle.StateFlag
) -> None:
    plain = drawn(delegate, model.index(PHOTO))
    assert drawn(delegate, model.index(PHOTO), State.State_Enabled | state) != plain


def test_a_chosen_photo_has_a_ring_in_the_accent_colour(
    delegate: PhotoDelegate, model: PhotoModel
) -> None:
    image = drawn(delegate, model.index(PHOTO), State.State_Enabled | State.State_Selected)
    accent = QApplication.palette().color(QPalette.ColorRole.Accent)
    assert pixels_of(image, accent) > 600


def test_a_favourite_has_a_heart(delegate: PhotoDelegate, model: PhotoModel) -> None:
    assert pixels_of(drawn(delegate, model.index(PHOTO)), FAVOURITE_COLOUR) == 0
    model.set_favourites([1])
    assert pixels_of(drawn(delegate, model.index(PHOTO)), FAVOURITE_COLOUR) > 20


def test_a_vanished_photo_is_drawn_so(delegate: PhotoDelegate, model: PhotoModel) -> None:
    before = drawn(delegate, model.index(PHOTO))
    model.set_vanished([1])
    after = drawn(delegate, model.index(PHOTO))
    corner = QRect(PADDING + 4, PADDING + 60, 20, 20)  # of the picture, away from the words
    assert brightness(after.copy(corner)) != pytest.approx(brightness(before.copy(corner)), abs=5)


def brightness(image: QImage) -> float:
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    return float(np.frombuffer(bytes(grey.constBits()), np.uint8).mean())


def test_a_photo_off_line_carries_a_sign(delegate: PhotoDelegate, model: PhotoModel) -> None:
    before = drawn(delegate, model.index(PHOTO))
    model.set_offline([1])
    assert drawn(delegate, model.index(PHOTO)) != before


def test_a_picture_that_is_not_there_yet_is_wished_for(
    delegate: PhotoDelegate, model: PhotoModel, loader: ThumbnailLoader, qtbot: QtBot
) -> None:
    index = model.index_of(4)
    with qtbot.waitSignal(loader.vanished) as told:
        waiting = drawn(delegate, index)
    assert told.args == [4]
    assert coloured_area(waiting).size() == QSize(200, 200)


def test_a_photo_that_cannot_be_read_says_so(
    delegate: PhotoDelegate,
    model: PhotoModel,
    loader: ThumbnailLoader,
    library: Path,
    qtbot: QtBot,
) -> None:
    model.show_photos(np.array([4]))
    (library.parent / "album" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    assert fill_library(library, library.parent / "album")[-1] == 4
    waiting = drawn(delegate, model.index(0))
    qtbot.waitUntil(lambda: loader.failure(4) is not None)
    assert drawn(delegate, model.index(0)) != waiting


def test_the_number_of_a_burst_lies_on_its_picture(
    delegate: PhotoDelegate, model: PhotoModel
) -> None:
    assert delegate.burst_badge(option_for(), model.index(PHOTO)).isEmpty()
    before = drawn(delegate, model.index(PHOTO))
    model.show_found(make_found([1, 2, 3], 3, 3, bursts={1: (2,)}))
    badge = delegate.burst_badge(option_for(), model.index(PHOTO))
    assert coloured_area(before).contains(badge)
    folded = drawn(delegate, model.index(PHOTO))
    assert folded.copy(badge) != before.copy(badge)
    model.expand_burst(1)
    assert drawn(delegate, model.index(PHOTO)).copy(badge) != folded.copy(badge)


def test_headings_and_the_row_for_more_are_drawn(
    delegate: PhotoDelegate, model: PhotoModel
) -> None:
    blank = QImage(CELL.size(), QImage.Format.Format_RGB32)
    blank.fill(QApplication.palette().color(QPalette.ColorRole.Base))
    heading, more = drawn(delegate, model.index(0)), drawn(delegate, model.index(6))
    assert heading != blank
    assert more not in (blank, heading)
    assert drawn(delegate, model.index(6), State.State_HasFocus) != more


def test_dark_and_light_differ(
    delegate: PhotoDelegate, model: PhotoModel, qapp: QApplication
) -> None:
    light, before = drawn(delegate, model.index(0)), QApplication.palette()
    dark = QPalette(before)
    dark.setColor(QPalette.ColorRole.Base, QColor(Qt.GlobalColor.black))
    dark.setColor(QPalette.ColorRole.Text, QColor(Qt.GlobalColor.white))
    qapp.setPalette(dark)
    drawn_dark = drawn(delegate, model.index(0))
    qapp.setPalette(before)
    assert brightness(drawn_dark) < brightness(light)
