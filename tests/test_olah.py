"""A Hub server that nobody here wrote agrees with ours: alone over git, and as a mirror in front of our own."""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub.hf_api import RepoFile, RepoFolder

from tests import olah
from tests.conftest import process
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


def test_licscan_reads_it_alone(alone: str, tiny: Repository, tmp_path: Path) -> None:
    """From a hub without blobs, refusals or lists: the facts that it has, and gaps for what it has not."""
    found = _scan(
        alone, tmp_path, "acme/tiny", "acme/tiny@v1", "dataset:acme/data", "acme/tiny@2024-01-15", "acme/none", "acme/*"
    )
    models = found["models"]
    assert [model["license"]["spdx"] for model in models[:3]] == ["CC-BY-NC-4.0", "MIT", "CC-BY-NC-4.0"]
    weights = tiny.commits[-1].files["model.safetensors"]
    assert [(one["path"], one["promised"], one["header"]) for one in models[0]["files"]] == [
        ("model.safetensors", f"sha256:{weights.sha256}", {"format": "pt"})
    ]
    assert models[3]["ref"] == models[1]["ref"]
    assert models[4]["unknown_reason"] == "not-looked-at"
    assert models[4]["gaps"][0]["id"] == "not-found"
    assert {gap["id"] for gap in found["gaps"]} <= {"invalid-answer", "not-found"}
    assert found["gaps"]


def test_licscan_reads_the_hub_behind_it(mirror: tuple[str, Hub], tmp_path: Path) -> None:
    """A mirror that drops parameters changes no license and no digest; a gated model is one there too."""
    url, hub = mirror
    asked = ("acme/tiny", "acme/tiny@v1", "acme/adapter", "acme/gated", "dataset:acme/data", "acme/disabled")
    behind, before = (_scan(one, tmp_path / name, *asked)["models"] for one, name in ((url, "m"), (hub.url, "h")))
    for one, other in zip(behind[:5], before[:5], strict=True):
        for key in ("ref", "level", "license", "files", "lineage"):
            assert _without_urls(one[key]) == _without_urls(other[key]), key
    assert "access-denied" in {gap["id"] for gap in behind[3]["gaps"]}
    # It tells a disabled repository from none as little as its users can.
    assert behind[5]["gaps"][0]["id"] == "not-found"
    assert before[5]["gaps"][0]["id"] == "access-denied"


def _scan(url: str, folder: Path, *targets: str) -> dict[str, Any]:
    env = {**os.environ, "HF_ENDPOINT": url, "HF_HUB_OFFLINE": "0", "XDG_DATA_HOME": str(folder)}
    done = process("scan", *targets, "--format", "json", env=env)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _without_urls(value: object) -> str:
    return re.sub(r"http://127\.0\.0\.1:\d+", "", json.dumps(value))


def _described(tree: Iterable[RepoFile | RepoFolder]) -> dict[str, tuple[int, str, str | None]]:
    files = [one for one in tree if isinstance(one, RepoFile)]
    return {one.path: (one.size, one.blob_id, one.lfs.sha256 if one.lfs else None) for one in files}


def _digests(files: Mapping[str, File]) -> dict[str, tuple[int, str, str | None]]:
    return {path: (len(one.data), one.blob_id, one.sha256 if one.lfs else None) for path, one in files.items()}
