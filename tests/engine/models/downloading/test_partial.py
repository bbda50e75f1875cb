import asyncio
import hashlib
from pathlib import Path

import pytest

from engine.models.checkpoint import CheckpointFile
from engine.models.downloading.partial import NotKeptError, Origin, Partial

ORIGIN = Origin("http://here/w", '"1"', None)


def test_an_empty_part_is_not_left_behind(tmp_path: Path) -> None:
    part = Partial(tmp_path, CheckpointFile("w"))
    part.begin(ORIGIN, anew=True)
    assert len(list(tmp_path.iterdir())) == 2
    part.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a disk that is always full")
def test_a_full_disk_is_told(tmp_path: Path) -> None:
    part = Partial(tmp_path, CheckpointFile("w"))
    part.path.symlink_to("/dev/full")
    part.begin(ORIGIN, anew=False)
    with pytest.raises(NotKeptError, match=r"The disk is full: .*/w could not .* make room"):
        part.write(b"much")
    part.close()


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    part = Partial(tmp_path, CheckpointFile("w"))
    part.path.mkdir()
    with pytest.raises(NotKeptError, match="cannot be written"):
        part.begin(ORIGIN, anew=True)


def test_a_file_is_taken_up_anew_after_a_try_that_was_given_up(tmp_path: Path) -> None:
    part = Partial(tmp_path, CheckpointFile("w"))
    part.begin(ORIGIN, anew=True)
    part.write(b"some")
    asyncio.run(part.reopen())
    assert part.done == 4
    assert part.sha256 == hashlib.sha256(b"some").hexdigest()
    part.begin(ORIGIN, anew=False)
    part.write(b"more")
    part.close()
    assert part.path.read_bytes() == b"somemore"


@pytest.mark.parametrize("notes", [b"", b"{", b"[]", b'{"url": 1}', b"\xff"])
def test_damaged_notes_are_as_good_as_none(tmp_path: Path, notes: bytes) -> None:
    part = Partial(tmp_path, CheckpointFile("w"))
    part.path.write_bytes(b"some")
    part.notes.write_bytes(notes)
    with pytest.raises(StopIteration):
        part.reopen().send(None)
    assert (part.done, part.origin) == (0, None)
