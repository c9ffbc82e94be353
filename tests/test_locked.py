"""What a lock promises of files: named as its own, of the commit that a copy is of, and of nothing else."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from licscan.lock import NAME, Lock, write
from licscan.locked import promise
from licscan.verify import Copy
from tests.conftest import Licscan, safetensors
from tests.stores import COMMIT, hub_cache, sha256

WEIGHTS = safetensors({"name": "x"})


def lock(folder: Path, *entries: dict[str, Any]) -> Lock:
    """A lock of models, of which only what concerns files is written."""
    models = {entry["ref"]: entry for entry in entries}
    made = Lock("0", "0", {"id": "default", "title": "x", "source": None, "rules": []}, {}, models)
    write(made, folder / NAME)
    return made


def entry(ref: str, commit: str | None, digest: str, *, path: str = "model.safetensors") -> dict[str, Any]:
    file = {"path": path, "format": "safetensors", "size": len(WEIGHTS), "promised": f"sha256:{digest}"}
    return {"ref": ref, "commit": commit, "files": [file]}


def verify(licscan: Licscan, *arguments: object, code: int = 0) -> dict[str, Any]:
    done = licscan("verify", *arguments, "--offline", "--format", "json")
    assert done.code == code, done.err
    (found,) = json.loads(done.out)["copies"]
    return {file["path"]: file for file in found["files"]}


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with weights of which nothing is promised, below the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "model.safetensors").write_bytes(WEIGHTS)
    time.sleep(0.12)
    return Path("models")


def test_a_folder_that_the_lock_knows_by_its_place(copy: Path, licscan: Licscan) -> None:
    """The digests of a local model are those of the lock, wherever below the lock one stands; other ones are a mismatch."""
    lock(Path(), entry("file:models", None, sha256(WEIGHTS)))
    for target in (copy, copy / "model.safetensors", Path()):
        (file,) = (one for path, one in verify(licscan, target).items() if path.endswith("model.safetensors"))
        assert (file["status"], [one["source"] for one in file["promises"] if one["digest"]]) == ("verified", [NAME])
    (copy / "model.safetensors").write_bytes(WEIGHTS[:-1] + b"x")
    assert verify(licscan, copy, code=1)["model.safetensors"]["status"] == "mismatch"


def test_the_copy_of_a_commit(tmp_path: Path, licscan: Licscan, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the lock says of a commit is promised of copies of that commit, and of no other one."""
    snapshot = hub_cache(tmp_path / "hub", "models--acme--x", {"model.safetensors": WEIGHTS})
    monkeypatch.chdir(tmp_path)
    lock(tmp_path, entry("hf:acme/x", COMMIT, "0" * 64))
    file = verify(licscan, snapshot, code=1)["model.safetensors"]
    assert file["why"] == "blob name and licscan.lock promise different sha256 digests"
    lock(tmp_path, entry("hf:acme/x@main", "f" * 40, "0" * 64))
    assert verify(licscan, snapshot)["model.safetensors"]["status"] == "verified"


def test_a_folder_that_is_said_to_be_a_model(copy: Path, licscan: Licscan) -> None:
    """With `--as`, offline, the lock promises what the Hub would."""
    lock(Path(), entry("hf:acme/x", COMMIT, sha256(WEIGHTS)))
    assert verify(licscan, copy, "--as", "acme/x")["model.safetensors"]["status"] == "verified"
    assert verify(licscan, copy, "--as", f"acme/x@{COMMIT}")["model.safetensors"]["status"] == "verified"
    assert verify(licscan, copy)["model.safetensors"]["status"] == "unverified"


def test_a_lock_elsewhere(copy: Path, licscan: Licscan, tmp_path: Path) -> None:
    """A lock is the nearest one or the one that is named; a damaged one is refused."""
    below = tmp_path / "other"
    below.mkdir()
    lock(below, entry("file:../models", None, "0" * 64))
    assert verify(licscan, copy)["model.safetensors"]["status"] == "unverified"
    assert verify(licscan, copy, "--lock", below / NAME, code=1)["model.safetensors"]["status"] == "mismatch"
    (tmp_path / NAME).write_text("{")
    assert licscan("verify", copy, "--offline").code == 2


def test_blobs_of_ollama() -> None:
    """A lock has the files of a model by their names; in Ollama's store they are blobs."""
    made = Copy("x", "/nowhere", "ollama:x:latest")
    promise([made], Lock("0", "0", {}, {}, {"ollama:x:latest": entry("ollama:x:latest", "sha256:1", "a" * 64)}), Path())
    assert [one.path for one in made.promises] == [f"blobs/sha256-{'a' * 64}"]


@pytest.mark.parametrize("files", [None, {}, [1], [{"path": "../x", "sha256": "a" * 64}], [{"path": "x", "sha256": 1}]])
def test_entries_that_mean_nothing(files: object) -> None:
    """What is no file with a digest or a size promises nothing."""
    made = Copy("x", "/nowhere", "hf:acme/x")
    promise([made], Lock("0", "0", {}, {}, {"hf:acme/x": {"ref": "hf:acme/x", "commit": None, "files": files}}), Path())
    assert made.promises == []
