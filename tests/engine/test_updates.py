import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import updates
from engine.updates import MOST_BYTES, MOST_LETTERS, Release, UpdateError, fetch_latest
from engine.version import program_version
from tests.engine.models.site import Site, leading_to, refusing, sending, silent

PAGE = "https://anhoi.example/tải"
TOLD = {"version": "9.1", "page": PAGE, "notes": {"vi": "Nhanh  hơn\nnhiều.", "en": "Faster."}}


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        yield made


def told(site: Site, content: bytes) -> Release:
    site.answers["/latest.json"] = sending(content)
    return fetch_latest(f"{site.address}/latest.json")


def test_the_latest_version_is_told_with_its_page_and_notes(site: Site) -> None:
    release = told(site, json.dumps(TOLD).encode())
    assert release == Release("9.1", PAGE, {"vi": "Nhanh hơn nhiều.", "en": "Faster."})
    assert release.is_newer


def test_nothing_is_sent_but_the_number_of_this_version(site: Site) -> None:
    told(site, json.dumps(TOLD).encode())
    assert site.asked == ["/latest.json"]
    sent = dict(site.requests[0].items())
    assert sent.pop("User-Agent") == f"anhoi/{program_version()}"
    assert sent.pop("Host") == site.address.removeprefix("http://")
    assert sent == {"Accept-Encoding": "identity", "Connection": "close"}


@pytest.mark.parametrize(
    ("own", "latest", "newer"),
    [
        ("0.1.0", "0.1.1", True),
        ("0.9.0", "0.10.0", True),
        ("0.2.0.dev1", "0.2.0", True),
        ("0.1.0", "0.1", False),
        ("0.1.0", "0.1.0", False),
        ("1.0", "0.9.9", False),
        ("0.1.0", "0.2.0rc1", False),
        ("0.1.0", "0.2.0.dev3", False),
    ],
)
def test_versions_are_compared_as_numbers_and_trial_versions_are_not_offered(
    monkeypatch: pytest.MonkeyPatch, own: str, latest: str, newer: bool
) -> None:
    monkeypatch.setattr(updates, "program_version", lambda: own)
    assert Release(latest, PAGE, {}).is_newer is newer


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"\xff\xfe",
        b"[]",
        b'"9.1"',
        b"{}",
        b"[" * 60_000,
        json.dumps(TOLD | {"version": "new"}).encode(),
        json.dumps(TOLD | {"version": None}).encode(),
        json.dumps(TOLD | {"version": "9" * 5_000}).encode(),
        json.dumps(TOLD | {"page": 3}).encode(),
        json.dumps(TOLD | {"page": "http://anhoi.example"}).encode(),
        json.dumps(TOLD | {"page": "file:///etc/passwd"}).encode(),
        json.dumps(TOLD | {"page": "https://anhoi.example/ --flag"}).encode(),
        json.dumps(TOLD | {"notes": ["Faster."]}).encode(),
        json.dumps(TOLD | {"notes": {"vi": 1}}).encode(),
    ],
)
def test_what_cannot_be_understood_is_told_in_a_sentence(site: Site, content: bytes) -> None:
    with pytest.raises(UpdateError, match=r"^What http://127\S+ tells of .* cannot be understood"):
        told(site, content)


@given(st.binary(max_size=200))
def test_no_answer_whatsoever_is_more_than_a_sentence(content: bytes) -> None:
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError)):
        updates._understood(json.loads(content))


def test_a_long_note_is_cut_and_notes_may_be_missing(site: Site) -> None:
    release = told(site, json.dumps(TOLD | {"notes": {"vi": "a" * 9_000}}).encode())
    assert release.notes == {"vi": "a" * MOST_LETTERS + "…"}
    without = {name: TOLD[name] for name in ("version", "page")}
    assert told(site, json.dumps(without).encode()).notes == {}


def test_an_answer_without_end_is_given_up(site: Site) -> None:
    with pytest.raises(UpdateError, match="the answer is too long"):
        told(site, b" " * (MOST_BYTES + 1))


def test_a_page_that_is_missing_or_silent_or_not_there_is_told(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "TIMEOUT_SECONDS", 0.05)
    site.answers |= {"/gone": refusing(410), "/silent": silent(site)}
    site.answers["/breaks"] = silent(site, after=b"{")
    for path, reason in (("gone", "HTTP 410"), ("silent", "timed out"), ("breaks", "timed out")):
        with pytest.raises(UpdateError, match=f"/{path} does not tell of .*: {reason}"):
            fetch_latest(f"{site.address}/{path}")
    with Site() as other:
        closed = other.address
    with pytest.raises(UpdateError, match="Connection refused"):
        fetch_latest(f"{closed}/latest.json")


@pytest.mark.parametrize(
    "address", ["http://anhoi.example/a", "ftp://anhoi.example/a", "file:///etc/passwd", "latest"]
)
def test_only_encrypted_addresses_are_asked_and_followed(site: Site, address: str) -> None:
    with pytest.raises(UpdateError, match="not one of https"):
        fetch_latest(address)
    site.answers["/leads"] = leading_to(address if ":" in address else "ftp://anhoi.example/a")
    with pytest.raises(UpdateError, match=r"not one of https|HTTP 302"):  # urllib's own refusal
        fetch_latest(f"{site.address}/leads")


@pytest.mark.parametrize("address", ["https://[", "https://[::1/latest.json"])
def test_an_address_that_is_none_is_told(site: Site, address: str) -> None:
    with pytest.raises(UpdateError, match=r"does not tell of new versions: \S"):
        fetch_latest(address)
    site.answers["/leads"] = leading_to(address)
    with pytest.raises(UpdateError, match=r"does not tell of new versions: \S"):
        fetch_latest(f"{site.address}/leads")


def test_a_page_may_have_moved(site: Site) -> None:
    site.answers["/old"] = leading_to(f"{site.address}/new")
    site.answers["/new"] = sending(json.dumps(TOLD).encode())
    assert fetch_latest(f"{site.address}/old").version == "9.1"


def test_without_an_address_nobody_is_asked() -> None:
    with pytest.raises(UpdateError, match="has no page yet"):
        fetch_latest("")


def test_the_project_names_no_address_that_is_not_encrypted() -> None:
    assert updates.ADDRESS == "" or updates.ADDRESS.startswith("https://")
