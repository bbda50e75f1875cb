from pathlib import Path

import pytest

from engine.errors import CaptionsError, CheckpointError
from engine.files import replacing, writing_to


@pytest.mark.parametrize("durable", [True, False])
def test_a_file_is_replaced_when_all_went_well(tmp_path: Path, durable: bool) -> None:
    path = tmp_path / "ảnh.json"
    path.write_text("old")
    with replacing(path, durable=durable) as temporary:
        temporary.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_what_failed_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    with pytest.raises(TypeError, match="str"), replacing(path) as temporary:
        temporary.write_text(b"half")  # type: ignore[arg-type]
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    (tmp_path / ".a.part").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left"), replacing(path) as temporary:
        temporary.write_text("new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_program_left_behind_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a"
    (tmp_path / ".a.part").write_bytes(bytes(10_000))
    with replacing(path) as temporary:
        temporary.write_text("new")
    assert path.read_text() == "new"


def test_what_the_disk_refuses_is_told_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "ảnh.json"
    with (
        pytest.raises(CaptionsError, match=r"ảnh\.json cannot be written: No such file or dir"),
        writing_to(path, CaptionsError),
    ):
        path.write_bytes(b"1")
    with (
        pytest.raises(CheckpointError, match=r"^here cannot be written: no reason at hand\.$"),
        writing_to(Path("here"), CheckpointError),
    ):
        raise OSError("no reason at hand")


def test_other_mistakes_while_writing_stay_what_they_are() -> None:
    with pytest.raises(ZeroDivisionError), writing_to(Path("here"), CheckpointError):
        _ = 1 / 0
