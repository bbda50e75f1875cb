import re
import signal
from pathlib import Path

import pytest
import torch

from engine.errors import CheckpointError, TrainingError
from engine.training.state import LOCK_FILE, alone, load_state, save_state, uninterrupted


def test_a_disk_that_is_full_is_told_and_the_state_before_stays(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    save_state({"training": "mine", "step": 1}, tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(CheckpointError, match=r"cannot be written: File too large\.$"):
            save_state({"training": "mine", "step": 2, "weights": torch.zeros(9_000)}, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert load_state(tmp_path, "mine") == {"training": "mine", "step": 1}
    assert len(list(tmp_path.iterdir())) == 1


def test_one_training_at_a_time_has_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "work"
    for _ in range(2):  # it is free again afterwards
        with alone(folder):
            with (
                pytest.raises(
                    TrainingError, match=re.escape(f"Another training is at work in {folder}")
                ),
                alone(folder),
            ):
                pass
            assert (folder / LOCK_FILE).exists()
        assert list(folder.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_waits_for_what_must_not_be_half_done(number: signal.Signals) -> None:
    class StoppedError(Exception):
        pass

    def stop(_number: int, _frame: object) -> None:
        raise StoppedError

    done = []

    def work() -> None:
        with uninterrupted():
            signal.raise_signal(number)
            done.append("all of it")

    before = signal.signal(number, stop)
    try:
        with pytest.raises(StoppedError):
            work()
        assert signal.getsignal(number) is stop
    finally:
        signal.signal(number, before)
    assert done == ["all of it"]
