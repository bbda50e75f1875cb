import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import CheckpointError
from engine.training.history import Entry, read_history, write_history

names = st.text(max_size=12)
numbers = st.floats(allow_nan=False) | st.integers(-(10**6), 10**6)
entries = st.builds(
    Entry,
    phase=names,
    step=st.integers(1, 50),
    steps=st.integers(50, 10**6),
    seconds=numbers,
    learning_rate=numbers,
    losses=st.dictionaries(names, numbers, max_size=3),
    recalls=st.dictionaries(names, numbers, max_size=3),
)
LINE = {
    "phase": "contrastive",
    "step": 3,
    "steps": 9,
    "seconds": 1.5,
    "learning_rate": 0.001,
    "losses": {"contrastive": 5.5},
    "recalls": {"vi R@10": 31.2},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("history")


@given(written=st.lists(entries, max_size=4))
def test_what_was_written_is_read(folder: Path, written: list[Entry]) -> None:
    write_history(folder / "history.jsonl", written)
    assert read_history(folder / "history.jsonl") == tuple(written)


def test_one_line_an_entry(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    write_history(path, [Entry("học\nchữ", i, 2, 0.5, 1e-3, {"sai số": 1.0}, {}) for i in (1, 2)])
    lines = path.read_text("utf-8").splitlines()
    assert [json.loads(line)["step"] for line in lines] == [1, 2]
    assert "sai số" in lines[0]


def test_a_diverged_training_keeps_its_history(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    write_history(path, [Entry("a", 1, 2, 0.5, 1e-3, {"x": math.nan, "y": math.inf}, {})])
    losses = read_history(path)[0].losses
    assert math.isnan(losses["x"])
    assert losses["y"] == math.inf


def test_a_failed_write_keeps_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    kept = [Entry("a", 1, 2, 0.5, 1e-3, {}, {})]
    write_history(path, kept)
    (tmp_path / ".history.jsonl.part").mkdir()  # so the new one cannot be written
    with pytest.raises(CheckpointError, match=r"history\.jsonl cannot be written: "):
        write_history(path, [*kept, *kept])
    assert read_history(path) == tuple(kept)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{", "Expecting"),
        ("[]", "mapping"),
        (json.dumps({**LINE, "more": 1}), "more"),
        (json.dumps({k: v for k, v in LINE.items() if k != "phase"}), "phase"),
        (json.dumps({**LINE, "phase": 1}), "phase"),
        (json.dumps({**LINE, "step": 10}), "10 is no step of 9"),
        (json.dumps({**LINE, "step": True}), "not whole"),
        (json.dumps({**LINE, "steps": 9.5}), "not whole"),
        (json.dumps({**LINE, "seconds": "long"}), "seconds"),
        (json.dumps({**LINE, "losses": {"contrastive": None}}), "losses"),
        (json.dumps({**LINE, "recalls": 3}), "recalls"),
    ],
)
def test_a_damaged_line_is_named(tmp_path: Path, line: str, fault: str) -> None:
    path = tmp_path / "history.jsonl"
    path.write_text(f"{json.dumps(LINE)}\n{line}\n", "utf-8")
    with pytest.raises(CheckpointError, match=f"Line 2 of .*{fault}"):
        read_history(path)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\xff"])
def test_a_file_that_is_not_there_or_no_text(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "history.jsonl"
    if content:
        path.write_bytes(content)
    with pytest.raises(CheckpointError, match=r"history\.jsonl cannot be read"):
        read_history(path)
