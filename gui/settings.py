"""What the user has chosen, kept in a file of its own: typed, validated, never in the way."""

import base64
import binascii
import json
import logging
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import platformdirs
from PySide6.QtCore import QCoreApplication

from engine.errors import FolderError
from engine.files import replacing
from engine.inference.messages import Device, Share
from engine.paths import APP_NAME
from engine.search.scores import Mode
from gui.engine_sentences import translated
from gui.language import Choice as LanguageChoice
from gui.theme import ThemeName

logger = logging.getLogger(__name__)

Precision = Literal["auto", "float32"]
SMALLEST_CELL, LARGEST_CELL = 96, 320  # pixels
SHORTEST_SLIDE, LONGEST_SLIDE = 1, 60  # seconds


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; each has a value to begin with.

    Attributes:
        language: of the window.
        theme: of the window.
        cell_side: of the grid, in pixels.
        mode: which encoders rank.
        hidden_files: whether hidden files and directories are looked through too.
        excluded_folders: absolute paths that are left out, as `os.fsdecode` gives them.
        device: where the encoders run.
        precision: "float32" for no lower one.
        machine_share: how much of the machine indexing may use.
        start_with_system: whether the program starts when the user logs in.
        keep_in_tray: whether it goes on in the tray when the window is closed.
        check_updates: whether new versions are looked for once a day.
        slideshow_seconds: for each photo.
        search_history: latest first.
        window_geometry: as Qt saves it, in base64; "" where there is none yet.
        library_folder: absolute; "" for the usual place.
        models_suggested: whether the user has been told that there are larger models.
    """

    language: LanguageChoice = "system"
    theme: ThemeName = "system"
    cell_side: int = 176
    mode: Mode = "fused"
    hidden_files: bool = False
    excluded_folders: tuple[str, ...] = ()
    device: Device = "auto"
    precision: Precision = "auto"
    machine_share: Share = "normal"
    start_with_system: bool = False
    keep_in_tray: bool = False
    check_updates: bool = False
    slideshow_seconds: int = 5
    search_history: tuple[str, ...] = ()
    window_geometry: str = ""
    library_folder: str = ""
    models_suggested: bool = False

    def __post_init__(self) -> None:
        wrong = [name for name, fits in _FITS.items() if not fits(getattr(self, name))]
        if wrong:
            raise ValueError(f"{', '.join(wrong)} cannot be right.")


def user_settings_file() -> Path:
    """Where this user's settings lie."""
    return Path(platformdirs.user_config_path(APP_NAME)) / "settings.json"


class SettingsFile:
    """The settings on the disk.

    Args:
        path: of the file; it need not be there yet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> tuple[Settings, str | None]:
        """Read the settings, whatever the file holds.

        Returns:
            The settings, and a sentence for the user where not all of it could be used: a value
            that cannot be right is back to its standard, a malformed file is set aside.
        """
        try:
            kept = json.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return Settings(), None
        except OSError as error:
            return Settings(), _unreadable(self.path, error)
        except (ValueError, RecursionError):
            return Settings(), self._set_aside()
        return _understood(kept) if isinstance(kept, dict) else (Settings(), self._set_aside())

    def save(self, settings: Settings) -> None:
        """Write the settings; a reader finds the old ones or these.

        Raises:
            FolderError: the disk is full or cannot be written to; the old ones are untouched.
        """
        text = json.dumps(asdict(settings), indent=2)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(self.path) as temporary:
                temporary.write_text(text + "\n", "utf-8")
        except OSError as error:
            sentence = QCoreApplication.translate(
                "Settings", "The settings cannot be kept in {path}: {reason}."
            )
            raise FolderError(sentence.format(path=self.path, reason=_reason(error))) from error

    def _set_aside(self) -> str:
        aside = self.path.with_name(f"{self.path.name}.broken")
        try:
            self.path.replace(aside)
        except OSError as error:
            return _unreadable(self.path, error)
        logger.warning("The settings were malformed and set aside as %s.", aside)
        return QCoreApplication.translate(
            "Settings",
            "The settings file was damaged. It was set aside as {path}; the standard settings are "
            "used.",
        ).format(path=aside)


def _understood(kept: dict[str, Any]) -> tuple[Settings, str | None]:
    """Take over each value that can be right; those of other versions are passed over."""
    values = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in kept.items()
        if name in _FITS
    }
    wrong = [name for name, value in values.items() if not _FITS[name](value)]
    right: dict[str, Any] = {name: values[name] for name in values if name not in wrong}
    return Settings(**right), _fallen_back(wrong) if wrong else None


def _fallen_back(names: list[str]) -> str:
    logger.warning("These settings could not be used: %s", ", ".join(names))
    sentence = QCoreApplication.translate(
        "Settings", "Some settings could not be used and are back to their standard: {names}."
    )
    titles = setting_titles()
    return sentence.format(names=", ".join(titles[name] for name in names))


def _unreadable(path: Path, error: OSError) -> str:
    logger.warning("The settings %s cannot be read: %s", path, error)
    sentence = QCoreApplication.translate(
        "Settings", "The settings {path} cannot be read ({reason}); the standard ones are used."
    )
    return sentence.format(path=path, reason=_reason(error))


def _reason(error: OSError) -> str:
    return translated(error.strerror or str(error))


def setting_titles() -> dict[str, str]:
    """What each setting is called in the window."""
    return {
        "language": QCoreApplication.translate("Settings", "Language"),
        "theme": QCoreApplication.translate("Settings", "Appearance"),
        "cell_side": QCoreApplication.translate("Settings", "Size of the photos"),
        "mode": QCoreApplication.translate("Settings", "Way of searching"),
        "hidden_files": QCoreApplication.translate("Settings", "Hidden files"),
        "excluded_folders": QCoreApplication.translate("Settings", "Excluded folders"),
        "device": QCoreApplication.translate("Settings", "Device"),
        "precision": QCoreApplication.translate("Settings", "Precision"),
        "machine_share": QCoreApplication.translate("Settings", "Share of the machine"),
        "start_with_system": QCoreApplication.translate("Settings", "Start with the system"),
        "keep_in_tray": QCoreApplication.translate("Settings", "Keep watching in the tray"),
        "check_updates": QCoreApplication.translate("Settings", "New versions"),
        "slideshow_seconds": QCoreApplication.translate("Settings", "Slideshow"),
        "search_history": QCoreApplication.translate("Settings", "Search history"),
        "window_geometry": QCoreApplication.translate("Settings", "Place of the window"),
        "library_folder": QCoreApplication.translate("Settings", "Place of the library"),
        "models_suggested": QCoreApplication.translate("Settings", "Hint at larger models"),
    }


def _is_one_of(choices: object) -> Callable[[object], bool]:
    known = get_args(choices)
    return lambda value: isinstance(value, str) and value in known


def _is_within(least: int, most: int) -> Callable[[object], bool]:
    # type() and not isinstance(): True is an int
    return lambda value: type(value) is int and least <= value <= most


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)


def _are_texts(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(text, str) for text in value)


def _is_path(value: object) -> bool:
    return isinstance(value, str) and os.path.isabs(value) and "\0" not in value


def _are_paths(value: object) -> bool:
    return isinstance(value, tuple) and all(_is_path(path) for path in value)


def _is_base64(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


_FITS: dict[str, Callable[[Any], bool]] = {
    "language": _is_one_of(LanguageChoice),
    "theme": _is_one_of(ThemeName),
    "cell_side": _is_within(SMALLEST_CELL, LARGEST_CELL),
    "mode": _is_one_of(Mode),
    "hidden_files": _is_bool,
    "excluded_folders": _are_paths,
    "device": _is_one_of(Device),
    "precision": _is_one_of(Precision),
    "machine_share": _is_one_of(Share),
    "start_with_system": _is_bool,
    "keep_in_tray": _is_bool,
    "check_updates": _is_bool,
    "slideshow_seconds": _is_within(SHORTEST_SLIDE, LONGEST_SLIDE),
    "search_history": _are_texts,
    "window_geometry": _is_base64,
    "library_folder": lambda value: value == "" or _is_path(value),
    "models_suggested": _is_bool,
}
