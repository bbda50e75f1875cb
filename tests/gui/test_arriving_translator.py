"""A translator that arrives while the window is open."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.inference.client import ModelProcess
from engine.library.library import Library
from engine.models.installed_translators import InstalledTranslator
from engine.search.composing import Wish
from engine.workspace import Pair
from gui.main_window import MainWindow
from gui.session import Session
from tests.engine.models.tiny_translators import LEARNT
from tests.gui.test_switching import serve_gated

MakePhoto = Callable[..., Path]
LONG = 60_000  # milliseconds
DOG = "con chó"
SECOND = {"openclip": "second-openclip", "beit3": "second-beit3"}


@pytest.fixture
def checkpoints(tmp_path: Path, second_pair: Pair) -> Path:
    """A folder with two pairs; one encoder of the first knows no Vietnamese."""
    folder = shutil.copytree(second_pair[0].folder.parent, tmp_path / "checkpoints")
    record = folder / "tiny-beit3" / "checkpoint.json"
    record.write_text(json.dumps(json.loads(record.read_text("utf-8")) | {"languages": ["en"]}))
    return folder


@pytest.fixture
def library_folder(
    library_folder: Path, checkpoints: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(checkpoints))
    return library_folder


@pytest.fixture
def arrive(checkpoints: Path, marian: InstalledTranslator) -> Callable[[Session], None]:
    """Puts a translator on this machine, and says so."""

    def arrive(session: Session) -> None:
        shutil.copytree(marian.folder, checkpoints / marian.record.name)
        session.use_translator()

    return arrive


def models_of(session: Session) -> ModelProcess:
    assert session.tools
    return session.tools.models


def test_the_present_query_is_asked_again_in_english(
    qtbot: QtBot,
    filled: MainWindow,
    arrive: Callable[[Session], None],
    errors: list[Exception],
) -> None:
    line, before = filled.search_bar.translation, models_of(filled.session)
    filled.search_bar.set_wish(Wish(DOG))
    qtbot.waitUntil(lambda: "no translator" in line.left_out.text(), timeout=LONG)
    arrive(filled.session)
    qtbot.waitUntil(lambda: line.field.text() == LEARNT[DOG], timeout=LONG)
    assert not line.left_out.text()
    qtbot.waitUntil(lambda: before._closed, timeout=LONG)
    with Library.open_to_read(filled.session.library_folder) as library:
        assert library.setting("beit3") == "tiny-beit3"
    assert not errors


def test_it_is_used_while_embedding_rests_which_goes_on_resting(
    qtbot: QtBot,
    session: Session,
    album: Path,
    make_photo: MakePhoto,
    arrive: Callable[[Session], None],
) -> None:
    done: list[int] = []
    session.queue_emptied.connect(done.append)
    with qtbot.waitSignal(session.queue_emptied, timeout=LONG):
        session.add([os.fsencode(album)])
    session.pause()
    with qtbot.waitSignal(session.photos_added, timeout=LONG):
        make_photo(album / "new.png", 99)
    with qtbot.waitSignal(session.translator_changed, timeout=LONG):
        arrive(session)
    assert models_of(session).translator is not None
    assert done == [10]
    with qtbot.waitSignal(session.queue_emptied, timeout=LONG):
        session.resume()
    assert done == [10, 1]


def test_a_pair_that_is_being_prepared_has_it_too(
    qtbot: QtBot,
    session: Session,
    album: Path,
    make_photo: MakePhoto,
    arrive: Callable[[Session], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gui.embedder.serve", serve_gated)
    make_photo(album / "gate.png", 99)
    (album / "open").touch()
    with qtbot.waitSignal(session.queue_emptied, timeout=LONG):
        session.add([os.fsencode(album)])
    for name in ("open", "reached"):
        (album / name).unlink(missing_ok=True)
    session.prepare_pair(SECOND)
    qtbot.waitUntil((album / "reached").exists, timeout=LONG)
    arrive(session)
    with qtbot.waitSignals([session.translator_changed, session.pair_switched], timeout=LONG):
        (album / "open").touch()
    assert models_of(session).translator is not None
