"""Scans know what was verified: statuses of weight files, conflicts, gaps; and nothing is kept beyond its time."""

import contextlib
import hashlib
import json
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Licscan, safetensors


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model whose two shards are promised."""
    made = tmp_path / "model"
    made.mkdir()
    (made / "README.md").write_text("---\nlicense: mit\n---\n")
    lines = []
    for name in ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"):
        (made / name).write_bytes(safetensors({"name": name}))
        lines.append(f"{hashlib.sha256((made / name).read_bytes()).hexdigest()}  {name}\n")
    (made / "SHA256SUMS").write_text("".join(lines))
    time.sleep(0.12)
    return made


def scan(licscan: Licscan, model: Path, *options: str) -> dict[str, Any]:
    done = licscan("scan", model, "--format", "json", *options)
    assert done.code == 0
    found: dict[str, Any] = json.loads(done.out)["models"][0]
    return found


def statuses(found: dict[str, Any]) -> list[str]:
    return [file["status"] for file in found["files"]]


def unverified(found: dict[str, Any]) -> str:
    return "".join(gap["why"] for gap in found["gaps"] if gap["id"] == "weights-unverified")


def test_a_scan_knows_what_was_verified(model: Path, licscan: Licscan) -> None:
    """A scan reads no weights by itself, but knows what `verify` read, or what it was told to read; then no gap is left."""
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


def test_verdicts_are_not_kept_beyond_their_time(model: Path, licscan: Licscan, tmp_path: Path) -> None:
    """What a database says of a file that has changed since in a way that nobody sees from outside is not believed."""
    database = str(tmp_path / "x.db")
    shard = model / "model-00001-of-00002.safetensors"
    shard.write_bytes(safetensors({"long": "x" * 300_000}))
    sums = (model / "SHA256SUMS").read_text().splitlines()
    sums[0] = f"{hashlib.sha256(shard.read_bytes()).hexdigest()}  {shard.name}"
    (model / "SHA256SUMS").write_text("\n".join(sums) + "\n")
    first = scan(licscan, model, "--verify", "--db", database)
    assert statuses(first) == ["verified", "verified"]
    data = bytearray(shard.read_bytes())
    data[150_000] ^= 1  # where the revision of a folder does not look
    shard.write_bytes(data)
    second = scan(licscan, model, "--db", database)
    assert second["ref"] == first["ref"]
    assert statuses(second) == ["unverified", "verified"]
    assert statuses(scan(licscan, model, "--verify", "--db", database)) == ["mismatch", "verified"]


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
