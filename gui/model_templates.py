"""What the engine says of checkpoints, downloads and the model process."""

from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP

MODEL_TEMPLATES: tuple[Any, ...] = (  # all str; PySide6 says object
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
)
