import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from engine.errors import FolderError, LibraryBusyError, LibraryError
from engine.indexing.selection import Selection
from engine.inference.messages import Machine
from engine.library.library import Library
from engine.library.schema import VERSION
from gui.progress import Progress
from gui.session import Session
from gui.tasks import TaskRunner

MakePhoto = Callable[..., Path]


def embedded(session: Session) -> int:
    """How many photos both encoders know."""
    if session.tools is None:
        return 0
    return min(len(index) for index in session.tools.indexes.values())


def names(session: Session) -> set[str]:
    with Library.open_to_read(session.library_folder) as library:
        photos = library.photos.get(library.photos.ids())
        return {os.path.basename(photo.shown_path) for photo in photos}


def settled(session: Session, photos: int) -> bool:
    return embedded(session) == photos and [f.photos for f in session.folders] == [photos]


@pytest.fixture
def progress(session: Session) -> list[Progress]:
    heard: list[Progress] = []
    session.progressed.connect(heard.append)
    return heard


def test_a_folder_is_added_and_embedded_and_then_followed(
    qtbot: QtBot,
    session: Session,
    album: Path,
    make_photo: MakePhoto,
    progress: list[Progress],
    errors: list[Exception],
) -> None:
    added: list[int] = []
    session.photos_added.connect(added.extend)
    with qtbot.waitSignal(session.queue_emptied, timeout=30_000) as emptied:
        session.add([os.fsencode(album)])
    assert emptied.args == [10]
    assert len(added) == 10
    qtbot.waitUntil(lambda: [f.waiting for f in session.folders] == [0], timeout=10_000)
    (folder,) = session.folders
    assert (folder.name, folder.online, folder.photos, folder.problems) == ("album", True, 10, 0)
    assert "embedding" in [step.phase for step in progress]
    assert progress[-1] == Progress()

    make_photo(album / "new.png", 77)
    (album / "0.png").rename(album / "renamed.png")
    (album / "1.png").unlink()
    expected = {"new.png", "renamed.png", *(f"{number}.png" for number in range(2, 10))}
    qtbot.waitUntil(lambda: names(session) == expected, timeout=30_000)
    qtbot.waitUntil(lambda: settled(session, 10), timeout=30_000)
    assert not errors


def test_a_folder_that_is_not_there_is_told_and_the_work_goes_on(
    qtbot: QtBot, session: Session, album: Path, errors: list[Exception]
) -> None:
    session.add([os.fsencode(album / "nowhere")])
    session.add([os.fsencode(album)])
    qtbot.waitUntil(lambda: settled(session, 10), timeout=30_000)
    assert [type(error) for error in errors] == [FolderError]
    assert "nowhere" in str(errors[0])


def test_a_folder_that_cannot_be_added_keeps_no_other_one_out(
    qtbot: QtBot, session: Session, album: Path, errors: list[Exception]
) -> None:
    session.add([os.fsencode(album / "nowhere"), os.fsencode(album)])
    qtbot.waitUntil(lambda: settled(session, 10), timeout=30_000)
    assert [type(error) for error in errors] == [FolderError]


def test_a_removed_folder_leaves_the_library_and_keeps_its_files(
    qtbot: QtBot, session: Session, album: Path
) -> None:
    session.add([os.fsencode(album)])
    qtbot.waitUntil(lambda: settled(session, 10), timeout=30_000)
    with qtbot.waitSignal(session.photos_changed):
        session.remove_folder(session.folders[0].id)
    qtbot.waitUntil(lambda: not session.folders and embedded(session) == 0, timeout=10_000)
    assert len(list(album.iterdir())) == 10


def test_a_folder_removed_while_it_is_looked_through_leaves_nothing_behind(
    qtbot: QtBot, session: Session, tmp_path: Path, make_photo: MakePhoto, errors: list[Exception]
) -> None:
    first = make_photo(tmp_path / "many" / "0000.png", 1)
    for number in range(1, 3000):
        os.link(first, first.with_name(f"{number:04}.png"))
    with qtbot.waitSignal(session.photos_added, timeout=10_000):
        session.add([os.fsencode(first.parent)])
    with Library.open_to_read(session.library_folder) as library:
        session.remove_folder(library.folders.all()[0].id)
    qtbot.waitUntil(lambda: not names(session), timeout=10_000)
    qtbot.waitUntil(lambda: session.folders == [], timeout=10_000)
    assert not errors


def test_the_model_process_may_be_killed_and_nothing_is_lost(
    qtbot: QtBot, session: Session, tmp_path: Path, make_photo: MakePhoto, errors: list[Exception]
) -> None:
    for number in range(150):
        make_photo(tmp_path / "many" / f"{number}.png", number)
    with qtbot.waitSignal(session.photos_embedded, timeout=30_000):
        session.add([os.fsencode(tmp_path / "many")])
    with qtbot.waitSignal(session.restarted, timeout=30_000):
        for child in psutil.Process().children():
            if "spawn_main" in " ".join(child.cmdline()):
                child.send_signal(signal.SIGKILL)
    qtbot.waitUntil(lambda: settled(session, 150), timeout=60_000)
    assert not errors


def test_a_pause_holds_the_next_batch_until_it_is_over(
    qtbot: QtBot,
    session: Session,
    tmp_path: Path,
    make_photo: MakePhoto,
    progress: list[Progress],
) -> None:
    for number in range(100):
        make_photo(tmp_path / "many" / f"{number}.png", number)
    session.pause()
    session.add([os.fsencode(tmp_path / "many")])
    qtbot.waitUntil(lambda: [f.photos for f in session.folders] == [100], timeout=10_000)
    assert embedded(session) <= 32
    assert progress[-1].phase == "paused"
    session.resume()
    qtbot.waitUntil(lambda: settled(session, 100), timeout=30_000)


def test_a_cancelled_run_stays_where_it_is_until_it_is_wanted_again(
    qtbot: QtBot,
    session: Session,
    tmp_path: Path,
    make_photo: MakePhoto,
    progress: list[Progress],
) -> None:
    for number in range(200):
        make_photo(tmp_path / "many" / f"{number}.png", number)
    session.photos_embedded.connect(lambda _: session.cancel())
    session.add([os.fsencode(tmp_path / "many")])
    qtbot.waitUntil(lambda: [p.phase for p in progress[-1:]] == ["stopped"], timeout=30_000)
    assert 0 < embedded(session) < 200
    session.photos_embedded.disconnect()
    session.resume()
    qtbot.waitUntil(lambda: settled(session, 200), timeout=30_000)


def test_what_could_not_be_read_is_told_and_can_be_tried_again(
    qtbot: QtBot, session: Session, album: Path, make_photo: MakePhoto
) -> None:
    problems: list[int] = []
    session.problems_changed.connect(problems.append)
    broken = album / "0.png"
    whole = broken.read_bytes()
    status = broken.stat()
    broken.write_bytes(bytes(len(whole)))
    session.add([os.fsencode(album)])
    qtbot.waitUntil(lambda: problems[-1:] == [1] and embedded(session) == 9, timeout=30_000)
    broken.write_bytes(whole)  # of the same size and date, so that nothing shows that it changed
    os.utime(broken, ns=(status.st_atime_ns, status.st_mtime_ns))
    session.retry([os.fsencode(broken)])
    qtbot.waitUntil(lambda: problems[-1:] == [0] and embedded(session) == 10, timeout=30_000)


def test_photos_suddenly_missing_stay_until_the_user_confirms(
    qtbot: QtBot, session: Session, album: Path
) -> None:
    session.add([os.fsencode(album)])
    qtbot.waitUntil(lambda: settled(session, 10), timeout=30_000)
    for number in range(5):
        (album / f"{number}.png").unlink()
    qtbot.waitUntil(lambda: [f.held_back for f in session.folders] == [5], timeout=30_000)
    assert session.folders[0].photos == 10
    session.confirm_missing(session.folders[0].id)
    qtbot.waitUntil(
        lambda: [(f.photos, f.held_back) for f in session.folders] == [(5, 0)], timeout=30_000
    )


def test_an_unplugged_drive_is_off_line_and_keeps_its_photos(
    qtbot: QtBot, session: Session, album: Path
) -> None:
    session.add([os.fsencode(album)])
    qtbot.waitUntil(lambda: settled(session, 10), timeout=30_000)
    shutil.move(album, album.with_name("elsewhere"))
    qtbot.waitUntil(lambda: not session.folders[0].online, timeout=30_000)
    assert session.folders[0].photos == 10
    shutil.move(album.with_name("elsewhere"), album)
    qtbot.waitUntil(lambda: session.folders[0].online, timeout=30_000)
    assert settled(session, 10)


def test_excluded_photos_leave_at_once(qtbot: QtBot, session: Session, album: Path) -> None:
    (album / "private").mkdir()
    (album / "0.png").rename(album / "private" / "0.png")
    session.add([os.fsencode(album)])
    qtbot.waitUntil(lambda: settled(session, 10), timeout=30_000)
    session.select(Selection(excluded=(os.fsencode(album / "private"),)))
    qtbot.waitUntil(lambda: settled(session, 9), timeout=30_000)


def test_while_another_program_writes_the_library_is_shown_and_taken_over_later(
    qtbot: QtBot, library_folder: Path, tasks: TaskRunner
) -> None:
    failures: list[Exception] = []
    session = Session(library_folder, tasks, Machine())
    session.failed.connect(failures.append)
    with Library.open(library_folder):
        with qtbot.waitSignal(session.opened, timeout=10_000):
            session.start()
        qtbot.waitUntil(lambda: bool(failures), timeout=10_000)
    assert [type(error) for error in failures] == [LibraryBusyError]
    with qtbot.waitSignal(session.ready, timeout=30_000):
        pass
    session.close()


def test_embedding_goes_on_when_the_disk_no_longer_refuses(
    qtbot: QtBot,
    session: Session,
    album: Path,
    progress: list[Progress],
    errors: list[Exception],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gui.embedder.AGAIN_SECONDS", 0.1)
    obstacle = session.library_folder / "thumbnails"
    obstacle.write_text("a file in the way")
    session.add([os.fsencode(album)])
    qtbot.waitUntil(lambda: [step.phase for step in progress].count("stopped") >= 3, timeout=30_000)
    assert [type(error) for error in errors] == [LibraryError]  # told once
    obstacle.unlink()
    qtbot.waitUntil(lambda: settled(session, 10), timeout=30_000)
    assert len(errors) == 1


def test_the_folders_are_followed_again_when_the_disk_no_longer_refuses(
    qtbot: QtBot,
    session: Session,
    album: Path,
    make_photo: MakePhoto,
    errors: list[Exception],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gui.library_keeper.AGAIN_SECONDS", 0.1)
    session.add([os.fsencode(album)])
    qtbot.waitUntil(lambda: settled(session, 10), timeout=30_000)
    (obstacle,) = session.library_folder.rglob("1.jpg")
    obstacle.unlink()
    obstacle.mkdir()  # the thumbnail of a changed photo is deleted
    (changed,) = session.photos([1])
    make_photo(Path(os.fsdecode(changed.path)), 99, size=(80, 80))
    qtbot.waitUntil(lambda: bool(errors), timeout=30_000)
    obstacle.rmdir()
    make_photo(album / "new.png", 77)
    qtbot.waitUntil(lambda: settled(session, 11), timeout=30_000)
    assert [type(error) for error in errors] == [LibraryError]


def test_a_library_that_cannot_be_opened_is_told_of_whenever_something_is_wanted(
    qtbot: QtBot,
    library_folder: Path,
    tasks: TaskRunner,
    album: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gui.library_keeper.OPENING_SECONDS", 0.1)

    def set_version(version: int) -> None:
        with closing(sqlite3.connect(library_folder / "library.sqlite")) as file:
            file.execute(f"PRAGMA user_version = {version}")

    set_version(99)
    failures: list[Exception] = []
    session = Session(library_folder, tasks, Machine())
    session.failed.connect(failures.append)
    session.start()
    qtbot.waitUntil(lambda: len(failures) == 1, timeout=10_000)
    session.add([os.fsencode(album)])
    qtbot.waitUntil(lambda: len(failures) == 2, timeout=10_000)
    assert all("newer version" in str(error) for error in failures)
    set_version(VERSION)
    qtbot.waitUntil(lambda: settled(session, 10), timeout=30_000)
    session.close()
    assert len(failures) == 2


def test_closing_in_the_middle_leaves_a_sound_library(
    qtbot: QtBot, library_folder: Path, tmp_path: Path, make_photo: MakePhoto
) -> None:
    for number in range(150):
        make_photo(tmp_path / "many" / f"{number}.png", number)
    errors: list[Exception] = []
    tasks = TaskRunner(errors.append)
    session = Session(library_folder, tasks, Machine())
    session.failed.connect(errors.append)
    with qtbot.waitSignal(session.photos_embedded, timeout=30_000):
        session.start()
        session.add([os.fsencode(tmp_path / "many")])
    session.close()
    tasks.close()
    assert not errors
    with Library.open(library_folder) as library:
        library.check()
        assert library.photos.count() == 150
