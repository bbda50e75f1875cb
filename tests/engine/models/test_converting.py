import argparse
import errno
import hashlib
import multiprocessing
import multiprocessing.util
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Client, Listener
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.errors import CheckpointError
from engine.models.checkpoint import Checkpoint, CheckpointFile
from engine.models.converting import UNFINISHED, convert_weights, in_process
from engine.models.download import bytes_left, download
from engine.models.downloading.stepping import stepping
from engine.models.installed import (
    RECORD_FILE,
    InstalledCheckpoint,
    install,
    measured,
    read_record,
    verify,
    write_record,
)
from engine.models.keeping import Files, Keeping, keeping
from engine.models.weights import load_weights
from tests.engine.models.site import Site, serving

SHARED = torch.arange(6.0)
TENSORS = {
    "whole": torch.tensor([[1.5, 2.5]]),
    "half": torch.tensor([1.5], dtype=torch.float16),
    "brain": torch.tensor([1.5], dtype=torch.bfloat16),
    "count": torch.tensor(7),
    "shared": SHARED,
    "view": SHARED[2:4],
    "turned": torch.arange(6.0).reshape(2, 3).T,
}


def pickled(folder: Path, name: str, content: Any) -> CheckpointFile:  # noqa: ANN401 - as wanted
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(content, folder / name)
    return measured(folder, CheckpointFile(name))


@pytest.fixture
def record(checkpoint: Checkpoint, site: Site, tmp_path: Path) -> Checkpoint:
    """Its weights are a pickle, and nobody has published their hash."""
    pickled(tmp_path / "site", "w.pth", {"model": TENSORS, "epoch": 3})
    site.answers["/w.pth"] = serving((tmp_path / "site" / "w.pth").read_bytes(), ETag='"1"')
    weights = CheckpointFile("w.pth", (f"{site.address}/w.pth",))
    return replace(checkpoint, weights=weights)


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    return tmp_path / "checkpoints"


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_pickle_becomes_safetensors_once(record: Checkpoint, site: Site, parent: Path) -> None:
    reports = list(download(record, parent))
    folder = parent / "mine"
    assert names(folder) == {"w.safetensors", "t.spm", RECORD_FILE}
    assert "converting" in {report.step for report in reports}
    found = load_weights(folder / "w.safetensors")
    assert found.keys() == TENSORS.keys()
    assert all(torch.equal(found[name], tensor) for name, tensor in TENSORS.items())
    installed = read_record(folder)
    verify(InstalledCheckpoint(installed, folder))
    made_from = installed.weights.made_from
    assert made_from
    assert made_from.name == "w.pth"
    assert made_from.urls == record.weights.urls
    assert bytes_left(record, parent) == 0
    list(download(record, parent))
    assert site.asked == ["/w.pth", "/t"]


def test_embeddings_of_the_pickle_stay_those_of_the_safetensors(
    record: Checkpoint, tmp_path: Path
) -> None:
    folder = tmp_path / "site"
    as_it_came = install(replace(record, tokenizer=None), folder)
    files = convert_weights(record.weights, {"w.pth": as_it_came.record.weights}, folder)
    assert write_record(as_it_came.record, files, folder).key == as_it_came.key


def test_a_damaged_safetensors_file_is_made_anew_of_the_pickle_that_was_first_used(
    record: Checkpoint, site: Site, parent: Path, tmp_path: Path
) -> None:
    list(download(record, parent))
    before = (parent / "mine" / "w.safetensors").read_bytes()
    (parent / "mine" / "w.safetensors").write_bytes(before[:-1])
    list(download(record, parent))
    assert (parent / "mine" / "w.safetensors").read_bytes() == before
    (parent / "mine" / "w.safetensors").unlink()
    pickled(tmp_path / "site", "w.pth", {"other": torch.ones(3)})
    site.answers["/w.pth"] = serving((tmp_path / "site" / "w.pth").read_bytes())
    with pytest.raises(CheckpointError, match=r"offers .* bytes where|SHA-256"):
        list(download(record, parent))


def test_what_another_machine_has_converted_can_be_brought_along(
    record: Checkpoint, site: Site, parent: Path, tmp_path: Path
) -> None:
    list(download(record, tmp_path / "theirs"))
    site.asked.clear()
    published = read_record(tmp_path / "theirs" / "mine").weights.made_from
    assert published
    strict = replace(record, weights=replace(record.weights, sha256=published.sha256))
    reports = list(download(strict, parent, tmp_path / "theirs" / "mine"))
    assert site.asked == []
    assert "converting" not in {report.step for report in reports}
    assert read_record(parent / "mine") == read_record(tmp_path / "theirs" / "mine")


def test_giving_up_while_it_converts_leaves_the_whole_pickle(
    record: Checkpoint, site: Site, parent: Path
) -> None:
    with closing(download(record, parent)) as reports:
        next(report for report in reports if report.step == "converting")
    assert names(parent / "mine") == {"w.pth", "t.spm"}
    list(download(record, parent))
    assert names(parent / "mine") == {"w.safetensors", "t.spm", RECORD_FILE}
    assert site.asked == ["/w.pth", "/t"]


@pytest.mark.parametrize(
    "content",
    [
        TENSORS,
        {"state_dict": {f"module.{name}": tensor for name, tensor in TENSORS.items()}},
        {"model": TENSORS, "optimizer": {"lr": 0.1}, "args": argparse.Namespace(epochs=2)},
    ],
    ids=["bare", "of distributed training", "of training"],
)
def test_only_tensors_are_taken_over_in_their_own_types(tmp_path: Path, content: object) -> None:
    pickle = pickled(tmp_path, "w.bin", content)
    made = convert_weights(pickle, {"w.bin": pickle}, tmp_path)["w.bin"]
    assert (made.name, made.made_from) == ("w.safetensors", pickle)
    assert made.sha256 == hashlib.sha256((tmp_path / made.name).read_bytes()).hexdigest()
    found = load_weights(tmp_path / made.name)
    assert {name: tensor.dtype for name, tensor in found.items()} == {
        name: tensor.dtype for name, tensor in TENSORS.items()
    }
    assert all(torch.equal(found[name], tensor) for name, tensor in TENSORS.items())
    assert convert_weights(pickle, {"w.bin": made}, tmp_path) == {"w.bin": made}


class Evil:
    """Would run something where it is read without care."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("was-run",)


@pytest.mark.parametrize("published", [True, False])
def test_what_is_no_weights_is_refused_and_removed_unless_it_is_surely_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, published: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    pickle = pickled(tmp_path, "w.pt", {"model": TENSORS, "more": Evil()})
    weights = pickle if published else replace(pickle, sha256=None)
    with pytest.raises(CheckpointError, match="holds Python objects besides weights"):
        convert_weights(weights, {"w.pt": pickle}, tmp_path)
    assert names(tmp_path) == ({"w.pt"} if published else set())


def _die() -> None:
    os._exit(1)


def test_a_conversion_that_dies_is_a_sentence() -> None:
    with pytest.raises(CheckpointError, match="mine could not be converted: there may be too"):
        list(stepping(in_process("mine", _die)))


def _stay_until_killed(address: str) -> None:
    with Client(address) as test:
        test.send("at work")
        test.recv()


def _convert_until_killed(address: str) -> None:
    list(stepping(in_process("mine", _stay_until_killed, address)))


def test_a_killed_program_takes_its_conversion_with_it() -> None:
    with Listener() as listener:
        program = multiprocessing.get_context("spawn").Process(
            target=_convert_until_killed, args=(listener.address,)
        )
        program.start()
        with listener.accept() as conversion:
            assert conversion.recv() == "at work"
            program.kill()
            program.join()
            assert conversion.poll(20)
            with pytest.raises(EOFError):
                conversion.recv()


def _refuse(what: str) -> None:
    raise CheckpointError(f"No {what}.")


def test_what_a_conversion_says_arrives(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"No space\."):
        list(stepping(in_process("mine", _refuse, "space")))


def _make_folder_and_stay(address: str, folder: Path) -> None:
    (folder / f"{UNFINISHED}abc").mkdir()
    (folder / f"{UNFINISHED}abc" / "model.bin").write_bytes(b"half")
    _stay_until_killed(address)


def _bring_until_killed(address: str, files: Files, folder: Path) -> Files:
    _make_folder_and_stay(address, folder)
    return files


@dataclass(frozen=True)
class Slow:
    """What takes its time to convert."""

    name: str
    files: tuple[CheckpointFile, ...]
    address: str


def test_giving_up_leaves_no_unfinished_folder_behind(site: Site, parent: Path) -> None:
    site.answers["/w"] = serving(b"abc")

    @keeping.register
    def _(record: Slow) -> Keeping:
        return Keeping(
            installed=lambda folder: (),
            install=lambda files, folder: None,
            convert=partial(_bring_until_killed, record.address),
        )

    with Listener() as listener:
        files = (CheckpointFile("w", (f"{site.address}/w",)),)
        with closing(download(Slow("slow", files, str(listener.address)), parent)) as reports:
            next(report for report in reports if report.step == "converting")
            with ThreadPoolExecutor(1) as threads:
                answering = threads.submit(listener.accept)
                next(report for report in reports if answering.done())
            with answering.result() as conversion:
                assert conversion.recv() == "at work"
                reports.close()
    assert names(parent / "slow") == {"w"}


def _trip() -> None:
    raise AttributeError("'NoneType' object has no attribute 'shape'")


def _run_out() -> None:
    raise MemoryError


def test_a_bug_in_a_conversion_is_told_with_its_trace() -> None:
    with pytest.raises(RuntimeError, match=r"in _trip\n[\s\S]*no attribute 'shape'"):
        list(stepping(in_process("mine", _trip)))


def test_a_conversion_that_runs_out_of_memory_says_so() -> None:
    with pytest.raises(CheckpointError, match="there may be too little memory"):
        list(stepping(in_process("mine", _run_out)))


@pytest.mark.skipif(sys.platform == "win32", reason="processes are started another way there")
def test_a_conversion_that_cannot_be_started_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(multiprocessing.util, "spawnv_passfds", refuse)
    with pytest.raises(
        CheckpointError, match=r"mine could not be converted: .*unavailable\. Close"
    ):
        list(stepping(in_process("mine", _die)))
