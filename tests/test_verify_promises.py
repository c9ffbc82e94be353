"""What promises: lists of digests, pointers, indexes, manifests, statements; and what only looks like one."""

import base64
import hashlib
import json
import os
import struct
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.digests import LENGTHS, Promise
from licscan.errors import UnreadableError
from licscan.integrity import Checked
from licscan.verify import HashCache, Wanted, check, find, promises_files, promises_hub, promises_sums, statement
from licscan.verify.small import inside
from tests.conftest import Licscan, safetensors

DATA = b"weights" * 100
SHA256 = hashlib.sha256(DATA).hexdigest()


def look(target: object) -> list[Checked]:
    return check(find(str(target)), HashCache(Path(os.devnull) / "none"), Wanted())[0]


def statuses(target: object) -> dict[str, str]:
    (copy,) = look(target)
    return {verdict.path: verdict.status.value for verdict in copy.verdicts}


@pytest.mark.parametrize("tool", ["sha1sum", "sha224sum", "sha256sum", "sha384sum", "sha512sum", "b2sum", "md5sum"])
@pytest.mark.parametrize("options", [[], ["--tag"], ["--binary"]], ids=["plain", "tag", "binary"])
def test_lists_as_tools_write_them(tool: str, options: list[str], tmp_path: Path) -> None:
    """A list of any of the usual tools verifies the files that it names, odd names too; MD5 alone proves nothing."""
    names = ["model.gguf", "with blank.gguf", "back\\slash.gguf", "new\nline.gguf", "sub/deep.gguf"]
    (tmp_path / "sub").mkdir()
    for name in names:
        (tmp_path / name).write_bytes(DATA)
    listed = subprocess.run([tool, *options, *names], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    (tmp_path / f"{tool.upper()}S").write_text(listed)
    found = statuses(tmp_path)
    # No path of another system's kind is believed.
    expected = {name: "unverified" if tool == "md5sum" or "\\" in name else "verified" for name in names}
    assert {name: found[name] for name in names} == expected
    (tmp_path / "model.gguf").write_bytes(DATA.replace(b"w", b"v"))
    assert statuses(tmp_path)["model.gguf"] == "mismatch"


@pytest.mark.parametrize(
    "name",
    [
        "SHA256SUMS",
        "sha256sums.txt",
        "SHA256SUM",
        "SHASUMS256.txt",
        "checksums.txt",
        "checksum.sha256",
        "CHECKSUMS",
        "model.sha256",
        "weights-sha256.txt",
        "model_SHA256SUMS.txt",
    ],
)
def test_names_of_lists(name: str, tmp_path: Path) -> None:
    """A list is known by any of its usual names."""
    (tmp_path / "model.gguf").write_bytes(DATA)
    (tmp_path / name).write_text(f"{SHA256}  model.gguf\n")
    assert statuses(tmp_path)["model.gguf"] == "verified"


@pytest.mark.parametrize("name", ["README.md", "sha.py", "model.gguf", "config.json", "checkpoint.txt", "b2.bin"])
def test_names_of_no_lists(name: str) -> None:
    """Other files are no lists."""
    assert not promises_sums.is_list(name)


def test_a_digest_alone_speaks_of_the_file_that_it_is_named_after(tmp_path: Path) -> None:
    """`model.gguf.sha256` may hold no more than the digest; the list of Meta's models holds MD5."""
    (tmp_path / "model.gguf").write_bytes(DATA)
    (tmp_path / "model.gguf.sha256").write_text(f"{SHA256}\n")
    assert statuses(tmp_path)["model.gguf"] == "verified"
    other = tmp_path / "llama"
    other.mkdir()
    (other / "consolidated.00.pth").write_bytes(DATA)
    (other / "checklist.chk").write_text(f"{hashlib.md5(DATA, usedforsecurity=False).hexdigest()}  consolidated.00.pth\n")  # fmt: skip
    (copy,) = look(other)
    assert "can be forged" in next(one.why for one in copy.verdicts if one.path.endswith("pth"))


def test_a_list_speaks_only_of_what_lies_below_it() -> None:
    """Names that lead elsewhere are not followed."""
    names = ["../x", "/etc/passwd", "a/../../x", "C:\\x", "", "..", "./ok"]
    text = "".join(f"{'0' * 64}  {name}\n" for name in names)
    assert [one.path for one in promises_sums.read(text, "SHA256SUMS")] == ["ok"]


@given(st.text(), st.sampled_from(["SHA256SUMS", "x.md5", "b2sums", "checksums.txt"]))
def test_any_text_is_read_as_a_list(text: str, name: str) -> None:
    """Whatever a list holds, reading it gives promises of files below it with digests that are some, or nothing."""
    for promise in promises_sums.read(text, name):
        assert inside(promise.path) == promise.path
        algorithm, _, value = (promise.digest or "").partition(":")
        assert len(value) == LENGTHS[algorithm]


def test_a_pointer_is_no_model(tmp_path: Path) -> None:
    """A git-LFS pointer in the place of weights is truncated, says so, and with the weights there it promises nothing."""
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{SHA256}\nsize {len(DATA)}\n"
    (tmp_path / "model.gguf").write_text(pointer)
    (copy,) = look(tmp_path)
    (verdict,) = copy.verdicts
    assert verdict.status == "truncated"
    assert "never fetched" in verdict.measured.note
    for wrong in ("oid sha1:1", pointer.replace("size", "Size"), pointer.replace("oid", "id"), "version https://x\n"):
        assert promises_files.read_pointer(wrong.encode(), "x") is None


def test_shards_that_an_index_names(tmp_path: Path) -> None:
    """A shard that an index names and that is not there is missing; one that is there is not verified by that."""
    one = "model-00001-of-00002.safetensors"
    (tmp_path / one).write_bytes(safetensors())
    index = {"metadata": {"total_size": 8}, "weight_map": {"a": one, "b": "model-00002-of-00002.safetensors", "c": 3}}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    found = statuses(tmp_path)
    assert found[one] == "unverified"
    assert found["model-00002-of-00002.safetensors"] == "missing"
    (tmp_path / "model-00002-of-00002.safetensors").write_bytes(safetensors())
    assert look(tmp_path)[0].notes == ()
    index["metadata"] = {"total_size": 9}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    (note,) = look(tmp_path)[0].notes
    assert note.endswith("counts 9 bytes of tensors, and its shards hold 8")


@pytest.mark.parametrize("content", ["", "[]", "{", "[" * 100_000, '{"weight_map": [1]}', '{"weight_map": {"a": {}}}'])
@pytest.mark.parametrize("name", ["model.safetensors.index.json", "model.sig", "SHA256SUMS"])
def test_what_speaks_may_be_broken(name: str, content: str, tmp_path: Path) -> None:
    """A broken index, statement or list is a trouble in the report at most."""
    (tmp_path / "model.gguf").write_bytes(DATA)
    (tmp_path / name).write_text(content)
    assert statuses(tmp_path)["model.gguf"] == "unverified"


@given(st.binary(max_size=60))
def test_any_bytes_are_read_as_a_header(data: bytes) -> None:
    """Whatever stands at the beginning of a file, reading it as a header gives a size or nothing."""
    for head in (data, struct.pack("<Q", len(data)) + data):
        found = promises_files.read_header(head, "x")
        assert found is None or (found.size or 0) >= 8


trees: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from([SHA256, SHA256[:40]]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["files", "format_version", "size", "blob_id", "lfs_sha256", "lfs_size", "a/b", "../x"]), inner),
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["files", "format_version"]), trees | st.just(1)))
def test_any_list_of_a_tree_is_read(said: dict[str, Any]) -> None:
    """Whatever a list of a tree holds, reading it gives promises of files below it, or says that it is none."""
    found = promises_hub.read_tree(said, "tree")
    for promise in found[0] if found else ():
        assert inside(promise.path) == promise.path


@given(st.dictionaries(st.sampled_from(["_type", "subject", "predicate", "payload", "dsseEnvelope"]), trees | st.just(statement.TYPE)))  # fmt: skip
def test_any_statement_is_read(said: dict[str, Any]) -> None:
    """Whatever a statement holds, reading it gives promises, or says that it is none."""
    try:
        found = statement.parse(json.dumps(said).encode(), "x")
    except UnreadableError:
        return
    assert list(found.promises("x"))


def test_the_pointer_of_a_large_file_promises_nothing_of_it() -> None:
    """In a list of a tree the git object of a large file is that of its pointer; a size may be left out."""
    said = {"format_version": 1, "files": {"w": {"size": 5, "blob_id": "0" * 40, "lfs_sha256": SHA256, "lfs_size": 7}}}
    assert promises_hub.read_tree(said, "t") == ([Promise("w", "t", f"sha256:{SHA256}", 7)], 0)
    assert promises_hub.read_tree({"format_version": 2, "files": {}}, "t") is None


def _ollama(root: Path, name: str, layers: Mapping[str, bytes]) -> None:
    """Put a model into a store, as Ollama writes it."""
    blobs = root / "blobs"
    blobs.mkdir(parents=True, exist_ok=True)
    described = []
    for media, data in layers.items():
        digest = hashlib.sha256(data).hexdigest()
        (blobs / f"sha256-{digest}").write_bytes(data)
        described.append({"mediaType": media, "digest": f"sha256:{digest}", "size": len(data)})
    manifest = root / "manifests" / name
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.write_text(json.dumps({"schemaVersion": 2, "config": described[0], "layers": described[1:]}))


LAYERS = {
    "application/vnd.docker.container.image.v1+json": b"{}",
    "application/vnd.ollama.image.model": DATA,
    "application/vnd.ollama.image.license": b"MIT",
}


def test_a_store_of_ollama(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, licscan: Licscan) -> None:
    """Every model of a store is verified by its manifest and by the names of its blobs; each is found by its name."""
    store = tmp_path / "store"
    _ollama(store, "registry.ollama.ai/library/tiny/latest", LAYERS)
    _ollama(store, "hf.co/acme/big/Q4", {**LAYERS, "application/vnd.ollama.image.model": b"more" + DATA})
    monkeypatch.setenv("OLLAMA_MODELS", str(store))
    assert sorted(copy.name for copy in look(store)) == ["ollama:hf.co/acme/big:Q4", "ollama:tiny:latest"]
    assert {verdict.status for copy in look(store) for verdict in copy.verdicts} == {"verified"}
    (tiny,) = look("ollama:tiny")
    assert {verdict.sources for verdict in tiny.verdicts} == {("manifest", "blob name")}
    assert look("ollama:HF.co/acme/big:q4")[0].name == "ollama:hf.co/acme/big:Q4"
    blob = store / "blobs" / f"sha256-{SHA256}"
    blob.write_bytes(DATA[:-1] + b"x")
    assert statuses("ollama:tiny")[f"blobs/sha256-{SHA256}"] == "mismatch"
    assert statuses(blob) == {f"sha256-{SHA256}": "mismatch"}
    blob.unlink()
    assert statuses("ollama:tiny")[f"blobs/sha256-{SHA256}"] == "missing"
    assert licscan("verify", "ollama:nothing").code == 4
    (store / "manifests/registry.ollama.ai/library/tiny/latest").write_text("{")
    assert look("ollama:tiny")[0].troubles


def test_a_digest_of_a_manifest_cannot_lead_elsewhere(tmp_path: Path) -> None:
    """A digest that is a path is none."""
    _ollama(tmp_path, "registry.ollama.ai/library/evil/latest", LAYERS)
    manifest = tmp_path / "manifests/registry.ollama.ai/library/evil/latest"
    manifest.write_text(json.dumps({"layers": [{"digest": "sha256:../../../../etc/passwd", "size": 3}]}))
    (copy,) = look(tmp_path)
    assert copy.verdicts == ()
    assert copy.troubles


def test_an_oci_layout(tmp_path: Path) -> None:
    """The images of a layout are verified from their index down: manifest, config, layers."""
    blobs = tmp_path / "blobs" / "sha256"
    blobs.mkdir(parents=True)

    def put(data: bytes, **more: Any) -> dict[str, Any]:
        digest = hashlib.sha256(data).hexdigest()
        (blobs / digest).write_bytes(data)
        return {"digest": f"sha256:{digest}", "size": len(data), **more}

    layer = put(DATA, annotations={"org.opencontainers.image.title": "model.gguf"})
    manifest = put(json.dumps({"config": put(b"{}"), "layers": [layer]}).encode())
    inner = put(json.dumps({"manifests": [manifest]}).encode(), mediaType="application/vnd.oci.image.index.v1+json")
    (tmp_path / "index.json").write_text(json.dumps({"manifests": [inner]}))
    (copy,) = look(tmp_path)
    assert {verdict.status for verdict in copy.verdicts} == {"verified"}
    assert len(copy.verdicts) == 3
    (blobs / SHA256).write_bytes(DATA[1:])
    assert statuses(tmp_path)[f"blobs/sha256/{SHA256}"] == "truncated"
    (tmp_path / "index.json").unlink()
    (tmp_path / "oci-layout").write_text("{}")
    assert statuses(tmp_path)[f"blobs/sha256/{SHA256}"] == "mismatch"


def test_a_signature_of_others_is_read(tmp_path: Path) -> None:
    """Files named in the envelope of a signature are compared, and the report says that the signature was not checked."""
    (tmp_path / "model.gguf").write_bytes(DATA)
    said = {
        "_type": statement.TYPE,
        "subject": [{"name": "whole", "digest": {"sha256": "0" * 64}}],
        "predicateType": "https://model_signing/signature/v1.0",
        "predicate": {"resources": [{"name": "model.gguf", "digest": SHA256, "algorithm": "sha256"}]},
    }
    envelope = {"dsseEnvelope": {"payload": base64.b64encode(json.dumps(said).encode()).decode(), "signatures": []}}
    (tmp_path / "model.sig").write_text(json.dumps(envelope))
    (copy,) = look(tmp_path)
    assert copy.verdicts[0].status == "verified"
    assert copy.verdicts[0].sources == ("model.sig, its signature not checked",)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A folder of a model with a license."""
    made = tmp_path / "model"
    made.mkdir()
    (made / "README.md").write_text("---\nlicense: apache-2.0\n---\n# A model\n")
    (made / "model.safetensors").write_bytes(safetensors())
    return made


def test_a_statement_is_written_and_compared(model: Path, licscan: Licscan) -> None:
    """What is attested is verified later, offline; whatever changes, goes or comes is said."""
    file = model / "model.intoto.json"
    assert licscan("verify", model, "--attest", file, "--offline").code == 0
    said = json.loads(file.read_text())
    assert said["_type"] == "https://in-toto.io/Statement/v1"
    subjects = {one["name"]: one["digest"]["sha256"] for one in said["subject"]}
    assert subjects == {one: hashlib.sha256((model / one).read_bytes()).hexdigest() for one in ("README.md", "model.safetensors")}  # fmt: skip
    about = said["predicate"]["model"]
    assert about["license"]["spdx"] == "Apache-2.0"
    assert about["level"] == "permissive-open-weights"
    assert about["rules"]
    assert licscan("verify", model, "--against", file, "--strict", "--offline").code == 0
    (model / "more.py").write_text("x")
    (model / "README.md").unlink()
    found = json.loads(licscan("verify", model, "--against", file, "--format", "json").out)["copies"][0]["files"]
    assert {one["path"]: one["status"] for one in found} == {
        "README.md": "missing",
        "model.safetensors": "verified",
        "more.py": "extra",
    }
    (model / "model.safetensors").write_bytes(safetensors({"a": "b"}))
    assert licscan("verify", model, "--against", file).code == 1


def test_what_is_wrong_is_not_attested(model: Path, licscan: Licscan, tmp_path: Path) -> None:
    """No statement is written about a file that is not what was promised; several models are attested one by one."""
    (model / "SHA256SUMS").write_text(f"{'0' * 64}  model.safetensors\n")
    done = licscan("verify", model, "--attest", tmp_path / "x.json")
    assert done.code == 1
    assert not (tmp_path / "x.json").exists()
    assert "not attested" in done.err
    assert licscan("verify", model, model, "--attest", tmp_path / "x.json").code == 2
    (tmp_path / "none.json").write_text("{}")
    assert licscan("verify", model, "--against", tmp_path / "none.json").code == 2
    assert licscan("verify", model, "--against", tmp_path / "nowhere.json").code == 2
