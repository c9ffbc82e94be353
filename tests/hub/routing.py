"""Which route a request takes, and what a route may know."""

import re
from email.message import Message
from typing import NamedTuple, Protocol
from urllib.parse import unquote

from tests.hub.answers import Log
from tests.hub.catalogue import Catalogue

Query = dict[str, list[str]]


class Holder(Protocol):
    """What the routes need to know of a hub."""

    catalogue: Catalogue
    log: Log
    drops: frozenset[str]
    routes: frozenset[str] | None
    plain_resolve: bool

    @property
    def url(self) -> str: ...

    @property
    def elsewhere(self) -> str: ...


class Request(NamedTuple):
    """What a client asks: the path as it was sent, since only that says which slash divides and which is quoted."""

    path: str
    query: Query
    headers: Message
    form: str = ""


def route(path: str) -> tuple[str | None, dict[str, str]]:
    """Which route a path takes, and what it names."""
    for name, pattern in _PATTERNS.items():
        found = pattern.fullmatch(path)
        if found:
            return name, {key: unquote(value) for key, value in found.groupdict().items() if value is not None}
    return None, {}


_KIND = r"(?P<kind>models|datasets)"
_NAME = r"(?P<name>[\w.-]+(?:/[\w.-]+)?)"
_REVISION = r"(?P<revision>[^/]+)"
_PATTERNS = {
    "listing": re.compile(rf"/api/{_KIND}"),
    "tree": re.compile(rf"/api/{_KIND}/{_NAME}/tree/{_REVISION}(?:/(?P<folder>.*))?"),
    "paths": re.compile(rf"/api/{_KIND}/{_NAME}/paths-info/{_REVISION}"),
    "refs": re.compile(rf"/api/{_KIND}/{_NAME}/refs"),
    "commits": re.compile(rf"/api/{_KIND}/{_NAME}/commits/{_REVISION}"),
    "auth": re.compile(rf"/api/{_KIND}/{_NAME}/auth-check"),
    "info": re.compile(rf"/api/{_KIND}/{_NAME}(?:/revision/{_REVISION})?"),
    "collection": re.compile(r"/api/collections/(?P<slug>[\w.-]+/[\w.-]+)"),
    "resolve": re.compile(rf"/(?P<kind>datasets/)?{_NAME}/resolve/{_REVISION}/(?P<path>.+)"),
    "resolve_cache": re.compile(rf"/api/resolve-cache/{_KIND}/{_NAME}/{_REVISION}/(?P<path>.+)"),
    "cdn": re.compile(rf"/cdn/{_KIND}/{_NAME}/{_REVISION}/(?P<path>.+)"),
    "whoami": re.compile(r"/api/whoami-v2"),
}
NAMES = frozenset(_PATTERNS)
"""The names of all routes, for `Hub(routes=...)`, `Hub(silent=...)` and `Hub(drips=...)`."""
