"""The report of a training: one page with its settings, its curves and what came of it."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from types import MappingProxyType

from engine.errors import CheckpointError
from engine.files import replacing, writing_to
from engine.training.charts import Curve, Reading, Stretch, chart, series_class
from engine.training.history import Entry

_WIDE = (960, 320)  # pixels
_NARROW = (470, 230)
_RECALL = (
    "R@10 is how many of the validation captions find their photo among the first 10 of all "
    "validation photos, in percent; R@1, how many find it first."
)

# Colours that differ also for the colour-blind, for a light page and for a dark one.
_STYLE = """
:root { color-scheme: light dark; --page: #f9f9f7; --card: #fdfdfc; --ink: #141413;
  --soft: #5c5b57; --grid: #e5e4de; --axis: #b9b8b0; --shade: #f1f0ec;
  --c0: #2a78d6; --c1: #1baf7a; --c2: #eda100; --c3: #008300; --c4: #4a3aa7; --c5: #e34948;
  --c6: #e87ba4; --c7: #eb6834; }
@media (prefers-color-scheme: dark) { :root { --page: #121211; --card: #1b1b1a; --ink: #f4f4f1;
  --soft: #b9b8b1; --grid: #2e2e2b; --axis: #55544f; --shade: #232321;
  --c0: #3987e5; --c1: #199e70; --c2: #c98500; --c3: #3fa33f; --c4: #9085e9; --c5: #e66767;
  --c6: #d55181; --c7: #d95926; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.5rem 4rem; max-width: 64rem; background: var(--page);
  color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", "Noto Sans", sans-serif; }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 2.2rem 0 .8rem; font-size: 1.1rem; }
h3 { margin: 0 0 .4rem; font-size: .95rem; font-weight: 600; overflow-wrap: anywhere; }
p { margin: .3rem 0; color: var(--soft); }
.card { background: var(--card); border: 1px solid var(--grid); border-radius: 8px;
  padding: 1rem; overflow-x: auto; }
.grid { display: grid; gap: 1rem;
  grid-template-columns: repeat(auto-fill, minmax(min(22rem, 100%), 1fr)); }
.card + .card, p + .card { margin-top: .8rem; } .grid > .card { margin: 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .9rem .3rem 0; text-align: left; vertical-align: top;
  border-top: 1px solid var(--grid); overflow-wrap: anywhere; }
tr:first-child > * { border-top: 0; }
th { color: var(--soft); font-weight: 500; }
td.number, th.number { text-align: right; white-space: nowrap; }
.settings th { width: 30%; overflow-wrap: normal; }
.settings tr > :not(:first-child) { min-width: 6rem; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: 0 0 .5rem; padding: 0;
  list-style: none; font-size: .87rem; }
.legend svg { width: 22px; height: 8px; margin-right: .4rem; vertical-align: middle; }
svg { display: block; width: 100%; height: auto; font-size: 11.5px; }
.wide > svg { min-width: 52rem; }
@media (max-width: 34rem) { body { padding: 1rem .6rem 3rem; } .card { padding: .6rem; } }
 .legend svg { display: inline-block; }
svg text { fill: var(--soft); font-variant-numeric: tabular-nums; }
text.level, text.unit { text-anchor: end; } text.step { text-anchor: middle; }
line.grid { stroke: var(--grid); } line.axis { stroke: var(--axis); }
line.boundary { stroke: var(--axis); stroke-dasharray: 2 3; }
rect.phase { fill: transparent; } rect.phase.odd { fill: var(--shade); }
polyline { fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round; }
circle { fill: currentColor; } .dashed polyline { stroke-dasharray: 5 3; }
.c0 { color: var(--c0); } .c1 { color: var(--c1); } .c2 { color: var(--c2); }
.c3 { color: var(--c3); } .c4 { color: var(--c4); } .c5 { color: var(--c5); }
.c6 { color: var(--c6); } .c7 { color: var(--c7); }
"""


def write_report(
    path: Path,
    title: str,
    settings: Mapping[str, str],
    entries: Sequence[Entry],
    *,
    phases: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    before: Mapping[str, float] = MappingProxyType({}),
) -> None:
    """Write a page that needs nothing else: no script, no network, no other file.

    It is also well-formed XML, and the same for the same arguments.

    Args:
        path: replaced if it is there, whole or not at all.
        title: of the training.
        settings: value by name, in the order they are shown in.
        entries: the history so far; a report of a running training shows what there is.
        phases: settings of each phase by its name; one column each.
        before: recalls before the first step, by their names in the entries; empty where the
            network was a new one.

    Raises:
        CheckpointError: the page cannot be written; what was there stays.
    """
    course = _course(entries, before) if entries else ["<p>Nothing has been reported yet.</p>"]
    page = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8" />',
        '<meta name="viewport" content="width=device-width" />',
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
        f"<h1>{escape(title)}</h1>",
        *course,
        _settings(settings, phases),
        "</body>\n</html>\n",
    ]
    with writing_to(path, CheckpointError), replacing(path) as temporary:
        temporary.write_text("\n".join(page), "utf-8")


def _course(entries: Sequence[Entry], before: Mapping[str, float]) -> list[str]:
    """Everything that comes from the history."""
    stretches, steps = _on_one_axis(entries)
    recalls = _curves([0, *steps], [before, *(entry.recalls for entry in entries)], across=True)
    losses = _curves(steps, [_titled(entry.losses) for entry in entries], across=False)
    rates = _curves(
        steps, [{"Learning rate": entry.learning_rate} for entry in entries], across=False
    )
    parts = [_summary(entries[-1], stretches), _final(recalls, losses, before)]
    if recalls:
        parts.append(f"<h2>Recall on the validation photos (%)</h2>\n<p>{_RECALL}</p>")
        picture = chart(recalls, stretches, *_WIDE, zero=True)
        parts.append(f'<div class="card wide">{_legend(recalls)}{picture}</div>')
    pictures = {c.name: chart([c], stretches, *_NARROW, zero=False) for c in losses}
    pictures["Learning rate"] = chart(rates, stretches, *_NARROW, zero=True)
    parts.append('<h2>Losses and learning rate</h2>\n<div class="grid">')
    for name, picture in pictures.items():
        parts.append(f'<div class="card"><h3>{escape(name)}</h3>{picture}</div>')
    parts.append("</div>")
    if len(stretches) > 1:
        parts.append(_phases(entries, steps, stretches))
    return parts


def _on_one_axis(entries: Sequence[Entry]) -> tuple[list[Stretch], list[int]]:
    """The phases one after the other, and each entry's step counted over all of them."""
    stretches: list[Stretch] = []
    steps: list[int] = []
    for number, entry in enumerate(entries):
        before = entries[number - 1] if number else None
        if before is None or entry.phase != before.phase or entry.step <= before.step:
            end = steps[-1] if steps else 0
            stretches.append(Stretch(_capital(entry.phase), end, end))
        stretches[-1] = replace(stretches[-1], end=stretches[-1].start + entry.step)
        steps.append(stretches[-1].end)
    return stretches, steps


def _curves(
    steps: Sequence[int], values: Sequence[Mapping[str, float]], across: bool
) -> list[Curve]:
    """One for each name, in the order of first appearance."""
    readings: dict[str, list[Reading]] = {}
    for step, by_name in zip(steps, values, strict=True):
        for name, value in by_name.items():
            readings.setdefault(name, []).append(Reading(step, value))
    return [Curve(name, tuple(found), across) for name, found in readings.items()]


def _summary(last: Entry, stretches: Sequence[Stretch]) -> str:
    of = f" of “{escape(stretches[-1].name)}”" if len(stretches) > 1 else ""
    where = f", so far to step {last.step:,} of {last.steps:,}{of}"
    return (
        f"<p>{stretches[-1].end:,} steps in {_duration(last.seconds)}"
        f"{where if last.step < last.steps else ''}.</p>"
    )


def _final(recalls: Sequence[Curve], losses: Sequence[Curve], before: Mapping[str, float]) -> str:
    """The last figure of every curve beside its best, and beside that before the training."""
    at_first = [[f"{before[c.name]:.1f}" if c.name in before else ""] for c in recalls]
    rows = [
        ["", "Before", "Last", "Best", "At step"],
        *(
            [curve.name, *first, *_figures(curve, max, "{:.1f}")]
            for curve, first in zip(recalls, at_first, strict=True)
        ),
        *([curve.name, "", *_figures(curve, min, "{:.4g}")] for curve in losses),
    ]
    if not before:
        rows = [[name, *figures] for name, _, *figures in rows]
    cells = [_row("td" if number else "th", *row) for number, row in enumerate(rows)]
    return f'<h2>Figures</h2>\n<div class="card"><table>{"".join(cells)}</table></div>'


def _figures(curve: Curve, best_of: Callable[..., Reading], form: str) -> list[str]:
    """Of a curve: the last, the best, and where that is."""
    finite = [reading for reading in curve.readings if math.isfinite(reading.value)]
    last = form.format(curve.readings[-1].value)
    if not finite:
        return [last, "", ""]
    best = best_of(finite, key=lambda reading: reading.value)
    return [last, form.format(best.value), f"{best.step:,}"]


def _legend(curves: Sequence[Curve]) -> str:
    sign = '<svg viewBox="0 0 22 8"><polyline points="0,4 22,4" /></svg>'
    items = [
        f'<li><span class="{series_class(number)}">{sign}</span>{escape(curve.name)}</li>'
        for number, curve in enumerate(curves)
    ]
    return f'<ul class="legend">{"".join(items)}</ul>'


def _phases(entries: Sequence[Entry], steps: Sequence[int], stretches: Sequence[Stretch]) -> str:
    clock = {0: 0.0} | {step: e.seconds for step, e in zip(steps, entries, strict=True)}
    rows = [_row("th", "", "Steps", "Until step", "Time")]
    for stretch in stretches:
        length = f"{stretch.end - stretch.start:,}"
        time = _duration(clock[stretch.end] - clock[stretch.start])
        rows.append(_row("td", stretch.name, length, f"{stretch.end:,}", time))
    return f'<h2>Phases</h2>\n<div class="card"><table>{"".join(rows)}</table></div>'


def _settings(settings: Mapping[str, str], phases: Mapping[str, Mapping[str, str]]) -> str:
    """What holds for the whole training; then what each phase has, side by side."""
    if len(phases) == 1:
        settings, phases = {**settings, **next(iter(phases.values()))}, {}
    rows = [_cells("td", name, value) for name, value in settings.items()]
    tables = [f'<table class="settings">{"".join(rows)}</table>'] if rows else []
    if phases:
        names = dict.fromkeys(name for phase in phases.values() for name in phase)
        rows = [
            _cells("th", "", *map(_capital, phases)),
            *(_cells("td", n, *(phase.get(n, "–") for phase in phases.values())) for n in names),
        ]
        tables.append(f'<table class="settings">{"".join(rows)}</table>')
    cards = "\n".join(f'<div class="card">{table}</div>' for table in tables)
    return f"<h2>Settings</h2>\n{cards}"


def _cells(tag: str, name: str, *values: str) -> str:
    """A row of settings."""
    cells = "".join(f"<{tag}>{escape(value)}</{tag}>" for value in values)
    return f"<tr><th>{escape(_capital(name))}</th>{cells}</tr>"


def _titled(by_name: Mapping[str, float]) -> dict[str, float]:
    return {_capital(name): value for name, value in by_name.items()}


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _row(tag: str, name: str, *figures: str) -> str:
    cells = "".join(f'<{tag} class="number">{escape(figure)}</{tag}>' for figure in figures)
    return f"<tr><{tag}>{escape(name)}</{tag}>{cells}</tr>"


def _duration(seconds: float) -> str:
    """In the two units that matter: "2 h 05 min", "3 min 12 s", "41 s"."""
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60:
        return f"{minutes // 60:,} h {minutes % 60:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
