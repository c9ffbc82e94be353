"""The wire protocol of the Hub, as `huggingface_hub` 2.x speaks it, over HTTP or TLS.

Weights are kept "beside git": they are answered with a redirect to another origin (`localhost` instead of `127.0.0.1`), as
the real Hub does with its content network.
"""

import json
import re
import socket
import ssl
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from tests.hub.faults import Faults
from tests.hub.repositories import Catalogue, Commit, File, Repository, standard

PAGE = 1000
TREE_PAGE = 1000
TOKEN = "hf_made_for_tests"  # noqa: S105 - opens nothing


@dataclass
class Log:
    """What was asked of a hub."""

    requests: list[tuple[str, str]] = field(default_factory=list)
    tokens_elsewhere: int = 0
    not_modified: int = 0
    bytes_sent: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def paths(self) -> Counter[str]:
        return Counter(path for _, path in self.requests)

    def clear(self) -> None:
        with self.lock:
            self.requests.clear()
            self.tokens_elsewhere = self.not_modified = self.bytes_sent = 0


@dataclass
class Answer:
    """What is sent back."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def data(cls, value: object, **headers: str) -> "Answer":
        return cls(200, json.dumps(value).encode(), {"Content-Type": "application/json; charset=utf-8", **headers})

    @classmethod
    def error(cls, status: int, code: str = "", message: str = "", **headers: str) -> "Answer":
        body = json.dumps({"error": message or code or str(status)}).encode()
        found = {"Content-Type": "application/json; charset=utf-8", **headers}
        if code:
            found["X-Error-Code"] = code
        if message or code:
            found["X-Error-Message"] = message or code
        return cls(status, body, found)


class Hub(ThreadingHTTPServer):
    """A hub that listens.

    Args:
        catalogue: What it holds.
        faults: What goes wrong.
        certificate: Files of a certificate and its key, for TLS.
        port: Where to listen; any free one by default.
        drops: Query parameters that it ignores, as mirrors do.
        routes: Where given, the only routes that it serves, as proxies do.
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
    ) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.catalogue = catalogue or standard()
        self.faults = faults or Faults()
        self.drops = drops
        self.routes = routes
        self.log = Log()
        self.scheme = "http"
        self.stop = threading.Event()
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)
            self.scheme = "https"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}"

    @property
    def elsewhere(self) -> str:
        """The same server under another origin: where large files are."""
        return f"{self.scheme}://localhost:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error of the server."""
        if not isinstance(sys.exc_info()[1], OSError):
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


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Hub

    def log_message(self, *_: object) -> None:
        """Tests read the log; nobody reads standard error."""

    def do_GET(self) -> None:
        self._serve(body=True)

    def do_HEAD(self) -> None:
        self._serve(body=False)

    def do_POST(self) -> None:
        self._form = self.rfile.read(int(self.headers.get("Content-Length", 0) or 0)).decode()
        self._serve(body=True)

    def _serve(self, *, body: bool) -> None:
        hub = self.server
        address = urlsplit(self.path)
        with hub.log.lock:
            hub.log.requests.append((self.command, self.path))
            if self.headers.get("Host", "").startswith("localhost") and "authorization" in self.headers:
                hub.log.tokens_elsewhere += 1
        fault = hub.faults.choose(f"{self.command} {address.path}")
        if fault == "reset":
            self._reset()
            return
        if fault == "slow" and hub.stop.wait(hub.faults.slow_seconds):
            return
        answer = self._faulty(fault) or _Routes(self, hub).answer(address.path, parse_qs(address.query))
        self._send(answer, fault, body=body)

    def _faulty(self, fault: str | None) -> Answer | None:
        if fault is None or not (fault.isdigit() or fault in {"html", "empty"}):
            return None
        if fault == "html":
            return Answer(200, b"<!DOCTYPE html><html><body>Sign in</body></html>", {"Content-Type": "text/html"})
        if fault == "empty":
            return Answer(200, b"", {"Content-Type": "application/json"})
        headers = (
            {"RateLimit": '"api";r=0;t=1', "RateLimit-Policy": '"fixed window";"api";q=500;w=300'}
            if fault == "429"
            else {}
        )
        return Answer.error(int(fault), message="made to fail", **headers)

    def _send(self, answer: Answer, fault: str | None, *, body: bool) -> None:
        data = answer.body
        if fault == "garbled" and data:
            data = bytes([data[0] ^ 1]) + data[1:-1] + bytes([data[-1] ^ 1])
        length = len(data)
        if fault == "half":
            data = data[: length // 2]
        elif fault == "short":
            data = data[: length // 2]
            length = len(data)
        self.send_response_only(answer.status)
        for key, value in answer.headers.items():
            self.send_header(key, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(length))
        if fault == "half":
            self.send_header("Connection", "close")
        self.end_headers()
        if body and answer.status != 304:
            self.wfile.write(data)
            with self.server.log.lock:
                self.server.log.bytes_sent += len(data)
        if fault == "half":
            self._reset()

    def _reset(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


class _Routes:
    """The answer to one request."""

    def __init__(self, handler: _Handler, hub: Hub) -> None:
        self.handler = handler
        self.hub = hub
        self.form = getattr(handler, "_form", "")
        self.token = handler.headers.get("authorization", "").removeprefix("Bearer ")

    def answer(self, path: str, query: dict[str, list[str]]) -> Answer:
        query = {key: value for key, value in query.items() if key not in self.hub.drops}
        if self.token and self.token != TOKEN:
            return Answer.error(401, message="Invalid credentials in Authorization header")
        for name, pattern in _PATTERNS.items():
            found = pattern.fullmatch(path)
            if found:
                if self.hub.routes is not None and name not in self.hub.routes:
                    break
                parts = {key: unquote(value) for key, value in found.groupdict().items() if value is not None}
                return getattr(self, f"_{name}")(query, **parts)  # type: ignore[no-any-return]
        return Answer(404, b"<html>Not found</html>", {"Content-Type": "text/html"})

    def _repository(self, kind: str, name: str) -> Repository | Answer:
        found = self.hub.catalogue.find(kind, name)
        if found is None or (found.private and not self.token):
            # An anonymous client is not told whether there is such a repository: 401, and no code.
            if not self.token:
                return Answer.error(
                    401, message="Invalid username or password.", **{"WWW-Authenticate": 'Bearer realm="hub"'}
                )
            return Answer.error(404, "RepoNotFound", "Repository not found")
        if found.disabled:
            return Answer.error(403, message="Access to this resource is disabled.")
        return found

    def _commit(self, kind: str, name: str, revision: str | None) -> tuple[Repository, Commit] | Answer:
        found = self._repository(kind, name)
        if isinstance(found, Answer):
            return found
        commit = found.at(revision)
        if commit is None:
            return Answer.error(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        return found, commit

    def _info(self, query: dict[str, list[str]], kind: str, name: str, revision: str | None = None) -> Answer:
        found = self._commit(kind, name, revision)
        if isinstance(found, Answer):
            return found
        return self._cached(info(*found, blobs="blobs" in query))

    def _cached(self, value: object) -> Answer:
        """An answer with a validator; nothing when the client has it already."""
        body = json.dumps(value).encode()
        tag = f'W/"{File(body).blob_id}"'
        if self.handler.headers.get("If-None-Match") == tag:
            with self.hub.log.lock:
                self.hub.log.not_modified += 1
            return Answer(304, b"", {"ETag": tag})
        return Answer(200, body, {"Content-Type": "application/json; charset=utf-8", "ETag": tag})

    def _listing(self, query: dict[str, list[str]], kind: str) -> Answer:
        author = query.get("author", [""])[0]
        start = int(query.get("cursor", ["0"])[0])
        size = min(PAGE, int(query.get("limit", [PAGE])[0]))
        chosen = [one for one in self.hub.catalogue.list_all(kind) if not author or one.name.startswith(f"{author}/")]
        chosen.sort(key=lambda one: one.commits[-1].date, reverse=True)
        page = [info(one, one.commits[-1], blobs=False) for one in chosen[start : start + size] if not one.private]
        headers = {}
        if start + size < len(chosen):
            headers["Link"] = (
                f'<{self.hub.url}/api/{kind}?author={quote(author)}&limit={size}&full=true&cursor={start + size}>; rel="next"'
            )
        return Answer.data(page, **headers)

    def _tree(self, query: dict[str, list[str]], kind: str, name: str, revision: str) -> Answer:
        found = self._commit(kind, name, revision)
        if isinstance(found, Answer):
            return found
        start = int(query.get("cursor", ["0"])[0])
        entries = [_tree_entry(path, file) for path, file in found[1].files.items()]
        headers = {}
        if start + TREE_PAGE < len(entries):
            base = f"{self.hub.url}/api/{kind}/{name}/tree/{quote(revision, safe='')}"
            headers["Link"] = f'<{base}?recursive=true&cursor={start + TREE_PAGE}>; rel="next"'
        return Answer.data(entries[start : start + TREE_PAGE], **headers)

    def _paths(self, _query: dict[str, list[str]], kind: str, name: str, revision: str) -> Answer:
        found = self._commit(kind, name, revision)
        if isinstance(found, Answer):
            return found
        wanted = parse_qs(self.form).get("paths", [])
        return Answer.data([_tree_entry(path, file) for path, file in found[1].files.items() if path in wanted])

    def _refs(self, _query: dict[str, list[str]], kind: str, name: str) -> Answer:
        found = self._repository(kind, name)
        if isinstance(found, Answer):
            return found

        def refs(some: dict[str, str], folder: str) -> list[dict[str, str]]:
            return [{"name": key, "ref": f"refs/{folder}/{key}", "targetCommit": sha} for key, sha in some.items()]

        return Answer.data(
            {"branches": refs(found.branches, "heads"), "tags": refs(found.tags, "tags"), "converts": []}
        )

    def _commits(self, query: dict[str, list[str]], kind: str, name: str, revision: str) -> Answer:
        found = self._commit(kind, name, revision)
        if isinstance(found, Answer):
            return found
        repository, last = found
        upto = repository.commits[: repository.commits.index(last) + 1][::-1]
        start = int(query.get("p", ["0"])[0]) * 50
        headers = {}
        if start + 50 < len(upto):
            base = f"{self.hub.url}/api/{kind}/{name}/commits/{quote(revision, safe='')}"
            headers["Link"] = f'<{base}?p={start // 50 + 1}>; rel="next"'
        return Answer.data(
            [
                {"id": one.sha, "title": one.title, "message": "", "date": _time(one), "authors": [{"user": "acme"}]}
                for one in upto[start : start + 50]
            ],
            **headers,
        )

    def _resolve(
        self, _query: dict[str, list[str]], name: str, revision: str, path: str, kind: str = "models"
    ) -> Answer:
        kind = kind.rstrip("/")
        found = self._commit(kind, name, revision)
        if isinstance(found, Answer):
            return found
        repository, commit = found
        headers = {"X-Repo-Commit": commit.sha}
        file = commit.files.get(path)
        if file is None:
            return Answer.error(404, "EntryNotFound", "Entry not found", **headers)
        public = path in {"README.md", ".gitattributes"}
        if repository.gated and self.token != TOKEN and not public:
            message = f"Access to model {name} is restricted. You must be authenticated to access it."
            return Answer.error(401, "GatedRepo", message, **headers)
        if file.lfs:
            location = f"{self.hub.elsewhere}/cdn/{kind}/{name}/{commit.sha}/{quote(path)}"
            linked = {"X-Linked-Etag": f'"{file.sha256}"', "X-Linked-Size": str(len(file.data)), "Location": location}
            return Answer(302, b"", {**headers, **linked})
        return self._ranged(file, {**headers, "ETag": f'"{file.blob_id}"'})

    def _cdn(self, _query: dict[str, list[str]], kind: str, name: str, revision: str, path: str) -> Answer:
        repository = self.hub.catalogue.find(kind, name)
        commit = repository.at(revision) if repository else None
        file = commit.files.get(path) if commit else None
        return self._ranged(file, {}) if file else Answer(404, b"gone", {})

    def _ranged(self, file: File, headers: dict[str, str]) -> Answer:
        data = file.data
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.handler.headers.get("Range", ""))
        if not wanted or "range" in self.hub.drops:
            return Answer(200, data, {"Accept-Ranges": "bytes", **headers})
        start, end = int(wanted[1]), min(int(wanted[2] or len(data) - 1), len(data) - 1)
        if start >= len(data):
            return Answer(416, b"", {"Content-Range": f"bytes */{len(data)}", **headers})
        return Answer(206, data[start : end + 1], {"Content-Range": f"bytes {start}-{end}/{len(data)}", **headers})

    def _whoami(self, _query: dict[str, list[str]]) -> Answer:
        return (
            Answer.data({"name": "tester"})
            if self.token == TOKEN
            else Answer.error(401, message="Invalid username or password.")
        )


_KIND = r"(?P<kind>models|datasets)"
_NAME = r"(?P<name>[\w.-]+(?:/[\w.-]+)?)"
_REVISION = r"(?P<revision>[^/]+)"
_PATTERNS = {
    "listing": re.compile(rf"/api/{_KIND}"),
    "tree": re.compile(rf"/api/{_KIND}/{_NAME}/tree/{_REVISION}(?:/.*)?"),
    "paths": re.compile(rf"/api/{_KIND}/{_NAME}/paths-info/{_REVISION}"),
    "refs": re.compile(rf"/api/{_KIND}/{_NAME}/refs"),
    "commits": re.compile(rf"/api/{_KIND}/{_NAME}/commits/{_REVISION}"),
    "info": re.compile(rf"/api/{_KIND}/{_NAME}(?:/revision/{_REVISION})?"),
    "resolve": re.compile(rf"/(?P<kind>datasets/)?{_NAME}/resolve/{_REVISION}/(?P<path>.+)"),
    "cdn": re.compile(rf"/cdn/{_KIND}/{_NAME}/{_REVISION}/(?P<path>.+)"),
    "whoami": re.compile(r"/api/whoami-v2"),
}


def info(repository: Repository, commit: Commit, *, blobs: bool) -> dict[str, Any]:
    """What the Hub says of a repository at a commit."""
    front = _front_matter(commit)
    tags = [f"license:{front['license']}"] if isinstance(front.get("license"), str) else []
    bases = front.get("base_model") or []
    for base in [bases] if isinstance(bases, str) else bases:
        relation = front.get("base_model_relation")
        tags += [f"base_model:{base}", *([f"base_model:{relation}:{base}"] if relation else [])]
    siblings: list[dict[str, Any]] = []
    for path, file in commit.files.items():
        one: dict[str, Any] = {"rfilename": path}
        if blobs:
            one |= {"size": len(file.data), "blobId": file.blob_id}
            if file.lfs:
                one["lfs"] = {"sha256": file.sha256, "size": len(file.data), "pointerSize": len(file.pointer)}
        siblings.append(one)
    return {
        "_id": commit.sha[:24],
        "id": repository.name,
        "modelId": repository.name,
        "author": repository.name.partition("/")[0],
        "sha": commit.sha,
        "lastModified": _time(commit),
        "createdAt": _time(repository.commits[0]),
        "private": repository.private,
        "gated": repository.gated,
        "disabled": repository.disabled,
        "downloads": 1,
        "likes": 0,
        "tags": [*tags, "region:us"],
        "pipeline_tag": front.get("pipeline_tag"),
        "library_name": front.get("library_name"),
        "cardData": front,
        "siblings": siblings,
        "spaces": [],
        "usedStorage": sum(len(file.data) for file in commit.files.values()),
        **repository.metadata,
    }


def _front_matter(commit: Commit) -> dict[str, Any]:
    readme = commit.files.get("README.md")
    found: dict[str, Any] = {}
    if readme and readme.data.startswith(b"---\n"):
        for line in readme.data.decode().split("---\n")[1].splitlines():
            key, _, value = line.partition(": ")
            try:
                found[key] = json.loads(value)
            except json.JSONDecodeError:
                found[key] = value
    return found


def _tree_entry(path: str, file: File) -> dict[str, Any]:
    entry: dict[str, Any] = {"type": "file", "path": path, "size": len(file.data), "oid": file.blob_id}
    if file.lfs:
        entry["lfs"] = {"oid": file.sha256, "size": len(file.data), "pointerSize": len(file.pointer)}
    return entry


def _time(commit: Commit) -> str:
    return commit.date.strftime("%Y-%m-%dT%H:%M:%S.000Z")


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
