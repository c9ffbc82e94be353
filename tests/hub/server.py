"""A hub that listens, over HTTP or TLS.

Weights are kept "beside git": they are answered with a redirect to another origin (`localhost` instead of `127.0.0.1`), as
the real Hub does with its content network.
"""

import socket
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.hub.answers import Log
from tests.hub.catalogue import Catalogue
from tests.hub.faults import Faults
from tests.hub.handler import Handler
from tests.hub.limits import Limit
from tests.hub.repositories import standard
from tests.hub.routes import TOKEN, TOKEN_WITHOUT_ACCESS
from tests.hub.routing import NAMES

__all__ = ["NAMES", "TOKEN", "TOKEN_WITHOUT_ACCESS", "Hub", "Log", "serving", "wait_until_up"]


class Hub(ThreadingHTTPServer):
    """A hub that listens.

    Args:
        catalogue: What it holds.
        faults: What goes wrong.
        certificate: Files of a certificate and its key, for TLS.
        port: Where to listen; any free one by default.
        drops: Query parameters that it ignores, as mirrors do; `range` for the header of that name.
        routes: Where given, the only routes that it serves, as proxies do; names as in `NAMES`.
        plain_resolve: Answer a request for a file of git with the file, as simple servers do, not with a redirect.
        silent: Routes that never answer.
        drips: Routes whose answer comes byte by byte, headers included.
        drip_seconds: How long each byte takes.
        limit: How many calls of the API are answered in how many seconds.

    Raises:
        ValueError: A route is named that there is not, so that a test would prove nothing.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        catalogue: Catalogue | None = None,
        *,
        faults: Faults | None = None,
        certificate: tuple[Path, Path] | None = None,
        port: int = 0,
        drops: frozenset[str] = frozenset(),
        routes: frozenset[str] | None = None,
        plain_resolve: bool = False,
        silent: frozenset[str] = frozenset(),
        drips: frozenset[str] = frozenset(),
        drip_seconds: float = 1.0,
        limit: tuple[int, float] | None = None,
    ) -> None:
        unknown = (silent | drips | (routes or frozenset())) - NAMES
        if unknown:
            raise ValueError(f"no such route: {', '.join(sorted(unknown))}; there are {', '.join(sorted(NAMES))}")
        super().__init__(("127.0.0.1", port), Handler)
        self.catalogue = catalogue or standard()
        self.faults = faults or Faults()
        self.drops = drops
        self.routes = routes
        self.plain_resolve = plain_resolve
        self.silent = silent
        self.drips = drips
        self.drip_seconds = drip_seconds
        self.limit = Limit(*limit) if limit else None
        self.log = Log()
        self.scheme = "http"
        self.stop = threading.Event()
        self._open: set[Any] = set()
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            # The handshake waits for the first read, in the thread of the connection: a client that stalls there
            # holds up nobody else.
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
            self.scheme = "https"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}"

    @property
    def elsewhere(self) -> str:
        """The same server under another origin: where large files are."""
        return f"{self.scheme}://localhost:{self.server_address[1]}"

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Stop listening and end all connections, so that nobody is served by a hub that is gone."""
        self.stop.set()
        super().server_close()
        for request in tuple(self._open):
            try:
                # Not the method of a TLS connection, which takes the connection from under the thread that reads it.
                socket.socket.shutdown(request, socket.SHUT_RDWR)
            except OSError:
                continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error of the server, nor is its own end."""
        if not (self.stop.is_set() or isinstance(sys.exc_info()[1], OSError)):
            super().handle_error(request, client_address)


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    """Run a hub in this process until the block ends."""
    thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        hub.stop.set()
        hub.shutdown()
        hub.server_close()
        thread.join()


def wait_until_up(url: str, seconds: float = 10) -> None:
    """Wait until a hub in another process listens."""
    address = urlsplit(url)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            socket.create_connection((address.hostname or "", address.port or 0), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(url)
