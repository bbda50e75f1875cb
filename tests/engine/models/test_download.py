import hashlib
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import CheckpointError, DownloadError
from engine.models import download as downloading
from engine.models.checkpoint import Checkpoint, CheckpointFile
from engine.models.checkpoints import CHECKPOINTS
from engine.models.download import download, find_downloadable
from engine.models.installed import RECORD_FILE, find_installed, read_record
from tests.engine.models.site import Site, leading_to, refusing, sending, sending_without_length

WEIGHTS = bytes(range(256)) * 10_000  # more than is read at once
SHA256 = hashlib.sha256(WEIGHTS).hexdigest()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    site = Site()
    thread = threading.Thread(target=site.server.serve_forever, args=(0.01,))
    thread.start()
    yield site
    site.server.shutdown()
    site.server.server_close()
    thread.join()


@pytest.fixture
def checkpoint(site: Site) -> Checkpoint:
    site.answers = {"/w.bin": sending(WEIGHTS), "/t.spm": sending(b"tokenizer")}
    return replace(
        CHECKPOINTS[0],
        name="mine",
        weights=CheckpointFile(
            "w.bin", (f"{site.address}/w.bin",), sha256=SHA256, size=len(WEIGHTS)
        ),
        tokenizer=CheckpointFile("t.spm", (f"{site.address}/t.spm",)),
    )


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")}


def knowing_nothing(checkpoint: Checkpoint) -> Checkpoint:
    return replace(checkpoint, weights=replace(checkpoint.weights, sha256=None, size=None))


def test_all_files_arrive_with_reports_and_are_installed(
    checkpoint: Checkpoint, tmp_path: Path
) -> None:
    reports = list(download(checkpoint, tmp_path))
    assert names(tmp_path) == {"mine", "w.bin", "t.spm", RECORD_FILE}
    assert (tmp_path / "mine" / "w.bin").read_bytes() == WEIGHTS
    record = read_record(tmp_path / "mine")
    assert record.tokenizer
    assert record.tokenizer.sha256 == hashlib.sha256(b"tokenizer").hexdigest()
    done = [report.done for report in reports if report.file == "w.bin"]
    assert done == sorted(set(done))
    assert len(done) == 3
    assert reports[-1].done == reports[-1].total == len(b"tokenizer")


def test_without_a_parent_it_is_downloaded_to_where_checkpoints_are_looked_for(
    checkpoint: Checkpoint,
) -> None:
    list(download(checkpoint))
    assert find_installed("mine").record.weights.sha256 == SHA256


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("length", [len(WEIGHTS) + 5, 10 * len(WEIGHTS)])
def test_a_body_shorter_than_it_says_is_refused(
    checkpoint: Checkpoint, site: Site, tmp_path: Path, known: bool, length: int
) -> None:
    site.answers["/w.bin"] = sending(WEIGHTS, length)
    with pytest.raises(DownloadError, match="broke off"):
        list(download(checkpoint if known else knowing_nothing(checkpoint), tmp_path))
    assert names(tmp_path) == set()


def test_a_body_longer_than_it_says_is_refused_where_the_size_is_known(
    checkpoint: Checkpoint, site: Site, tmp_path: Path
) -> None:
    site.answers["/w.bin"] = sending(WEIGHTS, len(WEIGHTS) - 5)
    with pytest.raises(DownloadError, match="broke off"):
        list(download(checkpoint, tmp_path))
    assert names(tmp_path) == set()


def test_a_connection_dropped_before_the_answer_is_a_sentence(
    checkpoint: Checkpoint, site: Site, tmp_path: Path
) -> None:
    site.answers["/w.bin"] = lambda handler: None
    with pytest.raises(DownloadError, match="could not be fetched"):
        list(download(checkpoint, tmp_path))
    assert names(tmp_path) == set()


def test_a_body_of_untold_length_is_taken_only_where_its_end_can_be_told(
    checkpoint: Checkpoint, site: Site, tmp_path: Path
) -> None:
    site.answers["/w.bin"] = sending_without_length(WEIGHTS)
    with pytest.raises(DownloadError, match="how long"):
        list(download(knowing_nothing(checkpoint), tmp_path))
    site.answers["/w.bin"] = sending_without_length(b"5\r\nabc", chunked=True)
    with pytest.raises(DownloadError, match="could not be fetched"):
        list(download(knowing_nothing(checkpoint), tmp_path))
    assert names(tmp_path) == set()
    site.answers["/w.bin"] = sending_without_length(b"3\r\nabc\r\n0\r\n\r\n", chunked=True)
    list(download(knowing_nothing(checkpoint), tmp_path))
    assert (tmp_path / "mine" / "w.bin").read_bytes() == b"abc"


def test_a_body_of_untold_length_is_taken_when_its_hash_is_right(
    checkpoint: Checkpoint, site: Site, tmp_path: Path
) -> None:
    site.answers["/w.bin"] = sending_without_length(WEIGHTS)
    list(download(checkpoint, tmp_path))
    assert (tmp_path / "mine" / "w.bin").read_bytes() == WEIGHTS


def test_other_bytes_of_the_same_size_are_refused(
    checkpoint: Checkpoint, site: Site, tmp_path: Path
) -> None:
    site.answers["/w.bin"] = sending(WEIGHTS[::-1])
    with pytest.raises(DownloadError, match="SHA-256"):
        list(download(checkpoint, tmp_path))
    assert names(tmp_path) == set()


@pytest.mark.parametrize("code", [403, 404, 503])
def test_what_the_server_says_is_passed_on(
    checkpoint: Checkpoint, site: Site, tmp_path: Path, code: int
) -> None:
    site.answers["/w.bin"] = refusing(code)
    with pytest.raises(DownloadError, match=f"the server answered {code}") as refused:
        list(download(checkpoint, tmp_path))
    assert "\n" not in str(refused.value)
    assert names(tmp_path) == set()


def test_a_server_that_is_not_there_is_a_sentence(checkpoint: Checkpoint, tmp_path: Path) -> None:
    weights = replace(checkpoint.weights, urls=("http://127.0.0.1:1/w.bin",))
    with pytest.raises(DownloadError, match="cannot be reached"):
        list(download(replace(checkpoint, weights=weights), tmp_path))


def test_redirects_are_followed(checkpoint: Checkpoint, site: Site, tmp_path: Path) -> None:
    site.answers["/w.bin"] = leading_to(f"{site.address}/elsewhere")
    site.answers["/elsewhere"] = sending(WEIGHTS)
    list(download(checkpoint, tmp_path))
    assert (tmp_path / "mine" / "w.bin").read_bytes() == WEIGHTS


@pytest.mark.parametrize(
    "address", ["file:///etc/hostname", "ftp://127.0.0.1:1/w.bin", "data:,abc"]
)
def test_nothing_but_the_web_is_fetched(
    checkpoint: Checkpoint, site: Site, tmp_path: Path, address: str
) -> None:
    site.answers["/w.bin"] = leading_to(address)
    for url in (address, f"{site.address}/w.bin"):
        unchecked = CheckpointFile("w.bin", (url,))
        with pytest.raises(DownloadError):
            list(download(replace(checkpoint, weights=unchecked), tmp_path))
    assert names(tmp_path) == set()


def test_what_does_not_fit_on_the_disk_is_not_begun(
    checkpoint: Checkpoint, site: Site, tmp_path: Path
) -> None:
    site.answers["/w.bin"] = sending(WEIGHTS, 2**60)
    with pytest.raises(DownloadError, match="MiB are needed"):
        list(download(knowing_nothing(checkpoint), tmp_path))
    assert names(tmp_path) == set()


def test_a_folder_that_cannot_be_made_is_a_sentence(checkpoint: Checkpoint, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DownloadError, match="cannot be made"):
        list(download(checkpoint, tmp_path / "file"))


def test_stopping_half_way_leaves_nothing(
    checkpoint: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloading, "READ_AT_ONCE", 1000)
    reports = download(checkpoint, tmp_path)
    next(reports)
    assert ".w.bin.part" in names(tmp_path)
    reports.close()  # type: ignore[attr-defined]
    assert names(tmp_path) == set()


def test_files_that_are_there_are_not_fetched_again(
    checkpoint: Checkpoint, site: Site, tmp_path: Path
) -> None:
    site.answers["/t.spm"] = refusing(503)
    with pytest.raises(DownloadError):
        list(download(checkpoint, tmp_path))
    assert names(tmp_path) == {"mine", "w.bin"}
    site.answers["/t.spm"] = sending(b"tokenizer")
    list(download(checkpoint, tmp_path))
    assert site.asked == ["/w.bin", "/t.spm", "/t.spm"]
    list(download(checkpoint, tmp_path))
    assert len(site.asked) == 3


@pytest.mark.parametrize("known", [True, False])
def test_a_damaged_file_is_fetched_again_even_where_only_the_record_tells(
    checkpoint: Checkpoint, site: Site, tmp_path: Path, known: bool
) -> None:
    wanted = checkpoint if known else knowing_nothing(checkpoint)
    list(download(wanted, tmp_path))
    (tmp_path / "mine" / "w.bin").write_bytes(WEIGHTS[::-1])
    list(download(wanted, tmp_path))
    assert (tmp_path / "mine" / "w.bin").read_bytes() == WEIGHTS
    assert read_record(tmp_path / "mine").weights.sha256 == SHA256
    assert site.asked == ["/w.bin", "/t.spm", "/w.bin"]


def test_a_damaged_record_is_written_anew(checkpoint: Checkpoint, tmp_path: Path) -> None:
    list(download(checkpoint, tmp_path))
    (tmp_path / "mine" / RECORD_FILE).write_text(json.dumps({"name": 5}))
    list(download(checkpoint, tmp_path))
    assert read_record(tmp_path / "mine").name == "mine"


def test_a_file_without_an_address_has_to_be_there(checkpoint: Checkpoint, tmp_path: Path) -> None:
    own = replace(checkpoint, weights=CheckpointFile("w.bin"))
    with pytest.raises(DownloadError, match="cannot be downloaded"):
        list(download(own, tmp_path))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "w.bin").write_bytes(WEIGHTS)
    list(download(own, tmp_path))


def test_the_table_is_searched_by_name() -> None:
    assert find_downloadable(CHECKPOINTS[0].name) is CHECKPOINTS[0]
    with pytest.raises(CheckpointError, match=f"Known are: .*{CHECKPOINTS[-1].name}"):
        find_downloadable("nobody")
