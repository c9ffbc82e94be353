"""One exchange with a hub, through the session of `huggingface_hub`: bounded in time and in bytes.

The library builds its session without time-outs, and a time-out of HTTP clients is one for each read: a server that
sends a byte now and then holds them for ever. So the streams below the session watch the time that a model has left.
"""

import time
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from typing import Any, NamedTuple

import httpcore2
import httpx2
from huggingface_hub import close_session, get_session, set_client_factory
from huggingface_hub.utils._http import hf_request_event_hook

from licscan.sources.hub.patience import Gate, Patience

CONNECT = 10.0
READ = 20.0
# How soon a waiting read notices that the scan has ended.
_SLICE = 0.5
_CHUNK = 1 << 16

_WATCH: ContextVar[tuple[Patience, Gate] | None] = ContextVar("watch", default=None)


class Answer(NamedTuple):
    """What came back.

    Attributes:
        status: The HTTP status.
        headers: The headers, those of redirects on the way included; names in lower case.
        body: At most as many bytes as were asked for.
        whole: Whether that is all of it.
        url: Where it came from in the end.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool
    url: str


def install() -> None:
    """Have `huggingface_hub` use a session with time-outs."""
    set_client_factory(_session)


def uninstall() -> None:
    """Close all connections."""
    close_session()


def exchange(url: str, headers: Mapping[str, str], limit: int, patience: Patience, gate: Gate) -> Answer:
    """Ask once.

    Args:
        url: What for.
        headers: What to send; `httpx2` drops the token where a redirect leads to another origin.
        limit: How many bytes of the body to read at most.
        patience: How long it may take.
        gate: Says when the scan has ended.

    Raises:
        httpx2.HTTPError: There was no answer, or only a part of one.
    """
    token = _WATCH.set((patience, gate))
    try:
        # gzip alone: the session cannot bound what denser encodings unfold to.
        sent = {"accept-encoding": "gzip", **headers}
        with get_session().stream("GET", url, headers=sent) as response:
            body = bytearray()
            for chunk in response.iter_bytes(_CHUNK):
                body += chunk
                if len(body) > limit:
                    break
            seen: dict[str, str] = {}
            for one in (*response.history, response):
                seen.update(one.headers.items())
            return Answer(response.status_code, seen, bytes(body[:limit]), len(body) <= limit, str(response.url))
    finally:
        _WATCH.reset(token)


def _session() -> httpx2.Client:
    client = httpx2.Client(
        # The library's own hook keeps its offline mode and its request ids.
        event_hooks={"request": [hf_request_event_hook]},
        follow_redirects=True,
        timeout=httpx2.Timeout(READ, connect=CONNECT),
        limits=httpx2.Limits(max_connections=100, max_keepalive_connections=64),
    )
    # No public way leads to the pool of a client that was built with the proxies and certificates of the environment.
    transports = [client._transport, *client._mounts.values()]  # noqa: SLF001
    for transport in transports:
        pool = getattr(transport, "_pool", None)
        if pool is not None:
            pool._network_backend = _Watched(pool._network_backend)  # noqa: SLF001
    return client


class _Watched(httpcore2.NetworkBackend):
    """A network whose every wait ends when the model's time does."""

    def __init__(self, network: httpcore2.NetworkBackend) -> None:
        self._network = network

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        stream = self._network.connect_tcp(host, port, _bounded(timeout), local_address, socket_options)
        return _WatchedStream(stream)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore2.NetworkStream:
        return _WatchedStream(self._network.connect_unix_socket(path, _bounded(timeout), socket_options))

    def sleep(self, seconds: float) -> None:
        self._network.sleep(seconds)


class _WatchedStream(httpcore2.NetworkStream):
    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        watch = _WATCH.get()
        if watch and not watch[0].left():
            # A server that sends without a pause would never be waited for.
            raise httpcore2.ReadTimeout
        end = time.monotonic() + _bounded(timeout)
        while True:
            left = end - time.monotonic()
            try:
                return self._stream.read(max_bytes, max(0.001, min(left, _SLICE)))
            except httpcore2.ReadTimeout:
                if left <= _SLICE or _ended():
                    raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _bounded(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _WatchedStream(self._stream.start_tls(ssl_context, server_hostname, _bounded(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _bounded(timeout: float | None) -> float:
    """A time-out that ends with the model's own time."""
    watch = _WATCH.get()
    given = READ if timeout is None else timeout
    return max(0.001, min(given, watch[0].left())) if watch else given


def _ended() -> bool:
    watch = _WATCH.get()
    return watch is not None and watch[1].closed
