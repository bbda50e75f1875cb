"""Whether a newer version of the program is out: one static file says so, to who asks for it.

The file is JSON: {"version": "1.2.0", "page": "https://...", "notes": {"vi": "...", "en": "..."}}
"""

import http.client
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from packaging.version import Version

from engine.errors import EngineError
from engine.version import program_version

ADDRESS = ""  # of the file; empty while the project has no page, and then nobody is asked
TIMEOUT_SECONDS = 5.0  # for each answer of the network
DEADLINE_SECONDS = 15.0  # for the file
MOST_BYTES = 65_536
MOST_LETTERS = 300  # of a note
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class UpdateError(EngineError):
    """It could not be learnt whether there is a newer version."""


@dataclass(frozen=True, slots=True)
class Release:
    """The latest version.

    Attributes:
        version: such as "1.2.0".
        page: the address where it is to be had.
        notes: what is new, in a sentence or two by language; may lack any language.
    """

    version: str
    page: str
    notes: Mapping[str, str]

    @property
    def is_newer(self) -> bool:
        """Whether it is worth telling who runs this program; trial versions are not."""
        version = Version(self.version)
        return not version.is_prerelease and version > Version(program_version())


def fetch_latest(address: str) -> Release:
    """Ask which version is the latest. Sends the number of this version and nothing else.

    Args:
        address: of the file; https, or on this machine.

    Raises:
        UpdateError: there is no address, no answer, or none that can be understood.
    """
    if not address:
        raise UpdateError("The project has no page yet that tells of new versions.")
    try:
        content = _fetch(address)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise UpdateError(f"{address} does not tell of new versions: {_reason(error)}.") from error
    try:
        return _understood(json.loads(content))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UpdateError(f"What {address} tells of new versions cannot be understood.") from error


def _fetch(address: str) -> bytes:
    _must_be_safe(address)
    request = Request(address, headers={"User-Agent": f"anhoi/{program_version()}"})
    end, content = time.monotonic() + DEADLINE_SECONDS, b""
    with _opener().open(request, timeout=TIMEOUT_SECONDS) as response:
        while part := response.read1(MOST_BYTES):
            content += part
            if len(content) > MOST_BYTES:
                raise URLError("the answer is too long")
            if time.monotonic() > end:
                raise TimeoutError("timed out")
    return content


class _SafeRedirects(HTTPRedirectHandler):
    def redirect_request(
        self,
        req: Request,
        fp: Any,  # noqa: ANN401 - as there
        code: int,
        msg: str,
        headers: Any,  # noqa: ANN401
        newurl: str,
    ) -> Request | None:
        _must_be_safe(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> OpenerDirector:
    return build_opener(_SafeRedirects)


def _must_be_safe(address: str) -> None:
    if not _is_safe(address):
        raise URLError("the address is not one of https")


def _is_safe(address: str) -> bool:
    """Whether nobody on the way can change what is read there."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def _understood(told: dict[str, Any]) -> Release:
    version, page, notes = Version(told["version"]), told["page"], told.get("notes", {})
    if not _is_safe(page) or re.search(r"[\s\x00-\x1f]", page):
        raise ValueError(page)
    return Release(str(version), page, {str(k): _line(note) for k, note in notes.items()})


def _line(note: str) -> str:
    """A note as one line of bounded length."""
    words = " ".join(note.split())
    return words if len(words) <= MOST_LETTERS else f"{words[:MOST_LETTERS]}…"


def _reason(error: Exception) -> str:
    if isinstance(error, HTTPError):
        return f"HTTP {error.code}"
    if isinstance(error, URLError):
        reason = error.reason
        return str(reason.strerror or reason) if isinstance(reason, OSError) else str(reason)
    return str(error) or type(error).__name__
