"""The cache of the Hub's client, whole and broken, and folders that it downloaded into."""

import json
import os
from pathlib import Path

import pytest
from huggingface_hub import snapshot_download

from licscan.model import GapId, Relation, Subject
from tests import stores, weights
from tests.conftest import Licscan, safetensors
from tests.hub.repositories import card
from tests.hubs import Serve, repository

CARD = card(license="apache-2.0", base_model="acme/base")
FILES: stores.Files = {
    "README.md": CARD,
    "LICENSE": "terms",
    "model.safetensors": safetensors(),
    "unet/x.safetensors": safetensors(),
}


def cache(home: Path) -> Path:
    return home / ".cache" / "huggingface" / "hub"


def test_every_kind_of_repository_is_found(tmp_path: Path) -> None:
    """Models with and without an owner, datasets and kernels; spaces, locks and whatever else lies there are left."""
    root = cache(tmp_path)
    for folder in (
        "models--acme--one",
        "models--gpt2",
        "datasets--acme--data",
        "kernels--acme--fast",
        "spaces--acme--app",
    ):
        stores.hub_cache(root, folder, FILES)
    (root / ".locks" / "models--acme--one").mkdir(parents=True)
    (root / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55")
    (root / ".DS_Store").write_bytes(b"\0")
    refs, gaps = stores.here(tmp_path)
    below = [ref.split("hub/")[1].split("/snapshots")[0] for ref in refs]
    assert below == ["datasets--acme--data", "kernels--acme--fast", "models--acme--one", "models--gpt2"]
    assert not gaps
    model = stores.load(root / "models--acme--one" / "snapshots" / stores.COMMIT)
    assert (model.name, model.source, [str(same.ref) for same in model.same_as]) == (
        "acme/one",
        "hf-cache",
        [f"hf:acme/one@{stores.COMMIT}"],
    )
    data = stores.load(root / "datasets--acme--data" / "snapshots" / stores.COMMIT)
    assert (str(data.same_as[0].ref), data.subject) == (f"dataset:acme/data@{stores.COMMIT}", Subject.DATA)


@pytest.mark.parametrize("links", [True, False])
def test_a_snapshot_is_read_with_the_digests_of_its_blobs(tmp_path: Path, links: bool) -> None:
    """Card, texts and weights of a snapshot, linked or copied; the names of blobs are the digests that are promised."""
    model = stores.load(stores.hub_cache(cache(tmp_path), "models--acme--one", FILES, links=links))
    promised = f"sha256:{stores.sha256(safetensors())}" if links else None
    assert [(file.path, file.promised) for file in model.files] == [
        ("model.safetensors", promised),
        ("unet/x.safetensors", promised),
    ]
    assert [text.path for text in model.texts] == ["LICENSE"]
    assert {claim.stated for claim in model.claims} == {"apache-2.0"}
    assert [(base.stated, base.relation) for base in model.bases] == [("acme/base", Relation.UNSTATED)]
    assert all(claim.evidence.revision == model.ref.revision for claim in model.claims)


def test_one_broken_link_costs_one_file(tmp_path: Path) -> None:
    """A blob that was deleted is a gap; the rest of the model is read."""
    snapshot = stores.hub_cache(cache(tmp_path), "models--acme--one", FILES)
    (snapshot / "unet" / "x.safetensors").resolve().unlink()
    (snapshot / "LICENSE").resolve().unlink()
    (cache(tmp_path) / "models--acme--one" / "snapshots" / "stray").write_text("x")
    refs, _ = stores.here(tmp_path)
    model = stores.load(snapshot)
    assert len(refs) == 1
    assert any("LICENSE" in gap.why and "no such file" in gap.why for gap in model.gaps)
    assert {claim.stated for claim in model.claims} == {"apache-2.0"}


def test_what_leads_out_of_the_cache_is_not_followed(tmp_path: Path) -> None:
    """A link to somebody's file elsewhere is not read, and said."""
    secret = tmp_path / "secret.txt"
    secret.write_text("license: mit, and a password")
    snapshot = stores.hub_cache(cache(tmp_path), "models--acme--one", FILES)
    (snapshot / "LICENSE.txt").symlink_to(secret)
    (snapshot / "NOTICE").symlink_to("../../../models--other--x/blobs/abc")
    model = stores.load(snapshot)
    assert "password" not in model.model_dump_json()
    said = [gap.why for gap in model.gaps if "leads out of the cache" in gap.why]
    assert [why.split(":")[0] for why in said] == ["LICENSE.txt", "NOTICE"]


def test_blobs_that_all_share_are_read(tmp_path: Path) -> None:
    """A repository's blob may itself be a link into a store of the whole cache, named by another hash."""
    snapshot = stores.hub_cache(cache(tmp_path), "models--acme--one", FILES)
    blob = Path(os.path.realpath(snapshot / "model.safetensors"))
    shared = cache(tmp_path) / "blobs" / "ab" / ("ab" * 32)
    shared.parent.mkdir(parents=True)
    (cache(tmp_path) / "blobs" / ".huggingface-shared-blobs").write_text("1\n")
    blob.rename(shared)
    blob.symlink_to(os.path.relpath(shared, blob.parent))
    model = stores.load(snapshot)
    assert model.files[0].promised == f"sha256:{stores.sha256(safetensors())}"
    assert not any("leads out" in gap.why for gap in model.gaps)


def test_repositories_without_files_are_gaps(tmp_path: Path) -> None:
    """A failed download leaves a name without files; that is said, and is no model."""
    root = cache(tmp_path)
    (root / "models--acme--failed" / ".no_exist" / stores.COMMIT).mkdir(parents=True)
    stores.hub_cache(root, "models--acme--gone", FILES)
    (root / "models--acme--gone" / "refs" / "refs" / "pr").mkdir(parents=True)
    (root / "models--acme--gone" / "refs" / "refs" / "pr" / "1").write_text("ab" * 20)
    refs, gaps = stores.here(tmp_path)
    assert len(refs) == 1
    assert [(gap.id, "acme/failed" in gap.what or "pr/1" in gap.why) for gap in gaps] == [
        (GapId.FILES_NOT_LISTED, True)
    ] * 2


def test_the_list_of_the_commit_says_what_is_missing(tmp_path: Path) -> None:
    """The client's own list of the commit gives digests of copies, and names the license that was not downloaded."""
    snapshot = stores.hub_cache(cache(tmp_path), "models--acme--one", {"model.safetensors": safetensors()}, links=False)
    tree = cache(tmp_path) / "models--acme--one" / "trees" / f"{stores.COMMIT}.json"
    tree.parent.mkdir()
    digest = stores.sha256(safetensors())
    files = {
        "model.safetensors": {"size": 1, "blob_id": "a" * 40, "lfs_sha256": digest, "lfs_size": 1},
        "LICENSE": {"size": 5, "blob_id": "b" * 40},
        "README.md": {"size": 5, "blob_id": "c" * 40},
        "../../evil": {"size": 5, "blob_id": "c" * 40},
    }
    tree.write_text(json.dumps({"format_version": 1, "files": files}))
    model = stores.load(snapshot)
    assert model.files[0].promised == f"sha256:{digest}"
    assert "LICENSE is part of the commit" in stores.gaps(model)[GapId.LICENSE_TEXT_MISSING]
    assert "2 of the 3 files of the commit are not here" in model.notes


def test_variables_say_where_caches_are(tmp_path: Path) -> None:
    """Each variable that the client or llama.cpp reads names a cache; one place is looked at once."""
    for name in ("a", "b", "c/hub", "d/huggingface/hub"):
        stores.hub_cache(tmp_path / name, "models--acme--one", FILES)
    places = {
        name: str(tmp_path / place)
        for name, place in (
            ("HF_HUB_CACHE", "a"),
            ("LLAMA_CACHE", "b"),
            ("HUGGINGFACE_HUB_CACHE", "a"),
            ("HF_HOME", "c"),
            ("XDG_CACHE_HOME", "d"),
        )
    }
    refs, _ = stores.here(tmp_path / "home", **places)
    assert len(refs) == 4


def test_what_the_client_itself_writes_is_read(serve: Serve, tmp_path: Path) -> None:
    """A repository that huggingface_hub downloaded, into its cache and into a folder, is known with commit and digests."""
    data = safetensors({"format": "pt"})
    hub = serve(
        repository("acme/real", {"README.md": card(license="mit"), "LICENSE": "terms", "model.safetensors": data})
    )
    made = hub.catalogue.find("models", "acme/real")
    assert made is not None
    commit = made.commits[-1].sha
    place = snapshot_download("acme/real", cache_dir=tmp_path / "cache", endpoint=hub.url)
    model = stores.load(Path(place))
    assert str(model.same_as[0].ref) == f"hf:acme/real@{commit}"
    assert [(file.path, file.promised) for file in model.files] == [
        ("model.safetensors", f"sha256:{stores.sha256(data)}")
    ]
    folder = Path(snapshot_download("acme/real", local_dir=tmp_path / "folder", endpoint=hub.url))
    local = stores.load(folder)
    assert (local.source, local.same_as) == ("local-dir", ())
    assert [(file.path, file.promised) for file in local.files] == [
        ("model.safetensors", f"sha256:{stores.sha256(data)}")
    ]
    assert any(commit in note for note in local.notes)
    assert all(not text.path.startswith(".cache") for text in local.texts)


def test_a_file_that_was_edited_is_not_what_was_downloaded(tmp_path: Path) -> None:
    """The books of a folder count only for files that are older than they."""
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "a.gguf").write_bytes(weights.gguf({"general.license": "mit"}))
    book = tmp_path / "m" / ".cache" / "huggingface" / "download" / "a.gguf.metadata"
    book.parent.mkdir(parents=True)
    for stamp, kept in ((4e9, True), (1.0, False)):
        book.write_text(f"{stores.COMMIT}\n{'ab' * 32}\n{stamp}\n")
        model = stores.load(tmp_path / "m")
        assert any(stores.COMMIT in note for note in model.notes) is kept
    for broken in ("", "x\n", f"{stores.COMMIT}\nx\nnot a number\n"):
        book.write_text(broken)
        assert stores.load(tmp_path / "m").files[0].promised is None


def test_a_scan_of_this_machine_knows_what_the_copies_are(
    licscan: Licscan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`scan --here` names each model by what its store proves, and the rule base knows it by that name."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("HF_HOME")
    stores.hub_cache(cache(tmp_path), "models--meta-llama--Llama-3.1-8B", {"model.safetensors": safetensors()})
    out = licscan("scan", "--here", "--offline", "--format", "json")
    (found,) = json.loads(out.out)["models"]
    assert (out.code, found["name"], found["license"]["id"]) == (0, "meta-llama/Llama-3.1-8B", "llama3.1")
    assert any(f"a copy of hf:meta-llama/Llama-3.1-8B@{stores.COMMIT}" in note for note in found["notes"])


def test_offline_the_cache_answers_for_the_hub(
    licscan: Licscan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A base that nobody may be asked about is read from the cache: the commit that is named, else the main branch."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    stores.hub_cache(tmp_path / "cache", "models--acme--base", {"README.md": card(license="cc-by-nc-4.0")})
    child = tmp_path / "child"
    child.mkdir()
    (child / "README.md").write_text("---\nlicense: mit\nbase_model: acme/base\n---\n")
    (child / "model.safetensors").write_bytes(safetensors())
    report = json.loads(
        licscan("scan", child, f"acme/base@{stores.COMMIT}", "acme/base@other", "--offline", "--format", "json").out
    )
    own, pinned, other = report["models"]
    assert (own["level"], own["lineage"][0]["level"]) == ("restrictive", "restrictive")
    assert (pinned["license"]["spdx"], pinned["source"]) == ("CC-BY-NC-4.0", "hf-cache")
    assert not any("cache of this machine" in gap["why"] for gap in pinned["gaps"])
    assert other["license"]["spdx"] is None
