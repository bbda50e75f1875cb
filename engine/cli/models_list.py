"""`anhoi models list`: what exists, what is here, and what suits this machine."""

from collections.abc import Mapping

from engine.models.checkpoint import Checkpoint
from engine.models.checkpoints import CHECKPOINTS, DEFAULT_BEIT3, DEFAULT_OPENCLIP
from engine.models.installed import installed
from engine.models.installed_translators import installed_translators
from engine.models.machine import machine_facts
from engine.models.recommending import Recommendation, download_bytes, recommend
from engine.models.translators import TRANSLATORS
from engine.paths import checkpoints_folder

_MARKS = {"Crossmodal-3600": "x", "COCO": "c", "Flickr30k": "f"}
_OTHER = "*"
_NOTES = (
    "MiB: memory with both sides loaded. vi, en: % of Vietnamese and English captions that put "
    "their photo first",
    "(x Crossmodal-3600, c COCO, f Flickr30k, * another set; – not known). ~: by the number of "
    "its parameters.",
)


def show_list() -> None:
    """Print the table of checkpoints and a recommendation for this machine."""
    here = {checkpoint.record.name: checkpoint.record for checkpoint in installed()}
    records = {record.name: record for record in CHECKPOINTS} | here
    rows = [_HEADER, *(_row(record, record.name in here) for record in _in_order(records))]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print(_line(row, widths))
    for note in _NOTES:
        print(note)
    print(_translators())
    for line in _advice(recommend(machine_facts(checkpoints_folder()), here=here)):
        print(line)


_HEADER = ("name", "family", "here", "size", "MiB", "dim", "reads", "vi", "en", "licence")
_TO_THE_RIGHT = {"size", "MiB", "dim", "vi", "en"}


def _in_order(records: Mapping[str, Checkpoint]) -> list[Checkpoint]:
    """OpenCLIP first; within a family, those that read Vietnamese first."""
    return sorted(
        records.values(), key=lambda record: (record.family != "openclip", not record.knows("vi"))
    )


def _row(record: Checkpoint, here: bool) -> tuple[str, ...]:
    return (
        record.name,
        record.family,
        "yes" if here else "no",
        _size(record),
        f"{record.memory_mb:,}",
        str(record.dimension),
        ",".join(record.languages),
        _recall(record, "vi"),
        _recall(record, "en"),
        record.licence,
    )


def _size(record: Checkpoint) -> str:
    about = "" if record.weights.size else "~"
    return f"{about}{download_bytes(record) / 2**20:,.0f} MiB"


def _recall(record: Checkpoint, language: str) -> str:
    for recall in record.recalls:
        if (recall.language, recall.rank) == (language, 1):
            return f"{recall.percent:.1f}{_MARKS.get(recall.data, _OTHER)}"
    return "–"


def _translators() -> str:
    here = {translator.record.name for translator in installed_translators()}
    told = (
        f"{each.name} ({'here' if each.name in here else f'{each.download_mb:,} MB'})"
        for each in TRANSLATORS
    )
    return f"Translators, for checkpoints that read English only: {', '.join(told)}."


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    cells = [
        cell.rjust(width) if head in _TO_THE_RIGHT else cell.ljust(width)
        for head, cell, width in zip(_HEADER, row, widths, strict=True)
    ]
    return "  ".join(cells).rstrip()


def _advice(recommended: Recommendation) -> list[str]:
    openclip = recommended.openclip.name if recommended.openclip else DEFAULT_OPENCLIP
    beit3 = recommended.beit3.name if recommended.beit3 else DEFAULT_BEIT3
    return [f"Recommended for this machine: {openclip} with {beit3}.", *recommended.reasons]
