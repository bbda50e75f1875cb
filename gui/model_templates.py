"""What the engine says of checkpoints, translators and the model process."""

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
        "EngineSentence",
        "{path} is missing: it describes the text tower (config.json of the model that it comes"
        " from).",
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "{path} describes no text tower: {reason}"),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "The checkpoint {name} needs the tokenizer of its architecture ({file}): {architecture}"
        " has none of its own.",
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "The tokenizer {path} cannot be used: {file} is missing."),
    QT_TRANSLATE_NOOP("EngineSentence", "The tokenizer {path} cannot be read: {reason}"),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "The file {path} is a TorchScript archive, which holds a program beside its weights; it"
        " was not opened. OpenAI's weights come without one by name: anhoi models download "
        "ViT-B-32:openai",
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "The hub could not be asked for {name}: {reason}"),
    QT_TRANSLATE_NOOP("EngineSentence", "{repository} holds no {files}."),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "Photos cannot be prepared by “{way}”, as these weights need."
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{name} could not be converted: there may be too little memory. Close other programs "
        "and download again; what has arrived is kept.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{name} could not be converted: {reason}. Close other programs and download again.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{name} is no checkpoint of the {family} family: anhoi models list shows which are.",
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "{name} came with the program and cannot be removed."),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "{path} cannot be deleted: {reason}. Close Ảnh Ơi and try again."
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "The new models cannot be used, those in use stay: {reason}"
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{name} is in use or being prepared: choose other models before its embeddings are "
        "deleted.",
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "The index {path} cannot be deleted: {reason}."),
    QT_TRANSLATE_NOOP("EngineSentence", "{path} cannot be deleted: {reason}."),
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
    QT_TRANSLATE_NOOP("EngineSentence", "{path} holds the weights of another network."),
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
    QT_TRANSLATE_NOOP("EngineSentence", "OpenRAIL, of which kind its authors do not say"),
    QT_TRANSLATE_NOOP("EngineSentence", "see its source"),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "weights as the photos they were trained on: see README.md"
    ),
    # which models suit a machine
    QT_TRANSLATE_NOOP(
        "EngineSentence", "{name} needs {needed} MiB of memory; {there} can be given to it."
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{name} needs {needed} MiB of the graphics card's memory; {there} can be given to it.",
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "{name} needs {needed} MiB on the disk; {free} are free."),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "{name} finds photos with Vietnamese and English sentences."
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "{name} is thorough, and the graphics part is quick."),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{name} is the quickest that reads Vietnamese, for a machine with few processor cores.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "The starter checkpoint of OpenCLIP suits this machine. {reason}"
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "The starter checkpoint of BEiT3 suits this machine. {reason}"
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "The starter checkpoint of BEiT3 suits this machine."),
    QT_TRANSLATE_NOOP("EngineSentence", "Larger ones read English only."),
    QT_TRANSLATE_NOOP("EngineSentence", "{sentence} Larger ones read English only."),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "{name} reads English only: Vietnamese queries are translated for it."
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{name} puts the right photo first for {percent} % of the {language} captions of {data}.",
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "Vietnamese"),
    QT_TRANSLATE_NOOP("EngineSentence", "English"),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "How well {name} does in Vietnamese alone is not known here."
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "Embedding 1,000 photos takes about {minutes} min, by estimate."
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "There is no disk that {folder} could lie on."),
    # translation
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{name} does not know Vietnamese, and there is no translator: it is not asked with this"
        " text.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{name} does not know Vietnamese, and the text could not be translated: it is not "
        "asked. {reason}",
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "No encoder can be asked. {reason}"),
    QT_TRANSLATE_NOOP("EngineSentence", "The translator has no words for “{text}”."),
    QT_TRANSLATE_NOOP("EngineSentence", "There is no translator on this machine."),
    QT_TRANSLATE_NOOP("EngineSentence", "The model process dies whenever a text is translated."),
    QT_TRANSLATE_NOOP("EngineSentence", "The translator {name} cannot be loaded: {reason}."),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "The translator's weights do not fit: {tensor} is missing."
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "The translator's weights do not fit: {tensor} has no place in this network.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "The translator's vocabulary has {pieces} pieces where its network has {rows}.",
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "{folder} holds no translator that is known: {reason}"),
    QT_TRANSLATE_NOOP("EngineSentence", "{path} is no vocabulary that ends in <pad>."),
    QT_TRANSLATE_NOOP("EngineSentence", "{path} does not describe a translator: {reason}"),
)
