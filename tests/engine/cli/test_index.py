import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from engine.cli.commands import run
from engine.library.library import Library
from engine.models.installed import InstalledCheckpoint

REPOSITORY = Path(__file__).parents[3]


class Make(Protocol):
    def __call__(self, path: Path, seed: int = 0) -> Path: ...


@pytest.fixture
def library(
    tmp_path: Path,
    tiny_pair: tuple[InstalledCheckpoint, InstalledCheckpoint],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Path]:
    """The folder of a library that is searched with the tiny encoders."""
    checkpoints = Path(tiny_pair[0].folder).parent
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(checkpoints))
    with Library.open(tmp_path / "library") as opened:
        for one in tiny_pair:
            opened.remember(one.record.family, one.record.name)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield tmp_path / "library"
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def album(tmp_path: Path, make_photo: Make) -> Path:
    for number in range(10):
        make_photo(tmp_path / "album" / f"{number}.png", number)
    return tmp_path / "album"


def test_a_folder_is_indexed_and_the_user_told(
    library: Path, album: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (album / "broken.jpg").write_bytes(b"broken")
    assert run(["--library", str(library), "index", str(album), "--limit", "4"]) == 0
    told = capsys.readouterr()
    assert told.out == f"4 photos in the library {library}, 4 embedded now.\n"
    assert f"{album}: 4 photo files, 4 new." in told.err
    assert run(["--library", str(library), "index", f"{album}/../album/"]) == 0
    told = capsys.readouterr()
    assert f"{album}: 11 photo files, 7 new." in told.err
    assert "11 photos in the library" in told.out
    assert "6 embedded now" in told.out
    assert "1 file could not be read; anhoi doctor tells" in told.err


def test_missing_photos_go_on_the_users_word(
    library: Path, album: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in album.iterdir():  # what cannot be read needs no encoder
        path.write_bytes(path.name.encode())
    command = ["--library", str(library), "index", str(album)]
    assert run(command) == 0
    for number in range(3):
        (album / f"{number}.png").unlink()
    assert run(command) == 0
    told = capsys.readouterr()
    assert "3 photos of" in told.err
    assert "--remove-missing" in told.err
    assert "10 photos in the library" in told.out
    assert run([*command, "--remove-missing"]) == 0
    assert "7 photos in the library" in capsys.readouterr().out
    album.rename(album.with_name("unplugged"))
    assert run(command) == 1
    assert "cannot be reached" in capsys.readouterr().err


@pytest.mark.parametrize("what", ["nowhere", "album/0.png"])
def test_what_is_no_folder_is_a_sentence_and_a_code(
    library: Path, album: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    assert run(["--library", str(library), "index", str(album.parent / what)]) == 1
    told = capsys.readouterr().err
    assert what in told
    assert "Traceback" not in told


def test_a_second_instance_on_the_same_library_is_refused(
    library: Path, album: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Library.open(library):
        assert run(["--library", str(library), "index", str(album)]) == 1
    assert "Another Ảnh Ơi is writing" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_polite_kill_stops_cleanly(library: Path, tmp_path: Path, make_photo: Make) -> None:
    photo = make_photo(tmp_path / "a.png").read_bytes()
    (tmp_path / "many").mkdir()
    for count in range(2_000):
        (tmp_path / "many" / f"{count}.png").write_bytes(photo)
    command = [sys.executable, "main.py", "--library", str(library), "index"]
    with subprocess.Popen(
        [*command, str(tmp_path / "many")], stderr=subprocess.PIPE, cwd=REPOSITORY, text=True
    ) as process:
        try:
            assert process.stderr
            told = ""
            while "/2000" not in told:
                piece = process.stderr.read(1)
                assert piece, told
                told += piece
            process.terminate()
            told += process.communicate()[1]
        finally:
            process.kill()
    assert process.returncode == 130
    assert "stopped" in told
    assert "Traceback" not in told
    with Library.open(library) as opened:
        opened.check()
        assert opened.photos.count() == 2_000
