"""Curves over the steps of a training, drawn as SVG: axes, ticks, phases, gaps."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

COLOURS = 8  # the style sheet of a page has so many: classes c0 to c7; then they come again, dashed
_DOT = 8.0  # pixels from dot to dot; where readings lie closer, a line says it better
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 14.0, 24.0, 34.0  # margins around the plot, in pixels
_LETTER = 6.2  # mean width of one, in pixels, at the size the labels have


@dataclass(frozen=True, slots=True)
class Stretch:
    """One phase on the axis of steps: from `start` (not in it) to `end`, counted over all."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a curve has at a step (counted over all phases); NaN or infinite leaves a gap."""

    step: int
    value: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A line of a chart.

    Attributes:
        name: for the legend and the hints.
        readings: in the order of their steps.
        across: whether it goes on from phase to phase. What a phase measures by its own measure
            (a loss, a rate) is no one line with what another phase measures.
    """

    name: str
    readings: Sequence[Reading]
    across: bool


def chart(
    curves: Sequence[Curve], stretches: Sequence[Stretch], width: int, height: int, zero: bool
) -> str:
    """Draw curves on common axes.

    Args:
        curves: in the order of their colours.
        stretches: the phases, one after the other; at least one, which is not marked.
        width: of the picture, in pixels.
        height: likewise.
        zero: whether the vertical axis begins at 0.

    Returns:
        An `svg` element that is well-formed XML. Its colours are the classes of the page around
        it: c0 to c7, grid, axis, phase, boundary.
    """
    plot = _Plot.around(curves, stretches[-1].end, width, height, zero)
    parts = [
        f'<svg viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(", ".join(curve.name for curve in curves))}">',
        *(_phase(plot, *numbered) for numbered in enumerate(stretches) if len(stretches) > 1),
        *_axes(plot),
        *(_curve(plot, number, curve, stretches) for number, curve in enumerate(curves)),
        "</svg>",
    ]
    return "\n".join(parts)


def series_class(number: int) -> str:
    """The classes of a curve and of its sign in the legend."""
    return f"c{number % COLOURS}" + (" dashed" if number >= COLOURS else "")


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers from at or below `low` to at or above `high`.

    Args:
        low: finite.
        high: finite, above `low`.
        most: so many intervals at most, at least 2.

    Returns:
        At least two numbers, evenly spaced by 1, 2 or 5 times a power of ten.
    """
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    for step in (power * factor for factor in (1, 2, 5, 10, 20)):
        first, last = math.floor(low / step), math.ceil(high / step)
        if last - first <= most:
            break
    return [number * step for number in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where steps and values lie in the picture."""

    width: int
    height: int
    steps: int
    levels: Sequence[float]  # ticks of the vertical axis; the first and last are its ends

    @classmethod
    def around(
        cls, curves: Sequence[Curve], steps: int, width: int, height: int, zero: bool
    ) -> "_Plot":
        values = [
            reading.value
            for curve in curves
            for reading in curve.readings
            if math.isfinite(reading.value)
        ] or [0.0]
        low, high = min(values), max(values)
        low = min(0.0, low) if zero else low
        if high - low <= 1e-9 * abs(high):  # a flat line still needs an axis
            high = low + (abs(low) * 0.1 or 1.0)
        return cls(width, height, steps, ticks(low, high, max(2, height // 45)))

    def x(self, step: float) -> float:
        return _LEFT + (self.width - _LEFT - _RIGHT) * step / self.steps

    def y(self, value: float) -> float:
        low, high = self.levels[0], self.levels[-1]
        return self.bottom - (self.bottom - _TOP) * (value - low) / (high - low)

    @property
    def bottom(self) -> float:
        return self.height - _BOTTOM


def _phase(plot: _Plot, number: int, stretch: Stretch) -> str:
    """A band with the name above it, or as a hint where it is too narrow for its name."""
    left, right = plot.x(stretch.start), plot.x(stretch.end)
    name = escape(stretch.name)
    shade = "phase odd" if number % 2 else "phase"
    band = (
        f'<rect class="{shade}" x="{left:.1f}" y="{_TOP}" width="{right - left:.1f}" '
        f'height="{plot.bottom - _TOP}"><title>{name}</title></rect>'
    )
    if number:
        band += _line("boundary", left, _TOP - 14, left, plot.bottom)
    if len(stretch.name) * _LETTER + 8 <= right - left:
        band += f'<text class="phase" x="{left + 5:.1f}" y="{_TOP - 7}">{name}</text>'
    return band


def _axes(plot: _Plot) -> list[str]:
    parts = []
    for level in plot.levels:
        y = plot.y(level)
        parts.append(_line("grid", _LEFT, y, plot.width - _RIGHT, y))
        parts.append(f'<text x="{_LEFT - 7}" y="{y + 4:.1f}" class="level">{level:.6g}</text>')
    for step in _whole_ticks(plot):
        x = plot.x(step)
        parts.append(_line("axis", x, plot.bottom, x, plot.bottom + 4))
        parts.append(f'<text x="{x:.1f}" y="{plot.bottom + 17}" class="step">{step:,}</text>')
    parts.append(_line("axis", _LEFT, plot.bottom, plot.width - _RIGHT, plot.bottom))
    right = plot.width - _RIGHT
    parts.append(f'<text x="{right}" y="{plot.height - 4}" class="unit">steps</text>')
    return parts


def _whole_ticks(plot: _Plot) -> list[int]:
    most = max(2, round(plot.width / 90))
    found = ticks(0, plot.steps, most)
    return sorted({round(step) for step in found if step.is_integer() and step <= plot.steps})


def _line(css: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{css}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" />'


def _curve(plot: _Plot, number: int, curve: Curve, stretches: Sequence[Stretch]) -> str:
    """Lines between the gaps, with dots and hints where they have room."""
    parts = [f'<g class="{series_class(number)}">']
    for piece in _pieces(curve, stretches):
        points = [(plot.x(reading.step), plot.y(reading.value)) for reading in piece]
        parts.append(f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}" />')
        if points[-1][0] - points[0][0] >= _DOT * (len(points) - 1):
            parts += [_dot(plot, curve.name, reading) for reading in piece]
    return "\n".join([*parts, "</g>"])


def _dot(plot: _Plot, name: str, reading: Reading) -> str:
    hint = escape(f"{name} {reading.value:.4g}, step {reading.step:,}")
    x, y = plot.x(reading.step), plot.y(reading.value)
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"><title>{hint}</title></circle>'


def _pieces(curve: Curve, stretches: Sequence[Stretch]) -> list[list[Reading]]:
    """The parts of a curve that are drawn as one line each."""

    def piece(reading: Reading) -> tuple[int, bool]:
        before = 0 if curve.across else sum(s.end < reading.step for s in stretches)
        return before, math.isfinite(reading.value)

    return [list(part) for (_, finite), part in groupby(curve.readings, key=piece) if finite]
