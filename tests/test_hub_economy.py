"""What licscan asks for: no more than it must, never twice, and nothing at all for what it keeps."""

import contextlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from licscan.model import ModelRef
from licscan.scan import Scan, Settings
from licscan.store import Store
from tests.conftest import Licscan
from tests.hub.answers import Answer
from tests.hub.repositories import card, safetensors
from tests.hub.server import TOKEN
from tests.hubs import Files, Look, Serve, ToldHub, gaps, repository


def models(done: tuple[int, str, str]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(done[1])["models"]
    return found


@pytest.fixture
def kept(look: Look, tmp_path: Path) -> Iterator[Look]:
    """Look at models with a store."""
    with Store(str(tmp_path / "kept.db")) as store:
        yield look._replace(store=store)


def save(kept: Look, names: Iterable[str], **settings: object) -> int:
    """A run as the command makes it."""
    assert kept.store
    asked = [ModelRef.parse(name) for name in names]
    run = kept.store.begin([*map(str, asked)], "/", "rules", Settings().now)
    done = kept.store.resume(run, asked)
    with contextlib.closing(Scan(kept.rules, Settings(timeout=20, **settings), kept.store)) as scan:  # type: ignore[arg-type]
        for seen in scan.look(asked, map, done):
            kept.store.save(run, seen.position, seen.loaded, seen.assessment, seen.bases)
    return run


def test_a_new_model_costs_one_call_and_its_small_files(serve: Serve, licscan: Licscan) -> None:
    """A model that was never seen: one call of the API, each small file once, of weights the header."""
    weights = safetensors({"format": "pt"}) + bytes(5_000_000)
    files: Files = {"README.md": card(license="mit"), "LICENSE": "x", "config.json": "{}", "tokenizer.json": "{}"}
    hub = serve(repository("acme/new", {**files, "model.safetensors": weights, "pytorch_model.bin": b"x" * 100_000}))
    licscan("scan", "acme/new")
    assert len(hub.calls()) == 1
    assert Counter(hub.files()) == {"README.md": 1, "LICENSE": 1, "config.json": 1, "model.safetensors": 1}
    assert hub.log.bytes_sent < 100_000


def test_the_same_again_costs_one_call_without_an_answer(serve: Serve, licscan: Licscan) -> None:
    """A model that is known: one call, answered with "not modified", and the same assessment."""
    hub = serve()
    first = licscan("scan", "acme/tiny", "--format", "json")
    hub.log.clear()
    second = licscan("scan", "acme/tiny", "--format", "json")
    assert (len(hub.files_too()), len(hub.calls()), hub.log.not_modified) == (1, 1, 1)
    assert models(first) == models(second)
    licscan("scan", "acme/tiny", "--refresh")
    assert hub.files()


def test_a_new_commit_is_looked_at_anew(serve: Serve, licscan: Licscan) -> None:
    """A model that changed is read again, at its new commit."""
    hub = serve()
    licscan("scan", "acme/tiny")
    new = hub.catalogue.touch("acme/tiny", {"README.md": card(license="apache-2.0")}).commits[-1].sha
    (found,) = models(licscan("scan", "acme/tiny", "--format", "json"))
    assert (found["revision"], found["license"]["spdx"]) == (new, "Apache-2.0")  # type: ignore[index]


def test_new_access_is_looked_at_anew(serve: Serve, licscan: Licscan) -> None:
    """A model that was gated or opened without a commit is read again: what its users owe has changed."""
    hub = serve()
    licscan("scan", "acme/tiny")
    tiny = hub.catalogue.find("models", "acme/tiny")
    assert tiny is not None
    tiny.gated = "auto"
    (found,) = models(licscan("scan", "acme/tiny", "--format", "json"))
    assert "access is given automatically" in str(found["notes"])
    assert "access-denied" in str(found["gaps"])


def test_a_token_opens_what_was_closed(serve: Serve, licscan: Licscan, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was refused to nobody in particular is asked for again by somebody."""
    serve()
    assert "access-denied" in str(models(licscan("scan", "acme/gated", "--format", "json")))
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    assert "access-denied" not in str(models(licscan("scan", "acme/gated", "--format", "json")))


def test_a_known_commit_costs_nothing(serve: Serve, licscan: Licscan) -> None:
    """A commit is what it was: once it is kept, nobody is asked."""
    hub = serve()
    tiny = hub.catalogue.find("models", "acme/tiny")
    assert tiny is not None
    first = licscan("scan", f"acme/tiny@{tiny.commits[0].sha}", "--format", "json")
    hub.log.clear()
    second = licscan("scan", f"acme/tiny@{tiny.commits[0].sha}", "--format", "json")
    assert hub.files_too() == []
    assert models(first) == models(second)


def test_an_organisation_costs_its_list(serve: Serve, licscan: Licscan) -> None:
    """Unchanged models of an organisation cost nothing beside the list, nor do their bases in it."""
    hub = serve()
    hub.catalogue.generated = 30
    assert len(models(licscan("scan", "bulk/*", "--format", "json"))) == 30
    hub.log.clear()
    licscan("scan", "bulk/*")
    assert (len(hub.files_too()), hub.log.not_modified) == (1, 0)
    hub.catalogue.touch("bulk/model-00007", {"README.md": card(license="mit")})
    hub.log.clear()
    licscan("scan", "bulk/*")
    assert (len(hub.calls()), hub.log.not_modified) == (2, 0)
    assert all("model-00007" in path for path in hub.files_too() if "/resolve/" in path)


def test_since_a_day_only_what_changed_is_asked(serve: Serve, licscan: Licscan) -> None:
    """`--since` asks for nothing older."""
    hub = serve()
    hub.catalogue.generated = 400
    newest = sorted(date.date() for date, name in hub.catalogue.entries("models") if name.startswith("bulk/"))[-3]
    found = models(licscan("scan", "bulk/*", "--since", newest, "--format", "json"))
    assert len(found) == 3
    asked = {name for path in hub.files_too() for name in re.findall(r"model-\d{5}", path)}
    bases = {str(link["base"])[-11:] for model in found for link in model["lineage"]}  # type: ignore[attr-defined]
    assert asked <= {str(model["name"])[-11:] for model in found} | bases


def test_bases_are_asked_for_once(serve: Serve, look: Look) -> None:
    """Forty models of one base, in eight threads: the base is asked for once."""
    names = [f"acme/tune-{number}" for number in range(40)]
    files: Files = {"README.md": card(license="mit", base_model="acme/tiny")}
    hub = serve(*(repository(name, files) for name in names))
    found = look.at_once(names)
    assert all(seen.assessment.level == "restrictive" for seen in found)
    assert sum("acme/tiny" in path for path in hub.calls()) == 1
    assert len(hub.calls()) == 41


def test_jobs_are_so_many_at_a_time(serve: Serve, licscan: Licscan) -> None:
    """`--jobs` gives the same report, whatever the number."""
    hub = serve()
    hub.catalogue.generated = 20
    one, many = (licscan("scan", "bulk/*", "--jobs", jobs, "--refresh", "--format", "json") for jobs in (1, 16))
    assert models(one) == models(many)


def test_a_killed_run_goes_on_where_it_was(serve: Serve, kept: Look, hasty: None) -> None:
    """What is done is not asked for again; what passing trouble left open is."""
    assert hasty is None
    hub = serve()
    down = [True]
    hub.tell(".*/acme/adapter.*", lambda _: Answer.error(400) if down[0] else None)
    names = ["acme/tiny", "acme/adapter", "acme/nothing"]
    run = save(kept, names)
    down[0] = False
    hub.log.clear()
    assert save(kept, names) == run
    assert not any("acme/tiny" in path or "acme/nothing" in path for path in hub.files_too())
    assert kept.store
    tiny, adapter, _ = kept.store.load(run).models
    assert (tiny.license.spdx, adapter.license.spdx) == ("CC-BY-NC-4.0", "Apache-2.0")


def test_what_was_in_trouble_is_not_taken_from_the_store(serve: Serve, kept: Look, hasty: None) -> None:
    """Facts with a hole that passing trouble made are not the last word on that commit."""
    assert hasty is None
    hub = serve()
    hub.tell(r".*/README\.md", Answer.error(503))
    save(kept, ["acme/tiny"])
    hub.told.clear()
    assert kept.one("acme/tiny").license.spdx == "CC-BY-NC-4.0"


@pytest.mark.parametrize("pinned", [True, False])
def test_a_record_that_could_not_be_read_is_asked_for_again(
    serve: Serve, kept: Look, hasty: None, *, pinned: bool
) -> None:
    """Facts without what the hub says beside the files have a gap, and are not the last word on that commit."""
    assert hasty is None
    hub = serve()
    gated = hub.catalogue.find("models", "acme/gated")
    assert gated is not None
    name = f"acme/gated@{gated.commits[0].sha}" if pinned else "acme/gated"
    hub.tell("/api/models/acme/gated(/revision/.*)?", Answer(200, b"<html>"))
    save(kept, [name])
    found = kept.one(name)
    assert found.license.id == "llama3.1"
    assert "a web page where JSON was asked for" in gaps(found)["invalid-answer"]
    hub.told.clear()
    again = kept.one(name)
    assert "invalid-answer" not in gaps(again)
    assert "gated" in again.notes[-1]


def test_a_validator_is_of_one_endpoint(serve: Serve, licscan: Licscan) -> None:
    """What one hub gave to ask with again is not shown to another."""
    serve()
    licscan("scan", "acme/tiny")
    other = serve()
    found = licscan("scan", "acme/tiny", "--format", "json")
    assert (other.log.not_modified, len(other.calls())) == (0, 1)
    assert "CC-BY-NC-4.0" in found.out


def replayed(hub: ToldHub, licscan: Licscan, *targets: str) -> None:
    first = licscan("scan", *targets, "--format", "json")
    hub.log.clear()
    again = licscan("scan", "--replay", json.loads(first.out)["run"], "--format", "json")
    assert hub.files_too() == []
    assert (again.code, models(again)) == (0, models(first))


@pytest.mark.parametrize("gone", [False, True])
def test_a_replay_asks_for_nothing(serve: Serve, licscan: Licscan, hasty: None, *, gone: bool) -> None:
    """A run is assessed again from what it kept, the same: bases, gated models, and those that nothing was had of."""
    assert hasty is None
    hub = serve()
    broken = "acme/quantized"
    hub.tell(rf".*/{broken}.*", Answer.error(400))
    if gone:
        first = licscan("scan", "acme/*", "acme/nothing", "dataset:acme/data", "hf:gpt9", "--format", "json")
        hub.shutdown()
        hub.server_close()
        again = licscan("scan", "--replay", 1, "--format", "json")
        assert models(again) == models(first)
        return
    replayed(hub, licscan, "acme/tiny", "acme/adapter", "acme/gated", "acme/nothing", broken, "acme/empty")


def test_a_replay_is_of_what_was_then(serve: Serve, licscan: Licscan) -> None:
    """After the hub has changed, and after later runs, a replay gives what was so at its run."""
    hub = serve()
    first = licscan("scan", "acme/tiny", "acme/adapter", "--format", "json")
    for name in ("acme/tiny", "acme/gated", "acme/adapter"):
        hub.catalogue.touch(name, {"README.md": card(license="mit")})
    changed = licscan("scan", "acme/tiny", "acme/adapter", "--format", "json")
    assert models(changed) != models(first)
    assert models(licscan("scan", "--replay", 1, "--format", "json")) == models(first)


def test_a_replay_of_a_replay_is_the_same(serve: Serve, licscan: Licscan) -> None:
    """A replay keeps what it was made from: it can be replayed."""
    serve()
    first = licscan("scan", "acme/adapter", "--format", "json")
    for run in (1, 2):
        assert models(licscan("scan", "--replay", run, "--format", "json")) == models(first)


def test_facts_from_the_store_are_replayed_too(serve: Serve, licscan: Licscan) -> None:
    """A run that took everything from the store can be replayed from what an earlier one kept."""
    hub = serve()
    licscan("scan", "acme/adapter")
    replayed(hub, licscan, "acme/adapter", "acme/tiny")
