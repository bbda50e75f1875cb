"""Takes pictures of the program at work, over drawn scenes: those of the README, or of every page.

python -m tests.screenshots               the README's, into resources/screenshots
python -m tests.screenshots --all FOLDER  every page in both languages and all themes
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import get_args

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget

from engine.cli.scenes import draw_scenes
from engine.search.composing import Wish
from engine.search.query import normalise_text
from gui.application import Program
from gui.main_window import MainWindow
from gui.settings import Settings, SettingsFile
from gui.settings_dialog import SettingsDialog
from gui.theme import ThemeName
from tests.bench_window import until

README_FOLDER = Path(__file__).parents[1] / "resources" / "screenshots"
SIZE = QSize(1280, 800)
COPIES = 5  # of each scene, a little smaller each time, taken at different times
QUERY = "một con chó nâu trong tuyết"
Take = Callable[[QWidget, str], None]


def main() -> None:
    """Take the pictures that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="FOLDER")
    parsed = parser.parse_args()
    QApplication([])
    with tempfile.TemporaryDirectory(prefix="anhoi-") as folder:
        album = draw_album(Path(folder, "Ảnh nghỉ hè"))
        if parsed.all is None:
            take_for_readme(Path(folder), album)
        else:
            take_all(Path(folder), album, parsed.all)


def take_for_readme(folder: Path, album: Path) -> None:
    """Results and evaluation, in Vietnamese."""
    with program(folder, Settings(language="vi", theme="light", cell_side=176)) as window:
        fill(window, album)
        search(window, QUERY)
        take(window, README_FOLDER / "results.png")
        evaluate(window)
        take(window, README_FOLDER / "evaluation.png")
    with program(folder / "new", Settings(language="vi", theme="dark")) as window:
        take_welcome(window, README_FOLDER / "welcome.png")


def take_all(folder: Path, album: Path, target: Path) -> None:
    """Every page, as somebody who looks for faults wants to see it."""
    for language in ("vi", "en"):
        for theme in get_args(ThemeName)[1:]:
            name = f"{language}-{theme}"
            settings = Settings(language=language, theme=theme)
            with program(folder / f"new-{name}", settings) as window:
                take_welcome(window, target / f"{name}-welcome.png")
            with program(folder, settings) as window:
                take_pages(window, album, target, name)


def take_welcome(window: MainWindow, path: Path) -> None:
    """The first page of a new user."""
    until(lambda: window.pages.page == "welcome")
    rest(0.3)
    take(window, path)


def take_pages(window: MainWindow, album: Path, target: Path, name: str) -> None:
    """The pages of one window over the filled library."""
    fill(window, album)
    take(window, target / f"{name}-photos.png")
    search(window, QUERY)
    take(window, target / f"{name}-results.png")
    window.photos.grid.opened.emit(int(window.photos.model.ids_between(0, 5)[0]))
    rest(1.0)
    take(window.photos.viewer, target / f"{name}-viewer.png")
    window.photos.viewer.close()
    evaluate(window)
    take(window, target / f"{name}-evaluation.png")
    window.pages.turn_to("problems")
    take(window, target / f"{name}-problems.png")
    window.settings_wanted.emit()
    (dialog,) = window.findChildren(SettingsDialog)
    for row in range(dialog.list.count()):
        dialog.list.setCurrentRow(row)
        rest(0.3)
        take(dialog, target / f"{name}-settings-{row}.png")
    dialog.close()


def draw_album(album: Path) -> Path:
    """A folder of drawn scenes, with one file that is none."""
    album.mkdir(parents=True)
    for hour, (name, _, image) in enumerate(draw_scenes()):
        for copy in range(COPIES):
            path = album / f"{name}-{copy}.jpg"
            left, top = 3 * copy, 2 * copy
            image.crop((left, top, image.width, image.height)).save(path, quality=92)
            moment = 1_700_000_000 + 3600 * (24 * copy + hour)
            os.utime(path, (moment, moment))
    (album / "hỏng.jpg").write_bytes(b"\xff\xd8\xff half a photo")
    return album


@contextmanager
def program(folder: Path, settings: Settings) -> Iterator[MainWindow]:
    """The program over the library of this folder."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    folder.mkdir(exist_ok=True)
    file = SettingsFile(folder / "settings.json")
    file.save(replace(settings, search_history=()))
    started = Program(app, file, folder / "library")
    started.begin([])
    assert started.window is not None
    started.window.resize(SIZE)
    try:
        yield started.window
    finally:
        started.quit()


def fill(window: MainWindow, album: Path) -> None:
    """Add the album and wait until all of it can be searched."""
    window.take_in([os.fsencode(album)])
    wanted = len(list(album.iterdir())) - 1

    def is_embedded() -> bool:
        tools = window.session.tools
        return tools is not None and all(len(i) == wanted for i in tools.indexes.values())

    until(is_embedded)
    rest(1.0)


def search(window: MainWindow, text: str) -> None:
    """Show the results of a query, with its first photo in the details."""
    window.search_bar.set_wish(Wish(text))
    until(lambda: window.photos.model.found is not None)
    best = window.photos.model.ids_between(0, 5)[0]
    window.photos.grid.show_photo(int(best))
    rest(1.0)


def evaluate(window: MainWindow) -> None:
    """Mark the right photos of the scenes' captions, and evaluate them."""
    paths = {}
    ids = window.photos.model.ids_between(0, window.photos.model.rowCount() - 1)
    for photo in window.session.photos(ids):
        paths[os.path.basename(photo.shown_path)] = photo.id
    for name, caption, _ in draw_scenes():
        for copy in range(COPIES):
            if photo_id := paths.get(f"{name}-{copy}.jpg"):
                window.photos.marks.set_relevant(normalise_text(caption), photo_id, True)
    rest(0.5)
    window.pages.turn_to("evaluation")
    panel = window.evaluation
    assert panel is not None
    panel.start(None)
    until(lambda: panel._run is None)
    rest(1.0)


def rest(seconds: float) -> None:
    """Let the window come to rest."""
    import time

    end = time.monotonic() + seconds
    until(lambda: time.monotonic() > end)


def take(widget: QWidget, path: Path) -> None:
    """Save what a widget shows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    widget.grab().save(str(path))
    print(path)  # noqa: T201 - a script


if __name__ == "__main__":
    main()
