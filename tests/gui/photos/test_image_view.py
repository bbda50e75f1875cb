import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.photos.image_view import ImageView

VIEW = (400, 300)


def _picture(width: int, height: int) -> QImage:
    """Red at the left half, blue at the right."""
    picture = QImage(width, height, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    for x in range(width // 2, width):
        for y in range(height):
            picture.setPixelColor(x, y, QColor("blue"))
    return picture


@pytest.fixture
def view(qtbot: QtBot) -> ImageView:
    view = ImageView()
    qtbot.addWidget(view)
    view.resize(*VIEW)
    view.show()
    view.show_picture([_picture(200, 100)], 1600, 800)
    return view


def test_a_picture_is_fitted_at_first(view: ImageView) -> None:
    assert view.scale == 0.25
    assert view.is_fitting
    drawn = view.grab().toImage()
    assert drawn.pixelColor(50, 150) == QColor("red")
    assert drawn.pixelColor(350, 150) == QColor("blue")
    assert drawn.pixelColor(200, 20) not in (QColor("red"), QColor("blue"))


def test_a_small_picture_is_not_enlarged_to_fit(view: ImageView) -> None:
    view.show_picture([_picture(20, 10)], 20, 10)
    assert view.scale == 1.0


def test_a_fitted_picture_follows_the_window(view: ImageView) -> None:
    view.resize(800, 600)
    assert view.scale == 0.5


@pytest.mark.parametrize("point", [QPointF(10, 100), QPointF(390, 200), QPointF(200, 150)])
def test_zooming_keeps_the_place_under_the_mouse(view: ImageView, point: QPointF) -> None:
    view.zoom_to(0.5)
    before = view.picture_at(point)
    view.zoom_by(2.0, point)
    after = view.picture_at(point)
    assert (after - before).manhattanLength() < 1e-6
    assert view.scale == 1.0


def test_the_wheel_zooms_in_and_out(view: ImageView) -> None:
    def turn(units: int) -> None:
        point, nothing = QPointF(200, 150), QPoint()
        left, none = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.NoButton
        phase = Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(point, point, nothing, QPoint(0, units), none, left, phase, False)
        QApplication.sendEvent(view, event)

    turn(240)
    assert view.scale == pytest.approx(0.25 * 1.25**2)
    turn(-2400)
    assert view.is_fitting
    assert view.scale == 0.25


def test_it_is_never_smaller_than_fitted_nor_larger_than_sixteen_times(view: ImageView) -> None:
    view.zoom_to(0.01)
    assert view.scale == 0.25
    view.zoom_to(1000)
    assert view.scale == 16


def test_dragging_moves_the_picture_and_stops_at_its_edge(qtbot: QtBot, view: ImageView) -> None:
    view.zoom_to(1.0)
    assert view.centre.toTuple() == (800, 400)
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(view, left, pos=QPoint(100, 100))
    QTest.mouseMove(view, QPoint(150, 120))
    QTest.mouseRelease(view, left, pos=QPoint(150, 120))
    assert view.centre.toTuple() == (750, 380)
    view.move_by(QPointF(5000, 5000))
    assert view.centre.toTuple() == (200, 150)


def test_a_double_click_changes_between_all_and_full_size(qtbot: QtBot, view: ImageView) -> None:
    left = Qt.MouseButton.LeftButton
    QTest.mouseDClick(view, left, pos=QPoint(200, 150))
    assert view.scale == 1.0
    QTest.mouseDClick(view, left, pos=QPoint(200, 150))
    assert view.is_fitting


def test_detail_is_wanted_only_beyond_what_was_decoded(qtbot: QtBot, view: ImageView) -> None:
    view.show_picture([_picture(800, 400)], 1600, 800)
    with qtbot.assertNotEmitted(view.detail_wanted):
        view.zoom_to(0.5)
    with qtbot.waitSignal(view.detail_wanted):
        view.zoom_to(0.6)


def test_no_detail_is_wanted_of_what_is_there_in_full(qtbot: QtBot, view: ImageView) -> None:
    view.show_picture([_picture(200, 100)], 200, 100)
    with qtbot.assertNotEmitted(view.detail_wanted):
        view.zoom_to(8.0)


def test_sharpening_stays_at_the_same_place(view: ImageView) -> None:
    view.zoom_to(2.0, QPointF(100, 100))
    centre = view.centre
    view.sharpen([_picture(400, 200)], 1600, 800)
    assert (view.scale, view.centre) == (2.0, centre)


def test_a_picture_of_another_size_is_fitted_anew(view: ImageView) -> None:
    view.zoom_to(2.0)
    view.sharpen([_picture(100, 100)], 600, 600)
    assert view.is_fitting
    assert view.scale == 0.5


def test_pixels_are_exact_at_full_size(view: ImageView) -> None:
    picture = _picture(1000, 800)
    picture.setPixelColor(500, 400, QColor("lime"))
    view.show_picture([picture], 1000, 800)
    view.zoom_to(1.0)
    drawn = view.grab().toImage()
    assert drawn.pixelColor(200, 150) == QColor("lime")
    assert drawn.pixelColor(201, 150) == QColor("blue")


def test_nothing_is_drawn_after_clearing(view: ImageView) -> None:
    view.clear()
    assert view.grab().toImage().pixelColor(50, 150) != QColor("red")
