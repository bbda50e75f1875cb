import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.search.fusion import NORMALISATIONS, Fusion
from gui.fusion_bar import CELL_SIDE, CELL_SIDES, FusionBar

DEFAULT = Fusion("zscore", (0.3, 0.7))
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def bar(qtbot: QtBot) -> FusionBar:
    bar = FusionBar(DEFAULT)
    qtbot.addWidget(bar)
    bar.resize(1248, 40)
    bar.show()
    return bar


@pytest.fixture
def changes(bar: FusionBar) -> list[tuple[str, Fusion]]:
    heard: list[tuple[str, Fusion]] = []
    bar.changed.connect(lambda mode, fusion: heard.append((mode, fusion)))
    return heard


def choose_normalisation(bar: FusionBar, key: str) -> None:
    next(action for action in bar.more.menu().actions() if action.data() == key).trigger()


def test_the_default_stands_at_first(bar: FusionBar) -> None:
    assert (bar.mode, bar.fusion, bar.order) == ("fused", DEFAULT, "relevance")
    assert bar.slider.value() == bar.slider.default == 70
    assert bar.value.text() == "0.3 : 0.7"


def test_every_step_of_the_slider_is_told(
    bar: FusionBar, changes: list[tuple[str, Fusion]]
) -> None:
    QTest.mousePress(bar.slider, LEFT, pos=QPoint(5, 12))
    for position in (40, 80):
        QTest.mouseMove(bar.slider, QPoint(position, 12))
    QTest.mouseRelease(bar.slider, LEFT, pos=QPoint(80, 12))
    weights = [fusion.weights[1] for _, fusion in changes]
    assert len(weights) == 3
    assert weights == sorted(weights)
    assert bar.value.text() == bar.slider.label()
    assert {mode for mode, _ in changes} == {"fused"}


def test_one_encoder_alone_has_no_weights(
    bar: FusionBar, changes: list[tuple[str, Fusion]]
) -> None:
    QTest.mouseClick(bar.modes.buttons["beit3"], LEFT)
    assert changes == [("beit3", DEFAULT)]
    assert not bar.slider.isEnabled()
    assert not bar.more.isEnabled()
    bar.set_mode("fused")
    assert bar.slider.isEnabled()


def test_every_normalisation_can_be_chosen(
    bar: FusionBar, changes: list[tuple[str, Fusion]]
) -> None:
    others = [key for key in NORMALISATIONS if key != "zscore"]
    for key in [*others, "zscore"]:
        choose_normalisation(bar, key)
    assert [fusion.normalisation for _, fusion in changes] == [*others, "zscore"]
    assert {fusion.weights for _, fusion in changes} == {(0.3, 0.7)}


def test_a_fusion_that_is_set_is_shown_told_once_and_kept_exactly(
    bar: FusionBar, changes: list[tuple[str, Fusion]]
) -> None:
    fusion = Fusion("rrf", (1.0, 2.0))
    bar.set_fusion(fusion)
    bar.set_fusion(fusion)
    assert changes == [("fused", fusion)]
    assert bar.slider.value() == 67
    assert [a.data() for a in bar.more.menu().actions() if a.isChecked()] == ["rrf"]


def test_another_default_is_taken_over_where_the_user_has_chosen_nothing(bar: FusionBar) -> None:
    other = Fusion("minmax", (0.5, 0.5))
    bar.set_default(other)
    assert bar.fusion == other
    assert bar.slider.default == 50


def test_what_the_user_has_chosen_outlives_another_default(bar: FusionBar) -> None:
    chosen = Fusion("zscore", (0.9, 0.1))
    bar.set_fusion(chosen)
    bar.set_default(Fusion("minmax", (0.5, 0.5)))
    assert bar.fusion == chosen
    bar.reset()
    assert bar.fusion == Fusion("minmax", (0.5, 0.5))


def test_a_double_click_on_the_slider_goes_back_to_the_default_weights(bar: FusionBar) -> None:
    bar.set_fusion(Fusion("rrf", (0.9, 0.1)))
    QTest.mouseDClick(bar.slider, LEFT, pos=QPoint(20, 12))
    assert bar.fusion == Fusion("rrf", (0.3, 0.7))


def test_the_order_is_told(qtbot: QtBot, bar: FusionBar) -> None:
    with qtbot.waitSignal(bar.order_changed) as changed:
        QTest.keyClick(bar.orders, Qt.Key.Key_Down)
    assert changed.args == ["date"]
    bar.set_order("relevance")
    assert bar.order == "relevance"


def test_the_size_of_the_photos_stays_within_bounds(bar: FusionBar) -> None:
    sides: list[int] = []
    bar.cell_side_changed.connect(sides.append)
    QTest.mouseClick(bar.larger, LEFT)
    bar.set_cell_side(10_000)
    bar.set_cell_side(1)
    QTest.mouseClick(bar.smaller, LEFT)
    assert sides[0] > CELL_SIDE
    assert sides[1:] == [CELL_SIDES[1], CELL_SIDES[0]]


def test_the_summary_gives_way_to_the_controls(bar: FusionBar) -> None:
    bar.show_summary("24 best of 4,310 photos · 31 ms " * 10)
    assert bar.summary.toolTip() == bar.summary.text()
    assert bar.minimumSizeHint().width() < 640


def test_a_narrow_bar_makes_two_rows_and_a_wide_one_a_single_row(
    qtbot: QtBot, bar: FusionBar
) -> None:
    def rows() -> int:
        tops = {
            bar.modes.mapTo(bar, QPoint(0, 0)).y() // 20,
            bar.orders.mapTo(bar, QPoint()).y() // 20,
        }
        return len(tops)

    qtbot.waitUntil(lambda: rows() == 1)
    bar.resize(700, 80)
    qtbot.waitUntil(lambda: rows() == 2)
    bar.resize(1248, 40)
    qtbot.waitUntil(lambda: rows() == 1)


def test_every_control_has_a_name(bar: FusionBar) -> None:
    controls = [bar.slider, bar.more, bar.orders, bar.smaller, bar.cells, bar.larger]
    assert all(control.accessibleName() for control in controls)


def test_only_results_can_be_sorted(bar: FusionBar) -> None:
    bar.set_searching(False)
    assert not bar.orders.isEnabled()
    bar.set_searching(True)
    assert bar.orders.isEnabled()
