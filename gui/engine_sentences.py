"""What the engine says, in the language of the window.

The engine knows no Qt and speaks English sentences with names and numbers in them. Here stands
each of them with {placeholders}, where the tools of the translators find it.
"""

import functools
import re
from typing import Any, NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale


def translated(sentence: str) -> str:
    """A sentence of the engine in the language of the window.

    What is put into it (a path, a reason) is translated where it is known too. Anything else,
    the words of the operating system say, comes back as it is.
    """
    for form in _forms():
        if match := form.pattern.fullmatch(sentence):
            values = {name: _value(text) for name, text in match.groupdict().items()}
            return QCoreApplication.translate("EngineSentence", form.template).format(**values)
    return sentence


class _Form(NamedTuple):
    template: str
    pattern: re.Pattern[str]


@functools.cache
def _forms() -> list[_Form]:
    """The sentences, those with the most words of their own first."""
    forms = [_Form(template, _pattern(template)) for template in TEMPLATES]
    return sorted(forms, key=lambda form: -len(re.sub(r"{\w+}", "", form.template)))


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"{(\w+)}", template)
    literals, names = parts[::2], parts[1::2]
    groups = [f"(?P<{name}>.*?)" for name in names] + [""]
    return re.compile(
        "".join(
            re.escape(literal) + group for literal, group in zip(literals, groups, strict=True)
        ),
        re.DOTALL,
    )


def _value(text: str) -> str:
    if re.fullmatch(r"\d{1,3}(,\d{3})+", text):
        return QLocale().toString(int(text.replace(",", "")))
    return translated(text)


TEMPLATES: tuple[Any, ...] = (  # all str; PySide6 says object
    # a photo
    QT_TRANSLATE_NOOP("EngineSentence", "The file is empty."),
    QT_TRANSLATE_NOOP("EngineSentence", "The file is cut off: only part of the picture is there."),
    QT_TRANSLATE_NOOP("EngineSentence", "The file is not a photo of a kind that can be read."),
    QT_TRANSLATE_NOOP("EngineSentence", "The file is no longer there."),
    QT_TRANSLATE_NOOP("EngineSentence", "The file cannot be read: {reason}."),
    QT_TRANSLATE_NOOP("EngineSentence", "There is no permission to read the file."),
    QT_TRANSLATE_NOOP("EngineSentence", "This is not an ordinary file."),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "The picture in the file is damaged and cannot be decoded."
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "The picture is too large to decode."),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "The picture is too large to decode: {width} x {height} pixels."
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "There is too little free memory to decode the picture."),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "There is too little free memory to decode the picture: it takes up to {size} MiB.",
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "The photo made the model process crash or hang."),
    # a folder
    QT_TRANSLATE_NOOP("EngineSentence", "There is no folder {folder}."),
    QT_TRANSLATE_NOOP("EngineSentence", "{path} is a file; name the folder it lies in."),
    QT_TRANSLATE_NOOP("EngineSentence", "The folder {folder} may not be read."),
    QT_TRANSLATE_NOOP("EngineSentence", "The folder could not be read: {reason}."),
    # the library
    QT_TRANSLATE_NOOP(
        "EngineSentence", "There is no library in {folder} yet; index a folder first."
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "The library {path} cannot be opened: {reason}."),
    QT_TRANSLATE_NOOP("EngineSentence", "The library cannot be kept in {folder}: {reason}."),
    QT_TRANSLATE_NOOP("EngineSentence", "The library could not be used: {reason}."),
    QT_TRANSLATE_NOOP("EngineSentence", "The library file {path} has been emptied."),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "The library file is damaged ({reason}); it is set aside at the next indexing.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "The library is in use by another program; try again in a moment."
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "The library cannot be written, please check its permissions ({reason})."
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "The disk is full: the library could not be written. Nothing in it was lost.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "The disk is full or does not answer ({reason}). Nothing was lost."
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "Another Ảnh Ơi is writing to the library in {folder}; wait for it or close it.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "{path} is from an older version; index once to bring it up."
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{path} was written by a newer version of Ảnh Ơi (schema {found}, this version knows "
        "{known}). Please update; the file was not touched.",
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "The thumbnails in {folder} cannot be written: {reason}."),
    QT_TRANSLATE_NOOP("EngineSentence", "The thumbnails in {folder} cannot be deleted: {reason}."),
    QT_TRANSLATE_NOOP("EngineSentence", "The index {path} is ahead of its library."),
    QT_TRANSLATE_NOOP("EngineSentence", "The index {path} cannot be read: {reason}."),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "The index {path} could not be written ({reason}); the library has lost nothing.",
    ),
    # a search
    QT_TRANSLATE_NOOP("EngineSentence", "The query is empty."),
    QT_TRANSLATE_NOOP("EngineSentence", "The query has no word in it."),
    QT_TRANSLATE_NOOP("EngineSentence", "The query holds a broken character."),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "The query only says what to avoid; say what to look for, too."
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "The photo is no longer in the library."),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "The query has {length} characters; at most {most} can be searched."
    ),
    # the model process
    QT_TRANSLATE_NOOP("EngineSentence", "The model process cannot be started: {reason}."),
    QT_TRANSLATE_NOOP("EngineSentence", "The model process dies whenever a text is encoded."),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "The model process dies over any photo; there may be too little memory, or the "
        "installation may be damaged.",
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "The model process was closed."),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "The encoders cannot run on {device}: this machine has none."
    ),
    # an evaluation
    QT_TRANSLATE_NOOP("EngineSentence", "None of the photos that {captions} names is in {folder}."),
    QT_TRANSLATE_NOOP("EngineSentence", "None of the captioned photos could be read."),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "At least two photos with captions are needed to choose weights."
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "No photo has been marked as the right one for a query yet."
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "At least two queries with different right photos must be marked."
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "{path}, line {line}: {reason}."),
    QT_TRANSLATE_NOOP("EngineSentence", "there is no caption in the file"),
    QT_TRANSLATE_NOOP("EngineSentence", "there is no caption after the names of the columns"),
    QT_TRANSLATE_NOOP("EngineSentence", "columns expected: {expected}, found: {found}"),
    QT_TRANSLATE_NOOP("EngineSentence", "the image has no name"),
    QT_TRANSLATE_NOOP("EngineSentence", "the caption is empty"),
    QT_TRANSLATE_NOOP("EngineSentence", "it is not UTF-8 text"),
    QT_TRANSLATE_NOOP("EngineSentence", "its quotes are not as in CSV ({reason})"),
    QT_TRANSLATE_NOOP("EngineSentence", "it is not JSON"),
    QT_TRANSLATE_NOOP("EngineSentence", "it is not a JSON object"),
    QT_TRANSLATE_NOOP("EngineSentence", "it lacks an image name or a caption"),
    QT_TRANSLATE_NOOP("EngineSentence", "it holds a broken character"),
    QT_TRANSLATE_NOOP("EngineSentence", "it has an empty list of captions"),
    # a checkpoint
    QT_TRANSLATE_NOOP(
        "EngineSentence", "There is no checkpoint “{name}”: anhoi models list shows all."
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "{name} is not downloaded yet: anhoi models download {same_name}"
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "“{name}” cannot name a checkpoint: small letters, digits, dots and hyphens only.",
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "{name} is here already: {folder}"),
    QT_TRANSLATE_NOOP("EngineSentence", "{path} does not describe a checkpoint: {reason}"),
    QT_TRANSLATE_NOOP("EngineSentence", "{path} does not describe an OpenCLIP model: {reason}"),
    QT_TRANSLATE_NOOP("EngineSentence", "{path} does not fit this encoder: {reason}"),
    QT_TRANSLATE_NOOP("EngineSentence", "The checkpoint {name} names no tokenizer."),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "The checkpoint {name} has the unknown architecture {architecture}."
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "The checkpoint {name} should take images of {side} pixels and give {dimension} "
        "numbers; its network takes {found_side} and gives {found_dimension}.",
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "The description {path} cannot be read: {reason}."),
    QT_TRANSLATE_NOOP("EngineSentence", "The description {path} is not a table of sizes."),
    QT_TRANSLATE_NOOP("EngineSentence", "The description of a BEiT3 network is wrong: {reason}."),
    QT_TRANSLATE_NOOP("EngineSentence", "A BEiT3 network cannot have {name} {value}."),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "A position table of shape {shape} is not that of a square image."
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "BEiT3 comes as base and large, not as “{architecture}”."),
    QT_TRANSLATE_NOOP("EngineSentence", "open_clip knows no architecture “{architecture}”."),
    QT_TRANSLATE_NOOP("EngineSentence", "open_clip knows no weights “{architecture}:{tag}”."),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "The OpenCLIP architecture “{architecture}” cannot be built: {reason}"
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "The tokenizer of “{architecture}” is not at hand: {reason}"
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "The tokenizer of {name} has {found} tokens; its network knows {known}."
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "The tokenizer {path} has {found} tokens; the network knows {known}."
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "The tokenizer {path} is damaged or not the one expected."),
    QT_TRANSLATE_NOOP("EngineSentence", "The tokenizer {path} is empty."),
    QT_TRANSLATE_NOOP("EngineSentence", "The tokenizer {path} is no SentencePiece model."),
    QT_TRANSLATE_NOOP("EngineSentence", "The tokenizer {path} cannot be read: {reason}."),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "The tokenizer {path} numbers its special pieces {found}, not {known}."
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "The tokenizer {path} holds {found} pieces where {wanted} are needed; it may be cut short.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "The file {path} is no weights file: its name ends in neither .safetensors nor {others}.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "The file {path} holds no weights: it is not a table of tensors."
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "The weights file {path} does not exist."),
    QT_TRANSLATE_NOOP("EngineSentence", "The weights file {path} does not fit: {reason}."),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "The weights file {path} is damaged or holds Python objects besides weights; it was "
        "not opened.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "The weights file {path} is damaged or incomplete, or memory ran out over it.",
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "The weights file {path} cannot be read: {reason}."),
    QT_TRANSLATE_NOOP("EngineSentence", "The weights file {path} cannot be written: {reason}."),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "weights as the photos they were trained on: see README.md"
    ),
    # a download
    QT_TRANSLATE_NOOP("EngineSentence", "“{name}” cannot be downloaded. Known are: {names}."),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "{name} is missing from {folder} and cannot be downloaded."
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "{url} cannot be fetched: only http and https addresses can."
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "{url} could not be fetched: {reason}."),
    QT_TRANSLATE_NOOP("EngineSentence", "{url} could not be fetched: {reason}"),
    QT_TRANSLATE_NOOP("EngineSentence", "{url} leads to {other_url}, which is not safe to fetch."),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "{url} does not say how long it is, so it may arrive cut short."
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "{url} broke off: {done} of {total} bytes arrived."),
    QT_TRANSLATE_NOOP("EngineSentence", "{needed} MiB are needed in {folder}, {free} are free."),
    QT_TRANSLATE_NOOP("EngineSentence", "the server cannot be reached ({reason})"),
    QT_TRANSLATE_NOOP("EngineSentence", "the server answered {answer}"),
    # any file
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{path} has {found} bytes where {wanted} are expected; it did not arrive whole.",
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "{path} is damaged: its SHA-256 is not the expected one."),
    QT_TRANSLATE_NOOP("EngineSentence", "{path} cannot be read: {reason}."),
    QT_TRANSLATE_NOOP("EngineSentence", "{path} cannot be read: {reason}"),
    QT_TRANSLATE_NOOP("EngineSentence", "{path} cannot be written: {reason}."),
    QT_TRANSLATE_NOOP("EngineSentence", "{path} cannot be written to: {reason}."),
    QT_TRANSLATE_NOOP("EngineSentence", "{path} cannot be made: {reason}."),
    QT_TRANSLATE_NOOP("EngineSentence", "{path}: {reason}"),
    # the operating system
    QT_TRANSLATE_NOOP("EngineSentence", "Permission denied"),
    QT_TRANSLATE_NOOP("EngineSentence", "No such file or directory"),
    QT_TRANSLATE_NOOP("EngineSentence", "Not a directory"),
    QT_TRANSLATE_NOOP("EngineSentence", "Is a directory"),
    QT_TRANSLATE_NOOP("EngineSentence", "No space left on device"),
    QT_TRANSLATE_NOOP("EngineSentence", "Read-only file system"),
    QT_TRANSLATE_NOOP("EngineSentence", "Input/output error"),
    QT_TRANSLATE_NOOP("EngineSentence", "Too many open files"),
    QT_TRANSLATE_NOOP("EngineSentence", "File name too long"),
    QT_TRANSLATE_NOOP("EngineSentence", "Connection refused"),
    QT_TRANSLATE_NOOP("EngineSentence", "timed out"),
)
