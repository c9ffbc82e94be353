"""The store of Ollama: names, licenses in layers, parents, models that run elsewhere, and manifests that mean harm."""

import json
from pathlib import Path

import pytest

from licscan.errors import UnreadableError
from licscan.model import GapId, Place
from tests import stores, weights
from tests.conftest import safetensors

GGUF = weights.gguf({"general.architecture": "llama", "general.license": "llama3.1"})
NAME = "registry.ollama.ai/library/llama3.1/8b"


def root(home: Path) -> Path:
    return home / ".ollama" / "models"


def test_models_bear_the_names_that_ollama_shows(tmp_path: Path) -> None:
    """The host and namespace that Ollama supposes are left out, in a store where it looks; elsewhere they are paths."""
    for name in (NAME, "registry.ollama.ai/ann/mine/latest", "hf.co/acme/Model-GGUF/Q4_K_M", "localhost:5000/x/y/z"):
        stores.ollama(root(tmp_path), name, [("model", GGUF)])
    stores.ollama(tmp_path / "copy", NAME, [("model", GGUF)])
    refs, gaps = stores.here(tmp_path)
    assert refs == [
        "ollama:hf.co/acme/Model-GGUF:Q4_K_M",
        "ollama:localhost:5000/x/y:z",
        "ollama:ann/mine:latest",
        "ollama:llama3.1:8b",
    ]
    assert not gaps
    (elsewhere,) = stores.source(tmp_path).find(str(tmp_path / "copy"))
    assert str(elsewhere).endswith(f"copy/manifests/{NAME}")


def test_a_model_is_read_from_its_layers(tmp_path: Path) -> None:
    """Weights by their digest, every license layer as a text or a name, the digest of the manifest as revision."""
    path = stores.ollama(
        root(tmp_path),
        NAME,
        [
            ("model", GGUF),
            ("license", "LLAMA 3.1 COMMUNITY LICENSE AGREEMENT\nterms\n"),
            ("license", "Acceptable Use Policy\nterms\n"),
            ("license", "apache-2.0\n"),
            ("template", "{{ .Prompt }}"),
            ("params", "{}"),
            ("projector", GGUF + b"x"),
        ],
    )
    model = stores.load("ollama:llama3.1:8b", tmp_path)
    assert model.ref.revision == f"sha256:{stores.sha256(path.read_bytes())}"
    assert [text.path for text in model.texts] == ["LICENSE", "LICENSE-2"]
    assert {(claim.place, claim.stated) for claim in model.claims} == {
        (Place.CARD_TAG, "apache-2.0"),
        (Place.WEIGHT_HEADER, "llama3.1"),
    }
    assert [(file.path, file.format, file.promised) for file in model.files] == [
        ("model.gguf", "gguf", f"sha256:{stores.sha256(GGUF)}"),
        ("projector.gguf", "gguf", f"sha256:{stores.sha256(GGUF + b'x')}"),
    ]
    assert stores.load("ollama:LLAMA3.1:8B", tmp_path).ref.revision == model.ref.revision


def test_a_model_from_the_hub_is_that_model(tmp_path: Path) -> None:
    """What was pulled through hf.co is a copy of that repository, whose revision nothing proves."""
    stores.ollama(root(tmp_path), "hf.co/acme/Model-GGUF/Q4_K_M", [("model", GGUF)])
    model = stores.load("ollama:hf.co/acme/Model-GGUF:Q4_K_M", tmp_path)
    assert [str(same.ref) for same in model.same_as] == ["hf:acme/Model-GGUF"]


def test_parents_are_bases(tmp_path: Path) -> None:
    """The model that a layer was taken from is a base; a blob or file of somebody's is none."""
    layers = [
        ("model", GGUF, {"from": "llama3.1:8b"}),
        ("adapter", safetensors(), {"from": "/home/ann/lora.safetensors"}),
        ("license", "mit"),
    ]
    stores.ollama(root(tmp_path), "registry.ollama.ai/ann/mine/latest", layers)  # type: ignore[arg-type]
    model = stores.load("ollama:ann/mine", tmp_path)
    assert [(base.stated, str(base.ref)) for base in model.bases] == [("llama3.1:8b", "ollama:llama3.1:8b")]
    assert "ann/lora" not in model.model_dump_json()
    assert [(file.path, file.format) for file in model.files] == [
        ("adapter.gguf", "safetensors"),
        ("model.gguf", "gguf"),
    ]


def test_a_model_that_runs_elsewhere_has_no_weights(tmp_path: Path) -> None:
    """A cloud model is listed, with where it runs, and without weights."""
    config = {"remote_host": "https://ollama.com:443", "remote_model": "gpt-oss:120b"}
    stores.ollama(root(tmp_path), "registry.ollama.ai/library/gpt-oss/120b-cloud", [], config)
    model = stores.load("ollama:gpt-oss:120b-cloud", tmp_path)
    assert "runs at https://ollama.com:443 as gpt-oss:120b" in model.notes[0]
    assert GapId.WEIGHTS_NOT_SEEN in stores.gaps(model)


def test_models_of_tensors_are_read(tmp_path: Path) -> None:
    """A model whose every tensor is a layer, with its configuration by name."""
    stores.ollama(
        root(tmp_path),
        NAME,
        [
            ("tensor", safetensors(), {"name": "text_encoder/model.embed.weight"}),
            ("json", '{"_name_or_path": "acme/base", "vocab_size": 1}', {"name": "config.json"}),
            ("tensor", safetensors({"a": "b"}), {"name": "../../evil"}),
        ],
    )
    model = stores.load("ollama:llama3.1:8b", tmp_path)
    assert [base.stated for base in model.bases] == ["acme/base"]
    assert [file.path for file in model.files][1] == "tensors/text_encoder/model.embed.weight.safetensors"
    assert not any(".." in file.path for file in model.files)


def test_blobs_that_are_missing_are_gaps(tmp_path: Path) -> None:
    """A manifest without its blobs is a model whose weights cannot be read; the rest is."""
    stores.ollama(root(tmp_path), NAME, [("model", GGUF), ("license", "MIT License\nPermission\n")])
    (root(tmp_path) / "blobs" / f"sha256-{stores.sha256(GGUF)}").unlink()
    model = stores.load("ollama:llama3.1:8b", tmp_path)
    assert [text.path for text in model.texts] == ["LICENSE"]
    assert any(gap.id is GapId.FILE_UNREADABLE and "model.gguf" in gap.why for gap in model.gaps)


@pytest.mark.parametrize(
    "digest",
    [
        "sha256:../../../../etc/passwd",
        "../../secret",
        "sha256-" + "a" * 63,
        "sha512:" + "a" * 64,
        "",
        None,
        7,
        "sha256:" + "g" * 64,
    ],
)
def test_a_digest_that_is_a_path_is_refused(tmp_path: Path, digest: object) -> None:
    """Nothing outside of the blobs can be named by a manifest."""
    path = stores.ollama(root(tmp_path), NAME, [("model", GGUF)])
    manifest = json.loads(path.read_text())
    manifest["layers"][0]["digest"] = digest
    path.write_text(json.dumps(manifest))
    model = stores.load("ollama:llama3.1:8b", tmp_path)
    assert not model.files
    assert any("which is no digest" in gap.why for gap in model.gaps)


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, '{"layers": 7, "config": []}', '{"layers": [1, null]}'])
def test_a_manifest_that_is_none_costs_itself(tmp_path: Path, text: str) -> None:
    """A broken manifest is refused or empty, and the models beside it are found."""
    stores.ollama(root(tmp_path), NAME, [("model", GGUF)])
    broken = root(tmp_path) / "manifests" / "registry.ollama.ai" / "library" / "broken" / "latest"
    broken.parent.mkdir()
    broken.write_text(text)
    assert len(stores.here(tmp_path)[0]) == 2
    try:
        assert stores.load("ollama:broken", tmp_path).files == ()
    except UnreadableError as error:
        assert "JSON" in str(error)  # noqa: PT017 - one or the other


def test_a_name_that_no_store_has_is_said(tmp_path: Path) -> None:
    """A model that was not pulled is not looked at, whatever its name tries."""
    stores.ollama(root(tmp_path), NAME, [("model", GGUF)])
    for name in ("ollama:other", "ollama:../../x/y:z", "ollama:a/b/c/d/e"):
        with pytest.raises(UnreadableError, match="no store of this machine"):
            stores.load(name, tmp_path)
