"""Captions from files, and the photos they describe."""

import csv
import io
import json
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from engine.errors import CaptionsError
from engine.search.query import normalise_text

T = TypeVar("T")

_IMAGE_KEYS = ("image", "image_filename", "filename", "file_name")
_TEXT_KEYS = ("caption", "captions", "text")
_DEFAULT_COLUMNS = (0, 1, 2)  # where the image stands, where the caption, how many columns
_Row = tuple[int, list[str]]  # line number, fields


@dataclass(frozen=True, slots=True)
class Caption:
    """One sentence about one image.

    Attributes:
        image: the image's name as the file has it, with or without folders.
        text: the sentence as the file has it; callers put it through `normalise_text`.
    """

    image: str
    text: str


@dataclass(frozen=True, slots=True)
class Matches(Generic[T]):
    """Captions joined to photos.

    Attributes:
        pairs: each caption whose photo was found, in the order of the captions.
        missing: image names for which there is no photo, each once.
        ambiguous: image names that fit several photos, each once.
    """

    pairs: list[tuple[Caption, T]]
    missing: list[str]
    ambiguous: list[str]


def read_captions(path: Path) -> list[Caption]:
    """Read a file of captions.

    Understood are `image<TAB>caption`, `image;caption` with quoted fields, and JSON lines (one
    object a line, its caption a string or a list of strings). The suffix decides which, the first
    line where the suffix does not say. A first row that names the columns is no caption; without
    one the image comes first.

    Args:
        path: UTF-8 with or without byte order mark, any line ends; blank lines do not count.

    Returns:
        The captions in the order of the file, at least one, texts as they stand there.

    Raises:
        CaptionsError: the file cannot be read, or a line of it is malformed or without a caption.
    """
    try:
        text = _decode(path)
        return _captions(text, _format(path.suffix.lower(), text))
    except _LineError as error:
        raise CaptionsError(f"{path.name}, line {error.line}: {error}.") from error


def match_images(captions: Iterable[Caption], available: Mapping[str, T]) -> Matches[T]:
    """Find the photo of each caption: by its relative path, else by a file name that is unique.

    Composed and decomposed Unicode names are alike, and so are backslash and slash.

    Args:
        captions: whose `image` is looked for.
        available: what is there, by path relative to the folder.

    Returns:
        The pairs, and the names that fit none or several.
    """
    by_path: dict[str, list[T]] = defaultdict(list)
    by_name: dict[str, list[T]] = defaultdict(list)
    for name, photo in available.items():
        by_path[_canonical(name)].append(photo)
        by_name[_file_name(name)].append(photo)
    matches: Matches[T] = Matches([], [], [])
    found: dict[str, list[T]] = {}
    for caption in captions:
        name = caption.image
        if name not in found:
            exact = [available[name]] if name in available else by_path.get(_canonical(name))
            found[name] = exact or by_name.get(_file_name(name), [])
            if len(found[name]) != 1:
                (matches.ambiguous if found[name] else matches.missing).append(name)
        if len(found[name]) == 1:
            matches.pairs.append((caption, found[name][0]))
    return matches


class _LineError(Exception):
    """What is wrong with one line; becomes a CaptionsError where the file is known."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def _decode(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CaptionsError(f"{path} cannot be read: {error.strerror or error}.") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _LineError(data[: error.start].count(b"\n") + 1, "it is not UTF-8 text") from error


def _format(suffix: str, text: str) -> Callable[[str], Iterator[_Row]]:
    by_suffix = {".jsonl": _json_rows, ".ndjson": _json_rows, ".tsv": _tab_rows, ".csv": _csv_rows}
    first = next((line for line in _lines(text) if line.strip()), "")
    if suffix == ".csv" and "\t" in first and ";" not in first:
        return _tab_rows
    if suffix in by_suffix:
        return by_suffix[suffix]
    if first.lstrip().startswith("{"):
        return _json_rows
    return _csv_rows if ";" in first and "\t" not in first else _tab_rows


def _lines(text: str) -> Iterable[str]:
    # Not str.splitlines: it also splits at characters that stand inside captions.
    return io.StringIO(text, newline=None)


def _captions(text: str, rows_of: Callable[[str], Iterator[_Row]]) -> list[Caption]:
    rows = rows_of(text)
    first = next(rows, None)
    if first is None:
        raise _LineError(1, "there is no caption in the file")
    columns = _columns(first[1])
    captions = [] if columns else [_caption(first, _DEFAULT_COLUMNS)]
    captions += [_caption(row, columns or _DEFAULT_COLUMNS) for row in rows]
    if not captions:
        raise _LineError(first[0], "there is no caption after the names of the columns")
    return captions


def _columns(fields: list[str]) -> tuple[int, int, int] | None:
    """Where image and caption stand, and how many columns there are; None for no header."""
    names = [field.strip().lower() for field in fields]
    image = next((i for i, name in enumerate(names) if name in _IMAGE_KEYS), None)
    text = next((i for i, name in enumerate(names) if name in _TEXT_KEYS), None)
    return None if image is None or text is None else (image, text, len(names))


def _caption(row: _Row, columns: tuple[int, int, int]) -> Caption:
    line, fields = row
    image, text, width = columns
    if len(fields) != width:
        raise _LineError(line, f"columns expected: {width}, found: {len(fields)}")
    if not fields[image].strip():
        raise _LineError(line, "the image has no name")
    if not normalise_text(fields[text]):
        raise _LineError(line, "the caption is empty")
    return Caption(fields[image].strip(), fields[text])


def _tab_rows(text: str) -> Iterator[_Row]:
    for number, line in enumerate(_lines(text), start=1):
        if line.strip():
            yield number, line.rstrip("\n").split("\t")


def _csv_rows(text: str) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    columns = None
    try:
        for fields in reader:
            if not any(field.strip() for field in fields):
                continue
            columns = columns or _columns(fields) or _DEFAULT_COLUMNS
            if columns == _DEFAULT_COLUMNS and len(fields) > 2:
                # A semicolon of the caption's own, not quoted: image names have none.
                fields = [fields[0], ";".join(fields[1:])]
            yield reader.line_num, fields
    except csv.Error as error:
        line = max(reader.line_num, 1)
        raise _LineError(line, f"its quotes are not as in CSV ({error})") from error


def _json_rows(text: str) -> Iterator[_Row]:
    for number, line in enumerate(_lines(text), start=1):
        if line.strip():
            yield from ((number, fields) for fields in _json_fields(number, line))


def _json_fields(number: int, line: str) -> Iterator[list[str]]:
    try:
        record: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _LineError(number, "it is not JSON") from error
    if not isinstance(record, dict):
        raise _LineError(number, "it is not a JSON object")
    image = next((record[key] for key in _IMAGE_KEYS if key in record), None)
    texts = next((record[key] for key in _TEXT_KEYS if key in record), None)
    texts = texts if isinstance(texts, list) else [texts]
    if not all(isinstance(field, str) for field in (image, *texts)):
        raise _LineError(number, "it lacks an image name or a caption")
    if any("\ud800" <= character <= "\udfff" for field in (image, *texts) for character in field):
        raise _LineError(number, "it holds a broken character")
    if not texts:
        raise _LineError(number, "it has an empty list of captions")
    yield from ([image, text] for text in texts)


def _canonical(name: str) -> str:
    return unicodedata.normalize("NFC", name).replace("\\", "/").removeprefix("./")


def _file_name(name: str) -> str:
    return _canonical(name).rpartition("/")[2]
