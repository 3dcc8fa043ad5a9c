"""A publisher's web server on this machine, which plays what servers do: well, badly and slowly."""

from __future__ import annotations

import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

CSV = "text/csv"


class Handler(BaseHTTPRequestHandler):
    """Gives the next reply of the path that is asked for."""

    protocol_version = "HTTP/1.1"
    publisher: Publisher

    def __init__(self, publisher: Publisher, *arguments: Any) -> None:
        self.publisher = publisher
        super().__init__(*arguments)

    def do_GET(self) -> None:
        self.close_connection = False
        self.publisher.asked.append(Asked(self.path, self.headers))
        self.publisher.reply_to(self.path)(self)

    def do_POST(self) -> None:
        self.close_connection = False
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.publisher.asked.append(Asked(self.path, self.headers, body))
        self.publisher.reply_to(self.path)(self)

    def head(self, status: int, **headers: str | int) -> None:
        """The head of an answer; `Content_Length` is Content-Length."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Tests look at what was asked, not at a log."""


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    path: str
    headers: Message
    body: bytes = b""


Reply = Callable[[Handler], None]


@dataclass
class Publisher:
    """A server whose replies are given path by path; the last of a path is given again and again.

    A path is what stands before the query. What has no reply is not there (404).
    """

    replies: dict[str, list[Reply]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    certificate: ssl.SSLContext | None = None
    closing: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Publisher:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, self))
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign] # faults are played
        if self.certificate:
            self._server.socket = self.certificate.wrap_socket(self._server.socket, True)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://127.0.0.1:{self.port}"

    def gives(self, path: str, *replies: Reply) -> None:
        """After this the path gives these replies, one by one."""
        self.replies[path] = list(replies)

    def reply_to(self, path: str) -> Reply:
        """The next reply of a path."""
        replies = self.replies.get(urlsplit(path).path, [status(404)])
        return replies.pop(0) if len(replies) > 1 else replies[0]

    def paths(self) -> list[str]:
        """What was asked for, in order, without the query."""
        return [urlsplit(asked.path).path for asked in self.asked]


def whole(body: bytes, kind: str = CSV, **headers: str | int) -> Reply:
    """The file, as it should be."""

    def reply(handler: Handler) -> None:
        handler.head(200, Content_Type=kind, Content_Length=len(body), **headers)
        handler.wfile.write(body)

    return reply


def status(code: int, body: bytes = b"", **headers: str | int) -> Reply:
    """A bare status."""

    def reply(handler: Handler) -> None:
        handler.head(code, Content_Type="text/plain", Content_Length=len(body), **headers)
        handler.wfile.write(body)

    return reply


def known_by(body: bytes, etag: str, kind: str = CSV, **headers: str | int) -> Reply:
    """The file with its ETag; 304 for one who has it, the rest for one who asks for that."""

    def reply(handler: Handler) -> None:
        asked = handler.headers
        if asked["If-None-Match"] == etag:
            handler.head(304, ETag=etag)
            return
        rest = re.fullmatch(r"bytes=(\d+)-", asked["Range"] or "")
        if rest and asked["If-Range"] == etag:
            start = int(rest[1])
            handler.head(
                206,
                Content_Type=kind,
                Content_Length=len(body) - start,
                Content_Range=f"bytes {start}-{len(body) - 1}/{len(body)}",
                ETag=etag,
                **headers,
            )
            handler.wfile.write(body[start:])
            return
        whole(body, kind, ETag=etag, **headers)(handler)

    return reply


def cut(body: bytes, after: int, **headers: str | int) -> Reply:
    """A head that promises all of the file, and a part of it."""

    def reply(handler: Handler) -> None:
        handler.head(200, Content_Type=CSV, Content_Length=len(body), **headers)
        handler.wfile.write(body[:after])
        _hang_up(handler)

    return reply


def cut_chunk(body: bytes, after: int) -> Reply:
    """A chunk that is announced whole, and a part of it."""

    def reply(handler: Handler) -> None:
        handler.head(200, Content_Type=CSV, Transfer_Encoding="chunked")
        handler.wfile.write(f"{len(body):x}\r\n".encode() + body[:after])
        _hang_up(handler)

    return reply


def chunked(body: bytes, *, ends: bool = True, **headers: str | int) -> Reply:
    """The file in chunks of ten bytes; without the empty chunk that ends it, unless it `ends`."""

    def reply(handler: Handler) -> None:
        handler.head(200, Content_Type=CSV, Transfer_Encoding="chunked", **headers)
        for start in range(0, len(body), 10):
            chunk = body[start : start + 10]
            handler.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        if ends:
            handler.wfile.write(b"0\r\n\r\n")
        else:
            _hang_up(handler)

    return reply


def endless(body: bytes, **headers: str | int) -> Reply:
    """The file without a word on where it ends but the end of the connection."""

    def reply(handler: Handler) -> None:
        handler.head(200, Content_Type=CSV, Connection="close", **headers)
        handler.wfile.write(body)
        _hang_up(handler)

    return reply


def _hang_up(handler: Handler) -> None:
    handler.wfile.flush()
    handler.close_connection = True


def reset(handler: Handler) -> None:
    """The connection broken off at once, without an answer."""
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()
    handler.close_connection = True


def stall(body: bytes, after: int, **headers: str | int) -> Reply:
    """A part of the file, and then nothing, for as long as the server runs."""

    def reply(handler: Handler) -> None:
        handler.head(200, Content_Type=CSV, Content_Length=len(body), **headers)
        handler.wfile.write(body[:after])
        handler.wfile.flush()
        handler.publisher.closing.wait(10)
        _hang_up(handler)

    return reply


def drip(body: bytes, every: float) -> Reply:
    """The file byte by byte, never so slow that a single wait would be too long."""

    def reply(handler: Handler) -> None:
        handler.head(200, Content_Type=CSV, Content_Length=len(body))
        for byte in body:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            if handler.publisher.closing.wait(every):
                break
        _hang_up(handler)

    return reply


def moved(to: str, code: int = 302) -> Reply:
    """A way to another address."""
    return status(code, Location=to)
