"""A Hub server that nobody here wrote agrees with ours: alone over git, and as a mirror in front of our own."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest
from huggingface_hub.hf_api import RepoFile, RepoFolder

from tests import olah
from tests.hub.client import client, close_session
from tests.hub.repositories import File, Repository, standard
from tests.hub.server import Hub, serving


@pytest.fixture(scope="module")
def tiny() -> Repository:
    found = standard().find("models", "acme/tiny")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, tiny: Repository) -> Iterator[str]:
    data = standard().find("datasets", "acme/data")
    assert data is not None
    with olah.offline(tmp_path_factory.mktemp("alone"), [tiny, data]) as url:
        yield url
    close_session()


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Hub]]:
    with serving(Hub()) as hub, olah.proxy(tmp_path_factory.mktemp("mirror"), hub.url) as url:
        yield url, hub
    close_session()


def test_alone_it_says_what_our_hub_says(alone: str, tiny: Repository, tmp_path: Path) -> None:
    """Card, files, digests and contents of a model are what we put in, at each revision."""
    api = client(alone)
    for revision, commit in ((None, tiny.commits[-1]), ("v1", tiny.commits[0])):
        found = api.model_info("acme/tiny", revision=revision)
        assert found.card_data is not None
        assert found.card_data.license == commit.front["license"]
        assert _described(api.list_repo_tree("acme/tiny", revision=revision, recursive=True)) == _digests(commit.files)
    path = api.hf_hub_download("acme/tiny", "model.safetensors", cache_dir=tmp_path)
    assert Path(path).read_bytes() == tiny.commits[-1].files["model.safetensors"].data
    assert api.dataset_info("acme/data").id == "acme/data"


def test_as_a_mirror_it_is_served_by_our_hub(mirror: tuple[str, Hub], tiny: Repository, tmp_path: Path) -> None:
    """It takes our hub for the real one: what it passes on is what we hold, and it asks us for it."""
    url, hub = mirror
    api = client(url)
    found = api.model_info("acme/tiny")
    assert found.sha == tiny.commits[-1].sha
    assert _described(api.list_repo_tree("acme/tiny", recursive=True)) == _digests(tiny.commits[-1].files)
    path = api.hf_hub_download("acme/tiny", "model.safetensors", cache_dir=tmp_path)
    assert Path(path).read_bytes() == tiny.commits[-1].files["model.safetensors"].data
    assert any(asked.startswith("/api/models/acme/tiny") for asked in hub.log.paths())


def _described(tree: Iterable[RepoFile | RepoFolder]) -> dict[str, tuple[int, str, str | None]]:
    files = [one for one in tree if isinstance(one, RepoFile)]
    return {one.path: (one.size, one.blob_id, one.lfs.sha256 if one.lfs else None) for one in files}


def _digests(files: Mapping[str, File]) -> dict[str, tuple[int, str, str | None]]:
    return {path: (len(one.data), one.blob_id, one.sha256 if one.lfs else None) for path, one in files.items()}
