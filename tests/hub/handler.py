"""One connection to a hub: reading requests, and answering as badly as was asked for."""

import io
import itertools
import json
import socket
import threading
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from tests.hub import records
from tests.hub.answers import JSON, Answer
from tests.hub.limits import rate_headers
from tests.hub.routes import Routes
from tests.hub.routing import Request, route
from tests.hub.values import git_hash

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

    from tests.hub.server import Hub

_NUMBERS = itertools.count(1)


class Handler(BaseHTTPRequestHandler):
    """Answers the requests of one connection."""

    protocol_version = "HTTP/1.1"
    # Headers and body are two writes: the second must not wait for the client to acknowledge the first.
    disable_nagle_algorithm = True
    server: "Hub"

    def log_message(self, *_: object) -> None:
        """Tests read the log; nobody reads standard error."""

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length", 0) or 0)).decode())

    def _serve(self, form: str = "") -> None:
        hub = self.server
        address = urlsplit(self.path)
        name, _ = route(address.path)
        self._note()
        if name in hub.silent:
            hub.stop.wait()
            self._reset()
            return
        fault = hub.faults.choose(f"{self.command} {address.path}")
        if fault == "reset":
            self._reset()
            return
        if fault == "slow" and hub.stop.wait(hub.faults.slow_seconds):
            return
        if fault == "other" and name != "info":
            fault = "garbled"
        answer = self._answer(name, fault, Request(address.path, parse_qs(address.query), self.headers, form))
        plain = self.wfile
        if name in hub.drips:
            self.wfile = _Drip(plain, hub.stop, hub.drip_seconds)
        self._send(answer, fault)
        self.wfile = plain

    def _note(self) -> None:
        log = self.server.log
        log.asked(self.command, self.path)
        if self.headers.get("Host", "").startswith("localhost") and "authorization" in self.headers:
            with log.lock:
                log.tokens_elsewhere += 1

    def _answer(self, name: str | None, fault: str | None, request: Request) -> Answer:
        hub = self.server
        rate: dict[str, str] = {}
        # Files have a limit of their own on the Hub.
        if hub.limit and request.path.startswith("/api/") and name != "resolve_cache":
            allowed, rate = hub.limit.take()
            if not allowed:
                with hub.log.lock:
                    hub.log.refused += 1
                return Answer.error(429, message="We had to rate limit you", **rate)
        answer = _failed(fault) or Routes(hub, request).answer()
        answer.headers = {**rate, **answer.headers}
        return _about_another(answer) if fault == "other" else answer

    def _send(self, answer: Answer, fault: str | None) -> None:
        data, length = _distorted(answer.body, fault)
        self.send_response_only(answer.status)
        self.send_header("X-Request-Id", f"Root=1-{next(_NUMBERS):08x}")
        for key, value in answer.headers.items():
            self.send_header(key, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(length))
        if fault == "half":
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD" and answer.status != 304:
            self.wfile.write(data)
            self.server.log.sent(len(data))
        if fault == "half":
            self._reset()

    def _reset(self) -> None:
        self.close_connection = True
        try:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


class _Drip(io.BufferedIOBase):
    """Writes one byte at a time, and stops when the hub does."""

    def __init__(self, to: io.BufferedIOBase, stop: threading.Event, seconds: float) -> None:
        self._to = to
        self._stop = stop
        self._seconds = seconds

    def write(self, data: "ReadableBuffer") -> int:
        some = bytes(data)
        for number in range(len(some)):
            if self._stop.wait(self._seconds):
                raise ConnectionAbortedError
            self._to.write(some[number : number + 1])
            self._to.flush()
        return len(some)


def _failed(fault: str | None) -> Answer | None:
    """The answer of a fault that needs none of the hub's own."""
    if fault is None or not (fault.isdigit() or fault in {"html", "empty"}):
        return None
    if fault == "html":
        return Answer(200, b"<!DOCTYPE html><html><body>Sign in</body></html>", {"Content-Type": "text/html"})
    if fault == "empty":
        return Answer(200, b"", {"Content-Type": "application/json"})
    headers = rate_headers(500, 300, 0, 1, refused=True) if fault == "429" else {}
    return Answer.error(int(fault), message="made to fail", **headers)


def _about_another(answer: Answer) -> Answer:
    """A sound answer to a question that nobody asked, as a confused cache in between gives it."""
    if answer.status != 200:
        return answer
    body = json.dumps(records.other(json.loads(answer.body))).encode()
    return Answer(200, body, {**answer.headers, "Content-Type": JSON, "ETag": f'W/"{git_hash("blob", body)}"'})


def _distorted(data: bytes, fault: str | None) -> tuple[bytes, int]:
    """What is sent of a body, and the length that is said to be."""
    if fault == "garbled" and data:
        data = bytes([data[0] ^ 1]) + data[1:-1] + bytes([data[-1] ^ 1])
    if fault in {"half", "short"}:
        return data[: len(data) // 2], len(data) if fault == "half" else len(data) // 2
    return data, len(data)
