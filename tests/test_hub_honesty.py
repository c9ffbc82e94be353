"""What licscan may not pretend: that trouble is an answer, that one hub is another, that what it cut off was not there."""

import contextlib
import dataclasses
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from licscan.model import ModelRef
from licscan.scan import Scan, Settings
from licscan.sources.hub import client
from licscan.store import Store
from tests.conftest import Licscan, Outcome
from tests.hub.answers import Answer
from tests.hub.repositories import Repository, card, safetensors
from tests.hub.server import TOKEN, TOKEN_WITHOUT_ACCESS
from tests.hubs import Files, Look, Read, Serve, ToldHub, as_json, changed, gaps, repository, stated

WITHOUT_TREE = frozenset({"info", "resolve", "resolve_cache", "cdn"})


def models(done: Outcome) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done.out)["models"]
    return found


def rows(tmp_path: Path, query: str) -> list[tuple[Any, ...]]:
    """What a query gives of the one database that there is."""
    (file,) = tmp_path.rglob("*.db")
    with contextlib.closing(sqlite3.connect(file)) as database:
        return database.execute(query).fetchall()


def sha(hub: ToldHub, name: str, number: int = 0, kind: str = "models") -> str:
    """A commit of a repository."""
    found = hub.catalogue.find(kind, name)
    assert found is not None
    return found.commits[number].sha


# 1: offline.


def test_offline_a_name_is_what_it_was_itself(serve: Serve, licscan: Licscan) -> None:
    """Offline a name stands for the commit that it was pinned to, not for another revision that was seen after it."""
    hub = serve()
    licscan("scan", "acme/tiny")
    licscan("scan", "acme/tiny@v1")
    hub.log.clear()
    (found,) = models(licscan("scan", "acme/tiny", "--offline", "--format", "json"))
    assert (found["revision"], found["license"]["spdx"]) == (sha(hub, "acme/tiny", 1), "CC-BY-NC-4.0")
    assert found["level"] == "restrictive"
    assert "revision-not-established" in str(found["gaps"])
    assert hub.files_too() == []


def test_what_is_open_offline_is_no_fact(serve: Serve, licscan: Licscan, tmp_path: Path) -> None:
    """That nobody could be asked is said offline, and is no part of the facts: they are kept once, as they were."""
    serve()
    first = models(licscan("scan", "acme/adapter", "--format", "json"))
    kept = rows(tmp_path, "select ref, revision, digest from models order by id")
    for _ in range(2):
        offline = models(licscan("scan", "acme/adapter", "--offline", "--format", "json"))
        assert "revision-not-established" in str(offline)
    assert rows(tmp_path, "select ref, revision, digest from models order by id") == kept
    again = models(licscan("scan", "acme/adapter", "--format", "json"))
    assert again == first
    assert "revision-not-established" not in str(again)


# 2: one hub is not another.


def twin(of: Repository, files: Files) -> Repository:
    """A repository of the same name whose commit has the same name, too, and which says something else."""
    other = repository(of.name, files, metadata=of.metadata)
    other.commits = [dataclasses.replace(other.commits[0], sha=of.commits[0].sha)]
    other.branches = dict(of.branches)
    return other


def two_hubs(serve: Serve) -> tuple[Callable[[], ToldHub], Callable[[], ToldHub], str]:
    """Two hubs that differ in the license alone: what starts the one and the other, and the commit."""
    # Nothing in the record tells them apart.
    one = repository("acme/same", {"README.md": card(license="mit")}, metadata={"tags": []})
    other = twin(one, {"README.md": card(license="cc-by-nc-4.0")})
    return (lambda: serve(one)), (lambda: serve(other)), one.commits[0].sha


@pytest.mark.parametrize("pinned", [True, False])
def test_facts_of_one_hub_are_not_those_of_another(serve: Serve, licscan: Licscan, *, pinned: bool) -> None:
    """What one hub said of a commit is not given as what another one says, and each is asked once only."""
    one, other, commit = two_hubs(serve)
    name = f"acme/same@{commit}" if pinned else "acme/same"
    one()
    (here,) = models(licscan("scan", name, "--format", "json"))
    hub = other()
    (there,) = models(licscan("scan", name, "--format", "json"))
    assert (here["license"]["spdx"], there["license"]["spdx"]) == ("MIT", "CC-BY-NC-4.0")
    assert here["revision"] == there["revision"] == commit
    hub.log.clear()
    assert models(licscan("scan", name, "--format", "json")) == [there]
    assert hub.files() == []


def test_a_run_that_was_killed_at_one_hub_does_not_go_on_at_another(
    serve: Serve, licscan: Licscan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a killed run had found at one hub is no part of the same request at another; at its own hub it goes on."""
    one, other, _ = two_hubs(serve)
    request = ("scan", "acme/same", "acme/tiny", "--jobs", 1, "--format", "json")
    first = one()
    save = Store.save

    def save_and_die(self: Store, *arguments: Any, **options: Any) -> None:
        save(self, *arguments, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(Store, "save", save_and_die)
    assert licscan(*request).code == 130
    monkeypatch.setattr(Store, "save", save)
    other()
    elsewhere = licscan(*request)
    assert (json.loads(elsewhere.out)["run"], models(elsewhere)[0]["license"]["spdx"]) == (2, "CC-BY-NC-4.0")
    monkeypatch.setenv("HF_ENDPOINT", first.url)
    first.log.clear()
    at_home = licscan(*request)
    assert (json.loads(at_home.out)["run"], models(at_home)[0]["license"]["spdx"]) == (1, "MIT")
    assert not any("acme/same" in path for path in first.files_too())


# 3: a base twice.


def based(base: Repository, *, listed: bool) -> Files:
    """A model that names its base at no revision and at the first."""
    old = base.commits[0].sha
    if listed:
        return {"README.md": card(license="mit", base_model=[base.name, f"{base.name}@{old}"])}
    adapter = json.dumps({"base_model_name_or_path": base.name, "revision": old})
    return {"README.md": card(license="mit", base_model=base.name), "adapter_config.json": adapter}


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize(("then", "now"), [("cc-by-nc-4.0", "mit"), ("mit", "cc-by-nc-4.0")])
def test_a_base_at_two_revisions_is_two_bases(serve: Serve, look: Look, then: str, now: str, *, listed: bool) -> None:
    """A base that is named with and without a revision is judged at both, and the stricter of them counts."""
    base = repository("acme/base", {"README.md": card(license=then)}).commit("now", {"README.md": card(license=now)})
    serve(base, repository("acme/child", based(base, listed=listed)))
    found = look.one("acme/child")
    old = f"hf:acme/base@{base.commits[0].sha}"
    levels = {link.base: link.level.value if link.level else None for link in found.lineage}
    strict, free = ("hf:acme/base", old) if now == "cc-by-nc-4.0" else (old, "hf:acme/base")
    assert levels == {strict: "restrictive", free: "permissive-open-weights"}
    assert (found.license.spdx, found.level) == ("MIT", "restrictive")


# 4: a card beside the card.

UNHAD = {
    "wrong digest": Answer(200, card(license="apache-2.0").encode()),
    "refused": Answer.error(403, message="no"),
}


@pytest.mark.parametrize("answer", UNHAD.values(), ids=UNHAD)
def test_another_card_does_not_stand_for_the_one_that_could_not_be_had(
    serve: Serve, look: Look, read: Read, hasty: None, answer: Answer
) -> None:
    """Where README.md could not be had, what the hub says of it counts beside any other README."""
    assert hasty is None
    files: Files = {"README.md": card(license="cc-by-nc-4.0"), "README.txt": card(license="mit")}
    hub = serve(repository("acme/two", files))
    hub.tell(r".*/README\.md", answer)
    claims = {claim.stated: claim.evidence.path for claim in read("acme/two").claims}
    assert claims == {"mit": "README.txt", "cc-by-nc-4.0": None}
    hub.catalogue.add(repository("acme/child", {"README.md": card(license="mit", base_model="acme/two")}))
    for name in ("acme/two", "acme/child"):
        found = look.one(name)
        assert (found.level, found.unknown_reason) == ("unknown", "conflicting")


# 5: what is no file.

PAGE = b"<!DOCTYPE html>\n<html><body>\n---\nlicense: mit\n---\nMIT License</body></html>"
LIE = card(license="mit").encode()
NO_FILE = {
    "page": Answer(200, PAGE, {"Content-Type": "text/html; charset=utf-8"}),
    "page, said to be text": Answer(200, PAGE, {"Content-Type": "text/plain"}),
    "page, said to be nothing": Answer(200, b"\xef\xbb\xbf\n<HTML lang=en>" + PAGE, {}),
    "no content": Answer(204),
    "part": Answer(206, LIE, {"Content-Range": f"bytes 0-{len(LIE) - 1}/{len(LIE)}"}),
    "not modified": Answer(304),
    "redirect to nowhere": Answer(302, LIE),
    "other bytes": Answer(200, LIE, {"ETag": f'"{"0" * 40}"'}),
    "other bytes, weakly": Answer(200, LIE, {"ETag": f'W/"{"0" * 40}"'}),
}


@pytest.mark.parametrize("kind", ["models", "datasets"])
@pytest.mark.parametrize("answer", NO_FILE.values(), ids=NO_FILE)
def test_what_is_no_file_is_neither_card_nor_license(
    serve: Serve, read: Read, hasty: None, kind: str, answer: Answer
) -> None:
    """Where a server promises no digests, what is no whole file, or not the one that it names, is a gap and no fact."""
    assert hasty is None
    one = repository("acme/odd", {"README.md": card(license="gemma"), "LICENSE": "Gemma\n", "x.md": "x"}, kind=kind)
    hub = serve(one, drops=frozenset({"blobs"}), routes=WITHOUT_TREE)
    name = "dataset:acme/odd" if kind == "datasets" else "acme/odd"
    whole = read(name)
    assert ([text.path for text in whole.texts], stated(whole)) == (["LICENSE"], {"card-tag": "gemma"})
    hub.tell(r".*/resolve/.*", answer)
    found = read(name)
    assert (found.texts, stated(found)) == ((), {"card-tag": "gemma"})
    assert {claim.evidence.path for claim in found.claims} == {None}
    told = gaps(found)["invalid-answer"]
    assert ("README.md: " in told, "LICENSE: " in told) == (True, True)


# 6: a list that was in trouble.

TROUBLED = {
    "unreachable": Answer.error(503),
    "invalid-answer": Answer(200, b"<html>", {"Content-Type": "text/html"}),
}


@pytest.mark.parametrize(("gap", "answer"), TROUBLED.items(), ids=TROUBLED)
def test_a_list_that_was_in_trouble_is_asked_for_again(
    serve: Serve, look: Look, hasty: None, tmp_path: Path, gap: str, answer: Answer
) -> None:
    """Where the list of files could not be had this time, that is a passing gap, and the next scan asks for it again."""
    assert hasty is None
    files: Files = {"README.md": card(license="mit"), "LICENSE.other": "x", "model.safetensors": safetensors()}
    one = repository("acme/listless", files)
    hub = serve(one)
    hub.tell(r"/api/models/acme/listless", as_json(changed(one, siblings=...)))
    hub.tell(r"/api/models/acme/listless/tree/.*", answer)
    with Store(str(tmp_path / "kept.db")) as store:
        kept = look._replace(store=store)
        (seen,) = kept.all(["acme/listless"])
        run = store.begin(["x"], "/", "rules", Settings().now)
        store.save(run, seen.position, seen.loaded, seen.assessment, seen.bases)
        (told,) = [found for found in seen.assessment.gaps if found.id.value == gap]
        assert told.what == "which files there are"
        assert told.id.passing
        assert "lists no files" not in seen.assessment.model_dump_json()
        assert "those of the usual names were asked for" in gaps(seen.assessment)["files-not-listed"]
        hub.told.pop()
        hub.log.clear()
        again = kept.one("acme/listless")
    assert sum("/tree/" in path for path in hub.calls()) == 1
    assert {gap, "files-not-listed"}.isdisjoint(gaps(again))
    assert [file.path for file in again.files] == ["model.safetensors"]


# 7: more than anybody reads.


def test_very_many_datasets_are_read_so_far(serve: Serve, read: Read) -> None:
    """Of a card with 20,000 datasets some are read, and a gap says how many."""
    names = [f"acme/data-{number:05}" for number in range(20_000)]
    serve(repository("acme/many", {"README.md": card(license="mit", datasets=names)}))
    found = read("acme/many")
    assert (stated(found)["card-tag"], [one.stated for one in found.datasets]) == ("mit", names[:300])
    assert "lists 20000 datasets; the first 300 were read" in gaps(found)["datasets-not-looked-at"]


# 8: a pause without end.


@pytest.mark.parametrize("headers", [{"Retry-After": "0"}, {"RateLimit": '"api";r=0;t=0'}])
def test_a_hub_that_always_wants_a_pause_is_left(
    serve: Serve, look: Look, hasty: None, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    """A model for which the hub asks for one more short pause for ever is unreachable, and the next are looked at."""
    assert hasty is None
    monkeypatch.setattr(client, "_MOST_PAUSES", 3)
    hub = serve()
    asked = []

    def later(request: object) -> Answer:
        # A licscan that waits for ever is told so, instead.
        asked.append(request)
        return Answer.error(429, **headers) if len(asked) <= 12 else Answer.error(400, message="asked too often")

    hub.tell(r"/(api/models/)?acme/gated.*", later)
    first, second, third = look.all(["acme/gated", "acme/tiny", "acme/quantized"])
    assert "asked to come back later 3 times in a row" in gaps(first.assessment)["unreachable"]
    assert (second.assessment.license.spdx, third.assessment.license.spdx) == ("CC-BY-NC-4.0", "MIT")
    assert "unreachable" not in {*gaps(second.assessment), *gaps(third.assessment)}


# 9: silence of a card that nobody read.

UNREAD = {
    "unreachable": Answer.error(503),
    "access-denied": Answer.error(403, "GatedRepo"),
    "invalid-answer": Answer(200, b"other bytes"),
}


@pytest.mark.parametrize(("gap", "answer"), UNREAD.items(), ids=UNREAD)
def test_a_card_that_could_not_be_read_is_not_silent(
    serve: Serve, look: Look, hasty: None, gap: str, answer: Answer
) -> None:
    """Where the card could not be had and nothing else states a license, nobody looked: it is not said to state none."""
    assert hasty is None
    one = repository("acme/mute", {"README.md": card(license="mit"), "config.json": "{}"})
    hub = serve(one)
    hub.tell(r"/api/models/acme/mute", as_json(changed(one, cardData=..., tags=[])))
    hub.tell(r".*/README\.md", answer)
    found = look.one("acme/mute")
    assert (found.level, found.unknown_reason) == ("unknown", "not-looked-at")
    assert "README.md: " in gaps(found)[gap]
    assert "license-not-stated" not in gaps(found)
    # A card that was read and says nothing does state none.
    hub.told.clear()
    hub.catalogue.touch("acme/mute", {"README.md": "# A model\n"})
    silent = look.one("acme/mute")
    assert (silent.unknown_reason, "license-not-stated" in gaps(silent)) == ("none-stated", True)


@pytest.mark.parametrize("how", ["pages", "entries", "tree"])
def test_a_list_that_was_cut_is_not_silent(serve: Serve, look: Look, hasty: None, how: str) -> None:
    """Where the list of files is not whole, a card may be in the rest: nobody looked, and none is said to be missing."""
    assert hasty is None
    one = repository("acme/cut", {"a.txt": "x"})
    hub = serve(one)
    entries = [{"type": "file", "path": "a.txt", "size": 1, "oid": one.commits[0].files["a.txt"].blob_id}]
    if how == "entries":
        said = changed(one)
        said["siblings"].append({"rfilename": "../README.md"})
        hub.tell(r"/api/models/acme/cut", as_json(said))
    else:
        hub.tell(r"/api/models/acme/cut", as_json(changed(one, siblings=...)))
        page = as_json(entries)
        link = f'<{hub.url}/api/models/acme/cut/tree/main?cursor=1>; rel="next"'
        more = Answer(200, page.body, {**page.headers, "Link": link})
        hub.tell(r"/api/models/acme/cut/tree/.*", more if how == "pages" else Answer.error(503))
    found = look.one("acme/cut")
    assert (found.level, found.unknown_reason) == ("unknown", "not-looked-at")
    assert "files-not-listed" in gaps(found)
    assert "license-not-stated" not in gaps(found)


# 10: access that is given later.


@pytest.mark.parametrize("pinned", [True, False])
def test_access_that_is_given_later_is_used(
    serve: Serve, licscan: Licscan, monkeypatch: pytest.MonkeyPatch, *, pinned: bool
) -> None:
    """What was refused to somebody is asked for again by somebody who may since have been given access."""
    hub = serve()
    name = f"acme/gated@{sha(hub, 'acme/gated')}" if pinned else "acme/gated"
    monkeypatch.setenv("HF_TOKEN", TOKEN_WITHOUT_ACCESS)
    (before,) = models(licscan("scan", name, "--format", "json"))
    assert "access-denied" in str(before["gaps"])
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    hub.log.clear()
    (after,) = models(licscan("scan", name, "--format", "json"))
    assert "access-denied" not in str(after["gaps"])
    assert "LICENSE" in hub.files()


# 11: what a kill leaves.


def test_a_base_can_be_read_again_whoever_asked_for_it(serve: Serve, look: Look, tmp_path: Path) -> None:
    """The bytes of a base are kept with the first of its models that is saved, even if another had them loaded."""
    names = ["acme/first", "acme/second"]
    files: Files = {"README.md": card(license="mit", base_model="acme/tiny")}
    hub = serve(*(repository(name, files) for name in names))
    base = ModelRef.parse("acme/tiny")
    with Store(str(tmp_path / "kept.db")) as store:
        asked = [ModelRef.parse(name) for name in names]
        run = store.begin(names, "/", "rules", Settings().now)

        def backwards(function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
            yield from reversed([function(item) for item in items])

        with contextlib.closing(Scan(look.rules, Settings(timeout=20), store)) as scan:
            seen = next(scan.look(asked, backwards))
            assert (seen.position, sum("acme/tiny" in path for path in hub.calls())) == (1, 1)
            store.save(run, seen.position, seen.loaded, seen.assessment, seen.bases)
        # Killed here.
        ((model, bases),) = store.kept(run)
        assert [one.asked for one in bases] == [base]
        assert bases[0].kept.keys() == {
            "record",
            "info",
            "file/README.md",
            "file/config.json",
            "head/model.safetensors",
        }
        with contextlib.closing(Scan(look.rules, Settings(), store)) as scan:
            (again,) = scan.look_again([(model, bases)])
    assert again.assessment == seen.assessment
    assert again.bases[0].model == seen.bases[0].model
    kept = "select count(*) from model_bodies join models on models.id = model_id where ref = 'hf:acme/tiny'"
    assert rows(tmp_path, kept) == [(5,)]


# 12: a token that is none.


@pytest.mark.parametrize("bad", ["\x01", "\x7f", "\t", "ä", "\u2028", "\udcff", " "])
def test_a_token_that_no_header_can_say_is_a_wrong_call(
    serve: Serve, licscan: Licscan, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, bad: str
) -> None:
    """A token with characters that no token has is said to be wrong in one line without it, and nothing is asked."""
    hub = serve()
    monkeypatch.setenv("HF_TOKEN", f"hf_left{bad}right")
    for target in ("acme/tiny", "acme/*"):
        done = licscan("scan", target)
        assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
        assert "HF_TOKEN" in done.err
        kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
        assert not any(half in done.err or half.encode() in kept for half in ("hf_left", "right"))
    assert hub.files_too() == []


# 13: lists.


def listed(done: Outcome) -> dict[str, str]:
    """The gaps that belong to no model."""
    return {gap["id"]: gap["why"] for gap in json.loads(done.out)["gaps"]}


def test_nothing_new_is_not_nothing_there(serve: Serve, licscan: Licscan) -> None:
    """With --since, an organisation that is not there is a gap, and one that has nothing new is no trouble at all."""
    serve()
    done = licscan("scan", "nobody/*", "--since", "2024-01-01", "--format", "json")
    assert (done.code, listed(done)) == (4, {"not-found": "the hub lists none"})
    done = licscan("scan", "acme/*", "--since", "2030-01-01", "--format", "json")
    assert (done.code, listed(done), models(done)) == (0, {}, [])


def entry(name: str, day: str = "2024-05-01", **more: object) -> dict[str, object]:
    return {"id": name, "sha": "0" * 40, "lastModified": f"{day}T00:00:00.000Z", **more}


@pytest.mark.parametrize("said", [entry("acme/tiny"), entry("acme/tiny", sha=None), entry("ACME/tiny")])
def test_nothing_new_is_so_however_it_is_listed(serve: Serve, licscan: Licscan, said: dict[str, object]) -> None:
    """That an organisation is there is seen from its list, whatever that leaves out, however the name is written."""
    serve().tell("/api/models", as_json([said]))
    done = licscan("scan", "acme/*", "--since", "2030-01-01", "--format", "json")
    assert (done.code, listed(done), models(done)) == (0, {}, [])


def test_models_do_not_stand_for_datasets(serve: Serve, licscan: Licscan) -> None:
    """An organisation that has models and no datasets is not there among the datasets, with --since or without."""
    serve().tell("/api/datasets", as_json([]))
    done = licscan("scan", "acme/*", "dataset:acme/*", "--since", "2030-01-01", "--format", "json")
    assert listed(done) == {"not-found": "the hub lists none"}


def test_names_that_the_hub_does_not_allow_are_a_gap(serve: Serve, licscan: Licscan) -> None:
    """A list with names that no model can have is not taken for one without them: a gap counts those."""
    hub = serve()
    tiny = entry("acme/tiny", sha=sha(hub, "acme/tiny"))
    hub.tell("/api/models", as_json([tiny, entry("acme/a--b"), entry("acme/x.git"), entry("acme/a b")]))
    done = licscan("scan", "acme/*", "--format", "json")
    assert [model["name"] for model in models(done)] == ["acme/tiny"]
    assert listed(done) == {"not-looked-at": "3 of the names that are listed are none that the Hub allows"}


def test_a_list_in_no_order_is_read_to_its_end(serve: Serve, licscan: Licscan) -> None:
    """Where a server does not sort by date, a page of old models does not mean that all that follow are older."""
    hub = serve()
    old = [entry("acme/quantized", "2024-01-01"), entry("acme/empty", "2024-02-01")]
    new = [entry("acme/tiny", "2024-06-01", sha=sha(hub, "acme/tiny"))]
    first = as_json(old)
    link = f'<{hub.url}/api/models?author=acme&cursor=1>; rel="next"'

    def page(request: Any) -> Answer:
        more = Answer(200, first.body, {**first.headers, "Link": link})
        return as_json(new) if "cursor" in request.query else more

    hub.tell("/api/models", page)
    done = licscan("scan", "acme/*", "--since", "2024-05-01", "--format", "json")
    assert [model["name"] for model in models(done)] == ["acme/tiny"]


# 14: an empty weight file.


def test_an_empty_weight_file_is_no_passing_trouble(serve: Serve, read: Read) -> None:
    """A weight file of unknown size that has no bytes to give has no header, and that will be so tomorrow."""
    files: Files = {"README.md": card(license="mit"), "model.safetensors": b""}
    one = repository("acme/hollow", files)
    hub = serve(one, drops=frozenset({"blobs"}), routes=WITHOUT_TREE)
    # That there is no tree is no trouble here.
    hub.tell(r"/api/models/acme/hollow/tree/.*", Answer.data([]))
    found = read("acme/hollow")
    assert "model.safetensors: " in gaps(found)["header-not-read"]
    assert not any(gap.id.passing for gap in found.gaps)
    assert hub.files().count("model.safetensors") == 1


# 15: names that lead elsewhere.

ODD = [
    "../model.safetensors",
    "a/../../b.safetensors",
    "./c.safetensors",
    "a//d.safetensors",
    "/e.safetensors",
    "/LICENSE",
    "licenses/../LICENSE.a",
    "LICENSE.\0",
    "f\0.safetensors",
    "g.safetensors/",
]


@pytest.mark.parametrize("tree", [True, False])
def test_names_that_lead_elsewhere_are_not_asked_for(serve: Serve, read: Read, *, tree: bool) -> None:
    """A name with `..`, an empty part or a null character is no file: it is counted, and not asked for."""
    one = repository("acme/paths", {"README.md": card(license="mit"), "LICENSE": "MIT\n"})
    hub = serve(one)
    if tree:
        entries: list[object] = [{"type": "file", "path": name, "size": 9} for name in ("README.md", "LICENSE", *ODD)]
        hub.tell(r"/api/models/acme/paths", as_json(changed(one, siblings=...)))
        hub.tell(r"/api/models/acme/paths/tree/.*", as_json(entries))
    else:
        said = changed(one)
        said["siblings"] += [{"rfilename": name, "size": 9} for name in ODD]
        hub.tell(r"/api/models/acme/paths", as_json(said))
    found = read("acme/paths")
    assert {path.rpartition("/")[2] for path in hub.files_too() if not path.startswith("/api/models/")} == {
        "README.md",
        "LICENSE",
    }
    assert sorted(hub.files()) == ["LICENSE", "README.md"]
    assert gaps(found)["files-not-listed"] == f"{len(ODD)} entries of the list of files mean nothing"
    assert found.files == ()
