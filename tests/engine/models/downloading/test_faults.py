import ssl
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest

from engine.models.checkpoint import Checkpoint
from engine.models.downloading import fetching
from tests.engine.models.conftest import WEIGHTS
from tests.engine.models.downloading.trying import NAME, at, fetched, refused
from tests.engine.models.site import (
    Site,
    leading_to,
    refusing,
    sending,
    silent,
)


def test_a_server_that_is_not_there_is_a_sentence(checkpoint: Checkpoint, parent: Path) -> None:
    sentence = refused(at(checkpoint, "http://127.0.0.1:1/w"), parent)
    assert sentence == "127.0.0.1:1 refuses the connection: try again later."


def test_a_name_that_nobody_knows_is_a_sentence(
    checkpoint: Checkpoint, parent: Path, site: Site
) -> None:
    sentence = refused(at(checkpoint, "http://photos.invalid/w"), parent)
    assert sentence == "photos.invalid is not found: check the connection to the internet."


def test_an_address_that_is_none_is_a_sentence(checkpoint: Checkpoint, parent: Path) -> None:
    for address in ("http://a:b/w", "http://[::1/w", "a/b", ""):
        assert "cannot be fetched" in refused(at(checkpoint, address), parent)


@pytest.mark.parametrize("after", [b"", WEIGHTS[:1000]])
def test_a_server_that_falls_silent_is_given_up(
    checkpoint: Checkpoint,
    site: Site,
    parent: Path,
    monkeypatch: pytest.MonkeyPatch,
    after: bytes,
) -> None:
    monkeypatch.setattr(fetching, "TIMEOUT", 0.05)
    site.answers["/w"] = silent(site, after=after, length=len(WEIGHTS))
    reason = "broke off the connection after 1,000" if after else "does not answer"
    assert reason in refused(checkpoint, parent)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a server on this machine, signed by itself, with its key in the same file."""
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    made = subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-keyout", path, "-out", path.with_suffix(".crt"), "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=IP:127.0.0.1"),
        ],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("there is no openssl to make a certificate with")
    path.write_bytes(path.read_bytes() + path.with_suffix(".crt").read_bytes())
    return path


@pytest.fixture
def safe_site(site: Site, certificate: Path) -> Iterator[Site]:
    """The same answers over https."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Site() as safe:
        safe.server.handle_error = lambda *_: None  # type: ignore[method-assign]
        safe.server.socket = context.wrap_socket(safe.server.socket, server_side=True)
        safe.address = safe.address.replace("http:", "https:")
        safe.answers = site.answers
        yield safe


def test_a_certificate_that_is_not_trusted_is_a_sentence(
    checkpoint: Checkpoint, safe_site: Site, parent: Path
) -> None:
    sentence = refused(at(checkpoint, f"{safe_site.address}/w"), parent)
    assert "is not trusted (self-signed certificate)" in sentence
    assert "date of this machine" in sentence


def test_what_the_system_trusts_is_trusted_and_never_left_for_http(
    checkpoint: Checkpoint,
    site: Site,
    safe_site: Site,
    certificate: Path,
    parent: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
    assert fetched(at(checkpoint, f"{safe_site.address}/w"), parent) == WEIGHTS
    (parent / "mine" / NAME).unlink()
    site.answers["/away"] = leading_to(f"{site.address}/w")
    before = len(site.asked)
    sentence = refused(at(checkpoint, f"{safe_site.address}/away"), parent)
    assert f"leads to {site.address}/w, which is not safe" in sentence
    assert len(site.asked) == before


def test_a_server_that_speaks_no_tls_is_a_sentence(
    checkpoint: Checkpoint, site: Site, parent: Path
) -> None:
    secure = site.address.replace("http:", "https:")
    assert "No secure connection" in refused(at(checkpoint, f"{secure}/w"), parent)


class Proxy(Site):
    """What it is asked for is an address elsewhere."""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        with build_opener(ProxyHandler({})).open(handler.path) as answer:
            sending(answer.read())(handler)


class ClosedProxy(Site):
    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        refusing(407)(handler)


def test_the_proxy_of_the_environment_is_asked(
    checkpoint: Checkpoint, site: Site, parent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Proxy() as proxy:
        monkeypatch.setenv("http_proxy", proxy.address)
        assert fetched(checkpoint, parent) == WEIGHTS
        assert proxy.asked == [f"{site.address}/w", f"{site.address}/t"]
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        (parent / "mine" / NAME).unlink()
        assert fetched(checkpoint, parent) == WEIGHTS
        assert len(proxy.asked) == 2


def test_a_proxy_that_is_not_there_is_named(
    checkpoint: Checkpoint, parent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://user:secret@127.0.0.1:1")
    sentence = refused(checkpoint, parent)
    assert "The proxy 127.0.0.1:1 cannot be used" in sentence
    assert "secret" not in sentence


@pytest.mark.parametrize(
    ("variable", "proxy", "reason"),
    [
        ("http_proxy", "socks5://127.0.0.1:1", "socks5://127.0.0.1:1 cannot be used (it is SOCKS)"),
        ("http_proxy", "what://a:secret@127.0.0.1:1", "(it is of an unknown kind)"),
        ("https_proxy", "what://127.0.0.1:1", "The proxy of this machine cannot be used"),
    ],
)
def test_a_proxy_of_an_unknown_kind_is_a_sentence(
    checkpoint: Checkpoint,
    parent: Path,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    proxy: str,
    reason: str,
) -> None:
    monkeypatch.setenv(variable, proxy)
    sentence = refused(checkpoint, parent)
    assert reason in sentence
    assert "secret" not in sentence


def test_a_proxy_that_wants_a_password_is_a_sentence(
    checkpoint: Checkpoint, site: Site, parent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ClosedProxy() as proxy:
        monkeypatch.setenv("http_proxy", proxy.address)
        assert "wants a user name and a password" in refused(checkpoint, parent)
