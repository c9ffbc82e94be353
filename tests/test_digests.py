"""Identity by digest: what a hub listed or a table says is recognised whatever it is called."""

import json
from pathlib import Path
from typing import Any

import pytest

from licscan import identity
from licscan.model import Evidence, Identity, KnownFile, Model, ModelRef, WeightFile
from licscan.store import Store
from tests import stores, weights
from tests.conftest import Licscan, safetensors
from tests.hub.repositories import card
from tests.hubs import Serve, repository

DATA = safetensors({"note": "one of a kind"})
SHA = stores.sha256(DATA)


def put(folder: Path, data: bytes, name: str = "renamed.safetensors") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    return folder


def scanned(licscan: Licscan, *targets: object) -> dict[str, Any]:
    out = licscan("scan", *targets, "--format", "json")
    return {model["ref"].rpartition("/")[2].partition("@")[0]: model for model in json.loads(out.out)["models"]}


def test_a_table_makes_a_renamed_file_known(licscan: Licscan, tmp_path: Path) -> None:
    """A digest of an imported table is that model, with the license that the table states and what rules know of it."""
    folder = put(tmp_path / "unknown", DATA)
    before = scanned(licscan, folder, "--offline")["unknown"]
    table = tmp_path / "gallery.jsonl"
    lines = [
        {
            "name": "x",
            "sha256": SHA,
            "file": "x/y.safetensors",
            "license": "llama3.1",
            "uri": "huggingface://meta-llama/Llama-3.1-8B/y.safetensors",
        },
        {"sha256": "no digest", "hub": "a/b"},
        {"sha256": "a" * 64, "uri": "https://example.com/x"},
    ]
    table.write_text("\n".join(map(json.dumps, lines)) + "\n{\n[]\n\n")
    done = licscan("digests", "import", table)
    assert (done.code, "1 digest; 4 lines without" in done.out) == (0, True)
    after = scanned(licscan, folder, "--offline")["unknown"]
    assert before["license"]["id"] is None
    assert after["license"]["id"] == "llama3.1"
    assert any(
        "a copy of hf:meta-llama/Llama-3.1-8B, says digests (gallery.jsonl: x/y.safetensors)" in note
        for note in after["notes"]
    )


def test_what_was_exported_is_imported(licscan: Licscan, tmp_path: Path) -> None:
    """An export holds every row, and makes the same table again."""
    known = [
        KnownFile("a" * 64, ModelRef.parse("hf:a/b@main"), "x \u202e.gguf", "mit", "t"),
        KnownFile("b" * 64, ModelRef.parse("ollama:x:1"), "", "", "t"),
    ]
    with Store(str(tmp_path / "one.db")) as store:
        assert store.learn([*known, *known]) == 4
    assert licscan("digests", "export", "--db", tmp_path / "one.db", "--output", tmp_path / "t").code == 0
    assert licscan("digests", "import", tmp_path / "t", "--db", tmp_path / "two.db").code == 0
    with Store(str(tmp_path / "two.db")) as store:
        assert list(store.digests()) == known
        assert store.identify(["b" * 64, "c" * 64]) == known[1:]


@pytest.mark.parametrize("content", [b"", b"\0\xff" * 10, b"[" * 100_000, b'{"sha256": 7, "hub": []}\n'])
def test_what_is_no_table_is_refused(licscan: Licscan, tmp_path: Path, content: bytes) -> None:
    """A file without a single digest and model says so, and leaves with 2."""
    (tmp_path / "t").write_bytes(content)
    done = licscan("digests", "import", tmp_path / "t")
    assert (done.code, "no line names a digest and a model" in done.err) == (2, True)
    assert licscan("digests", "import", tmp_path / "none").code == 2


def test_a_listing_of_a_hub_is_known_by_itself(
    licscan: Licscan, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that a hub listed is recognised in a folder, and the card of the hub speaks for it."""
    hub = serve(repository("acme/listed", {"README.md": card(license="cc-by-nc-4.0"), "model.safetensors": DATA}))
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    folder = put(tmp_path / "copy", DATA)
    scanned(licscan, "hf:acme/listed")
    found = scanned(licscan, folder)["copy"]
    assert found["license"]["spdx"] == "CC-BY-NC-4.0"
    assert any("a copy of hf:acme/listed@" in note for note in found["notes"])


def test_two_packages_with_the_same_weights_are_told(licscan: Licscan, tmp_path: Path) -> None:
    """Weights that are the same in several models of a run are named together."""
    put(tmp_path / "m" / "one", DATA, "a.safetensors")
    put(tmp_path / "m" / "two", DATA, "b.safetensors")
    put(tmp_path / "m" / "three", safetensors({"x": "y"}))
    report = json.loads(licscan("scan", tmp_path / "m", "--offline", "--format", "json").out)
    (same,) = report["summary"]["same_weights"]
    assert [name.rpartition("/")[2] for name in same] == ["one: a.safetensors", "two: b.safetensors"]
    shown = " ".join(licscan("scan", tmp_path / "m", "--offline").out.split())
    assert "The same weights, byte for byte" in shown
    assert "one: a.safetensors is" in shown


def model(*digests: str, same: tuple[Identity, ...] = ()) -> Model:
    files = tuple(WeightFile(path=f"f{n}", format="gguf", size=1, sha256=one) for n, one in enumerate(digests))
    return Model(ref=ModelRef.parse("file:x"), name="x", source="folder", files=files, same_as=same)


def known(digest: str, ref: str) -> KnownFile:
    return KnownFile(digest, ModelRef.parse(ref), "f", "", "t")


def test_one_file_among_several_makes_no_copy() -> None:
    """A projector of one repository beside weights of another is noted, and makes neither the whole model."""
    mixed = identity.by_digest(model("a", "b", "c"), [known("a", "hf:o/one"), known("b", "hf:o/two")])
    assert (mixed.same_as, mixed.notes) == (
        (),
        ("f0 is f of hf:o/one, by its digest", "f1 is f of hf:o/two, by its digest"),
    )
    whole = identity.by_digest(
        model("a", "b", "c"), [known("a", "hf:o/one"), known("b", "hf:o/one"), known("b", "hf:o/two")]
    )
    assert [str(one.ref) for one in whole.same_as] == ["hf:o/one"]
    assert identity.by_digest(whole, []).same_as == ()
    assert identity.by_digest(mixed, []).notes == ()


def test_what_a_store_proves_stands_before_a_digest() -> None:
    """A commit that a store names is not replaced by a listing of another revision; a bare name is."""
    evidence = Evidence(source="hf-cache")
    pinned = Identity(ref=ModelRef.parse(f"hf:o/one@{stores.COMMIT}"), evidence=evidence)
    bare = Identity(ref=ModelRef.parse("hf:o/one"), evidence=evidence)
    listed = [known("a", f"hf:o/one@{'b' * 40}")]
    assert identity.by_digest(model("a", same=(pinned,)), listed).same_as == (pinned,)
    assert [one.ref.revision for one in identity.by_digest(model("a", same=(bare,)), listed).same_as] == ["b" * 40]


def test_the_digest_of_a_pointer_or_a_store_counts(licscan: Licscan, tmp_path: Path) -> None:
    """What is not here, or too large to hash, is known by the digest that stands for it."""
    put(tmp_path / "lfs", weights.lfs_pointer(SHA))
    (tmp_path / "t").write_text(json.dumps({"sha256": SHA, "ref": "hf:acme/listed", "license": "mit"}))
    licscan("digests", "import", tmp_path / "t")
    assert scanned(licscan, tmp_path / "lfs", "--offline")["lfs"]["license"]["id"] == "mit"


def test_a_real_table_is_imported(licscan: Licscan, corpus: Path) -> None:
    """Every line of a real gallery of models that names a model of the Hub is kept."""
    done = licscan("digests", "import", corpus / "digests.jsonl")
    assert done.code == 0
    assert int(done.out.partition(": ")[2].split()[0].replace(",", "")) > 2000
