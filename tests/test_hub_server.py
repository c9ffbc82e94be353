"""The hub to test against is what the real client takes for a Hub."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub.errors import (
    BadRequestError,
    DisabledRepoError,
    GatedRepoError,
    HfHubHTTPError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.hf_api import RepoFile, RepoFolder
from huggingface_hub.utils import parse_ratelimit_headers

from tests.conftest import ROOT
from tests.hub.client import HfApi, client, close_session
from tests.hub.faults import Faults
from tests.hub.repositories import Catalogue, Repository, bulk_date, card, standard
from tests.hub.server import TOKEN, TOKEN_WITHOUT_ACCESS, Hub, serving
from tests.hub.tls import certificates


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    """A hub that no test changes."""
    catalogue = standard()
    catalogue.generated = 2500
    files = {f"data/{number:04}.txt": str(number) for number in range(1500)}
    catalogue.add(Repository("acme/many").commit("first", {"README.md": card(license="mit"), **files}))
    history = catalogue.add(Repository("acme/history"))
    for number in range(60):
        history.commit(f"change {number}", {"number.txt": str(number)})
    with serving(Hub(catalogue)) as running:
        yield running
    close_session()


@pytest.fixture
def api(hub: Hub) -> HfApi:
    return client(hub.url)


@pytest.fixture(params=[False, True], ids=["redirected", "plain"])
def resolving(request: pytest.FixtureRequest) -> Iterator[Hub]:
    """Both ways in which hubs answer with a file of git."""
    with serving(Hub(plain_resolve=request.param)) as running:
        yield running


def test_info_says_what_a_model_is(api: HfApi) -> None:
    """A model has a commit, its card, tags of license and base, and counted parameters."""
    found = api.model_info("acme/adapter")
    assert (found.id, found.author, found.gated, found.private) == ("acme/adapter", "acme", False, False)
    assert found.card_data is not None
    assert found.card_data.license == "apache-2.0"
    assert {"license:apache-2.0", "base_model:acme/gated", "base_model:adapter:acme/gated", "dataset:acme/data"} <= {
        *(found.tags or [])
    }
    assert found.safetensors is not None
    assert (found.safetensors.parameters, found.safetensors.total) == ({"F32": 12}, 12)
    assert api.model_info("acme/quantized").gguf == {"total": 104, "architecture": "llama", "context_length": 2048}


def test_info_describes_files(api: HfApi, hub: Hub) -> None:
    """With files_metadata each file has size and digest, and those beside git have the SHA-256 of their content."""
    commit = hub.catalogue.find("models", "acme/tiny")
    assert commit is not None
    siblings = {one.rfilename: one for one in api.model_info("acme/tiny", files_metadata=True).siblings or []}
    for path, file in commit.commits[-1].files.items():
        assert (siblings[path].size, siblings[path].blob_id) == (len(file.data), file.blob_id)
        lfs = siblings[path].lfs
        assert (lfs.sha256 if lfs else None) == (file.sha256 if file.lfs else None)


@pytest.mark.parametrize("revision", ["v1", "dev", None])
def test_a_revision_is_a_tag_a_branch_or_a_commit(api: HfApi, revision: str | None) -> None:
    """Whatever names a commit leads to it, and that commit to itself."""
    sha = api.model_info("acme/tiny", revision=revision).sha
    found = api.model_info("acme/tiny", revision=sha)
    assert found.sha == sha
    assert found.card_data is not None
    assert found.card_data.license == ("mit" if revision else "cc-by-nc-4.0")


def test_expand_gives_what_was_asked_for(api: HfApi) -> None:
    """With expand there is nothing but the id and the named fields."""
    found = api.model_info("acme/adapter", expand=["sha", "baseModels"])
    base = found.base_models
    assert isinstance(base, dict)
    assert (base["relation"], [one["id"] for one in base["models"]]) == ("adapter", ["acme/gated"])
    assert found.sha
    assert found.tags is found.siblings is found.card_data is found.last_modified is None
    with pytest.raises(BadRequestError):
        api.model_info("acme/adapter", expand=["nothing"])


def test_datasets_are_repositories_too(api: HfApi, tmp_path: Path) -> None:
    """A dataset has information, a place in a listing, and files."""
    found = api.dataset_info("acme/data")
    assert found.card_data is not None
    assert found.card_data.license == "cc-by-nc-4.0"
    assert [one.id for one in api.list_datasets(author="acme")] == ["acme/data"]
    path = api.hf_hub_download("acme/data", "data.csv", repo_type="dataset", cache_dir=tmp_path)
    assert Path(path).read_text() == "a,b\n"


def test_a_listing_has_pages(api: HfApi, hub: Hub) -> None:
    """Every model of an author is listed once, newest first, with what was asked for on each page."""
    hub.log.clear()
    found = list(api.list_models(author="bulk", sort="last_modified", expand=["sha", "lastModified"]))
    assert len({one.id for one in found}) == len(found) == 2500
    dates = [one.last_modified for one in found if one.last_modified]
    assert dates == sorted(dates, reverse=True)
    assert dates[0] - dates[-1] > bulk_date(1) - bulk_date(0)
    assert all(one.sha and one.tags is None for one in found)
    assert len(hub.log.requests) == 3


def test_a_short_page_is_not_the_end(api: HfApi, hub: Hub) -> None:
    """A limit is the size of a page, and the client stops where it was told to."""
    hub.log.clear()
    full = list(api.list_models(author="acme", full=True, limit=4))
    assert len(full) == 4
    assert all(one.sha and one.siblings for one in full)
    assert len(hub.log.requests) == 1


def test_only_who_may_see_it_is_shown_what_is_private(hub: Hub) -> None:
    """A private model is listed for a token with access, and for nobody else."""
    seen = [
        "acme/private" in {one.id for one in client(hub.url, token).list_models(author="acme")}
        for token in (None, TOKEN_WITHOUT_ACCESS, TOKEN)
    ]
    assert seen == [False, False, True]


def test_a_changed_model_comes_first() -> None:
    """A model that is changed has a new commit, and moves to the front of the listing, generated or held."""
    with serving(Hub(Catalogue(generated=30))) as hub:
        api = client(hub.url)
        before = api.model_info("bulk/model-00007")
        hub.catalogue.touch("bulk/model-00007", {"LICENSE": "Other terms.\n"})
        first, *others = api.list_models(author="bulk", sort="last_modified", full=True)
        assert first.id == "bulk/model-00007"
        assert first.sha not in {before.sha, None}
        assert len({one.id for one in others}) == len(others) == 29
        assert api.model_info("bulk/model-00007", revision=before.sha).sha == before.sha


def test_a_tree_has_pages_and_folders(api: HfApi) -> None:
    """A tree of more than a thousand files is whole; one that is not recursive shows files and folders at hand."""
    whole = list(api.list_repo_tree("acme/many", recursive=True))
    assert len({one.path for one in whole}) == len(whole) == 1502
    top = {one.path: one for one in api.list_repo_tree("acme/many")}
    assert isinstance(top["data"], RepoFolder)
    assert isinstance(top["README.md"], RepoFile)
    assert len(top) == 2
    assert len(list(api.list_repo_tree("acme/many", "data"))) == 1500
    with pytest.raises(RemoteEntryNotFoundError):
        list(api.list_repo_tree("acme/many", "nothing"))


def test_paths_are_described(api: HfApi) -> None:
    """Of the paths asked for, those that exist are described; LFS says what the tree says."""
    (found,) = api.get_paths_info("acme/tiny", ["model.safetensors", "nothing.txt"], revision="v1")
    assert isinstance(found, RepoFile)
    assert found.lfs is not None
    tree = {one.path: one for one in api.list_repo_tree("acme/tiny", revision="v1")}
    assert tree["model.safetensors"] == found


def test_branches_tags_and_commits_are_listed(api: HfApi) -> None:
    """References name commits, and the commits are listed newest first, over pages."""
    refs = api.list_repo_refs("acme/tiny")
    commits = api.list_repo_commits("acme/tiny")
    assert [one.title for one in commits] == ["second: another license", "first"]
    assert {one.name: one.target_commit for one in refs.branches} == {
        "main": commits[0].commit_id,
        "dev": commits[1].commit_id,
    }
    assert [(one.name, one.target_commit) for one in refs.tags] == [("v1", commits[1].commit_id)]
    assert [one.title for one in api.list_repo_commits("acme/history")][::59] == ["change 59", "change 0"]


@pytest.mark.parametrize("path", ["config.json", "model.safetensors"])
def test_files_are_downloaded(resolving: Hub, path: str, tmp_path: Path) -> None:
    """A file of git and one beside it arrive whole under the names that the Hub gave them; no token goes elsewhere."""
    found = Path(client(resolving.url, TOKEN).hf_hub_download("acme/tiny", path, cache_dir=tmp_path))
    repository = resolving.catalogue.find("models", "acme/tiny")
    assert repository is not None
    file = repository.commits[-1].files[path]
    assert found.read_bytes() == file.data
    assert found.resolve().name == file.etag
    assert found.parent.name == repository.commits[-1].sha
    assert resolving.log.tokens_elsewhere == 0


def test_a_file_of_git_is_redirected_on_the_same_host(tmp_path: Path) -> None:
    """The file is fetched from another path of the hub, as from the real one."""
    with serving(Hub()) as hub:
        client(hub.url).hf_hub_download("acme/tiny", "config.json", cache_dir=tmp_path)
        assert any(path.startswith("/api/resolve-cache/models/acme/tiny/") for path in hub.log.paths())


def test_the_header_of_weights_is_read_alone(api: HfApi, hub: Hub) -> None:
    """Tensors and metadata are known after a request for a range."""
    hub.log.clear()
    found = api.get_safetensors_metadata("acme/tiny")
    assert found.files_metadata["model.safetensors"].metadata == {"format": "pt"}
    assert sum(found.parameter_count.values()) == 12
    assert any(path.startswith("/cdn/") for path in hub.log.paths())


def test_a_collection_has_items_of_all_kinds(api: HfApi) -> None:
    """The items of a collection have a type and a name each; one that is not there is refused."""
    found = api.get_collection("acme/things-0123456789abcdef01234567")
    assert [(one.item_type, one.item_id) for one in found.items] == [
        ("model", "acme/tiny"),
        ("dataset", "acme/data"),
        ("space", "acme/demo"),
    ]
    with pytest.raises(HfHubHTTPError):
        api.get_collection("acme/nothing-0123456789abcdef01234567")


def test_an_old_name_leads_to_the_new_one(tmp_path: Path) -> None:
    """Information, tree, paths and files of a renamed model are found under its old name, and it is told its new one."""
    with serving(Hub(Catalogue(generated=3))) as hub:
        api = client(hub.url)
        hub.catalogue.rename("bulk/model-00001", "acme/renamed")
        assert api.model_info("bulk/model-00001").id == "acme/renamed"
        assert api.model_info("bulk/model-00001", expand=["sha"]).tags is None
        assert len(list(api.list_repo_tree("bulk/model-00001"))) == 4
        assert len(api.get_paths_info("bulk/model-00001", ["README.md"])) == 1
        for path in ("README.md", "model.safetensors"):
            assert Path(api.hf_hub_download("bulk/model-00001", path, cache_dir=tmp_path)).exists()
        assert {one.id for one in api.list_models()} == {"acme/renamed", "bulk/model-00000", "bulk/model-00002"}


REFUSALS: list[tuple[str, str | None, type[Exception], int]] = [
    ("acme/nothing", TOKEN, RepositoryNotFoundError, 404),
    ("acme/private", TOKEN_WITHOUT_ACCESS, RepositoryNotFoundError, 404),
    ("acme/disabled", None, DisabledRepoError, 403),
    ("acme/tiny", "hf_wrong", HfHubHTTPError, 401),
    # Over HTTP the client does not take this answer for a missing repository; over TLS it does, see below.
    ("acme/nothing", None, HfHubHTTPError, 401),
    ("acme/private", None, HfHubHTTPError, 401),
]


@pytest.mark.parametrize(("name", "token", "error", "status"), REFUSALS)
def test_refusals_are_what_the_client_takes_them_for(
    hub: Hub, name: str, token: str | None, error: type[Exception], status: int
) -> None:
    """Each way of not being given a repository is the error that the client has for it."""
    with pytest.raises(HfHubHTTPError) as caught:
        client(hub.url, token).model_info(name)
    assert type(caught.value) is error
    assert caught.value.response.status_code == status
    assert caught.value.request_id


@pytest.mark.parametrize(("token", "status"), [(None, 401), (TOKEN_WITHOUT_ACCESS, 403)])
def test_a_gated_model_shows_all_but_its_files(hub: Hub, token: str | None, status: int, tmp_path: Path) -> None:
    """Without access there are information, tree and card, and a refusal of everything else."""
    api = client(hub.url, token)
    assert api.model_info("acme/gated").gated == "manual"
    assert list(api.list_repo_tree("acme/gated"))
    assert api.hf_hub_download("acme/gated", "README.md", cache_dir=tmp_path)
    for path in ("LICENSE", "model-00001-of-00002.safetensors"):
        with pytest.raises(GatedRepoError) as caught:
            api.hf_hub_download("acme/gated", path, cache_dir=tmp_path)
        assert caught.value.response.status_code == status
    with pytest.raises(GatedRepoError):
        api.auth_check("acme/gated")


def test_access_opens_a_gated_model(hub: Hub, tmp_path: Path) -> None:
    """A token with access is given the files, and who it belongs to."""
    api = client(hub.url, TOKEN)
    api.auth_check("acme/gated")
    assert api.hf_hub_download("acme/gated", "LICENSE", cache_dir=tmp_path)
    assert api.whoami()["name"] == "tester"


def test_a_missing_revision_is_no_missing_model(api: HfApi, tmp_path: Path) -> None:
    """A revision that is not there is said to be that, in every call that takes one."""
    with pytest.raises(RevisionNotFoundError):
        api.model_info("acme/tiny", revision="nowhere")
    with pytest.raises(RevisionNotFoundError):
        list(api.list_repo_tree("acme/tiny", revision="nowhere"))
    with pytest.raises(RevisionNotFoundError):
        api.list_repo_commits("acme/tiny", revision="nowhere")
    with pytest.raises(RevisionNotFoundError):
        api.hf_hub_download("acme/tiny", "README.md", revision="nowhere", cache_dir=tmp_path)


def test_a_missing_file_is_no_missing_model(api: HfApi, tmp_path: Path) -> None:
    """A file that is not there is said to be that, at a commit that the client remembers."""
    with pytest.raises(RemoteEntryNotFoundError):
        api.hf_hub_download("acme/tiny", "nothing.txt", cache_dir=tmp_path)
    assert list(tmp_path.glob("models--acme--tiny/.no_exist/*/nothing.txt"))


def test_a_limit_is_told_and_kept() -> None:
    """What is left of a limit is said with every answer; beyond it there is a refusal that says how long to wait."""
    with serving(Hub(limit=(2, 60))) as hub:
        api = client(hub.url)
        assert api.model_info("acme/tiny").sha
        assert api.model_info("acme/adapter").sha
        with pytest.raises(HfHubHTTPError) as caught:
            api.model_info("acme/tiny")
        assert caught.value.response.status_code == 429
        told = parse_ratelimit_headers(caught.value.response.headers)
        assert told is not None
        assert (told.remaining, told.limit, told.window_seconds) == (0, 2, 60)
        assert 0 < told.reset_in_seconds <= 60
        assert caught.value.response.headers["Retry-After"] == str(told.reset_in_seconds)
        assert hub.log.refused == 1


def test_a_limit_ends() -> None:
    """The client waits as long as it was told, and then is answered."""
    with serving(Hub(limit=(1, 1))) as hub:
        api = client(hub.url)
        assert api.model_info("acme/tiny").sha
        assert list(api.list_models(author="acme"))
        assert hub.log.refused == 1


def test_silence_ends_when_the_client_or_the_hub_does() -> None:
    """A route that never answers keeps the client until its own time is up, and the hub not at all."""
    with serving(Hub(silent=frozenset({"info"}))) as hub:
        api = client(hub.url)
        with pytest.raises(Exception, match="timed out"):
            api.model_info("acme/tiny", timeout=0.3)
        assert api.list_repo_refs("acme/tiny").branches
        started = time.monotonic()
    assert time.monotonic() - started < 5


def test_drips_add_up() -> None:
    """An answer byte by byte is whole in the end, however short the time between two bytes that a client allows."""
    with serving(Hub(drips=frozenset({"info"}), drip_seconds=0.001)) as hub:
        started = time.monotonic()
        assert client(hub.url).model_info("acme/tiny", timeout=0.5).id == "acme/tiny"
        assert time.monotonic() - started > 0.5


def test_an_answer_about_another_model_looks_sound() -> None:
    """The client takes an answer about another model as it comes: seeing it is left to who asked."""
    with serving(Hub(faults=Faults(share=1, kinds=("other",)))) as hub:
        found = client(hub.url).model_info("acme/tiny")
        assert (found.id, len(found.sha or "")) == ("acme/other", 40)
        tiny = hub.catalogue.find("models", "acme/tiny")
        assert tiny is not None
        assert found.sha != tiny.commits[-1].sha


def test_no_route_of_another_name_is_silent() -> None:
    """A hub refuses to be set up with routes that it does not have."""
    with pytest.raises(ValueError, match="no such route: infos"):
        Hub(silent=frozenset({"infos"}))


OVER_TLS = """
import sys
from tests.hub.client import client
from huggingface_hub.errors import HfHubHTTPError

api = client(sys.argv[1])
print(api.model_info("acme/tiny").id)
print(len(open(api.hf_hub_download("acme/tiny", "model.safetensors", cache_dir=sys.argv[2]), "rb").read()))
try:
    api.model_info("acme/nothing")
except HfHubHTTPError as error:
    print(type(error).__name__, error.response.status_code)
"""


def test_over_tls_a_missing_model_is_missing(tmp_path: Path) -> None:
    """A client that trusts our authority reads over TLS, and takes 401 for a missing repository as on the real Hub."""
    files = certificates(tmp_path / "tls")
    with serving(Hub(certificate=(files.certificate, files.key))) as hub:
        outcome = subprocess.run(
            [sys.executable, "-c", OVER_TLS, hub.url, str(tmp_path / "cache")],
            env={**os.environ, "HF_HUB_OFFLINE": "0", "SSL_CERT_FILE": str(files.authority)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    assert outcome.stdout.split("\n") == ["acme/tiny", "317", "RepositoryNotFoundError 401", ""]
