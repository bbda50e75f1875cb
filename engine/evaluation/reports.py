"""The figures of an evaluation: shown as a table, kept as JSON or CSV."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.errors import FolderError
from engine.evaluation.metrics import FIGURES, Metrics
from engine.evaluation.sweep import Sweep
from engine.files import replacing
from engine.models.checkpoint import Family
from engine.search.fusion import Fusion

ENCODERS = ("openclip", "beit3")  # in the order of the scores
RANKINGS = (*ENCODERS, "fused")
_ROW_LABELS = {"openclip": "OpenCLIP", "beit3": "BEiT3", "fused": "fused"}
_COLUMN_LABELS = ("R@1", "R@5", "R@10", "mean", "median")


@dataclass(frozen=True, slots=True)
class Report:
    """What an evaluation found.

    Attributes:
        names: of the two checkpoints, OpenCLIP's first.
        fusion: the fusion that was evaluated.
        photos: how many each caption was searched among.
        text_to_image: metrics by ranking ("openclip", "beit3", "fused"); the queries are captions.
        image_to_text: likewise; the queries are the photos that have captions.
        sweep: what other weights would have given; None where they were not tried.
        left_out: by family, a sentence why that encoder was not asked: there are no figures of
            it, and the fused ones are those of the other encoder.
        translated: how many captions were translated for an encoder that lacks their language.
    """

    names: tuple[str, str]
    fusion: Fusion
    photos: int
    text_to_image: dict[str, Metrics]
    image_to_text: dict[str, Metrics]
    sweep: Sweep | None
    left_out: Mapping[Family, str] = field(default_factory=dict)
    translated: int = 0

    def summary(self) -> dict[str, Any]:
        """The text-to-image figures in the form the command line prints."""
        return {
            **{
                ranking: None if ranking in self.left_out else self.text_to_image[ranking].as_dict()
                for ranking in RANKINGS
            },
            "weights": _weights(self.fusion),
            "normalisation": self.fusion.normalisation,
            "queries": self.text_to_image["fused"].queries,
            "photos": self.photos,
            **self._words(),
        }

    def as_dict(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        return {
            "checkpoints": dict(zip(ENCODERS, self.names, strict=True)),
            **_fusion(self.fusion),
            "queries": self.text_to_image["fused"].queries,
            "photos": self.photos,
            "text_to_image": {name: _metrics(m) for name, m in self.text_to_image.items()},
            "image_to_text": {name: _metrics(m) for name, m in self.image_to_text.items()},
            "sweep": None if self.sweep is None else _sweep(self.sweep),
            **self._words(),
        }

    def _words(self) -> dict[str, Any]:
        """What is to be said of how the encoders were asked, where it is not as they stand."""
        told = {"translated": self.translated, "left_out": dict(self.left_out)}
        return {what: said for what, said in told.items() if said}


def table(report: Report) -> str:
    """Lay a report out for the terminal.

    Args:
        report: what was found.

    Returns:
        Aligned plain text without a line end after the last line; recall in percent, 95 %
        intervals in brackets.
    """
    parts = [
        f"OpenCLIP: {report.names[0]}\nBEiT3: {report.names[1]}\nfused: {report.fusion.label()}",
        *_notes(report),
        _block("Text to image", "captions", report.text_to_image),
        _block("Image to text", "photos", report.image_to_text),
    ]
    if report.sweep is not None:
        held_out = dict(
            zip(RANKINGS, (*report.sweep.held_out_alone, report.sweep.held_out), strict=True)
        )
        chosen = f"Best on one half of the photos: {report.sweep.chosen.label()}. On the other"
        parts.append(_block(chosen, "captions", held_out))
    return "\n\n".join(parts)


def _notes(report: Report) -> list[str]:
    """How the encoders were asked, where it is not with the captions as they stand."""
    lines = [f"No figures of {_ROW_LABELS[name]}: {why}" for name, why in report.left_out.items()]
    if report.translated:
        lines.append(
            f"{report.translated:,} captions were translated for what does not know Vietnamese."
        )
    return ["\n".join(lines)] if lines else []


def write_json(report: Report, path: Path) -> None:
    """Write everything a report holds as JSON, whole or not at all.

    Args:
        report: what was found.
        path: replaced if it is there.

    Raises:
        FolderError: the file cannot be written.
    """
    _write(path, json.dumps(report.as_dict(), ensure_ascii=False, indent=2) + "\n")


def write_csv(report: Report, path: Path) -> None:
    """Write the figures of a report as comma-separated values, whole or not at all.

    One line a direction and ranking; `_low` and `_high` are the ends of the 95 % interval.

    Args:
        report: what was found.
        path: replaced if it is there.

    Raises:
        FolderError: the file cannot be written.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    ends = [f"{name}{end}" for name in FIGURES for end in ("", "_low", "_high")]
    writer.writerow(["direction", "ranking", "queries", *ends])
    writer.writerows(_csv_rows("text_to_image", report.text_to_image))
    writer.writerows(_csv_rows("image_to_text", report.image_to_text))
    _write(path, text.getvalue())


def _weights(fusion: Fusion) -> dict[str, float]:
    return dict(zip(ENCODERS, fusion.weights, strict=True))


def _fusion(fusion: Fusion) -> dict[str, Any]:
    return {"normalisation": fusion.normalisation, "weights": _weights(fusion)}


def _metrics(metrics: Metrics) -> dict[str, Any]:
    return {
        **metrics.as_dict(),
        "queries": metrics.queries,
        "intervals": metrics.intervals_as_dict(),
    }


def _sweep(tried: Sweep) -> dict[str, Any]:
    alone = {name: _metrics(m) for name, m in zip(ENCODERS, tried.held_out_alone, strict=True)}
    return {
        "chosen": _fusion(tried.chosen),
        "tuning": _metrics(tried.tuning),
        "held_out": {**alone, "fused": _metrics(tried.held_out)},
        "rows": [{**_fusion(row.fusion), **row.metrics.as_dict()} for row in tried.rows],
    }


def _block(title: str, unit: str, metrics: dict[str, Metrics]) -> str:
    cells = [["", *_COLUMN_LABELS]]
    cells += [[_ROW_LABELS[name], *map(_cell, *_columns(found))] for name, found in metrics.items()]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in cells
    ]
    return "\n".join([f"{title}: {metrics['fused'].queries:,} {unit}", *lines])


def _columns(metrics: Metrics) -> tuple[list[float], list[list[float]]]:
    intervals = metrics.intervals_as_dict()
    return list(metrics.as_dict().values()), [intervals[name] for name in FIGURES]


def _cell(value: float, interval: list[float]) -> str:
    low, high = interval
    return f"{value:.1f} [{low:5.1f}, {high:5.1f}]"


def _csv_rows(direction: str, metrics: dict[str, Metrics]) -> Iterator[list[str | float]]:
    for ranking, found in metrics.items():
        values, intervals = _columns(found)
        figures = [
            number
            for value, ends in zip(values, intervals, strict=True)
            for number in (value, *ends)
        ]
        yield [direction, ranking, found.queries, *figures]


def _write(path: Path, text: str) -> None:
    try:
        with replacing(path) as temporary:
            temporary.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise FolderError(f"{path} cannot be written: {error.strerror or error}.") from error
