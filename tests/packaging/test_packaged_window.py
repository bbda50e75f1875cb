"""The frozen window: it takes folders in, is called by a second start, and ends without a word."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.errors import LibraryError
from engine.library.library import Library
from engine.workspace import pair_in_use
from tests.packaging.packaged import Packaged, has_screen, listing, screen, shown, xdotool

pytestmark = pytest.mark.packaged
QUERY = "một con chó nâu trong tuyết"
SECONDS = 120


def test_it_indexes_what_it_is_given_and_what_a_second_start_is_given(
    packaged: Packaged, scenes: Path, tmp_path: Path
) -> None:
    later = tmp_path / "của lần sau"
    later.mkdir()
    photo = next(scenes.iterdir())
    (later / "một.jpg").write_bytes(photo.read_bytes() + b"more")
    with window(packaged, scenes):
        comes_true(lambda: embedded(packaged.library) == len(list(scenes.iterdir())))
        second = packaged.run(later)
        assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
        comes_true(lambda: embedded(packaged.library) == len(list(scenes.iterdir())) + 1)


def test_nothing_is_written_but_where_the_user_has_it(packaged: Packaged) -> None:
    before = listing(packaged.folder)
    with window(packaged):
        pass
    assert listing(packaged.folder) == before
    assert not list(packaged.empty.iterdir())  # where it was started
    assert {path.name for path in packaged.home.iterdir()} <= {".local", ".config", ".cache"}


@pytest.mark.skipif(not has_screen(), reason="Xvfb and xdotool are not installed")
def test_what_is_typed_is_searched_for_and_remembered(packaged: Packaged, scenes: Path) -> None:
    with screen() as display, window(packaged, scenes, **display) as process:
        xdotool(display, "windowfocus", "--sync", shown(display))
        comes_true(lambda: embedded(packaged.library) == len(list(scenes.iterdir())))
        xdotool(display, "key", "ctrl+f")
        xdotool(display, "type", "--delay", "30", QUERY)
        xdotool(display, "key", "Return", "ctrl+q")  # the program hears them in this order
        assert process.wait(SECONDS) == 0
    settings = json.loads((packaged.home / ".config" / "anhoi" / "settings.json").read_text())
    assert settings["search_history"] == [QUERY]


@contextmanager
def window(
    packaged: Packaged, *paths: Path, **environment: str
) -> Iterator["subprocess.Popen[str]"]:
    """The window while it is open; then it is ended, and it has nothing to complain of."""
    process = packaged.start(*paths, **environment)
    try:
        comes_true((packaged.library / "library.sqlite").is_file)
        yield process
        if process.poll() is None:
            process.terminate()
        told, errors = process.communicate(timeout=SECONDS)
        assert process.returncode == 0
        assert (told, complaints(errors)) == ("", [])
    finally:
        process.kill()
        process.communicate()


def complaints(errors: str) -> list[str]:
    """What was written to the terminal; a screen without windows cannot put them in front."""
    return [line for line in errors.splitlines() if "This plugin does not support" not in line]


def embedded(folder: Path) -> int:
    """How many photos of a library both encoders have embedded."""
    try:
        with Library.open_to_read(folder) as library:
            counts = [
                library.embeddings.count(checkpoint.key) for checkpoint in pair_in_use(library)
            ]
    except LibraryError:
        return 0
    return min(counts)


def comes_true(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)
