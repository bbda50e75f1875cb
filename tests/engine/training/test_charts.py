import math
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.training.charts import COLOURS, Curve, Reading, Stretch, chart, series_class, ticks

PHASES = (Stretch("feature", 0, 60), Stretch("contrastive", 60, 100))


def drawn(
    *curves: Curve, phases: tuple[Stretch, ...] = PHASES, zero: bool = False
) -> ElementTree.Element:
    return ElementTree.fromstring(chart(curves, phases, 400, 200, zero))


def curve(*readings: tuple[int, float], across: bool = False) -> Curve:
    return Curve("loss", [Reading(*reading) for reading in readings], across)


def lines(picture: ElementTree.Element) -> list[list[tuple[float, float]]]:
    """The points of each line, in pixels."""
    return [
        [
            (float(x), float(y))
            for x, y in (point.split(",") for point in line.get("points", "").split())
        ]
        for line in picture.iter("polyline")
    ]


def labelled(picture: ElementTree.Element, css: str, at: str) -> dict[float, float]:
    """Position in pixels by the value that an axis says."""
    return {
        float((text.text or "").replace(",", "")): float(text.get(at, ""))
        for text in picture.iter("text")
        if text.get("class") == css
    }


def test_a_point_lies_where_the_axes_say() -> None:
    picture = drawn(curve((50, 1.0), (100, 4.0), across=True), zero=True)
    [points] = lines(picture)
    steps, levels = labelled(picture, "step", "x"), labelled(picture, "level", "y")
    for (x, y), step, value in zip(points, (50, 100), (1, 4), strict=True):
        assert x == pytest.approx(steps[step], abs=0.1)
        assert y == pytest.approx(levels[value] - 4, abs=0.1)  # a label's base line is below it


def test_an_axis_holds_all_values_and_begins_at_zero_where_asked() -> None:
    values = curve((20, 7.3), (40, 5.1))
    assert min(labelled(drawn(values), "level", "y")) == 5
    assert min(labelled(drawn(values, zero=True), "level", "y")) == 0
    assert max(labelled(drawn(values), "level", "y")) >= 7.3


def test_a_line_stops_at_its_phase_unless_it_goes_across() -> None:
    readings = ((20, 1.0), (60, 2.0), (80, 3.0), (100, 4.0))
    assert [len(line) for line in lines(drawn(curve(*readings)))] == [2, 2]
    assert [len(line) for line in lines(drawn(curve(*readings, across=True)))] == [4]


@pytest.mark.parametrize("lost", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_leaves_a_gap(lost: float) -> None:
    picture = drawn(curve((10, 1.0), (20, 2.0), (30, lost), (40, 2.5), (50, 3.0)))
    assert [len(line) for line in lines(picture)] == [2, 2]
    assert max(labelled(picture, "level", "y")) < 10


def test_nothing_but_gaps_is_an_empty_chart() -> None:
    assert lines(drawn(curve((10, math.nan), (20, math.inf)))) == []


def test_a_flat_line_has_an_axis() -> None:
    for value in (0.0, 3.0, -3.0, 1e-7, 1e7):
        [[(_, y), _]] = lines(drawn(curve((10, value), (20, value))))
        assert 0 < y < 200


def test_few_readings_have_dots_with_hints_and_many_have_none() -> None:
    few = drawn(curve((20, 1.0), (40, 2.5)))
    hints = [dot.findtext("title") for dot in few.iter("circle")]
    assert hints == ["loss 1, step 20", "loss 2.5, step 40"]
    many = drawn(curve(*((step, 1.0 * step) for step in range(1, 60))))
    assert list(many.iter("circle")) == []


def test_a_reading_alone_can_be_seen() -> None:
    alone = drawn(curve((59, 1.0), (60, 2.0), (61, 3.0)))
    assert [dot.findtext("title") for dot in alone.iter("circle")] == ["loss 3, step 61"]


def test_phases_are_named_and_marked() -> None:
    picture = drawn(curve((20, 1.0)), phases=(*PHASES, Stretch("very short & sweet", 100, 101)))
    bands = [band for band in picture.iter("rect") if "phase" in band.get("class", "")]
    assert [band.findtext("title") for band in bands] == [
        "feature",
        "contrastive",
        "very short & sweet",
    ]
    written = [text.text for text in picture.iter("text") if text.get("class") == "phase"]
    assert written == ["feature", "contrastive"]  # the third has no room
    boundaries = [line for line in picture.iter("line") if line.get("class") == "boundary"]
    assert len(boundaries) == 2


def test_a_phase_alone_is_not_marked() -> None:
    picture = drawn(curve((20, 1.0)), phases=(Stretch("tuning", 0, 60),))
    assert not any("phase" in each.get("class", "") for each in picture.iter())


def test_more_curves_than_colours_can_be_told_apart() -> None:
    assert len({series_class(number) for number in range(2 * COLOURS)}) == 2 * COLOURS


@given(
    low=st.floats(-1e6, 1e6),
    span=st.floats(1e-3, 1e6),
    most=st.integers(2, 12),
)
def test_ticks_hold_the_range_in_even_round_steps(low: float, span: float, most: int) -> None:
    high = low + span
    found = ticks(low, high, most)
    step = found[1] - found[0]
    slack = 1e-6 * step + 1e-9 * abs(low)
    assert 2 <= len(found) <= most + 1
    assert low - step - slack <= found[0] <= low + slack
    assert high - slack <= found[-1] <= high + step + slack
    assert all(b - a == pytest.approx(step, abs=slack) for a, b in pairwise(found))
    leading = step / 10 ** math.floor(math.log10(step) + 1e-6)
    assert min(abs(leading - round_) for round_ in (1, 2, 5)) < 1e-3
