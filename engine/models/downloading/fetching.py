"""Fetching one file over HTTP: from where it stopped, from the next address, or not at all."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from urllib.parse import urlsplit

import httpx2

from engine.errors import DownloadError
from engine.models.downloading.answers import begin
from engine.models.downloading.faults import Broken, host_of, proxy_for, unanswered
from engine.models.downloading.partial import NotKeptError, Partial
from engine.models.downloading.source import Source
from engine.version import program_version

WAITS = (1.0, 2.0, 4.0, 8.0, 16.0)  # seconds before asking again, each time longer
PROGRESS_BYTES = 2**20  # so much since the last fault, and the waits begin anew
TIMEOUT = httpx2.Timeout(20, connect=15)  # seconds without a byte


async def fetch(sources: Sequence[Source], part: Partial) -> None:
    """Bring a file to its end from the first address that has it.

    Args:
        sources: asked in this order.
        part: takes the bytes, and is whole and right afterwards.

    Raises:
        DownloadError: none had it; the sentence tells of each.
    """
    fault: DownloadError | None = None
    if part.is_whole:  # the program was killed at the last moment
        return
    for source in sources:
        try:
            await _fetch_from(source, part)
        except NotKeptError:
            raise
        except DownloadError as error:
            fault = _after(fault, error)
        else:
            return
    assert fault
    raise fault


def _after(before: DownloadError | None, error: DownloadError) -> DownloadError:
    if before is None:
        return error
    return DownloadError(f"{before} Another address was tried as well: {error}")


async def _fetch_from(source: Source, part: Partial) -> None:
    tried, furthest, again = 0, part.done, False
    while True:
        try:
            await _exchange(source, part)
            if _is_right(source, part, last=again):
                return
            again, furthest = True, 0
            continue
        except Broken as error:
            if part.done - furthest >= PROGRESS_BYTES:
                tried, furthest = 0, part.done
            if tried == len(WAITS) or (error.final and part.received == 0):
                raise DownloadError(str(error)) from error
            wait = WAITS[tried] if error.wait is None else error.wait
        tried += 1
        part.step = "connecting"
        await asyncio.sleep(wait)


def _is_right(source: Source, part: Partial, *, last: bool) -> bool:
    """Whether what has come to its end is the file; False: it is worth asking for it anew."""
    assert part.origin
    if part.origin.sha256 in (None, part.sha256):
        return True
    in_parts = part.resumed
    part.clear()
    if in_parts and not last:  # the parts may be of two files
        return False
    raise DownloadError(
        f"What came from {source.url} is damaged or another file (its SHA-256 is not the expected "
        "one); it was deleted. Try again later, or update Ảnh Ơi."
    )


async def _exchange(source: Source, part: Partial) -> None:
    """Ask once, and take what comes."""
    if source.url.partition(":")[0].lower() not in ("http", "https"):
        raise DownloadError(f"{source.url} cannot be fetched: only http and https addresses can.")
    part.step = "connecting"
    try:
        client = await asyncio.to_thread(_client, source)  # reads all trusted certificates
        async with client, _asked(client, source, part) as answer:
            if begin(answer, source, part):
                part.step = "downloading"
                await _take(answer, source, part)
    except httpx2.InvalidURL as error:
        raise DownloadError(f"{source.url} cannot be fetched: {error}.") from error
    except httpx2.TooManyRedirects as error:
        raise DownloadError(f"{source.url} leads from address to address without end.") from error
    except httpx2.TransportError as error:
        raise _broken(error, source, part) from error


def _client(source: Source) -> httpx2.AsyncClient:
    async def check(request: httpx2.Request) -> None:
        """What was asked for over https does not come another way."""
        if request.url.scheme not in ("https", urlsplit(source.url).scheme):
            raise DownloadError(f"{source.url} leads to {request.url}, which is not safe to fetch.")

    try:
        return httpx2.AsyncClient(
            headers={"User-Agent": f"anhoi/{program_version()}", "Accept-Encoding": "identity"},
            timeout=TIMEOUT,
            follow_redirects=True,
            max_redirects=10,
            event_hooks={"request": [check]},
        )
    except (ImportError, ValueError, httpx2.InvalidURL) as error:
        proxy = proxy_for(source.url) or "of this machine"
        kind = "SOCKS" if isinstance(error, ImportError) else "of an unknown kind"
        raise DownloadError(
            f"The proxy {proxy} cannot be used (it is {kind}): check the network settings."
        ) from error


def _asked(
    client: httpx2.AsyncClient, source: Source, part: Partial
) -> AbstractAsyncContextManager[httpx2.Response]:
    headers = dict(source.headers)
    if _can_go_on(source, part):
        headers["Range"] = f"bytes={part.done}-"
        if part.origin and part.origin.url == source.url and part.origin.validator:
            headers["If-Range"] = part.origin.validator
    return client.stream("GET", source.url, headers=headers)


def _can_go_on(source: Source, part: Partial) -> bool:
    """Whether the rest will fit: the server says if the file has changed, or its hash does."""
    if part.done == 0 or part.origin is None:
        return False
    same = part.origin.url == source.url and part.origin.validator is not None
    return same or part.wanted.sha256 is not None


async def _take(answer: httpx2.Response, source: Source, part: Partial) -> None:
    async for chunk in answer.aiter_raw():
        part.write(chunk)
        if part.wanted.size is not None and part.done > part.wanted.size:
            part.clear()
            raise DownloadError(
                f"{source.url} sent more than the {part.wanted.size:,} bytes that are expected; "
                "they were deleted. Update Ảnh Ơi."
            )
    if part.total is not None and part.done < part.total:
        raise _broken(httpx2.RemoteProtocolError("cut short"), source, part)
    part.total = part.done


def _broken(error: httpx2.TransportError, source: Source, part: Partial) -> Broken:
    if part.step != "downloading":
        return unanswered(error, source.url)
    host = host_of(source.url)
    if part.total is None:
        return Broken(
            f"{host} broke off the connection after {part.done:,} bytes. What has arrived is kept; "
            "download again to go on from there."
        )
    return Broken(
        f"{host} broke off the connection after {part.done:,} of {part.total:,} bytes. What has "
        "arrived is kept; download again to go on from there."
    )
