"""The programs of this desktop that open a kind of file, from its .desktop files."""

import configparser
import logging
import os
import shlex
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

logger = logging.getLogger(__name__)

_SECTION = "Desktop Entry"
_ALL_AT_ONCE = ("%F", "%U")
_ONE_AT_A_TIME = ("%f", "%u")
_ADDRESSES = ("%u", "%U")


@dataclass(frozen=True, slots=True)
class Program:
    """A program that opens files.

    Attributes:
        name: as the desktop shows it.
        command: its words; one of them may be %f, %F, %u or %U, in place of the files.
    """

    name: str
    command: tuple[str, ...]

    def commands_for(self, paths: Sequence[bytes]) -> list[list[str]]:
        """What to start: one command for all files, or one a file where it takes no more."""
        if any(word in _ALL_AT_ONCE for word in self.command):
            return [self._command_for(paths)]
        return [self._command_for([path]) for path in paths]

    def _command_for(self, paths: Sequence[bytes]) -> list[str]:
        places = (*_ALL_AT_ONCE, *_ONE_AT_A_TIME)
        command = self.command if set(self.command) & set(places) else (*self.command, "%f")
        words: list[str] = []
        for word in command:
            words += (
                [_told(path, word in _ADDRESSES) for path in paths] if word in places else [word]
            )
        return words


def programs_for(mime_type: str, language: str) -> list[Program]:
    """The installed programs that open this type of file, by name.

    Args:
        mime_type: such as "image/jpeg".
        language: such as "vi", for their names.
    """
    found: dict[str, Program | None] = {}
    for folder in _folders():
        for path in sorted(folder.rglob("*.desktop")):
            name = str(path.relative_to(folder))
            if name not in found:  # the user's own files take the place of the system's
                found[name] = _program(path, mime_type, language)
    return sorted((program for program in found.values() if program), key=lambda one: one.name)


def _folders() -> Iterator[Path]:
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    for folder in [home, *shared.split(":")]:
        if folder:
            yield Path(folder) / "applications"


def _program(path: Path, mime_type: str, language: str) -> Program | None:
    entry = _entry(path, mime_type)
    if mime_type not in entry.get("MimeType", "").split(";") or "Exec" not in entry:
        return None
    if "true" in (entry.get("NoDisplay"), entry.get("Hidden")):
        return None
    name = entry.get(f"Name[{language}]", entry.get("Name", path.stem))
    command = _words(entry["Exec"])
    if not command or shutil.which(entry.get("TryExec", command[0])) is None:
        return None
    return Program(name, command)


def _entry(path: Path, mime_type: str) -> dict[str, str]:
    parser = configparser.RawConfigParser(
        strict=False, delimiters=("=",), comment_prefixes=("#",), default_section=""
    )
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    try:
        text = path.read_text("utf-8")
        if mime_type in text:  # there are hundreds of these files, and to parse one takes long
            parser.read_string(text)
    except (OSError, ValueError, configparser.Error) as error:
        logger.warning("%s is left out of the programs: %s", path, error)
    return dict(parser[_SECTION]) if parser.has_section(_SECTION) else {}


def _words(line: str) -> tuple[str, ...]:
    try:
        words = shlex.split(line)
    except ValueError:  # a quotation mark without its other half
        return ()
    kept = (*_ALL_AT_ONCE, *_ONE_AT_A_TIME)
    # %i, %c and %k stand for the icon, the name and the file of the program itself.
    return tuple(word.replace("%%", "%") for word in words if word in kept or not _is_field(word))


def _is_field(word: str) -> bool:
    return len(word) == 2 and word[0] == "%" and word != "%%"


def _told(path: bytes, as_address: bool) -> str:
    # A name that is no UTF-8 cannot be told as text, but its address can.
    text = os.fsdecode(path)
    return Path(text).as_uri() if as_address or not _is_text(text) else text


def _is_text(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
