"""What can go wrong on the way to a server, in sentences that say what to do."""

import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2


class Broken(Exception):  # noqa: N818 - the name says what happened
    """It did not come to the end, and may do so if it is asked for again.

    Attributes:
        wait: seconds the server asks to wait; None where it says nothing.
        final: a file of which nothing has arrived is not asked for again.
    """

    def __init__(self, sentence: str, *, wait: float | None = None, final: bool = False) -> None:
        super().__init__(sentence)
        self.wait = wait
        self.final = final


def host_of(url: str) -> str:
    """The name of the server, with its port where it is not the usual one."""
    return urlsplit(url).netloc.rpartition("@")[2]


def unanswered(error: httpx2.TransportError, url: str) -> Broken:
    """Why no answer came."""
    return Broken(_sentence(error, url), final=_is_final(error))


def _sentence(error: Exception, url: str) -> str:
    host, proxy = host_of(url), proxy_for(url)
    for cause in causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return (
                f"The certificate of {host} is not trusted ({cause.verify_message}). Check the "
                "date of this machine; a company's own certificate has to be in its system."
            )
    if isinstance(error, httpx2.ProxyError) or (proxy and isinstance(error, httpx2.ConnectError)):
        reason = str(error).strip() or "no answer"
        return f"The proxy {proxy} cannot be used ({reason}): check the network settings."
    for cause in causes(error):
        if isinstance(cause, ssl.SSLError):
            reason = (cause.reason or str(cause)).lower().replace("_", " ")
            return (
                f"No secure connection to {host} can be made ({reason}); an antivirus program "
                "or the network may be in between."
            )
        if isinstance(cause, socket.gaierror):
            return f"{host} is not found: check the connection to the internet."
        if isinstance(cause, ConnectionRefusedError):
            return f"{host} refuses the connection: try again later."
    if isinstance(error, httpx2.TimeoutException):
        return f"{host} does not answer: check the connection to the internet, or try later."
    if isinstance(error, httpx2.ConnectError):
        return f"{host} cannot be reached: check the connection to the internet."
    return f"{host} broke off the connection: try again later."


def _is_final(error: Exception) -> bool:
    """Whether asking again at once is pointless where nothing has arrived yet."""
    return isinstance(
        error,
        httpx2.ConnectError
        | httpx2.TimeoutException
        | httpx2.UnsupportedProtocol
        | httpx2.ProxyError,
    )


def proxy_for(url: str) -> str | None:
    """The proxy that stands before an address, without what it is logged into with."""
    parts, proxies = urlsplit(url), getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(parts.hostname or ""):
        return None
    return proxy.rpartition("@")[2].removeprefix("http://")


def causes(error: BaseException) -> Iterator[BaseException]:
    """An error and all that led to it."""
    yield error
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from causes(each)
    before = error.__cause__ or error.__context__
    if before is not None:
        yield from causes(before)
