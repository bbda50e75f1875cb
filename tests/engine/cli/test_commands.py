import errno
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.cli.commands import COMMANDS, run
from engine.library.library import Library
from engine.models.installed import InstalledCheckpoint
from engine.version import program_version

MakePhoto = Callable[..., Path]
Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
Capture = pytest.CaptureFixture[str]
ROOT = Path(__file__).parents[3]
MAIN = [sys.executable, str(ROOT / "main.py")]
NAMES = ("index", "forget", "search", "watch", "evaluate", "models", "train", "doctor", "demo")


@pytest.fixture(autouse=True)
def surroundings(
    tiny_pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The tiny pair is used; what `run` does to the whole program is undone."""
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(tiny_pair[0].folder.parent))
    monkeypatch.setenv("ANHOI_LIBRARY", str(tmp_path / "thư viện"))
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def library(tmp_path: Path, tiny_pair: Pair) -> Path:
    """The empty library that commands use here."""
    with Library.open(tmp_path / "thư viện") as opened:
        for checkpoint in tiny_pair:
            opened.remember(checkpoint.record.family, checkpoint.record.name)
    return tmp_path / "thư viện"


def program(*arguments: str | bytes, **surroundings: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*MAIN, *arguments],
        env=os.environ | surroundings,
        capture_output=True,
        check=False,
        timeout=120,
    )


def test_there_is_one_module_a_command() -> None:
    assert tuple(command.__name__.rpartition(".")[2] for command in COMMANDS) == NAMES


@pytest.mark.parametrize("command", [None, *NAMES])
@pytest.mark.parametrize("columns", ["80", "1"])
def test_every_command_has_help(
    command: str | None, columns: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert run([command, "--help"] if command else ["--help"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("usage:")
    assert err == ""


def test_the_version_is_that_of_the_project(capsys: Capture) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"anhoi {program_version()}\n"
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", program_version())


@pytest.mark.parametrize("arguments", [[], ["fly"], ["--library"], ["models"], ["doctor", "x"]])
def test_a_wrong_call_ends_with_2_and_the_usage(arguments: list[str], capsys: Capture) -> None:
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("usage: anhoi")


def test_a_library_can_be_named_before_the_command_only(tmp_path: Path, capsys: Capture) -> None:
    assert run(["--library", str(tmp_path / "x"), "search", "chó"]) == 1
    assert f"There is no library in {tmp_path / 'x'} yet" in capsys.readouterr().err
    assert run(["search", "chó", "--library", str(tmp_path / "x")]) == 2


@pytest.mark.parametrize(
    "raised", [BrokenPipeError(), OSError(errno.ENOSPC, "No space left on device", "/disk/file")]
)
def test_streams_and_disks_that_give_out_are_no_bugs(
    raised: OSError, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def give_out(folder: object) -> None:
        raise raised

    monkeypatch.setattr("engine.cli.doctor.library_folder", give_out)
    output = os.dup(1)
    try:
        code = run(["doctor"])
    finally:
        os.dup2(output, 1)
        os.close(output)
    err = capfd.readouterr().err
    full = isinstance(raised, OSError) and raised.errno == errno.ENOSPC
    assert (code, err) == ((1, "anhoi: the disk is full (/disk/file).\n") if full else (0, ""))


def test_other_errors_are_bugs_and_keep_their_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(folder: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("engine.cli.doctor.library_folder", fail)
    with pytest.raises(OSError, match="Input/output error"):
        run(["doctor"])


def test_a_polite_kill_stops_as_an_interrupt_does(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "engine.cli.doctor.library_folder", lambda _: os.kill(os.getpid(), signal.SIGTERM)
    )
    assert run(["doctor"]) == 130
    assert capsys.readouterr().err == "\nanhoi: stopped; what was finished is kept.\n"


def test_names_that_the_output_cannot_spell_are_no_error(
    library: Path, tmp_path: Path, make_photo: MakePhoto
) -> None:
    folder = tmp_path / "ảnh của tôi 📷"
    make_photo(folder / "a.png")
    os.rename(folder / "a.png", os.fsencode(folder) + b"/\xff\xfe.png")
    indexed = program("index", str(folder), PYTHONIOENCODING="ascii")
    assert indexed.returncode == 0
    assert b"1 embedded now" in indexed.stdout
    table = program("search", "một con chó", PYTHONIOENCODING="ascii")
    assert (table.returncode, table.stderr) == (0, b"")
    assert b"\\u1ea3nh c\\u1ee7a t\\xf4i \\U0001f4f7/\\ufffd\\ufffd.png\n" in table.stdout


@pytest.mark.skipif(os.name != "posix", reason="pipes and signals of POSIX")
@pytest.mark.parametrize("arguments", [["--help"], ["models", "list"]])
def test_a_reader_that_has_seen_enough_is_no_error(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as gone:
        done = subprocess.run([*MAIN, *arguments], stdout=gone, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_output_to_a_full_disk_is_told_in_a_sentence() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*MAIN, "models", "list"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr) == (1, b"anhoi: the disk is full (output).\n")


@pytest.mark.skipif(os.name != "posix", reason="pipes and signals of POSIX")
def test_indexing_that_was_interrupted_goes_on_at_the_second_start(
    library: Path, tmp_path: Path, tiny_pair: Pair, make_photo: MakePhoto
) -> None:
    photos = 400
    for seed in range(photos):
        make_photo(tmp_path / "ảnh" / f"{seed:03}.png", seed=seed, size=(16, 12))
    command = [*MAIN, "index", str(tmp_path / "ảnh")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as running:
        assert running.stderr
        told = b""
        while not re.search(rb"Embedding: +[1-9]", told):
            letter = running.stderr.read(1)
            assert letter, told
            told += letter
        os.killpg(running.pid, signal.SIGINT)  # Ctrl-C reaches the model process too
        out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (130, b"")
    assert err.endswith(b"anhoi: stopped; what was finished is kept.\n")
    assert b"Traceback" not in err
    with Library.open_to_read(library) as opened:
        opened.check()
        kept = opened.embeddings.count(tiny_pair[0].key)
    assert 0 < kept < photos
    again = program("index", str(tmp_path / "ảnh"))
    assert again.returncode == 0
    assert f"{photos - kept} embedded now" in again.stdout.decode()
