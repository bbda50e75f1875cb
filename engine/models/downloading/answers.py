"""Reading an answer before its bytes: what comes, whether it fits, what a refusal means."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2

from engine.errors import DownloadError
from engine.models.downloading.faults import Broken, host_of, proxy_for
from engine.models.downloading.partial import Origin, Partial, check_space
from engine.models.downloading.source import Source

LONGEST_WAIT = 120  # seconds; a server that wants more is left alone
BUSY = (408, 425, 429, 500, 502, 503, 504)


def begin(answer: httpx2.Response, source: Source, part: Partial) -> bool:
    """Read the head of an answer; False: nothing more has to come."""
    if answer.status_code == 416:
        return _nothing_more(answer, part)
    if answer.status_code not in (200, 206):
        raise _refused(answer, source)
    start, told = _extent(answer)
    if start not in (0, part.done):
        part.clear()
        raise Broken(f"{host_of(source.url)} sends another part than the one asked for.", wait=0)
    part.total = _total(answer, source, part, told)
    if start == 0:
        part.clear()  # first: what is no longer wanted may be in the way
    if part.total is not None:
        check_space(part.target.parent, part.total - start)
    part.begin(_origin(answer, source, part), anew=start == 0)
    return True


def _nothing_more(answer: httpx2.Response, part: Partial) -> bool:
    """The server has nothing from here on: it is whole, or it is another file by now."""
    length = re.fullmatch(r"bytes \*/(\d+)", answer.headers.get("Content-Range", ""))
    if length and int(length[1]) == part.done == (part.wanted.size or part.done) and part.origin:
        part.total = part.done
        part.begin(part.origin, anew=False)
        return False
    part.clear()
    raise Broken(f"{host_of(str(answer.url))} broke off the connection: try again later.", wait=0)


def _extent(answer: httpx2.Response) -> tuple[int | None, int | None]:
    """Where what comes begins, and how long the whole file is; None where that is not told."""
    if answer.status_code == 206:  # what comes may be less than the rest
        part = re.match(r"bytes (\d+)-\d+/(\d+)?", answer.headers.get("Content-Range", ""))
        return (int(part[1]), int(part[2]) if part[2] else None) if part else (None, None)
    length = answer.headers.get("Content-Length", "")
    return 0, int(length) if length.isdecimal() else None


def _total(answer: httpx2.Response, source: Source, part: Partial, told: int | None) -> int | None:
    """How long the whole file is; what cannot be the file is refused before it arrives."""
    url, wanted, linked = source.url, part.wanted, _linked_sha256(answer)
    form = answer.headers.get("Content-Encoding", "identity")
    if answer.headers.get("Content-Type", "").lower().startswith("text/html"):
        raise DownloadError(
            f"{url} answered with a web page instead of the file: the network may want a login. "
            "Open a browser, log in, and download again."
        )
    if form != "identity":
        raise DownloadError(
            f"{url} sends the file in another form ({form}) than the one asked for."
        )
    if None not in (told, wanted.size) and told != wanted.size:
        raise DownloadError(
            f"{url} offers {told:,} bytes where {wanted.size:,} are expected: it is another file "
            "by now. Update Ảnh Ơi."
        )
    if wanted.sha256 and linked not in (None, wanted.sha256):
        raise DownloadError(f"{url} is another file by now (its SHA-256 says so). Update Ảnh Ơi.")
    chunked = "chunked" in answer.headers.get("Transfer-Encoding", "")
    if told is None and wanted.size is None and not wanted.sha256 and not chunked:
        raise DownloadError(f"{url} does not say how long it is, so it may arrive cut short.")
    return wanted.size if told is None else told


def _linked_sha256(answer: httpx2.Response) -> str | None:
    """What the hub says of a large file while it leads to it."""
    for each in (*answer.history, answer):
        etag = each.headers.get("X-Linked-ETag", "").strip('"')
        if re.fullmatch("[0-9a-f]{64}", etag):
            return etag
    return None


def _origin(answer: httpx2.Response, source: Source, part: Partial) -> Origin:
    etag = answer.headers.get("ETag", "W/")  # a weak one does not stand for the bytes
    validator = answer.headers.get("Last-Modified") if etag.startswith("W/") else etag
    if validator and not validator.isascii():  # it could not be sent back
        validator = None
    return Origin(source.url, validator, part.wanted.sha256 or _linked_sha256(answer))


def _refused(answer: httpx2.Response, source: Source) -> Exception:
    code, host, url = answer.status_code, host_of(source.url), source.url
    if explained := source.explain(code, answer.headers):
        return explained
    if code in BUSY:
        return _busy(answer, host)
    if code in (401, 403):
        return DownloadError(f"{host} does not let everyone fetch {url} (it answered {code}).")
    if code in (404, 410):
        return DownloadError(f"{url} is not there any more (it answered {code}). Update Ảnh Ơi.")
    if code == 407:
        return DownloadError(
            f"The proxy {proxy_for(url)} wants a user name and a password: check the network "
            "settings."
        )
    return DownloadError(f"{url} could not be fetched: the server answered {code}.")


def _busy(answer: httpx2.Response, host: str) -> Exception:
    code, wait = answer.status_code, _retry_after(answer.headers.get("Retry-After", ""))
    if wait is not None and wait > LONGEST_WAIT:
        minutes = -(-wait // 60)
        return DownloadError(
            f"{host} has too much to do (it answered {code}): try again in {minutes:,.0f} minutes."
        )
    return Broken(f"{host} has too much to do (it answered {code}): try again later.", wait=wait)


def _retry_after(value: str) -> float | None:
    """Seconds from a Retry-After header, which holds them or a date."""
    if re.fullmatch(r"\d{1,9}", value):
        return float(value)
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (date - datetime.now(UTC)).total_seconds())
