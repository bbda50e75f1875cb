import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.cli import commands
from engine.library.library import Library
from engine.models import download
from engine.models.checkpoint import Checkpoint, CheckpointFile
from engine.models.download import find_downloadable
from engine.models.downloading import fetching
from engine.models.downloading.alone import alone
from engine.models.installed import RECORD_FILE, InstalledCheckpoint, find_installed
from engine.models.installed_translators import TRANSLATOR_FILE, install_translator
from engine.models.removing import remove
from engine.models.translators import TRANSLATORS
from engine.paths import bundled_checkpoints_folder, checkpoints_folder
from tests.engine.models.site import Site, refusing, serving, silent

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
NAME = "tiny-beit3"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    for name in ("http_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(fetching, "WAITS", ())
    with Site() as site:
        yield site


@pytest.fixture
def record(site: Site, tiny_pair: Pair, monkeypatch: pytest.MonkeyPatch) -> Checkpoint:
    """A checkpoint of the table, to be had from the site."""
    record = _at(site.address, tiny_pair[1].record)
    for file in record.files:
        content = (tiny_pair[1].folder / file.name).read_bytes()
        site.answers[f"/{file.name}"] = serving(content, ETag='"1"')
    monkeypatch.setattr(download, "CHECKPOINTS", (record,))
    return record


def _at(address: str, record: Checkpoint) -> Checkpoint:
    files: dict[str, CheckpointFile] = {
        file.name: replace(file, urls=(f"{address}/{file.name}",)) for file in record.files
    }
    return replace(
        record,
        weights=files[record.weights.name],
        tokenizer=files[record.tokenizer.name] if record.tokenizer else None,
        other_files=tuple(files[file.name] for file in record.other_files),
    )


def anhoi(*arguments: object) -> int:
    return commands.run([str(argument) for argument in arguments])


def test_a_checkpoint_is_fetched_with_a_bar_over_all_its_files(
    record: Checkpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    assert anhoi("models", "download", NAME) == 0
    told = capsys.readouterr()
    assert find_installed(NAME).record.weights == record.weights
    assert "anhoi models use tiny-beit3" in told.out
    assert "100%" in told.err
    assert "B/s" in told.err
    assert anhoi("models", "verify", NAME) == 0


def test_a_fault_is_a_sentence(
    record: Checkpoint, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.answers[f"/{record.weights.name}"] = refusing(404)
    assert anhoi("models", "download", NAME) == 1
    assert f"{record.weights.name} is not there any more" in capsys.readouterr().err
    assert anhoi("models", "download", "nobody") == 1
    assert "Known are: tiny-beit3, " in capsys.readouterr().err


def test_copies_can_be_brought_along(
    record: Checkpoint,
    site: Site,
    tiny_pair: Pair,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    stick = Path(shutil.copytree(tiny_pair[1].folder, tmp_path / "stick"))
    (stick / RECORD_FILE).unlink()
    (stick / record.weights.name).rename(stick / "elsewhere")
    assert anhoi("models", "download", NAME, "--from", stick) == 1
    assert f"{record.weights.name} is not in {stick}" in capsys.readouterr().err
    (stick / "elsewhere").rename(stick / record.weights.name)
    assert anhoi("models", "download", NAME, "--from", stick) == 0
    assert find_installed(NAME).key == tiny_pair[1].key
    assert site.asked == []


_PROGRAM = """
import sys
from engine.cli import commands
from engine.models import download
from engine.models.installed import read_record
from pathlib import Path
from tests.engine.cli.test_models_download import _at
download.CHECKPOINTS = (_at(sys.argv[1], read_record(Path(sys.argv[2]))),)
sys.exit(commands.run(["models", "download", sys.argv[3]]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C goes to a whole console there")
def test_ctrl_c_leaves_a_part_and_says_so(
    record: Checkpoint, site: Site, tiny_pair: Pair, tmp_path: Path
) -> None:
    weights = tiny_pair[1].folder / record.weights.name
    content = weights.read_bytes()
    site.answers[f"/{record.weights.name}"] = silent(
        site, after=content[:1000], length=len(content)
    )
    program = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, site.address, tiny_pair[1].folder, NAME],
        env=os.environ | {"ANHOI_CHECKPOINTS": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
    )
    with program:
        assert program.stderr
        part = tmp_path / NAME / f".{record.weights.name}.part"
        while not (part.exists() and part.stat().st_size == 1000):
            assert program.poll() is None
            program.stderr.read(1)  # the bar moves on four times a second
        program.send_signal(signal.SIGINT)
        told = program.stderr.read()
    assert program.returncode == 130
    assert "the same command goes on from there" in told
    assert "Traceback" not in told
    assert part.stat().st_size == 1000


def test_a_downloaded_checkpoint_is_removed_and_can_come_back(
    record: Checkpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    anhoi("models", "download", NAME)
    key = find_installed(NAME).key
    assert anhoi("models", "remove", NAME) == 0
    assert "what it has embedded stays" in capsys.readouterr().out
    assert not (checkpoints_folder() / NAME).exists()
    assert anhoi("models", "remove", NAME) == 1
    assert "There is no checkpoint" in capsys.readouterr().err
    anhoi("models", "download", NAME)
    assert find_installed(NAME).key == key


def test_what_has_arrived_of_a_download_is_removed_too(
    record: Checkpoint, site: Site, tiny_pair: Pair
) -> None:
    size = (tiny_pair[1].folder / record.weights.name).stat().st_size
    site.answers[f"/{record.weights.name}"] = serving(bytes(size), breaking_after=10)
    assert anhoi("models", "download", NAME) == 1
    assert (checkpoints_folder() / NAME).exists()
    assert anhoi("models", "remove", NAME) == 0
    assert not (checkpoints_folder() / NAME).exists()


def test_a_checkpoint_whose_folder_is_called_otherwise_is_removed(record: Checkpoint) -> None:
    anhoi("models", "download", NAME)
    (checkpoints_folder() / NAME).rename(checkpoints_folder() / "called-otherwise")
    assert anhoi("models", "remove", NAME) == 0
    assert not list(checkpoints_folder().iterdir())


def test_nothing_is_removed_or_measured_while_it_is_downloaded(
    record: Checkpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    anhoi("models", "download", NAME)
    folder = checkpoints_folder() / NAME
    size = sum(path.stat().st_size for path in folder.iterdir())
    with alone(folder):
        assert anhoi("models", "remove", NAME) == 1
    assert "is being downloaded by another Ảnh Ơi" in capsys.readouterr().err
    assert remove(NAME) == size


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_folder_on_another_disk_is_emptied_and_its_link_removed(
    record: Checkpoint, tmp_path: Path
) -> None:
    anhoi("models", "download", NAME)
    folder = checkpoints_folder() / NAME
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    assert anhoi("models", "remove", NAME) == 0
    assert not folder.is_symlink()
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.parametrize("setting", ["beit3", "coming beit3"])
def test_what_a_library_is_searched_with_stays(
    record: Checkpoint, tmp_path: Path, capsys: pytest.CaptureFixture[str], setting: str
) -> None:
    anhoi("models", "download", NAME)
    with Library.open(tmp_path / "library") as library:
        library.remember(setting, NAME)
    assert anhoi("--library", tmp_path / "library", "models", "remove", NAME) == 1
    assert f"is searched with {NAME}: choose another first" in capsys.readouterr().err
    assert find_installed(NAME)


def test_what_came_with_the_program_stays(capsys: pytest.CaptureFixture[str]) -> None:
    if not bundled_checkpoints_folder().is_dir():
        pytest.skip("no checkpoint is bundled")
    assert anhoi("models", "remove", "starter-beit3") == 1
    assert "came with the program" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["..", "../library", ".", "a/b"])
def test_nothing_but_a_checkpoint_is_removed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert anhoi("models", "remove", name) == 1
    assert "cannot name a checkpoint" in capsys.readouterr().err


def test_a_translator_is_verified_and_removed_like_a_checkpoint(
    capsys: pytest.CaptureFixture[str],
) -> None:
    record = TRANSLATORS[0]
    assert anhoi("models", "remove", record.name) == 1
    assert f"anhoi models download {record.name}" in capsys.readouterr().err
    assert find_downloadable(record.name) is record
    folder = checkpoints_folder() / record.name
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(b"abc")
    sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    files = {"model.bin": CheckpointFile("model.bin", sha256=sha256, size=3)}
    install_translator(record, files, folder)
    assert anhoi("models", "verify", record.name) == 0
    assert anhoi("models", "use", record.name) == 1
    assert "is a translator" in capsys.readouterr().err
    (folder / "model.bin").write_bytes(b"abd")
    assert anhoi("models", "verify") == 1
    assert "model.bin is damaged" in capsys.readouterr().err
    assert (folder / TRANSLATOR_FILE).exists()
    assert anhoi("models", "remove", record.name) == 0
    assert "embedded" not in capsys.readouterr().out
    assert not folder.exists()
