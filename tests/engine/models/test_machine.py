import logging
import os
import shutil
import sys
from pathlib import Path

import psutil
import pytest

from engine.errors import CheckpointError
from engine.models import machine
from engine.models.machine import MachineFacts, _torch_knows_cards, machine_facts

posix = pytest.mark.skipif(os.name == "nt", reason="the stand-in for nvidia-smi is a shell script")
FOR_CARDS = "cuda: Optional[str] = '12.8'\nhip: Optional[str] = None\n"


@pytest.fixture(autouse=True)
def torch_for_cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed_torch(FOR_CARDS, tmp_path, monkeypatch)


def installed_torch(told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a PyTorch that tells this of itself be the one that is found installed."""
    folder = tmp_path / str(abs(hash(told))) / "torch"
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "version.py").write_text(told)
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    monkeypatch.syspath_prepend(folder.parent)


def nvidia_smi(script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program of this name on the path, and nothing else."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def card(tmp_path: Path) -> tuple[str | None, int | None]:
    facts = machine_facts(tmp_path)
    return facts.accelerator, facts.accelerator_bytes


def test_memory_disk_and_cores_are_those_of_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    facts = machine_facts(tmp_path)
    assert facts.memory_bytes == psutil.virtual_memory().total
    assert facts.free_disk_bytes == pytest.approx(shutil.disk_usage(tmp_path).free, rel=0.1)
    assert 1 <= facts.cores <= (os.cpu_count() or 1)


def test_without_nvidias_program_there_is_no_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with caplog.at_level(logging.WARNING):
        assert card(tmp_path) == (None, None)
    assert not caplog.records


@posix
def test_the_largest_card_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nvidia_smi(
        'test "$*" = "--query-gpu=name,memory.total --format=csv,noheader,nounits" || exit 9\n'
        "echo 'NVIDIA GeForce GTX 1650, 4096'\n"
        "echo 'NVIDIA RTX A6000, Ada, 49140'",
        tmp_path,
        monkeypatch,
    )
    assert card(tmp_path) == ("NVIDIA RTX A6000, Ada", 49140 * 2**20)


@posix
def test_a_card_that_shares_the_main_memory_has_none_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nvidia_smi("echo 'NVIDIA GB10, [N/A]'", tmp_path, monkeypatch)
    assert card(tmp_path) == ("NVIDIA GB10", None)


@posix
@pytest.mark.parametrize("output", ["", "No devices were found", ", 4096", "\n\n", "\\377\\376"])
def test_odd_output_names_no_card(
    output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nvidia_smi(f"printf '{output}'", tmp_path, monkeypatch)
    assert card(tmp_path) == (None, None)


@posix
@pytest.mark.parametrize(
    "script",
    ["echo 'NVIDIA-SMI has failed because it could not reach the driver.'; exit 9", "exec sleep 9"],
)
def test_a_program_that_fails_or_hangs_means_no_card_and_a_warning(
    script: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    sleep = shutil.which("sleep")
    nvidia_smi(script.replace("sleep", str(sleep)), tmp_path, monkeypatch)
    monkeypatch.setattr(machine, "NVIDIA_TIMEOUT_SECONDS", 0.2)
    with caplog.at_level(logging.WARNING):
        assert card(tmp_path) == (None, None)
    assert "nvidia-smi gave no answer" in caplog.text


@posix
def test_a_program_that_may_not_be_run_means_no_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nvidia_smi("echo 'NVIDIA T4, 15360'", tmp_path, monkeypatch)
    (tmp_path / "bin" / "nvidia-smi").chmod(0o644)
    assert card(tmp_path) == (None, None)


@posix
@pytest.mark.parametrize(
    ("told", "used"),
    [
        (
            "__version__ = '2.13.0+cpu'\ncuda: Optional[str] = None\nhip: Optional[str] = None\n",
            False,
        ),
        ("__version__ = '2.13.0'\ncuda: Optional[str] = None\nhip: Optional[str] = None\n", False),
        ("__version__ = '2.13.0'\ncuda: Optional[str] = '12.6'\nhip: Optional[str] = None\n", True),
        ("__version__ = '2.13.0'\ncuda = None\nhip = '6.4'\n", True),
    ],
)
def test_a_card_is_of_no_use_to_a_torch_for_processors_alone(
    told: str, used: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nvidia_smi("echo 'NVIDIA T4, 15360'", tmp_path, monkeypatch)
    installed_torch(told, tmp_path, monkeypatch)
    assert card(tmp_path) == (("NVIDIA T4", 15360 * 2**20) if used else (None, None))


def test_this_torch_tells_what_it_is_built_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    import torch

    built = torch.version.cuda or torch.version.hip
    assert _torch_knows_cards() is (built is not None)


@pytest.mark.parametrize(
    ("system", "processor", "apple"),
    [("Darwin", "arm64", True), ("Darwin", "x86_64", False), ("Linux", "arm64", False)],
)
def test_apple_silicon_is_known_by_its_name(
    system: str, processor: str, apple: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("platform.system", lambda: system)
    monkeypatch.setattr("platform.machine", lambda: processor)
    facts = machine_facts(tmp_path)
    assert (facts.apple, facts.accelerated) == (apple, apple)


def test_a_folder_that_is_yet_to_be_made_is_judged_by_where_it_will_lie(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "to" / "be" / "made", tmp_path / "file" / "below"):
        expected = shutil.disk_usage(tmp_path).free
        assert machine_facts(folder).free_disk_bytes == pytest.approx(expected, rel=0.1)


def test_a_disk_that_cannot_be_asked_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(place: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(shutil, "disk_usage", refuse)
    with pytest.raises(CheckpointError, match="cannot be read: Permission denied"):
        machine_facts(tmp_path)


def test_a_card_or_apples_own_part_accelerates() -> None:
    plain = MachineFacts(2**34, 2**36, 4)
    assert not plain.accelerated
    assert MachineFacts(2**34, 2**36, 4, "NVIDIA T4").accelerated
    assert MachineFacts(2**34, 2**36, 4, apple=True).accelerated
