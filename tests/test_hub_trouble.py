"""Troubles between licscan and a hub: each ends soon, with a gap that says what is so, and costs no other model."""

import contextlib
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from licscan.sources.hub import client, patience
from tests.conftest import Licscan
from tests.hub.answers import Answer
from tests.hub.faults import Faults
from tests.hub.repositories import card, safetensors
from tests.hub.routing import NAMES
from tests.hubs import Files, Look, Read, Serve, as_json, changed, gaps, repository, stated

INFO = r"/api/models/acme/tiny(/revision/.*)?"

STATUSES = [
    (Answer.error(401, message="Invalid username or password."), "not-found", "no such repository, or a private one"),
    (Answer.error(401, "RepoNotFound"), "not-found", "no such repository, or a private one"),
    (Answer.error(404, "RepoNotFound"), "not-found", "no such repository, or a private one"),
    (Answer.error(404, "RevisionNotFound"), "not-found", "no such revision"),
    (Answer.error(401, "GatedRepo"), "access-denied", "gated: its publisher has not given access"),
    (Answer.error(403, "GatedRepo"), "access-denied", "gated: its publisher has not given access"),
    (Answer.error(403, message="Access to this resource is disabled."), "access-denied", "disabled by the hub"),
    (Answer.error(403), "access-denied", "access is refused"),
    (Answer.error(451, message="removed"), "access-denied", "access is refused: removed"),
    (Answer.error(401, message="Invalid credentials in Authorization header"), "access-denied", "refuses the token"),
    (Answer.error(400, message="bad"), "invalid-answer", "the hub answers 400: bad"),
    (Answer.error(418), "invalid-answer", "the hub answers 418"),
    *((Answer.error(status), "unreachable", f"the hub answers {status}") for status in (408, 500, 502, 503, 504, 524)),
]


@pytest.mark.parametrize(("answer", "gap", "why"), STATUSES, ids=[f"{a.status}-{g}" for a, g, _ in STATUSES])
def test_each_refusal_is_its_own_gap(serve: Serve, look: Look, hasty: None, answer: Answer, gap: str, why: str) -> None:
    """What a hub says no with is told apart: not there, not given, not now, and no answer at all."""
    assert hasty is None
    hub = serve()
    hub.tell(r"/(api/models/)?acme/tiny.*", answer)
    found = look.one("acme/tiny")
    assert why in gaps(found)[gap]
    assert found.unknown_reason == "not-looked-at"


NO_JSON = [b"", b"<!DOCTYPE html><html></html>", b"[]", b"7", b'"x"', b"null", b"{}", b'{"id": ', b"\xff\xfe{", b"{]"]


@pytest.mark.parametrize("body", [*NO_JSON, b"[" * 200_000, b'{"a":' * 200_000], ids=range(len(NO_JSON) + 2))
def test_what_is_no_record_is_an_invalid_answer(serve: Serve, look: Look, hasty: None, body: bytes) -> None:
    """A page for people, half an answer, JSON of another shape: asked for again, and then a gap."""
    assert hasty is None
    hub = serve(routes=NAMES - {"resolve"})
    hub.tell(INFO, Answer(200, body, {"Content-Type": "application/json"}))
    assert "invalid-answer" in gaps(look.one("acme/tiny"))


def test_an_answer_that_comes_right_is_taken(serve: Serve, read: Read) -> None:
    """A hub that stumbles over each first request is asked again until it answers."""
    seen: set[str] = set()

    def stumble(request: object) -> Answer | None:
        path = str(getattr(request, "path", ""))
        known = path in seen
        seen.add(path)
        return None if known else Answer.error(503)

    serve().tell(".*", stumble)
    assert gaps(read("acme/tiny")) == {}


def test_answers_have_a_bound(serve: Serve, look: Look, hasty: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more of an answer is read than the bound, and one beyond it is a gap."""
    assert hasty is None
    monkeypatch.setattr(client, "JSON_LIMIT", 1 << 20)
    monkeypatch.setattr(
        client.Client.ask, "__kwdefaults__", dict(client.Client.ask.__kwdefaults__ or {}, limit=1 << 20)
    )
    hub = serve(routes=NAMES - {"resolve"})
    hub.tell(INFO, as_json({"id": "acme/tiny", "filling": "x" * (3 << 20)}))
    assert gaps(look.one("acme/tiny"))["invalid-answer"] == "an answer of more than 1 MiB"


def test_a_record_of_another_model_is_not_taken(serve: Serve, look: Look, hasty: None) -> None:
    """An answer that tells of another repository, or of another commit, is no answer."""
    assert hasty is None
    hub = serve(routes=NAMES - {"resolve"})
    tiny = hub.catalogue.find("models", "acme/tiny")
    assert tiny is not None
    hub.tell(INFO, as_json(changed(tiny, id="acme/other", modelId="acme/other")))
    assert gaps(look.one("acme/tiny"))["invalid-answer"] == "a record of another repository"
    hub.told.clear()
    hub.tell(INFO, as_json(changed(tiny, sha="0" * 40)))
    first = tiny.commits[0].sha
    assert gaps(look.one(f"acme/tiny@{first}"))["invalid-answer"] == "a record of another commit"


def test_files_that_are_not_what_is_promised_are_not_read(serve: Serve, read: Read, hasty: None) -> None:
    """Bytes with another digest than the hub promises are a gap: nothing of them is a fact."""
    assert hasty is None
    hub = serve(repository("acme/lies", {"README.md": card(license="mit"), "LICENSE": "MIT License\n"}))
    hub.tell(r".*/README\.md", Answer(200, card(license="apache-2.0").encode(), {}))
    hub.tell(r".*/LICENSE", Answer(200, b"Apache License\n", {}))
    found = read("acme/lies")
    assert (stated(found), found.texts) == ({"card-tag": "mit"}, ())
    assert found.claims[0].evidence.path is None
    assert gaps(found)["invalid-answer"].count("not the bytes whose digest is promised") == 2


def test_one_broken_model_does_not_cost_the_next(serve: Serve, look: Look, hasty: None) -> None:
    """A model none of whose files can be had says nothing of the hub: the next model is looked at."""
    assert hasty is None
    files: Files = dict.fromkeys(("README.md", "LICENSE", "NOTICE", "config.json", "USE_POLICY.md"), "x")
    hub = serve(repository("acme/bad", files))
    hub.tell(r".*/acme/bad/.*/(?:README\.md|LICENSE|NOTICE|config\.json|USE_POLICY\.md)", Answer(200, b"y", {}))
    bad, good = look.all(["acme/bad", "acme/tiny"])
    assert "invalid-answer" in gaps(bad.assessment)
    assert good.assessment.license.spdx == "CC-BY-NC-4.0"
    hub.told.clear()
    hub.tell(r".*/acme/bad/.*/.*", Answer.error(503))
    bad, good = look.all(["acme/bad", "acme/tiny"])
    assert "unreachable" in gaps(bad.assessment)
    assert good.assessment.license.spdx == "CC-BY-NC-4.0"


@pytest.mark.parametrize("route", ["info", "resolve", "cdn"])
@pytest.mark.parametrize("habit", ["silent", "drips"])
def test_silence_ends_with_the_time_of_a_model(serve: Serve, licscan: Licscan, route: str, habit: str) -> None:
    """A hub that says nothing, or a byte now and then, holds a model no longer than its time, and that is a gap."""
    serve(**{habit: frozenset({route}), "drip_seconds": 0.4})
    started = time.monotonic()
    done = licscan("scan", "acme/tiny", "--timeout", 1, "--format", "json")
    assert time.monotonic() - started < 6
    assert (done.code, '"unreachable"' in done.out) == (0, True)


TRICKLE = """
import socket, time
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
connection, _ = server.accept()
connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\n\\r\\n")
until = time.monotonic() + 20
while time.monotonic() < until:
    connection.sendall(b" ")
"""


def test_a_steady_trickle_ends_with_the_time_of_a_model(
    serve: Serve, licscan: Licscan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that never pauses and never ends is given up when the model's time is."""
    serve()
    # In a process of its own, so that it is never slower than who reads.
    with subprocess.Popen([sys.executable, "-c", TRICKLE], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.stdout.readline().strip()}")
        started = time.monotonic()
        done = licscan("scan", "acme/slow", "--timeout", 1, "--format", "json")
        took = time.monotonic() - started
        server.kill()
    assert took < 6
    assert '"unreachable"' in done.out


def test_a_hub_that_is_gone_is_given_up(
    serve: Serve, licscan: Licscan, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody listens, three models find that out, and the others are not asked for one by one."""
    assert hasty is None
    serve()
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{nobody.getsockname()[1]}")
        started = time.monotonic()
        done = licscan("scan", *(f"acme/m{number}" for number in range(200)), "--jobs", 1, "--format", "json")
    assert time.monotonic() - started < 15
    assert done.out.count("gave no answer for 3 models before") >= 190
    assert "ConnectError" in done.out


def test_a_hub_that_comes_back_is_asked_again(
    serve: Serve, look: Look, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hub that was given up is asked again after a while, and once it answers, it is a hub again."""
    assert hasty is None
    monkeypatch.setattr(patience, "LEFT_ALONE", 0.0)
    hub = serve()
    down = [True]
    hub.tell(".*", lambda _: Answer.error(503) if down[0] else None)
    names = [f"acme/m{number}" for number in range(4)]

    def one_by_one(function: Callable[[object], object], items: object) -> object:
        for number, item in enumerate(items):  # type: ignore[var-annotated,arg-type]
            down[0] = number < 4
            yield function(item)

    found = look.all([*names, "acme/tiny"], one_by_one)  # type: ignore[arg-type]
    assert found[-1].assessment.license.spdx == "CC-BY-NC-4.0"


LIMITS = [
    ({"RateLimit": '"api";r=0;t=0', "RateLimit-Policy": '"fixed window";"api";q=5;w=300'}, 1.0),
    ({"Retry-After": "1"}, 1.5),
]


@pytest.mark.parametrize(("headers", "least"), LIMITS)
def test_pauses_that_a_hub_asks_for_are_kept(serve: Serve, read: Read, headers: dict[str, str], least: float) -> None:
    """Too many requests: nobody asks before the time that the hub says, and then it goes on, beyond the model's time."""
    hub = serve()
    refused = iter([Answer.error(429, **headers)])
    hub.tell(INFO, lambda _: next(refused, None))
    started = time.monotonic()
    assert gaps(read("acme/tiny", 1.0)) == {}
    assert time.monotonic() - started >= least


@pytest.mark.parametrize("headers", [{"Retry-After": "1000000"}, {"RateLimit": '"api";r=0;t=1000000'}])
def test_pauses_without_reason_are_not_kept(serve: Serve, look: Look, headers: dict[str, str]) -> None:
    """A hub that wants to be left alone for eleven days is not waited for."""
    hub = serve()
    hub.tell(INFO, Answer.error(429, **headers))
    assert "asks to come back in 100000" in gaps(look.one("acme/tiny"))["unreachable"]


def test_the_last_answer_of_a_limit_is_an_answer(serve: Serve, look: Look) -> None:
    """An answer that says that it was the last one for a day is taken all the same."""
    rate = {"RateLimit": '"api";r=0;t=80000', "RateLimit-Policy": '"fixed window";"api";q=5;w=86400'}
    hub = serve()
    tiny = hub.catalogue.find("models", "acme/tiny")
    assert tiny is not None
    answer = as_json(changed(tiny))
    hub.tell(INFO, Answer(200, answer.body, {**answer.headers, **rate}))
    assert look.one("acme/tiny").license.spdx == "CC-BY-NC-4.0"


def test_a_real_limit_is_never_run_into_twice(serve: Serve, look: Look) -> None:
    """Eight threads share what a limit allows: what is refused is less than what is asked."""
    hub = serve(limit=(3, 1))
    hub.catalogue.generated = 8
    found = look.at_once([f"bulk/model-{number:05}" for number in range(8)])
    assert all("unreachable" not in gaps(seen.assessment) for seen in found)
    assert len(hub.calls()) - hub.log.refused == 8


def test_redirects_in_a_circle_end(serve: Serve, look: Look, hasty: None) -> None:
    """A redirect that leads back is an invalid answer."""
    assert hasty is None
    hub = serve(routes=NAMES - {"resolve"})
    hub.tell(INFO, Answer.redirect(302, f"{hub.url}/api/models/acme/tiny"))
    assert "TooManyRedirects" in gaps(look.one("acme/tiny"))["invalid-answer"]


@pytest.mark.parametrize("where", ["ftp://127.0.0.1/x", "http://[", "//", "http://127.0.0.1:99999/"])
def test_redirects_to_nowhere_are_no_answer(serve: Serve, look: Look, hasty: None, where: str) -> None:
    """A redirect that leads to no address is trouble with that model, and no fault of licscan."""
    assert hasty is None
    hub = serve(routes=NAMES - {"resolve"})
    hub.tell(INFO, Answer.redirect(302, where))
    found = gaps(look.one("acme/tiny"))
    assert "failed" not in found
    assert {"invalid-answer", "unreachable", "not-found"} & found.keys()


def test_what_is_no_http_is_trouble_with_that_model(
    serve: Serve, look: Look, hasty: None, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that speaks something else, and repeats the token in it, is unreachable; the token is not repeated."""
    assert hasty is None
    serve()
    with _speaking(f"SSH-2.0 {token}\r\n\r\n".encode()) as url:
        monkeypatch.setenv("HF_ENDPOINT", url)
        found = look.one("acme/tiny")
    assert "unreachable" in gaps(found)
    assert token not in found.model_dump_json()


@contextlib.contextmanager
def _speaking(words: bytes) -> Iterator[str]:
    """A server that says the same to everybody."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_speak, args=(server, words))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


def _speak(server: socket.socket, words: bytes) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection, contextlib.suppress(OSError):
            connection.recv(1 << 16)
            connection.sendall(words)


def test_a_hub_that_fails_at_random_gives_facts_or_gaps(serve: Serve, look: Look, hasty: None) -> None:
    """Whatever goes wrong with a third of all answers, what is said of a license is what stands there, or nothing."""
    assert hasty is None
    kinds = ("500", "reset", "half", "short", "html", "empty", "garbled", "other")
    hub = serve(faults=Faults(share=0.3, seed=7, kinds=kinds))
    hub.catalogue.generated = 40
    names = [f"bulk/model-{number:05}" for number in range(0, 40, 8)]
    for seen in look.at_once(names):
        assert seen.assessment.license.spdx in {"Apache-2.0", None}
        assert seen.assessment.license.spdx or gaps(seen.assessment)


def test_halves_of_characters_are_no_fault(serve: Serve, licscan: Licscan) -> None:
    """Half a character in whatever a hub says - tags, front matter, headers - is replaced, and all can be printed."""
    bad = "\ud800"
    head = {"license": f"mit{bad}", "general.name": bad}
    one = repository("acme/half", {"x.gguf": b"GGUF", "model.safetensors": safetensors(head), "LICENSE": "x"})
    said = changed(
        one,
        cardData={"license": [bad, "mit"], "base_model": bad, "datasets": bad, "extra_gated_prompt": bad, bad: bad},
        tags=[bad, f"base_model:{bad}", f"dataset:{bad}"],
        gguf={"architecture": bad, bad: bad},
        pipeline_tag=bad,
    )
    serve(one).tell(r"/api/models/acme/half", as_json(said))
    done = licscan("scan", "acme/half", "--format", "json")
    assert (done.code, done.err) == (0, "")
    assert '"failed"' not in done.out


def test_a_listing_of_files_without_end_is_bounded(serve: Serve, look: Look) -> None:
    """A tree whose every page names a next one is read so far, and a gap says so."""
    one = repository("acme/endless")
    hub = serve(one)
    page = [{"type": "file", "path": f"f{number}.txt", "size": 1, "oid": "0" * 40} for number in range(3)]
    hub.tell(r"/api/models/acme/endless", as_json(changed(one, siblings=...)))
    answer = as_json(page)
    link = f'<{hub.url}/api/models/acme/endless/tree/main?cursor=1>; rel="next"'
    hub.tell(r"/api/models/acme/endless/tree/.*", Answer(200, answer.body, {**answer.headers, "Link": link}))
    found = look.one("acme/endless")
    assert "more than 20 pages of files" in gaps(found)["files-not-listed"]
    assert len(re.findall("tree", " ".join(hub.calls()))) == 20
