import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from gui.single_instance import SingleInstance

ROOT = Path(__file__).parents[2]
SECOND = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from gui.single_instance import SingleInstance

app = QCoreApplication([])
instance = SingleInstance(Path(sys.argv[1]))
first = instance.claim([os.fsencode(path) for path in sys.argv[2:]])
print("first" if first else "second", instance.word or "", flush=True)
if first and not instance.word:
    instance.called.connect(lambda paths: print("called", paths, flush=True))
    app.exec()
"""
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(params=["private", "shared"])
def library(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A library; sockets lie where the user alone has access, or where all systems have one."""
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    if request.param == "private":
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path / "library"


@pytest.fixture
def start(library: Path) -> Iterator[Start]:
    """Start the program as another process would."""
    processes = []

    def start(*paths: str | bytes, library: Path = library) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", SECOND, str(library), *paths],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture
def first(library: Path) -> Iterator[SingleInstance]:
    instance = SingleInstance(library)
    assert instance.claim()
    yield instance
    instance.close()


def line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def test_a_second_start_hands_over_its_paths_and_ends(
    qtbot: QtBot, first: SingleInstance, start: Start
) -> None:
    with qtbot.waitSignal(first.called, timeout=30_000) as called:
        second = start("/ảnh/tết 2023", b"/not\xffutf-8", "/với\ndòng mới")
    assert called.args == [["/ảnh/tết 2023".encode(), b"/not\xffutf-8", "/với\ndòng mới".encode()]]
    assert line(second) == "second"
    assert second.wait(30) == 0


def test_a_second_start_without_paths_raises_the_window_all_the_same(
    qtbot: QtBot, first: SingleInstance, start: Start
) -> None:
    with qtbot.waitSignal(first.called, timeout=30_000) as called:
        second = start()
    assert called.args == [[]]
    assert second.wait(30) == 0


def test_a_thousand_dropped_files_arrive_whole(
    qtbot: QtBot, first: SingleInstance, start: Start
) -> None:
    paths = [f"/ảnh/{'dài' * 20}/{number}.jpg" for number in range(1000)]
    with qtbot.waitSignal(first.called, timeout=30_000) as called:
        start(*paths)
    assert called.args == [[path.encode() for path in paths]]


def test_one_start_after_the_other_is_heard(
    qtbot: QtBot, first: SingleInstance, start: Start
) -> None:
    for number in range(3):
        with qtbot.waitSignal(first.called, timeout=30_000) as called:
            start(str(number))
        assert called.args == [[str(number).encode()]]


def test_another_library_has_a_window_of_its_own(
    qtbot: QtBot, first: SingleInstance, start: Start, tmp_path: Path
) -> None:
    with qtbot.assertNotEmitted(first.called):
        assert line(start(library=tmp_path / "other")) == "first"


def test_a_moved_library_keeps_its_window(
    qtbot: QtBot, first: SingleInstance, start: Start, tmp_path: Path
) -> None:
    first.move(tmp_path / "moved")
    with qtbot.waitSignal(first.called, timeout=30_000):
        start(library=tmp_path / "moved")
    with qtbot.assertNotEmitted(first.called):
        assert line(start()) == "first"


def test_what_a_killed_first_leaves_is_no_obstacle(
    qtbot: QtBot, start: Start, library: Path
) -> None:
    killed = start()
    assert line(killed) == "first"
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    instance = SingleInstance(library)
    assert instance.claim()
    with qtbot.waitSignal(instance.called, timeout=30_000):
        start()
    instance.close()


def test_a_first_that_hangs_is_waited_for_only_so_long(
    qapp: object, start: Start, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.single_instance.ANSWER_MS", 50)
    hanging = start()
    assert line(hanging) == "first"
    hanging.send_signal(signal.SIGSTOP)
    instance = SingleInstance(library)
    assert instance.claim([b"/a"])
    assert instance.word
    assert "does not answer" in instance.word
    hanging.send_signal(signal.SIGCONT)


def test_starts_at_the_same_moment_leave_one_first(start: Start) -> None:
    answers = [line(process) for process in [start() for _ in range(4)]]
    assert sorted(answers) == ["first", "second", "second", "second"]


def test_a_caller_that_says_nothing_does_no_harm(
    qtbot: QtBot, first: SingleInstance, start: Start
) -> None:
    silent = QLocalSocket()
    silent.connectToServer(first._server.serverName())
    assert silent.waitForConnected(1000)
    silent.write(b"\xff\xff")
    silent.abort()
    with qtbot.waitSignal(first.called, timeout=30_000):
        start()


def test_the_leave_to_come_to_the_front_is_handed_on(
    qtbot: QtBot, first: SingleInstance, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    with qtbot.waitSignal(first.called, timeout=30_000):
        monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "given by the desktop")
        start()
        monkeypatch.delenv("XDG_ACTIVATION_TOKEN")
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "given by the desktop"


def test_others_have_no_access(first: SingleInstance) -> None:
    assert Path(first._server.fullServerName()).stat().st_mode & 0o077 == 0
