"""Servers that are less than the Hub: what they leave out is a gap, and what they do give is read."""

import pytest

from licscan.model import GapId
from tests.hub.answers import Answer
from tests.hub.repositories import card, safetensors
from tests.hub.server import Hub
from tests.hubs import Files, Look, Read, Serve, as_json, changed, gaps, repository, stated

FILES: Files = {
    "README.md": card(license="gemma", base_model="acme/tiny"),
    "LICENSE": "Gemma terms\n",
    "model.safetensors": safetensors({"license": "gemma"}),
    "weights/other.gguf": b"GGUF",
}

PARTS: list[tuple[set[str], str]] = [
    ({"info", "resolve", "resolve_cache", "cdn"}, ""),
    ({"info", "resolve", "resolve_cache"}, "header-not-read"),
    ({"tree", "resolve", "resolve_cache", "cdn"}, ""),
    ({"resolve", "resolve_cache", "cdn"}, "files-not-listed"),
    ({"info", "tree"}, "not-found"),
    ({"info"}, "not-found"),
]


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize(("routes", "gap"), PARTS, ids=["-".join(sorted(routes)) for routes, _ in PARTS])
def test_a_server_with_some_routes_is_read_as_far_as_it_goes(
    serve: Serve, read: Read, hasty: None, routes: set[str], gap: str, *, plain: bool
) -> None:
    """Whatever a server leaves out, the license and the base are those that are published, or a gap; never others."""
    assert hasty is None
    one = repository("acme/part", FILES)
    serve(one, routes=frozenset(routes), plain_resolve=plain)
    found = read("acme/part")
    assert found.ref.revision == one.commits[0].sha
    assert stated(found)["card-tag"] == "gemma"
    assert [str(base.ref) for base in found.bases] == ["hf:acme/tiny"]
    seen = gaps(found)
    assert not gap or gap in seen or {"header-not-read", "invalid-answer", "not-found"} & seen.keys()
    if "resolve" in routes:
        assert [text.path for text in found.texts] == ["LICENSE"]
    if routes.isdisjoint({"info", "tree"}):
        assert "those of the usual names were asked for" in seen["files-not-listed"]
        assert "no weight file among the files that are known" in seen["weights-not-seen"]
    else:
        assert {file.path for file in found.files} == {"model.safetensors", "weights/other.gguf"}


def test_a_server_with_nothing_is_not_found_to_have_nothing(serve: Serve, look: Look) -> None:
    """A server that knows no route at all has not said that the model states no license."""
    serve(routes=frozenset({"whoami"}))
    found = look.one("acme/tiny")
    assert (found.level, found.unknown_reason) == ("unknown", "not-looked-at")
    assert "the server answers 404" in gaps(found)["not-found"]


@pytest.mark.parametrize("drops", [{"blobs"}, {"blobs", "expand"}, {"blobs", "recursive"}, {"range"}])
def test_dropped_parameters_lose_nothing(serve: Serve, read: Read, drops: set[str]) -> None:
    """A mirror that ignores what it is asked for gives the same facts: sizes and digests come from the tree."""
    one = repository("acme/part", {**FILES, "weights/other.gguf": None})
    hub = serve(one)
    whole = read("acme/part")
    hub.drops = frozenset(drops)
    assert read("acme/part") == whole


def test_a_mirror_without_sizes_and_tree_says_so(serve: Serve, read: Read, hasty: None) -> None:
    """Names alone, and no tree: the files are known, their digests are not."""
    assert hasty is None
    serve(
        repository("acme/part", FILES),
        drops=frozenset({"blobs"}),
        routes=frozenset({"info", "resolve", "resolve_cache", "cdn"}),
    )
    found = read("acme/part")
    assert {file.promised for file in found.files} == {None}
    assert "the list of files: the server answers 404" in gaps(found)["files-not-listed"]
    assert stated(found)["weight-header"] == "gemma"


def test_a_record_without_a_commit_is_pinned_by_a_file(serve: Serve, read: Read) -> None:
    """Where the record names no commit, a file that is served from one does."""
    one = repository("acme/part", FILES)
    hub = serve(one)
    hub.tell(r"/api/models/acme/part", Answer.data(changed(one, sha=None)))
    assert read("acme/part").ref.revision == one.commits[0].sha


def test_where_nothing_names_a_commit_a_gap_says_so(serve: Serve, read: Read) -> None:
    """A server that names no commit anywhere is read as it is now, and that is a gap."""
    one = repository("acme/part", FILES)
    hub = serve(one)
    hub.tell(r"/api/models/acme/part", Answer.data(changed(one, sha=...)))

    def without_commit(path: str) -> Answer:
        file = one.commits[0].files.get(path)
        return Answer(200, file.data, {"ETag": '"x"'}) if file else Answer.error(404, "EntryNotFound")

    hub.tell(r".*/resolve/.*", lambda request: without_commit(request.path.partition("/resolve/main/")[2]))
    found = read("acme/part")
    assert (found.ref.revision, stated(found)["card-tag"]) == (None, "gemma")
    assert GapId.REVISION_NOT_ESTABLISHED in {gap.id for gap in found.gaps}
    assert all("/blob/" not in str(claim.evidence.url) for claim in found.claims)


def test_a_day_needs_a_list_of_commits(serve: Serve, look: Look) -> None:
    """A server that lists no commits cannot say what held on a day, and no other day's license is given instead."""
    serve(routes=frozenset({"info", "resolve", "resolve_cache", "cdn"}))
    found = look.one("acme/tiny@2024-01-15")
    assert (found.license.spdx, found.revision) == (None, "2024-01-15")
    assert "not-found" in gaps(found)


def test_more_files_than_are_asked_for_are_a_gap_each(serve: Serve, read: Read) -> None:
    """Of very many license files some are read, the card among them, and each other is named."""
    licenses: Files = {f"LICENSE.{number:03}": "x" for number in range(40)}
    hub = serve(repository("acme/many", {"README.md": card(license="mit"), **licenses}))
    found = read("acme/many")
    assert stated(found) == {"card-tag": "mit"}
    assert len(set(hub.files())) == 24
    assert gaps(found)["file-unreadable"].count("not asked for") == 17


def test_names_of_files_cannot_lead_elsewhere(serve: Serve, read: Read, hasty: None) -> None:
    """A list of files that names paths of other places, halves of characters or nothing is no way out."""
    assert hasty is None
    one = repository("acme/odd", FILES)
    hub = serve(one)
    odd = [
        "../../x.safetensors",
        "//evil.example/y.safetensors",
        "https://evil.example/z.safetensors",
        "\ud800",
        "",
        "a" * 2000,
        7,
        None,
    ]
    said = changed(one)
    said["siblings"] += [{"rfilename": name, "size": 9} for name in odd]
    hub.tell(r"/api/models/acme/odd", as_json(said))
    found = read("acme/odd")
    assert stated(found)["card-tag"] == "gemma"
    assert "8 entries of the list of files mean nothing" in gaps(found)["files-not-listed"]


def test_a_hub_may_lie_below_a_path(serve: Serve, read: Read, look: Look) -> None:
    """An endpoint with a path of its own is asked below it: pages, new names, files."""
    files: Files = {f"data/{number:04}.msgpack": b"x" for number in range(1200)}
    tall = repository("acme/tall", {"README.md": card(license="mit"), **files})
    hub = serve(tall, prefix="/mirror/hf", plain_resolve=True, drops=frozenset({"blobs"}))
    assert len(read("acme/tall").files) == 1200
    hub.tell("/api/models/acme/old", Answer.redirect(307, f"{hub.url}/api/models/acme/tall"))
    hub.tell(
        "/acme/old/resolve/.*", lambda request: Answer.redirect(307, hub.url + request.path.replace("old", "tall"))
    )
    hub.tell("/api/models/acme/old/tree/.*", Answer.data([]))
    assert look.one("acme/old").license.spdx == "MIT"


def test_a_mirror_passes_on_links_of_the_hub_behind_it(
    serve: Serve, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next page of a tree is asked of the mirror, whichever origin its link names."""
    files: Files = {f"data/{number:04}.msgpack": b"x" for number in range(1200)}
    hub = serve(repository("acme/tall", {"README.md": card(license="mit"), **files}), drops=frozenset({"blobs"}))
    monkeypatch.setattr(Hub, "url", property(lambda _: "https://huggingface.co"))
    found = read("acme/tall")
    assert len(found.files) == 1200
    assert sum("/tree/" in path for path in hub.calls()) == 2
