"""Scans know what was verified: statuses of weight files, conflicts, gaps; and nothing is kept beyond its time."""

import contextlib
import hashlib
import json
import os
import sqlite3
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from licscan.formats.listing import SMALL
from tests import stores
from tests.conftest import Licscan, safetensors
from tests.weights import gguf


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model whose two shards are promised."""
    return promised(tmp_path / "model", safetensors)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """One whose shards are larger than what a scan reads."""
    return promised(tmp_path / "large", shard_of)


def promised(made: Path, shard: Callable[[dict[str, str]], bytes]) -> Path:
    made.mkdir()
    (made / "README.md").write_text("---\nlicense: mit\n---\n")
    lines = []
    for name in ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"):
        (made / name).write_bytes(shard({"name": name}))
        lines.append(f"{hashlib.sha256((made / name).read_bytes()).hexdigest()}  {name}\n")
    (made / "SHA256SUMS").write_text("".join(lines))
    time.sleep(0.12)
    return made


def shard_of(metadata: dict[str, str]) -> bytes:
    tensor = {"dtype": "U8", "shape": [SMALL], "data_offsets": [0, SMALL]}
    text = json.dumps({"__metadata__": metadata, "weight": tensor}).encode()
    return struct.pack("<Q", len(text)) + text + bytes(SMALL)


def scan(licscan: Licscan, model: Path, *options: str) -> dict[str, Any]:
    done = licscan("scan", model, "--format", "json", *options)
    assert done.code == 0
    found: dict[str, Any] = json.loads(done.out)["models"][0]
    return found


def statuses(found: dict[str, Any]) -> list[str]:
    return [file["status"] for file in found["files"]]


def unverified(found: dict[str, Any]) -> str:
    return "".join(gap["why"] for gap in found["gaps"] if gap["id"] == "weights-unverified")


def test_a_scan_compares_what_it_hashes(model: Path, licscan: Licscan) -> None:
    """Small weights are known by their digests, and so a scan compares them without being told to."""
    assert statuses(scan(licscan, model)) == ["verified", "verified"]


def test_a_scan_knows_what_was_verified(large: Path, licscan: Licscan) -> None:
    """A scan reads no large weights by itself, but knows what `verify` read; then no gap is left."""
    model = large
    found = scan(licscan, model)
    assert statuses(found) == ["unverified", "unverified"]
    assert unverified(found) == "2 weight files, 2 with a digest by the publisher; no bytes were compared"
    assert licscan("verify", model).code == 0
    found = scan(licscan, model)
    assert statuses(found) == ["verified", "verified"]
    assert unverified(found) == ""
    for file in found["files"]:
        digest = hashlib.sha256((model / file["path"]).read_bytes()).hexdigest()
        assert (file["sha256"], file["promised"]) == (digest, f"sha256:{digest}")


def test_a_mismatch_is_a_conflict(model: Path, licscan: Licscan, tmp_path: Path) -> None:
    """A shard that is not what was promised is a conflict with both digests, in the report and in the database."""
    promised = hashlib.sha256((model / "model-00002-of-00002.safetensors").read_bytes()).hexdigest()
    (model / "model-00002-of-00002.safetensors").write_bytes(safetensors({"name": "other"}))
    time.sleep(0.12)
    found = scan(licscan, model, "--verify", "--db", str(tmp_path / "x.db"))
    assert statuses(found) == ["verified", "mismatch"]
    (conflict,) = found["conflicts"]
    assert conflict["id"] == "checksum"
    says = [one["says"] for one in conflict["statements"]]
    assert f"sha256:{promised}" in says[0]
    assert hashlib.sha256((model / "model-00002-of-00002.safetensors").read_bytes()).hexdigest() in says[1]
    assert unverified(found).endswith("; 1 verified, 1 mismatch")
    with contextlib.closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        assert connection.execute("SELECT conflict FROM conflicts").fetchall() == [("checksum",)]
        assert connection.execute("SELECT status FROM files ORDER BY position").fetchall() == [("verified",), ("mismatch",)]  # fmt: skip
    out = " ".join(licscan("scan", model).out.split())
    assert f"promised model-00002-of-00002.safetensors: sha256:{promised}, in SHA256SUMS is model" in out


def test_verdicts_are_not_kept_beyond_their_time(large: Path, licscan: Licscan, tmp_path: Path) -> None:
    """What a database says of a large file that has changed since in a way that nobody sees from outside is not believed."""
    database = str(tmp_path / "x.db")
    first = scan(licscan, large, "--verify", "--db", database)
    assert statuses(first) == ["verified", "verified"]
    harm(large / "model-00001-of-00002.safetensors")
    second = scan(licscan, large, "--db", database)
    assert second["ref"] == first["ref"]
    assert statuses(second) == ["unverified", "verified"]
    assert second["files"][0]["sha256"] is None
    third = scan(licscan, large, "--hash", "--db", database)
    assert statuses(third) == ["mismatch", "verified"]
    assert third["files"][0]["sha256"] not in {None, first["files"][0]["sha256"]}


def test_a_small_file_changed_in_its_middle(tmp_path: Path, licscan: Licscan) -> None:
    """Of a small file every byte counts: changed in the middle, at its old size and time, it is another revision."""
    folder = tmp_path / "small"
    folder.mkdir()
    shard = folder / "model.safetensors"
    shard.write_bytes(safetensors({"long": "x" * 300_000}))
    time.sleep(0.12)
    first, again = scan(licscan, folder), scan(licscan, folder)
    assert (first["ref"], first["files"]) == (again["ref"], again["files"])
    before = shard.stat()
    harm(shard)
    os.utime(shard, ns=(before.st_atime_ns, before.st_mtime_ns))
    second = scan(licscan, folder)
    assert second["ref"] != first["ref"]
    assert second["files"][0]["sha256"] == hashlib.sha256(shard.read_bytes()).hexdigest()


def harm(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[150_000] ^= 1
    path.write_bytes(data)
    time.sleep(0.12)


def test_models_in_stores_are_verified(tmp_path: Path, licscan: Licscan) -> None:
    """Wherever a store keeps the bytes of a model, they are compared with what its records promise of them."""
    weights, license_ = safetensors({"name": "x"}), "MIT License\n\nterms\n"
    place = stores.ollama(
        tmp_path / ".ollama" / "models",
        "registry.ollama.ai/library/x/latest",
        [("model", weights), ("license", license_)],
    )
    snapshot = stores.hub_cache(
        tmp_path / ".cache" / "huggingface" / "hub", "models--acme--x", {"model.safetensors": weights}
    )
    cached = tmp_path / ".cache" / "llama.cpp" / "x.gguf"
    cached.parent.mkdir(parents=True)
    cached.write_bytes(gguf({"general.architecture": "llama"}))
    book = {
        "url": "https://huggingface.co/acme/y/resolve/main/x.gguf",
        "etag": f'"{stores.sha256(cached.read_bytes())}"',
    }
    cached.with_name("x.gguf.json").write_text(json.dumps(book))
    time.sleep(0.12)
    for harmed in (False, True):
        if harmed:
            time.sleep(0.12)
            for path in (
                place.parents[4] / "blobs" / f"sha256-{stores.sha256(weights)}",
                snapshot / "model.safetensors",
                cached,
            ):
                path.write_bytes(path.read_bytes()[:-1] + b"x")
            time.sleep(0.12)
        for ref in (place, snapshot, cached):
            found = scan(licscan, ref, "--verify")
            assert statuses(found) == ["mismatch" if harmed else "verified"], (ref, found["files"])
            assert [one["id"] for one in found["conflicts"]] == (["checksum"] if harmed else [])
            assert found["files"][0]["promised"].startswith("sha256:")
    (tmp_path / ".ollama" / "models" / "blobs" / f"sha256-{stores.sha256(weights)}").write_bytes(weights[:-3])
    assert statuses(scan(licscan, place)) == ["truncated"]


def test_a_shard_that_is_missing_is_listed(model: Path, licscan: Licscan) -> None:
    """A promised shard that is not there stands among the files; a truncated one is found without any promise."""
    (model / "model-00001-of-00002.safetensors").unlink()
    found = scan(licscan, model)
    assert {file["path"]: file["status"] for file in found["files"]}["model-00001-of-00002.safetensors"] == "missing"
    assert found["artefacts"]["weights"]["note"] == "1 weight file"
    (model / "SHA256SUMS").unlink()
    shard = model / "model-00002-of-00002.safetensors"
    shard.write_bytes(shard.read_bytes()[:-2])
    found = scan(licscan, model)
    assert statuses(found) == ["truncated"]
    assert [one["id"] for one in found["conflicts"]] == ["checksum"]


def test_models_below_speak_for_themselves(model: Path, licscan: Licscan) -> None:
    """A mismatch in a model that lies in another one's folder is that model's."""
    below = model / "below"
    below.mkdir()
    (below / "README.md").write_text("---\nlicense: mit\n---\n")
    (below / "model.safetensors").write_bytes(safetensors())
    (below / "SHA256SUMS").write_text(f"{'0' * 64}  model.safetensors\n")
    found = json.loads(licscan("scan", model, "--verify", "--format", "json").out)["models"]
    assert [len(one["conflicts"]) for one in found] == [0, 1]


def test_a_single_file_is_verified(model: Path, licscan: Licscan) -> None:
    """A single weight file is compared with what stands beside it."""
    shard = model / "model-00001-of-00002.safetensors"
    assert statuses(scan(licscan, shard, "--verify")) == ["verified"]


def test_a_run_that_is_replayed_says_what_it_said(model: Path, licscan: Licscan, tmp_path: Path) -> None:
    """The verdicts of a run are kept with its facts: assessed again, it says the same."""
    database = str(tmp_path / "x.db")
    first = scan(licscan, model, "--verify", "--db", database)
    done = licscan("scan", "--replay", "1", "--db", database, "--format", "json")
    assert json.loads(done.out)["models"] == [first]


def test_whatever_way_a_folder_is_named(model: Path, licscan: Licscan, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder is verified by a relative path, by one that goes up and down, and through a link."""
    (model.parent / "beside").mkdir()
    (model.parent / "link").symlink_to(model)
    monkeypatch.chdir(model.parent / "beside")
    for name in ("../model", "../beside/../model", "../link"):
        assert statuses(scan(licscan, Path(name), "--verify")) == ["verified", "verified"]
