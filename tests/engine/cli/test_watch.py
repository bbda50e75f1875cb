import signal
import subprocess
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from engine.cli.commands import run
from engine.cli.watch import _telling
from engine.indexing.adding import AddReport
from engine.library.library import Library
from engine.library.photo import Folder
from engine.models.installed import InstalledCheckpoint

REPOSITORY = Path(__file__).parents[3]
FOLDER = Folder(1, b"/album", True)


class Make(Protocol):
    def __call__(self, path: Path, seed: int = 0) -> Path: ...


@pytest.fixture
def library(
    tmp_path: Path,
    tiny_pair: tuple[InstalledCheckpoint, InstalledCheckpoint],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Path]:
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(Path(tiny_pair[0].folder).parent))
    with Library.open(tmp_path / "library") as opened:
        for one in tiny_pair:
            opened.remember(one.record.family, one.record.name)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield tmp_path / "library"
    for number, handler in handlers.items():
        signal.signal(number, handler)


def test_without_a_folder_there_is_nothing_to_watch(
    library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--library", str(library), "watch"]) == 1
    assert "No folder is watched yet" in capsys.readouterr().err


def test_only_what_happened_is_told_and_once(capsys: pytest.CaptureFixture[str]) -> None:
    def reports() -> Generator[AddReport]:
        yield AddReport(FOLDER, seen=5, added=5)
        yield AddReport(FOLDER, seen=9, added=9)
        yield AddReport(FOLDER, seen=9, added=9, finished=True)
        yield AddReport(FOLDER, seen=9, finished=True)
        yield AddReport(FOLDER, held_back=4, finished=True)

    assert len(list(_telling(reports()))) == 5
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "/album: 9 photo files, 9 new."
    assert ["4 photos of /album" in line for line in told[2:]] == [True]


@pytest.mark.timeout(60)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_new_photos_are_told_of_until_it_is_interrupted(
    library: Path, tmp_path: Path, make_photo: Make
) -> None:
    make_photo(tmp_path / "album" / "a.png", 1)
    command = [sys.executable, "main.py", "--library", str(library), "watch"]
    with subprocess.Popen(
        [*command, str(tmp_path / "album")], stderr=subprocess.PIPE, cwd=REPOSITORY, text=True
    ) as process:
        try:
            told = read_until(process, "Embedding: 100%")
            assert f"{tmp_path / 'album'}: 1 photo file, 1 new." in told
            assert "Watching 1 folder" in told
            make_photo(tmp_path / "album" / "b.png", 2)
            read_until(process, "1 photo file, 1 new.")
            read_until(process, "Embedding: 100%")
            process.send_signal(signal.SIGINT)
            told = process.communicate()[1]
        finally:
            process.kill()
    assert "Traceback" not in told
    assert process.returncode == 130
    with Library.open_to_read(library) as opened:
        assert opened.photos.count() == 2


def read_until(process: "subprocess.Popen[str]", what: str) -> str:
    """What the process says until it has said this."""
    assert process.stderr
    told = ""
    while what not in told:
        piece = process.stderr.read(1)
        assert piece, told
        told += piece
    return told
