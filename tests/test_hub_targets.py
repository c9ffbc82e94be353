"""What may be named on the command line: organisations, collections, addresses, lists; and what stands there instead."""

import io
import json
import sys

import pytest

from licscan.model import ModelRef
from licscan.sources.hub.targets import Several, read_target
from tests.conftest import Licscan, Outcome
from tests.hub.answers import Answer
from tests.hub.repositories import Collection
from tests.hubs import Serve, as_json, repository

ACME = {f"hf:acme/{name}" for name in ("adapter", "disabled", "empty", "gated", "quantized", "tiny")}


def refs(done: Outcome) -> set[str]:
    return {model["ref"].partition("@")[0] for model in json.loads(done.out)["models"]}


def listed(done: Outcome) -> str:
    """The gaps that belong to no model."""
    return "; ".join(f"{gap['id']}: {gap['what']}: {gap['why']}" for gap in json.loads(done.out)["gaps"])


@pytest.mark.parametrize(
    "target", ["acme/*", "org:acme", "hf:acme/*", "{url}/acme", "{url}/acme/", "https://huggingface.co/acme"]
)
def test_an_organisation_is_all_its_models(serve: Serve, licscan: Licscan, target: str) -> None:
    """All ways to name an organisation give all its models, each at a commit."""
    hub = serve()
    done = licscan("scan", target.format(url=hub.url), "--format", "json")
    assert (done.code, refs(done)) == (0, ACME)
    assert all("@" in model["ref"] for model in json.loads(done.out)["models"])


def test_an_organisation_has_datasets_too(serve: Serve, licscan: Licscan) -> None:
    """`dataset:org/*` is all datasets of an organisation."""
    serve()
    assert refs(licscan("scan", "dataset:acme/*", "--format", "json")) == {"dataset:acme/data"}


SLUG = "acme/things-0123456789abcdef01234567"


@pytest.mark.parametrize("target", [f"collection:{SLUG}", f"collections/{SLUG}", "{url}/collections/" + SLUG])
def test_a_collection_is_its_models_and_datasets(serve: Serve, licscan: Licscan, target: str) -> None:
    """A collection gives its models and datasets; spaces and papers are none."""
    hub = serve()
    assert refs(licscan("scan", target.format(url=hub.url), "--format", "json")) == {
        "hf:acme/tiny",
        "dataset:acme/data",
    }


def test_a_collection_of_nothing_is_a_gap(serve: Serve, licscan: Licscan) -> None:
    """A collection that is not there, or that holds no models, leaves nothing to look at, and says so."""
    hub = serve()
    hub.catalogue.collect(Collection("acme/none-0123456789abcdef01234567", "None", (("space", "acme/demo"),)))
    for slug, words in (
        ("acme/none-0123456789abcdef01234567", "the hub lists none"),
        ("acme/nowhere-01", "Collection not found"),
    ):
        done = licscan("scan", f"collection:{slug}", "--format", "json")
        assert (done.code, words in listed(done)) == (4, True)
    assert licscan("scan", "collection:acme/nowhere-01", "--strict").code == 3


PAGES = [
    ("{url}/acme/tiny", 1),
    ("{url}/acme/tiny/tree/v1", 0),
    ("{url}/acme/tiny/blob/v1/README.md", 0),
    ("{url}/acme/tiny/resolve/dev/config.json?download=true", 0),
    ("https://huggingface.co/acme/tiny", 1),
    ("https://huggingface.co/acme/tiny/tree/main#readme", 1),
    ("https://hf.co/acme/tiny/blob/v1/README.md", 0),
]


@pytest.mark.parametrize(("target", "number"), PAGES)
def test_the_address_of_a_page_is_the_model(serve: Serve, licscan: Licscan, target: str, number: int) -> None:
    """An address on the hub is what it shows, at the revision that stands in it."""
    hub = serve()
    tiny = hub.catalogue.find("models", "acme/tiny")
    assert tiny is not None
    (model,) = json.loads(licscan("scan", target.format(url=hub.url), "--format", "json").out)["models"]
    assert (model["name"], model["revision"]) == ("acme/tiny", tiny.commits[number].sha)


def test_the_address_of_a_dataset_is_the_dataset(serve: Serve, licscan: Licscan) -> None:
    """The page of a dataset is the dataset."""
    hub = serve()
    assert refs(licscan("scan", f"{hub.url}/datasets/acme/data", "--format", "json")) == {"dataset:acme/data"}


def test_an_endpoint_with_a_password_is_the_same_place(
    serve: Serve, licscan: Licscan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Addresses are those of the endpoint whether or not it has a password, however its host is written."""
    hub = serve()
    monkeypatch.setenv("HF_ENDPOINT", hub.url.replace("127.0.0.1", "someone:secret@LOCALHOST"))
    assert refs(licscan("scan", f"{hub.elsewhere}/acme/tiny", "--format", "json")) == {"hf:acme/tiny"}


NONE = [
    "https://example.org/acme/tiny",
    "https://huggingface.co/spaces/acme/demo",
    "https://huggingface.co/",
    "https://huggingface.co.evil.example/acme/tiny",
    "https://huggingface.co@evil.example/acme/tiny",
    "http://[",
    "https://huggingface.co/a--b/c",
    "collection:acme",
    "org:",
    "*/tiny",
    "acme/t*",
]


@pytest.mark.parametrize("target", NONE)
def test_what_is_no_page_of_a_model_is_a_wrong_call(serve: Serve, licscan: Licscan, target: str) -> None:
    """Any other address or pattern is said to mean nothing, in one line, and nothing is asked."""
    hub = serve()
    done = licscan("scan", target)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert "a fault of licscan" not in done.err
    assert hub.files_too() == []


@pytest.mark.parametrize("endpoint", ["http://[", "http://h:x", "::", "\x00"])
def test_a_wrong_endpoint_does_not_keep_addresses_from_being_read(endpoint: str) -> None:
    """What an address means does not fail over an endpoint that is none."""
    assert read_target("https://huggingface.co/acme/tiny", endpoint) == ModelRef.parse("hf:acme/tiny")
    assert read_target("acme/*", endpoint) == Several("owner", "acme")


def test_a_list_on_standard_input_is_read(serve: Serve, licscan: Licscan, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` stands for targets of all kinds; one that means nothing is trouble, and the others are looked at."""
    hub = serve()
    lines = f"acme/tiny@v1\n# comment\n{hub.url}/hf-none/*\norg:acme\ncollection:{SLUG}\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    done = licscan("scan", "-", "--format", "json")
    assert (done.code, refs(done)) == (2, ACME | {"dataset:acme/data"})
    assert "hf-none" in done.err


def test_an_organisation_that_is_not_there_is_a_gap(serve: Serve, licscan: Licscan) -> None:
    """An organisation without models leaves nothing to look at, and that is said; with --since that is no gap."""
    serve()
    done = licscan("scan", "nobody/*", "--format", "json")
    assert (done.code, listed(done)) == (4, "not-found: which models nobody has: the hub lists none")
    assert listed(licscan("scan", "acme/*", "--since", "2030-01-01", "--format", "json")) == ""


def test_a_mirror_that_lists_what_it_likes_is_a_gap(serve: Serve, licscan: Licscan) -> None:
    """Where the owner is ignored, models of others are not looked at, and a gap says that some may be missing."""
    hub = serve(drops=frozenset({"author"}))
    hub.catalogue.generated = 30
    done = licscan("scan", "acme/*", "--format", "json")
    assert refs(done) == ACME
    assert "the server lists 31 models of others" in listed(done)


def test_an_organisation_is_listed_over_pages(serve: Serve, licscan: Licscan, monkeypatch: pytest.MonkeyPatch) -> None:
    """All models are found, however many pages the list has."""
    hub = serve()
    hub.catalogue.generated = 45
    monkeypatch.setattr("licscan.sources.hub.several._PAGE", 10)
    done = licscan("scan", "bulk/*", "--format", "json")
    assert len(refs(done)) == 45
    assert sum(path.startswith("/api/models?") for path in hub.calls()) == 5


def test_a_list_that_breaks_off_is_a_gap(
    serve: Serve, licscan: Licscan, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Models of the pages that came are looked at; that the others did not come is a gap."""
    assert hasty is None
    hub = serve()
    hub.catalogue.generated = 20
    monkeypatch.setattr("licscan.sources.hub.several._PAGE", 10)
    hub.tell("/api/models", lambda request: Answer.error(503) if "cursor" in request.query else None)
    done = licscan("scan", "bulk/*", "--format", "json")
    assert len(refs(done)) == 10
    assert "unreachable: which models bulk has: the hub answers 503" in listed(done)


@pytest.mark.parametrize("link", ["https://evil.example/next", "{url}/elsewhere?cursor=1", "http://["])
def test_a_link_that_leads_nowhere_is_a_gap(serve: Serve, licscan: Licscan, link: str) -> None:
    """A list that goes on where nobody can follow is not taken for the whole list."""
    hub = serve()
    page = as_json([{"id": "acme/tiny", "sha": "0" * 40, "lastModified": "2024-01-01T00:00:00.000Z"}])
    hub.tell(
        "/api/models", Answer(200, page.body, {**page.headers, "Link": f'<{link.format(url=hub.url)}>; rel="next"'})
    )
    done = licscan("scan", "acme/*", "--format", "json")
    assert "which models acme has" in listed(done)


LISTS: list[object] = [{}, 7, None, [7, None, {"id": 7}, {"id": "acme/x\ud800"}, {"id": "a--b/c"}, {"sha": "x"}]]


@pytest.mark.parametrize("said", LISTS, ids=range(len(LISTS)))
def test_a_list_that_is_none_is_a_gap(serve: Serve, licscan: Licscan, hasty: None, said: object) -> None:
    """Whatever a server calls a list: what means nothing in it is left out, and a gap says so."""
    assert hasty is None
    hub = serve()
    hub.tell("/api/models", as_json(said))
    done = licscan("scan", "acme/*", "--format", "json")
    assert done.code == 4
    assert "which models acme has" in listed(done)
    hub.tell("/api/collections/.*", as_json(said if not isinstance(said, list) else {"items": said}))
    assert "which models" in listed(licscan("scan", f"collection:{SLUG}", "--format", "json"))


def test_a_model_is_looked_at_once(serve: Serve, licscan: Licscan) -> None:
    """A model that several targets name is looked at once for each revision that they name."""
    hub = serve()
    done = licscan("scan", "acme/tiny", "hf:acme/tiny", f"{hub.url}/acme/tiny", "--format", "json")
    assert len(json.loads(done.out)["models"]) == 1


def test_lists_are_not_asked_for_offline(serve: Serve, licscan: Licscan) -> None:
    """Offline nobody knows what an organisation has: that is said in one line, and nothing is asked."""
    hub = serve(repository("acme/more"))
    for target in ("acme/*", f"collection:{SLUG}", "https://huggingface.co/acme"):
        done = licscan("scan", target, "--offline")
        assert (done.code, done.err.count("\n")) == (2, 1)
    assert hub.files_too() == []
