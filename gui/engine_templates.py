"""What the engine says of photos, folders, the library, searches, evaluations and files."""

from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP

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
    # an evaluation
    QT_TRANSLATE_NOOP(
        "EngineSentence", "No right photo of any query has been embedded by both pairs."
    ),
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
