from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from engine.models.checkpoint import Checkpoint
from engine.models.downloading import fetching
from tests.engine.models.conftest import WEIGHTS
from tests.engine.models.downloading.trying import NAME, at, fetched, left, refused
from tests.engine.models.site import (
    Site,
    in_turn,
    leading_to,
    refusing,
    sending,
    sending_without_length,
    serving,
)


def test_a_file_of_another_length_is_refused_before_it_arrives(
    checkpoint: Checkpoint, site: Site, parent: Path
) -> None:
    for length in (len(WEIGHTS) - 5, len(WEIGHTS) + 5, 10 * len(WEIGHTS)):
        site.answers["/w"] = sending(WEIGHTS, length)
        assert f"offers {length:,} bytes where 2,560,000 are expected" in refused(
            checkpoint, parent
        )
    assert left(parent) == set()


def test_a_body_shorter_than_it_says_is_refused(
    unpublished: Checkpoint, site: Site, parent: Path
) -> None:
    site.answers["/w"] = sending(WEIGHTS, len(WEIGHTS) + 5)
    assert "broke off the connection after 2,560,000 of 2,560,005" in refused(unpublished, parent)


def test_a_body_without_end_is_cut_off(checkpoint: Checkpoint, site: Site, parent: Path) -> None:
    site.answers["/w"] = sending_without_length(WEIGHTS + WEIGHTS)
    assert "sent more than the 2,560,000 bytes" in refused(checkpoint, parent)
    assert left(parent) == set()


def test_a_body_of_untold_length_is_taken_only_where_its_end_can_be_told(
    checkpoint: Checkpoint, unpublished: Checkpoint, site: Site, parent: Path
) -> None:
    site.answers["/w"] = sending_without_length(WEIGHTS)
    assert "does not say how long" in refused(unpublished, parent)
    assert fetched(checkpoint, parent) == WEIGHTS


def test_a_body_in_chunks_has_an_end(unpublished: Checkpoint, site: Site, parent: Path) -> None:
    site.answers["/w"] = sending_without_length(b"5\r\nabc", chunked=True)
    assert "broke off" in refused(unpublished, parent)
    site.answers["/w"] = sending_without_length(b"3\r\nabc\r\n0\r\n\r\n", chunked=True)
    assert fetched(unpublished, parent) == b"abc"


def test_other_bytes_of_the_same_size_are_refused(
    checkpoint: Checkpoint, site: Site, parent: Path
) -> None:
    site.answers["/w"] = sending(WEIGHTS[::-1])
    assert "is damaged or another file" in refused(checkpoint, parent)
    assert left(parent) == set()


def test_an_empty_file_is_refused(unpublished: Checkpoint, site: Site, parent: Path) -> None:
    site.answers["/w"] = sending(b"")
    assert f"{NAME} arrived empty" in refused(unpublished, parent)
    assert left(parent) == set()


def test_a_part_that_is_less_than_the_rest_is_no_end(
    unpublished: Checkpoint, site: Site, parent: Path
) -> None:
    def serve_parts(handler: BaseHTTPRequestHandler) -> None:
        start = int(handler.headers.get("Range", "bytes=0-")[6:-1])
        part = WEIGHTS[start : start + 2**20]
        handler.send_response(206)
        handler.send_header("ETag", '"1"')
        handler.send_header("Content-Length", str(len(part)))
        handler.send_header(
            "Content-Range", f"bytes {start}-{start + len(part) - 1}/{len(WEIGHTS)}"
        )
        handler.end_headers()
        handler.wfile.write(part)

    site.answers["/w"] = serve_parts
    assert fetched(unpublished, parent) == WEIGHTS
    assert [request["Range"] for request in site.requests[:3]] == [
        None,
        f"bytes={2**20}-",
        f"bytes={2**21}-",
    ]


def test_a_part_that_does_not_say_which_it_is_is_not_taken(
    checkpoint: Checkpoint, site: Site, parent: Path
) -> None:
    def serve_some_part(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(206)
        handler.send_header("Content-Length", "3")
        handler.end_headers()
        handler.wfile.write(b"abc")

    whole = serving(WEIGHTS)
    site.answers["/w"] = in_turn(serving(WEIGHTS, breaking_after=1000), serve_some_part, whole)
    assert fetched(checkpoint, parent) == WEIGHTS


def test_a_validator_that_cannot_be_sent_back_is_left_out(
    unpublished: Checkpoint, site: Site, parent: Path
) -> None:
    broken = serving(WEIGHTS, breaking_after=1000, ETag='"\xe9"')
    site.answers["/w"] = in_turn(broken, serving(WEIGHTS))
    assert fetched(unpublished, parent) == WEIGHTS
    assert site.requests[1]["Range"] is None


def test_a_web_page_in_place_of_the_file_is_told(
    unpublished: Checkpoint, site: Site, parent: Path
) -> None:
    site.answers["/w"] = sending(b"<html>log in!", Content_Type="text/html; charset=utf-8")
    assert "web page instead of the file" in refused(unpublished, parent)
    assert left(parent) == set()


def test_a_file_in_another_form_is_refused(
    unpublished: Checkpoint, site: Site, parent: Path
) -> None:
    site.answers["/w"] = sending(b"packed", Content_Encoding="gzip")
    assert "in another form (gzip)" in refused(unpublished, parent)
    assert site.requests[0]["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (401, "does not let everyone fetch"),
        (403, "does not let everyone fetch"),
        (404, "is not there any more"),
        (410, "is not there any more"),
        (418, "the server answered 418"),
    ],
)
def test_a_refusal_is_not_asked_twice(
    checkpoint: Checkpoint, site: Site, parent: Path, code: int, reason: str
) -> None:
    site.answers["/w"] = refusing(code)
    assert reason in refused(checkpoint, parent)
    assert site.asked == ["/w"]
    assert left(parent) == set()


@pytest.mark.parametrize("code", [429, 500, 503])
def test_a_busy_server_is_asked_again(
    checkpoint: Checkpoint, site: Site, parent: Path, code: int
) -> None:
    site.answers["/w"] = in_turn(refusing(code), serving(WEIGHTS))
    assert fetched(checkpoint, parent) == WEIGHTS
    (parent / "mine" / NAME).unlink()
    site.answers["/w"] = refusing(code)
    assert f"has too much to do (it answered {code}): try again later" in refused(
        checkpoint, parent
    )
    assert site.asked.count("/w") == 5


@pytest.mark.parametrize("wait", ["0", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_a_server_says_when_to_ask_again(
    checkpoint: Checkpoint, site: Site, parent: Path, monkeypatch: pytest.MonkeyPatch, wait: str
) -> None:
    monkeypatch.setattr(fetching, "WAITS", (3600.0, 3600.0))
    site.answers["/w"] = in_turn(refusing(429, Retry_After=wait), serving(WEIGHTS))
    assert fetched(checkpoint, parent) == WEIGHTS


@pytest.mark.parametrize("wait", ["3600", "Wed, 21 Oct 2099 07:28:00 GMT"])
def test_a_server_that_wants_more_than_two_minutes_is_left_alone(
    checkpoint: Checkpoint, site: Site, parent: Path, wait: str
) -> None:
    site.answers["/w"] = refusing(503, Retry_After=wait)
    assert "minutes" in refused(checkpoint, parent)
    assert site.asked == ["/w"]


def test_an_unreadable_time_is_as_good_as_none(
    checkpoint: Checkpoint, site: Site, parent: Path
) -> None:
    site.answers["/w"] = in_turn(refusing(503, Retry_After="soon"), serving(WEIGHTS))
    assert fetched(checkpoint, parent) == WEIGHTS


def test_redirects_are_followed(checkpoint: Checkpoint, site: Site, parent: Path) -> None:
    site.answers["/elsewhere"] = site.answers["/w"]
    site.answers["/w"] = leading_to(f"{site.address}/elsewhere")
    assert fetched(checkpoint, parent) == WEIGHTS


def test_redirects_without_end_are_told(checkpoint: Checkpoint, site: Site, parent: Path) -> None:
    site.answers["/w"] = leading_to(f"{site.address}/w")
    assert "without end" in refused(checkpoint, parent)


@pytest.mark.parametrize("address", ["file:///etc/hostname", "ftp://127.0.0.1:1/w", "data:,abc"])
def test_nothing_but_the_web_is_fetched(
    unpublished: Checkpoint, site: Site, parent: Path, address: str
) -> None:
    site.answers["/w"] = leading_to(address)
    for url in (address, f"{site.address}/w"):
        refused(at(unpublished, url), parent)
    assert left(parent) == set()
