import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from engine.errors import CaptionsError
from engine.images.preprocessing import UInt8Array
from engine.models.encoder import FloatArray
from engine.training.teacher import (
    BLOCK,
    SMALLEST_STD,
    TeacherEmbeddings,
    embed_by_teacher,
    photo_name,
    read_teacher,
)
from engine.training.views import ImageAugmentation, view

MIXED = ImageAugmentation(mixed=True)
N = 2 * BLOCK + 20


class Means:
    """A network whose embedding is known: the mean of each channel over a grid of cells."""

    def __init__(self, size: int, cells: int, name: str = "means", scale: float = 1.0) -> None:
        self.name, self.size, self.cells, self.scale = f"{name}{cells}", size, cells, scale
        self.dimension = cells * cells * 3
        self.seen: list[UInt8Array] = []
        self.threads: set[int] = set()

    def embed(self, image: UInt8Array) -> FloatArray:
        assert image.shape == (self.size, self.size, 3)
        self.seen.append(image)
        self.threads.add(threading.get_ident())
        side = self.size // self.cells
        cells = image.reshape(self.cells, side, self.cells, side, 3).mean(axis=(1, 3))
        return np.asarray(self.scale * cells, np.float32).ravel()


@pytest.fixture
def pixels() -> UInt8Array:
    return np.random.default_rng(0).integers(0, 256, (N, 8, 8, 3), dtype=np.uint8)


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """As on a disk with little room: a write beyond fails, after what fitted was written."""
    resource = pytest.importorskip("resource", reason="not on Windows")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


NAMES = [f"ảnh/{row:03}.jpg" for row in range(N)]


def networks() -> list[Means]:
    return [Means(8, 2), Means(4, 1)]


def embed(
    pixels: UInt8Array,
    path: Path,
    *,
    names: Sequence[str] = NAMES,
    by: Sequence[Means] | None = None,
    views: int = 3,
    seed: int = 1,
    how: ImageAugmentation = MIXED,
    stop_after: int | None = None,
    jobs: int = 1,
    anew: bool = False,
) -> list[int]:
    steps = embed_by_teacher(
        names, pixels, by or networks(), path, views, seed, how, jobs=jobs, anew=anew
    )
    return list(islice(steps, stop_after))


def test_the_embeddings_are_those_of_the_views_the_student_will_see(
    pixels: UInt8Array, tmp_path: Path
) -> None:
    path = tmp_path / "teacher.npy"
    assert embed(pixels, path) == [0, BLOCK, 2 * BLOCK, N]
    found = read_teacher(path)
    assert (found.names, found.seed, found.how) == (tuple(NAMES), 1, MIXED)
    assert found.embeddings.shape == (N, 3, 12 + 3)
    assert found.embeddings.dtype == np.float16
    two, one = networks()
    for row, number in ((0, 0), (7, 1), (N - 1, 2)):
        parts = [
            network.embed(view(pixels, row, number, 1, network.size, MIXED))
            for network in (two, one)
        ]
        assert np.array_equal(
            found.embeddings[row, number], np.concatenate(parts).astype(np.float16)
        )
    assert found.plain_views == (0, 2)


def test_without_views_each_whole_photo_is_embedded_once(
    pixels: UInt8Array, tmp_path: Path
) -> None:
    path = tmp_path / "teacher.npy"
    embed(pixels, path, by=[Means(8, 1)], views=0)
    found = read_teacher(path)
    assert (found.seed, found.how, found.plain_views) == (None, None, (0,))
    assert np.allclose(found.embeddings[:, 0], pixels.mean(axis=(1, 2)), rtol=1e-3)


def test_views_that_are_not_mixed_are_all_plain(pixels: UInt8Array, tmp_path: Path) -> None:
    embed(pixels, tmp_path / "a.npy", how=ImageAugmentation())
    assert read_teacher(tmp_path / "a.npy").plain_views == (0, 1, 2)


def test_a_stopped_computation_goes_on_where_it_was_and_ends_the_same(
    pixels: UInt8Array, tmp_path: Path
) -> None:
    path, whole = tmp_path / "a.npy", tmp_path / "b.npy"
    assert embed(pixels, path, stop_after=2) == [0, BLOCK]
    with pytest.raises(CaptionsError, match=r"not finished: 50 of 120 photos.*goes on\.$"):
        read_teacher(path)
    with path.open("ab") as file:
        file.write(b"killed while it wrote")
    rest = networks()
    assert embed(pixels, path, by=rest) == [BLOCK, 2 * BLOCK, N]
    assert len(rest[0].seen) == 3 * (N - BLOCK)
    embed(pixels, whole)
    assert path.read_bytes() == whole.read_bytes()
    assert path.with_suffix(".json").read_bytes() == whole.with_suffix(".json").read_bytes()
    idle = networks()
    assert embed(pixels, path, by=idle) == [N]
    assert not idle[0].seen


@pytest.mark.parametrize("left", [b"", b"\x93NUMPY"])
def test_a_computation_stopped_at_its_very_start_goes_on_too(
    left: bytes, pixels: UInt8Array, tmp_path: Path
) -> None:
    path = tmp_path / "a.npy"
    embed(pixels, path, stop_after=1)
    path.write_bytes(left)
    assert embed(pixels, path)[-1] == N
    assert read_teacher(path).embeddings.shape[0] == N


def test_several_threads_make_the_same_embeddings(pixels: UInt8Array, tmp_path: Path) -> None:
    alone, together = networks(), networks()
    embed(pixels, tmp_path / "a.npy", by=alone)
    embed(pixels, tmp_path / "b.npy", by=together, jobs=4)
    assert (tmp_path / "a.npy").read_bytes() == (tmp_path / "b.npy").read_bytes()
    assert len(alone[0].threads) == 1
    assert len(together[0].threads) > 1


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"views": 0}, "other views"),
        ({"seed": 2}, "other views"),
        ({"how": ImageAugmentation(mixed=True, colour=0.1)}, "other views"),
        ({"names": NAMES[::-1]}, "other photos"),
        ({"by": [Means(8, 2)]}, "other networks"),
        ({"by": [Means(8, 2)], "seed": 2}, "other views and other networks"),
    ],
)
@pytest.mark.parametrize("stop_after", [2, None])
def test_embeddings_of_something_else_are_not_overwritten_unless_asked(
    other: dict[str, object], told: str, stop_after: int | None, pixels: UInt8Array, tmp_path: Path
) -> None:
    path = tmp_path / "a.npy"
    embed(pixels, path, stop_after=stop_after)
    before = path.read_bytes()
    with pytest.raises(CaptionsError, match=f"there already, of {told}: .*--anew"):
        embed(pixels, path, **other)  # type: ignore[arg-type]
    assert path.read_bytes() == before
    assert embed(pixels, path, anew=True, **other)[-1] == N  # type: ignore[arg-type]
    assert read_teacher(path).embeddings.shape[0] == N


def test_a_photo_that_has_changed_is_told(pixels: UInt8Array, tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    embed(pixels, path, stop_after=2)
    changed = pixels.copy()
    changed[-1, -1, -1, -1] ^= 1
    with pytest.raises(CaptionsError, match=r"of photos that have changed since: .*--anew"):
        embed(changed, path)
    assert embed(pixels, path)[-1] == N


def test_embeddings_of_before_photos_were_hashed_can_be_read(
    pixels: UInt8Array, tmp_path: Path
) -> None:
    path = tmp_path / "a.npy"
    embed(pixels, path)
    record = json.loads(path.with_suffix(".json").read_text("utf-8"))
    del record["pixels"]
    path.with_suffix(".json").write_text(json.dumps(record), "utf-8")
    assert read_teacher(path).names == tuple(NAMES)


def test_a_disk_that_is_full_halfway_is_told_and_work_goes_on_when_there_is_room(
    pixels: UInt8Array, tmp_path: Path
) -> None:
    path, whole = tmp_path / "a.npy", tmp_path / "b.npy"
    steps = embed_by_teacher(NAMES, pixels, networks(), path, 3, 1, MIXED)
    assert [next(steps), next(steps)] == [0, BLOCK]
    with (
        files_no_larger_than(path.stat().st_size + 1000),
        pytest.raises(CaptionsError, match=r"a\.npy cannot be written: File too large\.$"),
    ):
        next(steps)
    assert path.stat().st_size > 4700  # a part was written before the disk was full
    assert embed(pixels, path) == [BLOCK, 2 * BLOCK, N]
    embed(pixels, whole)
    assert path.read_bytes() == whole.read_bytes()


def test_a_record_that_cannot_be_written_halfway_is_told(
    pixels: UInt8Array, tmp_path: Path
) -> None:
    path = tmp_path / "a.npy"
    steps = embed_by_teacher(NAMES, pixels, networks(), path, 3, 1, MIXED)
    next(steps)
    (tmp_path / ".a.json.part").mkdir()
    with pytest.raises(CaptionsError, match=r"a\.npy cannot be written: "):
        next(steps)


def test_another_number_of_views_is_something_else(pixels: UInt8Array, tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    embed(pixels, path, stop_after=2)
    with pytest.raises(CaptionsError, match="or of another number of views"):
        embed(pixels, path, views=4)


def test_a_file_that_lost_its_end_is_not_gone_on_with(pixels: UInt8Array, tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    embed(pixels, path, stop_after=2)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CaptionsError, match=r"cut short, changed, or .*: begin anew"):
        embed(pixels, path)


def test_a_file_of_somebody_elses_is_not_overwritten(pixels: UInt8Array, tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    path.write_bytes(b"mine")
    with pytest.raises(CaptionsError, match=r"a\.npy cannot be used: a\.json, .* is not beside it"):
        embed(pixels, path)
    assert path.read_bytes() == b"mine"


def test_names_that_are_doubled_and_photos_without_a_partner_are_refused(
    pixels: UInt8Array, tmp_path: Path
) -> None:
    with pytest.raises(CaptionsError, match=r"two photos called ảnh/001\.jpg"):
        embed(pixels, tmp_path / "a.npy", names=[*NAMES[:-1], NAMES[1]])
    with pytest.raises(CaptionsError, match="no other to be mixed with"):
        embed(pixels[:1], tmp_path / "a.npy", names=NAMES[:1])
    assert not list(tmp_path.iterdir())
    assert embed(pixels[:1], tmp_path / "a.npy", names=NAMES[:1], views=0) == [0, 1]


@pytest.mark.parametrize("scale", [1e4, np.nan])
def test_numbers_that_float16_cannot_hold_are_refused(
    scale: float, pixels: UInt8Array, tmp_path: Path
) -> None:
    with pytest.raises(CaptionsError, match="photo 1 do not fit into float16"):
        embed(pixels, tmp_path / "a.npy", by=[Means(8, 1, scale=scale)])


def test_places_that_cannot_be_written_to_are_named(pixels: UInt8Array, tmp_path: Path) -> None:
    with pytest.raises(CaptionsError, match=r"a\.npy cannot be written: No such file"):
        embed(pixels, tmp_path / "nowhere" / "a.npy")
    with pytest.raises(CaptionsError, match=r"“a\.bin” does not end in \.npy\."):
        embed(pixels, tmp_path / "a.bin")


def test_rows_are_found_by_name_where_whole_photos_were_embedded(
    pixels: UInt8Array, tmp_path: Path
) -> None:
    embed(pixels, tmp_path / "a.npy", views=0)
    found = read_teacher(tmp_path / "a.npy")
    assert found.rows_of([NAMES[5], NAMES[0], NAMES[5]]).tolist() == [5, 0, 5]
    with pytest.raises(CaptionsError, match=r"no embedding of 2 of 3 photos, first new\.jpg\."):
        found.rows_of(["new.jpg", NAMES[0], "newer.jpg"])


def test_views_are_of_these_photos_in_this_order_only(pixels: UInt8Array, tmp_path: Path) -> None:
    embed(pixels, tmp_path / "a.npy")
    found = read_teacher(tmp_path / "a.npy")
    assert found.rows_of(NAMES).tolist() == list(range(N))
    for others in (NAMES[:-1], NAMES[::-1], [*NAMES[:-1], "other.jpg"]):
        with pytest.raises(CaptionsError, match="others, or in another order"):
            found.rows_of(others)


def test_statistics_are_those_of_all_embeddings_at_once() -> None:
    random = np.random.default_rng(0)
    spread, level = np.array([1.0, 30.0, 0.0]), np.array([0.0, 100.0, 5.0])
    embeddings = (random.normal(size=(N, 2, 3)) * spread + level).astype(np.float16)
    mean, std = TeacherEmbeddings(Path("a.npy"), tuple(NAMES), embeddings, 1, MIXED).statistics()
    exact = embeddings.astype(np.float64).reshape(-1, 3)
    assert mean.dtype == std.dtype == np.dtype(np.float32)
    assert np.allclose(mean, exact.mean(axis=0), rtol=1e-6)
    assert np.allclose(std[:2], exact.std(axis=0)[:2], rtol=1e-6)
    assert std[2] == np.float32(SMALLEST_STD)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("{", r"does not describe a teacher"),
        ("[]", r"does not describe a teacher"),
        ('{"names": ["a"]}', r"does not describe a teacher"),
        ('{"names": ["a"], "done": 1, "views": {"seed": 1, "how": {"x": 1}}, "networks": []}',
         r"does not describe a teacher"),
        ('{"names": ["a"], "done": 1, "views": null, "networks": []}', r"do not belong together"),
    ],
)  # fmt: skip
def test_a_record_that_does_not_fit_is_told(
    written: str, sentence: str, pixels: UInt8Array, tmp_path: Path
) -> None:
    embed(pixels, tmp_path / "a.npy")
    (tmp_path / "a.json").write_text(written)
    with pytest.raises(CaptionsError, match=sentence):
        read_teacher(tmp_path / "a.npy")


def test_embeddings_that_are_missing_cut_short_or_none_are_told(
    pixels: UInt8Array, tmp_path: Path
) -> None:
    path = tmp_path / "a.npy"
    with pytest.raises(CaptionsError, match=r"a\.npy does not exist\."):
        read_teacher(path)
    embed(pixels, path)
    with pytest.raises(CaptionsError, match=r"“a\.json” does not end in \.npy\."):
        read_teacher(path.with_suffix(".json"))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CaptionsError, match=r"a\.npy is cut short"):
        read_teacher(path)
    path.write_bytes(b"no numbers")
    with pytest.raises(CaptionsError, match=r"a\.npy is cut short, or no NumPy file"):
        read_teacher(path)
    path.unlink()
    with pytest.raises(CaptionsError, match=r"a\.npy cannot be read: No such file"):
        read_teacher(path)
    np.save(path, np.zeros((N, 3), np.float16))
    with pytest.raises(CaptionsError, match=r"shape \(120, 3\), float16: no teacher"):
        read_teacher(path)


def test_the_record_names_views_and_networks(pixels: UInt8Array, tmp_path: Path) -> None:
    embed(pixels, tmp_path / "a.npy")
    written = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert written["networks"] == ["means2", "means1"]
    assert read_teacher(tmp_path / "a.npy").networks == ("means2", "means1")
    assert written["views"]["seed"] == 1
    assert written["views"]["how"]["mixed"] is True
    assert written["names"][0] == "ảnh/000.jpg"


def test_a_photo_keeps_its_name_when_its_data_is_moved() -> None:
    names = {photo_name(Path(root) / "data" / "images" / "1.jpg") for root in ("/a", "/b/c")}
    assert names == {"images/1.jpg"}
