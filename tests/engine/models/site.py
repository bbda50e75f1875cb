"""A web server on this machine that answers well or badly.

with Site() as site:
    site.answers["/w.bin"] = serving(content)
    ... f"{site.address}/w.bin" ...
    assert site.asked == ["/w.bin"]
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import ThreadingMixIn
from typing import Self

Answer = Callable[[BaseHTTPRequestHandler], None]


class _Server(ThreadingMixIn, HTTPServer):
    """Closing it waits for all who are still being served."""


class Site:
    """A web server on this machine, while the block runs.

    Attributes:
        address: without a slash at the end.
        answers: by path.
        asked: the paths it was asked for by GET, in order.
        requests: the headers of each of them.
        headed: the paths it was asked for by HEAD.
        closing: set when the server is about to go; what keeps silent waits for it.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.requests: list[Message] = []
        self.headed: list[str] = []
        self.closing = threading.Event()
        self.server = _Server(("127.0.0.1", 0), self._handler())
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """What this path answers; a server of another kind says it otherwise."""
        self.answers.get(handler.path, refusing(404))(handler)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.requests.append(self.headers)
                with suppress(ConnectionError):
                    site.answer(self)

            def do_HEAD(self) -> None:
                site.headed.append(self.path)
                with suppress(ConnectionError):
                    site.answer(self)

            def log_message(self, *_arguments: object) -> None: ...

        return Handler


def serving(content: bytes, *, breaking_after: int | None = None, **headers: str) -> Answer:
    """A good server: ranges, If-Range against its ETag; it may break off after so many bytes."""

    def serve(handler: BaseHTTPRequestHandler) -> None:
        asked = handler.headers
        changed = asked.get("If-Range") not in (None, headers.get("ETag"))
        start = 0 if changed else int(asked.get("Range", "bytes=0-")[6:-1])
        if start and start >= len(content):
            handler.send_response(416)
            handler.send_header("Content-Range", f"bytes */{len(content)}")
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        part = content[start:]
        handler.send_response(206 if start else 200)
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        handler.send_header("Content-Length", str(len(part)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        if handler.command == "GET":
            handler.wfile.write(part if breaking_after is None else part[:breaking_after])

    return serve


def sending(content: bytes, length: int | None = None, **headers: str) -> Answer:
    """A server that knows no ranges and may lie about the length."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content) if length is None else length))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return send


def sending_without_length(content: bytes, *, chunked: bool = False) -> Answer:
    def send(handler: BaseHTTPRequestHandler) -> None:
        if chunked:
            handler.protocol_version = "HTTP/1.1"
        handler.send_response(200)
        if chunked:
            handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(content)
        handler.close_connection = True

    return send


def refusing(code: int, **headers: str) -> Answer:
    """An error, such as refusing(503, Retry_After="1")."""

    def refuse(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return refuse


def leading_to(address: str) -> Answer:
    def redirect(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", address)
        handler.end_headers()

    return redirect


def in_turn(*answers: Answer) -> Answer:
    """Another answer each time, the last one from then on."""
    left = list(answers)
    return lambda handler: (left.pop(0) if len(left) > 1 else left[0])(handler)


def silent(site: Site, *, after: bytes = b"", length: int = 10_000_000) -> Answer:
    """Says nothing, or nothing more after some bytes, until the site closes."""

    def keep_silent(handler: BaseHTTPRequestHandler) -> None:
        if after:
            handler.send_response(200)
            handler.send_header("Content-Length", str(length))
            handler.end_headers()
            handler.wfile.write(after)
            handler.wfile.flush()
        site.closing.wait()

    return keep_silent
