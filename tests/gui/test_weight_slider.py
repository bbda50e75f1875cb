import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.weight_slider import WeightSlider

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def slider(qtbot: QtBot) -> WeightSlider:
    slider = WeightSlider()
    qtbot.addWidget(slider)
    slider.resize(240, 32)
    slider.show()
    return slider


def test_the_ends_are_one_encoder_alone(slider: WeightSlider) -> None:
    slider.setValue(slider.minimum())
    assert slider.weights == (1.0, 0.0)
    slider.setValue(slider.maximum())
    assert slider.weights == (0.0, 1.0)


def test_only_the_ratio_of_the_weights_counts(slider: WeightSlider) -> None:
    slider.set_weights((3.0, 7.0))
    assert slider.weights == (0.3, 0.7)
    assert slider.label() == "0.3 : 0.7"


def test_a_click_goes_where_it_points(slider: WeightSlider) -> None:
    for position, expected in ((5, 0), (120, 50), (235, 100)):
        QTest.mouseClick(slider, LEFT, pos=QPoint(position, 16))
        assert slider.value() == pytest.approx(expected, abs=2)


def test_a_double_click_goes_to_the_default(slider: WeightSlider) -> None:
    slider.set_default((0.3, 0.7))
    slider.setValue(10)
    QTest.mouseDClick(slider, LEFT, pos=QPoint(20, 16))
    assert slider.weights == (0.3, 0.7)


def test_the_default_is_marked(slider: WeightSlider) -> None:
    slider.set_default((0.8, 0.2))
    marked = slider.grab().toImage()
    slider.set_default((0.2, 0.8))
    assert slider.grab().toImage() != marked


def test_the_keys_move_it(slider: WeightSlider) -> None:
    slider.setValue(50)
    QTest.keyClick(slider, Qt.Key.Key_Right)
    QTest.keyClick(slider, Qt.Key.Key_PageUp)
    assert slider.value() == 61
