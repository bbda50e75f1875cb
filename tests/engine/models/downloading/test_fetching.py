from contextlib import closing
from pathlib import Path

import pytest

from engine.models.checkpoint import Checkpoint
from engine.models.download import download
from engine.models.downloading import fetching
from engine.models.downloading.partial import Origin
from engine.models.installed import read_record
from tests.engine.models.conftest import SHA256, WEIGHTS
from tests.engine.models.downloading.trying import NAME, at, fetched, leave_part, left, refused
from tests.engine.models.site import (
    Site,
    in_turn,
    refusing,
    sending,
    serving,
)


def test_a_broken_connection_is_gone_on_from_where_it_stopped(
    checkpoint: Checkpoint, site: Site, parent: Path
) -> None:
    site.answers["/w"] = in_turn(
        serving(WEIGHTS, breaking_after=5000, ETag='"1"'),
        serving(WEIGHTS, breaking_after=100, ETag='"1"'),
        serving(WEIGHTS, ETag='"1"'),
    )
    assert fetched(checkpoint, parent) == WEIGHTS
    ranges = [headers["Range"] for headers in site.requests[:3]]
    assert ranges == [None, "bytes=5000-", "bytes=5100-"]
    assert site.requests[2]["If-Range"] == '"1"'


def test_without_an_etag_the_date_says_whether_a_file_has_changed(
    unpublished: Checkpoint, site: Site, parent: Path
) -> None:
    date = "Wed, 21 Oct 2015 07:28:00 GMT"
    site.answers["/w"] = in_turn(
        sending(WEIGHTS[:5000], len(WEIGHTS), ETag='W/"1"', Last_Modified=date),
        sending(WEIGHTS, ETag='W/"1"', Last_Modified=date),
    )
    assert fetched(unpublished, parent) == WEIGHTS
    assert site.requests[1]["If-Range"] == date


def test_a_server_that_ignores_ranges_begins_anew(
    checkpoint: Checkpoint, site: Site, parent: Path
) -> None:
    site.answers["/w"] = in_turn(
        serving(WEIGHTS, breaking_after=5000, ETag='"1"'), sending(WEIGHTS)
    )
    assert fetched(checkpoint, parent) == WEIGHTS


@pytest.mark.parametrize("known", [True, False])
def test_a_file_that_changes_meanwhile_begins_anew(
    checkpoint: Checkpoint, unpublished: Checkpoint, site: Site, parent: Path, known: bool
) -> None:
    site.answers["/w"] = in_turn(
        serving(WEIGHTS[::-1], breaking_after=5000, ETag='"1"'), serving(WEIGHTS, ETag='"2"')
    )
    assert fetched(checkpoint if known else unpublished, parent) == WEIGHTS
    assert site.requests[1]["Range"] == "bytes=5000-"


def test_parts_of_two_files_are_noticed_by_the_hash_and_fetched_in_one(
    checkpoint: Checkpoint, site: Site, parent: Path
) -> None:
    leave_part(parent, WEIGHTS[:5000][::-1], Origin(f"{site.address}/w", '"1"', SHA256))
    assert fetched(checkpoint, parent) == WEIGHTS
    assert [headers["Range"] for headers in site.requests[:2]] == ["bytes=5000-", None]


def test_what_nobody_can_vouch_for_begins_anew(
    unpublished: Checkpoint, site: Site, parent: Path
) -> None:
    leave_part(parent, b"of another place", Origin("http://elsewhere/w", '"1"', None))
    assert fetched(unpublished, parent) == WEIGHTS
    assert site.requests[0]["Range"] is None


def test_a_part_of_another_file_than_the_table_has_by_now_begins_anew(
    checkpoint: Checkpoint, site: Site, parent: Path
) -> None:
    leave_part(parent, b"older", Origin(f"{site.address}/w", '"1"', "0" * 64))
    assert fetched(checkpoint, parent) == WEIGHTS
    assert site.requests[0]["Range"] is None


def test_a_program_killed_at_the_last_moment_asks_nobody(
    checkpoint: Checkpoint, site: Site, parent: Path
) -> None:
    leave_part(parent, WEIGHTS, Origin(f"{site.address}/w", None, SHA256))
    assert fetched(checkpoint, parent) == WEIGHTS
    assert site.asked == ["/t"]


def test_a_server_that_has_nothing_more_says_that_it_is_whole(
    unpublished: Checkpoint, site: Site, parent: Path
) -> None:
    leave_part(parent, WEIGHTS, Origin(f"{site.address}/w", '"1"', None))
    assert fetched(unpublished, parent) == WEIGHTS
    assert site.asked == ["/w", "/t"]


def test_more_than_the_server_has_begins_anew(
    unpublished: Checkpoint, site: Site, parent: Path
) -> None:
    leave_part(parent, WEIGHTS + b"more", Origin(f"{site.address}/w", '"1"', None))
    assert fetched(unpublished, parent) == WEIGHTS
    assert site.asked == ["/w", "/w", "/t"]


@pytest.mark.parametrize("known", [True, False])
def test_a_connection_that_always_breaks_is_given_up_and_the_part_kept(
    checkpoint: Checkpoint, unpublished: Checkpoint, site: Site, parent: Path, known: bool
) -> None:
    site.answers["/w"] = serving(WEIGHTS, breaking_after=1000, ETag='"1"')
    sentence = refused(checkpoint if known else unpublished, parent)
    assert "broke off the connection after 3,000 of 2,560,000 bytes" in sentence
    assert "download again to go on" in sentence
    assert left(parent) == {f".{NAME}.part", f".{NAME}.part.json"}


def test_as_long_as_something_arrives_it_is_tried_again(
    checkpoint: Checkpoint, site: Site, parent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "PROGRESS_BYTES", 200_000)
    site.answers["/w"] = serving(WEIGHTS, breaking_after=200_000, ETag='"1"')
    assert fetched(checkpoint, parent) == WEIGHTS
    assert len(site.asked) == 14


def test_a_server_that_never_gets_further_is_given_up(
    unpublished: Checkpoint, site: Site, parent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "PROGRESS_BYTES", 1000)
    site.answers["/w"] = sending(WEIGHTS[:5000], len(WEIGHTS))
    assert "broke off" in refused(unpublished, parent)


def test_a_connection_dropped_before_the_answer_is_tried_again(
    checkpoint: Checkpoint, site: Site, parent: Path
) -> None:
    site.answers["/w"] = in_turn(lambda handler: None, serving(WEIGHTS))
    assert fetched(checkpoint, parent) == WEIGHTS
    (parent / "mine" / NAME).unlink()
    site.answers["/w"] = lambda handler: None
    assert "broke off the connection: try again later" in refused(checkpoint, parent)


def test_the_wait_before_another_try_is_ended_at_once(
    checkpoint: Checkpoint, site: Site, parent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "WAITS", (3600.0,))
    site.answers["/w"] = serving(WEIGHTS, breaking_after=1000)
    with closing(download(checkpoint, parent)) as reports:
        next(report for report in reports if report.step == "connecting" and report.done)


@pytest.mark.parametrize(
    "bad",
    [
        refusing(404),
        sending(WEIGHTS[::-1]),
        sending(b"short"),
        serving(WEIGHTS, breaking_after=0),
        sending(b"<html>", Content_Type="text/html"),
    ],
    ids=["gone", "damaged", "short", "broken", "a page"],
)
def test_the_next_address_is_asked_where_one_fails(
    checkpoint: Checkpoint, site: Site, parent: Path, bad: object
) -> None:
    site.answers |= {"/bad": bad}  # type: ignore[dict-item]
    assert fetched(at(checkpoint, f"{site.address}/bad", f"{site.address}/w"), parent) == WEIGHTS


def test_the_next_address_goes_on_where_the_hash_vouches_for_it(
    checkpoint: Checkpoint, site: Site, parent: Path
) -> None:
    site.answers["/bad"] = in_turn(serving(WEIGHTS, breaking_after=5000), refusing(404))
    assert fetched(at(checkpoint, f"{site.address}/bad", f"{site.address}/w"), parent) == WEIGHTS
    assert site.requests[2]["Range"] == "bytes=5000-"


def test_where_all_addresses_fail_the_sentence_names_them(
    checkpoint: Checkpoint, site: Site, parent: Path
) -> None:
    gone = f"{site.address}/gone"
    sentence = refused(at(checkpoint, gone, "http://127.0.0.1:1/w"), parent)
    assert f"{gone} is not there any more" in sentence
    assert "Another address was tried as well: 127.0.0.1:1 refuses the connection" in sentence


def test_first_use_is_recorded(unpublished: Checkpoint, parent: Path) -> None:
    fetched(unpublished, parent)
    assert read_record(parent / "mine").weights.sha256 == SHA256
