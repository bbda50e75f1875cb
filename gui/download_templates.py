"""What the engine says of downloads and of new versions."""

from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP

DOWNLOAD_TEMPLATES: tuple[Any, ...] = (  # all str; PySide6 says object
    # a download
    QT_TRANSLATE_NOOP("EngineSentence", "{url} cannot be fetched: {reason}."),
    QT_TRANSLATE_NOOP("EngineSentence", "{host} refuses the connection: try again later."),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "{host} is not found: check the connection to the internet."
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{host} does not answer: check the connection to the internet, or try later.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "{host} cannot be reached: check the connection to the internet."
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "{host} broke off the connection: try again later."),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{host} broke off the connection after {done} of {total} bytes. What has arrived is "
        "kept; download again to go on from there.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{host} broke off the connection after {done} bytes. What has arrived is kept; download"
        " again to go on from there.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "The certificate of {host} is not trusted ({reason}). Check the date of this machine; a"
        " company's own certificate has to be in its system.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "No secure connection to {host} can be made ({reason}); an antivirus program or the "
        "network may be in between.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "The proxy {proxy} cannot be used ({reason}): check the network settings."
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "The proxy {proxy} wants a user name and a password: check the network settings.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "{host} has too much to do (it answered {code}): try again later."
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{host} has too much to do (it answered {code}): try again in {minutes} minutes.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "{host} does not let everyone fetch {url} (it answered {code})."
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "{url} is not there any more (it answered {code}). Update Ảnh Ơi."
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "{url} could not be fetched: the server answered {code}."),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{repository} is only for those who accept its terms: do so on {hub}/{page}, set "
        "HF_TOKEN to your token, and download again.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{repository} is not on the hub, or not for everyone: if you may see it, set HF_TOKEN "
        "to your token, and download again.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "The hub does not accept your token (HF_TOKEN, or what “hf auth login” has kept): "
        "correct or remove it, and download again.",
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "{name} arrived empty: try again later, or update Ảnh Ơi."),
    QT_TRANSLATE_NOOP("EngineSentence", "{repository} holds no file {path}: update Ảnh Ơi."),
    QT_TRANSLATE_NOOP("EngineSentence", "{repository} has no revision {revision}: update Ảnh Ơi."),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{path} of {repository} is not in the Hugging Face cache, and HF_HUB_OFFLINE forbids to"
        " fetch it: unset it and download again.",
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "“{repository}” is no name of the Hugging Face hub."),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{url} answered with a web page instead of the file: the network may want a login. Open"
        " a browser, log in, and download again.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{url} offers {told} bytes where {size} are expected: it is another file by now. Update"
        " Ảnh Ơi.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{url} sent more than the {size} bytes that are expected; they were deleted. Update Ảnh"
        " Ơi.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "What came from {url} is damaged or another file (its SHA-256 is not the expected one);"
        " it was deleted. Try again later, or update Ảnh Ơi.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "{url} is another file by now (its SHA-256 says so). Update Ảnh Ơi."
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "{url} sends the file in another form ({form}) than the one asked for."
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "{host} sends another part than the one asked for."),
    QT_TRANSLATE_NOOP("EngineSentence", "{url} leads from address to address without end."),
    QT_TRANSLATE_NOOP("EngineSentence", "{first} Another address was tried as well: {second}"),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{needed} MiB are needed in {folder}, {free} are free: make room and download again.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "The disk is full: {path} could not be written to its end. What has arrived is kept; "
        "make room and download again to go on from there.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "The disk cannot hold a file as large as {path}; keep checkpoints on another one.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "{name} is being downloaded by another Ảnh Ơi; wait for it or close it."
    ),
    QT_TRANSLATE_NOOP("EngineSentence", "There is no file or folder {path}."),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "{name} is not in {folder}: copy it there, or download it."
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{path} is not the file that is wanted: it holds no weights, or is cut short.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{path} is not the file that is wanted: its SHA-256 is not the expected one.",
    ),
    QT_TRANSLATE_NOOP(
        "EngineSentence",
        "{path} is not the file that is wanted: it has {found} bytes where {size} are expected.",
    ),
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
    # new versions
    QT_TRANSLATE_NOOP("EngineSentence", "{address} does not tell of new versions: {reason}."),
    QT_TRANSLATE_NOOP("EngineSentence", "The project has no page yet that tells of new versions."),
    QT_TRANSLATE_NOOP(
        "EngineSentence", "What {address} tells of new versions cannot be understood."
    ),
)
