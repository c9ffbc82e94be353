"""Copies that `huggingface_hub` wrote: what licscan says of them, and what the library's own check says, file by file."""

import hashlib
import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Licscan
from tests.hub.client import client
from tests.hub.repositories import Repository, card, safetensors
from tests.hubs import Serve, ToldHub

FILES: dict[str, bytes | str | None] = {
    "README.md": card(license="mit"),
    "config.json": json.dumps({"model_type": "gpt2"}),
    "tokenizer/vocab.txt": "a\nb\n",
    **{f"model-0000{n}-of-00004.safetensors": safetensors({"shard": str(n)}) for n in (1, 2, 3, 4)},
}
WRONG = {"mismatch", "truncated"}


@pytest.fixture
def hub(serve: Serve) -> ToldHub:
    """A hub with a model of four shards at two commits."""
    repository = Repository("acme/shards").commit("first", FILES)
    return serve(repository.commit("second", {"config.json": "{}", "model-00004-of-00004.safetensors": safetensors()}))


@pytest.fixture
def cache(hub: ToldHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache with that model, as the library writes it."""
    place = tmp_path / "cache"
    client(hub.url).snapshot_download("acme/shards", cache_dir=place)
    monkeypatch.setenv("HF_HUB_CACHE", str(place))
    hub.log.clear()
    return place


def snapshot(cache: Path) -> Path:
    (found,) = (cache / "models--acme--shards" / "snapshots").iterdir()
    return found


def ours(licscan: Licscan, *arguments: object) -> dict[str, str]:
    """The status of each file."""
    done = licscan("verify", *arguments, "--format", "json")
    (copy,) = json.loads(done.out)["copies"]
    return {file["path"]: file["status"] for file in copy["files"]}


def theirs(hub: ToldHub, cache: Path) -> dict[str, str]:
    """What the library says of each file, in our words."""
    found = client(hub.url).verify_repo_checksums("acme/shards", cache_dir=cache)
    said = dict.fromkeys(found.missing_paths, "missing") | dict.fromkeys(found.extra_paths, "extra")
    return said | {one["path"]: "mismatch" for one in found.mismatches}


def same(mine: dict[str, str], library: dict[str, str]) -> None:
    """Fail where the two do not agree: a truncated file is a mismatch to the library."""
    said = {path: "mismatch" if status in WRONG else status for path, status in mine.items() if status != "verified"}
    assert said == library


def test_a_download_is_verified_offline(cache: Path, hub: ToldHub, licscan: Licscan) -> None:
    """Every file of a download is verified by the list that lies with it and by its blob's name; nobody is asked."""
    done = licscan("verify", "acme/shards", "--strict", "--format", "json")
    assert done.code == 0
    (copy,) = json.loads(done.out)["copies"]
    assert copy["ref"] == f"hf:acme/shards@{snapshot(cache).name}"
    assert {file["status"] for file in copy["files"]} == {"verified"}
    assert len(copy["files"]) == len(FILES)
    sources = {tuple(one["source"] for one in file["promises"]) for file in copy["files"]}
    assert sources == {("blob name", f"trees/{snapshot(cache).name[:8]}")}
    assert hub.files_too() == []
    same(ours(licscan, "acme/shards"), theirs(hub, cache))


def _flip(cache: Path, path: str) -> None:
    blob = (snapshot(cache) / path).resolve()
    data = bytearray(blob.read_bytes())
    data[len(data) // 2] ^= 1
    blob.write_bytes(data)


def _cut(cache: Path, path: str) -> None:
    blob = (snapshot(cache) / path).resolve()
    blob.write_bytes(blob.read_bytes()[:-1])


def _grow(cache: Path, path: str) -> None:
    blob = (snapshot(cache) / path).resolve()
    blob.write_bytes(blob.read_bytes() + b"\0")


def _lose_blob(cache: Path, path: str) -> None:
    (snapshot(cache) / path).resolve().unlink()


def _lose_link(cache: Path, path: str) -> None:
    (snapshot(cache) / path).unlink()


def _swap(cache: Path, path: str) -> None:
    one, other = snapshot(cache) / path, snapshot(cache) / "model-00002-of-00004.safetensors"
    target = one.readlink()
    one.unlink()
    one.symlink_to(other.readlink())
    other.unlink()
    other.symlink_to(os.path.relpath(snapshot(cache) / target, other.parent))


def _add(cache: Path, path: str) -> None:
    (snapshot(cache) / f"{path}.more").write_text("x")


def _copy_of_it(cache: Path, path: str) -> None:
    file = snapshot(cache) / path
    data = file.read_bytes()
    file.unlink()
    file.write_bytes(data)


def _pointer(cache: Path, path: str) -> None:
    file = snapshot(cache) / path
    file.unlink()
    file.write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 136\n")


def _elsewhere(cache: Path, path: str) -> None:
    file = snapshot(cache) / path
    outside = cache.parent / "outside"
    shutil.copyfile(file, outside)
    file.unlink()
    file.symlink_to(outside)


HARM: list[Callable[[Path, str], None]] = [
    _flip,
    _cut,
    _grow,
    _lose_blob,
    _lose_link,
    _swap,
    _add,
    _copy_of_it,
    _pointer,
    _elsewhere,
]


@pytest.mark.parametrize("harm", HARM, ids=lambda one: one.__name__.strip("_"))
@pytest.mark.parametrize("path", ["model-00001-of-00004.safetensors", "config.json"])
def test_what_the_library_finds_is_found(
    harm: Callable[[Path, str], None], path: str, cache: Path, hub: ToldHub, licscan: Licscan
) -> None:
    """Whatever is done to a cache, our verdict on each file is that of `hf cache verify`, with its exit code."""
    harm(cache, path)
    library = theirs(hub, cache)
    hub.log.clear()
    same(ours(licscan, "acme/shards"), library)
    assert hub.files_too() == []
    assert licscan("verify", "acme/shards").code == (1 if "mismatch" in library.values() else 0)
    assert licscan("verify", "acme/shards", "--strict").code == (1 if "mismatch" in library.values() else 3 if library else 0)  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_several_harms_at_once(seed: int, cache: Path, hub: ToldHub, licscan: Licscan) -> None:
    """Several files harmed at once, at random: still the verdicts of `hf cache verify`, with our cache of digests warm."""
    chance = random.Random(seed)  # noqa: S311 - which is no secret
    assert set(ours(licscan, "acme/shards").values()) == {"verified"}
    shards = [path for path in FILES if path.endswith(".safetensors")]
    for path in chance.sample(shards, 3):
        harm = chance.choice([one for one in HARM if one is not _swap])
        if (snapshot(cache) / path).exists():
            harm(cache, path)
    same(ours(licscan, "acme/shards"), theirs(hub, cache))


def test_a_link_out_of_the_cache_is_said(cache: Path, licscan: Licscan) -> None:
    """A snapshot that leads out of its cache is followed, and the report says where it leads."""
    _elsewhere(cache, "config.json")
    done = licscan("verify", "acme/shards", "--format", "json")
    (copy,) = json.loads(done.out)["copies"]
    (note,) = [file["note"] for file in copy["files"] if file["note"]]
    assert str(cache.parent / "outside") in note


def test_the_hub_is_asked_where_nothing_lists_the_files(
    hub: ToldHub, tmp_path: Path, licscan: Licscan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that were downloaded one by one are compared with the Hub's list, which is asked for once; never offline."""
    place = tmp_path / "single"
    monkeypatch.setenv("HF_HUB_CACHE", str(place))
    client(hub.url).hf_hub_download("acme/shards", "config.json", cache_dir=place)
    hub.log.clear()
    assert ours(licscan, "acme/shards", "--offline") == {"config.json": "verified"}
    assert hub.files_too() == []
    found = ours(licscan, "acme/shards")
    assert found.pop("config.json") == "verified"
    assert set(found.values()) == {"missing"}
    assert len(found) == len(FILES) - 1
    assert len(hub.files_too()) == 1
    same({**found, "config.json": "verified"}, theirs(hub, place))


@pytest.mark.usefixtures("hub")
def test_the_publisher_is_asked_with_online(cache: Path, licscan: Licscan) -> None:
    """Whoever changes blob, name and list of a cache together is found out by --online."""
    file = snapshot(cache) / "config.json"
    repository = snapshot(cache).parent.parent
    blob = file.resolve()
    forged = b'{"forged": 1}'
    name = hashlib.sha1(b"blob %d\0" % len(forged) + forged, usedforsecurity=False).hexdigest()
    (blob.parent / name).write_bytes(forged)
    file.unlink()
    file.symlink_to(f"../../blobs/{name}")
    tree = repository / "trees" / f"{snapshot(cache).name}.json"
    said: dict[str, Any] = json.loads(tree.read_text())
    said["files"]["config.json"] = {"size": len(forged), "blob_id": name}
    tree.write_text(json.dumps(said))
    assert set(ours(licscan, "acme/shards").values()) == {"verified"}
    assert ours(licscan, "acme/shards", "--online")["config.json"] == "mismatch"


@pytest.mark.usefixtures("hasty", "cache")
def test_a_hub_that_does_not_answer_is_said(hub: ToldHub, licscan: Licscan, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the Hub's list cannot be had, what is at hand answers, and the trouble is in the report; 3 with --strict."""
    hub.shutdown()
    hub.server_close()
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    done = licscan("verify", "acme/shards", "--online", "--format", "json")
    (copy,) = json.loads(done.out)["copies"]
    assert {file["status"] for file in copy["files"]} == {"verified"}
    assert copy["troubles"]
    assert licscan("verify", "acme/shards", "--online", "--strict").code == 3


def test_a_folder_is_compared_as_a_model(hub: ToldHub, tmp_path: Path, licscan: Licscan) -> None:
    """A plain folder is compared with the model that the user says it is, and is another one where it is not."""
    folder = tmp_path / "plain"
    for path, content in FILES.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content.encode() if isinstance(content, str) else content or b"")
    assert set(ours(licscan, folder).values()) == {"unverified"}
    first = hub.catalogue.find("models", "acme/shards")
    assert first is not None
    assert set(ours(licscan, folder, "--as", f"acme/shards@{first.commits[0].sha}").values()) == {"verified"}
    now = ours(licscan, folder, "--as", "acme/shards")
    assert {path for path, status in now.items() if status in WRONG} == {
        "config.json",
        "model-00004-of-00004.safetensors",
    }


def test_a_download_to_a_folder_brings_its_promises(hub: ToldHub, tmp_path: Path, licscan: Licscan) -> None:
    """What `hf download --local-dir` leaves beside the files verifies them, finds what was changed, and what came."""
    folder = tmp_path / "local"
    client(hub.url).snapshot_download("acme/shards", local_dir=folder)
    hub.log.clear()
    assert set(ours(licscan, folder).values()) == {"verified"}
    (folder / "config.json").write_text('{"a": 1}')
    (folder / "more.py").write_text("x")
    found = {path: status for path, status in ours(licscan, folder).items() if status != "verified"}
    assert found == {"config.json": "mismatch", "more.py": "extra"}
    assert hub.files_too() == []


def test_the_database_promises_what_the_hub_said_of_the_weights(
    hub: ToldHub, tmp_path: Path, licscan: Licscan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that was scanned is verified offline against what the Hub said of it then."""
    database = tmp_path / "x.db"
    assert licscan("scan", "acme/shards", "--db", database).code == 0
    place = tmp_path / "single"
    shard = "model-00001-of-00004.safetensors"
    monkeypatch.setenv("HF_HUB_CACHE", str(place))
    client(hub.url).hf_hub_download("acme/shards", shard, cache_dir=place)
    done = licscan("verify", "acme/shards", "--offline", "--db", database, "--format", "json")
    (copy,) = json.loads(done.out)["copies"]
    (file,) = [one for one in copy["files"] if one["path"] == shard]
    assert file["status"] == "verified"
    assert "database" in {one["source"] for one in file["promises"]}


def test_a_whole_cache_is_verified(cache: Path, hub: ToldHub, licscan: Licscan) -> None:
    """Of a cache, every snapshot of every repository is verified, and what the library keeps beside them is no model."""
    client(hub.url).snapshot_download("acme/tiny", cache_dir=cache)
    client(hub.url).snapshot_download("acme/data", repo_type="dataset", cache_dir=cache)
    first = hub.catalogue.find("models", "acme/shards")
    assert first is not None
    client(hub.url).snapshot_download("acme/shards", revision=first.commits[0].sha, cache_dir=cache)
    (cache / ".locks" / "x").mkdir(parents=True, exist_ok=True)
    done = licscan("verify", cache, "--format", "json", "--strict")
    said = json.loads(done.out)
    assert sorted(copy["ref"].partition("@")[0] for copy in said["copies"]) == [
        "dataset:acme/data",
        "hf:acme/shards",
        "hf:acme/shards",
        "hf:acme/tiny",
    ]
    assert done.code == 0
    assert said["summary"]["verified"] == said["summary"]["files"]


def test_a_model_that_is_not_here(hub: ToldHub, licscan: Licscan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """A model that no cache has is nothing to look at, and is not downloaded."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "none"))
    done = licscan("verify", "acme/shards")
    assert done.code == 4
    assert "no copy of it" in done.err
    assert hub.files_too() == []
