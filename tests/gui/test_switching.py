"""Changing the pair of checkpoints while the window is open."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from pytestqt.qtbot import QtBot

from engine.errors import CheckpointError, LibraryError
from engine.inference.client import ModelProcess
from engine.inference.messages import Machine
from engine.inference.server import serve
from engine.library.library import Library
from engine.search.composing import Wish
from engine.search.fusion import Fusion
from engine.workspace import Pair, coming_pair, pair_in_use, remember_coming, remember_fusion
from gui.coming_pair import Coming, ComingPair, GivenUp, Ready
from gui.main_window import MainWindow
from gui.progress import Progress
from gui.searching import Found
from gui.session import Session
from gui.tasks import TaskRunner
from tests.engine.inference.serving import die, serve_troubled

MakePhoto = Callable[..., Path]
LONG = 60_000  # milliseconds
SECOND = {"openclip": "second-openclip", "beit3": "second-beit3"}
OWN = Fusion("minmax", (0.2, 0.8))


def serve_gated(*arguments: Any, machine: Machine) -> None:  # noqa: ANN401 - handed on
    """A model process that waits over photos that are named so."""
    serve_troubled(*arguments)


def serve_first_pair(*arguments: Any, machine: Machine) -> None:  # noqa: ANN401 - handed on
    """A model process that survives the first pair only."""
    if any(checkpoint.record.name in SECOND.values() for checkpoint in arguments[2]):
        die()
    serve(*arguments)


@pytest.fixture
def library_folder(
    library_folder: Path, second_pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A new library beside four checkpoints."""
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(second_pair[0].folder.parent))
    return library_folder


@pytest.fixture
def settled(qtbot: QtBot, session: Session, album: Path) -> Session:
    """A session whose ten photos are embedded by the first pair."""
    with qtbot.waitSignal(session.queue_emptied, timeout=LONG):
        session.add([os.fsencode(album)])
    return session


@pytest.fixture
def heard(settled: Session) -> list[Coming | None]:
    told: list[Coming | None] = []
    settled.pair_coming.connect(told.append)
    return told


@pytest.fixture
def troubled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gui.embedder.serve", serve_gated)


@pytest.fixture
def gated(qtbot: QtBot, session: Session, tmp_path: Path, make_photo: MakePhoto) -> Iterator[Path]:
    """A folder of 70 embedded photos; the 40th holds up whoever reads it while "open" is gone."""
    folder = tmp_path / "gated"
    for number in range(70):
        make_photo(folder / f"{number:03}{'gate' if number == 39 else ''}.png", number)
    (folder / "open").touch()
    with qtbot.waitSignal(session.queue_emptied, timeout=LONG):
        session.add([os.fsencode(folder)])
    for name in ("open", "reached"):
        (folder / name).unlink()
    yield folder
    (folder / "open").touch()


def keys(pair: Pair | None) -> list[str]:
    return [checkpoint.key for checkpoint in pair or ()]


def kept(session: Session, pair: Pair) -> list[int]:
    """How many embeddings there are by each checkpoint of a pair."""
    with Library.open_to_read(session.library_folder) as library:
        return [library.embeddings.count(checkpoint.key) for checkpoint in pair]


def test_a_pair_is_embedded_behind_the_scenes_and_then_in_use(
    qtbot: QtBot,
    settled: Session,
    heard: list[Coming | None],
    tiny_pair: Pair,
    second_pair: Pair,
    errors: list[Exception],
) -> None:
    shown: list[Progress] = []
    settled.progressed.connect(shown.append)
    before = settled.tools
    assert before is not None
    with qtbot.waitSignal(settled.pair_switched, timeout=LONG) as switched:
        settled.prepare_pair(SECOND)
    assert keys(settled.pair) == keys(second_pair)
    assert switched.args == [settled.tools]
    assert settled.tools is not None
    assert [len(index) for index in settled.tools.indexes.values()] == [10, 10]
    told = [coming for coming in heard if coming]
    assert (told[0].pair, told[0].done, told[0].total) == (second_pair, 0, 10)
    assert (told[-1].done, told[-1].total) == (10, 10)
    assert heard[-1] is None
    assert settled.coming is None
    assert "preparing" in [progress.phase for progress in shown]
    assert kept(settled, tiny_pair) == kept(settled, second_pair) == [10, 10]
    with Library.open_to_read(settled.library_folder) as library:
        assert pair_in_use(library) == second_pair
        assert coming_pair(library) is None
        assert (library.paths.indexes / f"{second_pair[0].key}.faiss").exists()
    qtbot.waitUntil(lambda: before.models._closed, timeout=LONG)
    assert not errors


def test_a_pair_that_is_embedded_already_is_in_use_at_once(
    qtbot: QtBot, settled: Session, tiny_pair: Pair
) -> None:
    with qtbot.waitSignal(settled.pair_switched, timeout=LONG):
        settled.prepare_pair(SECOND)
    first: dict[str, str] = {each.record.family: each.record.name for each in tiny_pair}
    with qtbot.waitSignal(settled.pair_switched, timeout=LONG):
        settled.prepare_pair(first)
    assert keys(settled.pair) == keys(tiny_pair)
    assert settled.tools is not None
    assert settled.tools.models._child is None  # no weights were needed


def test_a_checkpoint_of_both_pairs_is_embedded_once(
    qtbot: QtBot, settled: Session, tiny_pair: Pair, second_pair: Pair
) -> None:
    assert settled.tools is not None
    shared = settled.tools.indexes[tiny_pair[0].key]
    with Library.open_to_read(settled.library_folder) as library:
        before = library.embeddings.last_id()
    with qtbot.waitSignal(settled.pair_switched, timeout=LONG):
        settled.prepare_pair({"beit3": "second-beit3"})
    assert keys(settled.pair) == keys((tiny_pair[0], second_pair[1]))
    assert settled.tools.indexes[tiny_pair[0].key] is shared
    with Library.open_to_read(settled.library_folder) as library:
        assert library.embeddings.last_id() == before + 10


@pytest.mark.usefixtures("troubled")
def test_photos_that_come_meanwhile_are_first_found_by_the_pair_in_use(
    qtbot: QtBot,
    session: Session,
    gated: Path,
    make_photo: MakePhoto,
    tiny_pair: Pair,
    second_pair: Pair,
) -> None:
    order: list[str] = []
    session.pair_switched.connect(lambda _: order.append("switched"))
    session.photos_embedded.connect(lambda ids: order.append(f"embedded {len(ids)}"))
    session.prepare_pair(SECOND)
    qtbot.waitUntil((gated / "reached").exists, timeout=LONG)
    assert kept(session, second_pair) == [32, 32]  # the batch before this one is kept
    make_photo(gated / "new.png", 99)
    with qtbot.waitSignal(session.photos_added, timeout=LONG):
        pass
    (gated / "open").touch()
    qtbot.waitUntil(lambda: "switched" in order, timeout=LONG)
    assert order == ["embedded 1", "switched"]
    assert kept(session, tiny_pair) == kept(session, second_pair) == [71, 71]


@pytest.mark.usefixtures("troubled")
def test_preparing_is_paused_stopped_and_given_up_and_nothing_is_lost(
    qtbot: QtBot, session: Session, gated: Path, tiny_pair: Pair, second_pair: Pair
) -> None:
    shown: list[str] = []
    session.progressed.connect(lambda progress: shown.append(progress.phase))
    session.prepare_pair(SECOND)
    qtbot.waitUntil((gated / "reached").exists, timeout=LONG)
    session.pause()
    assert shown[-1] == "paused"
    session.cancel()
    (gated / "open").touch()
    qtbot.waitUntil(lambda: shown[-1] == "put off", timeout=LONG)
    assert kept(session, second_pair) == [64, 64]
    assert keys(session.pair) == keys(tiny_pair)
    session.give_up_coming()
    qtbot.waitUntil(lambda: shown[-1] == "idle", timeout=LONG)
    assert kept(session, second_pair) == [64, 64]
    assert keys(session.pair) == keys(tiny_pair)
    with Library.open_to_read(session.library_folder) as library:
        assert coming_pair(library) is None
    with qtbot.waitSignal(session.pair_switched, timeout=LONG):
        session.prepare_pair(SECOND)
    assert kept(session, second_pair) == [70, 70]


@pytest.mark.usefixtures("troubled")
def test_a_stopped_preparation_goes_on_when_it_is_wanted(
    qtbot: QtBot, session: Session, gated: Path, second_pair: Pair
) -> None:
    session.prepare_pair(SECOND)
    qtbot.waitUntil((gated / "reached").exists, timeout=LONG)
    session.cancel()
    (gated / "open").touch()
    qtbot.waitUntil(lambda: kept(session, second_pair) == [64, 64], timeout=LONG)
    with qtbot.waitSignal(session.pair_switched, timeout=LONG):
        session.resume()
    assert keys(session.pair) == keys(second_pair)


def test_preparing_goes_on_after_a_new_start_and_a_killed_process(
    qtbot: QtBot,
    library_folder: Path,
    tasks: TaskRunner,
    album: Path,
    second_pair: Pair,
    errors: list[Exception],
) -> None:
    with Library.open(library_folder) as library:
        remember_coming(library, SECOND)
    session = Session(library_folder, tasks, Machine())
    session.failed.connect(errors.append)

    def kill_once(coming: Coming | None) -> None:
        if coming and not coming.done:
            session.pair_coming.disconnect(kill_once)
            for child in psutil.Process().children():
                if "spawn_main" in " ".join(child.cmdline()):
                    child.send_signal(signal.SIGKILL)

    session.pair_coming.connect(kill_once)
    session.add([os.fsencode(album)])
    with qtbot.waitSignal(session.pair_switched, timeout=LONG):
        session.start()
    qtbot.waitUntil(lambda: kept(session, second_pair) == [10, 10], timeout=LONG)
    session.close()
    assert not errors


def test_a_pair_that_cannot_be_loaded_is_given_up_and_the_one_in_use_goes_on(
    qtbot: QtBot,
    settled: Session,
    heard: list[Coming | None],
    errors: list[Exception],
    second_pair: Pair,
    tiny_pair: Pair,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checkpoints = shutil.copytree(second_pair[0].folder.parent, tmp_path / "damaged")
    (checkpoints / "second-beit3" / "model.safetensors").write_bytes(b"nothing")
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(checkpoints))
    settled.prepare_pair(SECOND)
    qtbot.waitUntil(lambda: bool(errors), timeout=LONG)
    assert isinstance(errors[0], CheckpointError)
    assert "The new models cannot be used, those in use stay: " in str(errors[0])
    assert heard[-1] is None
    assert keys(settled.pair) == keys(tiny_pair)
    with Library.open_to_read(settled.library_folder) as library:
        assert coming_pair(library) is None
        assert settled.workspace(library).searcher.score_text("con chó").ids.size == 10


def test_a_pair_whose_process_dies_is_given_up(
    qtbot: QtBot,
    library_folder: Path,
    tasks: TaskRunner,
    album: Path,
    errors: list[Exception],
    tiny_pair: Pair,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gui.embedder.serve", serve_first_pair)
    session = Session(library_folder, tasks, Machine())
    session.failed.connect(errors.append)
    session.start()
    with qtbot.waitSignal(session.queue_emptied, timeout=LONG):
        session.add([os.fsencode(album)])
    restarts: list[int] = []
    session.restarted.connect(restarts.append)
    session.prepare_pair(SECOND)
    qtbot.waitUntil(lambda: bool(errors), timeout=LONG)
    assert "The model process dies over any photo" in str(errors[0])
    assert (keys(session.pair), restarts) == (keys(tiny_pair), [])
    session.close()


def test_a_pair_that_is_not_on_this_machine_is_told_of(
    qtbot: QtBot, settled: Session, errors: list[Exception], tiny_pair: Pair
) -> None:
    settled.prepare_pair({"openclip": "gone", "beit3": "second-beit3"})
    qtbot.waitUntil(lambda: bool(errors), timeout=LONG)
    assert "“gone”" in str(errors[0])
    assert keys(settled.pair) == keys(tiny_pair)


def test_photos_of_an_unplugged_drive_are_waited_for(
    qtbot: QtBot, settled: Session, heard: list[Coming | None], album: Path, second_pair: Pair
) -> None:
    shown: list[Progress] = []
    settled.progressed.connect(shown.append)
    shutil.move(album, album.with_name("elsewhere"))
    qtbot.waitUntil(lambda: [f.online for f in settled.folders] == [False], timeout=LONG)
    settled.prepare_pair(SECOND)
    qtbot.waitUntil(lambda: [p.phase for p in shown[-1:]] == ["waiting"], timeout=LONG)
    assert shown[-1].offline == 10
    assert heard[-1] == Coming(second_pair, 0, 10, offline=10)
    with qtbot.waitSignal(settled.pair_switched, timeout=LONG):
        shutil.move(album.with_name("elsewhere"), album)
    assert kept(settled, second_pair) == [10, 10]


def test_a_search_in_hand_is_answered_and_then_asked_again(
    qtbot: QtBot, filled: MainWindow, second_pair: Pair, errors: list[Exception]
) -> None:
    found: list[Found] = []
    filled.photos.search.found.connect(found.append)
    filled.photos.set_wish(Wish("con chó chạy"))
    qtbot.waitUntil(lambda: len(found) == 1, timeout=LONG)
    with qtbot.waitSignal(filled.session.pair_switched, timeout=LONG):
        filled.session.pair_switched.connect(lambda _: filled.photos.search.refresh())
        filled.session.prepare_pair(SECOND)
    before = len(found)
    qtbot.waitUntil(lambda: len(found) > before, timeout=LONG)
    qtbot.waitUntil(lambda: filled.photos.search._in_hand is None, timeout=LONG)
    with Library.open_to_read(filled.session.library_folder) as library:
        expected = filled.session.workspace(library).searcher.score(Wish("con chó chạy"))
    assert found[-1].scores.cosines.tolist() == expected.cosines.tolist()
    assert found[-1].scores.cosines.tolist() != found[0].scores.cosines.tolist()
    assert not errors


def test_the_fusion_of_the_new_pair_is_taken_over_and_that_of_the_old_one_kept(
    qtbot: QtBot, filled: MainWindow, tiny_pair: Pair, second_pair: Pair
) -> None:
    session, bar = filled.session, filled.photos.fusion_bar
    session.write(lambda library: remember_fusion(library, second_pair, OWN))
    chosen = Fusion("zscore", (0.9, 0.1))
    # Chosen a moment before: it is kept when the slider has rested, for the pair of that moment.
    session.pair_coming.connect(lambda coming: None if coming else bar.set_fusion(chosen))
    with qtbot.waitSignal(session.pair_switched, timeout=LONG):
        session.prepare_pair(SECOND)
    assert bar.fusion == OWN

    def settings() -> list[Fusion]:
        from engine.workspace import fusion_in_use

        with Library.open_to_read(session.library_folder) as library:
            return [fusion_in_use(library, pair) for pair in (tiny_pair, second_pair)]

    qtbot.waitUntil(lambda: settings()[1] == OWN, timeout=LONG)
    assert not bar.isHidden()


def test_embeddings_are_deleted_unless_they_are_in_use_or_to_come(
    qtbot: QtBot, settled: Session, errors: list[Exception], tiny_pair: Pair, second_pair: Pair
) -> None:
    with qtbot.waitSignal(settled.pair_switched, timeout=LONG):
        settled.prepare_pair(SECOND)
    done: list[bool] = []
    settled.forget_embeddings(tiny_pair[0].key, lambda: done.append(True))
    qtbot.waitUntil(lambda: bool(done), timeout=LONG)
    assert kept(settled, tiny_pair) == [0, 10]
    settled.forget_embeddings(second_pair[0].key)
    qtbot.waitUntil(lambda: bool(errors), timeout=LONG)
    assert isinstance(errors[0], LibraryError)
    assert "second-openclip is in use or being prepared" in str(errors[0])
    assert kept(settled, second_pair) == [10, 10]


def test_a_pair_that_fails_does_not_take_the_one_chosen_since_with_it(
    library_folder: Path, tiny_pair: Pair, second_pair: Pair
) -> None:
    tools = Ready(tiny_pair, None, {}, OWN, OWN)  # type: ignore[arg-type]
    newest = {"openclip": "tiny-openclip", "beit3": "second-beit3"}
    with Library.open(library_folder) as library:

        def fail(pair: Pair) -> ModelProcess:
            remember_coming(library, newest)
            raise CheckpointError("It is damaged.")

        remember_coming(library, SECOND)
        assert list(ComingPair(fail, lambda: False).steps(library, tools)) == [GivenUp()]
        assert keys(coming_pair(library)) == keys((tiny_pair[0], second_pair[1]))
