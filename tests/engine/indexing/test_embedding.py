import contextlib
import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from engine.errors import LibraryError
from engine.images.thumbnails import thumbnail_path
from engine.index.upkeep import open_index
from engine.index.vector_index import VectorIndex
from engine.indexing import embedding
from engine.indexing.adding import AddReport, add_files, refresh_paths
from engine.indexing.embedding import BATCH_SIZE, EmbedReport, embed_missing
from engine.inference.client import ModelProcess
from engine.inference.messages import EmbeddedPhoto, PhotoAnswer, PhotoToEmbed
from engine.library.library import Library
from engine.models.installed import InstalledCheckpoint

Add = Callable[..., AddReport]
Embed = Callable[..., EmbedReport]
Indexes = dict[str, VectorIndex]
Make = Callable[..., Path]
Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
DIMENSION = 32  # of the tiny encoders
REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def five(album: Path, make_photo: Make) -> list[Path]:
    return [make_photo(album / f"{number}.png", number) for number in range(5)]


@pytest.fixture
def seventy(album: Path, make_photo: Make) -> list[Path]:
    """More photos than two batches."""
    return [make_photo(album / f"{number:02}.png", number, (12, 9)) for number in range(70)]


def test_both_embeddings_of_a_photo_carry_its_id_everywhere(
    library: Library,
    album: Path,
    five: list[Path],
    add: Add,
    embed: Embed,
    indexes: Indexes,
    models: ModelProcess,
) -> None:
    add(album)
    report = embed()
    assert (report.total, report.done, report.failed) == (5, 5, 0)
    for photo in library.photos.get([1, 2, 3, 4, 5]):
        (alone,) = models.embed_photos([PhotoToEmbed(photo.path, tuple(indexes))])
        assert isinstance(alone, EmbeddedPhoto)
        for key, index in indexes.items():
            stored = library.embeddings.read(key, [photo.id])[1][0]
            np.testing.assert_allclose(stored, alone.embeddings[key], atol=2e-3)
            ids, cosines = index.scores(alone.embeddings[key].astype(np.float32))
            assert ids[np.argmax(cosines)] == photo.id


def test_facts_and_thumbnails_are_kept(
    library: Library, album: Path, five: list[Path], add: Add, embed: Embed
) -> None:
    add(album)
    embed()
    for photo in library.photos.get([1, 2, 3, 4, 5]):
        assert (photo.width, photo.height) == (64, 48)
        assert photo.content_hash
        assert thumbnail_path(library.paths.thumbnails, photo.id).read_bytes()[:2] == b"\xff\xd8"


def test_a_broken_file_is_recorded_and_the_others_are_embedded(
    library: Library, album: Path, five: list[Path], add: Add, embed: Embed, indexes: Indexes
) -> None:
    five[2].write_bytes(five[2].read_bytes()[:1_000])
    (album / "6.jpg").write_bytes(b"")
    add(album)
    report = embed()
    assert (report.done, report.failed, report.total) == (4, 2, 6)
    failures = {os.path.basename(failure.path): failure for failure in library.failures.all()}
    assert sorted(failures) == [b"2.png", b"6.jpg"]
    assert failures[b"6.jpg"].reason == "The file is empty."
    assert failures[b"2.png"].permanent
    assert all(len(index) == 4 for index in indexes.values())


def test_a_file_broken_for_good_is_tried_again_only_when_it_changes(
    library: Library, album: Path, make_photo: Make, add: Add, embed: Embed
) -> None:
    (album / "a.png").write_bytes(b"not a photo")
    add(album)
    assert embed().failed == 1
    an_hour_later(library)
    add(album)
    assert embed().total == 0
    make_photo(album / "a.png")
    add(album)
    assert (embed().done, library.failures.all()) == (1, [])


def test_a_passing_failure_is_tried_once_a_run(
    library: Library, album: Path, five: list[Path], add: Add, embed: Embed
) -> None:
    add(album)
    five[1].rename(album / "away")
    report = embed()
    assert (report.done, report.failed, report.total) == (4, 1, 5)
    (album / "away").rename(five[1])
    an_hour_later(library)
    assert (embed().done, library.failures.all()) == (1, [])


def an_hour_later(library: Library) -> None:
    library._connection.execute("UPDATE failure SET failed_at = failed_at - 3600")


def test_only_the_photos_asked_for_are_embedded(
    library: Library, album: Path, five: list[Path], add: Add, embed: Embed, indexes: Indexes
) -> None:
    add(album)
    assert embed(only=[2, 4, 99]).done == 2
    for key, index in indexes.items():
        assert sorted(index.ids.tolist()) == [2, 4]
        assert library.embeddings.photo_ids(key).tolist() == [2, 4]
    assert embed(only=[]).total == 0
    assert embed().done == 3


def test_a_photo_that_lacks_one_embedding_gets_that_one(
    library: Library, album: Path, five: list[Path], add: Add, embed: Embed, indexes: Indexes
) -> None:
    add(album)
    embed()
    first, second = indexes
    library._connection.execute(
        "DELETE FROM embedding WHERE photo_id = 3 AND checkpoint_id = "
        "(SELECT id FROM checkpoint WHERE key = ?)",
        (second,),
    )
    before = library.embeddings.read(first, [3])[1]
    assert embed().done == 1
    np.testing.assert_array_equal(library.embeddings.read(first, [3])[1], before)
    assert library.embeddings.count(second) == 5


def test_reports_come_before_the_first_batch_and_after_each(
    library: Library,
    album: Path,
    seventy: list[Path],
    add: Add,
    models: ModelProcess,
    indexes: Indexes,
) -> None:
    add(album)
    reports = list(embed_missing(library, models, indexes))
    assert [report.done for report in reports] == [0, 32, 64, 70]
    assert [report.total for report in reports] == [70] * 4
    assert [id_ for report in reports for id_ in report.ids] == list(range(1, 71))


def test_a_pair_that_nothing_is_searched_by_yet_needs_no_index(
    library: Library, album: Path, make_photo: Make, add: Add, models: ModelProcess, tiny_pair: Pair
) -> None:
    make_photo(album / "1.png")
    add(album)
    openclip, beit3 = (checkpoint.key for checkpoint in tiny_pair)
    assert [r.done for r in embed_missing(library, models, {}, checkpoints=[beit3])] == [0, 1]
    assert (library.embeddings.count(openclip), library.embeddings.count(beit3)) == (0, 1)
    assert not library.paths.indexes.exists()


def test_closing_the_work_stops_at_once_and_loses_nothing(
    library: Library,
    album: Path,
    seventy: list[Path],
    add: Add,
    models: ModelProcess,
    indexes: Indexes,
    embed: Embed,
) -> None:
    add(album)
    work = embed_missing(library, models, indexes)
    next(work)
    next(work)
    work.close()
    for key, index in indexes.items():
        reopened = open_index(library, key, index.dimension)
        assert sorted(reopened.ids.tolist()) == list(range(1, BATCH_SIZE + 1))
    assert (embed().done, len(index)) == (70 - BATCH_SIZE, 70)


def test_what_another_thread_does_to_a_photo_while_it_is_embedded_is_not_overwritten(
    library: Library,
    album: Path,
    make_photo: Make,
    add: Add,
    models: ModelProcess,
    indexes: Indexes,
    embed: Embed,
) -> None:
    """A changed photo stays in the queue, a removed one is forgotten, the others are kept."""

    class Interrupted:
        def embed_photos(self, photos: Sequence[PhotoToEmbed]) -> list[PhotoAnswer]:
            answers = models.embed_photos(photos)
            with library.again() as other:
                make_photo(album / "1.png", seed=9)
                (album / "2.png").unlink()
                list(add_files(other, os.fsencode(album), remove_missing=True))
                removed = other.photos.find(os.fsencode(album / "3.png"))
                assert removed is not None
                other.photos._connection.run("DELETE FROM photo WHERE id = ?", (removed.id,))
            return answers

    for number in range(1, 5):
        make_photo(album / f"{number}.png", number)
    add(album)
    *_, report = embed_missing(library, cast("ModelProcess", Interrupted()), indexes)
    assert (report.done, report.failed) == (1, 0)  # only 4 is as it was
    assert not library.failures.all()
    assert library.embeddings.count_unembedded(list(indexes)) == 1
    assert embed().done == 1


def test_gone_photos_leave_the_indexes_and_copies_enter_them(
    library: Library,
    album: Path,
    seventy: list[Path],
    add: Add,
    embed: Embed,
    indexes: Indexes,
    make_photo: Make,
) -> None:
    add(album)
    embed()
    (album / "copy.png").write_bytes(seventy[7].read_bytes())
    seventy[0].unlink()
    make_photo(seventy[1], 1_000)
    seventy[2].write_bytes(b"broken")
    add(album)
    report = embed()
    assert (report.done, report.failed) == (1, 1)
    for key, index in indexes.items():
        assert sorted(index.ids.tolist()) == [2, *range(4, 72)]
        ids, cosines = index.scores(library.embeddings.read(key, [8])[1][0].astype(np.float32))
        assert {int(id_) for id_ in ids[np.argsort(-cosines)[:2]]} == {8, 71}


def test_a_file_replaced_between_two_batches_by_known_content_does_not_stay_as_it_was(
    album: Path,
    add: Add,
    library: Library,
    models: ModelProcess,
    indexes: Indexes,
    make_photo: Make,
) -> None:
    """A copied embedding is written beside the batches; no index may take it for its own."""
    for seed in range(2):
        make_photo(album / f"a{seed}.png", seed)
    add(album)
    list(embed_missing(library, models, indexes))
    for seed in range(2, 2 * BATCH_SIZE):
        make_photo(album / f"b{seed}.png", seed)
    add(album)
    work = embed_missing(library, models, indexes)
    next(work)
    next(work)  # the first batch is done
    shutil.copyfile(album / "a1.png", album / "a0.png")
    folder = library.folders.all()[0]
    list(refresh_paths(library, folder, [os.fsencode(album / "a0.png")]))
    list(work)
    list(embed_missing(library, models, indexes))
    for key, index in indexes.items():
        ids, vectors = library.embeddings.read(key, index.ids)
        for photo_id, vector in zip(ids, vectors, strict=True):
            query = vector.astype(np.float32)
            found, cosines = index.scores(query)
            assert cosines[found == photo_id] == pytest.approx(1.0, abs=2e-3)


def test_photos_of_a_folder_off_line_wait(
    library: Library, album: Path, five: list[Path], add: Add, embed: Embed
) -> None:
    add(album)
    album.rename(album.with_name("unplugged"))
    add(album)
    assert embed().total == 0
    album.with_name("unplugged").rename(album)
    add(album)
    assert embed().done == 5


def test_a_photo_changed_between_finding_and_embedding_ends_up_right(
    library: Library,
    album: Path,
    five: list[Path],
    make_photo: Make,
    add: Add,
    embed: Embed,
    models: ModelProcess,
    indexes: Indexes,
) -> None:
    add(album)
    make_photo(five[0], 100)
    embed()
    add(album)
    embed()
    (alone,) = models.embed_photos([PhotoToEmbed(os.fsencode(five[0]), tuple(indexes))])
    assert isinstance(alone, EmbeddedPhoto)
    for key in indexes:
        stored = library.embeddings.read(key, [1])[1][0]
        np.testing.assert_allclose(stored, alone.embeddings[key], atol=2e-3)
    assert library.photos.get([1])[0].size == five[0].stat().st_size
    assert add(album).changed == 0


def test_a_photo_deleted_between_finding_and_embedding_is_soon_forgotten(
    library: Library, album: Path, five: list[Path], add: Add, embed: Embed
) -> None:
    add(album)
    five[0].unlink()
    assert embed().failed == 1
    (failure,) = library.failures.all()
    assert (failure.reason, failure.permanent) == ("The file is no longer there.", False)
    add(album)
    assert (library.photos.count(), library.failures.all()) == (4, [])


def test_indexes_that_cannot_be_written_stop_nothing(
    library: Library,
    album: Path,
    five: list[Path],
    add: Add,
    embed: Embed,
    indexes: Indexes,
    caplog: pytest.LogCaptureFixture,
) -> None:
    library.paths.indexes.write_text("no folder")
    add(album)
    assert embed().done == 5
    assert "could not be written" in caplog.text
    library.paths.indexes.unlink()
    for key, index in indexes.items():
        assert len(open_index(library, key, index.dimension)) == 5


def test_a_few_photos_more_do_not_have_a_large_index_written_anew(
    library: Library,
    album: Path,
    seventy: list[Path],
    make_photo: Make,
    add: Add,
    embed: Embed,
    indexes: Indexes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(embedding, "LEAST_WORTH_SAVING", 0.1)
    add(album)
    embed()
    files = sorted(library.paths.indexes.glob("*.faiss"))
    before = [file.read_bytes() for file in files]
    make_photo(album / "new.png", 500)
    add(album)
    assert embed().done == 1
    assert [file.read_bytes() for file in files] == before
    for key, index in indexes.items():
        assert len(open_index(library, key, index.dimension)) == len(index) == 71


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 600 KiB, and not one byte more."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(disk)]
    if sys.platform != "linux" or subprocess.run(mount, check=False).returncode:
        pytest.skip("no small disk can be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("what_fills_it", ["library", "thumbnails"])
def test_a_full_disk_is_a_sentence_and_the_next_run_goes_on(
    tmp_path: Path,
    album: Path,
    make_photo: Make,
    small_disk: Path,
    tiny_pair: Pair,
    models: ModelProcess,
    what_fills_it: str,
) -> None:
    for number in range(170):
        make_photo(album / f"{number:03}.png", number, (96, 80))
    folder = small_disk / "library" if what_fills_it == "library" else tmp_path / "library"
    if what_fills_it == "thumbnails":
        folder.mkdir()
        (folder / "thumbnails").symlink_to(small_disk)
    with Library.open(folder) as library:
        list(add_files(library, os.fsencode(album)))
        indexes = opened(library, tiny_pair)
        with pytest.raises(LibraryError, match=r"disk is full|[Nn]o space"):
            list(embed_missing(library, models, indexes))
    subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)
    with Library.open(folder) as library:
        assert library.set_aside is None
        library.check()
        key = tiny_pair[0].key
        kept = library.embeddings.count(key)
        assert 0 < kept < 170
        report = list(embed_missing(library, models, opened(library, tiny_pair)))[-1]
        assert (report.total, report.done) == (170 - kept, 170 - kept)


def opened(library: Library, pair: Pair) -> dict[str, VectorIndex]:
    return {one.key: open_index(library, one.key, one.record.dimension) for one in pair}


DRIVER = """
import os, pickle, sys
from pathlib import Path
from engine.index.upkeep import open_index
from engine.indexing.adding import add_files
from engine.indexing.embedding import embed_missing
from engine.inference.client import ModelProcess
from engine.library.library import Library


class Noting(ModelProcess):
    def embed_photos(self, photos):
        with open(sys.argv[4], "a") as notes:
            notes.write("".join(photo.path.decode() + "\\n" for photo in photos))
        return super().embed_photos(photos)


if __name__ == "__main__":
    pair = pickle.loads(Path(sys.argv[3]).read_bytes())
    with Library.open(Path(sys.argv[1])) as library, Noting(pair) as models:
        assert library.set_aside is None
        library.check()
        list(add_files(library, os.fsencode(sys.argv[2])))
        indexes = {c.key: open_index(library, c.key, c.record.dimension) for c in pair}
        for report in embed_missing(library, models, indexes):
            print(report.done, flush=True)
"""


def test_a_kill_while_embedding_costs_at_most_one_batch(
    tmp_path: Path, album: Path, make_photo: Make, tiny_pair: Pair
) -> None:
    for number in range(400):
        make_photo(album / f"{number:03}.png", number, (12, 9))
    (tmp_path / "driver.py").write_text(DRIVER)
    (tmp_path / "pair").write_bytes(pickle.dumps(tiny_pair))
    names = ("driver.py", "library", "album", "pair", "notes")
    command = [sys.executable, *(str(tmp_path / name) for name in names)]
    reports, seconds = random.randint(1, 8), random.uniform(0, 0.1)
    assert run_for(command, reports, seconds) == -signal.SIGKILL, (reports, seconds)
    assert run_for(command) == 0
    embedded = (tmp_path / "notes").read_text().splitlines()
    assert len(set(embedded)) == 400
    assert len(embedded) <= 400 + BATCH_SIZE
    with Library.open(tmp_path / "library") as library:
        library.check()
        for one in tiny_pair:
            assert library.embeddings.count(one.key) == 400
            index = VectorIndex.load(library.paths.indexes / f"{one.key}.faiss", DIMENSION)
            assert sorted(index.ids.tolist()) == list(range(1, 401))


def run_for(command: list[str], reports: int | None = None, seconds: float = 0.0) -> int:
    """Run to the end, or kill a while after so many reports; hands out the exit code."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        if reports:
            assert process.stdout
            for _ in range(reports):
                process.stdout.readline()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
            process.kill()
        else:
            process.communicate()
    return process.returncode
