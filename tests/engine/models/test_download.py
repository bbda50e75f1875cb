import hashlib
import json
import multiprocessing
import sys
import threading
from contextlib import closing
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import filelock
import httpx2
import pytest

from engine.errors import CheckpointError, DownloadError
from engine.models.checkpoint import Checkpoint, CheckpointFile
from engine.models.checkpoints import CHECKPOINTS
from engine.models.download import DownloadReport, bytes_left, download, find_downloadable
from engine.models.downloading import fetching, partial
from engine.models.downloading.alone import LOCK_FILE
from engine.models.downloading.source import Source
from engine.models.installed import RECORD_FILE, find_installed, read_record
from engine.models.keeping import keeping
from engine.models.translators import TRANSLATORS
from tests.engine.models.conftest import SHA256, WEIGHTS
from tests.engine.models.site import Site, refusing, sending, serving, silent

NAME = "w.safetensors"
PART = f".{NAME}.part"


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")}


def test_all_files_arrive_with_reports_and_are_installed(
    checkpoint: Checkpoint, tmp_path: Path
) -> None:
    reports = list(download(checkpoint, tmp_path))
    assert names(tmp_path) == {"mine", NAME, "t.spm", RECORD_FILE}
    assert (tmp_path / "mine" / NAME).read_bytes() == WEIGHTS
    record = read_record(tmp_path / "mine")
    assert record.tokenizer
    assert record.tokenizer.sha256 == hashlib.sha256(b"tokenizer").hexdigest()
    assert reports[-1].done == reports[-1].total == len(WEIGHTS) + len(b"tokenizer")


def test_without_a_parent_it_is_downloaded_to_where_checkpoints_are_looked_for(
    checkpoint: Checkpoint,
) -> None:
    list(download(checkpoint))
    assert find_installed("mine").record.weights.sha256 == SHA256


def test_reports_keep_coming_while_the_server_is_silent_and_closing_ends_it(
    checkpoint: Checkpoint, site: Site, tmp_path: Path
) -> None:
    site.answers["/w"] = silent(site, after=WEIGHTS[:1000], length=len(WEIGHTS))
    with closing(download(checkpoint, tmp_path)) as reports:
        report = next(report for report in reports if report.done == 1000)
        again = next(reports)
    assert (report.step, report.file, report.total) == ("downloading", NAME, None)
    assert (again.done, again.seconds_left) == (1000, None)
    assert names(tmp_path) == {"mine", PART, f"{PART}.json"}


def test_reports_keep_coming_while_the_network_is_made_ready(
    checkpoint: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported, make = threading.Event(), fetching._client

    def make_slowly(source: Source) -> httpx2.AsyncClient:
        assert reported.wait(20)
        return make(source)

    monkeypatch.setattr(fetching, "_client", make_slowly)
    with closing(download(checkpoint, tmp_path)) as reports:
        assert [next(reports).done for _ in range(3)] == [0, 0, 0]
        reported.set()
        assert list(reports)[-1].done > 0


def test_it_can_be_cancelled_before_the_first_byte(
    checkpoint: Checkpoint, site: Site, tmp_path: Path
) -> None:
    site.answers["/w"] = silent(site)
    with closing(download(checkpoint, tmp_path)) as reports:
        assert next(reports).step == "connecting"
    assert names(tmp_path) == set()


def test_what_has_arrived_is_gone_on_from_at_the_next_start(
    checkpoint: Checkpoint, site: Site, tmp_path: Path
) -> None:
    site.answers["/w"] = silent(site, after=WEIGHTS[:1000], length=len(WEIGHTS))
    with closing(download(checkpoint, tmp_path)) as reports:
        next(report for report in reports if report.done == 1000)
    site.answers["/w"] = serving(WEIGHTS)
    assert bytes_left(replace(checkpoint, tokenizer=None), tmp_path) == len(WEIGHTS) - 1000
    reports_of_the_rest = list(download(checkpoint, tmp_path))
    assert site.requests[1]["Range"] == "bytes=1000-"
    assert (tmp_path / "mine" / NAME).read_bytes() == WEIGHTS
    assert all(report.done >= 1000 for report in reports_of_the_rest[1:])


def _download_until_killed(checkpoint: Checkpoint, parent: Path) -> None:
    for _ in download(checkpoint, parent):
        pass


def test_a_killed_program_goes_on_at_the_next_start(
    checkpoint: Checkpoint, site: Site, tmp_path: Path
) -> None:
    sent = threading.Event()
    keep_silent = silent(site, after=WEIGHTS[:5000], length=len(WEIGHTS))
    site.answers["/w"] = keep_silent
    process = multiprocessing.get_context("spawn").Process(
        target=_download_until_killed, args=(checkpoint, tmp_path)
    )
    process.start()
    part = tmp_path / "mine" / PART
    while not (part.exists() and part.stat().st_size == 5000):
        assert process.is_alive()
        sent.wait(0.01)
    process.kill()
    process.join()
    site.answers["/w"] = serving(WEIGHTS)
    list(download(checkpoint, tmp_path))
    assert site.requests[1]["Range"] == "bytes=5000-"
    assert names(tmp_path) == {"mine", NAME, "t.spm", RECORD_FILE}


def test_files_that_are_there_are_not_fetched_again(
    checkpoint: Checkpoint, site: Site, tmp_path: Path
) -> None:
    site.answers["/t"] = refusing(404)
    with pytest.raises(DownloadError):
        list(download(checkpoint, tmp_path))
    assert names(tmp_path) == {"mine", NAME}
    site.answers["/t"] = sending(b"tokenizer")
    list(download(checkpoint, tmp_path))
    assert site.asked == ["/w", "/t", "/t"]
    reports = list(download(checkpoint, tmp_path))
    assert len(site.asked) == 3
    assert {report.step for report in reports} == {"checking"}
    assert reports[-1].done == reports[-1].total


@pytest.mark.parametrize("known", [True, False])
def test_a_damaged_file_is_fetched_again_even_where_only_the_record_tells(
    checkpoint: Checkpoint, unpublished: Checkpoint, site: Site, tmp_path: Path, known: bool
) -> None:
    wanted = checkpoint if known else unpublished
    list(download(wanted, tmp_path))
    (tmp_path / "mine" / NAME).write_bytes(WEIGHTS[::-1])
    list(download(wanted, tmp_path))
    assert (tmp_path / "mine" / NAME).read_bytes() == WEIGHTS
    assert read_record(tmp_path / "mine").weights.sha256 == SHA256
    assert site.asked == ["/w", "/t", "/w"]


def test_a_later_copy_has_to_be_the_one_that_was_first_used(
    unpublished: Checkpoint, site: Site, tmp_path: Path
) -> None:
    list(download(unpublished, tmp_path))
    (tmp_path / "mine" / NAME).unlink()
    site.answers["/w"] = sending(WEIGHTS[::-1])
    with pytest.raises(DownloadError, match="SHA-256"):
        list(download(unpublished, tmp_path))
    assert NAME not in names(tmp_path)


def test_a_table_that_has_another_file_by_now_is_believed(
    checkpoint: Checkpoint, site: Site, tmp_path: Path
) -> None:
    list(download(checkpoint, tmp_path))
    newer = hashlib.sha256(b"newer").hexdigest()
    site.answers["/w"] = sending(b"newer")
    weights = replace(checkpoint.weights, sha256=newer, size=5)
    list(download(replace(checkpoint, weights=weights), tmp_path))
    assert read_record(tmp_path / "mine").weights.sha256 == newer


def test_a_damaged_record_is_written_anew(checkpoint: Checkpoint, tmp_path: Path) -> None:
    list(download(checkpoint, tmp_path))
    (tmp_path / "mine" / RECORD_FILE).write_text(json.dumps({"name": 5}))
    list(download(checkpoint, tmp_path))
    assert read_record(tmp_path / "mine").name == "mine"


def test_a_file_without_an_address_has_to_be_there(checkpoint: Checkpoint, tmp_path: Path) -> None:
    own = replace(checkpoint, weights=CheckpointFile(NAME))
    with pytest.raises(DownloadError, match="cannot be downloaded"):
        list(download(own, tmp_path))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / NAME).write_bytes(WEIGHTS)
    list(download(own, tmp_path))


def test_what_does_not_fit_on_the_disk_is_not_download(
    checkpoint: Checkpoint, site: Site, tmp_path: Path
) -> None:
    huge = replace(checkpoint, weights=replace(checkpoint.weights, size=2**60))
    with pytest.raises(DownloadError, match=r"MiB are needed .*: make room"):
        list(download(huge, tmp_path))
    assert site.asked == []
    assert names(tmp_path) == set()


def test_what_only_the_server_says_does_not_fit_is_not_download(
    unpublished: Checkpoint, site: Site, tmp_path: Path
) -> None:
    site.answers["/w"] = sending(WEIGHTS, 2**60)
    with pytest.raises(DownloadError, match="MiB are needed"):
        list(download(unpublished, tmp_path))
    assert names(tmp_path) == set()


def test_some_room_is_left_on_the_disk(
    checkpoint: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partial, "SPARE_BYTES", 2**60)
    with pytest.raises(DownloadError, match="MiB are needed"):
        list(download(checkpoint, tmp_path))


def _download_small_files(checkpoint: Checkpoint, parent: Path, told: Connection) -> None:
    import resource  # not on Windows

    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
    try:
        list(download(checkpoint, parent))
    except DownloadError as error:
        told.send(str(error))


@pytest.mark.skipif(sys.platform == "win32", reason="it has no limit for files")
def test_a_disk_that_cannot_take_it_is_told_and_another_address_is_not_tried(
    checkpoint: Checkpoint, site: Site, tmp_path: Path
) -> None:
    urls = (*checkpoint.weights.urls, f"{site.address}/other")
    twice = replace(checkpoint, weights=replace(checkpoint.weights, urls=urls))
    here, there = multiprocessing.Pipe(duplex=False)
    with here, there:
        process = multiprocessing.get_context("spawn").Process(
            target=_download_small_files, args=(twice, tmp_path, there)
        )
        process.start()
        process.join()
        assert "cannot hold a file as large" in here.recv()
    assert site.asked == ["/w"]
    assert (tmp_path / "mine" / PART).read_bytes() == WEIGHTS[:10_000]


def test_a_folder_that_cannot_be_made_is_a_sentence(checkpoint: Checkpoint, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DownloadError, match="cannot be made"):
        list(download(checkpoint, tmp_path / "file"))


def test_two_programs_do_not_download_the_same(checkpoint: Checkpoint, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    lock = filelock.FileLock(tmp_path / "mine" / LOCK_FILE)
    with lock, pytest.raises(DownloadError, match="by another"):
        list(download(checkpoint, tmp_path))


def test_what_is_left_is_told_before(
    checkpoint: Checkpoint, unpublished: Checkpoint, tmp_path: Path
) -> None:
    alone = replace(checkpoint, tokenizer=None)
    assert bytes_left(alone, tmp_path) == len(WEIGHTS)
    assert bytes_left(unpublished, tmp_path) is None
    list(download(unpublished, tmp_path))
    assert bytes_left(unpublished, tmp_path) == 0


def test_the_time_left_follows_from_the_rate() -> None:
    report = DownloadReport("downloading", NAME, done=40, total=100, rate=20.0)
    assert report.seconds_left == 3.0
    assert replace(report, total=None).seconds_left is None
    assert replace(report, rate=0.0).seconds_left is None


def test_the_table_is_searched_by_name() -> None:
    assert find_downloadable(CHECKPOINTS[0].name) is CHECKPOINTS[0]
    assert find_downloadable(TRANSLATORS[0].name) is TRANSLATORS[0]
    assert keeping(TRANSLATORS[0]).convert
    with pytest.raises(CheckpointError, match=f"Known are: .*{CHECKPOINTS[-1].name}"):
        find_downloadable("nobody")
