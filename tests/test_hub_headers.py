"""Headers and addresses that no good hub sends: none of them is a fault of licscan."""

import re

import pytest

from tests.conftest import Licscan
from tests.hub.answers import Answer
from tests.hubs import Look, Serve, as_json, changed, gaps

INFO = r"/api/models/acme/tiny(/revision/.*)?"


@pytest.mark.parametrize("tag", ['W/"é"', '"\xff"', "x" * 50_000, '"a b"', ""])
def test_any_validator_is_borne(serve: Serve, licscan: Licscan, hasty: None, tag: str) -> None:
    """A validator that cannot be sent back is not: the model is read anew, and not once only."""
    assert hasty is None
    hub = serve()
    tiny = hub.catalogue.find("models", "acme/tiny")
    assert tiny is not None
    answer = as_json(changed(tiny))
    hub.tell(INFO, Answer(200, answer.body, {**answer.headers, "ETag": tag}))
    for _ in range(2):
        done = licscan("scan", "acme/tiny", "--format", "json")
        assert '"failed"' not in done.out
        assert "CC-BY-NC-4.0" in done.out


PAUSES = [
    {"Retry-After": "\xb2"},
    {"Retry-After": "-1"},
    {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"},
    {"RateLimit": "x"},
    {"RateLimit": '"api";r=0;t=\xb2'},
    {"RateLimit": '"api";r=0;t=-5'},
    {"RateLimit": f'"api";r=0;t={"9" * 5000}'},
    {"RateLimit": '"api";r=0;t=0', "RateLimit-Policy": f'"fixed window";"api";q=5;w={"9" * 5000}'},
]


@pytest.mark.parametrize("headers", PAUSES, ids=range(len(PAUSES)))
@pytest.mark.parametrize("status", [200, 429])
def test_any_limit_is_borne(
    serve: Serve, look: Look, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str], status: int
) -> None:
    """A limit that is told in no numbers is one that is not told."""
    monkeypatch.setattr("licscan.sources.hub.client._DEFAULT_PAUSE", 0.05)
    hub = serve()
    tiny = hub.catalogue.find("models", "acme/tiny")
    assert tiny is not None
    answer = Answer.error(429) if status == 429 else as_json(changed(tiny))
    left = iter([Answer(status, answer.body, {**answer.headers, **headers})])
    hub.tell(INFO, lambda _: next(left, None))
    assert look.one("acme/tiny").license.spdx == "CC-BY-NC-4.0"


PLACES = [
    "http://exa mple/\xff",
    "\xff\xfe",
    f"http://{'a' * 70}.invalid/",
    "http://xn--/x",
    "http://\xe9.invalid/",
    "?" * 9000,
]


@pytest.mark.parametrize("place", PLACES, ids=range(len(PLACES)))
def test_any_redirect_is_borne(serve: Serve, look: Look, hasty: None, place: str) -> None:
    """A redirect to a place that cannot be is trouble with that model."""
    assert hasty is None
    hub = serve(routes=frozenset({"info"}))
    hub.tell(INFO, Answer(302, b"", {"Location": place}))
    found = gaps(look.one("acme/tiny", timeout=3))
    assert "failed" not in found
    assert {"invalid-answer", "unreachable", "not-found"} & found.keys()


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "identity", "x, gzip", "\xe9"])
def test_any_encoding_is_borne(serve: Serve, look: Look, hasty: None, encoding: str) -> None:
    """An answer that is not encoded as it says is invalid, or taken as it is; what is read is what is published."""
    assert hasty is None
    hub = serve()
    tiny = hub.catalogue.find("models", "acme/tiny")
    assert tiny is not None
    answer = as_json(changed(tiny))
    hub.tell(INFO, Answer(200, answer.body, {**answer.headers, "Content-Encoding": encoding}))
    found = look.one("acme/tiny")
    assert found.license.spdx == "CC-BY-NC-4.0"
    assert "failed" not in gaps(found)


@pytest.mark.parametrize("status", [101, 204, 206, 299, 300, 304, 305, 416, 599, 600, 999])
def test_any_status_is_borne(serve: Serve, look: Look, hasty: None, status: int) -> None:
    """A status that means nothing here leaves a gap."""
    assert hasty is None
    hub = serve()
    hub.tell("/.*", Answer(status))
    found = gaps(look.one("acme/tiny", timeout=3))
    assert "failed" not in found
    assert {"invalid-answer", "unreachable"} & found.keys()


@pytest.mark.parametrize("words", ["Zugriff für Sie gesperrt", "访问被拒绝", "\xff\xfe", "a\x1b[31mb", "x" * 9000])
def test_refusals_are_in_any_language(serve: Serve, look: Look, words: str) -> None:
    """What a hub says no with is shown as it is said, bounded, without what would move a cursor."""
    hub = serve()
    header = words.encode().decode("latin-1")
    hub.tell(INFO, Answer(403, b"{}", {"X-Error-Message": header}))
    (why,) = (gap.why for gap in look.one("acme/tiny").gaps if gap.id == "access-denied")
    assert "access is refused: " in why
    assert len(why) < 400
    assert not re.search(r"[\x00-\x1f]", why)


@pytest.mark.parametrize(
    "revision", ["../../x", "?x", "#", "ü", "%2e%2e", "..", ".", "a b".replace(" ", "+"), "x" * 900]
)
def test_a_revision_cannot_lead_elsewhere(serve: Serve, look: Look, revision: str) -> None:
    """Whatever stands for a revision is asked for as one, and where there is none such, nothing else is read."""
    hub = serve()
    found = look.one(f"acme/tiny@{revision}")
    assert (found.license.spdx, "not-found" in gaps(found)) == (None, True)
    assert all(path.startswith("/api/models/acme/tiny/revision/") for path in hub.calls())
